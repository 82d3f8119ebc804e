"""What stands in one text: for cells that are written in unusual ways, for running text, and to hide it from a report.

``spans`` says where the values of a kind stand; ``conceal`` puts asterisks in the place of all of them.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from . import checks, known

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]"
GAP = r"[ \-]?"
ALL_HAN = re.compile(f"{HAN}+")
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u180e]")
ID = re.compile(rf"(?<!\d)(?:\d{GAP}){{17}}[\dXx](?![\dA-Za-z])")
OLD_ID = re.compile(rf"(?<![\dA-Za-z])(?:\d{GAP}){{14}}\d(?![\dA-Za-z])")
MOBILE = re.compile(
    r"(?<![\dA-Za-z_.])(?<![\dA-Za-z]-)(?:(?:\+|00)?86[ \-]?|0)?(1\d(?:[ \-]?\d){9})"
    r"(?!\d|[A-Za-z]|\.\d*[1-9]|\s*(?:元|万|吨|亩|户|平方米))"
)
LANDLINE = re.compile(
    r"(?<!\d)(?<![A-Za-z]/)[(]?(0\d{2,3})[)]?[ \-—–]{0,2}([2-9]\d{6,7}|(?!20\d\d[ \-])[2-9]\d{2,3}[ \-]\d{4})(?!\d)"
)
CARD = re.compile(r"(?<![\dA-Za-z])\d{4}(?:[ \-]?\d){11,14}[\d](?!\d)")
EMAIL = re.compile(r"[A-Za-z0-9_.+%-]+@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}")
PLATE = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z][·•.\- ]?"
    r"(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF])(?![A-Za-z0-9])"
)
PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])(?:[EGDPS]\d{8}|E[A-HJ-NP-Z]\d{7}|1[45]\d{7}|[HM]\d{8}(?:\d{2})?)(?![A-Za-z0-9])"
)
NUMBERED = r"(?:号楼|号院|号|栋|幢|座|单元|组|门|室|弄|楼|层|户|#)"
NUMBERED_LAST = r"[号院栋幢座元组门室弄楼层户#]"
ADDRESS = re.compile(
    rf"(?!第)(?:{HAN}|[a-zA-Z0-9一二三四五六七八九十]){{2,30}}?(?<!第)(?<![〕\])】）)])(?:\d+{NUMBERED}|(?<=[路街道巷里区园苑城邸府庭居家村屯])\d+(?:-\d+){{1,3}}|(?<=[路街道巷])[A-Za-z]座)"
    rf"(?:[\w\-－—–#]*(?:{NUMBERED}|-\d+))*(?:(?<={NUMBERED_LAST})\d{{1,5}}(?![\d年月]))?"
)
DETAIL = re.compile(r"[A-Za-z]座|\d+\s*(?:单元|室|户|门牌|栋|幢|号楼|#)|\d+-\d+-\d+|(?:村|屯|队)\S{0,6}?(?:组|\d+号)")
HOME = re.compile(r"住|家在|现居|户籍|业主|来电|回访|投诉人|反映人|收件|家庭")
"""In running text, what makes an address somebody's."""


@cache
def _names_in_text() -> re.Pattern[str]:
    """A name behind a word and a colon (1), right behind a word (2), before one (3), or beside a number (4)."""
    table = known.table("words.yaml")
    before = "|".join(word for word in table["before_names"] if len(word) > 1)
    after = "|".join(map(re.escape, table["after_names"]))
    return re.compile(
        rf"(?:{before}|[人员主者][：:])(?:姓名)?\s*[：:]?\s*(?:(?<=[：:\s])({HAN}{{2,4}})|({HAN}{{2,3}}))"
        rf"|({HAN}{{2,4}}?)(?:{after})"
        rf"|(?:^|(?<=[\s，,。;；、/由(（：:|]))({HAN}{{2,4}})(?=[\s，,、;；/(（：:|]|\d|代领|$)"
    )


def tidy(text: str) -> str:
    """Full-width characters as ordinary ones, without what can't be seen."""
    return UNSEEN.sub("", unicodedata.normalize("NFKC", text)) if not text.isascii() else text


def spans(kind: str, text: str, today: datetime.date | None = None) -> list[tuple[int, int]]:
    """Where values of a kind stand in a text: ``[(first, after the last), ...]``, in order.

    The text is taken as it is; a caller that expects full-width characters gives it through ``tidy``.
    """
    find = FINDERS.get(kind)
    return list(find(text, today or datetime.date.today())) if find else []  # noqa: DTZ011  # a birth is before any zone's day


