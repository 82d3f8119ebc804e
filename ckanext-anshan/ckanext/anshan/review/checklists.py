"""What whoever holds a key looks at before turning it, read from ``config/review/checklists.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .rules import Key, Kind

FILE = Path(__file__).parents[1] / "config" / "review" / "checklists.yaml"

YES, NOT_APPLICABLE = "yes", "not_applicable"


@dataclass(frozen=True)
class Item:
    """A question, answered with yes, or with not applicable where that is an answer."""

    id: str
    texts: Mapping[str, str]  # by language: zh and en
    articles: tuple[int, ...]  # of the Measures
    laws: Mapping[str, tuple[str, ...]]  # beside them, by language
    classes: tuple[str, ...]  # opening classes that it is asked for; empty: all
    may_skip: bool

    def text(self, language: str) -> str:
        return self.texts["zh" if language.startswith("zh") else "en"]

    def is_answered(self, answer: str | None) -> bool:
        return answer == YES or (self.may_skip and answer == NOT_APPLICABLE)


def items(key: Key | str, kind: Kind | str, opening_class: str) -> tuple[Item, ...]:
    """The checklist of a key for a kind of submission and, where it has one, its opening class."""
    found = _lists().get((Kind(kind), Key(key)), ())
    return tuple(one for one in found if not one.classes or not opening_class or opening_class in one.classes)


def unanswered(key: Key | str, kind: Kind | str, opening_class: str, answers: Mapping[str, str]) -> list[str]:
    """Ids of the items that stand in the way of a signature."""
    return [one.id for one in items(key, kind, opening_class) if not one.is_answered(answers.get(one.id))]


@cache
def _lists() -> Mapping[tuple[Kind, Key], tuple[Item, ...]]:
    read: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load(FILE.read_text("utf-8"))
    return {
        (Kind(kind), Key(key)): tuple(_item(row) for row in rows)
        for kind, keys in read.items()
        for key, rows in keys.items()
    }


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        row["id"],
        {language: row[language] for language in ("zh", "en")},
        tuple(row["articles"]),
        {language: tuple(names) for language, names in row.get("laws", {}).items()},
        tuple(row.get("classes", ())),
        bool(row.get("skip", False)),
    )
