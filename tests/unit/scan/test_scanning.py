"""A report on a whole file: where things stand, what of them is told, and that it is the same each time."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pytest
import xlsxwriter

from ckanext.anshan.scan import messages, policy, scanning
from ckanext.anshan.scan.__main__ import as_dict
from ckanext.anshan.scan.findings import Report, Severity
from ckanext.anshan.scan.joining import Published, Sketch
from ckanext.anshan.scan.scanning import Asked

from .made import TODAY, Invented, uscc, written

PEOPLE = Invented(21)
HEADER = ["序号", "姓名", "身份证号", "手机号"]
ROWS = [HEADER, *([str(row), PEOPLE.name(), PEOPLE.resident_id(), PEOPLE.mobile()] for row in range(1, 31))]
KEY = b"a key of the tests, 32 bytes long"


def report(path: Path, name: str | None = None, **asked: Any) -> Report:
    return scanning.report(path, name, Asked(today=TODAY, **asked))


def told(made: Report) -> set[tuple[str, str]]:
    return {(one.where, one.kind) for one in made.findings}


def workbook(**sheets: list[list[str]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return made.getvalue()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return written(tmp_path / "people.csv", ROWS)


# where


def test_a_column_of_a_plain_table_is_called_by_its_header(people):
    assert {("身份证号", "resident_id"), ("手机号", "mobile"), ("姓名", "person_name")} <= told(report(people))


def test_a_column_without_a_header_is_called_by_its_number(tmp_path):
    assert {("#3", "resident_id"), ("#4", "mobile")} <= told(report(written(tmp_path / "a.csv", ROWS[1:])))


def test_a_column_in_a_sheet_of_a_workbook_in_archives_is_called_by_all_of_them(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("名单.xlsx", workbook(说明=[["本表按月更新"]], 人员=ROWS))
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("附件/内.zip", inner.getvalue())
    found = next(one for one in report(path).findings if one.kind == "resident_id")
    assert found.where == "附件/内.zip/名单.xlsx!人员!身份证号"
    assert (found.part, found.column) == ("附件/内.zip/名单.xlsx!人员", "身份证号")


def test_lines_above_a_table_are_looked_at_too(tmp_path):
    rows = [
        [f"制表人：王建国，电话{PEOPLE.mobile()}", "", ""],
        ["街道", "户数", "备注"],
        *([f"街道{row}", str(100 + row), "x"] for row in range(9)),
    ]
    assert {"mobile", "person_name"} <= {one.kind for one in report(written(tmp_path / "a.csv", rows)).findings}


def test_tables_below_each_other_have_their_own_headers(tmp_path):
    other = [["车牌号", "手机"], *([PEOPLE.plate(), PEOPLE.mobile()] for _ in range(8))]
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(表=[*ROWS, [], *other]))
    assert {("表!身份证号", "resident_id"), ("表!车牌号", "plate"), ("表!手机", "mobile")} <= told(report(path))


def test_the_name_of_the_file_is_looked_at(people):
    number = PEOPLE.mobile()
    made = report(people, f"回访{number}.csv")
    assert ("file name", "mobile") in told(made) and "file name" not in {where for where, _ in told(report(people))}


# what is told


def test_count_share_and_severity_of_a_finding(people):
    made = report(people)
    found = next(one for one in made.findings if one.kind == "resident_id")
    assert (found.count, found.share, found.severity) == (30, 1.0, Severity.BLOCK)
    assert found.remedies == policy.kinds()["resident_id"].remedies and made.severity is Severity.BLOCK
    assert (made.type, made.readable, made.size) == ("csv", True, people.stat().st_size)


def test_findings_stand_in_the_order_of_their_gravity(people):
    ranks = [one.severity.rank for one in report(people).findings]
    assert ranks == sorted(ranks) and len(set(ranks)) > 1


def test_no_value_of_the_file_is_in_its_report(people):
    line = json.dumps(as_dict(report(people), messages.translator("en")), ensure_ascii=False)
    assert [value for row in ROWS[1:] for value in row[1:] if value in line] == []


@pytest.mark.parametrize("make", [PEOPLE.mobile, PEOPLE.resident_id, PEOPLE.card, PEOPLE.plate, lambda: "王建国"])
def test_a_name_of_a_column_that_is_a_value_is_concealed(make, tmp_path):
    value, path = make(), tmp_path / "a.json"
    path.write_text(json.dumps([{value: PEOPLE.mobile()} for _ in range(5)], ensure_ascii=False), "utf-8")
    made = report(path)
    assert "mobile" in {one.kind for one in made.findings}
    assert value not in json.dumps(as_dict(made, messages.translator("en")), ensure_ascii=False)


def test_names_of_sheets_and_of_files_in_archives_are_concealed_too(tmp_path):
    number, path = PEOPLE.mobile(), tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"王建国/{number}.xlsx", workbook(**{f"回访{number}": ROWS}))
    line = json.dumps(as_dict(report(path), messages.translator("en")), ensure_ascii=False)
    assert "resident_id" in line and number not in line and "王建国" not in line


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("手机号", "手机号"),
        ("ＳＦＺＨ", "ＳＦＺＨ"),
        ("王建国", "王**"),
        ("电话13912345678", "电话***********"),
        ("王建国13841212345", "**************"),
        ("13841212345王建国家长", "***********王**家长"),
        ("铁东区胜利路12号3单元501", "***************"),
        ("铁东区胜利路12号3单元501王建国", "***************王**"),
        ("台安县永乐街道康宁社区", "台安县***"),
        ("任萍凤户", "任**户"),
        ("data.王建国.phone", "data.王**.phone"),
        ("鞍山市铁东区", "鞍山市铁东区"),
        ("20240501统计", "20240501统计"),
        (" a ", "a"),
        ("x" * 500, "x" * 120),
        ("", ""),
    ],
)
def test_a_name_is_safe_without_what_it_tells_of_a_person(text, safe):
    assert scanning.safe(text) == safe


def test_words_of_an_agency_are_found_under_the_kind_they_stand_for(tmp_path):
    path = written(tmp_path / "a.csv", [["项目", "备注"], ["道路", "甲工程二期"], ["桥梁", "无"]])
    assert ("备注", "secrecy_mark") not in told(report(path))
    made = report(path, words=(("甲工程", "secrecy_mark"),))
    found = next(one for one in made.findings if one.kind == "secrecy_mark")
    assert (found.where, found.rule, found.severity) == ("备注", "own_word", Severity.BLOCK)
    assert "甲工程" not in json.dumps(as_dict(made, messages.translator("en")), ensure_ascii=False)


def test_an_ordinary_file_has_no_finding(tmp_path):
    rows = [
        ["街道", "面积（公顷）", "日期"],
        *([f"街道{row}", f"{row}.25", f"2026-01-{row + 10}"] for row in range(1, 15)),
    ]
    made = report(written(tmp_path / "a.csv", rows))
    assert (made.findings, made.severity, made.readable) == ([], None, True)


# the same each time


def test_a_file_is_told_the_same_twice(people):
    assert report(people) == report(people)


def test_an_encoding_and_a_format_make_no_difference_to_what_is_found(people, tmp_path):
    wanted = told(report(people))
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(表=ROWS))
    assert told(report(written(tmp_path / "b.csv", ROWS, "gb18030"))) == wanted
    assert {(where.removeprefix("表!"), kind) for where, kind in told(report(path))} == wanted


def test_findings_come_one_by_one_and_are_those_of_the_report(people):
    one_by_one = list(scanning.scan(people, asked=Asked(today=TODAY)))
    assert sorted(map(repr, one_by_one)) == sorted(map(repr, report(people).findings))


def test_the_version_tells_a_change_of_any_dictionary(tmp_path, monkeypatch):
    first = scanning.version()
    assert first.startswith(scanning.VERSION + "+") and report(written(tmp_path / "a.csv", [["a"]])).scanner == first
    folder = shutil.copytree(policy.FOLDER, tmp_path / "scan")
    monkeypatch.setattr(policy, "FOLDER", folder)
    version = scanning.version.__wrapped__
    assert version() == first
    seen = {first}
    for path in sorted(folder.iterdir()):
        path.write_bytes(path.read_bytes() + b"\n# one more line\n")
        seen.add(version())
    assert len(seen) == 1 + sum(1 for _ in folder.iterdir())


# who looks on


def test_who_watches_is_told_the_rows_of_each_finding_in_a_column(people):
    watched = {}
    scanning.report(
        people,
        asked=Asked(
            today=TODAY,
            watch=lambda place, column, header, kind, rows: watched.update({(column, header, kind): rows.tolist()}),
        ),
    )
    assert watched[2, "身份证号", "resident_id"] == list(range(1, 31)) == watched[3, "手机号", "mobile"]


def test_watching_changes_nothing(people):
    assert told(report(people, watch=lambda *_: None)) == told(report(people))


def test_how_far_a_scan_is_ends_with_the_whole(people):
    shares: list[float] = []
    report(people, progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0


# what can't be read


def test_a_workbook_under_a_password_is_not_readable_and_blocks(tmp_path):
    made, path = io.BytesIO(), tmp_path / "a.xlsx"
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(workbook(表=ROWS))).encrypt("a password", made)
    path.write_bytes(made.getvalue())
    found = report(path)
    assert not found.readable and found.severity is Severity.BLOCK
    assert [one.rule for one in found.findings] == ["unreadable.encrypted"]


def test_a_file_of_which_a_part_was_read_is_readable(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "姓名,备注\n甲,x\n乙,y\n丙,z\n")
        archive.writestr("b.rar", b"Rar!\x1a\x07\x01\x00" + bytes(40))
    found = report(path)
    assert found.readable and "unreadable" in {one.kind for one in found.findings}


@pytest.mark.parametrize("content", [b"", b"\n", b"\x00" * 100])
def test_next_to_nothing_is_a_report_too(content, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert report(path).size == len(content)


# joins


def companies(first: int, end: int) -> list[str]:
    return [uscc(f"91210300{number:09}") for number in range(first, end)]


def published(values: list[str], title: str = "企业名录") -> Published:
    return Published(title, "信用代码", Sketch.of((value.encode() for value in values), KEY))


def table(tmp_path: Path, codes: list[str]) -> Path:
    return written(
        tmp_path / "a.csv",
        [["统一社会信用代码", "金额"], *([code, f"{number}.5"] for number, code in enumerate(codes))],
    )


def test_a_key_that_a_published_table_shares_is_a_join(tmp_path):
    made = report(table(tmp_path, companies(0, 60)), published=[published(companies(15, 200))], key=KEY)
    found = next(one for one in made.findings if one.kind == "join_risk")
    assert (found.column, found.count, found.facts["rate"], found.facts["title"]) == (
        "统一社会信用代码",
        45,
        75,
        "企业名录",
    )


def test_a_key_that_no_published_table_shares_is_none(tmp_path):
    made = report(table(tmp_path, companies(0, 60)), published=[published(companies(100, 200))], key=KEY)
    assert "join_risk" not in {one.kind for one in made.findings}


def test_without_published_tables_or_without_a_key_there_are_no_joins(tmp_path):
    path = table(tmp_path, companies(0, 60))
    for made in (report(path, key=KEY), report(path, published=[published(companies(0, 60))])):
        assert "join_risk" not in {one.kind for one in made.findings}


def test_a_column_that_repeats_few_values_joins_nothing(tmp_path):
    path = table(tmp_path, companies(0, 5) * 12)
    assert "join_risk" not in {
        one.kind for one in report(path, published=[published(companies(0, 60))], key=KEY).findings
    }


def test_findings_are_values_that_can_be_compared(people):
    one = report(people).findings[0]
    assert one == replace(one) and one != replace(one, count=one.count + 1)
