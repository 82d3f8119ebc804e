"""What the writers of all formats share: what is asked for, how a cell is changed, what is told of it.

A writer never changes the file that it reads. It writes beside the place of the new one, and moves it there when whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from .. import generalising, heading, masking
from ..policy import thresholds
from ..recognising import patterns
from ..scanning import safe

REMEDIES = ("drop", "mask", "month", "street", "round", "suppress", "plain")
EXAMPLES = 3
NUMBERED = re.compile(r"#(\d+)")
COMBINED = ("k_anonymity", "l_diversity")
"""Kinds of findings whose columns are of different types, so that a remedy may fit some of them only."""
JOINT = " + "
NUMBERS = ("resident_id", "mobile", "landline", "bank_card", "passport", "plate", "email")
REMEMBERED = 50_000
"""Different cells of a column whose change is remembered while a file is rewritten."""
LONGEST_VALUE = 32
"""Characters; a longer cell is running text, of which only the values are masked."""
LONGEST_NAME = 12
HOLDS_ONE = re.compile(r"(?:\d\D*){4}|@")
"""What a short cell needs to be a broken value of these kinds; another one is a remark such as 无."""
SENTENCE = re.compile(r"[，。；：,;:]")
PLAIN_NUMBER = re.compile(r"[-+]?[\d.,]*%?|-+")


class Refused(Exception):
    """The new file can't be made. ``code`` names a sentence in ``remedy_words.WORDS`` that ``facts`` fill."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Asked:
    """One remedy for one column, or for the whole file where it is "plain"."""

    part: str  # as Finding.part: a sheet, a table inside a JSON document, ...
    column: str  # as Finding.column: the header, or "#3" for the third column
    remedy: str
    kind: str
    header_row: int = 0  # the row that holds the header, from 0; -1 where there is none


@dataclass(frozen=True)
class Change:
    """What was done to a column; the examples are masked, or are what stands in the new file."""

    part: str
    column: str
    remedy: str
    kind: str
    cells: int  # changed
    rows: int  # looked at
    before: tuple[str, ...]
    after: tuple[str, ...]
    rule: str  # a sentence of remedy_words.WORDS
    facts: Mapping[str, Any] = field(default_factory=dict)  # that fill it


@dataclass(frozen=True)
class Changes:
    """The new file and what is different in it. A preview has no file: ``name`` and ``sha256`` are empty then."""

    name: str
    sha256: str
    size: int
    changes: tuple[Change, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Editor:
    """Changes the cells of one asked column, counts, and keeps a few examples."""

    asked: Asked
    part: str = ""
    column: str = ""
    rule: str = ""
    most: int = EXAMPLES
    cells: int = 0
    rows: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.part, self.column = self.part or self.asked.part, self.column or self.asked.column
        self.rule = self.rule or rule_of(self.asked)
        self._change = lru_cache(REMEMBERED)(partial(CHANGES.get(self.asked.remedy, _unchanged), self.asked.kind))

    def edit(self, value: str) -> str:
        """The new text of a cell."""
        self.rows += 1
        if not value.strip():
            return value
        new = self._change(value)
        if new != value:
            self.note(value, new)
        return new

    def edit_cell(self, value: Any) -> Any:
        """The new value of a spreadsheet's cell, which may be a number or a date."""
        if self.asked.remedy == "round" and isinstance(value, float):
            self.rows += 1
            new = generalising.rounded_number(value)
            if new != value:
                self.note(as_text(value), as_text(new))
            return new
        text = as_text(value)
        new = self.edit(text)
        return value if new == text else new

    def note(self, value: str, new: str) -> None:
        self.cells += 1
        if len(self.examples) < self.most:
            self.examples.append((shown_before(self.asked, value, new), shown_after(self.asked, value, new)))

    @property
    def is_shown(self) -> bool:
        return len(self.examples) >= self.most

    def change(self) -> Change:
        before, after = tuple(one for one, _ in self.examples), tuple(one for _, one in self.examples)
        facts = {"below": below()} if self.rule == "suppress" else {}
        what = (self.part, self.column, self.asked.remedy, self.asked.kind)
        return Change(*what, self.cells, self.rows, before, after, self.rule, facts)


def rule_of(asked: Asked) -> str:
    return f"mask.{masking.rule(asked.kind)}" if asked.remedy == "mask" else asked.remedy


def editors(asked: Sequence[Asked], most: int = EXAMPLES) -> list[Editor]:
    """One for each different thing asked for. A column that is dropped isn't changed before."""
    dropped = {(one.part, one.column) for one in asked if one.remedy == "drop"}
    kept = dict.fromkeys(one for one in asked if one.remedy == "drop" or (one.part, one.column) not in dropped)
    return [Editor(one, most=most) for one in kept]


@dataclass(frozen=True)
class Header:
    """What the columns of a table are called, where its data begins, and how many columns there are."""

    names: Sequence[str]
    first: int
    width: int
    sample: Sequence[Sequence[str]]

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], asked: Sequence[Asked]) -> Header:
        """As the scanner finds it, unless a column that is asked for only stands in the row that was named.

        :param rows: the first ``heading.LOOKED_AT`` rows
        """
        found = heading.find(rows)
        width = max(map(len, rows), default=0)
        wanted = {
            name for one in asked if one.remedy != "plain" for name in names_of(one) if not NUMBERED.fullmatch(name)
        }
        named = max((one.header_row for one in asked), default=0)
        row = rows[named] if 0 <= named < len(rows) else ()
        if wanted and not wanted <= set(map(told, found.names)) and wanted <= set(map(told, row)):
            return cls(row, named + 1, width, rows[named + 1 :])
        return cls(found.names if found.first else (), found.first, width, rows[found.first :])

    def columns(self, asked: Asked) -> tuple[int, ...]:
        """The columns that a finding names; of a combination, those to which the remedy can be applied."""
        found = tuple(at for name in names_of(asked, self.names) for at in self._named(name))
        if asked.kind in COMBINED and asked.remedy in ("month", "street"):
            found = tuple(at for at in found if self._fits(asked, at))
            if not found:
                raise Refused("nothing_fits", column=asked.column)
        return found

    def name(self, at: int) -> str:
        return (told(self.names[at]) if at < len(self.names) else "") or f"#{at + 1}"

    def _named(self, name: str) -> tuple[int, ...]:
        """All columns with that header, or the one with that number."""
        if number := NUMBERED.fullmatch(name):
            found: tuple[int, ...] = (int(number[1]) - 1,)
        else:
            found = tuple(at for at, one in enumerate(self.names) if name in (one, told(one)))
        if not found or not 0 <= max(found) < self.width:
            raise Refused("no_such_column", column=name)
        return found

    def _fits(self, asked: Asked, at: int) -> bool:
        values = [row[at] for row in self.sample if at < len(row) and row[at].strip()]
        changed = [value for value in values if CHANGES[asked.remedy](asked.kind, value) not in ("", "***", value)]
        return len(changed) * 2 > len(values)


