"""Tables are read from what agencies really send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.release.tables import NotATable, _named, read


def table(tmp_path: Path, text: str, encoding: str = "utf-8", format: str = "CSV", items=(), limit: int = 100):
    path = tmp_path / "file"
    path.write_bytes(text.encode(encoding))
    return read(path, format, items, limit)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_is_read(tmp_path, encoding):
    found = table(tmp_path, "名称,人数\n鞍山站,12\n", encoding)
    assert ([c.name for c in found.columns], found.rows) == (["名称", "人数"], [["鞍山站", "12"]])


def test_types_come_from_the_information_items(tmp_path):
    items = [{"name": "编号", "column": "no", "type": "text"}, {"name": "人数", "type": "number", "unit": "人"}]
    found = table(tmp_path, "no,人数\n12,3\n", items=items)
    assert [(c.type, c.meaning, c.unit) for c in found.columns] == [("text", "编号", ""), ("numeric", "人数", "人")]


def test_one_bad_cell_makes_the_column_text_and_says_so(tmp_path):
    found = table(tmp_path, "n\n1\n无\n", items=[{"name": "n", "type": "integer"}])
    assert (found.columns[0].type, found.columns[0].note, found.rows) == ("text", "mixed_values", [["1"], ["无"]])


@pytest.mark.parametrize(
    ("values", "type"),
    [
        (["1", "-2", ""], "int8"),
        (["1.5", "2"], "numeric"),
        (["001", "002"], "text"),
        (["123456789012345678901"], "numeric"),
        (["2024-01-02", "2024/1/3", "2024年1月4日"], "date"),
        (["2024-01-02 9:05:00", "2024-01-03"], "timestamp"),
        (["2024-02-30"], "text"),
        (["NaN", "1"], "text"),
        (["", ""], "text"),
    ],
)
def test_types_are_guessed_from_all_values(tmp_path, values, type):
    assert table(tmp_path, "a,b\n" + "".join(f"{v},x\n" for v in values)).columns[0].type == type


def test_dates_are_written_in_one_way(tmp_path):
    assert table(tmp_path, "d\n2024年1月4日\n").rows == [["2024-01-04"]]


def test_rows_beyond_the_limit_are_left_out_and_told(tmp_path):
    found = table(tmp_path, "a\n" + "1\n" * 20, limit=5)
    assert (len(found.rows), found.is_cut, found.rows_of_file) == (5, True, 20)


def test_short_and_long_rows_fit_the_header(tmp_path):
    assert table(tmp_path, "a,b\n1\n1,2,3\n").rows == [["1", None], ["1", "2"]]


@pytest.mark.parametrize("format", ["XLSX", "CSV"])
def test_a_workbook_is_read_even_when_it_is_called_csv(tmp_path, format):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["名称", "数"])
        sheet.write_row(1, 0, ["甲", 3])
    found = read(tmp_path / "a.xlsx", format, [], 10)
    assert ([c.type for c in found.columns], found.rows) == (["text", "int8"], [["甲", "3"]])


def test_points_of_geojson_get_coordinates(tmp_path):
    point = {"type": "Feature", "properties": {"n": "a"}, "geometry": {"type": "Point", "coordinates": [123.0, 41.5]}}
    text = json.dumps({"type": "FeatureCollection", "features": [point]})
    found = table(tmp_path, text, format="GeoJSON")
    assert [c.name for c in found.columns] == ["n", "lng", "lat", "geometry"]
    assert found.rows[0][:3] == ["a", "123", "41.5"]


@pytest.mark.parametrize(
    ("text", "format", "code"),
    [
        ("", "CSV", "empty"),
        ("<html>", "XLSX", "unreadable"),
        ("PK\3\4broken", "XLSX", "unreadable"),
        ("{", "JSON", "unreadable"),
        ("[1, 2]", "JSON", "not_records"),
        ('{"a": 1}', "JSON", "not_records"),
        ("[" * 100_000, "JSON", "unreadable"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(tmp_path, text, format, code):
    with pytest.raises(NotATable, match=f"^{code}$"):
        table(tmp_path, text, format=format)


@given(st.lists(st.text(), max_size=30))
def test_column_names_are_what_the_datastore_takes(header):
    names = [name for name, _ in _named(header)]
    assert len({name.lower() for name in names}) == len(header)
    for name in names:
        assert name and not name.startswith("_") and name == name.strip() and len(name.encode()) <= 63
        assert not set(name) & set('"%:\0')
