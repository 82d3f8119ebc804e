"""Background work of the datasets' pages."""

from __future__ import annotations

from typing import Any

from . import comparing

__all__ = ["anshan_dataset_compare_versions"]


def anshan_dataset_compare_versions(payload: dict[str, Any]) -> None:
    """Find what changed in new versions."""
    comparing.prepare(payload["ids"])
