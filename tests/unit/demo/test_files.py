"""The demo's files are what their endings say: independent readers open each, and nothing personal is in them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from ckanext.anshan.demo import files, tables
from ckanext.anshan.demo.city import Demo, entries
from ckanext.anshan.demo.generate import generate

ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
WEST, SOUTH, EAST, NORTH = 122.1, 40.0, 123.8, 41.6  # around the prefecture


def one_of(kind: str) -> Demo:
    return next(demo for demo in entries() if kind in demo.kinds and demo.entry["opening_class"] == "unconditional")


def written(kind: str) -> tuple[Demo, list[list[object]], bytes]:
    demo = one_of(kind)
    rows = tables.rows(demo.table, demo.entry["district"], demo.code)
    return demo, rows, files.write(kind, demo.entry["title"], demo.table.columns, rows)


def titles(demo: Demo) -> list[str]:
    return [column.title for column in demo.table.columns]


@pytest.mark.parametrize(("kind", "encoding"), [("csv", "utf-8-sig"), ("csv-gb", "gb18030")])
def test_csv_holds_every_row_in_its_encoding(kind: str, encoding: str) -> None:
    demo, rows, data = written(kind)
    found = list(csv.reader(io.StringIO(data.decode(encoding))))
    assert found[0] == titles(demo)
    assert len(found) == len(rows) + 1
    assert {len(row) for row in found} == {len(titles(demo))}


def test_gb18030_is_not_utf8_by_chance() -> None:
    with pytest.raises(UnicodeDecodeError):
        written("csv-gb")[2].decode("utf-8")


def test_xlsx_opens_in_openpyxl() -> None:
    demo, rows, data = written("xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == titles(demo)
    assert sheet.max_row == len(rows) + 1


def test_xls_opens_in_calamine() -> None:
    demo, rows, data = written("xls")
    found = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert found[0] == titles(demo)
    assert len(found) == len(rows) + 1


def test_json_holds_every_row() -> None:
    demo, rows, data = written("json")
    found = json.loads(data)
    assert len(found) == len(rows)
    assert list(found[0]) == titles(demo)


def test_geojson_points_lie_in_the_city() -> None:
    _, rows, data = written("geojson")
    points = [feature["geometry"]["coordinates"] for feature in json.loads(data)["features"]]
    assert len(points) == len(rows)
    assert all(WEST < east < EAST and SOUTH < north < NORTH for east, north in points)


def test_xml_is_well_formed() -> None:
    demo, rows, data = written("xml")
    root = ElementTree.fromstring(data)
    assert len(root) == len(rows)
    assert [cell.get("title") for cell in root[0]] == titles(demo)


def test_zip_is_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(written("zip")[2])) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["数据.csv", "说明.txt"]


def test_pdf_names_the_font_of_the_reader() -> None:
    data = written("pdf")[2]
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert b"STSong-Light" in data


@pytest.mark.parametrize(("kind", "format"), [("png", "PNG"), ("jpg", "JPEG")])
def test_pictures_open(kind: str, format: str) -> None:
    with Image.open(io.BytesIO(written(kind)[2])) as image:
        image.load()
        assert (image.format, image.size) == (format, (960, 600))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    generate(path)
    return path


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in [folder / "catalogue.csv", *folder.glob("files/**/*.csv"), *folder.glob("files/**/*json")]:
        data = path.read_bytes()
        try:
            yield path, data.decode()
        except UnicodeDecodeError:
            yield path, data.decode("gb18030")


def test_nothing_looks_like_an_id_number_or_a_mobile(folder: Path) -> None:
    found = [(path.name, hit) for path, text in texts(folder) for hit in ID_NUMBER.findall(text) + MOBILE.findall(text)]
    assert not found


def test_every_telephone_is_fictitious(folder: Path) -> None:
    for _, text in texts(folder):
        assert all(number.startswith("0412-0000") for number in re.findall(r"0412-\d+", text))


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_demo_comes_out_twice(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path)
    first, second = contents(folder), contents(tmp_path)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_the_manifest_names_files_that_are_there(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "MANIFEST.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all((folder / file["path"]).is_file() for line in lines for file in line["files"])
    closed = {demo.code for demo in entries() if demo.entry["opening_class"] == "closed"}
    assert {line["code"] for line in lines if not line["files"]} == closed
    endings = {Path(file["name"]).suffix for line in lines for file in line["files"]}
    assert endings == {".csv", ".xlsx", ".xls", ".json", ".geojson", ".xml", ".zip", ".pdf", ".png", ".jpg"}
    assert sum(1 for line in lines for file in line["files"] if "/v2/" in file["path"]) >= 5
