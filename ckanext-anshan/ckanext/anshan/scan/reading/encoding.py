"""In which encoding a text is written: a mark at its beginning, else what its bytes can only be."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import IO

import numpy as np

CHUNK = 1 << 20
FOUR_BYTES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
"""A character that only GB18030 has; Big5 has no digit as a second byte."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BIG5_TRAILS = 0.15
"""Share of two-byte characters whose second byte is below 0x80: about 0.4 in Big5, next to none in GB 2312."""


def detect(head: bytes) -> str:
    """Python's name of the encoding: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``utf-16-le``, ``gb18030``, ...

    :param head: the beginning of the file; a character cut at its end does no harm
    """
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    return _wide(head) or ("utf-8" if is_utf8(head) or _is_mostly_utf8(head) else _chinese(head))


def is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(head: bytes) -> bool:
    """Whether nearly all lines with more than ASCII are UTF-8: a few came from elsewhere."""
    lines = [line for line in head.split(b"\n")[:-1][:5000] if not line.isascii()]
    good = sum(map(is_utf8, lines))
    return good >= 10 * (len(lines) - good) and good > 0


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of ASCII text is zero, and line ends stand in both halves."""
    zeros = np.frombuffer(head[: len(head) // 2 * 2], np.uint8) == 0
    even, odd = zeros[::2].mean() if len(zeros) else 0, zeros[1::2].mean() if len(zeros) else 0
    if max(even, odd) > 0.05 and min(even, odd) < max(even, odd) / 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _chinese(head: bytes) -> str:
    if FOUR_BYTES.search(head):
        return "gb18030"
    pairs = _pairs(head)
    low = sum(1 for _, trail in pairs if trail < 0x80)
    return "big5hkscs" if pairs and low / len(pairs) > BIG5_TRAILS else "gb18030"


def _pairs(head: bytes) -> list[tuple[int, int]]:
    """The two-byte characters, as far as 20,000 bytes go."""
    found, at, data = [], 0, head[:20_000]
    while at < len(data) - 1:
        if data[at] < 0x81:
            at += 1
            continue
        found.append((data[at], data[at + 1]))
        at += 2
    return found


class Utf8:
    """A stream as UTF-8, chunk by chunk. ``mixed`` counts the lines that were in another encoding than the rest."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self.stream, self.encoding, self.mixed, self.done = stream, encoding, 0, 0

    def __iter__(self) -> Iterator[bytes]:
        """Chunks of about a mebibyte, each but the last one with whole lines where lines are shorter than that."""
        return self._as_it_is() if self.encoding.startswith("utf-8") else self._decoded()

    def _as_it_is(self) -> Iterator[bytes]:
        rest = b""
        for chunk in self._chunks():
            if not self.done and chunk.startswith(codecs.BOM_UTF8):
                chunk = chunk[3:]
            self.done += len(chunk)
            whole, rest = _at_line(rest + chunk)
            if whole:
                yield self._checked(whole)
        if rest:
            yield self._checked(rest)

    def _checked(self, chunk: bytes) -> bytes:
        try:
            chunk.decode("utf-8")
            return chunk
        except UnicodeDecodeError:
            return b"".join(self._mended(line) for line in chunk.splitlines(keepends=True))

    def _mended(self, line: bytes) -> bytes:
        try:
            line.decode("utf-8")
            return line
        except UnicodeDecodeError:
            self.mixed += 1
            return line.decode("gb18030", "replace").encode()

    def _decoded(self) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        for chunk in self._chunks():
            self.done += len(chunk)
            text = decoder.decode(chunk)
            self.mixed += text.count("\ufffd")
            yield text.encode("utf-8", "replace")
        if text := decoder.decode(b"", True):
            yield text.encode("utf-8", "replace")

    def _chunks(self) -> Iterator[bytes]:
        while chunk := self.stream.read(CHUNK):
            yield chunk


def _at_line(data: bytes) -> tuple[bytes, bytes]:
    """Split behind the last line end; a line of more than a chunk is cut between two characters."""
    end = data.rfind(b"\n") + 1
    if end or len(data) < CHUNK:
        return data[:end], data[end:]
    cut = len(data)
    while cut > len(data) - 4 and data[cut - 1] & 0xC0 == 0x80:
        cut -= 1
    cut -= data[cut - 1] >= 0xC0
    return data[:cut], data[cut:]
