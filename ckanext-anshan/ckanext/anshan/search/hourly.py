"""What the worker does for the search once an hour."""

from __future__ import annotations

from . import usage

__all__ = ["search_refresh"]


def search_refresh() -> int:
    """Order results by the downloads of the last hour too."""
    return usage.refresh()
