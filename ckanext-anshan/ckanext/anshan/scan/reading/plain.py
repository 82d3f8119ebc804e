"""Running text in any encoding, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..pieces import Place, Read, Reading
from . import encoding, tables

HEAD = 1 << 18
LONGEST_LINE = 1 << 20
"""Characters; a longer line is cut, with some of it repeated so that no value falls into the cut."""
OVERLAP = 200


def read(path: Path, place: Place, reading: Reading) -> Read:
    yield from tables.text(place, _lines(path, reading), reading)


def _lines(path: Path, reading: Reading) -> Iterator[str]:
    size = max(path.stat().st_size, 1)
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(0)
        text = encoding.Utf8(file, encoding.detect(head))
        rest = ""
        for chunk in text:
            *whole, rest = (rest + chunk.decode("utf-8", "replace")).replace("\0", " ").splitlines(keepends=True) or [
                ""
            ]
            for line in whole:
                yield from _cut(line.rstrip("\r\n"))
            if rest.endswith("\n") or len(rest) > LONGEST_LINE:
                yield from _cut(rest.rstrip("\r\n"))
                rest = rest[-OVERLAP:] if not rest.endswith("\n") else ""
            reading.progress(min(text.done / size, 1.0))
        yield from _cut(rest)


def _cut(line: str) -> Iterator[str]:
    for start in range(0, max(len(line), 1), LONGEST_LINE):
        yield line[max(start - OVERLAP, 0) : start + LONGEST_LINE]
