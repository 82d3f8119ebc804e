"""What is published is told to everyone; the actions themselves tell nothing else."""

from __future__ import annotations

from ..people.everybody import everybody

__all__ = ["anshan_release_list", "anshan_release_show"]

anshan_release_list = anshan_release_show = everybody
