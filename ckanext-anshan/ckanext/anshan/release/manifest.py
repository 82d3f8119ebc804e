"""Reads a manifest: one JSON object per line, an entry with its files. Nothing is stored here."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .rules import Refusal, file_name, relative_path


@dataclass(frozen=True)
class Given:
    """A file as a line names it."""

    path: Path
    name: str
    format: str


@dataclass(frozen=True)
class Line:
    number: int  # from 1
    entry: str  # code, name or id
    files: tuple[Given, ...]
    release_date: datetime.date | None


@dataclass(frozen=True)
class Wrong:
    """A line that cannot be taken, and why."""

    number: int
    refusal: Refusal


def read(path: Path) -> Iterator[Line | Wrong]:
    """The lines of a manifest; empty ones are passed over. Raises ``OSError`` or ``UnicodeDecodeError``."""
    folder = path.resolve().parent
    with path.open(encoding="utf-8-sig") as stream:
        for number, text in enumerate(stream, 1):
            if text.strip():
                yield line(number, text, folder)


def line(number: int, text: str, folder: Path) -> Line | Wrong:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Wrong(number, Refusal("not_json", {"reason": str(error)[:200]}))
    wrong = shape(given)
    if wrong:
        return Wrong(number, Refusal("not_a_line", {"name": wrong}))
    date = _date(given.get("release_date"))
    files = _files(given.get("files") or [], folder)
    for one in (date, files):
        if isinstance(one, Refusal):
            return Wrong(number, one)
    assert not isinstance(date, Refusal) and not isinstance(files, Refusal)
    return Line(number, str(given.get("code") or given.get("entry")), files, date)


def shape(given: Any) -> str:
    """The name of what is missing or of the wrong kind; empty when the line is well made."""
    if not isinstance(given, Mapping):
        return "{}"
    entry = given.get("code") or given.get("entry")
    if not isinstance(entry, str) or "\0" in entry:
        return "code"
    files = given.get("files", [])
    if not isinstance(files, list) or not all(isinstance(one, Mapping) for one in files):
        return "files"
    for name in ("path", "name", "format"):
        if not all(isinstance(one.get(name, "" if name != "path" else None), str) for one in files):
            return name
    return ""


def _date(given: Any) -> datetime.date | Refusal | None:
    try:
        return datetime.date.fromisoformat(given) if given else None
    except (TypeError, ValueError):
        return Refusal("bad_date", {"date": str(given)[:40]})


def _files(given: list[Mapping[str, str]], folder: Path) -> tuple[Given, ...] | Refusal:
    files: list[Given] = []
    for one in given:
        file = _file(one, folder)
        if isinstance(file, Refusal):
            return file
        if file.name in {other.name for other in files}:
            return Refusal("same_name_twice", {"name": file.name})
        files.append(file)
    return tuple(files)


def _file(given: Mapping[str, str], folder: Path) -> Given | Refusal:
    relative = relative_path(given["path"])
    if isinstance(relative, Refusal):
        return relative
    name = file_name(given.get("name") or relative.name)
    if isinstance(name, Refusal):
        return name
    return _found(folder, relative.as_posix(), name, given.get("format", ""))


def _found(folder: Path, relative: str, name: str, format: str) -> Given | Refusal:
    try:
        path = (folder / relative).resolve()
        is_there = path.is_file()
    except (OSError, ValueError, RuntimeError):
        return Refusal("missing_file", {"path": relative[:200]})
    if not path.is_relative_to(folder):  # a link out of the folder
        return Refusal("bad_path", {"path": relative})
    return Given(path, name, format) if is_there else Refusal("missing_file", {"path": relative})
