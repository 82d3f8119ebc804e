"""What is published is sketched, and a file that can be joined with it is told so."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.anshan.inspection import sketches
from ckanext.anshan.inspection.model import sketch
from tests.integration import support
from tests.integration.catalogue.conftest import Agency

from .conftest import ended, start, upload
from .test_actions import no_scan_waits

__all__ = ["no_scan_waits"]
pytestmark = pytest.mark.usefixtures("with_plugins")


def codes(count: int = 60) -> list[str]:
    """Invented numbers of companies' licences."""
    return [f"AS{random.randrange(10**9):09d}" for _ in range(count)]


def table(keys: list[str], head: str = "许可证编号") -> bytes:
    return "\n".join([f"{head},金额", *(f"{key},{at}" for at, key in enumerate(keys)), ""]).encode()


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch):
    """Nothing is sketched, and the worker hasn't looked yet."""
    model.Session.execute(sketch.delete())
    model.Session.commit()
    monkeypatch.setattr(sketches, "_work", sketches._Work())
    yield
    sketches.end_all()


def published(folder: Path, content: bytes) -> dict[str, Any]:
    """An entry that was released with this file."""
    owner = support.agency()
    entry = support.entry("unconditional", owner, title=f"许可证{random.randrange(10**6)}")
    support.release(folder, entry, {"licences.csv": content})
    return {**entry, "owner": owner}


def sketched(entry_id: str) -> list[str]:
    """The columns of an entry's dataset that are sketched, once the worker has come to them."""
    until = time.monotonic() + 120
    query = sa.select(sketch.c.column_name).where(sketch.c.entry_id == entry_id)
    while not (found := list(model.Session.execute(query).scalars())):
        assert time.monotonic() < until
        sketches._work.due = float("-inf")
        sketches.look()
        time.sleep(0.05)
    return found


def test_a_key_column_that_is_published_is_told_in_another_agencys_scan(
    fresh: None, no_scan_waits: None, tmp_path: Path, agency: Agency
):
    keys = codes()
    entry = published(tmp_path, table(keys))
    assert sketched(entry["id"]) == ["许可证编号"]
    row = ended(start(agency, upload(agency, table([*keys[:40], *codes(10)])))["id"])
    joined = [one for one in row.report["findings"] if one["kind"] == "join_risk"]
    assert [one["facts"]["title"] for one in joined] == [entry["title"]]
    others = {one["title"] for one in sketches.joins(entry["id"]).get("published", ())}
    assert entry["title"] not in others, "its own dataset is no risk"


def test_what_has_no_key_column_is_looked_at_once(fresh: None, tmp_path: Path):
    entry = published(tmp_path, b"a,b\n1,2\n")
    assert sketched(entry["id"]) == [""]


def test_what_is_published_no_longer_is_forgotten(fresh: None):
    gone = {"sha256": "0" * 64, "dataset_id": "x", "entry_id": "x", "title": "x", "column_name": "a", "sketch": b""}
    model.Session.execute(sketch.insert().values(gone))
    model.Session.commit()
    sketches.look()
    assert model.Session.execute(sa.select(sketch).where(sketch.c.sha256 == "0" * 64)).first() is None


def test_no_sketch_holds_a_value(fresh: None, tmp_path: Path):
    keys = codes()
    entry = published(tmp_path, table(keys))
    sketched(entry["id"])
    held = b"".join(model.Session.execute(sa.select(sketch.c.sketch).where(sketch.c.entry_id == entry["id"])).scalars())
    assert held and not [one for one in keys if one.encode() in held]
