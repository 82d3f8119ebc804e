"""The scanner finds what the labelled corpus holds, and says little that it doesn't hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.pii import corpus, measure

from .conftest import Scanned

WANTED = 0.98
DIRT_WANTED = 20
NEGATIVES_WANTED = 25


@pytest.fixture(scope="module")
def scores(scanned: list[Scanned]) -> measure.Scores:
    every = measure.Scores()
    for one in scanned:
        every.add(measure.compare(one.table, one.found))
    return every


def test_what_is_found_in_columns_is_there(scores: measure.Scores) -> None:
    assert measure.total(scores.columns.values()).precision >= WANTED, "\n".join(scores.wrong)


def test_what_columns_hold_is_found(scores: measure.Scores) -> None:
    assert measure.total(scores.columns.values()).recall >= WANTED, "\n".join(scores.missed)


def test_every_kind_is_asked_of_the_scanner(scanned: list[Scanned]) -> None:
    assert {kind for one in scanned for column in one.table.columns for kind in column.must} == measure.KINDS


def test_the_corpus_is_as_dirty_as_files_are(scanned: list[Scanned]) -> None:
    assert len({name for one in scanned for name in one.table.dirt}) >= DIRT_WANTED


def test_most_of_the_corpus_holds_nothing_of_persons(scanned: list[Scanned]) -> None:
    clean = {column.where for one in scanned for column in one.table.columns if not column.must | column.may}
    assert len(clean) >= NEGATIVES_WANTED


def test_the_same_seed_makes_the_same_truth_and_another_one_makes_other_files(tmp_path: Path) -> None:
    first, second, other = (corpus.make(tmp_path / name, seed, 20) for name, seed in (("a", 3), ("b", 3), ("c", 4)))
    assert [table.columns for table in first] == [table.columns for table in second]
    assert [table.path.name for table in first] != [table.path.name for table in other]


def test_a_finding_that_is_not_in_the_truth_is_counted_as_wrong(tmp_path: Path) -> None:
    column = corpus.Column("编号", frozenset(), number=0)
    table = corpus.Table(tmp_path / "a.csv", [column], frozenset())
    found = measure.Found((), "", 0, "编号", "mobile", frozenset({1, 2}))
    scores = measure.compare(table, [found])
    assert (scores.columns["mobile"], scores.values["mobile"]) == (measure.Tally(wrong=1), measure.Tally(wrong=2))


def test_a_column_that_is_not_found_is_counted_as_missed(tmp_path: Path) -> None:
    column = corpus.Column("电话", frozenset({"mobile"}), values={"mobile": frozenset({1, 2})}, number=0)
    scores = measure.compare(corpus.Table(tmp_path / "a.csv", [column], frozenset()), [])
    assert (scores.columns["mobile"], scores.values["mobile"]) == (measure.Tally(missed=1), measure.Tally(missed=2))


def test_a_kind_that_can_be_argued_is_neither_right_nor_wrong(tmp_path: Path) -> None:
    column = corpus.Column("作者", frozenset(), frozenset({"person_name"}), number=0)
    found = measure.Found((), "", 0, "作者", "person_name", frozenset({1}))
    assert not measure.compare(corpus.Table(tmp_path / "a.csv", [column], frozenset()), [found]).columns
