"""What the worker does for downloads once a minute."""

from __future__ import annotations

from . import downloads

__all__ = ["access_count_downloads"]


def access_count_downloads() -> int:
    return downloads.collect()
