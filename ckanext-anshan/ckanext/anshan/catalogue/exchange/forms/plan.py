"""The flat open plan (年度公共数据开放计划): one row per dataset, items as a list in one cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ... import vocabularies
from ..headings import Column
from ..problems import Level
from ..readers import Row
from .drafts import Cells, Draft, cells
from .values import given, joined, parts, term, terms, word, words

COLUMNS: Sequence[Column] = (
    Column(
        "provider",
        "公共数据开放主体名称",
        "Provider",
        ("开放主体", "数据提供部门", "提供部门", "责任单位"),
        needed=True,
    ),
    Column("update_cycle", "更新频率", "Update cycle", ("更新周期",)),
    Column("opening_class", "开放属性", "Opening class", ("开放类型", "开放方式"), needed=True),
    Column("data_formats", "数据格式", "File formats", ("开放格式",)),
    Column("themes", "数据集领域", "Theme", ("数据领域", "所属领域", "领域")),
    Column("title", "数据集名称", "Title", ("数据名称", "数据目录名称"), needed=True),
    Column("items", "数据项", "Information items", ("信息项", "数据项名称"), needed=True),
    Column("notes", "数据摘要", "Summary", ("数据集摘要", "摘要")),
    Column("number", "序号", "Number"),
)
CODE = Column("code", "目录编码", "Code", ("目录代码",))
"""Only in files with entries that agency and title don't tell apart."""


@dataclass(frozen=True)
class Plan:
    written: Sequence[Column] = COLUMNS
    id = "plan"
    columns = (*COLUMNS, CODE)
    header_rows = 1
    has_codes = False
    complete = False

    def with_codes(self) -> Plan:
        return Plan((*COLUMNS, CODE))

    def read(self, rows: Iterable[Row], found: Mapping[str, int], titles: Mapping[str, str]) -> Iterator[Draft]:
        for row in rows:
            values = cells(row, found)
            if given(values["provider"]) or given(values["title"]):
                yield _draft(row.number, values, titles)

    def header(self) -> list[list[str]]:
        return [[column.zh for column in self.written]]

    def write(self, entry: Mapping[str, Any], number: int) -> Iterator[list[str]]:
        values = {name: entry.get(name) or "" for name in ("provider", "title", "notes", "code")}
        values |= {"number": str(number), "themes": words("themes", entry.get("themes") or ())}
        values |= {"update_cycle": _word("update_cycles", entry.get("update_cycle"))}
        values |= {"opening_class": _word("opening_classes", entry.get("opening_class"))}
        values |= {"data_formats": joined(entry.get("data_formats") or ())}
        values |= {"items": joined(item["name"] for item in entry.get("information_items") or ())}
        yield [values[column.id] for column in self.written]


def _word(vocabulary: str, id: str | None) -> str:
    return word(vocabulary, id) if id else ""


def _draft(number: int, row: Cells, titles: Mapping[str, str]) -> Draft:
    draft = Draft(number, given(row["provider"]), titles=titles)
    draft.entry = {"title": given(row["title"]), "notes": given(row.get("notes", ""))}
    draft.entry["opening_class"] = term(draft, "opening_class", given(row["opening_class"]), "opening_classes")
    draft.entry["information_items"] = _items(draft, row["items"])
    if given(row.get("code", "")):
        draft.entry["code"] = given(row["code"])
    if "update_cycle" in row:
        draft.entry["update_cycle"] = _cycle(draft, given(row["update_cycle"]))
    if "data_formats" in row:
        draft.entry["data_formats"] = terms(
            draft, "data_formats", given(row["data_formats"]), "file_formats", Level.NOTICE
        )
    if "themes" in row:
        draft.entry["themes"] = terms(draft, "themes", given(row["themes"]), "themes", Level.NOTICE)
    return draft


def _cycle(draft: Draft, stated: str) -> str:
    found = vocabularies.term("update_cycles", stated) if stated else ""
    if found is None:
        draft.add("unknown_cycle", "update_cycle", stated, level=Level.NOTICE)
    return "irregular" if found is None else found


def _items(draft: Draft, cell: str) -> list[dict[str, str]]:
    names = parts(given(cell))
    for name in sorted({name for name in names if names.count(name) > 1}):
        draft.add("item_twice", "items", name, level=Level.NOTICE)
    return [{"name": name} for name in dict.fromkeys(names)]
