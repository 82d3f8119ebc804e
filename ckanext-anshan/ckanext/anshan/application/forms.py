"""What an application says, and what is missing or wrong in it (art. 22, 27). Plain Python.

The base of the form is the same for every dataset; the agency's questions come to it, each set of them a version.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date
from typing import Any

from ..access.rules import Filter, Method, Scope
from ..catalogue.conditions import Conditions

LONGEST = 4000  # characters of a text
LONGEST_LINE = 300
MOST_DATASETS = 20
MOST_PARTNERS = 10
MOST_QUESTIONS = 30

PURPOSES = ("research", "product", "operation", "public_service", "news", "education", "other")
BASES = ("law", "contract", "project", "duty", "other")

TEXTS: Mapping[str, bool] = {
    "purpose": True,
    "basis": True,
    "product": True,
    "safeguards": True,
    "storage": True,
    "people": True,
    "retention": True,
    "destruction": True,
    "processor": False,  # who processes it on the applicant's behalf (art. 44)
}
"""The base of the form: each text, and whether it must be given."""
CHOICES: Mapping[str, tuple[str, ...]] = {"purpose_kind": PURPOSES, "basis_kind": BASES}
DATES = ("starts", "ends")
NUMBERS = ("requests",)  # of the API a day, as the applicant expects them
FIELDS = (*TEXTS, *CHOICES, *DATES, *NUMBERS)
NEEDS_FILE = frozenset({"contract", "project"})  # bases that are shown by a file

STEPS: Mapping[str, tuple[str, ...]] = {
    "party": ("party", "partners"),
    "purpose": ("purpose_kind", "purpose", "basis_kind", "basis", "basis_file", "product"),
    "scope": ("files", "columns", "rows", "methods", "starts", "ends", "requests", "necessity"),
    "safeguards": ("storage", "people", "safeguards", "retention", "destruction", "processor", "answers"),
    "check": (),
}
"""The pages of the form, each with the fields on it, in their order."""


@dataclass(frozen=True)
class Problem:
    """``code`` never changes; ``dataset``: of which one it is, where it is of one; ``facts`` go into the words."""

    field: str
    code: str
    facts: Mapping[str, Any] = default(default_factory=dict)
    dataset: str = ""

    @property
    def step(self) -> str:
        return next((step for step, fields in STEPS.items() if self.field in fields), "check")


KINDS = ("text", "choice", "number", "date", "file")


@dataclass(frozen=True)
class Question:
    """One that the agency asks beside the base."""

    id: str  # letters and digits, the same as long as it asks the same
    kind: str
    label: str
    label_en: str = ""
    help: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Question:
        named = {name: given[name] for name in cls.__dataclass_fields__ if name in given}
        return cls(**{**named, "options": tuple(given.get("options") or ())})

    @property
    def told(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__dataclass_fields__}, "options": list(self.options)}


def question_problems(questions: Sequence[Question]) -> list[Problem]:
    """What is wrong with a set of questions."""
    found = [Problem("questions", "too_many", {"most": MOST_QUESTIONS})] if len(questions) > MOST_QUESTIONS else []
    ids = [one.id for one in questions]
    for number, one in enumerate(questions, 1):
        facts = {"number": number}
        if not one.id.isascii() or not one.id.replace("_", "").isalnum() or ids.count(one.id) > 1:
            found.append(Problem("questions", "question_id", facts))
        if one.kind not in KINDS:
            found.append(Problem("questions", "question_kind", facts))
        if not one.label.strip() or len(one.label) > LONGEST_LINE:
            found.append(Problem("questions", "question_label", facts))
        if one.kind == "choice" and len(set(one.options)) < 2:
            found.append(Problem("questions", "question_options", facts))
    return found


@dataclass(frozen=True)
class Asked:
    """What is applied for of one dataset, beside what its version offers."""

    dataset: str  # its id
    scope: Scope
    answers: Mapping[str, Any] = default(default_factory=dict)
    necessity: Mapping[str, str] = default(default_factory=dict)  # column to why it is needed
    conditions: Conditions | None = None  # none: it isn't offered
    tables: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    questions: tuple[Question, ...] = ()
    files: frozenset[str] = frozenset()  # questions that a file was attached to


def problems(
    content: Mapping[str, Any], items: Sequence[Asked], files: Collection[str], today: date, *, sharing: bool = False
) -> list[Problem]:
    """All that keeps an application from being submitted.

    :param files: fields of the base that a file was attached to
    """
    found = [*_base(content, files, sharing), *_dates(content, items, today)]
    for one in items:
        found += _item(one)
    if not items:
        found.append(Problem("files", "no_dataset"))
    return found


def _base(content: Mapping[str, Any], files: Collection[str], sharing: bool) -> Iterator[Problem]:
    for name, is_required in TEXTS.items():
        value = str(content.get(name) or "").strip()
        if is_required and not value and not (sharing and name == "product"):
            yield Problem(name, "missing")
        elif len(value) > LONGEST:
            yield Problem(name, "too_long", {"most": LONGEST, "count": len(value)})
    for name, choices in CHOICES.items():
        if content.get(name) not in choices:
            yield Problem(name, "missing" if not content.get(name) else "not_a_choice")
    if content.get("basis_kind") in NEEDS_FILE and "basis" not in files:
        yield Problem("basis_file", "file_missing")
    requests = content.get("requests")
    if requests not in (None, "") and not _is_whole(requests):
        yield Problem("requests", "not_a_number")


def _is_whole(value: Any) -> bool:
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 10


def _dates(content: Mapping[str, Any], items: Sequence[Asked], today: date) -> Iterator[Problem]:
    starts, ends = day_of(content.get("starts")), day_of(content.get("ends"))
    for name, day in (("starts", starts), ("ends", ends)):
        if day is None:
            yield Problem(name, "missing" if not content.get(name) else "not_a_date")
    if not starts or not ends:
        return
    if ends < max(starts, today):
        yield Problem("ends", "ends_before_start", {"start": max(starts, today).isoformat()})
        return
    terms = [one.conditions.longest_term_months for one in items if one.conditions]
    last = last_day(max(starts, today), min(terms)) if terms else ends
    if ends > last:
        yield Problem("ends", "too_late", {"day": last.isoformat(), "months": min(terms)})


def day_of(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def last_day(starts: date, months: int) -> date:
    """The last day of so many months.

    >>> last_day(date(2026, 12, 21), 12).isoformat()
    '2027-12-20'
    >>> last_day(date(2026, 8, 31), 6).isoformat()
    '2027-02-27'
    """
    year, month = divmod(starts.month - 1 + months, 12)
    year, month = starts.year + year, month + 1
    day = min(starts.day, calendar.monthrange(year, month)[1])
    return date.fromordinal(date(year, month, day).toordinal() - 1)


def _item(one: Asked) -> Iterator[Problem]:
    if one.conditions is None:
        yield Problem("files", "not_offered", {}, one.dataset)
        return
    yield from _scope(one, one.conditions)
    yield from _necessity(one, one.conditions)
    yield from _answers(one)


def _scope(one: Asked, conditions: Conditions) -> Iterator[Problem]:
    scope, offered = one.scope, conditions.headers
    if not scope.files and not scope.whole:
        yield Problem("files", "no_files", {}, one.dataset)
    unknown = [*(scope.files - one.tables), *(scope.whole - one.others)]
    if unknown:
        yield Problem("files", "file_unknown", {"names": tuple(sorted(unknown))}, one.dataset)
    if scope.files and not scope.columns:
        yield Problem("columns", "no_columns", {}, one.dataset)
    if scope.columns - offered:
        yield Problem("columns", "column_not_offered", {"names": tuple(sorted(scope.columns - offered))}, one.dataset)
    if not scope.methods:
        yield Problem("methods", "missing", {}, one.dataset)
    refused = sorted(method.value for method in scope.methods if method.value not in conditions.methods)
    if refused:
        yield Problem("methods", "method_not_offered", {"names": tuple(refused)}, one.dataset)
    if scope.aggregates and not conditions.allows_aggregates:
        yield Problem("methods", "no_aggregates", {}, one.dataset)
    filterable = {header for item in conditions.applicable if item.filterable for header in item.headers} & offered
    for each in scope.rows:
        if each.column not in filterable:
            yield Problem("rows", "filter_not_offered", {"column": each.column}, one.dataset)
        elif not each.values:
            yield Problem("rows", "filter_empty", {"column": each.column}, one.dataset)


def _necessity(one: Asked, conditions: Conditions) -> Iterator[Problem]:
    for item in conditions.applicable:
        wanted = item.needs_necessity and one.scope.columns & set(item.headers)
        if wanted and not any(str(one.necessity.get(header) or "").strip() for header in item.headers):
            yield Problem("necessity", "necessity_missing", {"column": item.name}, one.dataset)


def _answers(one: Asked) -> Iterator[Problem]:
    for question in one.questions:
        value = str(one.answers.get(question.id) or "").strip()
        facts = {"question": question.label}
        if question.kind == "file":
            if question.is_required and question.id not in one.files:
                yield Problem("answers", "answer_file_missing", facts, one.dataset)
        elif not value:
            if question.is_required:
                yield Problem("answers", "answer_missing", facts, one.dataset)
        elif not _fits(question, value):
            yield Problem("answers", f"answer_{question.kind}", facts, one.dataset)


def _fits(question: Question, value: str) -> bool:
    if question.kind == "choice":
        return value in question.options
    if question.kind == "date":
        return day_of(value) is not None
    if question.kind == "number":
        return value.removeprefix("-").replace(".", "", 1).isdigit() and value.isascii()
    return len(value) <= LONGEST


# scopes as they are stored


def scope_of(stored: Mapping[str, Any] | None) -> Scope:
    """:param stored: as ``stored_scope`` gives it; what isn't known there is nothing"""
    given = stored or {}
    methods = {method.value: method for method in Method}
    return Scope(
        files=_names(given.get("files")),
        columns=_names(given.get("columns")),
        rows=tuple(
            Filter(str(one.get("column")), tuple(str(value) for value in one.get("values") or ()))
            for one in given.get("rows") or ()
            if isinstance(one, Mapping)
        ),
        whole=_names(given.get("whole")),
        methods=frozenset(methods[name] for name in _names(given.get("methods")) if name in methods),
        aggregates=given.get("aggregates") in (True, "true", "yes", "on", "1"),
    )


