"""Scans are processes of their own: looked after without waiting, limited, and taken up after any kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.anshan import rooms
from ckanext.anshan.inspection import options, processes, reports, supervising
from ckanext.anshan.inspection.model import report
from tests.integration.catalogue.conftest import Agency

from .conftest import PHONES, STAND_IN, ended, looked, show, start, upload

pytestmark = pytest.mark.usefixtures("stand_in")

SECRETS = ("CKAN_INI", "ANSHAN_TEST_DATA")


def running(agency: Agency, content: bytes = b"slow\n") -> Any:
    """A scan that is under way, as its row says."""
    id = start(agency, upload(agency, content))["id"]
    looked(lambda: reports.find(id).progress > 0)
    return reports.find(id)


def test_a_scan_ends_with_its_report(agency: Agency):
    row = ended(start(agency, upload(agency, PHONES))["id"])
    assert (row.state, row.severity, row.progress, row.error) == ("done", "block", 1, "")
    assert [one["column"] for one in row.report["findings"]] == ["phone"]
    assert not processes.folder_of(row.id).exists()


def test_a_look_never_waits_for_a_scan(agency: Agency):
    row = running(agency)
    began = time.monotonic()
    for _ in range(20):
        supervising.look()
    assert time.monotonic() - began < 5 and processes.is_alive(row.process)


def test_progress_is_told_while_it_runs(agency: Agency):
    row = running(agency)
    told = show(agency, row.id)
    assert (told["state"], told["progress"], told["part"]) == ("running", 0.25, "表一")
    assert told["commands"] == ["scan", "cancel"]


def test_a_scan_has_a_session_a_folder_and_none_of_the_secrets(agency: Agency):
    row = running(agency)
    pid = int(row.process.partition(":")[0])
    assert os.getsid(pid) == pid != os.getsid(0)
    assert os.getpriority(os.PRIO_PROCESS, pid) == processes.GIVES_WAY
    environment = Path(f"/proc/{pid}/environ").read_bytes().decode()
    assert [name for name in SECRETS if name in os.environ] and not any(name in environment for name in SECRETS)
    assert f"TMPDIR={processes.folder_of(row.id)}" in environment


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (b"nothing", "crashed"),
        (b"told too_big", "too_big"),
        (b"told unheard_of", "crashed"),
        (b"spoil", "damaged"),
        (b"hog", "too_big"),
    ],
)
def test_a_scan_without_a_report_fails_with_a_reason(agency: Agency, order: bytes, error: str):
    row = ended(start(agency, upload(agency, order + b"\n"))["id"])
    assert (row.state, row.error, row.report) == ("failed", error, None)
    told = show(agency, row.id)["error"]
    assert told["code"] == f"inspection.{error}" and told["message"].endswith(".") and "{" not in told["message"]


def test_a_scan_that_kills_itself_is_begun_three_times(agency: Agency):
    row = ended(start(agency, upload(agency, b"die\n"))["id"])
    assert (row.state, row.error, row.attempts) == ("failed", "crashed", 3)


def test_a_scan_past_its_seconds_is_ended(agency: Agency, monkeypatch: pytest.MonkeyPatch):
    row = running(agency)
    monkeypatch.setitem(tk.config, "ckanext.anshan.scan_seconds", 0)
    assert ended(row.id).error == "too_long"
    assert not processes.is_alive(row.process) and not processes.folder_of(row.id).exists()


def test_a_killed_scan_is_begun_anew(agency: Agency):
    row = running(agency)
    os.kill(int(row.process.partition(":")[0]), signal.SIGKILL)
    looked(lambda: reports.find(row.id).attempts == 2 and reports.find(row.id).process not in ("", row.process))
    assert processes.is_alive(reports.find(row.id).process)


def test_a_called_off_scan_is_ended(agency: Agency):
    row = running(agency)
    reports.finish(row.id, supervising.State.FAILED, "cancelled")
    model.Session.commit()
    looked(lambda: not processes.is_alive(row.process))
    assert (reports.find(row.id).state, reports.find(row.id).error) == ("failed", "cancelled")


def test_one_scan_at_a_time_and_the_oldest_first(agency: Agency):
    first = running(agency)
    second = start(agency, upload(agency, PHONES))["id"]
    third = start(agency, upload(agency, PHONES))["id"]
    supervising.look()
    assert [reports.find(id).state for id in (second, third)] == ["queued", "queued"]
    assert show(agency, third)["before"] == 2
    reports.finish(first.id, supervising.State.FAILED, "cancelled")
    model.Session.commit()
    assert ended(third).state == "done"
    assert reports.find(second).started < reports.find(third).started


def test_as_many_at_once_as_the_option_says(agency: Agency, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.scans_at_once", 2)
    ids = [start(agency, upload(agency, b"slow\n"))["id"] for _ in range(3)]
    supervising.look()
    assert options.at_once() == 2
    assert [reports.find(id).state for id in ids] == ["running", "running", "queued"]


def test_a_file_that_is_gone_or_another_fails_at_once(agency: Agency):
    ids = [start(agency, upload(agency, PHONES))["id"] for _ in range(2)]
    changed = {ids[0]: {"sha256": "ab" * 32}, ids[1]: {"size": 1}}
    for id, values in changed.items():
        model.Session.execute(report.update().where(report.c.id == id).values(values))
    model.Session.commit()
    assert [ended(id).error for id in ids] == ["file_gone", "damaged"]


# kill -9 of the worker

WORKER = """
import sys, time
from ckan.cli.cli import ckan
with ckan.make_context("ckan", ["-c", sys.argv[1], "config"]) as context:
    with context.meta["flask_app"].test_request_context():
        from ckanext.anshan.inspection import processes, supervising
        processes.PROGRAM = tuple(sys.argv[2:4])
        while True:
            supervising.look()
            time.sleep(0.1)
