"""What the worker does for applications once an hour."""

from __future__ import annotations

from . import reminding

__all__ = ["application_remind"]


def application_remind() -> int:
    return reminding.remind()
