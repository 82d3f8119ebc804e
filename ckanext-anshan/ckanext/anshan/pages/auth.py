"""What the open list tells is for everyone (article 25); the actions themselves tell nothing else."""

from __future__ import annotations

from ..people.everybody import everybody

__all__ = ["anshan_open_counts", "anshan_open_list", "anshan_open_statistics"]

anshan_open_counts = anshan_open_list = anshan_open_statistics = everybody
