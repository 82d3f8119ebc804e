"""What of a personal datum may be shown: examples in reports, and the masks that the remedy writes into a file.

Every mask goes by position, so equal values have equal masks, a mask stays as it is when masked again, and a value that
somebody masked in another way gets the same mask as its unmasked neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .marking import N_

STAR = "*"
MASKS = "*＊×●•"
"""Signs that people write over what they hide."""
SEPARATORS = " -_.·/()（）—转\t"
LONGEST_EXAMPLE = 40
LEFTOVER = re.compile(r"\d{9,}")
"""Digits beside a masked value that are too many to be a date or a room."""
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


RULES: Mapping[str, str] = {
    "resident_id": N_("The first six digits, which name a district, stay; every later one becomes *."),
    "mobile": N_("The first three digits, which name an operator, stay; every later one becomes *."),
    "landline": N_("The area code stays; every digit after it becomes *."),
    "bank_card": N_("The first four digits, which name a bank, stay; every later one becomes *."),
    "passport": N_("The letter in front, which names the kind of document, stays; every later character becomes *."),
    "plate": N_("The province and the letter of the city stay; every later character becomes *."),
    "email": N_("The first letter stays; the rest of the name becomes *** and the host becomes ***."),
    "person_name": N_("The first character stays; every later one becomes *."),
    "home_address": N_("The address stays up to the district; what follows becomes ***."),
    "coordinates": N_("The whole degrees stay; every digit after the point becomes *."),
    "minor": N_(
        "Numbers and names are masked by the rules for their kind; of anything else, every character becomes *."
    ),
    "partial_mask": N_(
        "Every row is masked alike, by the rule for what the value looks like; "
        "of anything else, every character becomes *."
    ),
    "credential": N_("The whole value becomes ****."),
    "other": N_("Every character becomes *."),
}

_PATTERNS: Mapping[str, re.Pattern[str]] = {
    # Each also fits its own mask, so that a mask in running text is left alone the second time.
    "resident_id": re.compile(r"(?<![\d*])\d{6}(?:[\d*＊×●•xX]{12}|[\d*＊×●•xX]{9})(?![\d*])"),
    "mobile": re.compile(r"(?<![\d*])(?:\+?(?:00)?86[- ]?)?1[3-9]\d[- ]?[\d*＊×●•xX]{4}[- ]?[\d*＊×●•xX]{4}(?![\d*])"),
    "landline": re.compile(
        r"(?<![\d*])[(（]?(?P<area>0(?:10|2\d|[3-9]\d\d))[)）]?[- —]?"
        r"[\d*＊×●•]{3,4}[- ]?[\d*＊×●•]{4}(?:[-转][\d*]{1,6})?(?![\d*])"
    ),
    "bank_card": re.compile(r"(?<![\d*])\d{4}(?:[ -]?[\d*＊×●•xX]){8,15}(?![\d*])"),
    "passport": re.compile(
        r"(?<![A-Za-z\d])[A-Za-z](?:[\d*＊×●•]|(?<=[Ee])[A-Za-z])[\d*＊×●•]{7}(?:[\d*＊×●•]{2})?(?![\d*])"
    ),
    "plate": re.compile(
        rf"[{PROVINCES}][A-Za-z][·•. ]?[A-Za-z\d*＊×●•]{{4,5}}[A-Za-z\d*＊×●•挂学警港澳](?![A-Za-z\d*])"
    ),
    "email": re.compile(r"[A-Za-z\d._%+*-]+@[A-Za-z\d*-]+(?:\.[A-Za-z\d*-]+)*"),
}
_LEADS = {"resident_id": 6, "mobile": 3, "bank_card": 4, "passport": 1, "plate": 2}
_EXAMPLE_LEADS = {**_LEADS, "resident_id": 2}

_MASK = re.compile(rf"[{MASKS}]")
_CHARACTER = re.compile(rf"[^{re.escape(SEPARATORS)}]", re.S)
_NAMES = re.compile(r"([、,，;；/\n]+)")
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff·*＊×●•某]{2,6}")
_DEGREES = re.compile(r"(?<![\d.．*])(\d{1,3}[.．])([\d*]+)")
_HAN = r"[\u3400-\u9fff]"
_PROVINCE = (
    r"(?:北京|天津|上海|重庆|河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川"
    r"|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾)"
    rf"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区|(?={_HAN}{{2,4}}[市区县]))"
)
# Names of cities and districts are short: whatever long stands before 市 or 区 is a person's name or a sentence.
_CITY = (
    r"(?:[\u3400-\u9fff]{2,3}?(?<!超)|呼和浩特|乌鲁木齐|齐齐哈尔|鄂尔多斯|呼伦贝尔|巴彦淖尔|乌兰察布|克拉玛依)市(?!花园|广场|公寓|场|民)"
    rf"|{_HAN}{{2,3}}(?:地区|盟)|{_HAN}{{2,8}}自治州"
)
_COUNTY = (
    rf"{_HAN}{{1,3}}?(?:(?<![小社园校厂院库片])区|县|旗|(?<!超)市(?!花园|广场|公寓|场|民))|{_HAN}{{2,8}}自治[县旗]"
    r"|(?:经济技术|高新技术产业|经济)?开发区"
)
_DISTRICT = re.compile(rf"\s*(?:中国)?(?:{_PROVINCE})?\s*(?:{_CITY})?\s*(?:{_COUNTY})?")
_MASKED = re.compile(
    rf"[{MASKS}]{{2,}}"
    r"|\d{2}[xX]{2,}(?![A-Za-z])"
    rf"|^[\u3400-\u9fff]{{1,2}}(?:某{{1,2}}[甲乙丙丁A-Za-z\d]?|[xX]{{1,2}}|[{MASKS}○〇])[\u3400-\u9fff]?$"
)


def example(kind: str, value: str) -> str:
    """As little of a value as lets a reviewer see what it is. Never the value itself."""
    value = value.strip()
    shown = _EXAMPLES.get(kind, _first_character)(value)
    if shown == value and not looks_masked(value):
        shown = STAR * len(value)
    return shown if len(shown) <= LONGEST_EXAMPLE else shown[: LONGEST_EXAMPLE - 1] + "…"


def masked(kind: str, value: str) -> str:
    """The value by the rule ``RULES[kind]``; where values stand in longer text, the text with its values masked.

    A cell in which no value of the kind can be made out is masked whole, since it stands in a column of them.
    """
    if not value.strip():
        return value
    if kind in ("partial_mask", "minor"):
        kind = looks_like(value)
    if kind not in _PATTERNS:
        return _WHOLE.get(kind, _all)(value)
    text, found = _PATTERNS[kind].subn(lambda match: _one(kind, match, _LEADS), value)
    return LEFTOVER.sub(lambda run: STAR * len(run[0]), text) if found else _all(value)


def masked_at(kind: str, text: str, spans: list[tuple[int, int]]) -> str:
    """Running text in which the values at these places are masked and all else stays."""
    parts, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            parts += [text[done:start], masked(kind, text[start:end])]
            done = end
    return "".join((*parts, text[done:]))


def rule(kind: str) -> str:
    """The name in ``RULES`` of the rule by which values of a kind are masked."""
    return kind if kind in RULES else "other"


def places(kind: str, text: str) -> list[tuple[int, int]]:
    """Where values of a kind that has a pattern stand in a text, masked ones too."""
    pattern = _PATTERNS.get(kind)
    return [match.span() for match in pattern.finditer(text)] if pattern else []


def district(address: str) -> str:
    """The beginning of an address up to its district, or to its city where it names no district; may be empty."""
    start = _DISTRICT.match(address)
    return start[0] if start and start[0].strip() else ""


def looks_masked(value: str) -> bool:
    """Whether somebody has hidden a part of this value: 138****5678, 2103021990XXXX1234, 张某某, 李*."""
    return _MASKED.search(value.strip()) is not None


def looks_like(value: str) -> str:
    """The kind whose value this is as a whole, or "other"."""
    value = value.strip()
    for kind in ("resident_id", "mobile", "landline", "bank_card", "plate", "passport", "email"):
        if _PATTERNS[kind].fullmatch(value):
            return kind
    return "person_name" if _CHINESE_NAME.fullmatch(value) else "other"


def _one(kind: str, match: re.Match[str], leads: Mapping[str, int]) -> str:
    if kind == "email":
        return _email(match[0])
    if kind == "landline":
        return _lead(match[0], len(match["area"]))
    if kind == "mobile":
        start = re.match(r"\+?(?:00)?86[- ]?(?=1)", match[0])
        country = start[0] if start else ""
        return country + _lead(match[0][len(country) :], leads[kind])
    return _lead(match[0], leads[kind])


def _lead(value: str, count: int) -> str:
    """The first ``count`` characters and the separators stay; each other character becomes a star."""
    at = 0
    while count > 0 and at < len(value):
        count -= value[at] not in SEPARATORS
        at += 1
    return _MASK.sub(STAR, value[:at]) + _CHARACTER.sub(STAR, value[at:])


def _all(value: str) -> str:
    return _lead(value, 0)


def _email(value: str) -> str:
    name, at, _ = value.rpartition("@")
    shown = name[0] if len(name) > 1 and name[0] not in MASKS else ""
    return f"{shown}***@***" if at else "***"


def _name(value: str) -> str:
    """Each of several names in a cell; one that is a single character is hidden whole."""
    parts = _NAMES.split(value)
    return "".join(
        part if at % 2 else _lead(part, 1 if sum(one not in SEPARATORS for one in part) > 1 else 0)
        for at, part in enumerate(parts)
    )


def _address(value: str) -> str:
    start = district(value)
    return start if value.strip() == start.strip() else start + "***"


def _coordinates(value: str) -> str:
    shown, found = _DEGREES.subn(lambda match: match[1] + STAR * len(match[2]), value)
    return LEFTOVER.sub(lambda run: STAR * len(run[0]), shown) if found else _all(value)


def _first_character(value: str) -> str:
    return _lead(value, 1 if len(value) > 1 else 0)


def _link(value: str) -> str:
    scheme, found, _ = value.partition("://")
    return f"{scheme}://***" if found and scheme.isalpha() and len(scheme) < 10 else _first_character(value)


def _example_address(value: str) -> str:
    shown = _address(value)
    return shown if shown != value else "***"


def _example_of(kind: str) -> Callable[[str], str]:
    def shown(value: str) -> str:
        match = _PATTERNS[kind].search(value)
        return _one(kind, match, _EXAMPLE_LEADS) if match else _all(value)

    return shown


def _example_of_any(value: str) -> str:
    kind = looks_like(value)
    return _EXAMPLES.get(kind, _all)(value)


_WHOLE: Mapping[str, Callable[[str], str]] = {
    "person_name": _name,
    "author": _name,
    "home_address": _address,
    "coordinates": _coordinates,
    "credential": lambda value: "****",
}
_EXAMPLES: Mapping[str, Callable[[str], str]] = {
    **{kind: _example_of(kind) for kind in _PATTERNS},
    **_WHOLE,
    "home_address": _example_address,
    "medical": _all,
    "religion": _all,
    "minor": _example_of_any,
    "partial_mask": _example_of_any,
    "link": _link,
    "picture_place": _coordinates,
}
