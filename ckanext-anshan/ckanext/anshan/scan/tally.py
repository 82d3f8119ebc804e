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
from .recognising import known, looks, numbers, patterns, prose, secrets, words
from .recognising.numbers import Bytes

ALL_LOOKED_AT = 10_000
"""Cells of a column that are looked at one by one; of those behind only one in ``ONE_IN``."""
FIRST_LOOKED_AT = 2000
"""Cells after which a column is looked at so seldom already if none of them looked like anything."""
ONE_IN = 1024
NUMERIC = ("resident_id", "mobile", "landline", "bank_card", "email", "plate")
"""Signals that a second look at cells in an unusual spelling may add to."""
QUASI = (
    "birth", "age", "sex", "ethnicity", "marital", "education", "occupation", "employer", "school", "postcode", "place",
)  # fmt: skip
TRIED = 20
"""Cells of a look that are tried until three different examples are found."""
IN_VAIN = 3000
"""Cells of a column with a word in them after which, if none passed its check, only one in ``ONE_IN`` is checked."""
OLD_ID = 15  # digits of a resident ID until 1999
LONGEST_NUMBER = 18  # bytes of a cell that holds a number and hardly a name beside it
MOST_STEMS = 200
MOST_BIRTHS = 50  # years of birth that are told apart
DISTINCT_OF = 500
"""Cells of a column among which different values are counted."""
BESIDE_MASKS = frozenset({"maybe_name", "foreign_name", "address", "settlement", "organization"})
"""Looks of a cell that shows something of a person though another part of it is masked."""
MOST_CODED = 1_000_000  # rows of a table whose groups are counted
MOST_COLUMNS = 2000
"""Columns that are told apart; what stands further to the right counts as one more."""


