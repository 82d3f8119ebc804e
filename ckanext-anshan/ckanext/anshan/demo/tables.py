"""The tables of the demo: their columns (the information items of an entry) and their rows."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any

import yaml
from pypinyin import Style, lazy_pinyin

from ..catalogue import vocabularies
from .values import LAST_DAY, ORDINALS, Row, value

DATA = Path(__file__).parent / "data"
COLUMN_NAMES = {"经度": "longitude", "纬度": "latitude"}
TIMES = {"month": "月份 text 7 - month", "year": "年度 integer 4 年 year", "quarter": "季度 text 7 - quarter"}
SERIES: Mapping[str, tuple[Sequence[str], dict[str, int]]] = {
    "month": ([TIMES["month"]], {"month": 36}),
    "year": ([TIMES["year"]], {"year": 12}),
    "quarter": ([TIMES["quarter"]], {"quarter": 20}),
    "district": ([TIMES["year"], "区县 text 20 - district 所在县（市）区"], {"year": 5, "district": 7}),
}


@dataclass(frozen=True)
class Column:
    title: str
    name: str
    type: str
    length: str
    unit: str
    source: str
    meaning: str = ""
    sensitive: bool = False


@dataclass(frozen=True)
class Table:
    word: str
    columns: tuple[Column, ...]
    axes: Mapping[str, Any]
    count: int

    @property
    def has_places(self) -> bool:
        return {"longitude", "latitude"} <= {column.name for column in self.columns}


@cache
def read(name: str) -> Any:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def table(text: str) -> Table:
    """The table that an entry names: "kind:word", or "month:indicator/unit/low-high;..."."""
    kind, _, word = text.partition(":")
    if kind in SERIES:
        specs, rows = SERIES[kind]
        specs = [*specs, *(_indicator(one) for one in word.split(";"))]
        word = ""
    else:
        specs, rows = read("tables")["tables"][kind]["columns"], read("tables")["tables"][kind]["rows"]
    columns = tuple(_columns(specs, word))
    return Table(word, columns, rows, 0) if isinstance(rows, dict) else Table(word, columns, {}, rows)


def _indicator(text: str) -> str:
    title, unit, span = text.split("/")
    digits = 2 if float(span.rsplit("-", 1)[1]) <= 100 else 0
    return f"{title} {'number 10,2' if digits else 'integer 10'} {unit} wave:{span}:{digits}"


def _columns(specs: Sequence[str], word: str) -> Iterator[Column]:
    used: set[str] = set()
    for spec in specs:
        text = read("tables")["shared"][spec[1:]] if spec.startswith("@") else spec
        title, type, length, unit, source, *meaning = text.replace("{p}", word).split(" ", 5)
        source = text.split(" ", 5)[4]  # keeps its {p}, which the row fills
        name = column_name(title.lstrip("!"), used)
        yield Column(
            title.lstrip("!"), name, type, length, "" if unit == "-" else unit, source,
            meaning[0] if meaning else "", title.startswith("!"),
        )  # fmt: skip


def column_name(title: str, used: set[str]) -> str:
    """As agencies name their columns: the initials of the title; a number tells apart what would be the same."""
    name = COLUMN_NAMES.get(title) or "".join(lazy_pinyin(title, style=Style.FIRST_LETTER)).lower()
    name = "".join(letter for letter in name if letter.isalnum() and letter.isascii()) or "column"
    while name in used:
        name += "2"
    used.add(name)
    return name


def rows(made: Table, district: str, seed: str) -> list[list[Any]]:
    """All rows, the same for the same seed; in one district, or all over the city for ``210300``."""
    chance = random.Random(seed)
    return [[value(column.source, row, chance) for column in made.columns] for row in _rows(made, district, chance)]


def _rows(made: Table, district: str, chance: random.Random) -> Iterator[Row]:
    streets = [s for s in vocabularies.load("streets").terms if district in (s.parent, "210300")]
    chance.shuffle(streets)
    points = list(_points(made.axes)) if made.axes else [{}] * made.count
    for number, axes in enumerate(points):
        street = streets[number % len(streets)]
        nth = ORDINALS[number // len(streets) % 10]
        yield Row(number, made.word, street.parent, street.id, nth, _centre(street.parent, street.id), axes)


def _centre(district: str, street: str) -> tuple[float, float, float]:
    """Every street has a patch of its own within the district's."""
    longitude, latitude, reach = read("agencies")["districts"][district]
    chance = random.Random(street)
    shift = (chance.uniform(-1, 1) * reach, chance.uniform(-1, 1) * reach)
    return longitude + shift[0], latitude + shift[1], reach / 4


def _points(axes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    values = [AXES[name](wanted) for name, wanted in axes.items()]
    return (dict(zip(axes, point, strict=True)) for point in product(*values))


def _months(count: int, step: int = 1) -> list[datetime.date]:
    last = LAST_DAY.year * 12 + LAST_DAY.month - 1
    return [datetime.date(month // 12, month % 12 + 1, 1) for month in range(last - (count - 1) * step, last + 1, step)]


def _quarters(count: int) -> list[str]:
    last = LAST_DAY.year * 4 + (LAST_DAY.month - 1) // 3
    return [f"{quarter // 4}年{quarter % 4 + 1}季" for quarter in range(last - count, last)]


AXES: Mapping[str, Any] = {
    "each": list,
    "month": lambda count: [f"{month:%Y-%m}" for month in _months(count)],
    "quarter": _quarters,
    "year": lambda count: list(range(LAST_DAY.year - count, LAST_DAY.year)),
    "day": lambda count: [LAST_DAY - datetime.timedelta(day) for day in range(count - 1, -1, -1)],
    "hour": lambda count: [f"{hour:02d}:00" for hour in range(count)],
    "district": lambda count: [t.zh for t in islice(vocabularies.children("districts", "210300"), count)],
}
