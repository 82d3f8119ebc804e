"""What a person who has typed so far may be about to type. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import agencies, pinyin
from .query import INITIALS, LATIN, LONGEST, PIECE, words
from .synonyms import fold, key

MOST_READINGS = 3


@dataclass(frozen=True)
class Name:
    """A group or organization as it can be typed."""

    text: str
    kind: str
    name: str
    keys: frozenset[str]
    """``key`` of everything that it is called."""
    typed: frozenset[str]
    """How that is typed in pinyin."""


def name(text: str, kind: str, slug: str) -> Name:
    called = agencies.names(text) if kind == "organization" else (fold(text),)
    return Name(text, kind, slug, frozenset(map(key, (text, *called))), frozenset().union(*map(pinyin.typed, called)))


def beginnings(text: str) -> list[str]:
    """The forms of ``pinyin.typed`` that begin so, the last syllable perhaps not yet whole.

    >>> beginnings("kongq")
    ["kong'q", 'kongq']
    """
    letters = text.replace(" ", "")
    found = [*pinyin.spellings(letters)]
    for end in range(len(letters) - 1, max(-1, len(letters) - pinyin.LONGEST_SYLLABLE), -1):
        rest = letters[end:]
        if any(syllable.startswith(rest) for syllable in pinyin.known()):
            found += [before + rest for before in (pinyin.spellings(letters[:end]) if end else [""])]
    return [*list(dict.fromkeys(found))[:MOST_READINGS], *([letters] if INITIALS.fullmatch(letters) else [])]


def fitting(q: str, names: Iterable[Name], most: int) -> list[Name]:
    """Those that are called so, or are typed so, from their beginning on."""
    start, text = key(q[:LONGEST]), words(q)
    spelt = tuple(beginnings(text)) if LATIN.fullmatch(text) else ()
    return [each for each in names if start and _begins(each, start, spelt)][:most]


def _begins(each: Name, start: str, spelt: tuple[str, ...]) -> bool:
    return any(form.startswith(start) for form in each.keys) or any(form.startswith(spelt) for form in each.typed)


def query(q: str) -> str | None:
    """The query, in Solr's own syntax, for titles that hold what was typed so far; None when nothing was."""
    start, text = key(q[:LONGEST]), words(q)
    pieces = [piece for piece in PIECE.findall(text) if piece.strip(".%-")]
    if not start or not pieces:
        return None
    clauses = [f"exact_title:{start}*^9", "(" + " AND ".join([*map(_whole, pieces[:-1]), _begun(pieces[-1])]) + ")"]
    if LATIN.fullmatch(text):
        clauses += [f"typed_title:{form}*" for form in beginnings(text)]
    return " OR ".join(clauses)


def _whole(piece: str) -> str:
    return f'title:"{piece}"'


def _begun(piece: str) -> str:
    """The last word perhaps not yet whole; Chinese has no words, its pairs are looked for as they stand."""
    if pinyin.HAN.fullmatch(piece) or not piece.isalnum():
        return _whole(piece)
    return f"({_whole(piece)} OR title:{piece}*)"


def distinct(rows: Iterable[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Each title once."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["title"], row)
    return list(found.values())[:most]
