"""What the worker does for the review once a second."""

from __future__ import annotations

from . import scans

__all__ = ["review_scans"]


def review_scans() -> int:
    return scans.collect_all()
