"""The template of the national guide (发改高技术〔2017〕1272号): one row per information item, two rows of headings.

It has no column for the opening class itself, nor for the legal particulars that article 27 asks. The class is read
from the words of 开放条件; where they say nothing, a new entry is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ... import vocabularies
from ..headings import Column
from ..problems import Level
from ..readers import Row
from .drafts import Cells, Draft, cells
from .values import JOINT, given, parts, term, word

COLUMNS: Sequence[Column] = (
    Column(
        "provider", "信息资源目录提供方", "Provider", ("信息资源提供方", "政务服务数据提供方", "提供方"), needed=True
    ),
    Column("uscc", "信息资源目录提供方代码", "Provider code", ("提供方代码", "信息资源提供方代码")),
    Column("service_provider", "政务服务数据提供方", "Service provider"),
    Column("approval_result", "审批结果", "Approval result"),
    Column("title", "信息资源目录名称", "Title", ("信息资源名称", "目录名称"), needed=True),
    Column("provider_office", "提供方内部部门", "Office", ("内部部门",)),
    Column("notes", "信息资源目录摘要", "Summary", ("信息资源摘要", "摘要")),
    Column("sharing_class", "共享类型", "Sharing class"),
    Column("sharing_conditions", "共享条件", "Sharing conditions", needed=True),
    Column("sharing_method", "共享方式", "Sharing method"),
    Column("open", "是否向社会开放", "Open to the public", ("开放属性",)),
    Column("opening_conditions", "开放条件", "Opening conditions", needed=True),
    Column("data_form", "信息资源格式", "Format", ("格式",)),
    Column("update_cycle", "更新周期", "Update cycle"),
    Column("other_cycle", "其他更新周期", "Other update cycle"),
    Column("item", "信息项名称", "Item", ("信息项",), needed=True),
    Column("type", "数据类型", "Data type"),
    Column("length", "数据长度", "Length"),
    Column("source_system", "来源系统名称", "Source system", ("来源系统",)),
    Column("related_entries", "关联资源代码", "Related entries"),
    Column("code", "目录编码", "Code", ("信息资源代码", "目录代码")),
)
TYPES = {"text": "nvarchar", "integer": "int", "number": "numeric", "boolean": "bit", "file": "blob"}
"""The type names that the template's own users write."""
YES, NO = "是", "否"
TITLE_FROM = ("approval_result", "notes", "item")
"""Where a title is taken from if the file gives none, in this order."""
TITLE_LENGTH = 60
CLOSED_WORDS = ("涉密", "隐私", "不予", "保密", "不宜", "不公开", "不开放", "不共享")
UNCONDITIONAL_WORDS = ("无条件", "无限制", "没有限制", "主动公开", "主动向社会", "公众可查询")
SHARED_FREELY = ("无条件", "无限制", "没有限制")


class Form1272:
    id = "1272"
    columns = COLUMNS
    header_rows = 2
    has_codes = True
    complete = False

    def with_codes(self) -> Form1272:
        return self

    def read(self, rows: Iterable[Row], found: Mapping[str, int], titles: Mapping[str, str]) -> Iterator[Draft]:
        numbered = ((row.number, cells(row, found)) for row in rows)
        folded: dict[tuple[str, ...], list[tuple[int, Cells]]] = {}
        for key, group in groupby(numbered, key=lambda pair: _key(pair[1])):
            folded.setdefault(key, []).extend(group)
        for key in list(folded):
            yield _draft(folded.pop(key), titles)

    def header(self) -> list[list[str]]:
        top = [column.zh if column.id not in ITEM_COLUMNS else "" for column in WRITTEN]
        top[[column.id for column in WRITTEN].index("item")] = "信息项信息"
        return [top, [column.zh if column.id in ITEM_COLUMNS else "" for column in WRITTEN]]

    def write(self, entry: Mapping[str, Any], number: int) -> Iterator[list[str]]:
        fixed = _fixed(entry)
        for item in entry.get("information_items") or [{}]:
            values = fixed | _item_cells(item)
            yield [values.get(column.id) or "*" for column in WRITTEN]


ITEM_COLUMNS = ("item", "type", "length", "source_system")
WRITTEN = tuple(column for column in COLUMNS if column.id != "service_provider")


def _key(row: Cells) -> tuple[str, ...]:
    code = given(row.get("code", ""))
    return (code,) if code else (_provider(row), given(row.get("title", "")))


def _provider(row: Cells) -> str:
    return given(row["provider"]) or given(row.get("service_provider", ""))


