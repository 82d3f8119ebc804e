"""How a Chinese text is typed: in pinyin or by initials, from any of its characters on.

Plain Python. Each syllable is followed by ``'``, so that a search asks for whole ones: ``kong'qi'`` begins
``kong'qi'zhi'liang'`` and ``bus`` begins nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

HAN = re.compile(r"[㐀-鿿]+")
PART = re.compile(r"[㐀-鿿]+|[a-z0-9]+")
STARTS = 16
"""From how many of its characters on a text can be found."""
REACH = 8
"""How many characters are kept from there on."""
LONGEST_SYLLABLE = 6
MOST_SPELLINGS = 4


@lru_cache(maxsize=50_000)
def syllables(text: str) -> tuple[str, ...]:
    """The toneless pinyin of each character of a run of Chinese; polyphones by the word they stand in.

    >>> syllables("重大银行")
    ('zhong', 'da', 'yin', 'hang')
    """
    return tuple(lazy_pinyin(text))


@lru_cache(maxsize=20_000)
def typed(text: str) -> frozenset[str]:
    """Every form of the Chinese parts of a folded text that a prefix query is to find."""
    return frozenset(_typed(text))


def _typed(text: str) -> Iterable[str]:
    for run in HAN.findall(text)[:6]:
        run = run[: STARTS + REACH]
        sounds = syllables(run)
        if len(sounds) == len(run):
            for start in range(min(len(run), STARTS)):
                yield from _forms(sounds[start : start + REACH])


def _forms(sounds: tuple[str, ...]) -> Iterable[str]:
    yield "'".join(sounds) + "'"
    if len(sounds) > 1:
        yield "".join(sound[0] for sound in sounds)


@cache
def known() -> frozenset[str]:
    """Every syllable of Mandarin, without tone."""
    readings = (reading for number in range(0x4E00, 0x9FA6) for reading in PINYIN_DICT.get(number, "").split(","))
    plain = {to_normal(reading) for reading in readings if reading}
    return frozenset(syllable for syllable in plain if syllable.isascii() and set(syllable) & set("aeiouv"))


def spellings(letters: str) -> list[str]:
    """How letters split into whole syllables, in the form of ``typed``; the fewest syllables first.

    >>> spellings("kongqi")
    ["kong'qi'"]
    """
    found: list[list[str]] = [[""], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            if letters[start:end] in known():
                found[end] += [f"{before}{letters[start:end]}'" for before in found[start]]
        found[end] = sorted(found[end], key=lambda spelling: spelling.count("'"))[:MOST_SPELLINGS]
    return [spelling for spelling in found[-1] if spelling]


def sound(text: str) -> str:
    """How a folded text sounds: Chinese in pinyin, all else as it is, without what lies between."""
    return "".join("".join(syllables(part)) if HAN.match(part) else part for part in PART.findall(text))
