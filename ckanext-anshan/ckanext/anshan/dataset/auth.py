"""What is published is told to everyone; ``package_show`` and the releases say what that is."""

from __future__ import annotations

from ..people.everybody import everybody

__all__ = ["anshan_dataset_compare", "anshan_dataset_show", "anshan_dataset_status"]

anshan_dataset_compare = anshan_dataset_show = anshan_dataset_status = everybody
