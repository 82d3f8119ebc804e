"""The portal's own template: a workbook with drop-downs, a filled example and a sheet of help."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from .. import vocabularies
from ..fields import ENTRY, ITEM
from .forms import FORMS
from .forms.own import ENTRY as ENTRY_COLUMNS
from .forms.own import ITEM as ITEM_COLUMNS
from .forms.own import PREFIX, TERMS
from .headings import Column
from .messages import N_

ROWS = 2000
"""Rows that have drop-downs."""
EXAMPLE: dict[str, Any] = {
    "title": "公交站点基本信息",
    "provider": "某市交通运输局",
    "notes": "全市公共汽车站点的名称、位置和停靠线路，每季度更新。",
    "classification": "department",
    "themes": ["transport"],
    "tags": ["公交", "站点"],
    "data_form": "spreadsheet",
    "data_formats": ["csv", "xlsx"],
    "update_cycle": "quarterly",
    "sharing_class": "unconditional",
    "opening_class": "unconditional",
    "security_level": "general_1",
    "information_items": [
        {"name": "站点名称", "column": "stop_name", "type": "text", "length": "100", "sensitive": "no"},
        {"name": "经度", "column": "lng", "type": "number", "unit": "度", "meaning": "CGCS2000", "sensitive": "no"},
        {"name": "纬度", "column": "lat", "type": "number", "unit": "度", "meaning": "CGCS2000", "sensitive": "no"},
    ],
}
HELP = (
    N_("One row is one information item. The first row of an entry has all its fields; further rows have its items."),
    N_("Leave the code empty for a new entry: the portal gives it. To change an entry, give its code."),
    N_("Columns in bold are required. A cell with an arrow offers its choices; lists take the ideographic comma."),
    N_("Dates are written year-month-day. Format codes as text, or the spreadsheet cuts their last digits."),
    N_("An entry that is open on conditions needs its basis, method, use requirements and safeguards (Article 27)."),
    N_("An entry that is not open needs its basis: document, number and article (Article 27)."),
    N_("Nothing is imported that breaks a rule: the report names row, column and reason, and the rest goes in."),
)


def write(path: Path) -> None:
    """Write the empty template with its example; CSV has the headings and the example alone."""
    form = FORMS["own"]
    example = list(form.write(EXAMPLE, 1))
    if path.suffix.lower() != ".xlsx":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(chain(form.header(), example))
        return
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet("目录")
    _headings(workbook, sheet)
    _choices(workbook, sheet)
    _fill(workbook.add_worksheet("填写示例"), chain(form.header(), example))
    _help(workbook, workbook.add_worksheet("填写说明"))
    workbook.close()


def _columns() -> list[tuple[Column, str, bool, bool]]:
    """Each column with its vocabulary, whether it takes a list, and whether it is required."""
    entry = [
        (column, vocabulary, kind == TERMS, column.id == "provider" or _required(ENTRY.get(column.id)))
        for column, kind, vocabulary in ENTRY_COLUMNS
    ]
    return entry + [(c, vocabulary, False, _required(ITEM[c.id[PREFIX:]])) for c, vocabulary in ITEM_COLUMNS]


def _required(field: Any) -> bool:
    return bool(field and field.required)


def _headings(workbook: Any, sheet: Any) -> None:
    plain = workbook.add_format({"text_wrap": True, "bg_color": "#EEF3F8", "border": 1})
    bold = workbook.add_format({"text_wrap": True, "bg_color": "#DCE8F4", "border": 1, "bold": True})
    text = workbook.add_format({"num_format": "@"})
    for at, (column, _, _, required) in enumerate(_columns()):
        sheet.set_column(at, at, 16, text)
        sheet.write_string(0, at, column.zh, bold if required else plain)
        sheet.write_comment(0, at, column.en)
    sheet.freeze_panes(1, 2)


def _choices(workbook: Any, sheet: Any) -> None:
    lists = workbook.add_worksheet("选项")
    place = {}
    for at, name in enumerate(sorted({vocabulary for _, vocabulary, _, _ in _columns() if vocabulary})):
        words = [vocabularies.label(name, term.id) for term in vocabularies.load(name).terms]
        lists.write_column(0, at, [vocabularies.load(name).name, *words])
        letter = xl_col_to_name(at)
        place[name] = f"='选项'!${letter}$2:${letter}${len(words) + 1}"
    for at, (_, vocabulary, many, _) in enumerate(_columns()):
        if vocabulary:
            rule = {"validate": "list", "source": place[vocabulary], "ignore_blank": True}
            if many:  # several choices are typed; the arrow still shows them
                rule["show_error"] = False
            sheet.data_validation(1, at, ROWS, at, rule)


def _fill(sheet: Any, rows: Iterable[list[str]]) -> None:
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write_string(at, column, value)


def _help(workbook: Any, sheet: Any) -> None:
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 90, wrap)
    for at, sentence in enumerate(HELP):
        sheet.write_string(at, 0, tk._(sentence), wrap)
