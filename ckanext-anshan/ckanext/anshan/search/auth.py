"""Everybody may: only what everybody sees is offered."""

from __future__ import annotations

from ..people.everybody import everybody

__all__ = ["anshan_search_complete"]

anshan_search_complete = everybody
