"""What can be wrong with a file, and with one row of it: codes and facts. ``messages.py`` has the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class FileRefused(Exception):
    """The file can't be read at all; nothing was changed."""

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Level(str, Enum):
    """What a problem does to its entry."""

    ERROR = "error"
    """the entry stays out"""
    NOTICE = "notice"
    """the entry goes in; somebody should look at it"""


@dataclass(frozen=True)
class Problem:
    """One finding: where it is, what stands there, and why that is wrong."""

    row: int
    """as a spreadsheet counts, from 1"""
    column: str
    value: str
    code: str
    level: Level = Level.ERROR
    facts: Mapping[str, Any] = field(default_factory=dict)
