"""Downloads are counted from the log: each once, whoever counts and whenever that is broken off."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.anshan import rooms
from ckanext.anshan.access import downloads
from ckanext.anshan.audit.events import Event, Object
from ckanext.anshan.audit.recording import happened
from ckanext.anshan.audit.sealing import Sealer

from ..audit.conftest import empty_log, sealer  # noqa: F401 - fixtures
from ..audit.support import engine
from ..support import day_there

pytestmark = pytest.mark.usefixtures("with_plugins")

SEA, LAKE = "sea", "lake"


@pytest.fixture(autouse=True)
def uncounted(sealer: Sealer) -> None:  # noqa: F811
    with engine().begin() as connection:
        connection.execute(sa.text("DELETE FROM anshan_access_download WHERE dataset_id IN ('sea', 'lake')"))


def hand_out(dataset: str, times: int = 1, **facts: Any) -> None:
    for _ in range(times):
        happened(Event("file.handed_out", object=Object("dataset", dataset), facts=facts or {downloads.FACT: True}))


def counts() -> dict[str, int]:
    model.Session.rollback()
    return downloads.counted([SEA, LAKE])


def test_what_is_sealed_is_counted_once(sealer: Sealer):  # noqa: F811
    hand_out(SEA, 2)
    hand_out(LAKE)
    hand_out(LAKE, range="bytes 5-9/10")
    assert downloads.collect() == 0 and counts() == {}, "nothing is sealed yet"
    sealer.seal()
    assert downloads.collect() > 0
    assert counts() == {SEA: 2, LAKE: 1}
    hand_out(SEA)
    sealer.seal()
    assert (downloads.collect(), downloads.collect()) == (1, 0)
    assert counts() == {SEA: 3, LAKE: 1}


def test_a_download_counts_for_the_day_in_the_city(hours_ahead: int, sealer: Sealer):  # noqa: F811
    hand_out(SEA)
    sealer.seal()
    downloads.collect()
    rows = engine().connect().execute(sa.text("SELECT day FROM anshan_access_download WHERE dataset_id = 'sea'"))
    assert [row.day for row in rows] == [day_there(hours_ahead)]


def test_what_was_broken_off_begins_again_and_a_long_way_is_gone_in_steps(sealer: Sealer, monkeypatch: Any):  # noqa: F811
    hand_out(SEA, 5)
    sealer.seal()
    model.Session.connection().execute(downloads.COUNT, {"size": 10**6, "zone": "UTC"})
    model.Session.rollback()  # killed before the commit
    monkeypatch.setattr(downloads, "AT_A_TIME", 2)
    assert downloads.collect() >= 5
    assert counts() == {SEA: 5}


def test_two_that_count_at_the_same_time_count_nothing_twice(sealer: Sealer, monkeypatch: Any):  # noqa: F811
    hand_out(SEA, 40)
    sealer.seal()
    monkeypatch.setattr(downloads, "AT_A_TIME", 3)
    workers = [Thread(target=_collect) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert downloads.collect() == 0
    assert counts() == {SEA: 40}


def _collect() -> None:
    downloads.collect()
    model.Session.remove()


def test_the_worker_counts_each_minute():
    assert rooms.minutely()["access_count_downloads"]() >= 0
