"""Names of columns as databases spell them: by the initials of their pinyin, JHRXM for 监护人姓名.

``python -m ckanext.anshan.scan.spelling`` prints ``config/scan/initials.txt`` from the words of ``headers.yaml``; it
needs pypinyin, which a scan doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from . import headers
from .recognising import known

HAN = re.compile(r"[\u4e00-\u9fff]{2,8}")
SHORTEST_SOUND = 6
"""Letters of a word that is looked for within a name."""
ENDINGS = ("", "姓名", "名称", "代码", "号码", "编号", "结果", "电话", "日期")
"""What stands behind a word in the name of a column."""
SHORTEST, LONGEST = 4, 9
"""Letters; fewer stand for too many words."""


def made() -> Mapping[str, list[str]]:
    """Initials with the roles that all names have for which they may stand."""
    found: dict[str, set[str]] = {}
    for name in sorted(set(_names())):
        letters = _initials(name)
        if SHORTEST <= len(letters) <= LONGEST:
            roles = set(headers.roles(name))
            found[letters] = found.get(letters, roles) & roles
    return {letters: sorted(roles) for letters, roles in sorted(found.items()) if roles}


def sounded() -> Mapping[str, list[str]]:
    """Words written out in pinyin, with the roles that all words have that sound so."""
    found: dict[str, set[str]] = {}
    for row in known.table("headers.yaml").values():
        for word in filter(HAN.fullmatch, (str(word) for word in (*row.get("is", ()), *row.get("has", ())))):
            letters, roles = "".join(_sounds(word)), set(headers.roles(word))
            if len(letters) >= SHORTEST_SOUND:
                found[letters] = found.get(letters, roles) & roles
    return {letters: sorted(roles) for letters, roles in sorted(found.items()) if roles}


def _names() -> Iterator[str]:
    for row in known.table("headers.yaml").values():
        words = {str(word) for word in (*row.get("is", ()), *row.get("has", ()))}
        yield from (word + ending for word in words if HAN.fullmatch(word) for ending in ENDINGS)


def _initials(name: str) -> str:
    return "".join(sound[0] for sound in _sounds(name))


def _sounds(name: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return lazy_pinyin(name)


def main() -> None:
    print("# Initials of names of columns and the roles of those names: made by scan/spelling.py from headers.yaml.")
    print("# Behind ~ a word written out in pinyin, which may stand anywhere in a name.")
    for letters, roles in made().items():
        print(letters, *roles)
    for letters, roles in sounded().items():
        print(f"~{letters}", *roles)


if __name__ == "__main__":
    main()
