"""Counts, per column of one piece, what the recognisers see. Keeps numbers and masked examples, never a value."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from . import headers, masking
from .pieces import Batch, Numbers
from .recognising import looks, numbers, patterns, words
from .recognising.numbers import Bytes

ALL_LOOKED_AT = 20_000
"""Cells of a column that are looked at one by one; of those behind only one in ``ONE_IN``."""
ONE_IN = 256
NUMERIC = ("resident_id", "mobile", "landline", "bank_card", "email", "plate")
"""Signals that a second look at cells in an unusual spelling may add to."""
QUASI = (
    "birth", "age", "sex", "ethnicity", "marital", "education", "occupation", "employer", "school", "postcode", "place",
)  # fmt: skip
LONGEST_NUMBER = 24  # bytes of a cell that holds a number and hardly a name beside it
DISTINCT_OF = 500
"""Cells of a column among which different values are counted."""
MOST_CODED = 1_000_000  # rows of a table whose groups are counted
MOST_COLUMNS = 2000


@dataclass
class Column:
    """What was seen in a column. ``looked`` of its cells were looked at one by one, each ``looks`` counts among those."""

    number: int
    header: str
    roles: Mapping[str, int]
    filled: int = 0
    looked: int = 0
    signals: Counter[str] = field(default_factory=Counter)
    looks: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[Numbers]] = field(default_factory=dict)
    surnames: set[str] = field(default_factory=set)
    beginnings: set[str] = field(default_factory=set)
    youngest: Counter[str] = field(default_factory=Counter)
    first_row: dict[str, int] = field(default_factory=dict)
    codes: list[np.ndarray] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    distinct: set[int] = field(default_factory=set)

    def has(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    def surest(self, *roles: str) -> str:
        return headers.surest(self.header, *roles)

    @property
    def present(self) -> int:
        """Cells that say something: neither empty nor a word for nothing."""
        blank = self.looks["blank"] / self.looked if self.looked else 0
        return max(self.filled - round(blank * self.filled), 0)

    def share(self, *kinds: str) -> float:
        """Of the cells that say something, how many look like any of these (added up)."""
        said = self.looked - self.looks["blank"]
        return sum(self.looks[kind] for kind in kinds) / said if said else 0.0

    def estimated(self, *kinds: str) -> int:
        """How many cells of the whole column look like these; exact where all were looked at."""
        return round(self.share(*kinds) * self.present)

    def example(self, kind: str, value: str) -> None:
        kept = self.examples.setdefault(kind, [])
        if len(kept) < 3 and (shown := masking.example(kind, value)) not in kept:
            kept.append(shown)


class Tally:
    """Looks at the batches of one piece, in order.

    :param heading: names of the columns · :param first: row of the data's first · :param is_text: running text
    """

    def __init__(
        self,
        heading: Sequence[str],
        first: int,
        is_text: bool,
        known: words.Words,
        today: datetime.date,
        keeps_rows: bool = False,
    ) -> None:
        self.heading, self.first, self.is_text, self.known = heading, first, is_text, known
        self.today, self.keeps_rows = today, keeps_rows
        self.columns: dict[int, Column] = {}
        self.rows = 0
        self.repeated_headers = 0

    def column(self, number: int) -> Column:
        if number not in self.columns:
            header = self.heading[number] if number < len(self.heading) else ""
            self.columns[number] = Column(number, header, headers.roles(header) if header and not self.is_text else {})
        return self.columns[number]

    def add(self, batch: Batch) -> None:
        batch = _from_row(batch, self.first)
        if not len(batch):
            return
        self.rows = max(self.rows, batch.last_row + 1 - self.first)
        seen = numbers.padded(batch.data)
        filled = np.bincount(batch.columns(np.flatnonzero(batch.ends > batch.starts)), minlength=1)
        for number in np.flatnonzero(filled)[:MOST_COLUMNS]:
            self.column(int(number)).filled += int(filled[number])
        self._numbers(batch, seen)
        self._words(batch)
        self._beginnings(batch, seen)
        for number in list(self.columns):
            self._look(batch, self.columns[number])
            if self.columns[number].has(*QUASI) and not self.is_text:
                self._code(batch, self.columns[number])

    # signals: exact, over all bytes

    def _numbers(self, batch: Batch, seen: Bytes) -> None:
        found: dict[str, Numbers] = {}
        for signal, (starts, _) in numbers.find(seen, self.today):
            if len(starts):
                found[signal] = np.unique(np.searchsorted(batch.starts, starts, "right") - 1)
        odd = self._unusual(batch, seen)
        if len(odd):
            for signal, cells in self._second_look(batch, odd).items():
                found[signal] = np.union1d(found.get(signal, cells), cells)
        self._words_found["name"] = self._beside_numbers(batch, found)
        for signal, cells in found.items():
            self._signal(batch, signal, cells)

    def _beside_numbers(self, batch: Batch, found: Mapping[str, Numbers]) -> Numbers:
        """Cells that may hold a name: one of its cue words, or more than a number."""
        cells = self._words_found.get("name", np.zeros(0, np.int64))
        for signal in ("mobile", "resident_id"):
            more = found.get(signal, cells[:0])
            cells = np.union1d(cells, more[batch.ends[more] - batch.starts[more] > LONGEST_NUMBER])
        return cells

    def _unusual(self, batch: Batch, seen: Bytes) -> Numbers:
        """Cells whose digits stand in groups, in full width or with unseen characters between them."""
        gaps = np.flatnonzero((seen == ord(" ")) | (seen == ord("-")))
        gaps = gaps[gaps > 2]
        digit = [((seen[gaps + step] - 48) < 10) for step in (-3, -2, -1, 1, 2, 3, 4)]
        grouped = gaps[np.logical_and.reduce(digit)] if len(gaps) else gaps
        cells = np.searchsorted(batch.starts, grouped, "right") - 1
        self._words_found = dict(words.find(batch, self.known))
        return np.union1d(cells, self._words_found.pop("unusual", cells[:0]))

    def _second_look(self, batch: Batch, cells: Numbers) -> dict[str, Numbers]:
        found: dict[str, list[int]] = {}
        for cell in cells.tolist():
            text = patterns.tidy(batch.text(cell))
            for kind in NUMERIC:
                if patterns.spans(kind, text, self.today):
                    found.setdefault(kind, []).append(cell)
                    if kind == "mobile":
                        found.setdefault("digits11", []).append(cell)
        return {kind: np.array(listed, np.int64) for kind, listed in found.items()}

    def _words(self, batch: Batch) -> None:
        for group, cells in self._words_found.items():
            check = CHECKS.get(group)
            if group.startswith("own:"):
                self._signal(batch, group, cells)
            elif check:
                kept = [cell for cell in cells.tolist() if check(batch.text(cell), self.today)]
                self._signal(batch, SIGNAL_OF[group], np.array(kept, np.int64))

    def _beginnings(self, batch: Batch, seen: Bytes) -> None:
        """Cells that a spreadsheet program would run as a formula."""
        first = seen[np.minimum(batch.starts, len(seen) - 2)]
        cells = np.flatnonzero(STARTS_FORMULA[first] & (batch.ends - batch.starts > 1))
        kept = [cell for cell in cells.tolist() if is_formula(batch.text(cell))] if len(cells) else []
        self._signal(batch, "formula", np.array(kept, np.int64))

    def _signal(self, batch: Batch, signal: str, cells: Numbers) -> None:
        if not len(cells):
            return
        columns = batch.columns(cells)
        counts = np.bincount(columns)
        for number in np.flatnonzero(counts).tolist():
            if number >= MOST_COLUMNS:
                continue
            column = self.column(number)
            column.signals[signal] += int(counts[number])
            own = cells[columns == number]
            column.first_row.setdefault(signal, int(batch.rows(own[:1])[0]))
            if self.keeps_rows:
                column.rows.setdefault(signal, []).append(batch.rows(own))
            self._examples(batch, column, signal, own)

    def _examples(self, batch: Batch, column: Column, signal: str, cells: Numbers) -> None:
        if signal == "mobile" and len(column.beginnings) < 50:
            column.beginnings |= {_value("mobile", batch.text(cell), self.today)[:3] for cell in cells[:200].tolist()}
        kind = KIND_OF.get(signal, "")
        if kind and len(column.examples.get(kind, ())) < 3:
            for cell in cells[:10].tolist():
                column.example(kind, _value(kind, batch.text(cell), self.today))
        if signal in ("resident_id", "resident_id?"):
            this_year = self.today.year
            for cell in cells[:2000].tolist():
                value = _value("resident_id", batch.text(cell), self.today)
                column.youngest["under_14"] += len(value) == 18 and this_year - int(value[6:10]) < 14
                column.youngest["of"] += 1

    # looks: cell by cell, of many cells only some

    def _look(self, batch: Batch, column: Column) -> None:
        cells = batch.column(column.number)
        cells = cells[batch.ends[cells] > batch.starts[cells]]
        if column.looked >= ALL_LOOKED_AT:
            cells = cells[::ONE_IN]
        header = column.header.strip()
        for cell in cells.tolist():
            text = patterns.tidy(batch.text(cell)).strip(" \t\r\n'‘’")
            if header and text == header:
                self.repeated_headers += 1
                column.filled -= 1
                continue
            column.looked += 1
            if column.looked <= DISTINCT_OF:
                column.distinct.add(hash(text))
            found = set(looks.look(text)) if text else {"blank"}
            if self.is_text:
                found &= IN_TEXT
            column.looks.update(found)
            if found & KEPT or self.keeps_rows:
                self._keep(batch, column, cell, text, found)

    def _keep(self, batch: Batch, column: Column, cell: int, text: str, found: set[str]) -> None:
        """What the judge wants to know of the cells beside their number."""
        if self.keeps_rows and "blank" not in found:
            column.rows.setdefault("look:said", []).append(batch.rows(np.array([cell])))
        if "name" in found and len(column.surnames) < 200:
            column.surnames.add(text[:1])
        if "small_number" in found and column.has("count", "age") and len(column.values) < 200_000:
            column.values.append(float(text))
        if "date" in found and column.has("birth") and (year := looks.birth_year(text)):
            column.youngest["under_14"] += self.today.year - year < 14
            column.youngest["of"] += 1
        if "age" in column.roles and "small_number" in found:
            column.youngest["under_14"] += float(text) < 14
            column.youngest["of"] += 1
        for look in found & WITH_EXAMPLES.keys():
            kind = WITH_EXAMPLES[look]
            if len(column.examples.get(f"{look}", ())) < 3:
                shown = masking.example(kind, text)
                kept = column.examples.setdefault(look, [])
                if shown not in kept:
                    kept.append(shown)
        if self.keeps_rows:
            for look in found & KEPT:
                column.rows.setdefault(f"look:{look}", []).append(batch.rows(np.array([cell])))

    def _code(self, batch: Batch, column: Column) -> None:
        """One number for each row, equal for equal values; 0 where the cell is empty."""
        done = sum(map(len, column.codes))
        if done >= MOST_CODED:
            return
        cells = batch.column(column.number)
        bounds = zip(batch.starts[cells].tolist(), batch.ends[cells].tolist(), strict=True)
        data = batch.data
        codes = np.fromiter((hash(data[start:end]) if end > start else 0 for start, end in bounds), np.int64, len(cells))
        if len(cells) != batch.last_row - batch.first_row + 1:
            whole = np.zeros(batch.last_row - batch.first_row + 1, np.int64)
            whole[batch.rows(cells) - batch.first_row] = codes
            codes = whole
        column.codes.append(codes.view(np.uint64))


STARTS_FORMULA = np.zeros(256, bool)
STARTS_FORMULA[[ord(sign) for sign in "=+-@\t\r"]] = True
IN_TEXT = frozenset({"address", "detail", "blank", "medical", "home_told", "name_begins"})
WITH_EXAMPLES: Mapping[str, str] = {
    "maybe_name": "person_name",
    "name": "person_name",
    "foreign_name": "person_name",
    "medical_told": "medical",
    "address": "home_address",
    "home_told": "home_address",
    "passport": "passport",
    "password": "credential",
    "medical": "medical",
    "religion": "religion",
    "longitude": "coordinates",
    "latitude": "coordinates",
    "position": "coordinates",
    "short_phone": "landline",
    "uscc": "uscc",
    "masked": "partial_mask",
    "scientific": "resident_id",
}
"""Looks that a masked example is kept of, and the kind by whose rule it is masked."""
KEPT = frozenset({*WITH_EXAMPLES, "small_number", "date", "called", "whole_name", "word", "detail", "school_class", "number", "name_begins"})
KIND_OF: Mapping[str, str] = {
    "resident_id": "resident_id",
    "old_resident_id": "resident_id",
    "resident_id?": "resident_id",
    "mobile": "mobile",
    "landline": "landline",
    "bank_card": "bank_card",
    "email": "email",
    "plate": "plate",
    "passport": "passport",
    "name_in_text": "person_name",
    "credential": "credential",
}
SIGNAL_OF = {"secrecy": "secrecy_mark", "credential": "credential", "name": "name_in_text", "passport": "passport_in_text", "plate": "plate"}
CHECKS: Mapping[str, Callable[[str, datetime.date], bool]] = {
    "secrecy": lambda text, _: words.is_secrecy_mark(text),
    "credential": lambda text, _: words.is_credential(text),
    "name": lambda text, today: bool(patterns.spans("person_name", patterns.tidy(text), today)),
    "passport": lambda text, today: bool(patterns.spans("passport", patterns.tidy(text), today)),
    "plate": lambda text, today: bool(patterns.spans("plate", patterns.tidy(text), today)),
}


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would run the cell; numbers, phone numbers, dashes and lines of signs are none."""
    plain = text.lstrip("\t\r ")
    if plain[:1] == "=":
        return len(plain) > 2 and (plain[1].isalnum() or plain[1] in "('\"@+-$") and not plain.startswith("==")
    if plain[:1] in "+-" and len(plain) > 2:
        return bool(FORMULA_BEHIND_SIGN.match(plain))
    return plain[:1] == "@" and bool(AT_FORMULA.match(plain))


FORMULA_BEHIND_SIGN = re.compile(r"[+-]+\s*(?:[A-Za-z_.]+\(|[A-Za-z]{1,3}\d+(?:[-+*/:].*)?$|cmd\||\d+[-+*/].*[(|!])")
AT_FORMULA = re.compile(r"@[A-Za-z_.]+\(")


def _value(kind: str, text: str, today: datetime.date) -> str:
    """The value of a kind in a cell, else the cell."""
    plain = patterns.tidy(text)
    found = patterns.spans(kind, plain, today)
    value = plain[found[0][0] : found[0][1]] if found else plain.strip()
    return value.replace(" ", "").replace("-", "") if kind in ("resident_id", "mobile", "bank_card") else value


def _from_row(batch: Batch, first: int) -> Batch:
    """The batch without the rows of the header."""
    if not len(batch) or batch.first_row >= first:
        return batch
    kept = np.arange(len(batch))
    kept = kept[batch.rows(kept) >= first]
    return Batch(batch.data, batch.starts[kept], batch.ends[kept], batch.rows(kept), batch.columns(kept))
