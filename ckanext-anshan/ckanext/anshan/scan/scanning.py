"""Scans a file: reads it piece by piece, judges each, and says what was found. The one way in for every caller."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from . import forms, headers, heading, joining, judging, masking, policy, reading
from .findings import Finding, Report
from .judging import Found
from .pieces import SEPARATOR, Batch, Limits, Notice, Numbers, Piece, Place, Reading
from .recognising import patterns, words
from .recognising.names import HAN, is_given, is_name, is_surely_name
from .tally import Tally

VERSION = "1.2"
CHINA = datetime.timezone(datetime.timedelta(hours=8))
CHUNK = 1 << 20
KEYS = frozenset(
    {"code", "uscc", "resident_id", "phone", "mobile", "plate", "email", "passport", "bank_card", "person_name",
     "organization"}
)  # fmt: skip
MOST_KEYS = 12
"""Columns of a table that are compared with what is published."""

MOST_TABLES, LARGEST_SHEET = 200, 200_000
"""Gaps, and cells, of a sheet that is looked through for several tables."""

WIDEST_HEAD = 300
"""Columns by which it is told which row is the header."""
LONGEST_HEAD = 500
"""Characters of a cell that is looked at for the header."""

Watch = Callable[[Place, int, str, str, np.ndarray], None]
"""Told of each finding in a column: place, number of the column, its header, kind, and the rows whose cells hold it."""


@dataclass(frozen=True)
class Asked:
    """How a scan is to be done.

    :param words: an agency's own words, each with the kind that it stands for
    :param published: key columns of what is open, to find joins with · :param key: of their sketches
    """

    words: tuple[tuple[str, str], ...] = ()
    published: Sequence[joining.Published] = ()
    key: bytes = b""
    limits: Limits = field(default_factory=Limits)
    progress: Callable[[float], None] = lambda share: None
    watch: Watch | None = None
    today: datetime.date | None = None


@cache
def version() -> str:
    """The scanner's version, and of its policy and dictionaries a hash: what a report depends on beside the file."""
    found = hashlib.sha256()
    for path in sorted(policy.FOLDER.iterdir()):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{VERSION}+{found.hexdigest()[:12]}"


def report(path: Path, name: str | None = None, asked: Asked | None = None, watch: Watch | None = None) -> Report:
    """The whole report on a file.

    :param name: what the file is called, where it isn't called by its path
    """
    asked = asked or Asked(watch=watch)
    scan = Scan(path, name or path.name, asked)
    found = list(scan)
    found.sort(key=lambda one: (one.severity.rank, -one.confidence, one.where))
    return Report(scan.name, sha256(path), path.stat().st_size, scan.type, scan.readable, version(), found)


def scan(path: Path, name: str | None = None, asked: Asked | None = None) -> Iterator[Finding]:
    """The findings as they are made, in the order of the file."""
    return iter(Scan(path, name or path.name, asked or Asked()))


def sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


