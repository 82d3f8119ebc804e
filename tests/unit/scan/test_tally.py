"""Counts of a column: each cell once for each signal, estimates of long columns, and no value kept."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan import tally
from ckanext.anshan.scan.pieces import Batch
from ckanext.anshan.scan.recognising import words
from ckanext.anshan.scan.tally import Tally

from .made import TODAY, Invented, given, resident_ids, signals, tallied

CELLS = st.lists(st.sampled_from(["", "无", "王建国", "139 1234 5678", "13912345678", "x"]), min_size=1, max_size=30)


def fresh(header: list[str], keeps_rows: bool = False) -> Tally:
    return Tally(header, 0, False, words.automaton(), TODAY, keeps_rows)


@given(CELLS)
def test_each_cell_is_counted_once_however_many_numbers_it_holds(cells):
    column = signals(*[cell.replace("13912345678", "13912345678、13912345679") for cell in cells])
    assert column.signals["mobile"] == sum("139" in cell for cell in cells)
    assert column.filled == sum(bool(cell) for cell in cells) == column.looked
    assert column.looks["blank"] == cells.count("无") and column.present == column.filled - cells.count("无")


@given(CELLS, st.integers(1, 7))
def test_batches_make_no_difference(cells, size):
    whole, parts = fresh(["电话"]), fresh(["电话"])
    whole.add(Batch.of_rows([[cell] for cell in cells]))
    for first in range(0, len(cells), size):
        parts.add(Batch.of_rows([[cell] for cell in cells[first : first + size]], first))
    for name in ("signals", "looks", "filled", "looked", "examples", "first_row", "distinct", "surnames"):
        assert getattr(whole.column(0), name) == getattr(parts.column(0), name), name
    assert whole.rows == parts.rows == len(cells)


def test_rows_of_the_header_are_not_counted():
    people = Invented()
    counted = tallied([["姓名", "身份证号"], *([people.name(), people.resident_id()] for _ in range(6))])
    assert counted.rows == 6 and counted.columns[1].signals["resident_id"] == 6 and counted.columns[0].header == "姓名"


def test_a_header_that_comes_again_is_no_value():
    counted = fresh(["姓名", "备注"])
    counted.add(Batch.of_rows([["王建国", "a1"], ["姓名", "备注"], ["李淑兰", "b2"], ["张伟", "备注"]]))
    assert counted.column(0).filled == 3 == counted.column(0).looks["name"] and counted.repeated_headers == 3


@given(st.lists(resident_ids, min_size=1, max_size=8))
def test_examples_are_masked_and_at_most_three(numbers):
    column = signals(*numbers)
    examples = [one for several in column.examples.values() for one in several]
    assert len(column.examples["resident_id"]) <= 3
    assert not any(number in one or number[6:] in one for number in numbers for one in examples)


def test_no_value_is_kept_of_a_column():
    people = Invented()
    number, mobile, card = people.resident_id(), people.mobile(), people.card()
    counted = tallied(
        [
            ["证件", "电话", "卡号", "住址"],
            *([number, mobile, card, f"鞍山市铁东区解放路{row}号3单元501室"] for row in range(100, 106)),
        ]
    )
    kept = repr([vars(column) for column in counted.columns.values()])
    assert number not in kept and mobile not in kept and card not in kept and "3单元501室" not in kept


def test_of_a_long_column_some_cells_are_looked_at_and_the_rest_is_estimated(monkeypatch):
    monkeypatch.setattr(tally, "ALL_LOOKED_AT", 200)
    monkeypatch.setattr(tally, "ONE_IN", 10)
    people, counted = Invented(), fresh(["姓名"])
    for first in range(0, 3000, 100):
        counted.add(Batch.of_rows([[people.name() if row % 2 else "鞍山钢铁有限公司"] for row in range(100)], first))
    column = counted.column(0)
    assert column.filled == 3000 and column.looked < 600
    assert column.estimated("name", "organization") == pytest.approx(3000, rel=0.01)


def test_signals_of_a_long_column_are_exact_all_the_same(monkeypatch):
    monkeypatch.setattr(tally, "FIRST_LOOKED_AT", 50)
    people, counted = Invented(), fresh(["x"])
    for first in range(0, 1000, 100):
        counted.add(Batch.of_rows([[people.resident_id() if row == 99 else "abc"] for row in range(100)], first))
    assert counted.column(0).signals["resident_id"] == 10


def test_rows_are_kept_where_somebody_watches():
    watched, other = fresh(["电话"], keeps_rows=True), fresh(["电话"])
    for one in (watched, other):
        one.add(Batch.of_rows([["x"], ["13912345678"], ["无"], ["13912345679"]]))
    assert [list(rows) for rows in watched.column(0).rows["mobile"]] == [[1, 3]] and not other.column(0).rows


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("http://example.org","x")',
        "=cmd|' /C calc'!A0",
        "+cmd|'x'!A1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1:A2)",
        "=A1",
        " =A1",
    ],
)
def test_what_a_spreadsheet_would_run_is_a_formula(cell):
    assert tally.is_formula(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "=",
        "==",
        "====",
        "-",
        "--",
        "-5",
        "+86 139",
        "-3.5%",
        "+",
        "@",
        "@某人",
        "a=b",
        "=====目录=====",
        "- 项目一",
        "1+1",
        "",
    ],
)
def test_what_a_spreadsheet_would_show_as_text_is_none(cell):
    assert not tally.is_formula(cell)


def test_formulas_are_counted_where_they_begin_a_cell():
    assert signals("=1+1", "x=1+1", "", "@SUM(A1)").signals["formula"] == 2


def test_words_of_an_agency_are_counted_under_their_kind():
    column = tallied([["甲工程"], ["普通"], ["甲工程二期"]], is_text=True, own=(("甲工程", "secrecy_mark"),)).columns[0]
    assert column.signals["own:secrecy_mark"] == 2


def test_what_stands_beyond_the_last_column_told_apart_counts_as_one_more(monkeypatch):
    monkeypatch.setattr(tally, "MOST_COLUMNS", 3)
    counted = fresh([])
    counted.add(Batch.of_rows([["13912345678"] * 6]))
    assert len(counted.columns) == 4 and counted.columns[3].signals["mobile"] == 3


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_any_cells_can_be_counted(cells):
    assert signals(*cells, "end").filled >= 1
