"""A copy has the values of the file exactly, and compares them as what they are."""

from __future__ import annotations

import csv
import datetime
import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.anshan.access import columnar
from ckanext.anshan.release import tables

MEMORY = 128 << 20


def copies(path: Path, format: str = "CSV") -> dict[str, tuple[list[tuple[str, str, bool]], list[tuple[Any, ...]]]]:
    """Of each part, its columns and its values as they are handed out."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for made in columnar.make(path, format, Path(folder), MEMORY):
            values = ", ".join(f"{one.value}::VARCHAR" for one in made.columns)
            asked = f"SELECT {values} FROM read_parquet(?) ORDER BY row"
            rows = duckdb.connect().execute(asked, [str(made.path)]).fetchall()
            assert len(rows) == made.rows
            found[made.part] = ([(one.name, one.type, one.is_exact) for one in made.columns], rows)
    return found


def copied(folder: Path, text: str | bytes, format: str = "CSV") -> tuple[list[Any], list[tuple[Any, ...]]]:
    path = folder / "file"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return copies(path, format)[""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_every_usual_text_is_read(tmp_path, encoding, delimiter):
    text = '名称,人数\r\n鞍山站,12\r\n\r\n"千山\n站",5\r\n'.replace(",", delimiter)
    columns, rows = copied(tmp_path, text.encode(encoding))
    assert columns == [("名称", "text", True), ("人数", "integer", True)]
    assert rows == [("鞍山站", "12"), ("千山\n站", "5")]


COLUMNS = {
    "codes keep their zeros": (["0412", "1200"], "text", True),
    "whole numbers": (["5", "-3", "0"], "integer", True),
    "whole numbers with a sign": (["+5", "3"], "number", False),
    "amounts": (["12.50", "0.05", "-3.00"], "number", True),
    "amounts of several spellings": (["12.5", "3", "0.25"], "number", False),
    "powers of ten": (["1e3", "2"], "number", False),
    "a negative zero": (["-0", "1"], "number", False),
    "numbers as long as IDs": (["210302199001011234", "21030219900101123X"], "text", True),
    "codes of sixteen digits": (["2103021990010112", "1"], "text", True),
    "whole numbers of fifteen digits": (["210302199001011"], "integer", True),
    "days": (["2026-01-05", "2025-12-31"], "date", True),
    "days with slashes": (["2026/1/5", "2025/12/31"], "date", False),
    "days in Chinese": (["2026年1月5日"], "date", False),
    "days of several spellings": (["2026-01-05", "2026.1.6"], "date", False),
    "moments": (["2026-01-05 08:30:00"], "datetime", True),
    "moments without seconds": (["2026/1/5 8:30"], "datetime", False),
    "one word among numbers": (["1", "无"], "text", True),
    "spaces": ([" a ", "b"], "text", True),
    "spaces around numbers": ([" 5", "6"], "number", False),
    "nothing": (["", ""], "text", True),
    "some are empty": (["5", "", "7"], "integer", True),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_values_stay_as_they_are_whatever_type_they_have(tmp_path, name):
    values, type, is_exact = COLUMNS[name]
    columns, rows = copied(tmp_path, "x,n\n" + "".join(f"r,{value}\n" for value in values))
    assert columns[1] == ("n", type, is_exact)
    assert [row[1] or "" for row in rows] == values


cells = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.dates().map(str),
    st.datetimes().map(str),
)
one_kind = st.sampled_from(
    [
        st.integers(-(10**20), 10**20).map(str),
        st.decimals(-1000, 1000, places=2).map(str),
        st.floats(-1e6, 1e6).map(repr),
        st.dates().map(str),
        st.datetimes().map(lambda one: one.isoformat(" ", "seconds")),
        st.sampled_from(["2026/1/5", "2026-01-05", "2026年1月5日 8:30"]),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.lists(cells, min_size=1, max_size=6), one_kind.flatmap(lambda kind: st.lists(kind, min_size=1, max_size=6))
    )
)
def test_no_value_is_written_in_another_way(values):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["x", "n"], *(["r", value] for value in values)])
        _, rows = copies(path)[""]
    assert [row[1] or "" for row in rows] == values


def test_a_workbook_has_a_copy_of_each_sheet_that_is_shown(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name in ("企业", "空", "藏", "个体"):
        sheet = book.add_worksheet(name)
        if name != "空":
            sheet.write_row(0, 0, ["编号", "数量", "日期"])
            sheet.write_row(1, 0, ["007", 3, None])
            sheet.write_datetime(1, 2, datetime.datetime(2026, 1, 5), day)
        if name == "藏":
            sheet.hide()
    book.close()
    found = copies(tmp_path / "a.xlsx", "XLSX")
    assert list(found) == ["企业", "个体"]
    assert found["企业"] == (
        [("编号", "text", True), ("数量", "integer", True), ("日期", "date", True)],
        [("007", "3", "2026-01-05")],
    )
    assert copies(tmp_path / "a.xlsx", "CSV") == found, "a workbook that is called CSV"


def test_an_old_workbook_is_read(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row, cells in enumerate((["名称", "金额"], ["鞍山站", 12.5])):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / "a.xls"))
    assert copies(tmp_path / "a.xls", "XLS")["表"][1] == [("鞍山站", "12.5")]


def test_records_keep_their_numbers_as_they_are_written(tmp_path):
    records = '[{"a": 12.50, "b": "x", "c": {"d": [1.5]}}, {"b": "half \\ud800", "a": 3.25, "e": true}]'
    columns, rows = copied(tmp_path, records, "JSON")
    assert [name for name, _, _ in columns] == ["a", "b", "c", "e"]
    assert rows == [("12.50", "x", '{"d": [1.5]}', None), ("3.25", "half \ufffd", None, "true")]


def test_points_of_a_map_are_columns(tmp_path):
    point = {"type": "Feature", "properties": {"n": "站"}, "geometry": {"type": "Point", "coordinates": [122.5, 41]}}
    text = json.dumps({"type": "FeatureCollection", "features": [point]})
    columns, rows = copied(tmp_path, text, "GeoJSON")
    assert dict(zip([one[0] for one in columns], rows[0], strict=True)) == {
        "n": "站",
        "lng": "122.5",
        "lat": "41",
        "geometry": '{"type": "Point", "coordinates": [122.5, 41]}',
    }


def test_what_a_row_has_beyond_the_header_is_kept(tmp_path):
    columns, rows = copied(tmp_path, "a,b\n1,2\n3,4,more\n5\n6,7,,\n")
    assert [name for name, _, _ in columns] == ["a", "b", "column 3"]
    assert rows == [("1", "2", None), ("3", "4", "more"), ("5", None, None), ("6", "7", None)]


def test_names_that_repeat_or_are_missing_are_told_apart(tmp_path):
    columns, _ = copied(tmp_path, 'a,,a, a ,"b\n c"\n1,2,3,4,5\n')
    assert [name for name, _, _ in columns] == ["a", "column 2", "a (2)", "a (3)", "b c"]


@pytest.mark.parametrize(
    ("content", "format", "problem"),
    [
        (b"", "CSV", "empty"),
        (b"[1, 2]", "JSON", "not_records"),
        (b"{", "JSON", "unreadable"),
        (b"PK\3\4 broken", "XLSX", "unreadable"),
        (b"%PDF", "PDF", "no_table"),
        (",".join(f"c{n}" for n in range(1200)).encode() + b"\n" + b"1," * 1200 + b"\n", "CSV", "too_wide"),
    ],
)
def test_what_is_no_table_says_why(tmp_path, content, format, problem):
    with pytest.raises(tables.NotATable) as raised:
        copied(tmp_path, content, format)
    assert str(raised.value) == problem
