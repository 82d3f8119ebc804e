"""The portal's own template: every field of an entry, one row per information item.

The first row of an entry has all its fields; the rows of its further items repeat the code and the title, or leave
the entry's cells empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ... import rules
from ..headings import Column
from ..readers import Row
from .drafts import Cells, Draft, cells
from .values import date, joined, keywords, parts, term, terms, word, words

TERM, TERMS, LIST, DATE = "term", "terms", "list", "date"
WHOLE, TABLE = "whole", "table"  # read as they are; the rules say what fits
ENTRY: Sequence[tuple[Column, str, str]] = (  # the column, how it is read, its vocabulary
    (Column("code", "目录编码", "Code", ("目录代码",)), "", ""),
    (Column("title", "目录名称", "Title", needed=True), "", ""),
    (Column("provider", "数据提供部门", "Providing agency", ("提供部门",), needed=True), "", ""),
    (Column("uscc", "提供部门代码", "Agency's credit code", ("统一社会信用代码",)), "", ""),
    (Column("notes", "摘要", "Summary", needed=True), "", ""),
    (Column("classification", "分类", "Library", ("类",)), TERM, "classifications"),
    (Column("classification_sub", "细类", "Sub-class", ("项",)), TERM, "classification_subs"),
    (Column("themes", "领域", "Themes"), TERMS, "themes"),
    (Column("tags", "关键词", "Keywords"), LIST, ""),
    (Column("collecting_agency", "数据采集部门", "Collecting agency", ("采集部门",)), "", ""),
    (Column("approving_agency", "数据核准部门", "Approving agency", ("核准部门",)), "", ""),
    (Column("provider_office", "责任处室", "Office in charge", ("内部部门",)), "", ""),
    (Column("provider_phone", "联系电话", "Telephone"), "", ""),
    (Column("source_system", "来源系统", "Source system"), "", ""),
    (Column("collection_basis", "采集依据", "Legal basis of collection"), "", ""),
    (Column("approval_result", "审批结果", "Approval result"), "", ""),
    (Column("data_form", "数据形式", "Data form"), TERM, "data_forms"),
    (Column("data_formats", "文件格式", "File formats", ("数据格式",)), TERMS, "file_formats"),
    (Column("industry", "行业", "Industry"), TERM, "industries"),
    (Column("district", "区县", "District"), TERM, "districts"),
    (Column("street", "街道乡镇", "Street"), TERM, "streets"),
    (Column("time_start", "时间范围起", "From"), DATE, ""),
    (Column("time_end", "时间范围止", "To"), DATE, ""),
    (Column("update_cycle", "更新周期", "Update cycle"), TERM, "update_cycles"),
    (Column("next_update_due", "下次更新日期", "Next update due"), DATE, ""),
    (Column("related_entries", "关联目录编码", "Related entries"), LIST, ""),
    (Column("sharing_class", "共享类型", "Sharing class"), TERM, "sharing_classes"),
    (Column("sharing_conditions", "共享条件", "Sharing conditions"), "", ""),
    (Column("sharing_scope", "共享范围", "Sharing scope"), "", ""),
    (Column("sharing_method", "共享方式", "Sharing method"), "", ""),
    (Column("sharing_basis", "共享依据", "Sharing basis"), "", ""),
    (Column("opening_class", "开放属性", "Opening class", needed=True), TERM, "opening_classes"),
    (Column("opening_basis_title", "依据文件名称", "Basis: document"), "", ""),
    (Column("opening_basis_number", "依据文号", "Basis: number"), "", ""),
    (Column("opening_basis_article", "依据条款", "Basis: article"), "", ""),
    (Column("opening_method", "开放方式", "Opening method"), "", ""),
    (Column("opening_conditions", "开放条件", "Opening conditions"), "", ""),
    (Column("opening_requirements", "使用要求", "Use requirements"), "", ""),
    (Column("opening_safeguards", "安全保障措施", "Safeguards"), "", ""),
    (Column("eligible_applicants", "可申请对象", "Who may apply"), TERMS, "applicant_kinds"),
    (Column("eligibility_note", "申请人要求", "Further requirements"), "", ""),
    (Column("allowed_uses", "可用用途", "What it may be used for"), "", ""),
    (Column("access_methods", "提供方式", "Ways of access"), TERMS, "access_methods"),
    (Column("longest_term", "最长使用期限（月）", "Longest term (months)", ("最长使用期限",)), WHOLE, ""),
    (Column("daily_quota", "每日调用上限（次）", "Requests a day", ("每日调用上限",)), WHOLE, ""),
    (Column("second_opinion", "须网信部门签字", "Cyberspace office signs"), TERM, "yes_no"),
    (Column("report_cycle", "使用报告周期（月）", "Months between use reports", ("使用报告周期",)), WHOLE, ""),
    (Column("destruction_days", "到期销毁天数", "Days until destroyed"), WHOLE, ""),
    (Column("allows_aggregates", "可做汇总查询", "Aggregates allowed"), TERM, "yes_no"),
    (Column("sample_rows", "样例", "Sample"), TABLE, ""),
    (Column("security_level", "安全级别", "Security level"), TERM, "security_levels"),
    (Column("license_id", "许可协议", "Licence"), TERM, "licences"),
)
ITEM: Sequence[tuple[Column, str]] = (  # the column and its vocabulary; its id begins with item_
    (Column("item_name", "信息项名称", "Item: name", needed=True), ""),
    (Column("item_column", "信息项列名", "Item: column", ("字段名",)), ""),
    (Column("item_type", "信息项类型", "Item: type", ("数据类型",)), "item_types"),
    (Column("item_length", "信息项长度", "Item: length", ("数据长度",)), ""),
    (Column("item_unit", "计量单位", "Item: unit"), ""),
    (Column("item_meaning", "信息项含义", "Item: meaning", ("含义",)), ""),
    (Column("item_sensitive", "是否敏感", "Item: sensitive"), "yes_no"),
    (Column("item_sharing_class", "信息项共享类型", "Item: sharing class"), "sharing_classes"),
    (Column("item_opening_class", "信息项开放属性", "Item: opening class"), "opening_classes"),
    (Column("item_filterable", "可按值授权", "Item: rows by value"), "yes_no"),
    (Column("item_necessity", "须说明必要性", "Item: necessity"), "yes_no"),
    (Column("item_closed_reason", "不提供理由", "Item: why not given"), ""),
)
GAPS = Column("gaps", "待补充", "To be completed")
"""Says of an entry from another form that what it lacks is known; no part of the template for new entries."""
PREFIX = len("item_")
AGENCY = ("provider", "uscc")
REPEATED = ("code", "title", "provider")
"""What an entry's further rows may repeat, and what tells two entries apart."""


