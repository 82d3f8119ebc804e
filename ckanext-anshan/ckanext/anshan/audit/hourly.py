"""What the worker does for the log once an hour."""

from __future__ import annotations

from . import forgetting

__all__ = ["audit_forget_addresses"]


def audit_forget_addresses() -> int:
    return forgetting.forget_old_addresses()