"""


def killed_worker(id: str) -> Any:
    """Let another worker begin a scan and kill it; the row as that worker left it."""
    command = [sys.executable, "-c", WORKER, tk.config["__file__"], *STAND_IN]
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not (row := fresh(id)).progress:
            assert time.monotonic() < until and worker.poll() is None
            time.sleep(0.1)
        return row
    finally:
        worker.kill()
        worker.wait()


def fresh(id: str) -> Any:
    model.Session.rollback()
    return reports.find(id)


def test_what_a_killed_worker_left_is_ended_and_begun_anew(agency: Agency):
    id = start(agency, upload(agency, b"slow\n"))["id"]
    left = killed_worker(id)
    assert processes.is_alive(left.process), "nobody has ended the orphan"
    looked(lambda: reports.find(id).attempts == 2)
    assert not processes.is_alive(left.process)
    assert reports.find(id).worker == processes.own_identity()


def test_an_orphan_is_found_though_nobody_wrote_its_number_down(agency: Agency):
    id = start(agency, upload(agency, b"slow\n"))["id"]
    left = killed_worker(id)
    model.Session.execute(report.update().where(report.c.id == id).values(process=""))
    model.Session.commit()
    looked(lambda: reports.find(id).attempts == 2)
    assert not processes.is_alive(left.process)


def test_a_scan_that_was_begun_three_times_is_given_up(agency: Agency):
    id = start(agency, upload(agency, b"slow\n"))["id"]
    taken = {"state": "running", "worker": "1:0", "host": processes.host(), "attempts": 3}
    model.Session.execute(report.update().where(report.c.id == id).values(taken))
    model.Session.commit()
    row = ended(id)
    assert (row.error, row.attempts) == ("interrupted", 3)
    assert "3" in show(agency, id)["error"]["message"]


@pytest.mark.parametrize(("minutes", "state"), [(1, "running"), (11, "failed")])
def test_of_another_machine_the_last_look_counts(agency: Agency, minutes: int, state: str):
    id = start(agency, upload(agency, b"slow\n"))["id"]
    ago = model.Session.execute(report.select().where(report.c.id == id)).one().created - minutes * supervising.MINUTE
    taken = {"state": "running", "worker": "1:0", "host": "elsewhere", "attempts": 3, "seen": ago}
    model.Session.execute(report.update().where(report.c.id == id).values(taken))
    model.Session.commit()
    supervising.look()
    assert reports.find(id).state == state


def test_another_process_with_the_same_number_is_not_the_one_that_was_begun():
    pid = os.getpid()
    assert processes.is_alive(processes.own_identity())
    assert not processes.is_alive(f"{pid}:1") and not processes.is_alive("") and not processes.is_alive("x:1")


def test_the_worker_looks_once_a_second():
    assert "inspection_scans" in rooms.secondly()
