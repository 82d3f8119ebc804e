"""The order of rows tells whose copy it is, and what is done to the copy afterwards doesn't change that."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.access import marking
from ckanext.anshan.access.marking import Mark, Traced

HEADER = ["编号", "姓名", "金额", "日期", "区"]
KEYS = {f"grant-{number}": Mark(f"key of grant {number:06}".encode()) for number in range(200)}
TRUE = "grant-117"


@cache
def table(rows: int = 4000) -> list[tuple[str, ...]]:
    made = random.Random(7)
    return [
        (
            f"{number:08}",
            made.choice("王李张刘") + made.choice("伟芳娜敏"),
            f"{made.random() * 10000:.2f}",
            f"2026-{made.randint(1, 12):02}-{made.randint(1, 28):02}",
            made.choice(("铁东区", "铁西区")),
        )
        for number in range(rows)
    ]


def handed_out(grant: str = TRUE, rows: int = 4000) -> list[tuple[str, ...]]:
    order = marking.ordered(KEYS[grant], np.arange(rows))
    return [table(rows)[int(number)] for number in order]


def traced(leaked, header=HEADER, rows: int = 4000, candidates=KEYS) -> Traced:
    def source(columns):
        at = [HEADER.index(name) for name in columns]
        return ((number, [row[one] for one in at]) for number, row in enumerate(table(rows)))

    return marking.find(header, leaked, source, HEADER, candidates)


def shuffled(rows, share: float):
    """This share of the rows stands anywhere."""
    made, rows = random.Random(3), list(rows)
    moved = made.sample(range(len(rows)), int(len(rows) * share))
    places = made.sample(moved, len(moved))
    copy = list(rows)
    for before, after in zip(moved, places, strict=True):
        copy[after] = rows[before]
    return copy


FOREIGN = [(f"x{number}", "外来", "1", "2026-01-01", "无") for number in range(3000)]
SURVIVED = {
    "whole": lambda rows: rows,
    "an excerpt of 48 rows": lambda rows: rows[1000:1048],
    "one row in five": lambda rows: [row for row in rows if random.Random(row[0]).random() < 0.2],
    "rows appended before and behind": lambda rows: [*FOREIGN, *rows[:400], *FOREIGN],
    "rows mixed in": lambda rows: [one for pair in zip(FOREIGN, rows, strict=False) for one in pair],
    "a third of the rows anywhere": lambda rows: shuffled(rows, 0.33),
    "every row twice": lambda rows: [row for row in rows for _ in range(2)],
    "blocks in another order": lambda rows: [row for at in range(3200, -1, -800) for row in rows[at : at + 800]],
}


@pytest.mark.parametrize("name", SURVIVED)
def test_the_mark_survives(name):
    found = traced(SURVIVED[name](handed_out()))
    assert (found.says, found.grants) == ("found", (TRUE,)), found.ranked[:2]
    assert found.ranked[0].chance < 1e-9 and found.ranked[1].chance > 1e-5


def test_the_mark_survives_dropped_columns():
    leaked = [(row[2], row[0]) for row in handed_out()]
    found = traced(leaked, ["金额", "编号"])
    assert (found.says, found.grants, found.columns) == ("found", (TRUE,), ("金额", "编号"))


def test_the_mark_survives_another_format():
    """A spreadsheet has written numbers and days in its own way, and has columns of its own."""
    leaked = [("note", str(int(row[0])), float(row[2]), row[3].replace("-", "/")) for row in handed_out()]
    found = traced(leaked, ["备注", "编号", "金额", "日期"])
    assert (found.says, found.grants, found.matched) == ("found", (TRUE,), 4000)


def test_two_copies_put_together_name_both():
    found = traced([*handed_out("grant-3")[:1000], *handed_out("grant-5")[1000:2000]])
    assert (found.says, set(found.grants)) == ("several", {"grant-3", "grant-5"})


LOST = {
    "sorted as the file is": lambda rows: sorted(rows),
    "sorted by another column": lambda rows: sorted(rows, key=lambda row: row[2]),
    "shuffled": lambda rows: shuffled(rows, 1),
}


@pytest.mark.parametrize("name", LOST)
def test_what_has_lost_its_order_says_so_and_accuses_nobody(name):
    found = traced(LOST[name](handed_out()))
    assert (found.says, found.grants) == ("sorted", ())
    assert (found.in_file_order == 1.0) is (name == "sorted as the file is")


def test_what_has_lost_its_order_is_narrowed_by_columns_and_rows():
    some = {
        "fewer columns": Mark(b"a", columns=frozenset(HEADER[1:])),
        "fewer rows": Mark(b"b", columns=frozenset(HEADER), rows=np.arange(2000)),
        "both": Mark(b"c", columns=frozenset(HEADER), rows=np.arange(4000)),
    }
    assert traced(sorted(handed_out()), candidates=some).possible == ("both",)


def test_too_few_rows_accuse_nobody():
    found = traced(handed_out()[:4])
    assert (found.says, found.grants) == ("too_few", ())


def test_another_table_matches_nothing():
    assert traced(FOREIGN).says == "no_match"
    assert traced(FOREIGN, ["a", "b", "c", "d", "e"]).says == "no_match"


def test_rows_that_are_there_twice_are_left_out():
    leaked = [(row[1], row[4]) for row in handed_out()]
    assert traced(leaked, ["姓名", "区"]).matched == 0, "16 names in 2 districts: none is there once"


def test_an_innocent_key_agrees_as_often_as_the_chance_says():
    """Of 200 innocent keys and 20 copies, about one in twenty reaches a chance of 5 %, and none is sure."""
    innocent = {name: mark for name, mark in KEYS.items() if name != TRUE}
    chances = []
    for number in range(20):
        ranked = traced(handed_out()[number * 200 : number * 200 + 160], candidates=innocent).ranked
        chances += [one.chance for one in ranked]
    assert 0.03 < sum(chance <= 0.05 for chance in chances) / len(chances) < 0.07
    assert min(chances) > 1e-6


WRITTEN = [
    *(13, 2, 1, 8, 11, 14, 0, 9, 12, 5, 15, 6, 10, 7, 4, 3),
    *(27, 24, 31, 17, 19, 29, 16, 21, 23, 18, 22, 26, 25, 30, 28, 20),
]


def test_the_order_is_the_same_on_every_machine_and_in_every_version():
    """Written down: a copy that was handed out years ago has to be found."""
    order = marking.ordered(Mark(b"sixteen bytes ok"), np.arange(32))
    assert order.tolist() == WRITTEN


@given(st.integers(1, 3000), st.integers(0, 3100), st.integers(0, 300), st.sampled_from([16, 64]), st.data())
def test_a_page_is_a_piece_of_the_whole(count, offset, limit, width, data):
    chosen = data.draw(st.sampled_from([1, 2, 7]))
    rows, mark = np.arange(0, count * chosen, chosen), Mark(b"key", width)
    assert marking.page(mark, rows, offset, limit).tolist() == marking.ordered(mark, rows)[offset:][:limit].tolist()


@given(st.integers(1, 2000), st.sampled_from([16, 32, 128]))
def test_every_row_is_there_once_and_stays_in_its_block(count, width):
    order = marking.ordered(Mark(b"key", width), np.arange(count))
    assert sorted(order.tolist()) == list(range(count))
    assert (order // width == np.arange(count) // width).all()


@pytest.mark.parametrize(("rows", "held", "width"), [(1000, 1000, 16), (1000, 700, 32), (1000, 10, 2048), (10, 0, 16)])
def test_blocks_hold_about_sixteen_rows_of_the_scope(rows, held, width):
    assert marking.width(rows, held) == width


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("007", "7"),
        ("12.50", 12.5),
        (" a ", "a"),
        ("2026-01-05", "2026/1/5"),
        ("2026年1月5日", "2026-01-05"),
        (None, ""),
    ],
)
def test_values_are_alike_however_a_format_writes_them(one, other):
    assert marking.plain(one) == marking.plain(other)