def names_of(asked: Asked, known: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of the asked columns: of a combination of columns, each; of alike groups, the sensitive one to drop."""
    if asked.column in map(told, known):
        return (asked.column,)
    names = tuple(asked.column.split(JOINT))
    return names[-1:] if asked.kind == "l_diversity" and asked.remedy == "drop" else names


@lru_cache(REMEMBERED)
def told(name: str) -> str:
    """A header or a sheet's name as findings tell it."""
    return safe(name)


def masked_cell(kind: str, value: str) -> str:
    """A cell masked whole, or running text with its values masked."""
    if kind == "person_name":
        longest = max(map(len, re.split(r"[、,，;；/\n]", value)))
        return masking.masked(kind, value) if longest <= LONGEST_NAME else _masked_places(kind, value)
    if kind not in NUMBERS:
        return masking.masked(kind, value)
    if len(value) <= LONGEST_VALUE:
        return masking.masked(kind, value) if HOLDS_ONE.search(value) or masking.places(kind, value) else value
    return _masked_places(kind, value)


def coarse_address(value: str) -> str:
    """An address up to the street, or running text in which each address is."""
    found = _recognised("home_address", value) if len(value) > LONGEST_VALUE or SENTENCE.search(value) else []
    parts, done = [], 0
    for start, end in found:
        parts += [value[done:start], generalising.street(value[start:end])]
        done = end
    return "".join((*parts, value[done:])) if found else generalising.street(value)


def neutral(value: str) -> str:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it. Numbers stay."""
    return f"'{value}" if value[:1] in tuple("=+-@\t\r") and not PLAIN_NUMBER.fullmatch(value.strip()) else value


def as_text(value: Any) -> str:
    """A spreadsheet's value as the reader of the scanner gives it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e24 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def shown_before(asked: Asked, value: str, new: str) -> str:
    """A masked example of what stood there."""
    if asked.remedy == "month":
        return f"{new}-**" if new else masking.example("other", value)
    kinds = {"street": "home_address", "round": "coordinates", "suppress": "medical"}
    return _short(masking.example(kinds.get(asked.remedy, asked.kind), _the_value(asked, value)))


def shown_after(asked: Asked, value: str, new: str) -> str:
    """An example of what stands there now. Of running text only the changed value, since the rest is anybody's."""
    if asked.remedy == "mask" and len(value) > LONGEST_VALUE:
        return _short(masking.masked(asked.kind, _the_value(asked, value)))
    return masking.example("formula", value) if asked.remedy == "plain" else _short(new)


@contextmanager
def written(to: Path) -> Iterator[Path]:
    """A path to write to, whose file becomes ``to`` when all went well and is gone when not."""
    path = to.with_name(f".remedy-{token_hex(8)}")
    path.touch(exist_ok=False)
    try:
        yield path
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(to)
        _sync(to.parent)
    finally:
        path.unlink(missing_ok=True)


def below() -> int:
    return int(thresholds()["small_cell"])


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _masked_places(kind: str, text: str) -> str:
    return masking.masked_at(kind, text, _found(kind, text))


def _found(kind: str, text: str) -> list[tuple[int, int]]:
    """Where values of the kind stand, by the scanner's recognisers and by the shapes of their masks."""
    found: list[tuple[int, int]] = []
    for start, end in sorted([*_recognised(kind, text), *masking.places(kind, text)]):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _recognised(kind: str, text: str) -> list[tuple[int, int]]:
    plain = patterns.tidy(text)
    return patterns.spans(kind, plain if len(plain) == len(text) else text)


def _the_value(asked: Asked, value: str) -> str:
    found = _found(asked.kind, value) if asked.remedy == "mask" and len(value) > LONGEST_VALUE else []
    return value[slice(*found[0])] if found else value


def _short(text: str) -> str:
    return text if len(text) <= masking.LONGEST_EXAMPLE else text[: masking.LONGEST_EXAMPLE - 1] + "…"


def _unchanged(kind: str, value: str) -> str:
    return value


CHANGES: Mapping[str, Callable[[str, str], str]] = {
    "mask": masked_cell,
    "month": lambda kind, value: generalising.month(value),
    "street": lambda kind, value: coarse_address(value),
    "round": lambda kind, value: generalising.rounded(value),
    "plain": lambda kind, value: neutral(value),
}
