"""A piece as its judges see it, and the answer that they give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..tally import Column, Tally


@dataclass(frozen=True)
class Found:
    """A judgement on a column (``column``) or on some together (``names``). ``signals`` say which cells it is about."""

    kind: str
    rule: str
    count: int
    confidence: float
    column: Column | None = None
    total: int = 0
    signals: tuple[str, ...] = ()  # as Column.rows has them
    examples: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()


STAFF = re.compile("教师|教职|师资|职称|招聘|校长|园长|家长学校")
PUPILS = re.compile("小学|幼儿|儿童|少儿|[一二三四五六七八九]年级|初[一二三]")
"""In a table's title, or the name of its sheet: the rows are children."""


def _are_pupils(title: str) -> bool:
    return bool(PUPILS.search(title)) and not STAFF.search(title)


class Table:
    """A piece as the judge sees it: its columns, and whether they speak of persons or of organizations."""

    def __init__(self, tally: Tally) -> None:
        self.tally, self.is_text = tally, tally.is_text
        self.columns = sorted(tally.columns.values(), key=lambda one: one.number)
        self.found: dict[int, set[str]] = {}

    @cached_property
    def organizations(self) -> bool:
        """Whether a row is an organization: its name or its code stands in it, and hardly an attribute of a person."""
        if self.attributes:
            return False
        people = self.people
        if any("concerned" in one.about for one in people):
            return False
        coded = [one for one in self.columns if one.has("uscc") or one.share("uscc") > 0.5]
        named = [one for one in self.columns if _names_organizations(one)]
        if not people:
            return bool(coded or named)
        return bool(coded) and min(one.number for one in (*coded, *named)) < people[0].number

    @cached_property
    def people(self) -> list[Column]:
        """The columns that name persons as such, and not whoever stands for an organization."""
        return [
            one
            for one in self.columns
            if "person_name" in self.found.get(one.number, ())
            and one.share_of_shown("maybe_name", "foreign_name") > 0.5
            and "standing_for" not in one.about
        ]

    @cached_property
    def attributes(self) -> int:
        """How many columns say something that only a person has; none where rows are groups, offers or animals."""
        if self.animals or self._is_statistics:
            return 0
        roles = ("birth", "age", "sex", "ethnicity", "marital", "education", "political")
        return sum(1 for one in self.columns if one.has(*roles) and one.present and not one.has("count"))

    @cached_property
    def animals(self) -> bool:
        """Whether a row is an animal or a herd: their ages and vaccinations are nobody's."""
        people = any(one.has("ethnicity", "marital", "education", "political") for one in self.columns)
        told = any("animal" in one.about or one.share("sex_of_animal") > 0.5 for one in self.columns)
        return told and not people

    @cached_property
    def _is_statistics(self) -> bool:
        """Whether people are counted, and none of them is named or numbered."""
        named = (one.has("person_name", "resident_id", "mobile", "phone") and one.present for one in self.columns)
        counted = (
            one.has("count") and one.share("small_number", "number") > 0.8
            and "family" not in one.about
            for one in self.columns
        )  # fmt: skip
        return any(counted) and not any(named)

    @property
    def direct(self) -> bool:
        """Whether numbers stand in it that only a person has."""
        return any(kinds & {"resident_id", "passport"} for kinds in self.found.values())

    @cached_property
    def of_children(self) -> bool:
        """Whether most rows are children, by their births or ages, their classes or their schools."""
        young = (
            self.tells_age(one) and one.youngest["of"] >= 3 and one.youngest["under_14"] > 0.5 * one.youngest["of"]
            for one in self.columns
        )
        pupils = (
            (one.share("class_of_pupils") >= 0.6 and "teaching" not in one.about)
            or (one.share("school_of_children") >= 0.8 and is_of_schools(one))
            for one in self.columns
        )
        return not self.animals and (any(young) or any(pupils) or _are_pupils(self.tally.title))

    def tells_age(self, column: Column) -> bool:
        """Whether its births are those of persons, and no days in codes."""
        return column.has("birth", "age") or "resident_id" in self.found.get(column.number, ())

    @property
    def mobiles(self) -> bool:
        return any("mobile" in kinds for kinds in self.found.values())

    @property
    def persons(self) -> bool:
        """Whether a row is a person, with or without a name."""
        return (
            self.direct
            or self.attributes >= 2
            or self._are_cases
            or (bool(self.people) and not self.organizations)
            or (self._lives and self.attributes >= 1)
        )

    @cached_property
    def of_households(self) -> bool:
        """Whether a row is a home: who owns it or what it owes stands in it."""
        return any("household" in one.about for one in self.columns)

    @cached_property
    def _are_cases(self) -> bool:
        """Whether a row is somebody under a number instead of a name."""
        return any("case" in one.about and not one.has("count") for one in self.columns) and not self._is_statistics

    @cached_property
    def _lives(self) -> bool:
        return any(one.has("home_address") for one in self.columns)


def _names_organizations(column: Column) -> bool:
    named = column.share("organization") > 0.5 or (column.has("organization") and not column.share("called") > 0.5)
    return named and not column.has("employer", "school")


OF_SCHOOLS = re.compile("学|园|就读|单位|school|xx")


def is_of_schools(column: Column) -> bool:
    """Whether a column of schools says where somebody learns, not where else something is or happens."""
    header = column.header.strip().lower()
    return not header or bool(OF_SCHOOLS.search(header))


SPELLED = re.compile(r"[A-Za-z]{2,7}(?:[._][A-Za-z]{1,5})?")


WHOLE_NAME = 100
"""As ``headers.roles`` counts a word that is all of a header."""


def is_spelled(column: Column) -> bool:
    """Whether the header is a few letters, which may stand for many words: the cells must say it then."""
    return bool(SPELLED.fullmatch(column.header.strip()))


def is_code_like(column: Column) -> bool:
    """Whether the header speaks of codes, and more clearly than of anything that a person bears."""
    persons = ("resident_id", "passport", "bank_card", "mobile", "phone", "plate")
    return column.surest("code", "amount", "date", "uscc", *persons) in ("code", "amount", "date", "uscc")


def answer(kind: str, rule: str, column: Column, count: int, confidence: float, *signals: str, **facts: Any) -> Found:
    examples = column.examples.get(kind, []) or [
        one for signal in signals for one in column.examples.get(signal.removeprefix("look:"), ())
    ]
    first = min((column.first_row[signal] for signal in signals if signal in column.first_row), default=None)
    more = {} if first is None else {"row": first + 1}
    return Found(kind, rule, count, confidence, column, column.present, signals, tuple(examples[:3]), {**more, **facts})


def percent(share: float) -> int:
    return round(100 * share)


def rows_of(found: Found) -> np.ndarray:
    """The rows (0-based, header counted) whose cells a judgement is about, as far as they were kept."""
    if found.column is None:
        return np.zeros(0, np.int64)
    parts = [rows for signal in found.signals for rows in found.column.rows.get(signal, ())]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
