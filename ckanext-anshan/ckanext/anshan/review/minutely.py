"""What the worker does for the review once a minute."""

from __future__ import annotations

from . import publishing

__all__ = ["review_lapse"]


def review_lapse() -> int:
    return publishing.lapse()
