"""What a reader raises where it can go no further; ``reading.read`` makes a notice of it."""

from __future__ import annotations

from typing import Any


class Unreadable(Exception):
    """``why`` names the sentence ``unreadable.<why>``; ``facts`` fill it."""

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts
