"""Names in running text: behind a word or before one, beside a number, and side by side in a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

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
PLACE = re.compile(rf"{HAN}{{1,2}}(?![为任到在于是的]){HAN}[市县区镇乡](?!长)")
ROLES = frozenset("人员者户方")
"""What a word for somebody's part in a matter ends with."""


def has_name(text: str, beside_number: bool) -> bool:
    """Whether any name stands in the text, as ``names`` finds them."""
    return any(True for _ in _all(text, beside_number))


def _all(text: str, beside_number: bool) -> Iterator[Span]:
    if beside_number or not HISTORIC.search(text):
        yield from _cued(text, beside_number)
        yield from _placed(text)
        yield from listed(text)


def names(text: str, beside_number: bool) -> Iterator[Span]:
    """Where names stand, in order.

    :param beside_number: whether a number that a person bears stands in the text
    """
    end = 0
    for first, last in sorted(set(_all(text, beside_number))):
        if first >= end:
            yield first, last
            end = last


class Cues(NamedTuple):
    automaton: AhoCorasick
    meanings: tuple[str, ...]  # of each word: before, after or title


@cache
def _cues() -> Cues:
    """Every word that stands beside names, to be found in one pass."""
    table = known.table("words.yaml")
    words = [
        *((word, "before") for word in table["before_names"]),
        *((word, "title") for word in table["titles"]),
        *((word, "after") for word in table["after_names"]),
        *((part + sign, "before") for part in "人员主者" for sign in "：:"),
    ]
    return Cues(AhoCorasick([word for word, _ in words]), tuple(meaning for _, meaning in words))


def _cued(text: str, beside_number: bool) -> Iterator[Span]:
    cues = _cues()
    for number, start, end in cues.automaton.find_matches_as_indexes(text, overlapping=True):
        for told in _beside(text, cues.meanings[number], start, end):
            yield told
            yield from _going_on(text, told[1])
    if beside_number:
        spans = (found.span(1) for found in APART.finditer(text))
        yield from (span for span in spans if _is_told(text, *span, behind_colon=False))


def _placed(text: str) -> Iterator[Span]:
    """The names that their place in a line tells, with no word for them."""
    yield from (told for found in BEHIND.finditer(text) if (told := _ending_at(text, found.start())))
    if (line := LINE.match(text)) and is_surely_name(line.group(line.lastindex or 0)):
        yield line.span(line.lastindex or 0)
    acting = (found for found in ACTING.finditer(text) if is_surely_name(found.group(1)))
    yield from (found.span(1) for found in acting if not _begins_as_word(found.group(1)))
    yield from (found.span(1) for found in DOTTED.finditer(text))
    spaced = (found for found in SPACED.finditer(text) if is_surely_name("".join(found.group(1).split())))
    yield from (found.span(1) for found in spaced)


def _beside(text: str, meaning: str, start: int, end: int) -> Iterator[Span]:
    """The names that a cue tells of: behind a word or title, or before it."""
    if meaning == "before" and not text.startswith(OF_TENDERS, max(start - 2, 0)):
        told = _behind_word(text, end)
    elif meaning == "title":
        told = _behind_title(text, start, end)
        if before := BEFORE_TITLE.search(text, max(start - LONGEST_BEFORE, 0), start):
            yield from (before.span(1),) if is_surely_name(before.group(1)) else ()
    else:
        told = _ending_at(text, start) if meaning == "after" else None
    if told:
        yield told


OF_TENDERS = ("采购", "招标", "投标", "中标")
"""Before 人: an office or a company."""
BEHIND_WORD = re.compile(rf"(?:姓名)?\s*[：:]?\s*(?:(?<=[：:\s])({HAN}{{2,4}})|({HAN}{{2,3}}))")
BEHIND_COLON = 1
LONGEST_BEFORE = 12
BEFORE_TITLE = re.compile(rf"(?<!{HAN})({HAN}{{2,4}})\s+副?$")
BEHIND = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:(?:的?(?:联系)?(?:电话|手机)号?码?)?[：:\s]?1[3-9]\d{9}(?!\d)|\s*<[^<>]{1,60}@"
    r"|\.(?:jpe?g|png|pdf|docx?|xlsx?)$)"
)
"""A mobile or an address for mail right behind a name, or the ending of a file that is called by it."""
LINE = re.compile(
    rf"^\s*(?:\d{{1,3}}[.、．)]\s*({HAN}{{2,3}})[，,、\s]|({HAN}{{2,3}})(?:科长|局长|处长|主任|同志|老师)?[：:]\s*$)"
)
"""A numbered line that begins with a name, or a letter's first line."""
ACTING = re.compile(rf"(?:^|[，,。；;])({HAN}{{3}})(?=[在于因骑驾乘与被自])")
"""Who does or suffers something, three characters between a comma and a verb."""
DOTTED = re.compile(rf"[人员名者][：:]\s*({HAN}{{1,8}}(?:[·•・‧]{HAN}{{1,8}})+)")
SPACED = re.compile(rf"[人员名者][：:]\s*({HAN}[ \u3000]{{1,3}}{HAN})(?!{HAN})")
"""王　强: two characters set as wide as three."""
APART = re.compile(rf"(?:^|(?<=[\s，,。;；、/由(（：:|'\"_]))({HAN}{{2,4}})(?=[\s，,、;；/(（：:|'\"]|\d|代领|$)")
"""Some characters on their own: a name where a number stands that a person bears."""


def _behind_word(text: str, at: int) -> Span | None:
    found = BEHIND_WORD.match(text, at)
    if not found:
        return None
    begin, end = found.span(found.lastindex or 0)
    fits = (size for size in range(end, begin + 1, -1) if _is_told(text, begin, size, found.lastindex == BEHIND_COLON))
    last = next(fits, 0)
    return (begin, last) if last else None


def _behind_title(text: str, start: int, at: int) -> Span | None:
    for end in (at + 2, at + 3):
        name = text[at:end]
        ends = not ALL_HAN.match(text, end) or text.startswith(_behind_titled(), end)
        if ends and is_surely_name(name) and not _begins_as_word(name):
            return None if _is_of_place(text[max(at - 2, 0) : at], name) else (at, end)
    return None


@cache
def _behind_titled() -> tuple[str, ...]:
    return tuple(known.table("words.yaml")["behind_titled"])


def _ending_at(text: str, end: int) -> Span | None:
    """The name that ends there, the longest one."""
    fits = (begin for begin in range(max(end - 4, 0), end - 1) if is_surely_name(text[begin:end]))
    begin = next(fits, None)
    return None if begin is None else (begin, end)


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
    if text[end : end + 1] in OF_PLACES or PLACE.match(text, begin):
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
