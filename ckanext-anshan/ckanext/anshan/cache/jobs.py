"""Background work of the kept pages."""

from __future__ import annotations

from typing import Any

from . import generation

__all__ = ["anshan_cache_renew"]


def anshan_cache_renew(payload: dict[str, Any]) -> None:
    """Let pages be made anew, where the process that changed something couldn't say so itself."""
    generation.renew()
