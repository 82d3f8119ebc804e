"""What the worker does for grants once an hour."""

from __future__ import annotations

from . import alarming

__all__ = ["access_alarm"]


def access_alarm() -> int:
    return alarming.alarm()
