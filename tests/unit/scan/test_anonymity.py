"""Groups of persons who share values, against the same question put to polars."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.anshan.scan.anonymity import SENSITIVE, Column, Homogeneous, groups, homogeneous, risky, small_cells

TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(*[st.integers(0, 3)] * width), max_size=40).map(
        lambda rows: np.array(rows, np.uint32).reshape(len(rows), width)
    )
)


def columns_of(table: np.ndarray, *roles: str) -> list[Column]:
    named = roles or ("birth", "place", "sex", "education", "school", "date")
    return [Column(f"c{at}", named[at], table[:, at]) for at in range(table.shape[1])]


def polars_sizes(table: np.ndarray) -> list[int]:
    frame = pl.DataFrame({f"c{at}": table[:, at] for at in range(table.shape[1])})
    persons = frame.filter(pl.any_horizontal(pl.all() != 0))
    return persons.group_by(frame.columns).len()["len"].to_list()


@settings(deadline=None)  # polars takes its time the first time
@given(TABLES, st.integers(1, 6))
def test_groups_are_those_of_polars(table, k):
    sizes = polars_sizes(table)
    found = groups(columns_of(table), k)
    below = [size for size in sizes if size < k]
    assert (found.rows, found.groups, found.smallest) == (sum(sizes), len(sizes), min(sizes, default=0))
    assert (found.rows_below, found.groups_below) == (sum(below), len(below))
    assert found.sizes == tuple(below.count(size) for size in range(1, k))


@given(TABLES, st.integers(2, 6))
def test_a_risk_is_told_exactly_when_some_group_is_small(table, k):
    risks = risky(columns_of(table), k)
    assert bool(risks) == bool(groups(columns_of(table), k).rows_below)


@given(TABLES, st.integers(2, 6))
def test_the_combination_told_isolates_nearly_as_many_rows_as_all_columns_do(table, k):
    everything = groups(columns_of(table), k).rows_below
    for risk in risky(columns_of(table), k)[:1]:
        assert risk.rows_below >= 0.9 * everything
        chosen = [column for column in columns_of(table) if column.name in risk.names]
        assert risk.rows_below == groups(chosen, k).rows_below
        assert len(risk.names) == 1 or all(
            groups([column for column in chosen if column is not left], k).rows_below < 0.9 * everything
            for left in chosen
        )


@given(TABLES, TABLES, st.integers(1, 4))
def test_homogeneous_groups_are_those_of_polars(table, other, diversity):
    rows = min(len(table), len(other))
    table, values = table[:rows], other[:rows, 0]
    found = homogeneous(columns_of(table), [Column("病种", SENSITIVE, values)], diversity, common=1.0)
    frame = pl.DataFrame({f"c{at}": table[:, at] for at in range(table.shape[1])}).with_columns(value=pl.Series(values))
    names = frame.columns[:-1]
    persons = frame.filter(pl.any_horizontal(pl.col(names) != 0))
    told = pl.col("value").filter(pl.col("value") != 0).n_unique()
    sizes = persons.group_by(names).agg(rows=pl.len(), told=told)
    expected = sizes.filter((pl.col("told") > 0) & (pl.col("told") < diversity) & (pl.col("rows") >= 2))[
        "rows"
    ].to_list()
    assert found == ([Homogeneous("病种", sum(expected), len(expected))] if expected else [])


def people(rows: int, *distinct: int) -> np.ndarray:
    random = np.random.default_rng(7)
    return np.stack([random.integers(1, count + 1, rows) for count in distinct], 1).astype(np.uint32)


def test_a_small_list_of_persons_gives_one_finding():
    table = people(300, 280, 2, 4, 8, 10)
    columns = columns_of(table, "birth", "sex", "ethnicity", "place", "occupation")
    risks = risky(columns, 5)
    assert [risk.names for risk in risks] == [("c0",)]
    assert risks[0].rows == 300


def test_a_list_without_birth_dates_names_the_combination_and_not_its_parts():
    table = people(3000, 2, 60, 40, 2)
    risks = risky(columns_of(table, "sex", "place", "occupation", "marital"), 5)
    assert [risk.names for risk in risks] == [("c1", "c2")]
    assert sum(risks[0].sizes) == risks[0].groups_below


def test_a_second_column_is_told_where_it_isolates_half_of_the_rows_by_itself():
    table = people(1000, 900, 700, 2)
    assert [risk.names for risk in risky(columns_of(table, "birth", "employer", "sex"), 5)] == [("c0",), ("c1",)]


def test_sensitive_columns_take_no_part_in_combinations():
    table = people(100, 90, 2)
    assert risky(columns_of(table, SENSITIVE, "sex"), 5) == []


def test_wide_codes_of_many_values_do_not_overflow():
    codes = np.arange(1, 70_001, dtype=np.uint64) * np.uint64(1 << 40)
    columns = [Column(f"c{at}", "place", np.roll(codes, at)) for at in range(6)]
    assert groups(columns, 5).groups == 70_000
    halves = [Column(f"c{at}", "place", codes // np.uint64(2 << 40)) for at in range(6)]
    assert groups(halves, 2).rows_below == 1  # the last one has no neighbour; the first one is empty everywhere


def test_being_one_of_the_many_is_no_disclosure():
    place = np.repeat(np.arange(1, 11, dtype=np.uint32), 10)
    poor = np.where(np.arange(100) < 10, 2, 1).astype(np.uint32)  # all ten of the first place, nobody else
    found = homogeneous([Column("社区", "place", place)], [Column("低保", SENSITIVE, poor)], 2)
    assert found == [Homogeneous("低保", 10, 1)]


@pytest.mark.parametrize(("counts", "found"), [([0, 1, 4, 5, 100], 2), ([1.5, 2.0, float("nan")], 1), ([], 0)])
def test_small_cells_are_whole_numbers_from_one(counts, found):
    assert small_cells(np.array(counts), 5) == found
