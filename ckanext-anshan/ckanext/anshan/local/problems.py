"""The one error a user of the launcher sees: what is wrong, where, and how to mend it."""

from __future__ import annotations


class Problem(Exception):
    """Something that stops the launcher, in words for the person at the keyboard."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what}\n  {mend}" if mend else what)