class Scan:
    """One pass over a file; iterate once. ``readable`` is known afterwards."""

    def __init__(self, path: Path, name: str, asked: Asked) -> None:
        self.path, self.name, self.asked = path, name, asked
        self.type = reading.kind_of(path, name) if path.stat().st_size else "empty"
        self.readable = True
        self.today = asked.today or datetime.datetime.now(CHINA).date()
        self.known = words.automaton(tuple(sorted(set(asked.words))))
        self.sketches: dict[str, joining.Sketch] = {}

    def __iter__(self) -> Iterator[Finding]:
        read, unread = 0, 0
        yield from _in_name(self.name)
        for item in reading.read(self.path, self.name, Place(), Reading(self.asked.limits, self.asked.progress)):
            if isinstance(item, Notice):
                unread += item.kind == "unreadable"
                yield _of_notice(item)
                continue
            for part in _tables(item):
                tally, above = self._tally(part)
                read += bool(tally.columns)
                for counted in filter(None, (above, tally)):
                    for found in judging.judge(counted):
                        if self.asked.watch and found.column is not None and not part.is_form:
                            self._tell(item.place, found)
                        yield _finding(part.place, found, counted.is_text, part.is_form)
                yield from self._joins(item)
        self.readable = bool(read) or not unread
        self.asked.progress(1.0)

    def _tally(self, piece: Piece) -> tuple[Tally, Tally | None]:
        """The counts of a piece, and those of the lines above its table and of its header."""
        batches = iter(piece.batches)
        start = next(batches, None)
        head = _head(piece, start)
        over = _above(start, head) if start is not None else []
        watched = self.asked.watch is not None
        title = " ".join((piece.place.part, *over))
        tally = Tally(head.names, head.first, piece.is_text, self.known, self.today, watched, title)
        self.sketches, above = {}, None
        if lines := [*over, *_persons_in(head.names)]:
            above = Tally((), 0, True, self.known, self.today, watched)
            above.add(Batch.of_rows([(line,) for line in lines]))
        for batch in chain([start] if start is not None else [], batches):
            tally.add(batch)
            if self.asked.key and not piece.is_text:
                self._sketch(batch, tally)
        return tally, above

    def _tell(self, place: Place, found: Found) -> None:
        column = found.column
        assert self.asked.watch and column is not None
        self.asked.watch(place, column.number, column.header, found.kind, judging.rows_of(found))

    def _sketch(self, batch: Batch, tally: Tally) -> None:
        keys = [one for one in tally.columns.values() if one.has(*KEYS)][:MOST_KEYS]
        for column in keys:
            cells = batch.column(column.number)
            cells = cells[batch.rows(cells) >= tally.first]
            made = joining.Sketch.of((batch.text(cell).strip().encode() for cell in cells.tolist()), self.asked.key)
            known = self.sketches.get(column.header)
            self.sketches[column.header] = known.merged(made) if known else made

    def _joins(self, piece: Piece) -> Iterator[Finding]:
        limits = policy.thresholds()
        for risk in joining.risks(self.sketches, self.asked.published, limits["join_share"], limits["join_keys"]):
            facts = {"title": risk.title, "published": risk.published_column, "rate": round(100 * risk.share)}
            yield _finding(
                piece.place,
                Found(
                    "join_risk",
                    "join_risk.shared",
                    round(risk.share * risk.distinct),
                    0.8,
                    None,
                    risk.distinct,
                    facts=facts,
                    names=(risk.column,),
                ),
            )


def _above(batch: Batch, head: heading.Heading) -> list[str]:
    """The cells of the lines above a table, and of its header."""
    rows = _first_rows(batch, head.first - batch.first_row, batch.first_row) if head.first else []
    return [cell for row in rows for cell in row if cell.strip()]


FEWEST_NAMED = 3
"""Columns with a person's name for name that show that they are no words."""


def _persons_in(columns: Sequence[str]) -> list[str]:
    """What the names of a table's columns, or keys, say of persons: their names in one line, and long numbers."""
    persons = [name for name in columns if len(name) <= 4 and is_surely_name(name) and not headers.roles(name)]
    others = [name for name in columns if not headers.roles(name) and LONG_NUMBER.search(name)]
    many = len(persons) >= FEWEST_NAMED and 2 * len(persons) >= len(columns)
    return ["、".join(persons), *others] if many else others


def _tables(piece: Piece) -> Iterator[Piece]:
    """The piece, or of a small sheet its form, or where blank rows part tables with headers of their own, each."""
    if piece.is_text or piece.header is not None:
        yield piece
        return
    batches = iter(piece.batches)
    read: list[Batch] = []
    for batch in batches:
        read.append(batch)
        if sum(map(len, read)) > LARGEST_SHEET:
            yield replace(piece, batches=chain(read, batches))
            return
    whole = _joined(read)
    for part in (whole,) if _is_form(whole) else _parted(whole):
        yield from _of_form(piece, part) if _is_form(part) else (replace(piece, batches=[part]),)


def _is_form(batch: Batch) -> bool:
    return batch.width <= forms.WIDEST and forms.is_form(_first_rows(batch, forms.LOOKED_AT, batch.first_row))


