"""The agreement about conditional or shared data: its text out of a template and facts, its hash, its code, its state.

Plain Python. What is built is JSON: it is stored, hashed, shown and printed as it is, and never made again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import Enum
from string import Formatter
from typing import Any

from ..access.rules import Filter, Kind, Method
from ..release.rules import digest

LANGUAGES = ("zh", "en")
Text = Mapping[str, str]  # by language

# facts


class Holder(Enum):
    PERSON = "person"
    ORGANIZATION = "organization"
    AGENCY = "agency"


@dataclass(frozen=True)
class Party:
    """``code``: in full or masked, as both sides are to read it."""

    name: str
    code: str
    kind: Holder = Holder.AGENCY


@dataclass(frozen=True)
class Column:
    name: str  # the header in the file
    title: str  # of the information item; the header where it has none


@dataclass(frozen=True)
class Dataset:
    """What of one dataset is granted, as ``access.rules.Scope`` has it, in the order in which it is to be read."""

    title: str
    name: str
    version: str
    agency: str
    methods: tuple[Method, ...]
    tables: tuple[str, ...] = ()  # names of files
    columns: tuple[Column, ...] = ()  # of the tables
    rows: tuple[Filter, ...] = ()  # all of them hold; none: every row
    whole: tuple[str, ...] = ()  # files that are handed out as they are
    period: str = ""  # of the data; empty: no limit
    aggregates: bool = False
    daily_quota: int = 0  # calls of the API


@dataclass(frozen=True)
class Facts:
    """All that one agreement says beside its template."""

    number: str  # of the application: SQ-2026-000123
    kind: Kind
    agency: Party  # 甲方
    holders: tuple[Party, ...]  # 乙方, in the order of the application
    datasets: tuple[Dataset, ...]
    basis: str
    purpose: str
    product: str  # may be empty where agencies share
    retention: str
    safeguards: tuple[str, ...]  # as declared
    starts: date
    ends: date  # the last day
    destruction_days: int
    report_months: int
    portal: str  # the portal's name
    bureau: str  # 大数据主管部门
    requirements: tuple[str, ...] = ()  # of the entry
    conditions: tuple[str, ...] = ()  # that the agency set
    replaces: str = ""  # number of the application whose agreement this one takes the place of


@dataclass(frozen=True)
class Refusal:
    """A decision against: the code that words are found for, and the facts that go into them."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def plain(text: str) -> str:
    """A fact as it is printed: one line, without signs that can't be seen or that turn the order of writing."""
    seen = "".join(" " if one.isspace() else one for one in text if one.isspace() or _is_seen(one))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def missing(facts: Facts) -> tuple[str, ...]:
    """Names of the facts without which nothing is written."""
    return tuple(dict.fromkeys([*_missing_in_facts(facts), *_missing_in_datasets(facts.datasets)]))


def _missing_in_facts(facts: Facts) -> Iterator[str]:
    names = ["number", "basis", "purpose", "retention", "portal", "bureau"]
    names += ["product"] if facts.kind is Kind.OPENING else []
    yield from (name for name in names if not plain(getattr(facts, name)))
    yield from (name for name in ("holders", "datasets", "safeguards") if not getattr(facts, name))
    yield from (name for name in ("destruction_days", "report_months") if getattr(facts, name) < 1)
    for name in ("safeguards", "requirements", "conditions"):
        yield from (name for one in getattr(facts, name) if not plain(one))
    yield from ("agency" for one in (facts.agency.name, facts.agency.code) if not plain(one))
    yield from ("holders" for one in facts.holders if not (plain(one.name) and plain(one.code)))
    if facts.ends < facts.starts:
        yield "ends"


def _missing_in_datasets(datasets: Iterable[Dataset]) -> Iterator[str]:
    for one in datasets:
        yield from (name for name in ("title", "name", "version", "agency") if not plain(getattr(one, name)))
        if not (one.tables or one.whole):
            yield "files"
        if bool(one.tables) != bool(one.columns) or any(not (plain(c.name) and plain(c.title)) for c in one.columns):
            yield "columns"
        if not one.methods:
            yield "methods"
        if Method.API in one.methods and one.daily_quota < 1:
            yield "daily_quota"
        if not all(plain(name) for name in (*one.tables, *one.whole)):
            yield "files"
        if any(not plain(row.column) or not row.values for row in one.rows):
            yield "rows"


# the text


@dataclass(frozen=True)
class Template:
    """A text with places for facts, see ``config/agreement``."""

    id: str
    version: int
    sha256: str  # of its file
    text: Mapping[str, Any]


def build(template: Template, facts: Facts) -> dict[str, Any] | Refusal:
    """The whole agreement, as it is stored and hashed; refused where a fact is missing."""
    absent = missing(facts)
    if absent:
        return Refusal("agreement_incomplete", {"names": absent})
    if template.id != facts.kind.value:
        return Refusal("agreement_of_another_kind", {"kind": facts.kind.value, "template": template.id})
    written = _Writing(template.text, facts)
    return {
        "template": {"id": template.id, "version": template.version, "sha256": template.sha256},
        "number": plain(facts.number),
        "title": dict(template.text["title"]),
        "note": dict(template.text["note"]),
        "preamble": written.paragraphs(template.text["preamble"]),
        "clauses": [written.clause(n, one) for n, one in enumerate(template.text["clauses"], 1)],
        "schedules": [written.schedule(n, one) for n, one in enumerate(facts.datasets, 1)],
        "facts": as_json(facts),
    }


