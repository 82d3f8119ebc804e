"""HTML, also under the name of a workbook: tables as tables, the rest as lines."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ..pieces import Notice, Place, Read, Reading
from . import encoding, plain, tables
from .package import local
from .sniffing import HEAD

BLOCKS = {"p", "div", "li", "tr", "td", "th", "br", "h1", "h2", "h3", "h4", "h5", "h6", "title", "option", "dt", "dd"}
SPOKEN = {"value", "alt", "title", "placeholder", "href", "content", "src", "data", "action"}


def read(path: Path, place: Place, reading: Reading) -> Read:
    if path.stat().st_size > reading.limits.whole:
        yield Notice("malformed", "malformed.not_parsed", place, facts={"type": "HTML"})
        yield from plain.read(path, place, reading)
        return
    data = path.read_bytes()
    text = data.decode(encoding.detect(data[:HEAD]), "replace").lstrip("\ufeff").replace("\0", " ")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = etree.parse(BytesIO(text.encode("utf-8", "replace")), parser).getroot()
    if root is None:
        yield from plain.read(path, place, reading)
        return
    for number, one in enumerate(root.iter("table")):
        yield from tables.table(place.at(f"table {number + 1}"), list(_rows(one)))
    yield from tables.text(place.at("text"), _lines(root), reading)
    yield from tables.text(place.at("attributes"), _attributes(root), reading)
    yield from tables.text(place.at("comments"), (one.text or "" for one in root.iter(etree.Comment)), reading)
    reading.progress(1.0)


def _rows(table: etree._Element) -> Iterator[list[str]]:
    """The rows of a table, without those of tables inside it."""
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is table:
            cells = [" ".join("".join(map(str, one.itertext())).split()) for one in row if local(one) in ("td", "th")]
            if cells:
                yield cells


def _lines(root: etree._Element) -> Iterator[str]:
    """The words outside of tables, a block a line."""
    kept: list[str] = []
    inside = 0
    for event, one in etree.iterwalk(root, events=("start", "end")):
        name = local(one)
        if event == "start":
            inside += name == "table"
            if name in BLOCKS and kept:
                yield from "".join(kept).splitlines()
                kept = []
            if name and not inside and one.text:
                kept.append(one.text)
        else:
            inside -= name == "table"
            if name in BLOCKS and kept:
                yield from "".join(kept).splitlines()
                kept = []
            if not inside and one.tail:
                kept.append(one.tail)
    yield from "".join(kept).splitlines()


def _attributes(root: etree._Element) -> Iterator[str]:
    for one in root.iter():
        for key, value in one.attrib.items():
            if str(key).lower() in SPOKEN and not str(value).startswith("data:"):
                yield str(value)
