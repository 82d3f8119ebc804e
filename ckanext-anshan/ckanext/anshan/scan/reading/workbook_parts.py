"""An XLSX workbook: its sheets, and what stands beside the cells."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ..pieces import Notice, Piece, Place, Read, Reading
from . import sheet_cells, tables
from .package import Package, Relation, local, named, words
from .sheet_cells import Seen, Strings, Styles

DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # built in, ECMA-376 part 1, 18.8.30
LITERALS = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|_.|\*.', re.I)
_COLUMN = re.compile(rb"<col\b[^>]*>")
_SPAN = re.compile(rb"\b(min|max|hidden|width)\s*=\s*[\"']([\w.]+)[\"']")
_AROUND = re.compile(
    r"<((?:odd|even|first)(?:Header|Footer)|formula1|formula2|prompt|oldFormula)\b[^>]*>(.*?)</\1\s*>", re.S
)
_PROMPT = re.compile(r"\b(?:prompt|error|promptTitle|errorTitle|tooltip|display)\s*=\s*\"([^\"]+)\"")
_FIELD = re.compile(r"&(?:[LCRPNDTAFGZBIUESXYOH]|\"[^\"]*\"|K[0-9A-F]{6}|\d+)")
OUTSIDE = {"externalLinkPath", "oleObject", "attachedTemplate", "externalLink", "xlPathMissing", "xlExternalLinkPath"}
ORPHANS = 2_000_000  # strings that no cell shows, so many are given as text


def sheets(package: Package, place: Place, reading: Reading) -> Read:
    main = package.main("xl/workbook.xml")
    book = package.tree(main)
    relations = {one.id: one for one in package.relations(main)}
    strings = _strings(package, relations)
    styles = _styles(package, relations, book)
    yield from tables.text(place.at("defined names"), _defined_names(book), reading)
    listed = list(_listed(package, book, relations))
    for number, (name, part, state) in enumerate(listed):
        here = place.at(name)
        if state in ("hidden", "veryHidden"):
            yield Notice("hidden", "hidden.sheet", here)
        yield from package.part(part, lambda part, here=here: _sheet(package, part, here, strings, styles), name)
        reading.progress((number + 1) / len(listed))
    if strings.left_out:
        yield Notice("unreadable", "unreadable.limit_text", place.at("shared strings"), strings.left_out)
    orphans = (text for number, text in enumerate(strings.orphans()) if number < ORPHANS)
    yield from tables.text(place.at("shared strings left behind"), orphans, reading)
    yield from _comments(package, place, reading)
    yield from _links(package, place)
    yield from _pivots(package, place, reading)


def _strings(package: Package, relations: dict[str, Relation]) -> Strings:
    part = next((one.target for one in relations.values() if one.type == "sharedStrings"), "xl/sharedStrings.xml")
    if part not in package:
        return Strings.of(None)
    with package.open(part) as stream:
        return Strings.of(stream)


def _styles(package: Package, relations: dict[str, Relation], book: etree._Element) -> Styles:
    since_1904 = any(named(one, "date1904") in ("1", "true") for one in book.iter() if local(one) == "workbookPr")
    part = next((one.target for one in relations.values() if one.type == "styles"), "xl/styles.xml")
    if part not in package:
        return Styles(since_1904=since_1904)
    try:
        root = package.tree(part)
    except Exception:  # the numbers then read as numbers; no cell is lost
        return Styles(since_1904=since_1904)
    own = {named(one, "numFmtId"): named(one, "formatCode") for one in root.iter() if local(one) == "numFmt"}
    dates = set()
    for formats in root:
        if local(formats) == "cellXfs":
            for number, one in enumerate(each for each in formats if isinstance(each.tag, str)):
                if is_date_format(named(one, "numFmtId", "0"), own):
                    dates.add(number)
    return Styles(frozenset(dates), since_1904)


def is_date_format(number: str, own: dict[str, str]) -> bool:
    if number in own:
        code = LITERALS.sub("", own[number]).lower()
        return bool(re.search(r"[ymdhs年月日]", code)) and not re.search(r"[0#?]{1}.*[#?]|general", code)
    return number.isdigit() and int(number) in DATE_FORMATS


def _listed(package: Package, book: etree._Element, relations: dict[str, Relation]) -> Iterator[tuple[str, str, str]]:
    """Name, part and state of each sheet; also of those that the workbook doesn't name."""
    named_parts = set()
    for one in book.iter():
        if local(one) != "sheet":
            continue
        relation = relations.get(named(one, "id"))
        if relation and relation.target in package and relation.type in ("worksheet", "xlMacrosheet", "dialogsheet"):
            named_parts.add(relation.target.lower())
            yield named(one, "name", relation.target), relation.target, named(one, "state")
    for part in package.matching(r"^xl/(worksheets|macrosheets)/[^/]*\.xml$"):
        if part not in named_parts:
            yield posixpath.basename(part), part, "hidden"


def _sheet(package: Package, part: str, here: Place, strings: Strings, styles: Styles) -> Read:
    seen = Seen()
    with package.open(part) as stream:
        batches = sheet_cells.cells(stream, strings, styles, seen, package.reading.limits.cells)
        if first := next(batches, None):
            yield Piece(here, tables.chained(first, batches))
        for _ in batches:  # where the one before us left off
            pass
    if not seen.whole:
        yield Notice("unreadable", "unreadable.damaged", here)
    yield from _seen(package, part, here, seen)