class Own:
    id = "own"
    columns: Sequence[Column] = (*(row[0] for row in (*ENTRY, *ITEM)), GAPS)
    header_rows = 1
    has_codes = True
    complete = True

    def with_codes(self) -> Own:
        return self

    def read(self, rows: Iterable[Row], found: Mapping[str, int], titles: Mapping[str, str]) -> Iterator[Draft]:
        draft, key = None, ()
        for row in rows:
            values = cells(row, found)
            own = tuple(values.get(name, "") for name in REPEATED)
            if draft is None or not _continues(own, key, values):
                if draft:
                    yield draft
                draft, key = _draft(row.number, values, titles), own
            _add_item(draft, row.number, values)
        if draft:
            yield draft

    def header(self) -> list[list[str]]:
        return [[column.zh for column in self.columns]]

    def write(self, entry: Mapping[str, Any], number: int) -> Iterator[list[str]]:
        first = _written(entry) | {GAPS.id: word("yes_no", "yes") if _has_gaps(entry) else ""}
        items = entry.get("information_items") or [{}]
        again = {name: first[name] for name in REPEATED}
        for at, item in enumerate(items):
            values = (again if at else first) | _written_item(item)
            yield [values.get(column.id, "") for column in self.columns]


def _has_gaps(entry: Mapping[str, Any]) -> bool:
    return any(map(rules.is_gap, rules.check(entry)))


def _continues(own: tuple[str, ...], key: tuple[str, ...], values: Cells) -> bool:
    """Whether a row belongs to the entry above: it has an item, and repeats that entry's names or gives none."""
    return bool(values["item_name"]) and all(not mine or mine == theirs for mine, theirs in zip(own, key, strict=True))


def _draft(number: int, row: Cells, titles: Mapping[str, str]) -> Draft:
    draft = Draft(number, row["provider"], row.get("uscc", ""), titles=titles)
    for column, kind, vocabulary in ENTRY:
        if column.id in row and column.id not in AGENCY:
            draft.entry[column.id] = _value(draft, column.id, row[column.id], kind, vocabulary)
    draft.entry["information_items"] = []
    draft.has_gaps = bool(row.get(GAPS.id)) and term(draft, GAPS.id, row[GAPS.id], "yes_no") == "yes"
    return draft


def _value(draft: Draft, name: str, cell: str, kind: str, vocabulary: str) -> Any:
    if kind == TERM:
        return term(draft, name, cell, vocabulary)
    if kind == TERMS:
        return terms(draft, name, cell, vocabulary)
    if kind == LIST:
        return list(dict.fromkeys(keywords(draft, name, cell) if name == "tags" else parts(cell)))
    return date(draft, name, cell) if kind == DATE else cell


def _add_item(draft: Draft, number: int, row: Cells) -> None:
    if not row["item_name"]:
        return
    item = {
        column.id[PREFIX:]: term(draft, column.id, row[column.id], vocabulary, number) if vocabulary else row[column.id]
        for column, vocabulary in ITEM
        if row.get(column.id)
    }
    items = draft.entry["information_items"]
    if any(item["name"] == other["name"] for other in items):
        draft.add("item_twice", "item_name", item["name"], number)
    items.append(item)
    draft.item_rows.append(number)


def _written(entry: Mapping[str, Any]) -> dict[str, str]:
    return {column.id: _cell(entry.get(column.id), kind, vocabulary) for column, kind, vocabulary in ENTRY}


def _cell(value: Any, kind: str, vocabulary: str) -> str:
    if not value:
        return ""
    if kind == TERMS:
        return words(vocabulary, value)
    if kind == LIST:
        return joined(value)
    return word(vocabulary, value) if kind == TERM else str(value)


def _written_item(item: Mapping[str, str]) -> dict[str, str]:
    return {
        column.id: word(vocabulary, value) if vocabulary and value else value
        for column, vocabulary in ITEM
        if (value := item.get(column.id[PREFIX:]) or "")
    }
