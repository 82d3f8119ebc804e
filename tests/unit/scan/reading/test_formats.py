"""Each format is known by its content, and what it holds comes out cell by cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.anshan.scan.notices import WORDS
from ckanext.anshan.scan.pieces import Limits, Reading
from ckanext.anshan.scan.reading import READERS, kind_of

from .samples import ROWS, SAMPLES, zipped
from .seen import see

KINDS = {"jpg": "image", "png": "image", "eml": "mail"}
WITH_ROWS = ("csv", "xlsx", "xls", "ods", "docx", "html")


@pytest.fixture(params=sorted(SAMPLES))
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"sample.{request.param}"
    path.write_bytes(SAMPLES[request.param]())
    return path


def test_every_format_is_known_by_its_content(sample: Path) -> None:
    expected = KINDS.get(sample.suffix[1:], sample.suffix[1:])
    assert kind_of(sample, sample.name) == expected
    if expected not in ("csv", "txt", "dbf", "ndjson"):
        assert kind_of(sample, "anything.bin") == expected


def test_a_sound_file_is_read_without_an_unreadable_notice(sample: Path) -> None:
    seen = see(sample)
    assert not [one for one in seen.notices if one.kind in ("unreadable", "type_mismatch")]
    assert seen.tables or sample.suffix == ".png"


def test_every_kind_with_a_reader_has_a_sample_or_is_a_relative_of_one() -> None:
    relatives = {"tsv", "xlsb", "et", "odt", "odp", "legacy_office", "bz2", "xz"}
    covered = {KINDS.get(one, one) for one in SAMPLES}
    assert set(READERS) == covered | relatives


@pytest.mark.parametrize("extension", WITH_ROWS)
def test_tables_come_out_with_all_their_rows(extension: str, tmp_path: Path) -> None:
    path = tmp_path / f"sample.{extension}"
    path.write_bytes(SAMPLES[extension]())
    assert ROWS in [one.rows for one in see(path).tables]


@pytest.mark.parametrize("extension", ["json", "xml"])
def test_records_come_out_under_the_names_of_their_fields(extension: str, tmp_path: Path) -> None:
    path = tmp_path / f"sample.{extension}"
    path.write_bytes(SAMPLES[extension]())
    found = next(one for one in see(path).tables if one.header == ROWS[0])
    assert found.rows == ROWS[1:]


def test_progress_only_grows_within_a_pass_and_stays_within_one(sample: Path) -> None:
    told: list[float] = []
    see(sample, reading=Reading(progress=told.append))
    assert all(0 <= share <= 1 for share in told)


@pytest.mark.parametrize(
    ("extension", "name", "content"),
    [
        ("xlsx", "a.csv", "xlsx"),
        ("xls", "a.csv", "xls"),
        ("html", "a.xls", "html"),
        ("csv", "a.xlsx", "csv"),
        ("pdf", "a.docx", "pdf"),
        ("zip", "a.xlsx", "zip"),
        ("docx", "a.doc", "docx"),
        ("png", "a.pdf", "image"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_told_and_read(
    extension: str, name: str, content: str, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(SAMPLES[extension]())
    seen = see(path, name)
    assert seen.notice("type_mismatch.extension").facts == {"content": content, "extension": Path(name).suffix}
    assert seen.tables or extension == "png"


@pytest.mark.parametrize(
    ("extension", "name"),
    [
        *[("xls", "a.et"), ("xlsx", "a.et"), ("csv", "a.txt"), ("geojson", "a.json"), ("geojson", "a.geojson")],
        *[("ndjson", "a.json"), ("txt", "README"), ("json", "a.txt"), ("xml", "a.kml"), ("zip", "a.ZIP")],
        *[("xlsx", "a.XLSM"), ("csv", "a.dat"), ("txt", "a.md"), ("jpg", "a.JPEG")],
    ],
)
def test_names_that_go_with_the_content_are_no_mismatch(extension: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(SAMPLES[extension]())
    assert "type_mismatch.extension" not in see(path, name).rules


def test_an_extension_that_may_be_a_value_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(SAMPLES["pdf"]())
    assert see(path, "list.13900000000").notice("type_mismatch.extension").facts["extension"] == "…"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"Rar!\x1a\x07\x00" + bytes(100), "unreadable.unknown_archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), "unreadable.unknown_archive"),
        (b"SQLite format 3\x00" + bytes(100), "unreadable.unknown_type"),
        (bytes(range(256)) * 40, "unreadable.no_type"),
        (b"", "malformed.empty"),
    ],
)
def test_what_nobody_can_read_is_a_notice_and_never_silence(content: bytes, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert rule in see(path, "file").rules


def test_companions_of_a_shape_file_are_passed_over_and_its_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "shapes.zip"
    path.write_bytes(
        zipped({"a.shp": b"\0\0\x27\x0a" + bytes(96), "a.shx": b"\0\0\x27\x0a" + bytes(96), "a.dbf": SAMPLES["dbf"]()})
    )
    seen = see(path)
    assert seen.at("a.dbf").rows == [["甲"], ["gone"]] and seen.at("a.dbf").header == ["NAME"]
    assert seen.rules == ["hidden.deleted_records"]


def test_every_sentence_takes_only_a_count_and_the_facts_of_its_notice() -> None:
    known = {"count", "content", "extension", "type", "part", "pages", "limit"}
    for rule, sentence in WORDS.items():
        assert set(re.findall(r"\{(\w+)\}", sentence)) <= known, rule


def test_every_rule_that_the_readers_name_has_a_sentence() -> None:
    folder = Path(__file__).parents[4] / "ckanext-anshan" / "ckanext" / "anshan" / "scan" / "reading"
    kinds = "unreadable|hidden|author|link|formula|picture_place|type_mismatch|malformed"
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    named = set(re.findall(rf'"((?:{kinds})\.[a-z0-9_]+)"', source))
    named |= {f"unreadable.{why}" for why in re.findall(r'Unreadable\(\s*"(\w+)"', source)}
    assert named - {"unreadable.data"} <= set(WORDS)
    assert len(named) > 40


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5hkscs"])
def test_text_is_read_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    lines = ["鞍山市數據資料的第一行 abc 123"] * 8 + ["最後一行"]
    path = tmp_path / "a.txt"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    assert [one.lstrip("\ufeff") for one in see(path).tables[0].lines] == lines


def test_text_beyond_the_limit_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("0123456789\n" * 100)
    seen = see(path, limits=Limits(text=110))
    assert len(seen.tables[0].lines) == 10 and seen.notice("unreadable.limit_text").count == 90


def test_a_value_on_the_border_of_a_cut_line_is_still_whole_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x" * ((1 << 20) - 5) + "NEEDLE-NEEDLE" + "y" * 3_000_000)
    assert any("NEEDLE-NEEDLE" in line for line in see(path).tables[0].lines)
