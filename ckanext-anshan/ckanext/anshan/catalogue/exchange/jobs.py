"""Background work of imports."""

from __future__ import annotations

from typing import Any

from . import importing

__all__ = ["anshan_catalogue_import"]


def anshan_catalogue_import(payload: dict[str, Any]) -> None:
    """Do the import ``id`` if it still waits, or was interrupted; done twice, it changes nothing."""
    importing.run_waiting(payload["id"], again=True)