def _names(value: Any) -> frozenset[str]:
    return (
        frozenset(str(one) for one in value)
        if isinstance(value, Iterable) and not isinstance(value, str)
        else _one(value)
    )


def _one(value: Any) -> frozenset[str]:
    return frozenset({value}) if isinstance(value, str) and value else frozenset()


def stored_scope(scope: Scope) -> dict[str, Any]:
    return {
        "files": sorted(scope.files),
        "columns": sorted(scope.columns),
        "rows": [{"column": one.column, "values": list(one.values)} for one in scope.rows],
        "whole": sorted(scope.whole),
        "methods": sorted(method.value for method in scope.methods),
        "aggregates": scope.aggregates,
    }


# files beside it

ATTACHED = ("pdf", "ofd", "docx", "xlsx", "csv", "txt", "png", "jpg", "jpeg")
"""Endings of the files that may be attached: documents, tables, texts and pictures."""
PACKED = frozenset({"ofd", "docx", "xlsx"})
SNIFFED: Mapping[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "png": ("image/png",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
}
PROGRAMS = ("application/x-dosexec", "application/x-executable", "application/x-sharedlib", "application/x-mach-binary")
PROGRAMS += ("application/x-pie-executable", "application/vnd.microsoft.portable-executable", "text/x-shellscript")
MACROS = ("vbaproject.bin", "/macrosheets/", "/activex/", "/embeddings/")


def against_file(name: str, sniffed: str, members: Collection[str]) -> str:
    """Code why a file isn't attached; empty where it may be.

    :param sniffed: its type by the first bytes · :param members: names of what it holds, where it is packed
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in ATTACHED or sniffed in PROGRAMS:
        return "file_kind"
    if sniffed not in SNIFFED.get(ending, (sniffed,)) or (ending in PACKED) is not bool(members):
        return "file_not_what_it_says"
    return "file_macros" if any(mark in f"/{one.lower()}" for one in members for mark in MACROS) else ""
