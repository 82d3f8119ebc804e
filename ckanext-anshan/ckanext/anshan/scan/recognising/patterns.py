"""What stands in one text: for cells that are written in unusual ways, for running text, and to hide it from a report.

``spans`` says where the values of a kind stand; ``conceal`` puts asterisks in the place of all of them.
"""

from __future__ import annotations

import datetime
import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from . import checks, prose
from .names import HAN

GAP = r"[ \-]?"
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u180e]")
ID = re.compile(rf"(?<!\d)(?:\d{GAP}){{17}}[\dXx](?![\dA-Za-z])")
OLD_ID = re.compile(rf"(?<![\dA-Za-z])(?:\d{GAP}){{14}}\d(?![\dA-Za-z])")
MOBILE = re.compile(
    r"(?<![\dA-Za-z_.])(?<![\dA-Za-z]-)(?:(?:\+|00)?86[ \-]?|0)?(1\d(?:[ \-]?\d){9})"
    r"(?!\d|[A-Za-z]|\.\d*[1-9]|\s*(?:元|万|吨|亩|户|平方米))"
)
LANDLINE = re.compile(
    r"(?<![\dA-Za-z_])(?<![A-Za-z]/)[(]?(0\d{2,3})[)]?[ \-—–]{0,2}"
    r"([2-9]\d{6,7}|(?!20\d\d[ \-])[2-9]\d{2,3}[ \-]\d{4})(?!\d)"
)
LOCAL_PHONE = re.compile(
    r"(?:电话|传真|座机|热线|[Tt][Ee][Ll])[^\d\n]{0,6}((?!20\d{6})[2-9]\d{6,7}|[2-9]\d{2,3}[ \-]\d{4})(?![\d*]|-\d{3})"
)
"""Without an area code, behind a word for it."""
CARD = re.compile(r"(?<![\dA-Za-z])\d{4}(?:[ \-]?\d){11,14}[\d](?!\d)")
EMAIL = re.compile(r"[A-Za-z0-9_.+%-]+@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}")
PLATE = re.compile(
    r"(?<![0-9A-Za-z])[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z][·•.\- ]?"
    r"(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF])(?![A-Za-z0-9])"
)
PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])(?:[EGDPS]\d{8}|E[A-HJ-NP-Z]\d{7}|1[45]\d{7}|[HM]\d{8}(?:\d{2})?)(?![A-Za-z0-9])"
)
TOLD_PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d{6,8}[A-Z]?|1[45]\d{7}|[HM]\d{10})(?![A-Za-z0-9])")
"""Of any country, where the word passport or permit stands beside it."""
NUMBERED = r"(?:号楼|号院|号|栋|幢|座|单元|组|门|室|弄|楼|层|户|#)"
NUMBERED_LAST = r"[号院栋幢座元组门室弄楼层户#]"
ADDRESS = re.compile(
    rf"(?!第)(?:{HAN}|[a-zA-Z0-9一二三四五六七八九十]){{2,30}}?(?<!第)(?<![〕\])】）)])(?:\d+{NUMBERED}|(?<=[路街道巷里区园苑城邸府庭居家村屯])\d+(?:-\d+){{1,3}}|(?<=[路街道巷])[A-Za-z]座"
    rf"|(?<={HAN})[1-9]\d{{0,2}}-\d{{1,2}}-\d{{2,4}}(?!\d|-))"
    rf"(?:[\w\-－—–#]*(?:{NUMBERED}|-\d+))*(?:(?<={NUMBERED_LAST})\d{{1,5}}(?![\d年月]))?"
)
DETAIL = re.compile(r"[A-Za-z]座|\d+\s*(?:单元|室|户|门牌|栋|幢|号楼|#)|\d+-\d+-\d+|(?:村|屯|队)\S{0,6}?(?:组|\d+号)")
HOME = re.compile(r"住(?!院|建|房和|所)|身份证|(?:通信|通讯)地址|家在|现居|户籍|业主|来电|回访|投诉人|反映人|收件|家庭")
"""In running text, what makes an address somebody's."""


def tidy(text: str) -> str:
    """Full-width characters as ordinary ones, without what can't be seen."""
    return UNSEEN.sub("", unicodedata.normalize("NFKC", text)) if not text.isascii() else text


def unmarked(text: str) -> str:
    """The text without the tags and entities of HTML."""
    if "<" in text and ">" in text:
        text = TAG.sub(" ", text)
    return html.unescape(text).replace("\xa0", " ") if "&" in text and ";" in text else text


TAG = re.compile(r"<(?:/?[A-Za-z][^<>]{0,500}|!--.{0,500}?--)>")


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
        if rows and phone.first == end + 1 and text[end] in " -":
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
    end = 0
    for found in LANDLINE.finditer(text):
        area, number = found.group(1), re.sub(r"[ \-]", "", found.group(2))
        if checks.is_area(area) and (len(area) == 4 or len(number) == 8):
            end = found.end()
            yield _Phone(found.start(), found.start(1), end, "landline", False)
    for found in LOCAL_PHONE.finditer(text):
        if found.start(1) >= end:
            yield _Phone(found.start(1), *found.span(1), "landline", True)


def _cards(text: str, _: datetime.date) -> Iterator[tuple[int, int]]:
    for found in CARD.finditer(text):
        if _in_groups(found) and checks.is_bank_card(re.sub(r"[ \-]", "", found.group())):
            yield found.span()


def _plain(pattern: re.Pattern[str]) -> Callable[[str, datetime.date], Iterator[tuple[int, int]]]:
    return lambda text, _: (found.span() for found in pattern.finditer(text))


def has_name(text: str, today: datetime.date) -> bool:
    """Whether the name of a person stands in a text: sooner known than where each stands."""
    return prose.has_name(text, False) or (_is_beside_number(text, today) and prose.has_name(text, True))


def _names(text: str, today: datetime.date) -> Iterator[tuple[int, int]]:
    return prose.names(text, _is_beside_number(text, today))


def _is_beside_number(text: str, today: datetime.date) -> bool:
    numbered = len(text) > 12 and MANY_DIGITS.search(text)
    return bool(numbered) and any(True for kind in BESIDE for _ in FINDERS[kind](text, today))


MANY_DIGITS = re.compile(r"\d[\d -]{3}")
BESIDE = ("mobile", "resident_id", "plate", "bank_card")
"""Numbers beside which a name stands often."""


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
