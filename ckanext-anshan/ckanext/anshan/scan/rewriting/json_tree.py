"""JSON, GeoJSON and lines of JSON written anew: the same structure and order, with keys gone or their values changed.

Numbers that aren't asked for keep their digits, and a key that stands twice stands twice again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from ..pieces import Reading
from ..reading.encoding import detect
from ..suppressing import suppression
from . import COMBINED, Asked, Change, Changes, Editor, Refused, below, editors, names_of, told, written

HEAD = 1 << 18
DEEPEST = 200
REPEATED = re.compile(r"\[\d+\]$")
STRUCTURE = ("type", "features", "geometry", "coordinates", "properties")
"""Keys that a GeoJSON document can't be without."""


class Number(str):
    """A number as it is written."""


class Pairs(list):  # type: ignore[type-arg]
    """An object, as pairs of key and value."""


def apply(path: Path, name: str, asked: Sequence[Asked], to: Path, reading: Reading) -> Changes:
    document = _Document(path, asked, reading)
    digest, size = sha256(), 0
    with written(to) as new:
        with new.open("wb") as file:
            for chunk in document.chunks():
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        changes = document.changes()
    return Changes(name, digest.hexdigest(), size, changes)


def preview(path: Path, asked: Sequence[Asked], rows: int) -> tuple[Change, ...]:
    document = _Document(path, asked, Reading(), rows)
    for _ in document.chunks():
        if all(editor.is_shown for editor in document.editors):
            break
    return document.changes()