def _of_form(piece: Piece, batch: Batch) -> Iterator[Piece]:
    """The form's values as a table, and all else on it as text."""
    rows: list[list[str]] = [[] for _ in range(batch.last_row - batch.first_row + 1)]
    for cell, (row, column) in enumerate(zip(*_places(batch), strict=True)):
        own = rows[row - batch.first_row]
        own += [""] * (column - len(own)) + [batch.text(cell)]
    form = forms.read(rows)
    yield replace(piece, batches=[Batch.of_rows(form.rows)], header=tuple(form.given), is_form=True)
    if form.rest:
        place = piece.place if str(piece.place) else piece.place.at("text")
        yield replace(piece, place=place, batches=[Batch.of_rows([(line,) for line in form.rest])], is_text=True)


def _places(batch: Batch) -> tuple[list[int], list[int]]:
    """Of each cell its row and its column."""
    cells = np.arange(len(batch))
    return batch.rows(cells).tolist(), batch.columns(cells).tolist()


def _joined(batches: Sequence[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    cells = [np.arange(len(batch)) for batch in batches]
    before = np.cumsum([0, *(len(batch.data) + 1 for batch in batches)])[:-1]
    return Batch(
        SEPARATOR.encode().join(batch.data for batch in batches),
        _flat(batch.starts + add for batch, add in zip(batches, before, strict=True)),
        _flat(batch.ends + add for batch, add in zip(batches, before, strict=True)),
        _flat(batch.rows(own) for batch, own in zip(batches, cells, strict=True)),
        _flat(batch.columns(own) for batch, own in zip(batches, cells, strict=True)),
    )


def _flat(parts: Iterable[Numbers]) -> Numbers:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _parted(batch: Batch) -> Iterator[Batch]:
    cells = np.arange(len(batch))
    rows = batch.rows(cells)
    if not len(rows):
        yield batch
        return
    filled = np.unique(rows[batch.ends > batch.starts])
    gaps = filled[1:][np.diff(filled) > 1]
    if not len(gaps) or len(gaps) > MOST_TABLES or len(batch) > LARGEST_SHEET:
        yield batch
        return
    bounds = [0]
    for row in gaps.tolist():
        names = heading.find(_first_rows(_rows(batch, row, row + heading.LOOKED_AT), heading.LOOKED_AT, row))
        if 0 < names.first <= 2 and sum(1 for name in names.names if headers.roles(name)) >= 2:
            bounds.append(row)
    for begin, end in zip(bounds, [*bounds[1:], int(rows[-1]) + 1], strict=True):
        yield _rows(batch, begin, end)


def _rows(batch: Batch, begin: int, end: int) -> Batch:
    """The rows from ``begin`` to before ``end``, with their numbers."""
    rows = batch.rows(np.arange(len(batch)))
    kept = np.flatnonzero((rows >= begin) & (rows < end))
    return Batch(batch.data, batch.starts[kept], batch.ends[kept], rows[kept], batch.columns(kept))


def _head(piece: Piece, batch: Batch | None) -> heading.Heading:
    if piece.header is not None:
        return heading.Heading(list(piece.header), 0)
    if piece.is_text or batch is None:
        return heading.Heading((), 0)
    rows = _first_rows(batch, heading.LOOKED_AT, batch.first_row)
    found = heading.find([row[:WIDEST_HEAD] for row in rows])
    if found.first and len(rows[found.row]) > WIDEST_HEAD:
        found = replace(found, names=[*found.names, *rows[found.row][WIDEST_HEAD:]])
    return (
        replace(found, first=found.first + batch.first_row, row=found.row + batch.first_row) if found.first else found
    )


def _first_rows(batch: Batch, count: int, first: int = 0) -> list[list[str]]:
    cells = np.arange(min(len(batch), count * max(batch.width, 1) * 2))
    rows: list[list[str]] = [[] for _ in range(count)]
    for cell, row, column in zip(
        cells.tolist(), batch.rows(cells).tolist(), batch.columns(cells).tolist(), strict=True
    ):
        at = row - first
        if at < count:
            rows[at] += [""] * (column - len(rows[at])) + [batch.text(cell)[:LONGEST_HEAD]]
    return rows


def _finding(place: Place, found: Found, is_text: bool = False, is_form: bool = False) -> Finding:
    kind = policy.kinds()[found.kind]
    column = (
        _named(found.column.header, found.column.number)
        if found.column is not None
        else " + ".join(map(safe, found.names))
    )
    part, facts = safe_place(place), dict(found.facts)
    if is_text:
        column = ""
    where = "!".join(filter(None, (part, column))) or "text"
    if is_form:
        column = ""  # there is none to drop or to mask
        facts.pop("row", None)
        facts["labelled"] = True
    return Finding(
        where=where,
        kind=found.kind,
        rule=found.rule,
        count=found.count,
        severity=kind.weighs(found.rule),
        confidence=found.confidence,
        share=min(found.count / found.total, 1.0) if found.total else None,
        examples=found.examples,
        remedies=kind.remedies if column else (),
        articles=kind.articles,
        facts={"of": found.total, **_safe_facts(facts)},
        part=part,
        column=column,
    )


def _named(header: str, number: int) -> str:
    return safe(header) or f"#{number + 1}"


def _of_notice(notice: Notice) -> Finding:
    kind = policy.kinds()[notice.kind]
    part = safe_place(notice.place)
    return Finding(
        part or "-", notice.kind, notice.rule, notice.count, kind.weighs(notice.rule), 1.0, None, (),
        kind.remedies, kind.articles, _safe_facts(notice.facts), part,
    )  # fmt: skip


def _in_name(name: str) -> Iterator[Finding]:
    """Personal data in the name of the file itself."""
    plain = patterns.tidy(name)
    for kind in ("resident_id", "mobile", "bank_card", "email", "plate"):
        if found := patterns.spans(kind, plain):
            policy_of = policy.kinds()[kind]
            yield Finding(
                "file name", kind, "file_name", len(found), policy_of.severity, 0.9, None, (), (), policy_of.articles,
                part="file name",
            )  # fmt: skip


def safe(text: str) -> str:
    """A header, a sheet's name or the name of a file in an archive, without the personal data that it may hold."""
    plain = text.strip()[:120]
    hidden = LONG_NUMBER.sub(lambda found: "*" * len(found.group()), patterns.conceal(plain))
    if hidden == patterns.tidy(plain):
        hidden = plain  # as it stands in the file
    beside = "*" in hidden
    return _without_place(NAMED.sub(lambda found: _without_name(found.group(), beside), hidden))


LONG_NUMBER = re.compile(r"\d{9,}")
"""More digits than those of a day: whatever they are, no name needs them."""
NAMED = re.compile(rf"{HAN}{{2,}}")
OF_SOMEBODY = re.compile(r"^.{2,4}(?:户|家|家庭|档案|材料|病历|信息|登记表|申请表?|简历|证件|个人.*)$")
"""Behind a name: what the sheet or the file in an archive holds of that person."""
DOWN_TO_VILLAGE = re.compile(rf"{HAN}{{2,}}[市区县旗]{HAN}{{1,8}}(?:街道|镇|乡){HAN}{{2,}}")


def _without_name(text: str, beside: bool) -> str:
    """A run of Chinese characters with asterisks over a person's name.

    :param beside: whether other data of a person stand beside it, so that rarer names are taken for one too
    """
    if not headers.roles(text) and is_name(text) and (beside or is_given(text)):
        return text[0] + "*" * (len(text) - 1)
    is_whose = beside or OF_SOMEBODY.search(text)
    length = next((size for size in (4, 3, 2) if is_whose and is_surely_name(text[:size])), 0)
    return text[0] + "*" * (length - 1) + text[length:] if length else text


def _without_place(text: str) -> str:
    """Up to the district, if it is an address down to a village or community without a number."""
    return masking.example("home_address", text) if DOWN_TO_VILLAGE.fullmatch(text) else text


def safe_place(place: Place) -> str:
    return str(Place(tuple(safe(one) for one in place.path), safe(place.part)))


def _safe_facts(facts: Any) -> dict[str, Any]:
    return {name: safe(value) if isinstance(value, str) else value for name, value in facts.items()}
