"""What the worker does for applications once a minute."""

from __future__ import annotations

from . import sweeping

__all__ = ["application_sweep"]


def application_sweep() -> int:
    return sweeping.sweep()