class _Document:
    def __init__(self, path: Path, asked: Sequence[Asked], reading: Reading, most: int = 3) -> None:
        self.path, self.reading, self.size = path, reading, max(path.stat().st_size, 1)
        with path.open("rb") as file:
            head = file.read(HEAD)
        self.encoding = detect(head).removesuffix("-sig")  # the mark stays in the text
        self.errors = "surrogatepass" if self.encoding.startswith("utf") else "replace"
        self.is_ascii = head.isascii() and b"\\u" in head
        self.editors = editors([one for one in asked if one.remedy != "plain"], most)
        self.met = dict.fromkeys(map(id, self.editors), False)
        self.also = list[Editor]()

    def chunks(self) -> Iterator[bytes]:
        if self.size <= self.reading.limits.whole:
            yield self._whole()
        else:
            yield from self._lines()
        missing = next((one for one in self.editors if not self.met[id(one)]), None)
        if missing is not None:
            raise Refused("no_such_column", column=missing.asked.column)

    def changes(self) -> tuple[Change, ...]:
        return tuple(editor.change() for editor in [*self.editors, *self.also])

    def _whole(self) -> bytes:
        text = self.path.read_bytes().decode(self.encoding, self.errors)
        try:
            return self._rewritten(text, _indent(text)).encode(self.encoding, self.errors)
        except RecursionError as error:
            raise Refused("unreadable") from error
        except ValueError:
            lines = text.splitlines(keepends=True)
            if len(lines) < 2:
                raise Refused("unreadable") from None
            return "".join(map(self._line, lines)).encode(self.encoding, self.errors)

    def _lines(self) -> Iterator[bytes]:
        """A document a line, of which any number fits."""
        if self.encoding not in ("utf-8", "gb18030"):
            raise Refused("too_large", most=self.reading.limits.whole >> 20)
        done = 0
        with self.path.open("rb") as file:
            for line in _bounded(file, self.reading.limits.whole):
                done += len(line)
                self.reading.progress(done / self.size)
                yield self._line(line.decode(self.encoding, self.errors)).encode(self.encoding, self.errors)

    def _line(self, line: str) -> str:
        try:
            return self._rewritten(line, None) if line.strip("\ufeff \t\r\n") else line
        except (ValueError, RecursionError) as error:
            too_large = self.size > self.reading.limits.whole
            raise Refused("too_large" if too_large else "unreadable", most=self.reading.limits.whole >> 20) from error

    def _rewritten(self, text: str, indent: str | None) -> str:
        """The document without a change to what stands before and after it."""
        body = text.strip("\ufeff \t\r\n")
        start = text.index(body)
        new = _dumped(self._changed(_loads(body)), indent, _space(text), self.is_ascii)
        return text[:start] + new + text[start + len(body) :]

    def _changed(self, tree: Any) -> Any:
        counts = [one for one in self.editors if one.asked.remedy == "suppress"]
        if counts:
            self._suppress(tree, counts)
        return self._walk(tree, (), (0,))

    def _walk(self, value: Any, path: tuple[str, ...], bases: tuple[int, ...]) -> Any:
        """The new value; ``bases`` are the lengths of path at which a record began."""
        if len(path) > DEEPEST:
            raise Refused("unreadable")
        if isinstance(value, Pairs):
            return Pairs(self._pairs(value, path, bases))
        if isinstance(value, list):
            inner = (*bases, len(path)) if bases[-1] != len(path) else bases
            return [self._walk(one, path, inner) for one in value]
        for editor in self._asked(path, bases, exact=True):
            if editor.asked.remedy not in ("drop", "suppress"):
                value = _edited(editor, value)
        return value

    def _pairs(self, value: Pairs, path: tuple[str, ...], bases: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
        for key, one in value:
            here = (*path, key)
            mine = self._asked(here, bases, exact=False)
            drop = next((editor for editor in mine if editor.asked.remedy == "drop"), None)
            if drop is not None:
                drop.rows += 1
                if (text := _text(one)) != "":
                    drop.note(text, "")
                if key in STRUCTURE:
                    yield key, None
                continue
            rounding = next((editor for editor in mine if editor.asked.remedy == "round"), None)
            if rounding is not None and isinstance(one, list):
                yield key, _rounded(rounding, one)
            else:
                yield key, self._walk(one, here, bases)

    def _asked(self, path: tuple[str, ...], bases: Sequence[int], exact: bool) -> list[Editor]:
        """The editors of what stands at a path, seen from any record around it."""
        found = []
        names = {told(".".join(path[base:]).removeprefix("properties.")) for base in bases}
        for editor in self.editors:
            wanted = {
                name for column in {editor.asked.column, *names_of(editor.asked)} for name in _paths(column, exact)
            }
            if not names.isdisjoint(wanted):
                self.met[id(editor)] = True
                found.append(editor)
        return found

    def _suppress(self, tree: Any, counts: Sequence[Editor]) -> None:
        """Hides the small cells of the first array of records that has the columns."""
        names = [name for one in counts for name in names_of(one.asked)]
        records = next((one for one in _arrays(tree) if any(_has(record, names) for record in one)), None)
        if records is None:
            raise Refused("no_such_column", column=names[0])
        header = list(dict.fromkeys(key for record in records for key, _ in record))
        rows = [[_text(dict(record).get(key)) for key in header] for record in records]
        asked = {header.index(name) for name in names if name in header}
        for (row, at), sign in sorted(suppression(rows, header, asked, 0, below()).items()):
            self._editor_of(header[at], counts).note(rows[row][at], sign)
            records[row][:] = [(key, sign if key == header[at] else value) for key, value in records[row]]
        for one in counts:
            self.met[id(one)], one.rows = True, len(records)

    def _editor_of(self, name: str, counts: Sequence[Editor]) -> Editor:
        known = next((one for one in [*counts, *self.also] if name in names_of(one.asked)), None)
        if known is None:
            known = Editor(Asked(counts[0].asked.part, name, "suppress", "small_cells"), rule="suppress.second")
            self.also.append(known)
        return known


@lru_cache(1000)
def _paths(column: str, exact: bool) -> tuple[str, ...]:
    """Where a column stands in a record; longitude and latitude of a geometry stand in its coordinates."""
    column = REPEATED.sub("", column)
    stem, _, axis = column.rpartition(".")
    if exact or axis not in ("lng", "lat"):
        return (column,)
    return (column, f"{stem}.coordinates" if stem else "coordinates")


def _loads(text: str) -> Any:
    return json.loads(text, object_pairs_hook=Pairs, parse_float=Number, parse_int=Number, parse_constant=Number)


def _edited(editor: Editor, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    new = editor.edit(str(value))
    if new == str(value) or (editor.asked.kind in COMBINED and new in ("", "***")):
        return value  # not a date or an address, of which a combination has columns, too
    return Number(new) if isinstance(value, Number) and editor.asked.remedy == "round" else new


def _rounded(editor: Editor, value: Any) -> Any:
    """A geometry's coordinates, however deep."""
    if isinstance(value, list):
        return [_rounded(editor, one) for one in value]
    return _edited(editor, value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _arrays(tree: Any) -> Iterator[list[Pairs]]:
    if isinstance(tree, list) and not isinstance(tree, Pairs) and tree and all(isinstance(one, Pairs) for one in tree):
        yield tree
    for one in (value for _, value in tree) if isinstance(tree, Pairs) else tree if isinstance(tree, list) else ():
        yield from _arrays(one)


def _has(record: Pairs, names: Sequence[str]) -> bool:
    return any(key in names for key, _ in record)


def _indent(text: str) -> str | None:
    """The indentation of a document that is written in lines."""
    match = re.match(r"\ufeff?\s*[\[{]\r?\n([ \t]*)", text)
    return match[1] if match else None


def _space(text: str) -> str:
    """What stands behind a colon."""
    return " " if re.search(r'":\s', text[:4096]) else ""


def _dumped(tree: Any, indent: str | None, space: str, is_ascii: bool) -> str:
    parts: list[str] = []
    _dump(tree, parts.append, indent, "\n", space, is_ascii)
    return "".join(parts)


def _dump(value: Any, put: Callable[[str], None], indent: str | None, line: str, space: str, is_ascii: bool) -> None:
    is_object = isinstance(value, Pairs)
    if not isinstance(value, list):
        put(value if isinstance(value, Number) else json.dumps(value, ensure_ascii=is_ascii))
        return
    if not value:
        put("{}" if is_object else "[]")
        return
    inner = line + (indent or "")
    put("{" if is_object else "[")
    for at, one in enumerate(value):
        put("," if at else "")
        put(inner if indent is not None else (" " if at and space else ""))
        if is_object:
            put(json.dumps(one[0], ensure_ascii=is_ascii) + ":" + space)
            one = one[1]
        _dump(one, put, indent, inner, space, is_ascii)
    put(line if indent is not None else "")
    put("}" if is_object else "]")


def _bounded(file: IO[bytes], most: int) -> Iterator[bytes]:
    while line := file.readline(most + 1):
        if len(line) > most:
            raise Refused("too_large", most=most >> 20)
        yield line