def conceal(text: str) -> str:
    """The text with an asterisk for each character of a personal datum that one can tell without its column."""
    plain = tidy(text)
    signs = list(plain)
    for kind in FINDERS:
        for first, last in spans(kind, plain):
            signs[first:last] = "*" * (last - first)
    return "".join(signs)


def _resident_ids(text: str, today: datetime.date) -> Iterator[tuple[int, int]]:
    for found in ID.finditer(text):
        if _in_groups(found) and checks.is_resident_id(re.sub(r"[ \-]", "", found.group()), today):
            yield found.span()
    for found in OLD_ID.finditer(text):
        parts = re.split(r"[ \-]", found.group())
        if (
            len(parts[-1]) not in LAST_OF_MOBILE
            and _in_groups(found)
            and checks.is_old_resident_id("".join(parts), today)
        ):
            yield found.span()


BEFORE, AFTER = re.compile(r"\d[ \-]$"), re.compile(r"[ \-]\d")
AFTER_LANDLINE = re.compile(r"[ \-]\d{3}")


LAST_OF_MOBILE = (4, 8, 11)
"""Digits of the last group of a mobile number: with the number of a house before it, it may have 15 in all."""


def _in_groups(found: re.Match[str]) -> bool:
    """Whether it is written whole, or in a few groups as people write long numbers, and no more of them around."""
    parts = re.split(r"[ \-]", found.group())
    if len(parts) == 1:
        return True
    goes_on = BEFORE.search(found.string, 0, found.start()) or AFTER.match(found.string, found.end())
    return not goes_on and _are_few(parts)


def _are_few(parts: Sequence[str]) -> bool:
    return len(parts) <= 6 and all(len(part) >= 3 for part in parts[:-1])


class _Phone(NamedTuple):
    first: int  # with what stands before the number itself, such as 86
    start: int
    end: int
    kind: str
    is_whole: bool  # not in groups, so that groups beside it are no part of it


def _phones(kind: str) -> Callable[[str, datetime.date], Iterator[tuple[int, int]]]:
    """Those of a kind. Groups of digits may stand beside one if they are telephone numbers too, and all of them."""

    def find(text: str, _: datetime.date) -> Iterator[tuple[int, int]]:
        for row in _side_by_side(text):
            after = AFTER_LANDLINE if row[-1].kind == "landline" else AFTER
            goes_on = BEFORE.search(text, 0, row[0].first) or after.match(text, row[-1].end)
            yield from ((one.start, one.end) for one in row if one.kind == kind and (one.is_whole or not goes_on))

    return find


def _side_by_side(text: str) -> list[list[_Phone]]:
    """The telephone numbers of a text, those together that only a blank or hyphen parts."""
    rows: list[list[_Phone]] = []
    for phone in sorted((*_mobiles(text), *_landlines(text))):
        end = rows[-1][-1].end if rows else -1
        if phone.first == end + 1 and text[end] in " -":
            rows[-1].append(phone)
        else:
            rows.append([phone])
    return rows


def _mobiles(text: str) -> Iterator[_Phone]:
    found = MOBILE.search(text)
    while found:
        parts = re.split(r"[ \-]", found.group(1))
        fits = _are_few(parts) and checks.is_mobile("".join(parts))
        if fits:
            yield _Phone(found.start(), *found.span(1), "mobile", len(parts) == 1)
        found = MOBILE.search(text, found.end() if fits else found.start() + 1)


def _landlines(text: str) -> Iterator[_Phone]:
    for found in LANDLINE.finditer(text):
        area, number = found.group(1), re.sub(r"[ \-]", "", found.group(2))
        if checks.is_area(area) and (len(area) == 4 or len(number) == 8):
            yield _Phone(found.start(), found.start(1), found.end(), "landline", False)


def _cards(text: str, _: datetime.date) -> Iterator[tuple[int, int]]:
    for found in CARD.finditer(text):
        if _in_groups(found) and checks.is_bank_card(re.sub(r"[ \-]", "", found.group())):
            yield found.span()


def _plain(pattern: re.Pattern[str]) -> Callable[[str, datetime.date], Iterator[tuple[int, int]]]:
    return lambda text, _: (found.span() for found in pattern.finditer(text))


