"""Killed at any point, publishing leaves the old version or the new one, whole, after the repair of the next start."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.anshan.release import entries, vault
from ckanext.anshan.workflow import outbox, repair

from ...listed import sign
from ..release.offices import offices
from ..starting import start
from ..support import APPROVAL, agency, as_user, dataset, entry, import_lines, published, release, work
from .killed import POINTS
from .killed_suspending import POINTS as SUSPENDING

pytestmark = pytest.mark.usefixtures("with_plugins")

OLD, NEW = "name,n\n旧,1\n", "name,n\n新,2\n新,3\n"
COMMITTED = {"after the commit", "before the index", "after the index"}


def kill(manifest: Path, title: str, point: str) -> None:
    done = start("tests.integration.workflow.killed", str(manifest), title, point)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


def state(found) -> tuple[int, int, int]:
    """Version of the dataset, of its index document, and rows of its table."""
    model.Session.rollback()
    public = published(found)
    work()
    indexed = as_user({"name": ""}, "package_search", fq=f"code:{found['code']}")["results"][0]
    rows = as_user({"name": ""}, "datastore_search", resource_id=public["resources"][0]["id"])["total"]
    return int(public["release_version"]), int(indexed["release_version"]), rows


@pytest.mark.parametrize("point", POINTS)
def test_old_or_new_whole_after_a_kill(point, tmp_path):
    owner = agency()
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": OLD})
    work()
    (tmp_path / "a.csv").write_text(NEW, "utf-8")
    kill(tmp_path / "manifest.jsonl", "2号", point)
    repair.run()
    whole = (2, 2, 2) if point in COMMITTED else (1, 1, 1)
    assert state(found) == whole
    assert not list(Path(vault.storage().settings.path, "incoming").glob("*"))
    import_lines(tmp_path, json.loads((tmp_path / "manifest.jsonl").read_text("utf-8")), approval="2号")
    assert state(found) == (2, 2, 2), "the same command finishes what was interrupted"
    assert repair.run()["waiting"] == 0


SEEN = {"after the commit", "before the index", "after the index"}


def kill_suspending(what: str, id: str, user: Mapping[str, Any], point: str) -> None:
    done = start("tests.integration.workflow.killed_suspending", what, id, user["name"], point)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


def is_public(found) -> bool:
    """Whether package, index and table are there: all of them, or none."""
    model.Session.rollback()
    work()
    indexed = as_user({"name": ""}, "package_search", fq=f"code:{found['code']}")["count"]
    tables = []
    for id in (str(uuid.uuid5(uuid.UUID(entries.standings([found["id"]])[found["id"]].dataset_id), "a.csv")),):
        with suppress(tk.ObjectNotFound):
            tables.append(as_user({"name": ""}, "datastore_search", resource_id=id)["total"])
    there = {dataset(found) is not None, indexed == 1, tables == [1]}
    assert len(there) == 1, there
    return there.pop()


@pytest.mark.parametrize("point", [one for one in SUSPENDING if "agreement" not in one])
def test_suspended_or_public_whole_after_a_kill(point, tmp_path):
    found, two = entry("unconditional", agency()), offices()
    release(tmp_path, found, {"a.csv": OLD})
    work()
    name = published(found)["name"]
    kill_suspending("suspend", name, two.cyberspace, point)
    repair.run()
    assert is_public(found) == (point not in SEEN)
    if point not in SEEN:
        two.suspend(name)
    assert not is_public(found)


@pytest.mark.parametrize("point", [one for one in SUSPENDING if "suspension" not in one])
def test_suspended_or_lifted_whole_after_a_kill(point, tmp_path):
    found, two = entry("unconditional", agency()), offices()
    release(tmp_path, found, {"a.csv": OLD})
    work()
    done = two.suspend(published(found)["name"])
    as_user(two.cyberspace, "anshan_release_lift", id=done["id"], reason="x")
    kill_suspending("lift", done["id"], two.bureau, point)
    repair.run()
    assert is_public(found) == (point in SEEN)
    if point not in SEEN:
        as_user(two.bureau, "anshan_release_lift", id=done["id"], reason="x")
    assert is_public(found)


def test_two_publishers_at_once_make_two_versions_or_one(tmp_path):
    owner = agency()
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": OLD})
    other = tmp_path / "other"
    other.mkdir()
    commands = []
    for number, folder in enumerate((tmp_path, other)):
        (folder / "a.csv").write_text(f"name,n\nx,{number}\n")
        manifest = folder / "manifest.jsonl"
        manifest.write_text(json.dumps({"code": found["code"], "files": [{"path": "a.csv"}]}))
        command = [str(Path(sys.executable).with_name("ckan")), "-c", tk.config["__file__"], "anshan", "release"]
        commands.append([*command, "import", str(manifest), "--list", sign(manifest, f"{number}号")])
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for command in commands]
    assert [one.wait(300) for one in running] == [0, 0]
    model.Session.rollback()
    versions = as_user({"name": ""}, "anshan_release_list", id=published(found)["id"])
    assert [(one["version"], one["state"]) for one in versions] == [
        (3, "published"),
        (2, "superseded"),
        (1, "superseded"),
    ]
    assert {one["approval"].rpartition("-")[0] for one in versions} == {"0号", "1号", APPROVAL}


def test_a_job_that_fails_waits_and_is_tried_again(tmp_path, monkeypatch):
    from ckanext.anshan import rooms
    from ckanext.anshan.workflow.model import outbox as table

    calls = []

    def flaky(payload):
        calls.append(payload)
        if len(calls) == 1:
            raise requests.ConnectionError("away")

    monkeypatch.setitem(rooms.jobs(), "flaky", flaky)
    outbox.queue("flaky", {"n": 1})
    model.Session.commit()
    assert outbox.drain(kinds=["flaky"]) == 1
    query = table.select().where(table.c.kind == "flaky").order_by(table.c.id.desc())
    row = model.Session.execute(query).first()
    assert row is not None
    assert (row.attempts, row.done, "away" in row.last_error, row.next_try > row.created) == (1, None, True, True)
    assert outbox.drain(kinds=["flaky"]) == 0, "it isn't due yet"
    assert outbox.drain(kinds=["flaky"], overdue=False) == 1
    assert calls == [{"n": 1}, {"n": 1}] and outbox.waiting(["flaky"]) == 0


def test_a_job_is_queued_with_the_transaction_that_needs_it():
    before = outbox.waiting(["load_tables"])
    outbox.queue("load_tables", {"resource_ids": ["never"]})
    assert outbox.waiting(["load_tables"]) == before + 1
    model.Session.rollback()
    assert outbox.waiting(["load_tables"]) == before


def test_a_kind_without_a_job_is_refused():
    with pytest.raises(ValueError, match="no room has a job called nothing"):
        outbox.queue("nothing", {})
