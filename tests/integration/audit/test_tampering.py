"""Somebody with the superuser's password changes the record, or what it is about: the offline verifier names it.

The verifier runs as a stranger runs it: a process of its own, with the exported folder, the public key and the newest
checkpoint that a witness kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ckan import model

from ckanext.anshan.audit import exporting, notes, offline, proving, stored
from ckanext.anshan.audit.notes import Signer

from ..conftest import load_plugins
from ..support import agency, as_user, entry, published, release
from .support import begin_anew, connected, new_sealer

pytestmark = pytest.mark.usefixtures("with_plugins")

THINGS: dict[str, str] = {}  # ids of what the log is about
TABLES = ("anshan_audit_event", "anshan_audit_leaf", "anshan_audit_node", "anshan_audit_checkpoint")
RELEASES = ("anshan_release_release", "anshan_release_file")


@pytest.fixture(scope="module")
def signer(portal_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """The key of a log with some history in it: an entry and its dataset. Made once; ``undone`` keeps it as it was."""
    load_plugins()
    folder = tmp_path_factory.mktemp("sealed")
    begin_anew(portal_data)
    owner = agency()
    made = entry("unconditional", owner)
    release(folder, made, {"a.csv": "a\n1\n"})
    for number in range(5):
        as_user(owner["publisher"], "package_patch", id=made["id"], title=f"公交站点（{number}）")
    THINGS.update(entry=made["id"], dataset=published(made)["id"], user=owner["publisher"]["id"])
    sealer = new_sealer(portal_data, folder)
    sealer.begin()
    sealer.seal()
    sealer.close()
    return sealer.signer


@contextmanager
def superuser(portal_data: Path) -> Iterator[Any]:
    """Somebody for whom no trigger is in the way, and who leaves no trace of that."""
    with connected(portal_data, "postgres") as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor


@pytest.fixture
def undone(portal_data: Path) -> Iterator[None]:
    """Put the tables of the log and of what it is about back as they were."""
    kept = (*TABLES, *RELEASES, "anshan_audit_head", "package", '"user"', "system_info")
    with superuser(portal_data) as cursor:
        for table in kept:
            copy = "copy_" + table.strip('"')
            cursor.execute(f"DROP TABLE IF EXISTS {copy}; CREATE TABLE {copy} AS TABLE {table}")
    yield
    model.Session.remove()
    with superuser(portal_data) as cursor:
        for table in kept:
            copy = "copy_" + table.strip('"')
            cursor.execute(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {copy}; DROP TABLE {copy}")


def check(signer: Signer, folder: Path, *words: str) -> tuple[dict[str, Any], float]:
    """The report of the offline verifier on an export made now, and how long both took."""
    started, out = time.monotonic(), folder / f"export-{time.monotonic_ns()}"
    exporting.write(out)
    command = [sys.executable, offline.__file__, str(out), "--key", signer.vkey, "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    assert bool(report["findings"]) == (done.returncode == 1)
    return report, time.monotonic() - started


def codes(report: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in report["findings"]}


def witnessed(folder: Path) -> tuple[str, str]:
    """What somebody else kept of the newest checkpoint, as words for the verifier."""
    last = stored.last(proving.ask)
    model.Session.rollback()
    assert last is not None
    path = folder / "witness.note"
    path.write_text(last.note, "utf-8")
    return "--witness", str(path)


def test_an_honest_log_is_clean(signer: Signer, tmp_path: Path):
    report, _ = check(signer, tmp_path, *witnessed(tmp_path))
    assert report["findings"] == []


MIDDLE = "(SELECT event_id FROM anshan_audit_leaf ORDER BY position DESC OFFSET 2 LIMIT 1)"
LATE = "(SELECT max(position) - 3 FROM anshan_audit_leaf)"
TWO = f"SELECT event_id FROM anshan_audit_leaf WHERE position IN ({LATE}, {LATE} + 1)"
FORGED_LEAF = "sha256('\\x00'::bytea || convert_to(body, 'UTF8'))"

ON_THE_LOG: dict[str, tuple[str, set[str]]] = {
    "an event is edited": (
        f"UPDATE anshan_audit_event SET body = replace(body, 'done', 'refused') WHERE id = {MIDDLE}",
        {"event_changed"},
    ),
    "an event is edited with its leaf": (
        f"UPDATE anshan_audit_event SET body = replace(body, 'done', 'refused') WHERE id = {MIDDLE};"
        f"UPDATE anshan_audit_event SET leaf = {FORGED_LEAF} WHERE id = {MIDDLE};"
        " UPDATE anshan_audit_leaf AS l SET leaf = e.leaf FROM anshan_audit_event AS e WHERE e.id = l.event_id",
        {"leaves_changed"},
    ),
    "an event is deleted": (f"DELETE FROM anshan_audit_event WHERE id = {MIDDLE}", {"event_deleted"}),
    "an event is deleted with its place": (
        f"DELETE FROM anshan_audit_event WHERE id = {MIDDLE}; DELETE FROM anshan_audit_leaf WHERE event_id = {MIDDLE};"
        " UPDATE anshan_audit_leaf AS l SET position = n.place FROM (SELECT event_id, row_number() OVER"
        " (ORDER BY position) - 1 AS place FROM anshan_audit_leaf) AS n WHERE n.event_id = l.event_id",
        {"truncated"},
    ),
    "an event is inserted": (
        "INSERT INTO anshan_audit_event SELECT gen_random_uuid(), at - interval '1 hour', xid, kind, outcome,"
        " object_type, object_id, person, organization, replace(replace(body, '2026-', '2025-'), 'done', 'refused'),"
        f" leaf, mark, private FROM anshan_audit_event WHERE id = {MIDDLE}",
        {"event_inserted"},
    ),
    "two events change places": (
        f"UPDATE anshan_audit_leaf SET position = -1 WHERE position = {LATE};"
        f" UPDATE anshan_audit_leaf SET position = {LATE} WHERE position = {LATE} + 1;"
        f" UPDATE anshan_audit_leaf SET position = {LATE} + 1 WHERE position = -1",
        {"leaves_changed"},
    ),
    "two events change places and their leaves stay": (
        f"UPDATE anshan_audit_event AS e SET body = o.body FROM anshan_audit_event AS o"
        f" WHERE e.id IN ({TWO}) AND o.id IN ({TWO}) AND e.id <> o.id",
        {"events_reordered"},
    ),
    "the last events are cut off": (
        "DELETE FROM anshan_audit_leaf WHERE position >= (SELECT max(position) - 2 FROM anshan_audit_leaf);"
        " DELETE FROM anshan_audit_event AS e WHERE NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = e.id)",
        {"truncated"},
    ),
    "everything is emptied": (
        f"TRUNCATE {', '.join(TABLES)}, anshan_audit_head",
        {"rolled_back"},
    ),
    "a checkpoint is edited": (
        "UPDATE anshan_audit_checkpoint SET note = replace(note, chr(10) || size, chr(10) || (size - 1))",
        {"bad_signature"},
    ),
}  # fmt: skip


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("what", ON_THE_LOG)
def test_what_is_done_to_the_log_is_found_and_named(signer: Signer, portal_data: Path, tmp_path: Path, what: str):
    statements, expected = ON_THE_LOG[what]
    kept = witnessed(tmp_path)
    with superuser(portal_data) as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)
            assert cursor.rowcount != 0, statement
    report, seconds = check(signer, tmp_path, *kept)
    assert expected <= codes(report), report["findings"][:5]
    assert seconds < 60


ON_WHAT_IT_IS_ABOUT: dict[str, tuple[str, str]] = {
    "an entry is edited": ("UPDATE package SET title = '另一个标题' WHERE id = %(entry)s", "object_changed"),
    "a dataset is edited": ("UPDATE package SET title = '另一个标题' WHERE id = %(dataset)s", "object_changed"),
    "a dataset is hidden": ("UPDATE package SET private = true WHERE id = %(dataset)s", "object_changed"),
    "a release is rewritten": (
        "UPDATE anshan_release_release SET approval = '鞍数发〔2026〕9号' WHERE dataset_id = %(dataset)s",
        "object_changed",
    ),
    "a file of a release is exchanged": (
        "UPDATE anshan_release_file SET sha256 = repeat('0', 64) WHERE release_id ="
        " (SELECT id FROM anshan_release_release WHERE dataset_id = %(dataset)s)",
        "object_changed",
    ),
    "a release is deleted": ("DELETE FROM anshan_release_release WHERE dataset_id = %(dataset)s", "object_gone"),
    "somebody becomes sysadmin": ('UPDATE "user" SET sysadmin = true WHERE id = %(user)s', "object_changed"),
    "a password is exchanged": ("UPDATE \"user\" SET password = 'x' WHERE id = %(user)s", "object_changed"),
    "an account appears": (
        "INSERT INTO \"user\" (id, name, state, sysadmin) VALUES ('ghost', 'ghost', 'active', true)",
        "object_unknown",
    ),
    "a setting appears": (
        "INSERT INTO system_info (key, value, state) VALUES ('ckan.site_about', '…', 'active')"
        " ON CONFLICT DO NOTHING",
        "object_unknown",
    ),
}  # fmt: skip


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("what", ON_WHAT_IT_IS_ABOUT)
def test_what_is_done_to_a_recorded_object_is_found_and_named(
    signer: Signer, portal_data: Path, tmp_path: Path, what: str
):
    statement, expected = ON_WHAT_IT_IS_ABOUT[what]
    with superuser(portal_data) as cursor:
        if what == "a setting appears":
            cursor.execute("DELETE FROM system_info WHERE key = 'ckan.site_about'")
            cursor.execute("DELETE FROM anshan_audit_event WHERE object_id = 'ckan.site_about'")
        cursor.execute(statement, THINGS)
        assert cursor.rowcount > 0
    report, seconds = check(signer, tmp_path)
    assert expected in codes(report), report["findings"][:5]
    assert seconds < 60


@pytest.mark.usefixtures("undone")
def test_a_backup_that_is_put_back_is_found_by_the_witness(signer: Signer, portal_data: Path, tmp_path: Path):
    with superuser(portal_data) as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS old_{table}; CREATE TABLE old_{table} AS TABLE {table}")
    owner = agency()
    sealer = new_sealer(portal_data, tmp_path, signer)
    sealer.begin()
    sealer.seal()
    sealer.close()
    kept = witnessed(tmp_path)
    with superuser(portal_data) as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM old_{table}")
            cursor.execute(f"DROP TABLE old_{table}")
    report, _ = check(signer, tmp_path, *kept)
    assert "rolled_back" in codes(report)
    assert owner["org"]["id"] in json.dumps(report)


@pytest.mark.usefixtures("undone")
def test_a_log_written_anew_and_signed_with_another_key_is_found(signer: Signer, portal_data: Path, tmp_path: Path):
    kept = witnessed(tmp_path)
    thief = Signer.parse(notes.generate(signer.key.name)[0])
    begin_anew(portal_data)
    forger = new_sealer(portal_data, tmp_path, thief)
    forger.begin()
    forger.seal()
    forger.close()
    report, _ = check(signer, tmp_path, *kept)
    assert "key_swapped" in codes(report)
