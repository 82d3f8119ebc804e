"""Names in running text: behind a word or before one, beside a number, and side by side in a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from . import known
from .names import ALL_HAN, HAN, NOT_AT_END, NOT_LAST_OF_THREE, ORDINARY, is_name, is_surely_name

Span = tuple[int, int]

HISTORIC = re.compile(r"[唐宋元明清辽金汉晋隋秦]代|[唐宋元明清汉]朝|年间|民国|公元前|烈士|始建于|诗人|书法家")
"""Who is named beside one of these died long ago."""
BRACKETED = re.compile(r"[(（][^()（）]{0,30}[)）]")
BETWEEN = re.compile(r"\s*[、，,；;\s]\s*")
SHORTEST_LIST = 3  # names
BY_DAYS = re.compile(r"[于自](?:[一二三四五六七八九十\d]+|每)(?:个|年|月|日|周|天|季|次|定)")
BEHIND_NAMES = re.compile("电话|手机|联系|身份|住址|地址|性别")
OF_PLACES = frozenset("省市县区旗盟州镇乡村屯街路")
"""Behind what isn't a name then, but a place: 采购人：衡阳市."""
ROLES = frozenset("人员者户方")
"""What a word for somebody's part in a matter ends with."""


def names(text: str, beside_number: bool) -> Iterator[Span]:
    """Where names stand, in order.

    :param beside_number: whether a number that a person bears stands in the text
    """
    if not beside_number and HISTORIC.search(text):
        return
    end = 0
    for first, last in sorted({*_cued(text, beside_number), *listed(text)}):
        if first >= end:
            yield first, last
            end = last


BEHIND_COLON, BEHIND_WORD, BEHIND_TITLE, BEFORE_WORD, BEFORE_TITLE = range(1, 6)
"""Groups of ``_cues``."""


@cache
def _cues() -> re.Pattern[str]:
    table = known.table("words.yaml")
    before = "|".join(word for word in table["before_names"] if len(word) > 1)
    titles = "|".join(table["titles"])
    after = "|".join(map(re.escape, table["after_names"]))
    follows = "|".join(table["behind_titled"])
    return re.compile(
        rf"(?<!采购)(?<!招标)(?<!投标)(?<!中标)(?:{before}|[人员主者][：:])(?:姓名)?\s*[：:]?\s*(?:(?<=[：:\s])({HAN}{{2,4}})|({HAN}{{2,3}}))"
        rf"|(?:{titles})({HAN}{{2,3}}?)(?={follows}|$|(?!{HAN}))"
        rf"|({HAN}{{2,4}}?)(?:{after}|(?=[：:\s]?1[3-9]\d{{9}}(?!\d))|(?=身份证号?码?[：:]?\d{{15}})|(?=\s*<[^<>]*@))"
        rf"|(?<!{HAN})({HAN}{{2,4}})\s+(?:副?(?:{titles})|党组)"
    )


DOTTED = re.compile(rf"[人员名者][：:]\s*({HAN}{{1,8}}(?:[·•・‧]{HAN}{{1,8}})+)")
APART = re.compile(rf"(?:^|(?<=[\s，,。;；、/由(（：:|]))({HAN}{{2,4}})(?=[\s，,、;；/(（：:|]|\d|代领|$)")
"""Some characters on their own: a name where a number stands that a person bears."""


def _cued(text: str, beside_number: bool) -> Iterator[Span]:
    for found in _cues().finditer(text):
        group = found.lastindex or 0
        if told := _told(text, group, *found.span(group)):
            yield told
            yield from _going_on(text, told[1])
    yield from (found.span(1) for found in DOTTED.finditer(text))
    if beside_number:
        spans = (found.span(1) for found in APART.finditer(text))
        yield from (span for span in spans if _is_told(text, *span, behind_colon=False))


