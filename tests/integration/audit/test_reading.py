"""Reading the log walks an index and stops, however many events there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.anshan.audit import events, reading, seeing, sentences, watching
from ckanext.anshan.audit.reading import Asked

pytestmark = pytest.mark.usefixtures("with_plugins")

ROWS = 200_000
PERSON = UUID("3b000000-0000-4000-8000-000000000007")
NOW = datetime.now(timezone.utc)
# A year's worth in this month's partition: nineteen of twenty are downloads, a fifth of them of one dataset.
MADE = """
INSERT INTO anshan_audit_event (id, at, kind, outcome, object_type, object_id, person, organization, body, leaf, mark)
SELECT (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(i % 4096), 3, '0') || '8' || substr(md5(i::text), 1, 15))::uuid,
    to_timestamp(ms / 1000.0),
    CASE WHEN i % 20 > 0 THEN 'file.handed_out' WHEN i % 40 = 0 THEN 'entry.changed'
        WHEN i % 100 = 20 THEN 'access.refused' ELSE 'dataset.changed' END,
    CASE WHEN i % 20 = 0 AND i % 40 > 0 AND i % 100 = 20 THEN 'refused' ELSE 'done' END,
    CASE WHEN i % 40 = 0 THEN 'entry' ELSE 'dataset' END,
    CASE WHEN i % 5 = 1 THEN 'hot' ELSE 'd' || i % 500 END,
    ('3b000000-0000-4000-8000-' || lpad(to_hex(i % 100), 12, '0'))::uuid,
    CASE WHEN i % 40 = 0 THEN 'o' || i % 7 END,
    '{"at":"x","by":{}}', sha256(i::text::bytea), sha256(i::text::bytea)
