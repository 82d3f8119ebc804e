"""Any file may be uploaded; each is read rightly or refused with a reason."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from ckanext.anshan.catalogue.exchange.problems import FileRefused
from ckanext.anshan.catalogue.exchange.readers import Limits, Row, clean, encoding_of, read

TABLE = [["名称", "单位"], ["公交站点", "个\n座"], ["", ""], ["停车场", " 处　"]]
READ = [Row(1, ["名称", "单位"]), Row(2, ["公交站点", "个\n座"]), Row(4, ["停车场", "处"])]


def rows(path: Path, limits: Limits | None = None) -> list[Row]:
    return [row for sheet in read(path, limits) for row in sheet.rows]


def refusal(path: Path, limits: Limits | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        rows(path, limits)
    return caught.value


def csv_text() -> str:
    text = io.StringIO()
    csv.writer(text).writerows(TABLE)
    return text.getvalue()


def workbook(path: Path, cells: Sequence[Sequence[object]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for at, row in enumerate(cells):
        sheet.write_row(at, 0, row)
    book.close()
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text().encode(encoding))
    assert rows(path) == READ


def test_a_csv_that_is_a_workbook_inside_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", TABLE).rename(tmp_path / "a.csv")
    assert rows(path) == READ


def test_an_xls_is_read(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("目录")
    for at, row in enumerate(TABLE):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    book.save(str(tmp_path / "a.xls"))
    assert rows(tmp_path / "a.xls") == READ


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"甲{delimiter}乙\n1{delimiter}2\n", encoding="utf-8")
    assert rows(path) == [Row(1, ["甲", "乙"]), Row(2, ["1", "2"])]


def test_a_number_that_has_lost_digits_is_marked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[113206020142080806, 255.0, True, 1.5]])
    assert rows(path) == [Row(1, ["113206020142080800…", "255", "TRUE", "1.5"])]


def test_what_cannot_be_stored_is_taken_out() -> None:
    assert clean("\ufeff a\x00b\r\nc\x07\x7f ") == "ab\nc"


def test_html_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("<script>alert(1)</script>,b\n", encoding="utf-8")
    assert rows(tmp_path / "a.csv")[0].cells[0] == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
        (b"\x01\x02\x00\x03\x04\x00\x00\x09", "not_a_table"),
        (b"PK\x03\x04 half a workbook", "broken"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "broken"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("名称\n".encode() + b"\xff\xff\xff\n", "wrong_encoding"),
        (b"a,b\n" + b'"never closed' + b"x" * 11_000_000, "broken_csv"),
    ],
)
def test_a_hostile_file_is_refused_with_its_reason(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refusal(path).code == code


def test_a_wrong_encoding_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("名称\n".encode("gb18030") * 3 + b"\xff\n")
    error = refusal(path)
    assert (error.code, error.facts["encoding"]) == ("wrong_encoding", "gb18030")


def test_a_file_beyond_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(200 << 20)  # takes no space
    error = refusal(path)
    assert (error.code, error.facts) == ("too_big", {"megabytes": 200, "limit": 50})


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refusal(path).code == "not_a_table"


def bomb(path: Path, size: int) -> Path:
    workbook(path, [["a"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", bytes(size))
    return path


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    assert refusal(bomb(tmp_path / "a.xlsx", 20 << 20), Limits(unpacked=10 << 20)).code == "zip_bomb"


def test_a_zip_bomb_with_a_lying_directory_is_refused(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 20 << 20)
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 20 << 20), struct.pack("<L", 100)))
    assert refusal(path, Limits(unpacked=10 << 20)).code in ("zip_bomb", "broken")


def test_a_workbook_with_a_cell_at_the_far_end_needs_no_memory_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "b")
    book.close()
    assert refusal(path, Limits(memory=1 << 30)).code in ("too_many_cells", "broken")


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" * 100, encoding="utf-8")
    assert refusal(path, Limits(cells=150)).code == "too_many_cells"


def test_gb18030_is_told_from_utf8_beyond_the_first_part(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 300_000 + "名称".encode("gb18030"))
    assert encoding_of(path) == "gb18030"
