"""What a column's name says: the roles of ``config/scan/headers.yaml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from . import policy
from .recognising import known

BRACKETED = re.compile(r"[(\[{【〔<《][^)\]}】〕>》]*[)\]}】〕>》]?")
UNIT = re.compile(
    r"[(（\[](?:[百千万亿]*(?:元|吨|人|户|个|台|套|辆|次|亩|度|件)|美元|平方米|平方公里|公里|公顷|立方米|千克|㎡|m2|kg|km|%|‰)[)）\]]"
)
"""A unit in brackets: the column holds quantities."""
LONGEST = 200
"""Characters of the name of a column; a longer text is none."""
LONG_OWN = 4
"""Characters of a name below another, such as 委托监护人/父母务工地, that are enough to say what the column is."""
PADDING = re.compile(r"[\s()\[\]{}【】〔〕<>《》*#:：、,，.。;；\"'“”‘’\u200b-\u200f\ufeff]+")


@dataclass(frozen=True)
class Words:
    whole: frozenset[str]
    parts: tuple[str, ...]
    against: tuple[str, ...]


@cache
def _roles() -> Mapping[str, Words]:
    return {
        role: Words(
            frozenset(_plain(str(word)) for word in row.get("is", ())),
            tuple(_plain(str(word)) for word in row.get("has", ())),
            tuple(_plain(str(word)) for word in row.get("not", ())),
        )
        for role, row in known.table("headers.yaml").items()
    }


def _plain(text: str) -> str:
    return PADDING.sub("", unicodedata.normalize("NFKC", text).lower())


@lru_cache(maxsize=4096)
def roles(header: str) -> Mapping[str, int]:
    """Each role that a header has, with the length of the word that says so; a whole name counts 100 more."""
    own = header.rpartition("/")[2]
    if len(header) > LONGEST or (own != header and len(own) >= LONG_OWN and not roles(own)):
        return {}
    text = unicodedata.normalize("NFKC", header).lower()
    outside = BRACKETED.sub("", text)
    bare, full = PADDING.sub("", outside), PADDING.sub("", text)
    last = re.split(r"[./\\|]", text)[-1]
    whole = {bare, full, PADDING.sub("", last)}
    found = {role: _fit(words, bare, full, whole) for role, words in _roles().items()}
    for part in _parts(outside):
        for role, length in roles(part).items():
            found[role] = max(found[role], min(length, 99))
    if SPELLED.fullmatch(bare) and not any(found.values()):
        found |= dict.fromkeys(_spelled(bare.replace("_", "")), len(bare))
    if UNIT.search(text):
        found["amount"] = 100
    return {role: length for role, length in found.items() if length}


SPELLED = re.compile(r"[a-z_]{4,30}")


SAME = frozenset(["", "qingkuang", "jieguo", "mingcheng", "leibie", "leixing", "dengji", "haoma", "xinxi"])


def _spelled(letters: str) -> Sequence[str]:
    """The roles of a name by its initials, or of the longest word in it that is written out in pinyin."""
    initials, sounds = _spellings()
    if letters in initials:
        return initials[letters]
    if letters.endswith("mc"):
        return ["organization"]  # 名称, of something that no dictionary has
    inside = max((sound for sound in sounds if _ends_with(letters, sound)), key=len, default="")
    return sounds.get(inside, ())


def _ends_with(letters: str, sound: str) -> bool:
    """Whether the name ends with the word, or goes on with one that leaves its meaning."""
    return sound in letters and letters.rpartition(sound)[2] in SAME


@cache
def _spellings() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """Initials, and whole words in pinyin, with their roles; see ``spelling.py``."""
    lines = [line.split() for line in (policy.FOLDER / "initials.txt").read_text("utf-8").splitlines()]
    whole = {line[0][1:]: line[1:] for line in lines if line and line[0][0] == "~"}
    return {line[0]: line[1:] for line in lines if line and line[0][0] not in "~#"}, whole


def _parts(header: str) -> list[str]:
    """The names that a header joins: 姓名及电话, 姓名、电话."""
    parts = [part for part in re.split(r"[及和与/、,&+|\s]+", header.strip()) if part]
    return parts if len(parts) > 1 and all(len(part) > 1 for part in parts) else []


def _fit(words: Words, bare: str, full: str, whole: set[str]) -> int:
    if exact := max((len(name) for name in whole if name in words.whole), default=0):
        return 100 + exact
    if any(word in bare for word in words.against):
        return 0
    return max((len(word) for word in words.parts if word in full), default=0)


@lru_cache(maxsize=4096)
def about(header: str) -> frozenset[str]:
    """What a column's name says about the rows of its table: the kinds of ``config/scan/rows.yaml``."""
    text = BRACKETED.sub("", unicodedata.normalize("NFKC", header[:LONGEST]).lower())
    return frozenset(kind for kind, words in known.table("rows.yaml").items() if any(word in text for word in words))


def has(header: str, role: str) -> bool:
    return role in roles(header)


def surest(header: str, *among: str) -> str:
    """Of these roles the one that the header says most clearly, or nothing."""
    found = {role: length for role, length in roles(header).items() if role in among}
    return max(found, key=lambda role: found[role]) if found else ""
