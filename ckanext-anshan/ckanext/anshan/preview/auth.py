"""Previews are for everyone: the actions themselves ask whether the file is open now."""

from __future__ import annotations

from ..people.everybody import everybody

__all__ = ["anshan_preview_places", "anshan_preview_show"]

anshan_preview_places = anshan_preview_show = everybody
