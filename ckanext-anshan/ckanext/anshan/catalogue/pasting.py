"""Information items out of rows that a spreadsheet gave: pasted text, or the head line of a file. Plain Python.

A head line is found by its words; without one, each column tells by its cells what it holds.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from . import vocabularies
from .fields import ITEM, MOST_ITEMS
from .vocabularies import fold

Item = dict[str, str]
Rows = Sequence[Sequence[str]]

WORDS: Mapping[str, str] = {
    "name": "名称 信息项名称 信息项 数据项 数据项名称 中文名 中文名称 字段中文名 指标名称 name item title",
    "column": "字段名 列名 英文名 英文名称 字段英文名 信息项列名 字段 字段代码 column field code",
    "type": "数据类型 类型 字段类型 信息项类型 type datatype",
    "length": "长度 数据长度 字段长度 信息项长度 length size",
    "unit": "单位 计量单位 unit",
    "meaning": "含义 说明 描述 备注 信息项含义 字段说明 meaning description note",
    "sensitive": "是否敏感 敏感 是否敏感信息 sensitive",
    "sharing_class": "共享类型 共享属性 信息项共享类型 sharingclass sharing",
    "opening_class": "开放属性 开放类型 信息项开放属性 openingclass opening",
    "filterable": "可按值授权 按值授权 可筛选 filterable",
    "necessity": "须说明必要性 说明必要性 必要性 necessity",
    "closed_reason": "不提供理由 不开放理由 不予开放理由 closedreason",
}
BY_HEAD = {fold(word): name for name, words in WORDS.items() for word in words.split()}
DEFAULTS = {"type": "text", "sensitive": "no"}
REMARK = re.compile(r"[(（].*?[)）]|[*＊:：]")
SIZED = re.compile(r"\s*(\D[^(（]*?)\s*[(（]\s*(\d+(?:\s*[,，]\s*\d+)?)\s*[)）]\s*")
"""A type with its length: varchar(50), 字符型（50）."""
IDENTIFIER = re.compile(r"[A-Za-z_][\w.$#-]*")
DATE = re.compile(r"\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?")
LOOKED_AT = 200


def from_text(text: str) -> list[Item]:
    """The items of pasted text: one a line, cells parted by tabs as spreadsheets do."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = list(csv.reader(io.StringIO(lines), dialect="excel-tab"))
    except csv.Error:  # no table of a spreadsheet
        rows = [line.split("\t") for line in lines.split("\n")]
    return from_rows([row for row in rows if any(cell.strip() for cell in row)])


def from_rows(rows: Rows) -> list[Item]:
    """The items that these rows list, their head line first if they have one; at most as many as an entry may hold."""
    columns = heads(rows[0]) if rows else {}
    body = rows[1:] if columns else rows
    columns = columns or _guessed(body)
    found = (_item({name: row[at].strip() for name, at in columns.items() if at < len(row)}) for row in body)
    return [item for item in found if item.get("name") or item.get("column")][:MOST_ITEMS]


def heads(row: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by the words of a head line; nothing where this is none."""
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        name = BY_HEAD.get(fold(REMARK.sub("", cell)))
        if name:
            found.setdefault(name, at)
    given = sum(bool(cell.strip()) for cell in row)
    return found if "name" in found and 2 * len(found) >= given else {}


def from_table(rows: Rows) -> list[Item]:
    """One item for each column of a data file: its heading, and the type that its values have."""
    if not rows:
        return []
    values = [
        [row[at].strip() if at < len(row) else "" for row in rows[1 : LOOKED_AT + 1]] for at in range(len(rows[0]))
    ]
    named = ((cell.strip(), column) for cell, column in zip(rows[0], values, strict=True) if cell.strip())
    return [_item({"name": name, "column": name, "type": _kind(column)}) for name, column in named][:MOST_ITEMS]


def _guessed(rows: Rows) -> dict[str, int]:
    """The first column names the items; of each other one its cells tell."""
    width = max((len(row) for row in rows), default=0)
    found = {"name": 0} if width else {}
    for at in range(1, width):
        cells = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        name = next((name for name, fits in GUESSES if cells and all(map(fits, cells)) and name not in found), "")
        if name:
            found[name] = at
    return found


def _is_term(field: str) -> Any:
    return lambda cell: bool(_term(field, cell))


GUESSES: Sequence[tuple[str, Any]] = (
    ("type", _is_term("type")),
    ("sensitive", _is_term("sensitive")),
    ("opening_class", _is_term("opening_class")),
    ("length", lambda cell: cell.isdigit() and len(cell) < 6),
    ("column", IDENTIFIER.fullmatch),
    ("meaning", lambda cell: True),
)


def _term(field: str, cell: str) -> str:
    sized = SIZED.fullmatch(cell) if field == "type" else None
    return vocabularies.term(ITEM[field].vocabulary, sized[1] if sized else cell) or ""


def _item(cells: Mapping[str, str]) -> Item:
    """The cells as an item; a word that is no term of its list is left out, for a person to choose."""
    item = {name: cell for name, cell in cells.items() if cell and not ITEM[name].vocabulary}
    sized = SIZED.fullmatch(cells.get("type", ""))
    if sized and "length" not in item:
        item["length"] = sized[2]
    terms = {name: _term(name, cell) for name, cell in cells.items() if cell and ITEM[name].vocabulary}
    return {"name": item.get("column", ""), **DEFAULTS, **item, **terms}


def _kind(values: Sequence[str]) -> str:
    given = [value for value in values if value]
    for kind, fits in KINDS:
        if given and all(map(fits, given)):
            return kind
    return "text"


KINDS: Sequence[tuple[str, Any]] = (
    ("integer", re.compile(r"-?(0|[1-9]\d{0,17})").fullmatch),
    ("number", re.compile(r"-?(0|[1-9]\d{0,17})(\.\d+)?").fullmatch),
    ("date", DATE.fullmatch),
    ("datetime", re.compile(DATE.pattern + r"[ T]\d{1,2}:\d{2}.*").fullmatch),
)
