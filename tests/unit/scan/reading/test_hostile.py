"""Files made to do harm end in notices, with little memory: each is read in a process of its own, which is measured."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pytest
from reportlab.pdfgen import canvas

from .samples import SAMPLES, with_part, zipped

ROOT = Path(__file__).parents[4]
MEMORY = 512  # MiB that a reading process may use at most, libraries included
READ = """
import json, re, sys
from pathlib import Path
from ckanext.anshan.scan.pieces import Limits, Notice, Place, Reading
from ckanext.anshan.scan.reading import read
rules, cells = [], 0
for item in read(Path(sys.argv[1]), sys.argv[2], Place(), Reading(Limits(**json.loads(sys.argv[3])))):
    if isinstance(item, Notice):
        rules.append(item.rule)
    else:
        cells += sum(map(len, item.batches))
memory = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) >> 10
print(json.dumps({"rules": rules, "cells": cells, "memory": memory}))
"""


def _read(content: bytes, name: str, tmp_path: Path, **limits: int) -> dict[str, Any]:
    path = tmp_path / name
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), name, json.dumps(limits)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={"PYTHONPATH": str(ROOT / "ckanext-anshan")},
    )
    found = json.loads(done.stdout)
    assert found["memory"] < MEMORY
    return found


def _bomb() -> bytes:
    """Archives in archives in archives, 16 each: 4,096 leaves of 64 MiB of zeros."""
    packed = zipped({"0": bytes(64 << 20)})
    for _ in range(3):
        packed = zipped({f"{number}.zip": packed for number in range(16)})
    return packed


def test_a_zip_bomb_is_left_early(tmp_path: Path) -> None:
    found = _read(_bomb(), "bomb.zip", tmp_path, unpacked=256 << 20)
    assert {"unreadable.limit_ratio", "unreadable.limit_unpacked"} == set(found["rules"])
    assert len(found["rules"]) < 1000


def test_ten_thousand_archives_side_by_side_are_read_and_those_inside_each_other_are_not(tmp_path: Path) -> None:
    inner = zipped({"a.txt": b"a"}, zipfile.ZIP_STORED)
    many = _read(zipped({f"{number}.zip": inner for number in range(10_000)}), "many.zip", tmp_path, members=10_000)
    assert set(many["rules"]) == {"unreadable.limit_members"} and many["cells"] >= 10_000
    deep = inner
    for _ in range(200):
        deep = zipped({"a.zip": deep}, zipfile.ZIP_STORED)
    assert _read(deep, "deep.zip", tmp_path)["rules"] == ["unreadable.limit_depth"]


def test_ten_thousand_archives_inside_each_other_end_at_the_fifth(tmp_path: Path) -> None:
    deep = _nested(9_990)
    for _ in range(10):
        deep = zipped({"a.zip": deep}, zipfile.ZIP_STORED)
    assert _read(deep, "deep.zip", tmp_path)["rules"] == ["unreadable.limit_depth"]


def _nested(levels: int) -> bytes:
    """Archives stored in archives, made in one pass of heads, the middle and tails; check sums are left out."""
    heads: list[bytes] = []
    tails: list[bytes] = []
    middle = b"x" * 10
    size = len(middle)
    for _ in range(levels):
        probe = io.BytesIO()
        with zipfile.ZipFile(probe, "w") as archive:
            archive.writestr(zipfile.ZipInfo("a.zip"), b"")
        empty = bytearray(probe.getvalue())
        central = empty.index(b"PK\x01\x02")
        for at in (18, 22, central + 20, central + 24):
            empty[at : at + 4] = size.to_bytes(4, "little")
        end = empty.index(b"PK\x05\x06")
        empty[end + 16 : end + 20] = (central + size).to_bytes(4, "little")
        heads.append(bytes(empty[:central]))
        tails.append(bytes(empty[central:]))
        size += len(empty)
    return b"".join([*reversed(heads), middle, *tails])


def test_a_million_empty_formatted_rows_are_small(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(1, 1_000_001))
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    found = _read(with_part(SAMPLES["xlsx"](), {"xl/worksheets/sheet1.xml": sheet}), "a.xlsx", tmp_path)
    assert not found["rules"] and found["cells"] < 100


def test_two_cells_at_the_ends_of_a_sheet_are_two_cells(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    found = _read(with_part(SAMPLES["xlsx"](), {"xl/worksheets/sheet1.xml": sheet}), "a.xlsx", tmp_path)
    assert not found["rules"] and found["cells"] < 100


def test_a_sheet_that_never_ends_its_row_is_damaged(tmp_path: Path) -> None:
    sheet = b"<worksheet><sheetData><row>" + b" " * (200 << 20)
    found = _read(with_part(SAMPLES["xlsx"](), {"xl/worksheets/sheet1.xml": sheet}), "a.xlsx", tmp_path)
    assert "unreadable.damaged" in found["rules"]


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha">{}]><a>&j;</a>'.format(
    "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", lambda: b'<?xml version="1.0"?>' + LAUGHS),
        ("a.svg", lambda: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'),
        ("late.xml", lambda: b"<!--" + b" " * 100_000 + b"-->" + LAUGHS),
        ("a.docx", lambda: with_part(SAMPLES["docx"](), {"word/document.xml": LAUGHS})),
        ("a.xlsx", lambda: with_part(SAMPLES["xlsx"](), {"xl/workbook.xml": LAUGHS})),
        ("a.ods", lambda: with_part(SAMPLES["ods"](), {"content.xml": LAUGHS})),
    ],
)
def test_entities_are_refused_and_not_expanded(name: str, content: Callable[[], bytes], tmp_path: Path) -> None:
    assert "unreadable.entities" in _read(content(), name, tmp_path)["rules"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"[" * 1_000_000),
        ("b.json", b'{"a":' * 1_000_000),
        ("c.json", b"[" * 100_000 + b"]" * 100_000),
        ("big.json", b'{"a":[' * 4_000_000),
        ("a.xml", b"<a>" * 1_000_000),
        ("a.html", b"<html>" + b"<div>" * 300_000),
        ("t.html", b"<html>" + b"<table><tr><td>" * 30_000),
    ],
)
def test_deep_nesting_ends_in_a_notice_or_in_plain_text(name: str, content: bytes, tmp_path: Path) -> None:
    found = _read(content, name, tmp_path)
    assert found["rules"] or found["cells"] or name.endswith("html")


def test_a_part_that_unpacks_without_end_is_left_at_the_limit(tmp_path: Path) -> None:
    huge = b"<w:document xmlns:w='w'><w:p><w:t>" + b"a" * (300 << 20)
    found = _read(with_part(SAMPLES["docx"](), {"word/document.xml": huge}), "a.docx", tmp_path)
    assert "unreadable.limit_whole" in found["rules"]


def test_a_picture_of_a_billion_pixels_is_not_unpacked(tmp_path: Path) -> None:
    png = bytearray(SAMPLES["png"]())
    png[16:24] = (60_000).to_bytes(4, "big") * 2
    _read(bytes(png), "a.png", tmp_path)


def test_repeated_cells_of_an_opendocument_table_are_not_multiplied(tmp_path: Path) -> None:
    content = zipfile.ZipFile(io.BytesIO(SAMPLES["ods"]())).read("content.xml").decode()
    many = content.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">')
    many = many.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" ')
    found = _read(with_part(SAMPLES["ods"](), {"content.xml": many}), "a.ods", tmp_path, cells=100_000)
    assert "unreadable.limit_cells" in found["rules"]


def _encrypted_office() -> bytes:
    made = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(SAMPLES["xlsx"]())).encrypt("a password", made)
    return made.getvalue()


def _encrypted_pdf() -> bytes:
    made = io.BytesIO()
    page = canvas.Canvas(made, encrypt="a password")
    page.drawString(100, 700, "secret")
    page.save()
    return made.getvalue()


def _encrypted_zip() -> bytes:
    """The bit that says so is enough: nobody has the password."""
    packed = bytearray(SAMPLES["zip"]())
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        *[("a.xlsx", _encrypted_office), ("a.docx", _encrypted_office)],
        *[("a.pdf", _encrypted_pdf), ("a.zip", _encrypted_zip)],
    ],
)
def test_what_is_encrypted_is_a_notice(name: str, make: Callable[[], bytes], tmp_path: Path) -> None:
    found = _read(make(), name, tmp_path)
    assert found["rules"] == ["unreadable.encrypted"]
