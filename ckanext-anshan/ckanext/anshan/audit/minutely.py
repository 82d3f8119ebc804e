"""What the worker does for the log once a minute."""

from __future__ import annotations

from . import alarming

__all__ = ["audit_alarm"]


def audit_alarm() -> int:
    """Tell whoever looks after the log that something is wrong with it."""
    return alarming.check()
