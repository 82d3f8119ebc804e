"""Puts a view of a file together, as a page and the API tell it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..release import files
from . import charts, contents, mapped, messages, options, places, rules, tables
from .rules import Asked, Column, Problem

IMAGES = frozenset({"PNG", "JPEG", "GIF", "WEBP"})
TEXTS = frozenset({"JSON", "GeoJSON", "XML", "TXT"})
TABLES = frozenset({"CSV", "XLSX", "XLS", "JSON", "GeoJSON"})
MOST_CELL = 400
"""Characters of a value that a table shows."""

Shown = dict[str, Any]


def show(file: files.Published, id: str, query: str) -> Shown:
    """What ``anshan_preview_show`` gives."""
    given = parse_qs(query, keep_blank_values=True)
    found = _table(file, id, given) if file.format in TABLES else None
    return _facts(file, id) | (found or _contents(file))


def _facts(file: files.Published, id: str) -> Shown:
    found = file.found
    return {
        "id": id,
        "name": found.name,
        "format": file.format,
        "size": found.size,
        "mimetype": found.mimetype,
        "url": found.address,
        "path": urlsplit(found.address).path,  # a page may have been asked for under another host than the portal's own
        "dataset": file.dataset_name,
        "version": file.version,
        "problems": [],
        "query": "",
    }


def _contents(file: files.Published) -> Shown:
    """What can be shown of a file that has no table."""
    if file.format in IMAGES:
        return {"kind": "image", "kinds": ["image"]}
    if file.format == "PDF":
        return {"kind": "document", "kinds": ["document"]}
    if file.format == "ZIP":
        return _archive(file)
    return _text(file) if file.format in TEXTS else {"kind": "none", "kinds": []}


def _archive(file: files.Published) -> Shown:
    try:
        found = contents.archive(file)
    except contents.Unreadable:
        return {"kind": "none", "kinds": []}
    listed = [{"name": one.name, "size": one.size} for one in found.files]
    return {
        "kind": "archive",
        "kinds": ["archive"],
        "archive": {"files": listed, "total": found.total, "size": found.size},
    }


def _text(file: files.Published) -> Shown:
    try:
        found = contents.text(file)
    except contents.Unreadable:
        return {"kind": "none", "kinds": []}
    return {"kind": "text", "kinds": ["text"], "text": {"text": found.text, "is_whole": found.is_whole}}


def _table(file: files.Published, id: str, given: rules.Arguments) -> Shown | None:
    """A view of the file's table; nothing where it has none."""
    try:
        with tables.reading(id) as reader:
            described = reader.describe(file.items)
            asked = rules.read(given, described.columns)
            kinds = _kinds(file, described.columns)
            asked = asked if asked.kind in kinds else asked.changed(kind="table")
            told = _told(described, asked, kinds)
            if asked.kind == "text":
                return told | _text(file) | {"kinds": kinds}
            return told | _drawn(reader, described, asked)
    except tables.NoTable:
        return None
    except tables.TooSlow:
        return {"kind": "none", "kinds": [], "problems": [_slow()]}


def _slow() -> Shown:
    return messages.told(Problem("too_slow", {"seconds": options.seconds()}))


def _kinds(file: files.Published, columns: Sequence[Column]) -> list[str]:
    there = {
        "table": True,
        "chart": charts.choose(columns, Asked()) is not None,
        "map": places.find(columns) is not None,
        "text": file.format in TEXTS,
    }
    return [kind for kind in rules.KINDS if there[kind]]


