"""A month goes into a file that proves itself, then out of the table, and the log stays whole."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.anshan.audit import archiving, events, exporting, offline, options
from ckanext.anshan.audit.archiving import Month, NotArchived
from ckanext.anshan.audit.sealing import Sealer

from ..support import agency
from .support import address, connected, engine

pytestmark = pytest.mark.usefixtures("with_plugins")

MONTH = Month.parse("2025-01")


@pytest.fixture
def old(sealer: Sealer, portal_data: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A log with a month that is over, and what came after; gives the sealer's address."""
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("DROP TABLE IF EXISTS anshan_audit_event_2025_01")
        superuser.execute(
            "CREATE TABLE anshan_audit_event_2025_01 PARTITION OF anshan_audit_event"
            " FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2025-02-01 00:00+00');"
            " ALTER TABLE anshan_audit_event_2025_01 OWNER TO anshan_audit"
        )
    moment = datetime(2025, 1, 31, 23, 59, tzinfo=timezone.utc)
    with monkeypatch.context() as patch:
        patch.setattr(events, "now", lambda: moment)
        agency()
    sealer.seal()
    agency()
    with monkeypatch.context() as patch:  # written before midnight, sealed after
        patch.setattr(events, "now", lambda: moment + timedelta(seconds=50))
        agency()
    agency()
    sealer.seal()
    yield address(portal_data, "anshan_sealer")
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("DROP TABLE IF EXISTS anshan_audit_event_2025_01")


def in_month() -> int:
    with engine().connect() as connection:
        query = sa.text("SELECT count(*) FROM anshan_audit_event WHERE at < '2025-02-01 00:00+00'")
        return connection.execute(query).scalar_one()


def report(sealer: Sealer, folder: Path) -> offline.Report:
    exporting.write(folder)
    return offline.verify(offline.Folder(folder), [sealer.signer.key], processes=1)


def trim(old: str, path: Path, sealer: Sealer) -> int:
    return archiving.trim(old, MONTH, path, sealer.signer.key, options.writer_key())


def test_a_month_is_archived_and_its_file_proves_itself(old: str, sealer: Sealer, tmp_path: Path):
    path = archiving.archive(old, MONTH, tmp_path)
    found = offline.verify_archive(path, [sealer.signer.key])
    assert (found.counts, found.totals["events"]) == ({}, in_month())
    proof = json.loads(path.with_name("archive-2025-01.proof.json").read_text())
    assert proof["last"] - proof["first"] + 1 > in_month(), "another month's events lie between"


def test_the_log_is_whole_after_the_month_is_gone(old: str, sealer: Sealer, tmp_path: Path):
    path, before = archiving.archive(old, MONTH, tmp_path), in_month()
    assert trim(old, path, sealer) == before and in_month() == 0
    sealer.seal()
    alone = report(sealer, tmp_path / "alone")
    assert alone.counts == {} and alone.totals["unseen"] > 0
    (tmp_path / "both").mkdir()
    exporting.write(tmp_path / "both" / "export")
    (tmp_path / "both" / "export" / path.name).write_bytes(path.read_bytes())
    both = offline.verify(offline.Folder(tmp_path / "both" / "export"), [sealer.signer.key], processes=1)
    assert both.counts == {} and both.totals["events"] == alone.totals["events"] + before


def test_a_month_whose_archive_was_changed_stays(old: str, sealer: Sealer, tmp_path: Path):
    path, before = archiving.archive(old, MONTH, tmp_path), in_month()
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(NotArchived, match="not whole"):
        trim(old, path, sealer)
    assert in_month() == before


def test_a_month_that_is_not_over_or_is_empty_is_not_archived(old: str, tmp_path: Path):
    now = datetime.now(timezone.utc)
    with pytest.raises(NotArchived, match="isn't over"):
        archiving.archive(old, Month.parse(f"{now:%Y-%m}"), tmp_path)
    with pytest.raises(NotArchived, match="no events"):
        archiving.archive(old, Month.parse("2024-12"), tmp_path)
    with pytest.raises(NotArchived, match="no month"):
        Month.parse("January")
    assert str(Month.parse("2025-12").following) == "2026-01-01"


def test_what_is_not_sealed_is_not_archived(old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(events, "now", lambda: datetime(2025, 1, 2, tzinfo=timezone.utc))
    agency()
    with pytest.raises(NotArchived, match="not sealed"):
        archiving.archive(old, MONTH, tmp_path)


def test_nobody_takes_a_month_out_without_recording_it(old: str, portal_data: Path):
    with connected(portal_data, "anshan_sealer") as cursor, pytest.raises(psycopg2.Error, match="records it"):
        cursor.execute("SELECT anshan_audit_trim('2025-01-01')")
    with connected(portal_data, "ckan") as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SELECT anshan_audit_trim('2025-01-01')")
    model.Session.remove()