@dataclass
class Column:
    """What was seen in a column. ``looked`` cells were looked at one by one; ``looks`` counts among those."""

    number: int
    header: str
    roles: Mapping[str, int]
    filled: int = 0
    looked: int = 0
    signals: Counter[str] = field(default_factory=Counter)
    sets: Counter[frozenset[str]] = field(default_factory=Counter)
    """How often cells looked like exactly this."""
    tried: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[Numbers]] = field(default_factory=dict)
    passports: set[str] = field(default_factory=set)  # their first two characters
    surnames: set[str] = field(default_factory=set)
    stems: dict[str, set[int]] = field(default_factory=dict)
    """What stands before a name at the end of cells, and by their hashes the names behind it."""
    births: set[str] = field(default_factory=set)  # years in resident IDs of 15 digits
    beginnings: set[str] = field(default_factory=set)
    youngest: Counter[str] = field(default_factory=Counter)
    first_row: dict[str, int] = field(default_factory=dict)
    codes: list[np.ndarray] = field(default_factory=list)
    _looks: Counter[str] = field(default_factory=Counter)
    _counted: int = 0
    values: list[float] = field(default_factory=list)
    tells: bool = False  # whether any cell looked like something that a person bears
    distinct: set[int] = field(default_factory=set)

    @property
    def looks(self) -> Counter[str]:
        """How many of the looked at cells looked like each."""
        if self._counted != self.looked:
            self._looks, self._counted = Counter(), self.looked
            for found, count in self.sets.items():
                for one in found:
                    self._looks[one] += count
        return self._looks

    def has(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    @property
    def about(self) -> frozenset[str]:
        return headers.about(self.header)

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

    @property
    def shown(self) -> int:
        """Of the looked at cells those that say something, and more than a mask."""
        masks = (count for found, count in self.sets.items() if "masked" in found and found.isdisjoint(BESIDE_MASKS))
        hidden = sum(masks)
        return self.looked - self.looks["blank"] - hidden

    def share_of_shown(self, *kinds: str) -> float:
        """As ``share``, but of the cells that aren't masked."""
        shown = self.shown
        return sum(self.looks[kind] for kind in kinds) / shown if shown else 0.0

    def estimated(self, *kinds: str) -> int:
        """How many cells of the whole column look like these; exact where all were looked at."""
        return round(self.share(*kinds) * self.present)

    def example(self, kind: str, value: str, name: str = "") -> None:
        """Keep a masked example, under the name of its kind or of what it looks like."""
        kept = self.examples.setdefault(name or kind, [])
        if len(kept) < 3 and (shown := masking.example(kind, value)) not in kept:
            kept.append(shown)


class Tally:
    """Looks at the batches of one piece, in order.

    :param heading: names of the columns · :param first: row of the data's first · :param is_text: running text
    :param title: the name of the sheet and the lines above the table
    """

    def __init__(
        self,
        heading: Sequence[str],
        first: int,
        is_text: bool,
        vocabulary: words.Words,
        today: datetime.date,
        keeps_rows: bool = False,
        title: str = "",
    ) -> None:
        self.heading, self.first, self.is_text, self.known = heading, first, is_text, vocabulary
        self.today, self.keeps_rows, self.title = today, keeps_rows, title
        self.columns: dict[int, Column] = {}
        self.rows = 0
        self.repeated_headers = 0
        self.tried: dict[tuple[int, str], list[int]] = {}  # column, group of words: cells checked, cells that passed

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
        self._signals(batch, seen)
        for number in list(self.columns):
            self._look(batch, self.columns[number])
            if self.columns[number].has(*QUASI, "medical", "religion") and not self.is_text:
                self._code(batch, self.columns[number])

    # signals: exact, over all bytes

    def _signals(self, batch: Batch, seen: Bytes) -> None:
        """Everything that is found in all cells; each cell counts once for each signal."""
        found: dict[str, Numbers] = {}
        for signal, (starts, _) in numbers.find(seen, self.today):
            _add(found, signal, batch.cells_at(starts))
        for kind in ("mobile", "landline"):
            found[kind] = _not_in_links(batch, kind, found.get(kind, NO_CELLS))
        by_word = dict(words.find(batch, self.known))
        odd = np.union1d(found.pop("grouped", NO_CELLS), by_word.pop("unusual", NO_CELLS))
        for signal, cells in self._second_look(batch, odd).items():
            _add(found, signal, cells)
        by_word["name"] = self._beside_numbers(batch, found, by_word)
        by_word["credential"] = np.union1d(by_word.get("credential", NO_CELLS), _logins(batch, found))
        _add(found, "credential", _beside_keys(batch, by_word["credential"]))
        if len(coded := _coded_ids(batch, found.get("resident_id", NO_CELLS))):
            found["resident_id"] = np.setdiff1d(found["resident_id"], coded)
            _add(found, "resident_id?", coded)
        for group, cells in by_word.items():
            if group.startswith("own:"):
                _add(found, group, cells)
            elif check := CHECKS.get(group):
                cells = np.setdiff1d(cells, found.get(SIGNAL_OF[group], NO_CELLS))
                _add(found, SIGNAL_OF[group], self._checked(batch, group, cells, check))
        _add(found, "mobile_in_text", _longer(batch, found.get("mobile", NO_CELLS)))
        _add(found, "formula", _formulas(batch, seen))
        for signal, cells in found.items():
            self._signal(batch, signal, cells)

    def _beside_numbers(self, batch: Batch, found: Mapping[str, Numbers], by_word: Mapping[str, Numbers]) -> Numbers:
        """Cells that may hold a name: one of its cue words, or more than a number."""
        cells = by_word.get("name", NO_CELLS)
        for signal in ("mobile", "resident_id"):
            cells = np.union1d(cells, _longer(batch, found.get(signal, NO_CELLS)))
        return cells

    def _second_look(self, batch: Batch, cells: Numbers) -> dict[str, Numbers]:
        found: dict[str, list[int]] = {}
        for cell in cells.tolist():
            text = patterns.tidy(batch.text(cell))
            for kind in NUMERIC:
                if spans := patterns.spans(kind, text, self.today):
                    for signal in _signals_of(kind, [text[first:last] for first, last in spans]):
                        found.setdefault(signal, []).append(cell)
        return {kind: np.array(listed, np.int64) for kind, listed in found.items()}

    def _checked(
        self, batch: Batch, group: str, cells: Numbers, check: Callable[[str, datetime.date], bool]
    ) -> Numbers:
        """Those of the cells that pass a check. Names: where thousands of a column never did, few more are checked."""
        columns, kept = batch.columns(cells), []
        for number in np.unique(columns).tolist():
            own, tried = cells[columns == number], self.tried.setdefault((number, group), [0, 0])
            if group == "name" and tried[0] > IN_VAIN and not tried[1]:
                own = own[::ONE_IN]
            passed = [cell for cell in own.tolist() if check(batch.text(cell), self.today)]
            tried[0], tried[1] = tried[0] + len(own), tried[1] + len(passed)
            kept += passed
        return np.array(sorted(kept), np.int64)

    def _signal(self, batch: Batch, signal: str, cells: Numbers) -> None:
        if not len(cells):
            return
        columns = np.minimum(batch.columns(cells), MOST_COLUMNS)
        counts = np.bincount(columns)
        for number in np.flatnonzero(counts).tolist():
            column = self.column(number)
            column.signals[signal] += int(counts[number])
            own = cells[columns == number]
            column.first_row.setdefault(signal, int(batch.rows(own[:1])[0]))
            if self.keeps_rows:
                column.rows.setdefault(signal, []).append(batch.rows(own))
            self._examples(batch, column, signal, own)

    def _examples(self, batch: Batch, column: Column, signal: str, cells: Numbers) -> None:
        if signal == "mobile" and column.signals["mobile"] <= len(cells) + 1000:
            column.beginnings |= {_value("mobile", batch.text(cell), self.today)[:3] for cell in cells[:500].tolist()}
        kind = KIND_OF.get(signal, "")
        if kind and len(column.examples.get(kind, ())) < 3:
            for cell in cells[:10].tolist():
                column.example(kind, _value(kind, batch.text(cell), self.today))
        if signal == "old_resident_id" and len(column.births) < MOST_BIRTHS:
            column.births |= {_value("resident_id", batch.text(cell), self.today)[6:8] for cell in cells[:500].tolist()}
        if signal == "resident_id" and column.youngest["of"] < 2000:
            this_year = self.today.year
            for cell in cells[:2000].tolist():
                value = _value("resident_id", batch.text(cell), self.today)
                column.youngest["under_14"] += len(value) == 18 and this_year - int(value[6:10]) < 14
                column.youngest["of"] += 1

    # looks: cell by cell, of many cells only some

    def _look(self, batch: Batch, column: Column) -> None:
        cells = batch.column(column.number)
        cells = cells[batch.ends[cells] > batch.starts[cells]]
        if column.looked >= ALL_LOOKED_AT or (column.looked >= FIRST_LOOKED_AT and not column.tells):
            cells = cells[::ONE_IN]
        header, kept = column.header.strip(), self._kept(column)
        sets, text_of = column.sets, batch.text
        for cell in cells.tolist():
            text = patterns.unmarked(patterns.tidy(text_of(cell))).strip(" \t\r\n'‘’")
            if text == header and header:
                self.repeated_headers += 1
                column.filled -= 1
                continue
            found = looks.look(text)
            if self.is_text:
                found &= IN_TEXT
            sets[found] += 1
            column.looked += 1
            if column.looked <= DISTINCT_OF:
                column.distinct.add(hash(text))
            if not found.isdisjoint(kept):
                self._keep(batch, column, cell, text, found)
                if column.looked % 32 == 0:
                    kept = self._kept(column)

    def _kept(self, column: Column) -> frozenset[str]:
        """The looks of which more is kept than their number."""
        if self.keeps_rows:
            return ALL_LOOKS
        wanted = {look for look in WITH_EXAMPLES if column.tried[look] < TRIED}
        if len(column.surnames) < 200:
            wanted.add("name")
        if len(column.stems) < MOST_STEMS:
            wanted.add("name_glued")
        if column.has("count", "age", "birth"):
            wanted |= {"small_number", "date"}
        if not column.tells:
            wanted |= TELLING
        return frozenset(wanted)

    def _keep(self, batch: Batch, column: Column, cell: int, text: str, found: frozenset[str]) -> None:
        """What the judge wants to know of the cells beside their number."""
        column.tells |= not found.isdisjoint(TELLING)
        if self.keeps_rows and "blank" not in found:
            for look in found | {"said"}:
                column.rows.setdefault(f"look:{look}", []).append(batch.rows(np.array([cell])))
        if "name" in found and len(column.surnames) < 200:
            column.surnames.add(text[:1])
        if "name_glued" in found and (parts := prose.glued(text)) and len(column.stems) < MOST_STEMS:
            column.stems.setdefault(parts[0], set()).add(hash(parts[1]))
        if "passport" in found and len(column.passports) < 20:
            column.passports.add(text[:2].upper())
        if "small_number" in found and column.has("count", "age") and len(column.values) < 200_000:
            column.values.append(float(text))
        if "date" in found and column.has("birth") and (year := looks.birth_year(text)):
            column.youngest["under_14"] += self.today.year - year < 14
            column.youngest["of"] += 1
        if "age" in column.roles and "small_number" in found:
            column.youngest["under_14"] += float(text) < 14
            column.youngest["of"] += 1
        for look in found & WITH_EXAMPLES.keys():
            column.tried[look] += 1
            if column.tried[look] <= TRIED:
                column.example(WITH_EXAMPLES[look], HIDDEN if look in TOLD else text, look)

    def _code(self, batch: Batch, column: Column) -> None:
        """One number for each row, equal for equal values; 0 where the cell is empty."""
        done = sum(map(len, column.codes))
        if done >= MOST_CODED:
            return
        cells = batch.column(column.number)
        bounds = zip(batch.starts[cells].tolist(), batch.ends[cells].tolist(), strict=True)
        data = batch.data
        codes = np.fromiter(
            (hash(data[start:end]) if end > start else 0 for start, end in bounds), np.int64, len(cells)
        )
        if len(cells) != batch.last_row - batch.first_row + 1:
            whole = np.zeros(batch.last_row - batch.first_row + 1, np.int64)
            whole[batch.rows(cells) - batch.first_row] = codes
            codes = whole
        column.codes.append(codes.view(np.uint64))


STARTS_FORMULA = np.zeros(256, bool)
STARTS_FORMULA[[ord(sign) for sign in "=+-@\t\r"]] = True
TOLD = frozenset(
    {"home_told", "name_begins", "medical_told", "illness_of", "illness_labelled", "names_listed", "belief_of"}
)
HIDDEN = ""
"""Shown of what stands in a sentence: the rest of it may say more than the value."""
IN_TEXT = frozenset(
    {
        "address",
        "detail",
        "blank",
        "medical",
        "home_told",
        "name_begins",
        "illness_of",
        "illness_labelled",
        "called",
        "names_listed",
        "child_told",
        "belief_of",
    }
)
WITH_EXAMPLES: Mapping[str, str] = {
    "maybe_name": "person_name",
    "name": "person_name",
    "foreign_name": "person_name",
    "medical_told": "medical",
    "mobile_in_thousands": "mobile",
    "mobile_behind_house": "mobile",
    "mobile_in_file": "mobile",
    "strong_password": "credential",
    "settlement": "home_address",
    "address": "home_address",
    "home_told": "home_address",
    "passport": "passport",
    "passport_inside": "passport",
    "permit": "passport",
    "illness_of": "medical",
    "names_listed": "person_name",
    "belief_of": "religion",
    "illness_labelled": "medical",
    "plate_written": "plate",
    "password": "credential",
    "medical": "medical",
    "religion": "religion",
    "longitude": "coordinates",
    "latitude": "coordinates",
    "position": "coordinates",
    "short_phone": "landline",
    "local_phone": "landline",
    "uscc": "uscc",
    "masked": "partial_mask",
    "scientific": "resident_id",
}
"""Looks that a masked example is kept of, and the kind by whose rule it is masked."""
TELLING = frozenset({*WITH_EXAMPLES, "detail", "school_class", "class_of_pupils", "school_of_children"}) - {
    "name", "password", "uscc", "permit", "local_phone"
}  # fmt: skip
ALL_LOOKS = frozenset(
    {
        *WITH_EXAMPLES, *IN_TEXT, "small_number", "date", "called", "word", "school_class", "class_of_pupils",
        "school_of_children", "number", "name_glued", "sex_of_animal", "blood_letter", "blood_pressure", "grown_class",
        "local_phone", "religion_told", "longitude", "latitude", "organization", "strong_password", "mobile_in_file",
        "residence", "flat", "flat_number", "disability", "healthy",
    }
)  # fmt: skip
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
SIGNAL_OF = {
    "secrecy": "secrecy_mark",
    "credential": "credential",
    "name": "name_in_text",
    "passport": "passport_in_text",
    "phone": "landline",
    "plate": "plate",
}
CHECKS: Mapping[str, Callable[[str, datetime.date], bool]] = {
    "secrecy": lambda text, _: words.is_secrecy_mark(text),
    "credential": lambda text, _: words.is_credential(text),
    "name": lambda text, today: patterns.has_name(patterns.unmarked(patterns.tidy(text)), today),
    "passport": lambda text, today: _tells_passport(patterns.tidy(text), today),
    "phone": lambda text, _: bool(patterns.LOCAL_PHONE.search(patterns.tidy(text))),
    "plate": lambda text, today: bool(patterns.spans("plate", patterns.tidy(text), today)),
}


NO_CELLS: Numbers = np.zeros(0, np.int64)


def _add(found: dict[str, Numbers], signal: str, cells: Numbers) -> None:
    if len(cells):
        found[signal] = np.union1d(found[signal], cells) if signal in found else np.unique(cells)


def _signals_of(kind: str, values: Sequence[str]) -> tuple[str, ...]:
    """The signals that values of a kind in one cell give, as ``numbers.find`` names them."""
    if kind == "mobile":
        return "mobile", "digits11"
    if kind == "resident_id" and all(len(re.sub(r"[ -]", "", value)) == OLD_ID for value in values):
        return "old_resident_id", "digits15"
    return (kind,)


def _logins(batch: Batch, found: Mapping[str, Numbers]) -> Numbers:
    """Cells with an at sign and an address on the web: a password may stand between."""
    cells, data = found.get("email", NO_CELLS).tolist(), batch.data
    return np.array([one for one in cells if b"://" in data[batch.starts[one] : batch.ends[one]]], np.int64)


def _beside_keys(batch: Batch, cells: Numbers) -> Numbers:
    """The cells that hold a password and stand right of a name for one: of settings, one a row."""
    columns, rows = batch.columns(cells), batch.rows(cells)
    found = []
    for cell, column, row in zip(cells.tolist(), columns.tolist(), rows.tolist(), strict=True):
        if not secrets.is_key(batch.text(cell)):
            continue
        beside = np.arange(cell + 1, min(cell + 1 + RIGHT_OF_KEYS, len(batch)))
        own = beside[(batch.rows(beside) == row) & (batch.columns(beside) > column)].tolist()
        found += [one for one in own if secrets.is_likely(batch.text(one))][:1]
    return np.array(found, np.int64)


RIGHT_OF_KEYS = 3  # cells


def _coded_ids(batch: Batch, cells: Numbers) -> Numbers:
    """Those of the cells in which a word for codes stands right before the number."""
    long = _longer(batch, cells).tolist()
    return np.array([cell for cell in long if CODE_BEFORE.search(patterns.tidy(batch.text(cell)))], np.int64)


CODE_BEFORE = re.compile(r"(?:编号|单号|文号|流水号|项目号|合同号|批号|序号|编码|代码)[：:为是]?\s{0,2}\d{17}")


def _not_in_links(batch: Batch, kind: str, cells: Numbers) -> Numbers:
    """Those of the cells that hold a value of the kind elsewhere than in an address on the web."""
    data = batch.data
    if not len(cells) or not any(sign in data for sign in OF_LINKS):
        return cells
    kept = [one for one in cells.tolist() if not _is_in_link(kind, data[batch.starts[one] : batch.ends[one]])]
    return np.array(kept, np.int64)


def _is_in_link(kind: str, cell: bytes) -> bool:
    if not any(sign in cell for sign in OF_LINKS) or OF_PHONE.search(cell):
        return False
    return not patterns.spans(kind, LINK.sub(" ", patterns.tidy(cell.decode("utf-8", "replace"))))


OF_LINKS = (b"://", b"www.")
OF_PHONE = re.compile(rb"(?i)(?:phone|mobile|mob|tel|sjh?m?|msisdn|to|caller|callee|number)=(?:%2B)?\d")
"""A parameter of a link that is a telephone number."""
LINK = re.compile(r"(?:\w+://|www\.)[^\s\"'<>，。；、]+")


def _formulas(batch: Batch, seen: Bytes) -> Numbers:
    """Cells that a spreadsheet program would run as a formula."""
    first = seen[np.minimum(batch.starts, len(seen) - 2)]
    cells = np.flatnonzero(STARTS_FORMULA[first] & (batch.ends - batch.starts > 1))
    return np.array([cell for cell in cells.tolist() if is_formula(batch.text(cell))], np.int64)


def _longer(batch: Batch, cells: Numbers) -> Numbers:
    """Those cells that hold more than a number."""
    return cells[batch.ends[cells] - batch.starts[cells] > LONGEST_NUMBER]


def _tells_passport(text: str, today: datetime.date) -> bool:
    """Whether a passport's number and a word for it stand in the same text."""
    return any(word in text for word in known.table("words.yaml")["before_passports"]) and bool(
        patterns.TOLD_PASSPORT.search(text)
    )


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
