"""A copy that comes to light tells by which grant it was handed out: byte for byte, or by the order of its rows."""

from __future__ import annotations

import csv
import io
import json
import random
from functools import cache

import openpyxl
import pytest

from ckanext.anshan.access import cli, leaks
from tests.integration.access import granted
from tests.integration.access.granted import FILE
from tests.integration.starting import ckan


@cache
def _two() -> tuple[granted.Granted, granted.Granted]:
    one = granted.make("trace")
    return one, granted.grant(one.town, one.dataset)


@pytest.fixture
def two(app):
    return granted.within(app, _two)


def copy(app, own, suffix="csv") -> bytes:
    return app.get(own.address(f"{FILE}.{suffix}"), headers=granted.by(own.holder)).data


def found(app, folder, content: bytes, own, suffix=".csv"):
    path = folder / f"leaked{suffix}"
    path.write_bytes(content)
    return granted.within(app, leaks.trace, path, own.dataset["name"])


def numbers(traced) -> list[str]:
    return [one["number"] for one in traced["ranked"] if one["is_sure"]]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json", "parquet"])
def test_the_very_file_is_known_by_its_hash(two, app, tmp_path, suffix):
    for own in two:
        traced = found(app, tmp_path, copy(app, own, suffix), own, f".{suffix}")
        assert (traced["says"], set(numbers(traced))) == ("same_file", {own.number})


def test_another_format_is_known_by_the_order_of_its_rows(two, app, tmp_path):
    for own in two:
        rows = granted.rows_of(copy(app, own))
        book = openpyxl.Workbook()
        sheet = book.create_sheet("协议", 0)
        for row in rows:
            sheet.append(row)
        saved = io.BytesIO()
        book.save(saved)
        for suffix, content in ((".xlsx", saved.getvalue()), (".csv", written(rows)), (".json", records(rows))):
            traced = found(app, tmp_path, content, own, suffix)
            assert (traced["says"], numbers(traced)) == ("found", [own.number]), suffix
            assert traced["ranked"][0]["holders"] and traced["compared"]["matched"] == granted.ROWS


def written(rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=",").writerows(rows)
    return text.getvalue().encode("gb18030")


def records(rows) -> bytes:
    header, *rest = rows
    return json.dumps([dict(zip(header, row, strict=True)) for row in rest], ensure_ascii=False).encode()


def test_a_part_of_a_parquet_copy_is_known_too(two, app, tmp_path):
    import duckdb

    own, path, part = two[1], tmp_path / "whole.parquet", tmp_path / "part.parquet"
    path.write_bytes(copy(app, own, "parquet"))
    duckdb.sql(f"COPY (SELECT 单位名称, 区县 FROM '{path}' LIMIT 150) TO '{part}' (FORMAT parquet)")
    traced = found(app, tmp_path, part.read_bytes(), own, ".parquet")
    assert (traced["says"], numbers(traced)) == ("found", [own.number])


def test_a_copy_that_was_sorted_names_nobody(two, app, tmp_path):
    header, *rows = granted.rows_of(copy(app, two[0]))
    random.Random(5).shuffle(rows)
    traced = found(app, tmp_path, written([header, *sorted(rows)]), two[0])
    assert (traced["says"], numbers(traced)) == ("sorted", [])
    assert len(traced["ranked"]) == 2


@pytest.mark.parametrize(("content", "code"), [(b"\x00\x01\x02", "no_table"), (b"", "no_table")])
def test_what_is_no_table_is_said_so(two, app, tmp_path, content, code):
    with pytest.raises(leaks.Unknown) as unknown:
        found(app, tmp_path, content, two[0], ".xlsx")
    assert str(unknown.value) == code


def test_the_command_prints_whose_copy_it_is(two, app, tmp_path):
    path = tmp_path / "leaked.csv"
    path.write_bytes(written(granted.rows_of(copy(app, two[0]))))
    name = two[0].dataset["name"]
    said = ckan("anshan", "access", "trace", str(path), "--dataset", name, "--json")
    told = json.loads(said.stdout)
    assert said.returncode == 0 and told["ranked"][0]["number"] == two[0].number, said.stderr
    first, *lines = cli._words(told).splitlines()
    assert "beyond doubt" in first and two[0].number in lines[0] and "100.0%" in lines[0]
    wrong = ckan("anshan", "access", "trace", str(path), "--dataset", "no-such")
    assert wrong.returncode == 1 and "nothing of it was ever granted" in wrong.stderr
