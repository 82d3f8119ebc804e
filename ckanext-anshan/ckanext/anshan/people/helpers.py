"""What the frame of every page asks about its reader."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from . import notices

__all__ = ["anshan_unread"]


def anshan_unread() -> int:
    """How many notices the reader hasn't read; asked once in a request."""
    reader = tk.current_user
    if reader.is_anonymous:
        return 0
    known = tk.g.get("anshan_unread")
    if known is None:
        known = tk.g.anshan_unread = notices.unread(reader.id)
    return known