def _names(text: str, today: datetime.date) -> Iterator[tuple[int, int]]:
    beside_number = len(text) > 12 and any(True for kind in BESIDE for _ in FINDERS[kind](text, today))
    for found in _names_in_text().finditer(text):
        group = next(number for number in (1, 2, 3, 4) if found.group(number))
        if group == 4 and not beside_number:
            continue
        name, begin = found.group(group), found.start(group)
        if group == 3:
            at = next((at for at in range(len(name) - 1) if is_surely_name(name[at:])), None)
            if at is not None:
                yield begin + at, found.end(group)
            continue
        length = next((size for size in range(len(name), 1, -1) if _is_told(text, begin, begin + size, group == 1)), 0)
        if length and (group != 4 or length == len(name)):
            yield begin, begin + length


BESIDE = ("mobile", "resident_id", "plate")
"""Numbers beside which a name stands often."""


def _is_told(text: str, begin: int, end: int, behind_colon: bool) -> bool:
    """Whether a name stands there: of usual characters, or behind a colon of any if it is a word of its own.

    Where other characters follow, it may be the beginning of a word (许可证) or of a phrase (于一年内).
    """
    name = text[begin:end]
    if ALL_HAN.match(text, end) and not BEHIND_NAMES.match(text, end):
        return is_surely_name(name) and not _begins_as_word(name) and not BY_DAYS.match(text, begin)
    if not behind_colon:
        return is_surely_name(name)
    known_as_name = name[0] not in ORDINARY or set(name[1:]) <= known.words("given_names.txt")
    return is_name(name) and known_as_name and name[-1] not in ROLES and not _begins_as_word(name)


def _begins_as_word(name: str) -> bool:
    return name[:2] in known.words("not_names.txt") or name[1] in NOT_LAST_OF_THREE


BEHIND_NAMES = re.compile("电话|手机|联系|身份|住址|地址|性别")
BY_DAYS = re.compile(r"[于自](?:[一二三四五六七八九十\d]+|每)(?:个|年|月|日|周|天|季|次|定)")
ROLES = frozenset("人员者户方")
"""What a word for somebody's part in a matter ends with."""


def is_surely_name(text: str) -> bool:
    """A name all of whose given characters are in the dictionary."""
    start = 2 if len(text) > 2 and text[:2] in known.words("surnames.txt") else 1
    return text[0] not in ORDINARY and is_name(text) and set(text[start:]) <= known.words("given_names.txt")


ORDINARY = frozenset("依都由么火回者经线普初未占从后别相能须养通全公应有关计利用向当时即")
"""Family names that are far more often something else in a sentence."""


FINDERS: Mapping[str, Callable[[str, datetime.date], Iterator[tuple[int, int]]]] = {
    "resident_id": _resident_ids,
    "mobile": _phones("mobile"),
    "landline": _phones("landline"),
    "bank_card": _cards,
    "email": _plain(EMAIL),
    "plate": _plain(PLATE),
    "passport": _plain(PASSPORT),
    "home_address": _plain(ADDRESS),
    "person_name": _names,
}


NOT_AT_END = re.compile(
    r"(?:小学|中学|大学|学校|医院|公司|商店|超市|药店|饭店|宾馆|广场|花园|小区|新村|大街|大道|胡同|工程|项目|中心|银行)$"
)
NOT_LAST = frozenset(
    "村屯庄区县市镇乡路街店厂社站局所校院组馆园桥河山沟岭湾楼馆场部处科室委办队行司品类型号位级族寺庙庵观堂湖泉港岛洲坡洼甸"
)
NOT_LAST_OF_THREE = NOT_LAST - frozenset("山泉河桥行品")
"""What a place, an office or a thing ends with, and hardly a name of two or three characters."""


def is_name(text: str) -> bool:
    """Whether a text has the form of a Chinese person's name: a family name and one or two characters."""
    surnames = known.words("surnames.txt")
    if not 2 <= len(text) <= 4 or "某" in text or text in known.words("not_names.txt") or not ALL_HAN.fullmatch(text):
        return False
    if len(text) == 4 and NOT_AT_END.search(text):
        return False
    if text[-1] in (NOT_LAST_OF_THREE if len(text) > 2 else NOT_LAST):
        return False
    if text[:2] in surnames and len(text) > 2:
        return True
    return text[0] in surnames and (len(text) < 4 or text[1] in surnames)


def is_given(text: str) -> bool:
    """Whether a name of that form ends with characters that people are often called."""
    given = known.words("given_names.txt")
    length = 2 if text[:2] in known.words("surnames.txt") and len(text) > 2 else 1
    return any(sign in given for sign in text[length:])