def _told(described: tables.Described, asked: Asked, kinds: Sequence[str]) -> Shown:
    """What the frame of every kind of view needs: columns, conditions, and where each choice leads."""
    chosen = [column.name for column in rules.shown(described.columns, asked)]
    return {
        "kind": asked.kind,
        "kinds": list(kinds),
        "kind_queries": {kind: rules.query(asked.changed(kind=kind)) for kind in kinds},
        "query": rules.query(asked),
        "plain_query": rules.query(Asked(kind=asked.kind)),
        "arguments": rules.arguments(asked.changed()),
        "total": described.total,
        "columns": [_column(column, column.name in chosen, asked) for column in described.columns],
        "conditions": [_condition(each, asked) for each in asked.conditions],
        "problems": [messages.told(problem) for problem in asked.problems],
        "rows_choices": list(rules.ROWS),
    }


def _column(column: Column, is_shown: bool, asked: Asked) -> Shown:
    is_sorted = asked.sort == column.name
    turned = asked.changed(sort=column.name, descending=is_sorted and not asked.descending)
    return {
        "name": column.name,
        "code": column.code,
        "kind": column.kind,
        "unit": column.unit,
        "meaning": column.meaning,
        "is_shown": is_shown,
        "is_number": column.is_number,
        "sorted": ("down" if asked.descending else "up") if is_sorted else "",
        "sort_query": rules.query(turned),
    }


def _condition(each: rules.Condition, asked: Asked) -> Shown:
    facts = {"column": each.column, "sign": each.sign, "value": each.value, "written": each.written}
    return facts | {"without_query": rules.query(asked.without(each))}


def _drawn(reader: tables.Reader, described: tables.Described, asked: Asked) -> Shown:
    try:
        if asked.kind == "chart":
            return {"chart": _chart(reader, described.columns, asked)}
        if asked.kind == "map":
            return {"map": mapped.sketch(reader, described, asked)}
        return _page(reader, described, asked)
    except tables.TooSlow:
        empty = {"rows": [], "pages": None, "chart": None, "map": None}
        return empty | {"problems": [*(messages.told(one) for one in asked.problems), _slow()]}


def _page(reader: tables.Reader, described: tables.Described, asked: Asked) -> Shown:
    shown = rules.shown(described.columns, asked)
    rows, pages = reader.page(asked, shown, described.columns, described.total)
    return {"rows": [[cut(tables.text(value)) for value in row] for row in rows], "pages": _pages(pages, asked)}


def cut(text: str) -> str:
    return text if len(text) <= MOST_CELL else f"{text[:MOST_CELL]}…"


def _pages(pages: rules.Pages, asked: Asked) -> Shown:
    return {
        "page": pages.page,
        "of": pages.of,
        "first": pages.first,
        "last": pages.last,
        "total": pages.total,
        "is_exact": pages.is_exact,
        "rows": pages.rows,
        "previous_query": rules.query(asked.changed(page=pages.page - 1)) if pages.page > 1 else None,
        "next_query": rules.query(asked.changed(page=pages.page + 1)) if pages.has_next else None,
        "first_query": rules.query(asked.changed()),
        "last_query": rules.query(asked.changed(page=pages.of)) if pages.is_exact else None,
    }


def _chart(reader: tables.Reader, columns: Sequence[Column], asked: Asked) -> Shown | None:
    chart = charts.choose(columns, asked)
    if chart is None:
        return None
    bars = reader.bars(chart, asked, columns)
    most = max((bar.value for bar in bars if bar.value is not None), default=Decimal(0))
    return {
        "by": chart.by.name,
        "of": chart.of.name if chart.of else "",
        "unit": chart.of.unit if chart.of and chart.how != "count" else "",
        "how": chart.how,
        "is_time": chart.is_time,
        "groups": [column.name for column in chart.groups],
        "values": [column.name for column in chart.values],
        "bars": [_bar(bar, most) for bar in bars],
    }


def _bar(bar: charts.Bar, most: Decimal) -> Shown:
    return {
        "label": bar.label,
        "value": None if bar.value is None else float(bar.value),
        "text": "" if bar.value is None else format(bar.value, ",f"),
        "rows": bar.rows,
        "groups": bar.groups,
        "share": round(charts.share(bar.value, most), 4),
    }
