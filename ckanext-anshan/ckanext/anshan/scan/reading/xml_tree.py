"""XML: elements that stand beside their like are the rows of a table; the other words are running text.

The file is read as a stream, once to learn which elements repeat and once for each table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ..pieces import Notice, Place, Read, Reading
from . import plain, tables
from .json_tree import Columns, Pair
from .package import SECURE, local
from .sniffing import HEAD
from .unreadable import Unreadable

TABLES = 12  # of a file; the words of any further ones are running text
REPEATED = 2


def read(path: Path, place: Place, reading: Reading) -> Read:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if re.search(rb"<!ENTITY", head.replace(b"\0", b"")):
        raise Unreadable("entities")
    try:
        names = _repeated(path)
    except etree.LxmlError:
        yield Notice("malformed", "malformed.not_parsed", place, facts={"type": "XML"})
        yield from plain.read(path, place, reading)
        return
    for number, name in enumerate(names):
        columns = Columns()
        for record in _records(path, name):
            columns.meet(record)
        reading.progress((number + 0.5) / (len(names) + 1))
        if columns.at:
            rows = map(columns.row, _records(path, name))
            yield from tables.table(place.at(name.rsplit("/", 1)[-1]), rows, columns.header)
    yield from tables.text(place.at("text") if names else place, _outside(path, set(names)), reading)
    reading.progress(1.0)


def _events(path: Path) -> Iterator[tuple[str, etree._Element, str]]:
    """Starts and ends with the path of names; what is behind is forgotten."""
    steps: list[str] = []
    for event, one in etree.iterparse(str(path), events=("start", "end", "comment", "pi"), **SECURE):
        if event == "start":
            if not steps:
                _refuse_entities(one)
            steps.append(local(one))
            yield event, one, "/".join(steps)
        elif event == "end":
            yield event, one, "/".join(steps)
            steps.pop()
        elif event == "comment":
            yield event, one, "/".join(steps)


def _refuse_entities(root: etree._Element) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise Unreadable("entities")


def _forget(one: etree._Element) -> None:
    """Frees an element that was looked at, and its elder siblings."""
    one.clear(keep_tail=True)
    parent = one.getparent()
    while parent is not None and one.getprevious() is not None:
        del parent[0]


def _repeated(path: Path) -> list[str]:
    """Paths of elements with content that repeat within one parent, none of them inside another."""
    most: Counter[str] = Counter()
    kept: dict[str, None] = {}
    open_counts: list[Counter[str]] = [Counter()]
    for event, one, name in _events(path):
        if event == "start":
            open_counts[-1][name] += 1
            open_counts.append(Counter())
            kept.setdefault(name)
        elif event == "end":
            for inner, times in open_counts.pop().items():
                most[inner] = max(most[inner], times)
            _forget(one)
    found: list[str] = []
    for name in kept:
        if most[name] >= REPEATED and not any(name.startswith(other + "/") for other in found):
            found.append(name)
    return sorted(found, key=lambda name: -most[name])[:TABLES]


def _records(path: Path, wanted: str) -> Iterator[list[Pair]]:
    inside = False
    for event, one, name in _events(path):
        if event == "start" and name == wanted:
            inside = True
        elif event == "end":
            if name == wanted:
                inside = False
                yield list(flat(one))
            if not inside:
                _forget(one)


def flat(one: etree._Element, name: str = "") -> Iterator[Pair]:
    """Attributes, words and children of an element as names and texts."""
    waiting: list[tuple[etree._Element, str, bool]] = [(one, name, False)]
    while waiting:
        here, name, tail_only = waiting.pop()
        if not tail_only:
            for key, value in here.attrib.items():
                yield _join(name, str(key).rsplit("}", 1)[-1]), str(value)
            if (here.text or "").strip() or not len(here):
                yield name or local(here) or "comment", (here.text or "").strip()
            for child in reversed(here):
                inner = _join(name, local(child)) if isinstance(child.tag, str) else _join(name, "comment")
                if (child.tail or "").strip():
                    waiting.append((child, name, True))
                waiting.append((child, inner, False))
        else:
            yield name or "text", (here.tail or "").strip()


def _join(name: str, inner: str) -> str:
    return f"{name}.{inner}" if name else inner


def _outside(path: Path, rows: set[str]) -> Iterator[str]:
    """The words that are in no table: texts, attributes, comments."""
    depth = 0
    for event, one, name in _events(path):
        if event == "start":
            depth += name in rows
            if not depth:
                yield from (str(value) for value in one.attrib.values())
        elif event == "comment":
            if not depth:
                yield (one.text or "").strip()
        else:
            if not depth:
                yield from _lines(one.text)
                yield from (line for child in one for line in _lines(child.tail))
            depth -= name in rows
            if not depth:
                tail = one.tail
                _forget(one)
                one.tail = tail


def _lines(text: str | None) -> Iterator[str]:
    yield from (text or "").splitlines()
