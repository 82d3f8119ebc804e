"""The font that agreements are printed with: fetched by the launcher, inside each document, never in the project."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..theme import libraries

LIBRARY = "@embedpdf/fonts-sc"


class NoFont(Exception):
    """It hasn't been fetched: ``ckan anshan libraries``."""


def paths() -> list[Path]:
    found = [libraries.path(name) for name in libraries.files(LIBRARY)]
    if not found:
        raise NoFont(LIBRARY)
    return [path for path in found if path]


def covered(text: str) -> str:
    """The text; a sign that the font hasn't is named by its number, as [U+20BB7], rather than left out."""
    known = _signs() | {0x200B, 0x0A}
    return "".join(one if ord(one) in known else f"[U+{ord(one):04X}]" for one in text)


@cache
def _signs() -> frozenset[int]:
    """Those that every weight has."""
    return frozenset.intersection(*(frozenset(_mapped(path.read_bytes())) for path in paths()))


def _mapped(font: bytes) -> Iterator[int]:
    """The code points of a font's widest character map (OpenType: cmap, format 12)."""
    at = _cmap(font)
    tables = struct.unpack_from(">H", font, at + 2)[0]
    records = [struct.unpack_from(">HHL", font, at + 4 + 8 * n) for n in range(tables)]
    for _, _, offset in records:
        if struct.unpack_from(">H", font, at + offset)[0] == 12:
            for n in range(struct.unpack_from(">L", font, at + offset + 12)[0]):
                first, last, _ = struct.unpack_from(">LLL", font, at + offset + 16 + 12 * n)
                yield from range(first, last + 1)
            return


def _cmap(font: bytes) -> int:
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(count))
    return next(offset for tag, _, offset, _ in records if tag == b"cmap")
