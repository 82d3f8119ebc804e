"""What a person who has typed so far may be about to type. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import agencies, pinyin
from .query import INITIALS, LATIN, PIECE, words
from .synonyms import fold

MOST_READINGS = 3


@dataclass(frozen=True)
class Name:
    """A group or organization as it can be typed."""

    text: str
    kind: str
    name: str
    forms: frozenset[str]


def name(text: str, kind: str, slug: str) -> Name:
    called = agencies.names(text) if kind == "organization" else (fold(text),)
    return Name(text, kind, slug, frozenset().union(called, *map(pinyin.typed, called)))


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
    text = words(q)
    starts = tuple(beginnings(text)) if LATIN.fullmatch(text) else (text,)
    return [each for each in names if text and any(form.startswith(starts) for form in each.forms)][:most]


def query(q: str) -> str | None:
    """The query, in Solr's own syntax, for titles that hold what was typed so far; None when nothing was."""
    text = words(q)
    if LATIN.fullmatch(text):
        clauses = [f"typed_title:{form}*" for form in beginnings(text)]
        return " OR ".join([*clauses, f'title:"{text}"'])
    pieces = [piece for piece in PIECE.findall(text) if piece.strip(".%-")]
    return " AND ".join(f'title:"{piece}"' for piece in pieces) or None


def distinct(rows: Iterable[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Each title once."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["title"], row)
    return list(found.values())[:most]
