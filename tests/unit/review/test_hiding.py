"""What a scan found in a column hides it, wherever its header stands; what can't be placed hides everything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ckanext.anshan.dataset.contents import Contents
from ckanext.anshan.release import tables
from ckanext.anshan.review import hiding, previewing
from ckanext.anshan.review.hiding import Cover, Mark
from ckanext.anshan.scan import scanning
from tests.unit.scan.made import Invented

HEAD = ["序号", "机构名称", "联系电话"]


def people(count: int = 30) -> list[list[str]]:
    person = Invented(5)
    return [[str(at), f"鞍山市第{at}职业培训学校", person.mobile()] for at in range(1, count)]


def findings(path: Path) -> list[dict[str, Any]]:
    return [one.as_dict("") for one in scanning.report(path).findings]


def read(path: Path, sheet: str = "") -> Contents:
    format = {".csv": "CSV", ".xlsx": "XLSX", ".json": "JSON", ".geojson": "GeoJSON"}[path.suffix]
    return Contents(tables.read(path, format, [], 2000), format, sheet)


def as_csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_book(path: Path, **sheets: Sequence[Sequence[str]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def told(path: Path, sheet: str = "", **more: Any) -> dict[str, Any]:
    found = read(path, sheet)
    return previewing.shown(found, hiding.over(found, findings(path)), **more)


def leaked(path: Path, rows: Sequence[Sequence[str]], at: int = 2, sheet: str = "") -> list[str]:
    shown = json.dumps(told(path, sheet, rows=100), ensure_ascii=False)
    return [row[at] for row in rows if row[at] in shown]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_column_with_findings_is_masked_and_marked_and_the_others_are_shown(tmp_path, encoding):
    rows = people()
    path = as_csv(tmp_path / "a.csv", [HEAD, *rows], encoding)
    found = told(path)
    assert [(one["name"], one["finding"] != "") for one in found["columns"]] == list(
        zip(HEAD, (False, False, True), strict=True)
    )
    assert (found["rows"][0][:2], found["total"], found["unplaced"]) == (rows[0][:2], len(rows), False)
    assert leaked(path, rows) == []


@pytest.mark.parametrize(
    "above",
    [
        [["鞍山市民办职业技能培训机构名录", "", ""]],
        [["名录", "", ""], ["填报单位：某局", "", ""]],
        [["机构", "", "联系"]],
    ],
    ids=["title", "title and remark", "group"],
)
def test_a_header_that_is_not_the_first_row_hides_its_column_all_the_same(tmp_path, above):
    rows = people()
    assert leaked(as_csv(tmp_path / "a.csv", [*above, HEAD, *rows]), rows) == []
    assert leaked(as_book(tmp_path / "a.xlsx", 名录=[*above, HEAD, *rows]), rows, sheet="名录") == []


def test_without_a_header_every_value_is_masked_the_first_row_too(tmp_path):
    rows = people()
    path = as_csv(tmp_path / "a.csv", rows)
    assert told(path)["unplaced"]
    assert leaked(path, rows) == []


def test_what_is_found_on_another_sheet_or_in_comments_marks_no_column(tmp_path):
    rows = people()
    path = as_book(tmp_path / "a.xlsx", 名录=[HEAD[:2], *(row[:2] for row in rows)], 联系表=[HEAD, *rows])
    assert any(one["column"] == HEAD[2] for one in findings(path))
    found = told(path, "名录")
    assert ([one["finding"] for one in found["columns"]], found["unplaced"]) == (["", ""], False)


def test_a_column_nested_in_a_tree_hides_the_column_that_holds_it(tmp_path):
    rows = people()
    path = tmp_path / "a.json"
    listed = [{"机构": name, "联系": {"电话": phone, "方式": "工作日"}} for _, name, phone in rows]
    path.write_text(json.dumps({"data": listed}, ensure_ascii=False), "utf-8")
    assert leaked(path, rows) == []
    assert told(path)["rows"][0][0] == rows[0][1]


def test_an_exact_place_hides_every_column_that_is_made_of_it():
    one = {"column": "geometry.lng", "part": "", "kind": "coordinates", "severity": "reason", "facts": {}}
    columns = [tables.Column(name, name, "text") for name in ("name", "lng", "lat", "geometry")]
    found = Contents(tables.Table(columns, [["甲", "122.991234", "41.1", "{}"]], 1), "GeoJSON")
    assert set(hiding.over(found, [one]).columns) == {1, 2, 3}


def test_a_finding_of_columns_together_hides_each_and_one_whose_column_is_not_there_hides_all():
    columns = [tables.Column(name, name, "text") for name in ("性别", "出生年月", "奖项")]
    found = Contents(tables.Table(columns, [["女", "1980-01", "一等"]], 1), "CSV")
    group = {"column": "性别 + 出生年月", "part": "", "kind": "k_anonymity", "severity": "reason", "facts": {}}
    assert set(hiding.over(found, [group]).columns) == {0, 1}
    lost = hiding.over(found, [group | {"column": "性别 + 住址"}])
    assert (lost.columns, lost.everywhere) == ({}, Mark("reason", ("k_anonymity",)))
    assert "1980-01" not in lost.row(found.table.rows[0])


def test_a_file_that_was_not_scanned_or_not_read_shows_no_value():
    columns = [tables.Column("电话", "电话", "text")]
    found = Contents(tables.Table(columns, [["13841212345"]], 1), "CSV")
    unread = {"column": "", "part": "", "kind": "unreadable", "severity": "block", "facts": {}}
    for cover in (hiding.over(found, None), hiding.over(found, [unread])):
        assert cover.row(found.table.rows[0]) != ["13841212345"]


def test_only_rows_that_hold_a_value_where_something_was_found(tmp_path):
    rows = people()
    for row in rows[::2]:
        row[2] = ""
    found = told(as_csv(tmp_path / "a.csv", [HEAD, *rows]), only_found=True)
    assert found["numbers"] == [number for number, row in enumerate(rows, 1) if row[2]][:20]
    assert found["total"] == len(rows)


@pytest.mark.parametrize(
    ("kinds", "value", "shown"),
    [
        (("mobile", "landline"), "0412-2233445", "0412-*******"),
        (("mobile", "person_name"), "张建国", "张**"),
        (("mobile", "person_name"), "张建国 13841212345", "138********"),
        (("coordinates", "person_name"), "张建国 41.123456", "张** **.******"),
        (("uscc",), "91210300MA0ABCDE1F", "9*****************"),
        (("medical",), "糖尿病", "***"),
        (("mobile",), "", ""),
    ],
)
def test_a_value_is_masked_by_the_kind_that_it_is_of(kinds, value, shown):
    assert hiding.masked(kinds, value) == shown


def test_a_version_that_was_never_scanned_hides_what_looks_like_a_personal_datum():
    assert Cover(conceals=True).row(["甲", "电话13841212345"]) == ["甲", "电话***********"]
    assert Cover().row(["甲", None]) == ["甲", ""]
