"""The short names of departments, by rule: 某市住房和城乡建设局 is 住房和城乡建设局, 住建局 and 建设局.

Plain Python. The rules are ``config/search/agencies.txt``: ``住房和城乡建设 = 住建, 建设 # reason``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from .synonyms import FOLDER, fold

# A place before the agency's name: 鞍山市铁东区卫生健康局; not the 市 of 城市管理局, not the 区 of 社区.
PLACE = re.compile(r"^(?:.{1,7}?(?:自治区|自治县|省|(?<!城)市|(?<![社校])区|县|旗|开发区))+?(?=.{3,})")
ENDS = ("委员会", "办公室", "总队", "支队", "中心", "分局", "局", "委", "办", "会", "")
SHORT_END = {"委员会": "委", "办公室": "办", "支队": "队", "总队": "队", "会": ""}
BRACKETS = re.compile(r"[（(]([^）)]*)[）)]")
BRANCH = re.compile(r"(?<=局).{1,6}分局$")


@cache
def rules() -> Mapping[str, tuple[str, ...]]:
    found = {}
    for line in (FOLDER / "agencies.txt").read_text(encoding="utf-8").splitlines():
        text, _, reason = line.partition("#")
        if text.strip():
            long, _, short = text.partition("=")
            if not reason.strip() or not short.strip():
                raise ValueError(f"agencies.txt: {line!r} needs '=', a short name and '# reason'")
            found[long.strip()] = tuple(word.strip() for word in short.split(","))
    return found


@lru_cache(maxsize=5_000)
def names(title: str) -> tuple[str, ...]:
    """Every name by which this agency is called, its own first.

    >>> "住建局" in names("某市住房和城乡建设局")
    True
    """
    title = fold(title).strip()
    inside = [fold(name) for name in BRACKETS.findall(title)]
    outside = BRACKETS.sub("", title)
    found = dict.fromkeys([title, outside])
    for name in (outside, BRANCH.sub("", outside), *inside):
        for bare in _without_places(name):
            found.update(dict.fromkeys([bare, *_short(bare)]))
    return tuple(name for name in found if len(name) > 1)


def _without_places(name: str) -> list[str]:
    """The name, and what is left of it as one place after the other is taken off."""
    found = [name]
    while (bare := PLACE.sub("", found[-1], count=1)) != found[-1]:
        found.append(bare)
    return found


def _short(name: str) -> list[str]:
    end = next(end for end in ENDS if name.endswith(end))
    stem, short_end = name[: len(name) - len(end)], SHORT_END.get(end, end)
    stems = [short for long in _fitting(stem) for short in rules()[long]]
    ends = dict.fromkeys([short_end, end]) if len(end) == 2 else (short_end,)
    return [stem + short_end, *(each + end for each in stems for end in ends)]


def _fitting(stem: str) -> list[str]:
    """The long forms with which the stem begins or ends: 海门生态环境, 农业农村和水利."""
    return [long for long in rules() if stem.startswith(long) or stem.endswith(long)]
