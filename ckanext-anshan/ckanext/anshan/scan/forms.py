"""Forms: each label stands left of its value, and no row names the columns. Read as a table whose header they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from . import headers, heading
from .recognising import looks, patterns
from .recognising.names import is_given, is_name

LOOKED_AT = 40
"""Rows at the beginning that show whether it is a form; one of the first ``BEGINNING`` must."""
BEGINNING = 3
WIDEST = 30  # columns
LONGEST_LABEL = 12  # characters
MOST_LABELS = 200
VALUES = frozenset({"person_name", "count", "minor", "organization", "place", "occupation"})
"""Roles that a value may seem to have: 男, 教师, 党员."""

Rows = Sequence[Sequence[str]]
Pair = tuple[int, int]


@dataclass
class Form:
    """Values under their labels: the n-th of each label in the n-th record; ``rest`` is what is no value."""

    given: dict[str, int] = field(default_factory=dict)
    """How many values each label has."""
    records: list[dict[str, str]] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)

    def add(self, label: str, value: str) -> None:
        if label not in self.given and len(self.given) >= MOST_LABELS:
            self.rest.append(value)
            return
        number = self.given.setdefault(label, 0)
        self.given[label] += 1
        if number == len(self.records):
            self.records.append({})
        self.records[number][label] = value

    @property
    def rows(self) -> list[list[str]]:
        """The records with a cell for each label."""
        return [[record.get(label, "") for label in self.given] for record in self.records]


def is_form(rows: Rows) -> bool:
    """Whether values of two kinds stand right of their labels in two rows, and of these rows one at the beginning.

    :param rows: the first ``LOOKED_AT``
    """
    filled = [row for row in rows if sum(1 for cell in row if cell.strip()) > 1]
    if max(map(len, rows), default=0) > WIDEST or not any(_fitting(row) for row in filled[:BEGINNING]):
        return False
    fitting = [found for row in filled if (found := _fitting(row))]
    return len(fitting) > 1 and len(set().union(*fitting)) > 1 and not _is_header(filled[0], filled[1])


def read(rows: Rows) -> Form:
    """All rows. Below a header the values stand in its columns, until labels with their values beside them follow."""
    form, above = Form(), dict[int, str]()
    for row, below in zip_longest(rows, rows[1:], fillvalue=()):
        filled = [column for column, cell in enumerate(row) if cell.strip()]
        named = {value: _bare(row[label]) for label, value in _pairs(row)}
        if _is_header(row, below):
            named, above = {}, {column: _bare(row[column]) for column in filled}
        elif len(filled) < max(0.5 * len(above), 2) or _fitting(row):
            above = above if len(filled) < 2 else {}
        elif above:
            named = {column: above[column] for column in filled if column in above}
        for column in filled:
            if column in named:
                form.add(named[column], row[column])
            else:
                form.rest.append(row[column])
    return form


def _is_header(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether labels stand above their values instead."""
    return not _fitting(row) and any(
        _is_label(label) and _fits(label, value) for label, value in zip(row, below, strict=False)
    )


def _pairs(row: Sequence[str]) -> Iterator[Pair]:
    """The columns of each label and of its value, the next cell that isn't empty."""
    label = -1
    for column, cell in enumerate(row):
        if not cell.strip():
            continue
        if _is_label(cell) and (label < 0 or not _may_be_value(cell, row[label])):
            label = column
        elif label >= 0:
            yield label, column
            label = -1


def _is_label(cell: str) -> bool:
    text = _bare(cell)
    return 2 <= len(text) <= LONGEST_LABEL and not heading.DATA.fullmatch(text) and bool(headers.roles(text))


def _may_be_value(cell: str, label: str) -> bool:
    own = headers.roles(_bare(cell)).keys()
    if own == {"medical"} and headers.has(_bare(label), "medical"):
        return True  # 健康状况 and what it is
    return own <= VALUES and own.isdisjoint(headers.roles(_bare(label)).keys())


def _bare(cell: str) -> str:
    return cell.strip().rstrip("：: ")


def _fitting(row: Sequence[str]) -> set[str]:
    """The roles whose labels have such a value beside them."""
    return {role for label, value in _pairs(row) for role in _fits(row[label], row[value])}


def _fits(label: str, value: str) -> set[str]:
    text = patterns.tidy(value).strip()
    return {role for role in headers.roles(_bare(label)) if role in FITS and FITS[role](text)}


def _is_phone(text: str) -> bool:
    return any(patterns.spans(kind, text) for kind in ("mobile", "landline")) or bool(looks.SHORT_PHONE.fullmatch(text))


FITS: Mapping[str, Callable[[str], bool]] = {
    "person_name": lambda text: is_name(text) and is_given(text),
    "resident_id": lambda text: bool(patterns.spans("resident_id", text)),
    "mobile": _is_phone,
    "phone": _is_phone,
    "email": lambda text: bool(patterns.spans("email", text)),
    "sex": lambda text: text in ("男", "女"),
    "ethnicity": lambda text: text.endswith("族") or text == "汉",
    "birth": lambda text: bool(looks.BIRTH.fullmatch(text)),
    "home_address": lambda text: bool(looks.ADDRESS.search(text)),
    "address": lambda text: bool(looks.ADDRESS.search(text)),
}
"""What a value looks like beside a label of each role."""
