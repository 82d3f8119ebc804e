"""The parts of a result that answer a query, marked, as HTML that is safe to show.

Plain Python. Made from what the search gave back, never from the index: it shows nothing that the result doesn't hold.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .query import PIECE, pairs, words
from .synonyms import fold, others

AROUND = 60
"""Characters shown around the first hit in a long text."""
READ = 2_000
"""Characters of a field that are looked through; a hit beyond them is not marked."""
FIELDS = ("title", "notes")


def marks(q: str) -> tuple[str, ...]:
    """What is marked: what was typed, its synonyms, then its pairs of characters; the longest first."""
    text = words(q)
    pieces = [piece for piece in PIECE.findall(text) if len(piece) > 1]
    synonyms = [word for word in others(text).same if len(word) > 1]
    parts = [pair for piece in pieces for pair in pairs(piece)]
    return tuple(sorted({*pieces, *synonyms, *parts}, key=lambda word: (-len(word), word)))


def of(package: Mapping[str, Any], wanted: Sequence[str]) -> dict[str, str]:
    """For each field with a hit: its text, hits in ``<mark>``; of a long one the part around the first hit."""
    found = {name: marked(str(package.get(name) or "")[:READ], wanted) for name in FIELDS}
    items = package.get("information_items")
    names = [str(item.get("name") or "") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    found["information_items"] = "、".join(filter(None, (marked(name, wanted) for name in names)))
    return {name: text for name, text in found.items() if text}


def marked(text: str, wanted: Sequence[str]) -> str:
    """The text with its hits marked, or nothing where there are none."""
    hits = list(_hits(text, wanted))
    if not hits:
        return ""
    start, end = _window(text, hits[0][0])
    hits = [hit for hit in hits if start <= hit[0] and hit[1] <= end]
    return ("…" if start else "") + "".join(_pieces(text, start, end, hits)) + ("…" if end < len(text) else "")


def _hits(text: str, wanted: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Where a wanted word stands; neighbouring pairs of one word are one hit."""
    plain = fold(text)
    if not wanted or len(plain) != len(text):  # a letter that folds into several would shift every place
        plain = text.lower() if len(text.lower()) == len(text) else text
    covered = [False] * len(plain)
    for word in wanted:
        edge = r"(?<![a-z0-9]){}(?![a-z0-9])" if word.isascii() else "(?={})"
        for match in re.finditer(edge.format(re.escape(word)), plain):
            covered[match.start() : match.start() + len(word)] = [True] * len(word)
    for match in re.finditer("1+", "".join("1" if each else "0" for each in covered)):
        yield match.span()


def _window(text: str, first: int) -> tuple[int, int]:
    if len(text) <= 3 * AROUND:
        return 0, len(text)
    start = max(0, first - AROUND)
    return start, min(len(text), start + 3 * AROUND)


def _pieces(text: str, start: int, end: int, hits: Iterable[tuple[int, int]]) -> Iterable[str]:
    for begin, stop in hits:
        yield html.escape(text[start:begin])
        yield f"<mark>{html.escape(text[begin:stop])}</mark>"
        start = stop
    yield html.escape(text[start:end])