def _seen(package: Package, part: str, here: Place, seen: Seen) -> Read:
    edges = bytes(seen.edges)
    columns, whole = _hidden_columns(edges)
    if seen.hidden_rows or (b'zeroHeight="1"' in edges and seen.cells):
        yield Notice("hidden", "hidden.rows", here, max(seen.hidden_rows, 1))
    if columns and seen.cells and not (whole and columns > 10_000):
        yield Notice("hidden", "hidden.columns", here, columns)
    if seen.long_numbers:
        yield Notice("malformed", "malformed.long_number_as_number", here, seen.long_numbers)
    if seen.formulas:
        yield Notice("formula", "formula.function", here, len(seen.formulas))
        yield from tables.text(here.at(f"{here.part} formulas"), seen.formulas, package.reading)
    if seen.ordinary:
        yield Notice("formula", "formula.ordinary", here, seen.ordinary)
    xml = edges.decode("utf-8", "replace")
    around = [_FIELD.sub(" ", unescape(text)) for _, text in _AROUND.findall(xml)]
    around += [unescape(text) for text in _PROMPT.findall(xml)]
    yield from tables.text(here.at(f"{here.part} around the cells"), around, package.reading)
    yield from _hyperlinks(package, part, here, xml)


def _hidden_columns(xml: bytes) -> tuple[int, bool]:
    count, to_the_end = 0, False
    for one in _COLUMN.findall(xml):
        given = dict(_SPAN.findall(one))
        if given.get(b"hidden") in (b"1", b"true") or given.get(b"width") in (b"0", b"0.0"):
            try:
                first, last = int(given.get(b"min", b"1")), int(given.get(b"max", b"1"))
            except ValueError:
                first = last = 1
            if last >= 16384:  # all columns to the right, which are hidden to frame the table
                to_the_end = True
            else:
                count += max(last - first, 0) + 1
    return count, to_the_end


def _hyperlinks(package: Package, part: str, here: Place, xml: str) -> Read:
    targets = [one.target for one in package.relations(part) if one.type == "hyperlink"]
    odd = sum(map(is_odd, targets))
    if odd:
        yield Notice("link", "link.hyperlink_scheme", here, odd)
    if len(targets) > odd:
        yield Notice("link", "link.ordinary", here, len(targets) - odd)
    yield from tables.text(here.at(f"{here.part} links"), targets, package.reading)


def is_odd(target: str) -> bool:
    """A link that starts something, or leads into somebody's own computer or network."""
    if target.startswith(("\\\\", "//")) or re.match(r"[A-Za-z]:[\\/]", target):
        return True
    try:
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        return True
    return scheme not in ("", "http", "https", "mailto", "tel", "ftp")


def _defined_names(book: etree._Element) -> Iterator[str]:
    for one in book.iter():
        if local(one) == "definedName":
            yield f"{named(one, 'name')} {one.text or ''} {named(one, 'comment')}".strip()


def _comments(package: Package, place: Place, reading: Reading) -> Read:
    parts = package.matching(r"^xl/(comments.*|threadedcomments/.*|persons/.*)\.xml$|^xl/.*comments[^/]*\.xml$")
    here = place.at("comments")
    for part in parts:
        yield from package.part(part, lambda part: _text(package, part, here, reading), "comments")
    count = sum(_count(package, part) for part in parts if "persons" not in part)
    if count:
        yield Notice("hidden", "hidden.comments", here, count)


def _count(package: Package, part: str) -> int:
    try:
        return sum(1 for one in package.tree(part).iter() if local(one) in ("comment", "threadedComment"))
    except Exception:  # the part has its notice already
        return 1


def _text(package: Package, part: str, here: Place, reading: Reading) -> Read:
    with package.open(part) as stream:
        yield from tables.text(here, words(stream), reading)


def _links(package: Package, place: Place) -> Read:
    outside = [
        one
        for part in package.matching(r"^xl/.*\.rels$")
        for one in package.relations(part.replace("_rels/", "").removesuffix(".rels"))
        if one.outside and one.type != "hyperlink"
    ]
    books = [one for one in outside if one.type in OUTSIDE or one.type.lower().startswith("external")]
    if books:
        yield Notice("link", "link.external_workbook", place.at("links"), len(books))
    if others := [one for one in outside if one not in books]:
        yield Notice("link", "link.outside", place.at("links"), len(others))
    if "xl/connections.xml" in package:
        yield Notice("link", "link.connection", place.at("connections"))


def _pivots(package: Package, place: Place, reading: Reading) -> Read:
    """What pivot tables keep of the data that they were made from, even after that is deleted."""
    records = package.matching(r"^xl/pivotcache/pivotcacherecords[^/]*\.xml$")
    if records:
        yield Notice("hidden", "hidden.pivot_cache", place.at("pivot cache"), len(records))
    for part in [*package.matching(r"^xl/pivotcache/pivotcachedefinition[^/]*\.xml$"), *records]:
        yield from package.part(
            part, lambda part: _text(package, part, place.at("pivot cache"), reading), "pivot cache"
        )
