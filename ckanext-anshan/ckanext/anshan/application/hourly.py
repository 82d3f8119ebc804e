"""What the worker does for applications once an hour."""

from __future__ import annotations

from . import foretelling, reminding

__all__ = ["application_foretell", "application_remind"]


def application_foretell() -> int:
    return foretelling.foretell()


def application_remind() -> int:
    return reminding.remind()
