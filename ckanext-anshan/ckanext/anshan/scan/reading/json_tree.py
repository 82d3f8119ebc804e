"""JSON, GeoJSON and lines of JSON: every array of objects is a table, what is nested in an object a column ``a.b``."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import ijson

from ..pieces import Notice, Place, Read, Reading
from . import encoding, plain, tables
from .sniffing import HEAD
from .unreadable import Unreadable

COLUMNS = 1024  # names beyond them share the last column
REPEATS = 8  # values of one name in one record that get a column each; the others share the last
TREE = 16 << 20  # bytes; a tree of objects takes thirty times the memory of its text
LONGEST = 20_000  # values of a record; a longer one is several
DEEPEST = 200  # levels
KEYED = 5  # objects under as many keys are records, and the keys a column
KEY = "(key)"
Pair = tuple[str, str]


class Object(list):  # type: ignore[type-arg]
    """An object in which a key stands twice, as pairs: both values are there."""


def read(path: Path, place: Place, reading: Reading) -> Read:
    if path.stat().st_size > min(TREE, reading.limits.whole):
        yield from _stream(path, place, reading)
        return
    data = path.read_bytes()
    text = data.decode(encoding.detect(data[:HEAD]), "replace").lstrip("\ufeff")
    del data
    try:
        tree = _parsed(text)
    except ValueError:
        yield Notice("malformed", "malformed.not_parsed", place, facts={"type": "JSON"})
        yield from plain.read(path, place, reading)
        return
    del text
    yield from _walk(tree, place, "", reading, 0)
    reading.progress(1.0)


def _parsed(text: str) -> Any:
    """One value, or a value a line."""
    try:
        return _loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [_loads(line) for line in lines]


def _loads(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=str)


def _object(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Object(pairs)


def _walk(value: Any, place: Place, name: str, reading: Reading, depth: int) -> Read:
    """Tables for the arrays, and one table of a single row for what stands outside of them."""
    if depth > DEEPEST:
        raise Unreadable("too_deep")
    here = _at(place, name)
    if isinstance(value, list) and not isinstance(value, Object):
        yield from _array(value, here, name, reading)
        return
    if not _is_object(value):
        yield from tables.table(here, [(_word(value),)], (name or "value",))
        return
    pairs = _pairs(value)
    if len(pairs) >= KEYED and all(_is_object(one) for _, one in pairs):
        yield from _records(([(KEY, key), *flat(one)] for key, one in pairs), here)
        return
    outside: list[Pair] = []
    for key, one in pairs:
        inner = f"{name}.{key}" if name else key
        if isinstance(one, dict | list) and one and not (key == "coordinates" and _is_numbers(one)):
            yield from _walk(one, place, inner, reading, depth + 1)
            if not name and key.isdigit():
                outside.append((KEY, key))
        else:
            outside += flat({key: one})
    yield from _records([outside] if outside else [], here)


def _array(values: list[Any], here: Place, name: str, reading: Reading) -> Read:
    objects = [one for one in values if _is_object(one)]
    lists = [one for one in values if isinstance(one, list) and not isinstance(one, Object)]
    yield from _records((flat(one) for one in objects), here)
    rows = [[" ".join(word for _, word in flat({"": one})) for one in row] for row in lists]
    yield from tables.table(here, rows)
    if len(objects) + len(lists) < len(values):
        words = ((_word(one),) for one in values if not isinstance(one, dict | list))
        yield from tables.table(here, words, (name.rsplit(".", 1)[-1] or "value",))


def _at(place: Place, name: str) -> Place:
    return place.at(name) if name else place


def _is_object(value: Any) -> bool:
    return isinstance(value, dict | Object)


def _pairs(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else list(value)


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and not any(_is_object(one) for one in value)


def _word(value: Any) -> str:
    if value is None:
        return ""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def flat(record: Any) -> list[Pair]:
    """A record as names and texts; a geometry as the longitude and latitude of its first point."""
    found: list[Pair] = []
    waiting: list[tuple[str, Any]] = [("", record)]
    while waiting:
        name, value = waiting.pop()
        if _is_object(value):
            waiting += [(f"{name}.{key}" if name else key, one) for key, one in reversed(_pairs(value))]
        elif isinstance(value, list):
            if name.endswith("coordinates") and (point := _point(value)):
                stem = name.rpartition(".")[0]
                found += [
                    (f"{stem}.{axis}" if stem else axis, word) for axis, word in zip(("lng", "lat"), point, strict=True)
                ]
            else:
                waiting += [(name, one) for one in reversed(value)]
        else:
            found.append((name.removeprefix("properties."), _word(value)))
    return found


def _point(value: Any) -> tuple[str, str] | None:
    """The first two numbers, however deep they stand."""
    while isinstance(value, list) and value and isinstance(value[0], list):
        value = value[0]
    if isinstance(value, list) and len(value) >= 2 and all(isinstance(one, str) for one in value[:2]):
        return value[0], value[1]
    return None


class Columns:
    """Names of columns in the order in which they were met; a name that repeats in a record has several."""

    def __init__(self) -> None:
        self.at: dict[tuple[str, int], int] = {}
        self.repeats: dict[str, int] = {}

    @property
    def header(self) -> list[str]:
        return [name if not number else f"{name}[{number + 1}]" for name, number in self.at]

    def meet(self, record: Iterable[Pair]) -> None:
        times: dict[str, int] = {}
        for name, _ in record:
            number = times.get(name, 0)
            times[name] = number + 1
            if number < REPEATS and len(self.at) < COLUMNS:
                self.at.setdefault((name, number), len(self.at))

    def row(self, record: Iterable[Pair]) -> list[str]:
        cells = [""] * len(self.at)
        times: dict[str, int] = {}
        for name, text in record:
            number = min(times.get(name, 0), REPEATS - 1)
            times[name] = number + 1
            at = self.at.get((name, number), len(cells) - 1)
            cells[at] = f"{cells[at]} {text}" if cells[at] else text
        return cells


def _records(records: Iterable[list[Pair]], here: Place) -> Read:
    kept = list(records)
    columns = Columns()
    for one in kept:
        columns.meet(one)
    if columns.at:
        yield from tables.table(here, map(columns.row, kept), columns.header)


def _stream(path: Path, place: Place, reading: Reading) -> Read:
    """A file too large to be a tree: passes for the names of the columns, then for the rows of each table."""
    columns: dict[str, Columns] = {}
    for name, record in _stream_records(path, reading, 0.0):
        columns.setdefault(name, Columns()).meet(record)
    for number, (name, names) in enumerate(columns.items()):
        if number >= 20:
            yield Notice("unreadable", "unreadable.limit_tables", place, len(columns) - number)
            return
        rows = (names.row(record) for at, record in _stream_records(path, reading, 0.5) if at == name)
        yield from tables.table(_at(place, name), rows, names.header)


def _stream_records(path: Path, reading: Reading, start: float) -> Iterator[tuple[str, list[Pair]]]:
    """Each element of each outermost array, and at the end what stands outside of arrays."""
    size = max(path.stat().st_size, 1)
    outside: list[Pair] = []
    record: list[Pair] = []
    keys: list[str] = []  # of the objects and arrays that are open; an array's is ""
    arrays = base = 0
    name = ""
    with path.open("rb") as file:
        for count, (event, value) in enumerate(ijson.basic_parse(_Utf8(file), multiple_values=True, use_float=False)):
            if count % 500_000 == 0:
                reading.progress(start + file.tell() / size / 2)
            if event == "map_key":
                keys[-1] = value
            elif event == "start_map":
                keys.append("")
            elif event == "start_array":
                if not arrays:
                    name = _path(keys)
                    base = len(keys)
                keys.append("")
                arrays += 1
            elif event == "end_array":
                keys.pop()
                arrays -= 1
            elif event == "end_map":
                keys.pop()
            else:
                into = record if arrays else outside
                _put(into, _path(keys[base + 1 :] if arrays else keys), _word(value))
            if len(keys) > DEEPEST:
                raise Unreadable("too_deep")
            if record and ((arrays == 1 and len(keys) == base + 1 and event != "map_key") or len(record) > LONGEST):
                last = name.rsplit(".", 1)[-1] or "value"
                yield name, [(one or last, word) for one, word in record]
                record = []
            if not keys and outside:
                yield "", outside
                outside = []


def _path(keys: list[str]) -> str:
    return ".".join(filter(None, keys))


def _put(record: list[Pair], name: str, word: str) -> None:
    """Of coordinates, only the first two numbers."""
    if name.endswith("coordinates"):
        stem = name.removesuffix("coordinates")
        there = sum(1 for one, _ in record[-2:] if one in (f"{stem}lng", f"{stem}lat"))
        if there < 2:
            record.append((stem + ("lat" if there else "lng"), word))
    else:
        record.append((name.removeprefix("properties."), word))


class _Utf8:
    """A stream as UTF-8 for ijson, whatever it is written in."""

    def __init__(self, file: IO[bytes]) -> None:
        head = file.read(HEAD)
        file.seek(0)
        self.file = file
        self.decoder = codecs.getincrementaldecoder(encoding.detect(head))("replace")

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        while data := self.file.read(size):
            if text := self.decoder.decode(data):
                return text.encode("utf-8", "replace")
        return b""
