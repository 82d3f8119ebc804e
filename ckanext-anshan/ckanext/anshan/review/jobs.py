"""Background work of the review. Each job may be repeated."""

from __future__ import annotations

from typing import Any

from . import publishing

__all__ = ["anshan_review_publish"]


def anshan_review_publish(payload: dict[str, Any]) -> None:
    """Bring what is public to where the submission ``id`` says that it is."""
    publishing.follow(payload["id"])
