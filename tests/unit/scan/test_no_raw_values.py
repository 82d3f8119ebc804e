"""No personal datum or secret of a file stands in the report on it; what must not is in the corpus's own truth."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ckanext.anshan.scan import messages, scanning
from ckanext.anshan.scan.__main__ import as_dict
from tests.bench.pii import corpus

from .conftest import Scanned
from .made import Invented

SEPARATORS = re.compile(r"[\s\-–·.,;:/\\\"'()（）+_]")
LONG = 7
"""From so many signs on a number is looked for without what separates its parts too."""
MARKS = "secrecy_mark"
"""A mark such as 机密★5年 is no secret itself, and the sentence about it may say it."""


def _told(line: dict[str, Any]) -> str:
    """A report without its hash, size and version, whose digits are no one's."""
    return json.dumps({key: line[key] for key in line if key not in ("sha256", "size", "scanner")}, ensure_ascii=False)


def _raw(table: corpus.Table) -> Iterator[tuple[str, str]]:
    """The values that must not be told, with their kinds; not those that the file's own headers say aloud."""
    aloud = " ".join((table.path.name, *(f"{one.where} {one.sheet} {one.member}" for one in table.columns)))
    for column in table.columns:
        for kind, values in column.raw.items():
            yield from ((kind, value) for value in values if kind != MARKS and value not in aloud)


def test_no_raw_value_of_the_corpus_is_in_a_report(scanned: list[Scanned]) -> None:
    told = []
    for one in scanned:
        whole = "\n".join(map(_told, one.lines.values()))
        told += [f"{one.table.path.name}: {kind}" for kind, value in _raw(one.table) if value in whole]
    assert sorted(set(told)) == []


def test_no_raw_number_of_the_corpus_is_in_a_report_with_other_separators(scanned: list[Scanned]) -> None:
    told = []
    for one in scanned:
        joined = SEPARATORS.sub("", "\n".join(map(_told, one.lines.values())))
        for kind, value in _raw(one.table):
            bare = SEPARATORS.sub("", value)
            if len(bare) >= LONG and bare.isascii() and bare in joined:
                told.append(f"{one.table.path.name}: {kind}")
    assert sorted(set(told)) == []


VALUES = ("王建国", "13841212345", "210302198001011234", "铁东区胜利路12号3单元501", "张丽13998877665", "刘志强户")
"""Values of persons as names of things: nobody is called so."""


@pytest.mark.parametrize("value", VALUES)
def test_no_raw_value_is_told_that_is_the_name_of_a_sheet_a_column_a_key_or_a_file(value: str, tmp_path: Path) -> None:
    person = Invented(3)
    rows = [[value, "电话"], *([person.name(), person.mobile()] for _ in range(12))]
    book = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(book)) as made:
        sheet = made.add_worksheet(value)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(book, f"{value}/{value}.xlsx")
        archive.writestr(f"{value}.json", json.dumps({value: [{value: row[1]} for row in rows]}, ensure_ascii=False))
        archive.writestr(f"{value}.bin", b"\x00\x01\x02")
    made_report = scanning.report(packed)
    assert len(made_report.findings) > 3
    told = "".join(_told(as_dict(made_report, messages.translator(lang))) for lang in ("zh_Hans_CN", "en"))
    whole = SEPARATORS.sub("", told)
    parts = [value, *re.findall(r"\d{6,}|501", value)]
    assert [part for part in parts if SEPARATORS.sub("", part) in whole] == []


@pytest.mark.parametrize("kind", ["resident_id", "mobile", "person_name", "home_address", "bank_card", "credential"])
def test_the_corpus_has_values_to_look_for(scanned: list[Scanned], kind: str) -> None:
    assert sum(found == kind for one in scanned for found, _ in _raw(one.table)) > 10


def test_a_value_would_be_seen(scanned: list[Scanned]) -> None:
    one = next(one for one in scanned if any(kind == "mobile" for kind, _ in _raw(one.table)))
    value = next(value for kind, value in _raw(one.table) if kind == "mobile")
    assert value in _told({**one.lines["en"], "findings": [{"examples_masked": [value]}]})
