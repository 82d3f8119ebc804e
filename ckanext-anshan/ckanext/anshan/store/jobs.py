"""Background work of the store."""

from __future__ import annotations

from typing import Any

from . import index

__all__ = ["anshan_store_index"]


def anshan_store_index(payload: dict[str, Any]) -> None:
    """Index the packages ``ids``; the same result however often it is done."""
    index.index(payload["ids"], commit=payload.get("commit", True))
