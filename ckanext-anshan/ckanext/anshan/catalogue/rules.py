"""What an entry must be, whoever writes it and whichever way (articles 10, 11, 12, 20 and 27).

Plain Python: no CKAN here, so that the form, the API and an import of ten thousand entries ask the same function.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date
from typing import Any

from . import samples, uscc, vocabularies
from .fields import ENTRY, ITEM, MOST_ITEMS, MOST_VALUES, Field

CODE = re.compile(r"[0-9A-Z]{18}[0-9]{15}")
OPENNESS = {"unconditional": 0, "conditional": 1, "closed": 2}
HIGHEST_GENERAL = 4
BASIS = ("opening_basis_title", "opening_basis_number", "opening_basis_article")
NEEDED: Mapping[tuple[str, str], tuple[str, ...]] = {  # what a class asks for beside the fields that all entries need
    ("classification", "base"): ("classification_sub",),
    ("sharing_class", "conditional"): ("sharing_basis", "sharing_conditions"),
    ("sharing_class", "closed"): ("sharing_basis",),
    ("opening_class", "conditional"): (*BASIS, "opening_method", "opening_requirements", "opening_safeguards"),
    ("opening_class", "closed"): BASIS,
}
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True)
class Problem:
    """``field`` of the schema, a ``code`` that never changes, and the facts that its words need.

    ``item`` counts the rows of ``information_items`` or ``resources`` from 0. A warning doesn't refuse the entry.
    """

    field: str
    code: str
    facts: Mapping[str, Any] = default(default_factory=dict)
    article: int = 0
    item: int | None = None
    subfield: str = ""
    warning: bool = False


def check(entry: Mapping[str, Any]) -> list[Problem]:
    """All that is wrong with an entry as ``tidy.tidy`` leaves it; an empty list where nothing is."""
    found = [*_fields(entry), *_items(entry)]
    broken = {(p.item, p.subfield or p.field) for p in found}
    for rule in RULES:
        found += (p for p in rule(entry) if (p.item, p.subfield or p.field) not in broken)
    return found


def is_gap(problem: Problem) -> bool:
    """Whether something isn't there yet (rather than wrong), and the entry can be told apart without it."""
    return (problem.code == "missing" or problem.code.endswith("_missing")) and problem.field != "title"


def wanted(entry: Mapping[str, Any]) -> list[str]:
    """The fields that an entry of these classes must have."""
    always = [name for name, spec in ENTRY.items() if spec.required]
    return [*always, *(name for (field, kind), names in NEEDED.items() if entry.get(field) == kind for name in names)]


def wanted_of_item() -> list[str]:
    return [name for name, spec in ITEM.items() if spec.required]


def why_not(entry: Mapping[str, Any], opening_class: str) -> list[Problem]:
    """What forbids this opening class, whichever class the entry has now."""
    asked = {**entry, "opening_class": opening_class}
    return [problem for rule in (_opening, _level) for problem in rule(asked) if problem.field == "opening_class"]


def is_late(next_update_due: Any, today: date) -> bool:
    """Whether the update that was promised is overdue (article 12)."""
    due = _day(next_update_due)
    return due is not None and due < today


def refuses(problems: Iterable[Problem]) -> bool:
    return any(not problem.warning for problem in problems)


# Each value by itself


def _fields(entry: Mapping[str, Any]) -> Iterator[Problem]:
    for name, spec in ENTRY.items():
        for code, facts in _value(entry.get(name), spec):
            yield Problem(name, code, facts, spec.article)


def _items(entry: Mapping[str, Any]) -> Iterator[Problem]:
    items = entry.get("information_items")
    if not items:
        yield Problem("information_items", "items_missing", article=10)
        return
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        yield Problem("information_items", "items_malformed")
        return
    if len(items) > MOST_ITEMS:
        yield Problem("information_items", "items_too_many", {"count": len(items), "most": MOST_ITEMS})
        return
    for row, item in enumerate(items):
        yield from _item(row, item)
    yield from _repeated(items)


def _item(row: int, item: Mapping[str, Any]) -> Iterator[Problem]:
    for name, spec in ITEM.items():
        for code, facts in _value(item.get(name), spec):
            yield Problem("information_items", code, facts, spec.article, row, name)
    for name in item.keys() - ITEM.keys():
        yield Problem("information_items", "subfield_unknown", {"name": str(name)[:60]}, 0, row, "name")


