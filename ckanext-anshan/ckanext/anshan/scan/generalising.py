"""Values made coarser: dates to months, addresses to streets, coordinates to about a hundred metres.

What can't be made out is taken away rather than left, since it stands in a column that should not be published so.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .masking import district

VOCABULARIES = Path(__file__).parents[1] / "config" / "vocabularies"
DECIMALS = 3
"""0.001° is 111 m from south to north and 84 m from west to east at Anshan."""
SERIALS = range(10_000, 80_000)
"""Numbers that a spreadsheet shows as days: 1927 to 2119."""

_TIME = (
    r"(?:\s*[T ]?\s*(?:上午|下午|AM|PM)?\s*\d{1,2}(?::\d{1,2}|[时点]\d{0,2})(?:[:分]\d{0,2}(?:\.\d+)?)?秒?"
    r"(?:\s*(?:AM|PM|Z|[+-]\d\d:?\d\d))?)?"
)
_DAY = re.compile(
    rf"(?<!\d)(?P<y>(?:1[6-9]|2[01])\d\d)\s*(?:(?P<s>[-/.])(?P<m1>\d{{1,2}})(?P=s)\d{{1,2}}(?!\d)"
    rf"|年\s*(?P<m2>\d{{1,2}})\s*月(?:\s*\d{{1,2}}\s*[日号]?)?|(?P<m3>0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{{6}})?(?!\d))"
    rf"{_TIME}",
    re.I,
)
_MONTH = re.compile(r"(?<!\d)((?:1[6-9]|2[01])\d\d)(?:[-/.](\d{1,2})|(0[1-9]|1[0-2]))(?![\d-])")
_YEAR_LAST = re.compile(rf"(?<!\d)(\d{{1,2}})[-/.](\d{{1,2}})[-/.]((?:1[6-9]|2[01])\d\d)(?!\d){_TIME}", re.I)
_COARSE = re.compile(r"(?:1[6-9]|2[01])\d\d(?:-(?:0[1-9]|1[0-2]))?(?!\d)")
_CHINESE_DATE = re.compile(
    r"([〇零○Ｏ一二三四五六七八九]{4})年([元一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十廿卅]{1,4})[日号])?"
)
_NUMERALS = {**{sign: at for at, sign in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0, "Ｏ": 0, "元": 1}
_TOWN = re.compile(r"[^\d\s路街巷号村区，,。；;：:]{1,6}?(?:街道(?:办事处)?|镇|乡|苏木)")
_ROAD = re.compile(r"[^\s\d，,。；;：:()（）号村-]{1,6}?(?:大街|大道|大路|路|街|巷|胡同|公路)")
_NUMBER = re.compile(r"-?\d+\.\d+|-?\d{4,}")
_DEGREES = re.compile(r"(\d{1,3})\s*[°度]\s*(\d{1,2})\s*['′分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″秒]|'')?)?")


def month(value: str) -> str:
    """Every date in the text as year and month; "" where there are digits that aren't understood."""
    text = unicodedata.normalize("NFKC", value)
    if not any(character.isdigit() for character in _CHINESE_DATE.sub(_arabic, text)):
        return value
    if re.fullmatch(r"\s*\d{5}(?:\.\d+)?\s*", text) and int(float(text)) in SERIALS:
        return (date(1899, 12, 30) + timedelta(days=int(float(text)))).strftime("%Y-%m")
    text = _DAY.sub(_year_and_month, _YEAR_LAST.sub(_year_last, _CHINESE_DATE.sub(_arabic, text)))
    text = _MONTH.sub(lambda match: f"{match[1]}-{int(match[2] or match[3]):02}", text)
    return "" if re.search(r"\d", _COARSE.sub("", text)) else text


def street(value: str) -> str:
    """An address up to its street office, town or road, without a number; up to the district where none is named.

    Words before the city or district, such as a person's name, are left out.
    """
    value = value.strip()
    if not district(value) and (known := _places().search(value)):
        value = value[known.start() :]
    start = district(value)
    rest = value[len(start) :]
    if not rest:
        return value
    named = _streets().match(rest) or _TOWN.match(rest) or _ROAD.match(rest)
    return start + named[0] if named else start.rstrip() or "***"


def rounded(value: str) -> str:
    """Every number in the text with at most three decimals, degrees and minutes as such a number.

    Metres of a projection, and degrees written without a point, lose their last digits, which is as much.
    """
    return _NUMBER.sub(lambda match: _coarse(match[0]), _DEGREES.sub(_decimal, value))


def rounded_number(value: float) -> float:
    return float(_coarse(repr(value))) if abs(value) < 1e15 else 0.0


def _coarse(number: str) -> str:
    exact = Decimal(number)
    if abs(exact) <= 180:
        places = min(DECIMALS, -int(exact.as_tuple().exponent))
        return str(exact.quantize(Decimal(1).scaleb(-places)))
    digits = 2 if abs(exact) < 10**8 else len(str(abs(int(exact)))) - 6
    return str(int(exact.scaleb(-digits).to_integral_value().scaleb(digits)))


def _decimal(match: re.Match[str]) -> str:
    degrees = int(match[1]) + int(match[2]) / 60 + float(match[3] or 0) / 3600
    return f"{degrees:.{DECIMALS}f}"


def _year_and_month(match: re.Match[str]) -> str:
    number = int(match["m1"] or match["m2"] or match["m3"])
    return f"{match['y']}-{number:02}" if 1 <= number <= 12 else match["y"]


def _year_last(match: re.Match[str]) -> str:
    """Where day and month can't be told apart, only the year stays."""
    first, second = int(match[1]), int(match[2])
    if first == second or (first > 12) != (second > 12):
        return f"{match[3]}-{min(first, second):02}"
    return match[3]


def _arabic(match: re.Match[str]) -> str:
    year = "".join(str(_NUMERALS[sign]) for sign in match[1])
    return f"{year}-{_small(match[2]):02}"


def _small(numeral: str) -> int:
    tens, found, ones = numeral.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if found else 0) + _NUMERALS.get(ones, 0)


@cache
def _streets() -> re.Pattern[str]:
    """The city's street offices and towns."""
    return _any_of("streets.yaml")


@cache
def _places() -> re.Pattern[str]:
    """The city and its districts."""
    return _any_of("districts.yaml")


def _any_of(vocabulary: str) -> re.Pattern[str]:
    terms: list[Any] = yaml.safe_load((VOCABULARIES / vocabulary).read_text("utf-8"))["terms"]
    names = sorted((term["zh"] for term in terms), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))
