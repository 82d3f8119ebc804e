"""What the worker does for applications once a second."""

from __future__ import annotations

from . import attaching

__all__ = ["application_attachments"]


def application_attachments() -> int:
    return attaching.collect()
