"""What people are told about grants, in sentences: one function for each kind of notice, see ``people.notices``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from . import messages

__all__ = ["grant_unusual"]


def grant_unusual(facts: Mapping[str, Any]) -> str:
    """``number``, ``title``, ``day``, ``requests``, ``rows`` and ``what``: codes of ``rules.unusual``."""
    what = [messages.UNUSUAL[one]() for one in facts.get("what", ()) if one in messages.UNUSUAL]
    return tk._(
        "Unusual use under {number}, “{title}”, on {day}: {what} ({requests} requests, {rows} rows). Look at it and ask"
        " the user; the use can be suspended."
    ).format(
        number=facts.get("number", ""),
        title=facts.get("title", ""),
        day=tk.h.anshan_day_long(facts["day"]) if facts.get("day") else "",
        what=tk._(", ").join(what),
        requests=facts.get("requests", 0),
        rows=facts.get("rows", 0),
    )
