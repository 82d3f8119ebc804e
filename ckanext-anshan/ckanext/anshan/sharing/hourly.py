"""What the worker does for sharing once an hour."""

from __future__ import annotations

from . import reminding

__all__ = ["sharing_remind"]


def sharing_remind() -> int:
    return reminding.remind()
