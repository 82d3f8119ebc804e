"""Template helpers of scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from . import messages, showing
from .rules import Command, Refusal
from .standing import verdict

__all__ = ["anshan_scan_folded", "anshan_scan_meaning", "anshan_scan_severity", "anshan_scans_of"]


def anshan_scans_of(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The files of an entry with their newest scans, for whoever may see them; nobody else is refused anything."""
    if isinstance(verdict(tk.current_user, entry.get("owner_org") or "", Command.SEE), Refusal):
        return None
    return tk.get_action("anshan_scan_list")({}, {"package_id": entry["id"], "limit": 0})


def anshan_scan_severity(name: str) -> str:
    """A severity in a word."""
    return messages.severity(name)


def anshan_scan_meaning(name: str) -> str:
    """What a severity asks of people."""
    return messages.meaning(name)


def anshan_scan_folded(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The findings as a page lists them; see ``showing.folded``."""
    return showing.folded(found)