def _repeated(items: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    for key, code in (("name", "item_name_twice"), ("column", "item_column_twice")):
        seen: dict[str, int] = {}
        for row, item in enumerate(items):
            word = item.get(key)
            if not word or not isinstance(word, str):
                continue
            if word in seen:
                yield Problem("information_items", code, {"name": word[:60], "row": seen[word] + 1}, 0, row, key)
            seen.setdefault(word, row)


def _value(value: Any, spec: Field) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if value is None or value == "" or value == []:
        if spec.required:
            yield "missing", {}
    elif spec.many:
        yield from _values(value, spec)
    else:
        yield from _one(value, spec)


def _values(values: Any, spec: Field) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(values, list):
        yield "not_a_list", {}
    elif len(values) > MOST_VALUES:
        yield "too_many", {"count": len(values), "most": MOST_VALUES}
    else:
        for value in values:
            yield from _one(value, spec)


def _one(value: Any, spec: Field) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(value, str):
        yield "not_text", {}
    elif len(value) > spec.longest:
        yield "too_long", {"count": len(value), "most": spec.longest}
    elif spec.vocabulary and value not in vocabularies.load(spec.vocabulary).by_id:
        yield "not_a_term", {"value": value}
    elif spec.date and not _day(value):
        yield "not_a_date", {"value": value}
    elif spec.whole and not _in(value, *spec.whole):
        yield "not_in_range", {"value": value, "least": spec.whole[0], "most": spec.whole[1]}


def _in(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and least <= int(text) <= most


def _day(text: Any) -> date | None:
    try:
        day = date.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return day if len(text) == 10 and FIRST_DAY <= day <= LAST_DAY else None


# Values together


def _code(entry: Mapping[str, Any]) -> Iterator[Problem]:
    code = entry.get("code")
    if code and not (isinstance(code, str) and CODE.fullmatch(code)):
        yield Problem("code", "code_malformed", {"value": str(code)[:60]})
    elif code and not uscc.valid(code[:18]):
        yield Problem("code", "uscc_check_digit", {"value": code[:18]}, warning=True)
    for related in _list(entry, "related_entries"):
        if not (isinstance(related, str) and CODE.fullmatch(related)):
            yield Problem("related_entries", "code_malformed", {"value": str(related)[:60]})


def _period(entry: Mapping[str, Any]) -> Iterator[Problem]:
    start, end = _day(entry.get("time_start")), _day(entry.get("time_end"))
    if start and end and end < start:
        yield Problem("time_end", "ends_before_start", {"start": start.isoformat(), "end": end.isoformat()})


def _places(entry: Mapping[str, Any]) -> Iterator[Problem]:
    street = vocabularies.get("streets", str(entry.get("street") or ""))
    district = vocabularies.get("districts", str(entry.get("district") or ""))
    if street and district and street.parent != district.id:
        yield Problem("street", "street_elsewhere", {"street": street.labels, "district": district.labels})


def _library(entry: Mapping[str, Any]) -> Iterator[Problem]:
    sub = vocabularies.get("classification_subs", str(entry.get("classification_sub") or ""))
    library = vocabularies.get("classifications", str(entry.get("classification") or ""))
    if sub and library and sub.parent != library.id:
        yield Problem("classification_sub", "sub_elsewhere", {"sub": sub.labels, "library": library.labels}, 11)
    elif library and library.id == "base" and not sub:
        yield Problem("classification_sub", "base_library_missing", article=11)


def _sharing(entry: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _needed(entry, "sharing_class", 20)


def _opening(entry: Mapping[str, Any]) -> Iterator[Problem]:
    kind = entry.get("opening_class")
    if kind == "unconditional":
        sensitive = [item for item in rows(entry) if item.get("sensitive") == "yes"]
        if sensitive:
            names = "、".join(str(item.get("name"))[:40] for item in sensitive[:3])
            yield Problem("opening_class", "sensitive_items", {"count": len(sensitive), "names": names}, 27)
    yield from _needed(entry, "opening_class", 27)


def _needed(entry: Mapping[str, Any], field: str, article: int) -> Iterator[Problem]:
    kind = str(entry.get(field))
    for name in NEEDED.get((field, kind), ()):
        if not entry.get(name):
            yield Problem(name, f"{name}_missing", {"class": kind}, article)


def _level(entry: Mapping[str, Any]) -> Iterator[Problem]:
    level = vocabularies.get("security_levels", str(entry.get("security_level") or ""))
    kind = entry.get("opening_class")
    if not level:
        return
    if level.id == "core" and kind in ("unconditional", "conditional"):
        yield Problem("opening_class", "core_is_closed", article=27)
    elif level.rank > HIGHEST_GENERAL and kind == "unconditional":
        yield Problem("opening_class", "level_too_high", {"level": level.labels}, 27)


def _item_classes(entry: Mapping[str, Any]) -> Iterator[Problem]:
    """An item without a class of its own has the entry's; it may not be more open than the entry."""
    for row, item in enumerate(rows(entry)):
        for name, article in (("opening_class", 27), ("sharing_class", 20)):
            code = _against(OPENNESS.get(str(item.get(name))), OPENNESS.get(str(entry.get(name))))
            if code:
                yield Problem("information_items", f"{name}_{code}", {}, article, row, name)
        if item.get("sensitive") == "yes" and item.get("opening_class") == "unconditional":
            yield Problem("information_items", "sensitive_item_open", {}, 27, row, "opening_class")


def _against(item: int | None, entry: int | None) -> str:
    if item is None or entry is None:
        return ""
    if item < entry:
        return "item_more_open"
    return "item_less_open" if entry == 0 and item > 0 else ""


def _offers(entry: Mapping[str, Any]) -> Iterator[Problem]:
    """What is said of an item for those who apply: rows are chosen by a column, and a reason belongs to a class."""
    opened = entry.get("opening_class") == "conditional"
    for row, item in enumerate(rows(entry) if opened or entry.get("sharing_class") == "conditional" else ()):
        if item.get("filterable") == "yes" and not item.get("column"):
            yield Problem("information_items", "filter_without_column", {}, 27, row, "column")
        if opened and item.get("closed_reason") and item.get("opening_class") != "closed":
            yield Problem("information_items", "reason_without_class", {}, 27, row, "closed_reason")


def _sample(entry: Mapping[str, Any]) -> Iterator[Problem]:
    """Made up by the agency, shown to everybody: no column that isn't an item, and none of a closed item."""
    text = entry.get("sample_rows")
    found = samples.read(text) if isinstance(text, str) and entry.get("opening_class") == "conditional" else None
    for code, facts in _sampled(found, rows(entry)) if found else ():
        yield Problem("sample_rows", code, facts, 27)


def _sampled(sample: samples.Sample, items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    of_name = {str(item[key]): item for item in items for key in ("column", "name") if item.get(key)}
    for name in sample.columns:
        if name not in of_name:
            yield "sample_column_unknown", {"name": name[:60]}
        elif of_name[name].get("opening_class") == "closed":
            yield "sample_column_closed", {"name": name[:60]}
    if not sample.rows:
        yield "sample_without_rows", {}
    elif len(sample.rows) > samples.MOST_ROWS:
        yield "sample_too_long", {"count": len(sample.rows), "most": samples.MOST_ROWS}
    for number, row in enumerate(sample.rows, 1):
        if len(row) != len(sample.columns):
            yield "sample_row_uneven", {"row": number, "count": len(row), "columns": len(sample.columns)}
            return


def _files(entry: Mapping[str, Any]) -> Iterator[Problem]:
    if entry.get("opening_class") not in ("conditional", "closed"):
        return
    for row, resource in enumerate(_list(entry, "resources")):
        if isinstance(resource, Mapping) and is_link(resource):
            facts = {"name": str(resource.get("name") or resource.get("url") or row + 1)[:80]}
            yield Problem("resources", "link_refused", facts, 27, row, "url")


def is_link(resource: Mapping[str, Any]) -> bool:
    """A resource whose bytes the portal doesn't hold."""
    return bool(resource.get("cache_url")) or bool(resource.get("url") and resource.get("url_type") != "upload")


def rows(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for item in _list(entry, "information_items") if isinstance(item, Mapping)]


def _list(entry: Mapping[str, Any], name: str) -> list[Any]:
    value = entry.get(name)
    return value if isinstance(value, list) else []


RULES = (_code, _period, _places, _library, _sharing, _opening, _level, _item_classes, _offers, _sample, _files)
"""In the order in which the form has what they are about."""


def days_late(due: object, today: date) -> int:
    """Days since the next update was promised; none where it is still to come or no date is set."""
    try:
        return max((today - date.fromisoformat(str(due or ""))).days, 0)
    except ValueError:
        return 0
