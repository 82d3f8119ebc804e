"""Marks sentences of the scanner for translation where they stand; they are translated where they are shown."""

from __future__ import annotations


def N_(msgid: str) -> str:
    return msgid
