"""What the worker does for the review once an hour."""

from __future__ import annotations

from . import reminding

__all__ = ["review_remind"]


def review_remind() -> int:
    return reminding.remind()
