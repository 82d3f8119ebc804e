"""Template helpers of the review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import submitting

__all__ = ["anshan_review_of"]


def anshan_review_of(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """How it stands with the review of one entry; nothing for whoever has no part in it."""
    return submitting.of(entry)
