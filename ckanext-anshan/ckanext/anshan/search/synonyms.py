"""Words that mean the same: read from ``config/search``, and found again in a text.

Plain Python. Expansion happens here, when a text is indexed, not in Solr: a synonym of several words then costs a
search nothing, can't tear a query's structure apart, and works alike for words, pinyin and initials.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "config" / "search"


@dataclass(frozen=True)
class Group:
    """One line of ``synonyms.txt``: ``a, b, c # reason``, or ``a => b, c # reason`` where a also means b and c."""

    words: tuple[str, ...]
    wider: tuple[str, ...]
    reason: str
    line: int


class BadLine(ValueError):
    """A line that isn't a group: its number and what is wrong."""


def fold(text: str) -> str:
    """One form for words that differ in width, case or in traditional and simplified characters only."""
    return unicodedata.normalize("NFKC", text).casefold().translate(simplified())


def key(text: str) -> str:
    """The letters and digits of a text alone, in one form: what is left when a name is typed without its punctuation.

    Made character by character, so that the key of any beginning of a text begins the text's key.

    >>> key("Lee, Ford & Co. （鐵東區）")
    'leefordco铁东区'
    """
    plain = unicodedata.normalize("NFKD", text).casefold().translate(simplified())
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if letter.isalnum())


@cache
def simplified() -> Mapping[int, str]:
    """Each traditional character's simplified one."""
    lines = (FOLDER / "traditional.txt").read_text(encoding="utf-8").splitlines()
    return {ord(pair[0]): pair[1] for line in lines if not line.startswith("#") for pair in line.split()}


def parse(lines: Iterable[str]) -> list[Group]:
    found = []
    for number, line in enumerate(lines, 1):
        text, _, reason = line.strip().partition("#")
        if text.strip():
            found.append(_group(text, reason.strip(), number))
    return found


def _group(text: str, reason: str, number: int) -> Group:
    left, arrow, right = text.partition("=>")
    words, wider = _split(left), _split(right)
    if not reason:
        raise BadLine(f"line {number}: add '# ' and a source or reason at the end")
    if (arrow and not (words and wider)) or (not arrow and len(words) < 2):
        raise BadLine(f"line {number}: a group needs at least two words, separated by commas")
    return Group(words, wider, reason, number)


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in fold(text).split(",") if word.strip())


@cache
def groups() -> tuple[Group, ...]:
    return tuple(parse((FOLDER / "synonyms.txt").read_text(encoding="utf-8").splitlines()))


@dataclass(frozen=True)
class Others:
    """The words by which people may look for a text: such as mean the same, and such as only lead to it."""

    same: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()


@cache
def _same() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for group in groups():
        for word in () if group.wider else group.words:
            found.setdefault(word, []).extend(other for other in group.words if other != word)
    return {word: tuple(others) for word, others in found.items()}


@cache
def _leading() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for group in groups():
        for word in group.wider:
            found.setdefault(word, []).extend(group.words)
    return {word: tuple(others) for word, others in found.items()}


@cache
def _pattern() -> re.Pattern[str]:
    """Any known word, the longest first; a Latin word only as a whole."""
    words = sorted({*_same(), *_leading()}, key=lambda word: (-len(word), word))
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    han = "|".join(re.escape(word) for word in words if not word.isascii())
    return re.compile(rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])|(?=({han}))")


@lru_cache(maxsize=20_000)
def others(text: str) -> Others:
    """The words by which people may look for what this text says, without those it holds already.

    >>> "公交" in others("公共汽车客运线路").same
    True
    """
    text = fold(text)
    words = dict.fromkeys(match[1] or match[0] for match in _pattern().finditer(text))
    return Others(*(_found(words, text, table) for table in (_same(), _leading())))


def _found(words: Iterable[str], text: str, table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """公共汽车线路 begins with 公共汽车: it is found by the words for that too."""
    beginnings = (word if word.isascii() else word[:end] for word in words for end in range(len(word), 0, -1))
    found = dict.fromkeys(other for word in beginnings for other in table.get(word, ()))
    return tuple(word for word in found if word not in text)
