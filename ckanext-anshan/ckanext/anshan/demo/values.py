"""Where the values of the demo's tables come from: each source is a small function of a row and a random generator."""

from __future__ import annotations

import datetime
import math
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..catalogue import uscc, vocabularies

LAST_DAY = datetime.date(2026, 10, 31)
RANGE = re.compile(r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)(?::(\d))?")
LANDMARKS = ("文化宫", "体育馆", "人民公园", "百货大楼", "图书馆", "中心广场", "市场", "邮局", "南门", "新村")
FIRST, SECOND = "甲乙丙丁戊己庚辛壬癸", "金木水火土山川林泉岭"
ORDINALS = "一二三四五六七八九十"
KINDS = ("新办", "变更", "延续", "补办", "注销")


@dataclass
class Row:
    """One row while it is made: its number, the word of its table, its place, and its values on the axes."""

    number: int
    word: str
    district: str  # id of the vocabulary
    street: str  # id of the vocabulary
    nth: str
    centre: tuple[float, float, float]
    axes: Mapping[str, Any] = field(default_factory=dict)


Source = Callable[[str, Row, random.Random], Any]


def value(source: str, row: Row, chance: random.Random) -> Any:
    """What ``source`` ("name" or "name:argument") gives for this row."""
    name, _, argument = source.partition(":")
    return row.axes[name] if name in row.axes else SOURCES[name](argument, row, chance)


def short(street: str) -> str:
    """The name of a street or town as its shops bear it."""
    return re.sub(r"(街道|风景区|镇|乡)$", "", vocabularies.label("streets", street))


def company(kind: str, number: int) -> str:
    """A company that no one can take for a real one."""
    first, second = FIRST[number % 10], SECOND[number // 10 % 10]
    return f"鞍山演示{first}{second}{ORDINALS[number // 100 % 10]}号{kind}有限公司"


def company_code(number: int) -> str:
    first17 = f"91210300MADEM{number % 10000:04d}"
    return first17 + uscc.check_character(first17)


def _range(text: str) -> tuple[float, float, int]:
    found = RANGE.fullmatch(text)
    assert found, text
    return float(found[1]), float(found[2]), int(found[3] or 0)


def _number(low: float, high: float, digits: int, share: float) -> float | int:
    made = round(low + (high - low) * min(max(share, 0.0), 1.0), digits)
    return made if digits else int(made)


def _num(argument: str, row: Row, chance: random.Random) -> float | int:
    return _number(*_range(argument), chance.random())


def _wave(argument: str, row: Row, chance: random.Random) -> float | int:
    """A season of twelve steps around the middle, with some noise."""
    phase = len(argument) + row.number * math.tau / 12
    return _number(*_range(argument), 0.5 + 0.3 * math.sin(phase) + 0.2 * (chance.random() - 0.5) * 2)


def _date(argument: str, row: Row, chance: random.Random) -> datetime.date:
    first, last = (int(year) for year in argument.split("-"))
    start = datetime.date(first, 1, 1)
    end = min(datetime.date(last, 12, 31), LAST_DAY) if first <= LAST_DAY.year else datetime.date(last, 12, 31)
    if last > LAST_DAY.year:
        end = datetime.date(last, 12, 31)
    return start + datetime.timedelta(chance.randrange((end - start).days + 1))


def _words(argument: str, row: Row, chance: random.Random) -> str:
    streets = vocabularies.load("streets").terms
    return argument.format(
        street=short(row.street),
        street2=short(chance.choice(streets).id),
        n=row.number + 1,
        nth=row.nth,
        p=row.word,
        landmark=LANDMARKS[row.number % len(LANDMARKS)],
        pick=KINDS[row.number % len(KINDS)],
    )


def _pick(argument: str, row: Row, chance: random.Random) -> Any:
    found = chance.choice(argument.split("|"))
    return float(found) if re.fullmatch(r"\d+(\.\d+)?", found) else found


def _routes(argument: str, row: Row, chance: random.Random) -> str:
    return "、".join(f"{number}路" for number in sorted(chance.sample(range(1, 79), chance.randint(1, 6))))


def _address(argument: str, row: Row, chance: random.Random) -> str:
    place = vocabularies.label("districts", row.district) + vocabularies.label("streets", row.street)
    return f"{place}演示路{chance.randint(1, 320)}号"


def _scatter(axis: int) -> Source:
    def source(argument: str, row: Row, chance: random.Random) -> float:
        return round(row.centre[axis] + chance.uniform(-1, 1) * row.centre[2], 6)

    return source


SOURCES: Mapping[str, Source] = {
    "serial": lambda argument, row, chance: argument.replace("{p}", row.word) % (row.number + 1),
    "fmt": _words,
    "pick": _pick,
    "int": _num,
    "num": _num,
    "wave": _wave,
    "date": _date,
    "routes": _routes,
    "address": _address,
    "lon": _scatter(0),
    "lat": _scatter(1),
    "phone": lambda argument, row, chance: f"0412-0000{chance.randint(100, 999)}",
    "district": lambda argument, row, chance: vocabularies.label("districts", row.district),
    "street": lambda argument, row, chance: vocabularies.label("streets", row.street),
    "company": lambda argument, row, chance: company(argument.replace("{p}", row.word), row.number),
    "uscc": lambda argument, row, chance: company_code(row.number + 1),
}
