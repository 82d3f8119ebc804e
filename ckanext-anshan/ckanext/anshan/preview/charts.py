"""What a table is drawn as: which column groups, what is counted, how time is cut. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .places import LATITUDES, LONGITUDES
from .rules import GEOMETRY, Asked, Column

MOST_BARS = 20
MOST_POINTS = 400
TIME_WORDS = re.compile(r"日期|月份|季度|年度|年份|^年$|^月$|^(date|month|quarter|year|day)$", re.IGNORECASE)
AREA_WORDS = re.compile(r"区县|县区|行政区")
GROUP_WORDS = re.compile(r"街道|乡镇|类型|类别|种类|性质|等级|级别|状态|结果|行业|领域|主题|断面|点位|品名|科目")
NAME_WORDS = re.compile(r"名称|品名|标题|^name$|^title$", re.IGNORECASE)
CODE_WORDS = re.compile(r"编号|代码|编码|文号|字号|电话|地址|标识码|^id$|^code$|^phone$|_id$", re.IGNORECASE)
AVERAGED = re.compile(r"率|均|价|指数|浓度|温|湿|值|级|度|比|颗粒物|硫|氮|氧|碳|磷|氨")
"""Numbers of which a sum over rows says nothing."""
UPKEEP = re.compile(r"更新日期|更新时间|入库|录入")


@dataclass(frozen=True)
class Chart:
    """How a table is drawn."""

    by: Column
    of: Column | None  # nothing: rows are counted
    how: str  # count, sum or average
    groups: tuple[Column, ...]
    values: tuple[Column, ...]

    @property
    def is_time(self) -> bool:
        return is_time(self.by)

    @property
    def limit(self) -> int:
        return MOST_POINTS if self.is_time else MOST_BARS


def is_time(column: Column) -> bool:
    return column.is_date or (bool(TIME_WORDS.search(column.name)) and column.type != "boolean")


def choose(columns: Sequence[Column], asked: Asked) -> Chart | None:
    """What is asked for, or what says most of such a table; nothing where no column groups."""
    groups = tuple(column for column in columns if _groups(column))
    values = tuple(column for column in columns if _counts(column))
    if not groups:
        return None
    by = next((one for one in groups if one.name == asked.by), None) or max(groups, key=lambda one: _rank(one, values))
    of = next((one for one in values if one.name == asked.of), None)
    if of is None and not asked.by and asked.how != "count":
        of = values[0] if values else None
    return Chart(by, of, _how(of, asked.how), groups, values)


def _how(of: Column | None, wanted: str) -> str:
    if of is None or wanted == "count":
        return "count"
    return wanted or ("average" if AVERAGED.search(of.name) else "sum")


def _groups(column: Column) -> bool:
    if column.name == GEOMETRY or column.name.lower() in (*LATITUDES, *LONGITUDES):
        return False
    return not column.is_number or is_time(column)


def _counts(column: Column) -> bool:
    is_place = column.name.lower() in (*LATITUDES, *LONGITUDES)
    return column.is_number and not is_place and not is_time(column) and not CODE_WORDS.search(column.name)


def _rank(column: Column, values: Sequence[Column]) -> int:
    if UPKEEP.search(column.name):
        return -2
    if CODE_WORDS.search(column.name):
        return -1
    if is_time(column) and values:
        return 5
    if AREA_WORDS.search(column.name):
        return 4
    if GROUP_WORDS.search(column.name):
        return 3
    return 2 if NAME_WORDS.search(column.name) else 0


def step(first: date, last: date) -> str:
    """How a span of time is cut: no more points than an eye follows."""
    days = (last - first).days
    return "day" if days <= 200 else "month" if days <= 366 * 12 else "year"


@dataclass(frozen=True)
class Bar:
    """One group: its label, its number, and how many rows are behind it."""

    label: str
    value: Decimal | None
    rows: int
    groups: int = 0  # more than 0: so many groups beyond the last one shown, put together


def share(value: Decimal | None, most: Decimal) -> float:
    """How long a bar is, of 1."""
    return float(value / most) if value and value > 0 and most > 0 else 0.0
