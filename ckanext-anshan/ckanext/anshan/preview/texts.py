"""What is in files that are no tables: the beginning of a text, the names in a ZIP. Plain Python."""

from __future__ import annotations

import codecs
import json
import struct
import zipfile
from dataclasses import dataclass
from typing import IO

MOST_TEXT = 100_000
"""Bytes of a text that are shown."""
MOST_JSON = 2_000_000
"""Bytes of a JSON file that is laid out anew; a larger one is shown as it is."""
MOST_NAMES = 500
MOST_DIRECTORY = 8_000_000
"""Bytes of a ZIP's central directory that are read."""
END = b"PK\5\6"


@dataclass(frozen=True)
class Text:
    text: str
    is_whole: bool


@dataclass(frozen=True)
class Packed:
    """A file in a ZIP."""

    name: str
    size: int


@dataclass(frozen=True)
class Listing:
    files: tuple[Packed, ...]
    total: int
    size: int  # bytes of all, unpacked


def beginning(stream: IO[bytes], size: int, is_json: bool) -> Text:
    """The beginning of a text; JSON laid out, where it is small enough to be read whole."""
    if is_json and size <= MOST_JSON:
        laid_out = _laid_out(stream.read(MOST_JSON))
        if laid_out is not None:
            return Text(laid_out[:MOST_TEXT], len(laid_out) <= MOST_TEXT)
        stream.seek(0)
    start = stream.read(MOST_TEXT)
    return Text(decoded(start), size <= MOST_TEXT)


def _laid_out(data: bytes) -> str | None:
    try:
        return json.dumps(json.loads(decoded(data)), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return None


def decoded(data: bytes) -> str:
    """UTF-8 or GB18030; the last character may be cut."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        return decoder.decode(data)
    except UnicodeDecodeError:
        return codecs.getincrementaldecoder("gb18030")("replace").decode(data)


def listing(stream: IO[bytes]) -> Listing | None:
    """The names and sizes in a ZIP, from its central directory alone; None where it can't be read."""
    if not 0 <= _directory_size(stream) <= MOST_DIRECTORY:
        return None
    try:
        with zipfile.ZipFile(stream) as packed:
            found = [one for one in packed.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None
    names = tuple(Packed(_name(one), one.file_size) for one in found[:MOST_NAMES])
    return Listing(names, len(found), sum(one.file_size for one in found))


def _directory_size(stream: IO[bytes]) -> int:
    """What the end of a ZIP says of its directory: read before anything is trusted to it."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        return -1
    return struct.unpack("<L", tail[at + 12 : at + 16])[0]


def _name(info: zipfile.ZipInfo) -> str:
    """Names that aren't marked as UTF-8 are GB18030 where they come from Windows in Chinese."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.orig_filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename
