"""What two columns share, told from their sketches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.scan.joining import KEPT, JoinRisk, Published, Sketch, risks

KEY = b"a key of the tests"
FEW = st.sets(st.binary(min_size=1, max_size=6), max_size=60)


def sketch(first: int, end: int, times: int = 1) -> Sketch:
    return Sketch.of((f"{number}".encode() for number in range(first, end) for _ in range(times)), KEY)


@given(FEW, FEW)
def test_small_columns_are_compared_exactly(mine, theirs):
    a, b = Sketch.of(mine, KEY), Sketch.of(theirs, KEY)
    assert a.distinct() == len(mine)
    assert a.share_in(b) == (len(mine & theirs) / len(mine) if mine else 0)


@pytest.mark.parametrize(
    ("mine", "theirs", "share"),
    [
        ((0, 50_000), (0, 50_000), 1.0),
        ((0, 50_000), (25_000, 75_000), 0.5),
        ((0, 50_000), (50_000, 90_000), 0.0),
        ((0, 5_000), (0, 100_000), 1.0),
        ((0, 100_000), (0, 10_000), 0.1),
        ((0, 40_000), (30_000, 200_000), 0.25),
    ],
)
def test_large_columns_are_compared_within_the_stated_error(mine, theirs, share):
    assert sketch(*mine).share_in(sketch(*theirs)) == pytest.approx(share, abs=0.1)


@pytest.mark.parametrize("count", [10, 255, 256, 1_000, 100_000])
def test_different_values_are_counted_within_a_fifth(count):
    assert sketch(0, count, times=2 if count < 2_000 else 1).distinct() == pytest.approx(count, rel=0.2)


@given(FEW)
def test_order_and_repetition_make_no_difference(values):
    once = Sketch.of(sorted(values), KEY)
    assert Sketch.of([*sorted(values, reverse=True), *values], KEY).hashes.tolist() == once.hashes.tolist()


@given(st.lists(st.integers(0, 50), max_size=80))
def test_codes_are_hashed_as_their_bytes_are(codes):
    found = Sketch.of_codes(np.array(codes, np.uint64), KEY)
    cells = Sketch.of((code.to_bytes(8, "little") for code in codes if code), KEY)
    assert found.to_bytes() == cells.to_bytes()


def test_parts_of_a_column_make_the_sketch_of_the_whole():
    whole = sketch(0, 3_000)
    parts = sketch(0, 1_000).merged(sketch(1_000, 3_000))
    assert parts.to_bytes() == whole.to_bytes()


@given(FEW)
def test_a_stored_sketch_comes_back(values):
    stored = Sketch.of(values, KEY).to_bytes()
    assert Sketch.from_bytes(stored).to_bytes() == stored


def test_a_stored_sketch_is_small_and_names_no_value():
    stored = Sketch.of([f"2103021990{number:08}".encode() for number in range(10_000)], KEY).to_bytes()
    assert len(stored) <= 8 * KEPT + 16
    assert b"2103021990" not in stored


@pytest.mark.parametrize("data", [b"", b"AS1", b"XX1" + bytes(13), Sketch.of([b"1", b"2"], KEY).to_bytes()[:-1]])
def test_what_is_no_sketch_is_refused(data):
    with pytest.raises(ValueError, match="not a sketch"):
        Sketch.from_bytes(data)


def test_another_key_makes_other_hashes_and_they_are_not_compared():
    mine, other = Sketch.of([b"1"], KEY), Sketch.of([b"1"], b"another key")
    assert mine.hashes.tolist() != other.hashes.tolist()
    with pytest.raises(ValueError, match="different keys"):
        mine.share_in(other)


def test_a_shared_key_column_is_a_risk_and_the_nearest_join_comes_first():
    published = [
        Published("企业名录", "统一社会信用代码", sketch(0, 600)),
        Published("处罚公示", "信用代码", sketch(200, 5_000)),
        Published("停车场", "编号", sketch(90_000, 91_000)),
    ]
    found = risks({"代码": sketch(0, 1_000)}, published, share=0.5, keys=20)
    assert [(risk.title, risk.published_column) for risk in found] == [
        ("处罚公示", "信用代码"),
        ("企业名录", "统一社会信用代码"),
    ]
    assert all(risk.share >= 0.5 for risk in found)


@pytest.mark.parametrize(("distinct", "times"), [(2, 500), (19, 1), (21, 50)])
def test_columns_that_tell_nobody_apart_are_no_keys(distinct, times):
    same = sketch(0, distinct, times)
    assert risks({"区县": same}, [Published("学校", "区县", same)], share=0.5, keys=20) == []


def test_twenty_names_are_a_key():
    same = sketch(0, 20)
    assert risks({"姓名": same}, [Published("公示", "姓名", same)], 0.5, 20) == [
        JoinRisk("姓名", "公示", "姓名", 1.0, 20)
    ]