def _told(text: str, group: int, begin: int, end: int) -> Span | None:
    """The name in what stands at a cue."""
    name = text[begin:end]
    if group == BEFORE_TITLE:
        return (begin, end) if is_surely_name(name) else None
    if group == BEHIND_TITLE:
        is_one = is_surely_name(name) and not _begins_as_word(name) and not _is_of_place(text[begin - 2 : begin], name)
        return (begin, end) if is_one else None
    if group == BEFORE_WORD:
        at = next((at for at in range(begin, end - 1) if is_surely_name(text[at:end])), None)
        return None if at is None else (at, end)
    fits = (size for size in range(end, begin + 1, -1) if _is_told(text, begin, size, group == BEHIND_COLON))
    last = next(fits, 0)
    return (begin, last) if last else None


def _is_of_place(before: str, name: str) -> bool:
    """Whether it goes on as the name of a place does: 市长江小学 is a school, 区长春路 a road."""
    return (before[-1:] == "长" and before[:1] in "市区县省镇州" and name[0] in "江春城安宁沙征兴") or bool(
        NOT_AT_END.search(name)
    )


def _is_told(text: str, begin: int, end: int, behind_colon: bool) -> bool:
    """Whether a name stands there: of usual characters, or behind a colon of any if it is a word of its own.

    Where other characters follow, it may be the beginning of a word (许可证) or of a phrase (于一年内).
    """
    name = text[begin:end]
    if text[end : end + 1] in OF_PLACES:
        return False
    if ALL_HAN.match(text, end) and not BEHIND_NAMES.match(text, end):
        return is_surely_name(name) and not _begins_as_word(name) and not BY_DAYS.match(text, begin)
    if not behind_colon:
        return is_surely_name(name)
    known_as_name = name[0] not in ORDINARY or set(name[1:]) <= known.words("given_names.txt")
    return is_name(name) and known_as_name and name[-1] not in ROLES and not _begins_as_word(name)


def _begins_as_word(name: str) -> bool:
    return name[:2] in known.words("not_names.txt") or name[1] in NOT_LAST_OF_THREE


def _going_on(text: str, end: int) -> Iterator[Span]:
    """The names that stand in a list behind one."""
    while found := BETWEEN.match(text, _behind_bracket(text, end)):
        name = ALL_HAN.match(text, found.end())
        if not name or not is_surely_name(name.group()):
            return
        yield name.span()
        end = name.end()


def _behind_bracket(text: str, at: int) -> int:
    found = BRACKETED.match(text, at)
    return found.end() if found else at


def listed(text: str) -> Iterator[Span]:
    """Three or more names side by side with nothing but what separates them, remarks in brackets left out."""
    if len(BETWEEN.findall(text)) < SHORTEST_LIST - 1:
        return
    bare = BRACKETED.sub(lambda found: " " * len(found.group()), text)
    run: list[Span] = []
    for word in ALL_HAN.finditer(bare):
        if not is_surely_name(word.group()):
            yield from _if_many(run)
            run = []
            continue
        if run and not BETWEEN.fullmatch(bare, run[-1][1], word.start()):
            yield from _if_many(run)
            run = []
        run.append(word.span())
    yield from _if_many(run)


GLUED = re.compile(rf"(.{{1,20}}?)({HAN}{{2,3}})[)）】\]\s]*")


def glued(text: str) -> tuple[str, str] | None:
    """The words before a name at the end of a text, and the name: ``("语文", "王建国")``.

    Many texts of a column together tell whether it is one.
    """
    if not 4 <= len(text) <= LONGEST_GLUED or not (found := GLUED.fullmatch(text)):
        return None
    before, name = found.groups()
    if not is_surely_name(name):
        before, name = before + name[:1], name[1:]
    before = before.rstrip(" /-:：(（[【、,")
    return (before, name) if before and is_surely_name(name) and not _begins_as_word(name) else None


LONGEST_GLUED = 24  # characters


def _if_many(run: Sequence[Span]) -> Sequence[Span]:
    return run if len(run) >= SHORTEST_LIST else ()