FROM (SELECT i, :ms - i AS ms FROM generate_series(0, :rows - 1) AS i) AS numbered
"""
OUT = sentences.IN_GROUP["handouts"]
OTHERS = tuple(kind for kinds in sentences.IN_GROUP.values() for kind in kinds)
QUESTIONS = {
    "everything": Asked(),
    "everything but looks into the log": Asked(without=sentences.LOOKS),
    "an agency without looks into the log": Asked(organization="o3", without=sentences.LOOKS),
    "refusals without looks into the log": Asked(outcome="refused", without=sentences.LOOKS),
    "a day": Asked(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1)),
    "an object": Asked(object=("dataset", "d6")),
    "a wanted object": Asked(object=("dataset", "hot")),
    "what is public of a wanted object": Asked(
        object=("dataset", "hot"), kinds=seeing.kinds("dataset"), is_change=True
    ),
    "refusals of an object": Asked(object=("dataset", "hot"), outcome="refused"),
    "downloads of an object": Asked(object=("dataset", "hot"), kinds=OUT),
    "one's own": Asked(own=("u1", PERSON)),
    "one's own changes": Asked(own=("u1", PERSON), is_change=True, without=OTHERS),
    "a person": Asked(person=PERSON),
    "a person in an agency": Asked(person=PERSON, organization="o3"),
    "an agency": Asked(organization="o3"),
    "a kind of an agency": Asked(organization="o3", kinds=("entry.changed",)),
    "a kind": Asked(kinds=("dataset.changed",)),
    "a kind that there is none of": Asked(kinds=("nothing.here",)),
    "some kinds": Asked(kinds=OUT),
    "refusals": Asked(outcome="refused"),
    "changes": Asked(is_change=True, without=OTHERS),
}


@pytest.fixture
def log(empty_log: None) -> Iterator[None]:
    """In new files: those that such rows were taken back from are mostly empty, which the planner would believe.

    Counted at once, which also holds the table: autovacuum beside this would see none of the rows and count zero.
    """
    connection = model.Session.connection()
    connection.execute(sa.text(MADE), {"ms": int(NOW.timestamp() * 1000), "rows": ROWS})
    connection.execute(sa.text("ANALYZE anshan_audit_event"))
    yield
    model.Session.rollback()


def plan(asked: Asked) -> dict[str, Any]:
    query, given = reading.statement(asked)
    lists = [name for name in ("kinds", "without") if f"IN :{name}" in query]
    text = sa.text(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}")
    text = text.bindparams(*(sa.bindparam(name, expanding=True) for name in lists))
    used = {name: value for name, value in given.items() if name in text._bindparams}
    found = model.Session.connection().execute(text, used).scalar_one()
    return (json.loads(found) if isinstance(found, str) else found)[0]


def nodes(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield found
    for below in found.get("Plans", ()):
        yield from nodes(below)


def test_no_question_reads_a_month_from_end_to_end(log: None):
    """Each with the rows that were looked at: never many more than a page may."""
    wrong: dict[str, Any] = {}
    for name, asked in QUESTIONS.items():
        found = plan(asked)["Plan"]
        read = [one for one in nodes(found) if str(one.get("Relation Name", "")).startswith("anshan_audit_event")]
        through = [one["Relation Name"] for one in read if one["Node Type"] == "Seq Scan" and one["Actual Rows"] > 0]
        looked = sum((one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) * one["Actual Loops"] for one in read)
        if through or looked > 3 * reading.EXAMINED:
            wrong[name] = (through, looked)
    assert wrong == {}


def test_a_month_that_cannot_hold_an_answer_is_not_opened(log: None):
    old = Asked(since=datetime(2020, 1, 1, tzinfo=timezone.utc), until=datetime(2020, 2, 1, tzinfo=timezone.utc))
    read = [
        one["Relation Name"]
        for one in nodes(plan(old)["Plan"])
        if "anshan_audit_event" in str(one.get("Relation Name"))
    ]
    assert set(read) <= {"anshan_audit_event_other"}


def test_pages_follow_each_other_without_gap_or_double(log: None):
    asked, seen = Asked(person=PERSON), []
    for rows in reading.batches(asked, 300):
        seen += [row.id for row in rows]
    query = sa.text("SELECT id FROM anshan_audit_event WHERE person = :person ORDER BY id DESC")
    assert seen == list(model.Session.connection().execute(query, {"person": PERSON}).scalars())


def test_what_is_rare_is_found_over_several_pages(log: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "EXAMINED", 500)
    asked = Asked(person=PERSON, kinds=("entry.changed",))
    first = reading.page(asked)
    assert first.is_cut and first.older and not first.rows
    found = [
        row
        for rows in reading.batches(Asked(person=UUID(int=PERSON.int - 7), kinds=("entry.changed",)), 50)
        for row in rows
    ]
    query = "SELECT count(*) FROM anshan_audit_event WHERE kind = 'entry.changed' AND person = :person"
    given = {"person": UUID(int=PERSON.int - 7)}
    assert len(found) == model.Session.connection().execute(sa.text(query), given).scalar_one() > 0


def test_behind_any_number_of_looks_into_the_log_is_what_was_done(log: None, monkeypatch: pytest.MonkeyPatch):
    """As many of them as fill a page stop it there, and it says so; the next one goes on behind them."""
    number = 3_000
    looks = MADE.replace("CASE WHEN i % 20 > 0 THEN 'file.handed_out'", "CASE WHEN true THEN 'log.read'")
    soon = datetime.now(timezone.utc) + timedelta(minutes=1)  # after whatever other tests have left
    given = {"ms": int(soon.timestamp() * 1000) + number, "rows": number}
    model.Session.connection().execute(sa.text(looks), given)
    asked = Asked(without=sentences.LOOKS)
    found = reading.page(asked)
    assert len(found.rows) == reading.PAGE and not found.is_cut and "log.read" not in {row.kind for row in found.rows}
    monkeypatch.setattr(reading, "EXAMINED", number - 1)
    cut = reading.page(asked)
    assert cut.is_cut and not cut.rows
    assert [row.id for row in reading.page(replace(asked, before=cut.older)).rows] == [row.id for row in found.rows]


def test_whoever_looks_each_minute_reads_what_was_written_since(log: None):
    connection = model.Session.connection()
    later = int(connection.execute(sa.text("SELECT pg_current_xact_id()::text")).scalar_one()) + 1
    given = {"seen": f"{later}:{later}:", "sealed": f"{later + 9}:{later + 9}:", "most": watching.MOST}
    query = sa.text(f"EXPLAIN (ANALYZE, FORMAT JSON) {watching.PASSED_OVER.format(since=watching.SINCE)}")
    found = connection.execute(query, given).scalar_one()
    read = [
        one
        for one in nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])
        if str(one.get("Relation Name", "")).startswith("anshan_audit_")
    ]
    looked = {one["Relation Name"]: one["Actual Rows"] + one.get("Rows Removed by Filter", 0) for one in read}
    assert looked and set(looked.values()) == {0}, looked


def test_an_id_tells_when():
    at = datetime(2026, 11, 24, 8, 30, 0, 123000, tzinfo=timezone.utc)
    id = events.new_id(at)
    assert reading.moment(id) == at
    assert reading.first_id(at) <= id < reading.first_id(at + timedelta(milliseconds=1))
    assert reading.one(UUID(int=2**128 - 1)) is None is reading.one(UUID(int=0))