def as_json(facts: Facts) -> dict[str, Any]:
    """The facts as they are printed: what is kept can't say more than what was read."""
    return {name: _jsonable(value) for name, value in asdict(facts).items()}


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _jsonable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


class _Writing:
    """Puts the facts of one agreement into the paragraphs of its template."""

    def __init__(self, text: Mapping[str, Any], facts: Facts) -> None:
        self.words: Mapping[str, Text] = text["words"]
        self.labels: Mapping[str, Any] = text["schedule"]
        self.facts = facts
        self.lists = {name: self._members(name) for name in LISTS}
        self.known = {language: self._facts(language) for language in LANGUAGES}

    def clause(self, number: int, one: Mapping[str, Any]) -> dict[str, Any]:
        name = {"zh": f"第{numeral(number)}条", "en": f"Article {number}"}
        paragraphs = self.paragraphs(one["paragraphs"])
        return {"number": number, "name": name, "heading": dict(one["heading"]), "paragraphs": paragraphs}

    def paragraphs(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
        return [self._filled(row, own) for row in rows if self._applies(row) for own in self._of(row)]

    def _of(self, row: Mapping[str, Any]) -> Sequence[Mapping[str, Text]]:
        return self.lists[row["each"]] if "each" in row else [{}]

    def _applies(self, row: Mapping[str, Any]) -> bool:
        return self._is_there(row.get("when"), True) and not self._is_there(row.get("unless"), False)

    def _is_there(self, name: str | None, without: bool) -> bool:
        if name is None:
            return without
        return len(self.facts.holders) > 1 if name == "several_holders" else bool(getattr(self.facts, name))

    def _filled(self, row: Mapping[str, Any], own: Mapping[str, Text]) -> dict[str, str]:
        return {
            language: row[language].format_map({**self.known[language], **{n: t[language] for n, t in own.items()}})
            for language in LANGUAGES
        }

    def _facts(self, language: str) -> dict[str, str]:
        facts = self.facts
        single = {name: plain(str(getattr(facts, name))) for name in SINGLE}
        days = {name: day(getattr(facts, name), language) for name in ("starts", "ends")}
        return {**single, **days, "agency": plain(facts.agency.name), "agency_code": plain(facts.agency.code)}

    def _members(self, name: str) -> list[dict[str, Text]]:
        made = {"holders": self._holder, "datasets": _dataset}.get(name, lambda one: {"text": same(one)})
        return [{**made(one), **_count(n)} for n, one in enumerate(getattr(self.facts, name), 1)]

    def _holder(self, one: Party) -> dict[str, Text]:
        return {"name": same(one.name), "code": same(one.code), "code_kind": self.words[one.kind.value]}

    # schedules

    def schedule(self, number: int, one: Dataset) -> dict[str, Any]:
        """Number, heading, rows of label and value, and the columns, of one dataset."""
        values = self._scope(one)
        own = {language: {name: text[language] for name, text in values.items()} for language in LANGUAGES}
        word = self.words["schedule"]
        return {
            "number": number,
            "name": {"zh": word["zh"] + numeral(number), "en": f"{word['en']} {number}"},
            "heading": _format(self.labels["heading"], own),
            "rows": [
                {"label": dict(row["label"]), "value": _format(row["value"], own)}
                for row in self.labels["rows"]
                if "when" not in row or getattr(one, row["when"])
            ],
            "labels": {name: dict(text) for name, text in self.labels["columns"].items()} if one.columns else {},
            "columns": [{"name": plain(column.name), "title": plain(column.title)} for column in one.columns],
        }

    def _scope(self, one: Dataset) -> dict[str, Text]:
        files = {"tables": self._listed(map(same, one.tables)), "whole": self._listed(map(same, one.whole))}
        counts = {"column_count": same(str(len(one.columns))), "daily_quota": same(str(one.daily_quota))}
        methods = self._listed(self.words[method.value] for method in one.methods)
        period = same(one.period) if plain(one.period) else self.words["all_periods"]
        shown = {"rows": self._rows(one.rows), "methods": methods, "period": period}
        return {**_dataset(one), "agency": same(one.agency), **files, **counts, **shown}

    def _listed(self, texts: Iterable[Text], word: str = "comma") -> Text:
        found = list(texts)
        return {language: self.words[word][language].join(text[language] for text in found) for language in LANGUAGES}

    def _rows(self, rows: Sequence[Filter]) -> Text:
        return self._listed(map(self._row, rows), "and") if rows else self.words["all_rows"]

    def _row(self, row: Filter) -> Text:
        values = self._listed(map(self._value, row.values), "or")
        own = {language: {"column": plain(row.column), "values": values[language]} for language in LANGUAGES}
        return _format(self.words["filter"], own)

    def _value(self, value: str) -> Text:
        return _format(self.words["value"], _both(value=plain(value))) if plain(value) else self.words["empty"]


SINGLE = (
    *("number", "basis", "purpose", "product", "retention", "portal", "bureau", "replaces"),
    *("destruction_days", "report_months"),
)
LISTS = ("holders", "datasets", "safeguards", "requirements", "conditions")
PLACES = frozenset({*SINGLE, "starts", "ends", "agency", "agency_code"})
"""What a paragraph of any template may name."""
OF_EACH: Mapping[str, frozenset[str]] = {
    "holders": frozenset({"n", "numeral", "name", "code", "code_kind"}),
    "datasets": frozenset({"n", "numeral", "title", "name", "version"}),
    **dict.fromkeys(("safeguards", "requirements", "conditions"), frozenset({"n", "numeral", "text"})),
}
OF_SCHEDULE = frozenset(
    {
        "title",
        "name",
        "version",
        "agency",
        "tables",
        "whole",
        "column_count",
        "daily_quota",
        "rows",
        "methods",
        "period",
    }
)


def places(text: str) -> set[str]:
    """The facts that a text of a template asks for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _dataset(one: Dataset) -> dict[str, Text]:
    return {"title": same(one.title), "name": same(one.name), "version": same(one.version)}


def _count(number: int) -> dict[str, Text]:
    return {"n": same(str(number)), "numeral": same(numeral(number))}


def same(text: str) -> Text:
    """A fact reads alike in both languages."""
    return dict.fromkeys(LANGUAGES, plain(text))


def _both(**facts: str) -> Mapping[str, Mapping[str, str]]:
    return dict.fromkeys(LANGUAGES, facts)


def _format(text: Text, own: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {language: text[language].format_map(own[language]) for language in LANGUAGES}


DIGITS = "零一二三四五六七八九"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def numeral(number: int) -> str:
    """27 → 二十七, up to 999."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{DIGITS[hundreds]}百" if hundreds else ""
    if hundreds and rest and not tens:
        head += "零"
    if tens:
        head += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    return head + (DIGITS[ones] if ones or not number else "")


def day(when: date, language: str) -> str:
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


# hash and code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that look alike
LENGTH = 15  # signs before the check sign: 75 bits


def hash_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hex: what both sides sign."""
    return digest(document)


def code_of(document_hash: str, number: str) -> str:
    """A code that a person can read out, K7QX-3MNP-…: out of the hash, with a sign that finds a wrong one."""
    value = int(digest({"agreement": document_hash, "number": number}), 16) >> (256 - 5 * LENGTH)
    digits = [value >> (5 * place) & 31 for place in reversed(range(LENGTH))]
    return _grouped("".join(ALPHABET[digit] for digit in [*digits, _check(digits)]))


def read_code(typed: str) -> str | None:
    """The code as ``code_of`` writes it, however it was typed; None where it isn't one."""
    signs = re.sub(r"[\s\-‐-―－]", "", unicodedata.normalize("NFKC", typed)).upper().translate(LOOK_ALIKE)
    if len(signs) != LENGTH + 1 or set(signs) - set(ALPHABET):
        return None
    digits = [ALPHABET.index(sign) for sign in signs]
    return _grouped(signs) if _check(digits[:-1]) == digits[-1] else None


LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _grouped(signs: str) -> str:
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def _check(digits: Iterable[int]) -> int:
    """A sum over GF(32): one wrong sign, or two that changed places, never give the same."""
    total = 0
    for digit in digits:
        total = _doubled(total ^ digit)
    return total


def _doubled(value: int) -> int:
    return value << 1 if value < 16 else value << 1 ^ 0b100101


# signatures and state


class Side(Enum):
    HOLDER = "holder"  # 乙方 accepts
    AGENCY = "agency"  # 甲方 countersigns


@dataclass(frozen=True)
class Signature:
    """``party``: its place among the holders, from 0; ``code`` and time as recorded when it was given."""

    side: Side
    name: str  # of the party
    person: str  # who acted, as both sides may read it: masked, or a post
    at: datetime
    hash: str  # of what it was given for
    party: int = 0


class State(Enum):
    PREPARED = "prepared"  # nobody, or not everybody of 乙方, has accepted
    ACCEPTED = "accepted"  # waits for 甲方
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"
    VOID = "void"  # withdrawn before it was in force, or replaced


@dataclass(frozen=True)
class Standing:
    """How an agreement stands, and since when and why where something happened to it."""

    state: State
    since: datetime | None = None
    reason: str = ""
    article: str = ""


def standing_of(document: Mapping[str, Any], signatures: Iterable[Signature]) -> Standing:
    """What the signatures alone make of it; one for another text counts nothing."""
    wanted = hash_of(document)
    given = [one for one in signatures if one.hash == wanted]
    accepted = {one.party for one in given if one.side is Side.HOLDER}
    if not accepted >= set(range(len(document["facts"]["holders"]))):
        return Standing(State.PREPARED)
    if not any(one.side is Side.AGENCY for one in given):
        return Standing(State.ACCEPTED)
    return Standing(State.IN_FORCE, max(one.at for one in given))
