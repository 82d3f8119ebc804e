"""Days are the city's, wherever the machine stands."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ckanext.anshan.audit import choosing
from ckanext.anshan.catalogue import helpers
from ckanext.anshan.workflow import clock

from ..support import CSV, agency, dataset, day_there, entry, release

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def test_today_is_the_day_in_the_city(hours_ahead):
    assert clock.today() == day_there(hours_ahead)
    assert helpers.anshan_is_late({"next_update_due": (day_there(hours_ahead) - timedelta(days=1)).isoformat()})
    assert not helpers.anshan_is_late({"next_update_due": day_there(hours_ahead).isoformat()})


def test_a_version_is_released_on_the_day_in_the_city(hours_ahead, tmp_path):
    found = entry("unconditional", agency())
    release(tmp_path, found, {"站点.csv": CSV})
    public = dataset(found)
    assert public is not None and public["release_date"] == day_there(hours_ahead).isoformat()


def test_a_search_of_the_log_begins_at_midnight_in_the_city(hours_ahead):
    """To the second: a zone of pytz put into a date is that of a hundred years ago."""
    begins = choosing._midnight("2026-11-29")
    assert begins == datetime(2026, 11, 29, tzinfo=timezone(timedelta(hours=hours_ahead)))
