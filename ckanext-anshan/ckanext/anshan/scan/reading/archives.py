"""Archives: ZIP, TAR, and single files packed by gzip, bzip2 or xz. Nothing is extracted under a name of theirs."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Any

from ..pieces import Notice, Place, Read, Reading
from . import inside, tables
from .unreadable import Unreadable

UTF8_NAMES = 0x800
ENCRYPTED = 0x1
PACKED: dict[bytes, Callable[[Path], AbstractContextManager[Any]]] = {
    b"\x1f\x8b": gzip.GzipFile,
    b"BZ": bz2.BZ2File,
    b"\xfd7": lzma.LZMAFile,
}
BAD = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, KeyError)


def read(path: Path, place: Place, reading: Reading) -> Read:
    """The names of the members as text, then each member."""
    with path.open("rb") as file:
        start = file.read(2)
    if start in PACKED:
        yield from _packed(path, PACKED[start], place, reading)
    elif zipfile.is_zipfile(path):
        yield from _zip(path, place, reading)
    elif tarfile.is_tarfile(path):
        yield from _tar(path, place, reading)
    else:
        raise Unreadable("damaged")


def _zip(path: Path, place: Place, reading: Reading) -> Read:
    with zipfile.ZipFile(path) as archive:
        entries = [one for one in archive.infolist() if not one.is_dir()]
        names = {id(one): name_of(one) for one in entries}
        yield from tables.text(place.at("file names"), _names(archive, list(names.values())), reading)
        yield from _twice(names.values(), place)
        for number, entry in enumerate(entries):
            if notice := inside.enter(place, reading):
                yield _rest(notice, len(entries) - number)
                return
            with inside.share(reading, number / len(entries), (number + 1) / len(entries)):
                yield from _entry(archive, entry, names[id(entry)], place, reading)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, place: Place, reading: Reading) -> Read:
    here = place.within(inside.printable(name))
    if entry.flag_bits & ENCRYPTED:
        yield Notice("unreadable", "unreadable.encrypted", here)
        return
    try:
        with archive.open(entry) as stream:
            yield from inside.member(stream, name, entry.compress_size, place, reading)
    except NotImplementedError:
        yield Notice("unreadable", "unreadable.unknown_method", here)
    except BAD:
        yield Notice("unreadable", "unreadable.damaged", here)


def name_of(entry: zipfile.ZipInfo) -> str:
    """The member's name. Without the mark of UTF-8 it is what the packing machine spoke: here, mostly GBK."""
    if entry.flag_bits & UTF8_NAMES:
        return entry.filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _names(archive: zipfile.ZipFile, names: Iterable[str]) -> Iterator[str]:
    yield from names
    yield from filter(None, (_words(one.comment) for one in archive.infolist()))
    yield _words(archive.comment)


def _words(comment: bytes) -> str:
    try:
        return comment.decode("utf-8")
    except UnicodeDecodeError:
        return comment.decode("gb18030", "replace")


def _twice(names: Iterable[str], place: Place) -> Iterator[Notice]:
    twice = sum(1 for times in Counter(names).values() if times > 1)
    if twice:
        yield Notice("malformed", "malformed.names_twice", place, twice)


def _rest(notice: Notice, count: int) -> Notice:
    return Notice(notice.kind, notice.rule, notice.place, count, notice.facts)


def _tar(path: Path, place: Place, reading: Reading) -> Read:
    """One pass: a TAR file has no list of its members."""
    names: list[str] = []
    beyond: Notice | None = None
    count = 0
    size = max(path.stat().st_size, 1)
    with tarfile.open(path, "r:", errors="surrogateescape") as archive:
        for entry in archive:
            name = _tar_name(entry.name)
            if entry.isdir():
                continue
            names.append(name)
            if beyond := beyond or inside.enter(place, reading):
                count += 1
                continue
            with inside.share(reading, entry.offset / size, min((entry.offset_data + entry.size) / size, 1.0)):
                yield from _tar_entry(archive, entry, name, place, reading)
            archive.members = []  # type: ignore[attr-defined]  # it would keep them all
    yield from tables.text(place.at("file names"), names, reading)
    if beyond:
        yield _rest(beyond, count)


def _tar_entry(archive: tarfile.TarFile, entry: tarfile.TarInfo, name: str, place: Place, reading: Reading) -> Read:
    if not entry.isfile():
        yield Notice("unreadable", "unreadable.not_a_file", place.within(inside.printable(name)))
        return
    stream = archive.extractfile(entry)
    if stream is not None:
        yield from inside.member(stream, name, 0, place, reading)


def _tar_name(name: str) -> str:
    raw = name.encode("utf-8", "surrogateescape")
    return _words(raw)


def _packed(path: Path, open_it: Callable[[Path], AbstractContextManager[Any]], place: Place, reading: Reading) -> Read:
    """A single file, whose name is that of the package without its last extension."""
    if notice := inside.enter(place, reading):
        yield notice
        return
    outer = place.path[-1] if place.path else "file.gz"
    name = PurePosixPath(outer).name
    stem = name.rsplit(".", 1)[0] + (".tar" if name.lower().endswith((".tgz", ".tbz2", ".txz")) else "")
    try:
        with open_it(path) as stream:
            yield from inside.member(stream, stem or "file", path.stat().st_size, place, reading)
    except BAD:
        yield Notice("unreadable", "unreadable.damaged", place)