def _draft(rows: list[tuple[int, Cells]], titles: Mapping[str, str]) -> Draft:
    first_row, first = rows[0]
    draft = Draft(first_row, _provider(first), given(first.get("uscc", "")), titles=titles)
    text = {name: _first(rows, name) for name in ("notes", "provider_office", "sharing_method", "approval_result")}
    draft.entry = {name: value for name, value in text.items() if name in first}
    draft.entry |= {"code": given(first.get("code", "")), "title": _title(draft, rows), "notes": text["notes"]}
    draft.defaults = {"sharing_class": "conditional", "opening_class": "closed"}
    draft.entry |= _sharing(draft, rows) | _opening(draft, rows)
    draft.entry |= {"update_cycle": _cycle(draft, rows), "information_items": _items(draft, rows)}
    if "source_system" in first:
        draft.entry["source_system"] = JOINT.join(_distinct(rows, "source_system"))
    if "data_form" in first:
        draft.entry["data_form"] = term(draft, "data_form", _first(rows, "data_form"), "data_forms", level=Level.NOTICE)
    if "related_entries" in first:
        draft.entry["related_entries"] = parts(_first(rows, "related_entries"))
    return draft


def _first(rows: list[tuple[int, Cells]], name: str) -> str:
    return next((cell for _, row in rows if (cell := given(row.get(name, "")))), "")


def _distinct(rows: list[tuple[int, Cells]], name: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (given(row.get(name, "")) for _, row in rows))))


def _title(draft: Draft, rows: list[tuple[int, Cells]]) -> str:
    title = _first(rows, "title")
    for name in TITLE_FROM if not title else ():
        title = _first(rows, name)[:TITLE_LENGTH]
        if title:
            draft.add("title_taken", "title", rows[0][1]["title"], level=Level.NOTICE, title=title, source=name)
            break
    return title


def _sharing(draft: Draft, rows: list[tuple[int, Cells]]) -> dict[str, str]:
    stated, conditions = _first(rows, "sharing_class"), _first(rows, "sharing_conditions")
    known = term(draft, "sharing_class", stated, "sharing_classes", level=Level.NOTICE)
    found = known or vocabularies.term("sharing_classes", conditions) or _class_of(conditions, SHARED_FREELY)
    return {"sharing_class": found, "sharing_conditions": conditions}


def _opening(draft: Draft, rows: list[tuple[int, Cells]]) -> dict[str, str]:
    stated, conditions = _first(rows, "open"), _first(rows, "opening_conditions")
    if stated == NO:
        return {"opening_class": "closed", "opening_conditions": conditions}
    if stated == YES and not conditions:
        return {"opening_class": "unconditional", "opening_conditions": ""}
    known = vocabularies.term("opening_classes", stated) or vocabularies.term("opening_classes", conditions)
    found = known or _class_of(conditions, UNCONDITIONAL_WORDS)
    return {"opening_class": found, "opening_conditions": conditions}


def _class_of(words_given: str, unconditional: Iterable[str]) -> str:
    """The class that free words mean; none for no words."""
    if any(word in words_given for word in CLOSED_WORDS):
        return "closed"
    if any(word in words_given for word in unconditional):
        return "unconditional"
    return "conditional" if words_given else ""


def _cycle(draft: Draft, rows: list[tuple[int, Cells]]) -> str:
    stated = _first(rows, "other_cycle") or _first(rows, "update_cycle")
    found = vocabularies.term("update_cycles", stated) if stated else ""
    if found is None:
        draft.add("unknown_cycle", "other_cycle", stated, level=Level.NOTICE)
    return "irregular" if found is None else found


def _items(draft: Draft, rows: list[tuple[int, Cells]]) -> list[dict[str, str]]:
    items: dict[str, dict[str, str]] = {}
    for number, row in rows:
        name = given(row["item"])
        if not name:
            continue
        if name in items:
            draft.add("item_twice", "item", name, number, Level.NOTICE)
            continue
        items[name] = _item(draft, number, row)
        draft.item_rows.append(number)
    return list(items.values())


def _item(draft: Draft, number: int, row: Cells) -> dict[str, str]:
    kind = term(draft, "type", given(row.get("type", "")), "item_types", number, Level.NOTICE)
    item = {"name": given(row["item"]), "type": kind, "length": given(row.get("length", ""))}
    return {name: value for name, value in item.items() if value}


def _fixed(entry: Mapping[str, Any]) -> dict[str, str]:
    names = ("title", "notes", "code", "uscc", "provider", "provider_office", "source_system", "approval_result")
    fixed = {name: entry.get(name) or "" for name in (*names, "sharing_conditions", "sharing_method")}
    cycle, form = entry.get("update_cycle") or "", entry.get("data_form") or ""
    fixed |= {"opening_conditions": entry.get("opening_conditions") or ""}
    fixed |= {"open": word("opening_classes", entry["opening_class"]) if entry.get("opening_class") else ""}
    fixed |= {"sharing_class": word("sharing_classes", entry["sharing_class"]) if entry.get("sharing_class") else ""}
    fixed |= {"update_cycle": word("update_cycles", cycle) if cycle else ""}
    fixed |= {"data_form": word("data_forms", form) if form else ""}
    return fixed | {"related_entries": JOINT.join(entry.get("related_entries") or ())}


def _item_cells(item: Mapping[str, str]) -> dict[str, str]:
    kind = item.get("type", "")
    return {"item": item.get("name", ""), "type": TYPES.get(kind, kind), "length": item.get("length", "")}
