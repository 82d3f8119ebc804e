"""An event's id and the one spelling of its body."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.audit import events

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(timezone.utc))


@given(MOMENTS)
def test_an_id_is_of_version_7_and_says_when(at: datetime):
    id = events.new_id(at)
    assert (id.version, id.variant) == (7, "specified in RFC 4122")
    assert id.int >> 80 == (at - events.EPOCH) // timedelta(milliseconds=1)


@given(MOMENTS, st.integers(1, 5000))
def test_ids_follow_time_to_the_microsecond(at: datetime, later: int):
    assert events.new_id(at) < events.new_id(at + timedelta(microseconds=later))


def test_two_ids_of_one_moment_differ():
    at = events.now()
    assert len({events.new_id(at) for _ in range(1000)}) == 1000
