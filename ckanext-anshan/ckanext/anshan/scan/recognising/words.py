"""All words of ``words.yaml`` in one pass over the bytes, and what around them decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, Implementation

from ..pieces import Batch, Numbers
from . import known, patterns, secrets

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MASKS = ("**", "＊＊", "××", "●●", "••", "XXXX", "xxxx", "某某")
UNUSUAL = (
    *map(
        chr,
        (
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2065),
            *range(0x2066, 0x206A),
            0xFEFF,
            0xAD,
            0x180E,
        ),
    ),
    *"０１２３４５６７８９＠ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶＷＸＹＺｘ",
    "\u3000",
    "\u00a0",
    "\u2009",
    "\u202f",
    "（0",
    "—",
)
"""Cells with one of these are looked at a second time as ``patterns.tidy`` has them."""


class Words(NamedTuple):
    automaton: BytesAhoCorasick
    group_of: np.ndarray  # number of a group for each word
    groups: tuple[str, ...]


@lru_cache(maxsize=8)
def automaton(own: tuple[tuple[str, str], ...] = ()) -> Words:
    """:param own: words of an agency, each with the kind that it stands for"""
    table = known.table("words.yaml")
    groups: dict[str, Iterable[str]] = {
        "secrecy": {
            *table["secrecy"]["marks"],
            *table["secrecy"]["phrases"],
            *table["secrecy"]["alone"],
            *_spaced(table["secrecy"]["alone"]),
        },
        "credential": table["credentials"],
        "name": {*table["before_names"], *table["after_names"], *table["titles"]},
        "passport": table["before_passports"],
        "phone": table["before_phones"],
        "plate": [province + letter for province, letter in product(PROVINCES, LETTERS)],
        "mask": MASKS,
        "unusual": UNUSUAL,
    }
    for word, kind in own:
        groups[f"own:{kind}"] = [*groups.get(f"own:{kind}", ()), word]
    words = [(word.encode(), number) for number, group in enumerate(groups.values()) for word in dict.fromkeys(group)]
    found = BytesAhoCorasick([word for word, _ in words], implementation=Implementation.DFA)
    return Words(found, np.array([number for _, number in words]), tuple(groups))


def _spaced(words: Iterable[str]) -> Iterator[str]:
    """As they stand on a paper's head: 机 密."""
    return (gap.join(word) for word in words if len(word) == 2 for gap in (" ", "  ", "\u3000"))


def find(batch: Batch, words: Words) -> Iterator[tuple[str, Numbers]]:
    """Each group of words with the cells that hold one, each cell once, in order."""
    matches = words.automaton.find_matches_as_indexes(batch.data, overlapping=True)
    if not matches:
        return
    flat = np.fromiter((part for match in matches for part in match[:2]), np.int64, 2 * len(matches))
    groups, places = words.group_of[flat[::2]], flat[1::2]
    for number in np.unique(groups):
        yield words.groups[number], batch.cells_at(places[groups == number])


def is_secrecy_mark(text: str) -> bool:
    """Whether a cell or line bears a mark of secrecy, and isn't a sentence about secrets."""
    table = known.table("words.yaml")["secrecy"]
    plain = patterns.tidy(text).strip(" \t\r\"'[]()【】")
    bare = plain.replace("＊", "*")
    if len(bare) <= 12:
        bare = re.sub(r"\s", "", bare)
    if ARTICLE.match(plain):
        return False  # a law speaks of secrets
    if any(patterns.tidy(mark) in bare for mark in table["marks"]):
        return True
    if bare in table["alone"]:
        return True
    return any(phrase in bare for phrase in table["phrases"]) and not any(word in bare for word in table["ordinary"])


ARTICLE = re.compile(r"第[一二三四五六七八九十百零\d]+[条章节]")


def is_credential(text: str) -> bool:
    return secrets.find(text) is not None
