"""Old months go by policy: archived, read back, taken out one by one; and what is not sealed to its end stays."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

from ckanext.anshan.audit import archiving, events, exporting, notes, offline, options, recording, retention, trusting
from ckanext.anshan.audit.archiving import Busy, Month, NotArchived
from ckanext.anshan.audit.events import Event, Object
from ckanext.anshan.audit.notes import Signer
from ckanext.anshan.audit.retention import Keeper, Policy
from ckanext.anshan.audit.sealing import Sealer
from ckanext.anshan.local import files
from ckanext.anshan.local.processes import wait_until

from .support import address, connected, engine, new_sealer

pytestmark = pytest.mark.usefixtures("with_plugins")

MONTHS = ("2025-01", "2025-02", "2025-03")
FIRST, SECOND, THIRD = map(Month.parse, MONTHS)
EACH = 40  # events of a month


@dataclass
class Old:
    """A log with three months that are over and a later one, and a folder for their archives."""

    sealer: Sealer
    private: str  # the sealer's key as its file has it
    url: str
    archives: Path

    def policy(self, trim: bool = True, months: int = 6) -> Policy:
        return Policy(months, self.archives, trim)

    def carry_out(self, policy: Policy | None = None) -> list[str]:
        log = retention.Log(self.url, self.sealer.signer.key, options.writer_key())
        return [str(one) for one in log.carry_out(policy or self.policy())]

    def files(self) -> list[str]:
        return sorted(path.name for path in self.archives.iterdir())

    def check(self, folder: Path) -> offline.Report:
        """The whole log, with every archive in its place."""
        exporting.write(folder)
        for path in self.archives.glob("archive-*.jsonl.gz"):
            (folder / path.name).write_bytes(path.read_bytes())
        return offline.verify(offline.Folder(folder), [self.sealer.signer.key], processes=1)


@pytest.fixture
def old(empty_log: None, portal_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Old]:
    names = [f"anshan_audit_event_{month.replace('-', '_')}" for month in MONTHS]
    drop = f"DROP TABLE IF EXISTS {', '.join(names)}"
    with connected(portal_data, "postgres") as superuser:
        superuser.execute(drop)
        for month, name in zip((FIRST, SECOND, THIRD), names, strict=True):
            begin, end = month.bounds
            superuser.execute(
                f"CREATE TABLE {name} PARTITION OF anshan_audit_event FOR VALUES FROM (%s) TO (%s)", (begin, end)
            )
            superuser.execute(f"ALTER TABLE {name} OWNER TO anshan_audit")
    private, _ = notes.generate("test-retention")
    with closing(new_sealer(portal_data, tmp_path, Signer.parse(private))) as sealer:
        sealer.begin()
        for month in (FIRST, SECOND, THIRD):
            with monkeypatch.context() as patch:
                patch.setattr(events, "now", lambda month=month: month.bounds[0].replace(day=9))
                write(EACH)
            sealer.seal()
        write(1)
        sealer.seal()
        (tmp_path / "archives").mkdir()
        yield Old(sealer, private, address(portal_data, "anshan_sealer"), tmp_path / "archives")
    model.Session.rollback()
    with connected(portal_data, "postgres") as superuser:
        superuser.execute(drop)


def write(number: int) -> None:
    recording._insert(
        model.Session.connection(), [Event("log.begun", object=Object("test", str(one))) for one in range(number)]
    )
    model.Session.commit()


def there() -> list[str]:
    """The old months that are in the table."""
    query = "SELECT DISTINCT to_char(at, 'YYYY-MM') AS month FROM anshan_audit_event WHERE at < '2025-04-01' ORDER BY 1"
    with engine().connect() as connection:
        return list(connection.execute(sa.text(query)).scalars())


def trims() -> list[dict[str, Any]]:
    with engine().connect() as connection:
        query = sa.text("SELECT body FROM anshan_audit_event WHERE kind = 'log.trimmed' ORDER BY id")
        return [json.loads(body) for body in connection.execute(query).scalars()]


def test_what_is_too_old_is_archived_and_then_taken_out_oldest_first(old: Old, tmp_path: Path):
    assert old.carry_out() == []
    assert there() == []
    assert [one["object"]["id"] for one in trims()] == list(MONTHS)
    assert {one["by"]["via"] for one in trims()} == {"job"}
    old.sealer.seal()
    report = old.check(tmp_path / "export")
    assert report.counts == {} and report.totals["unseen"] == 0
    assert old.carry_out() == [], "there is nothing left to do"
    assert len(trims()) == 3


def test_months_that_the_policy_keeps_stay(old: Old):
    today = datetime.now(timezone.utc).date()
    since = (today.year - 2025) * 12 + today.month - 1  # full months since January 2025 began
    assert old.carry_out(old.policy(months=since - 1)) == []
    assert there() == list(MONTHS[1:])
    assert old.files() == ["archive-2025-01.jsonl.gz", "archive-2025-01.proof.json"]


def test_without_trim_the_months_stay_and_are_archived_once(old: Old):
    assert old.carry_out(old.policy(trim=False)) == []
    assert there() == list(MONTHS) and trims() == []
    before = [(path.name, path.stat().st_mtime_ns) for path in sorted(old.archives.iterdir())]
    assert len(before) == 6
    assert old.carry_out(old.policy(trim=False)) == []
    assert [(path.name, path.stat().st_mtime_ns) for path in sorted(old.archives.iterdir())] == before


def test_an_archive_that_is_there_is_read_back_and_used(old: Old):
    path = archiving.archive(old.url, FIRST, old.archives)
    written = path.read_bytes()
    assert old.carry_out() == [] and there() == []
    assert path.read_bytes() == written


def test_what_was_left_half_written_is_replaced(old: Old, tmp_path: Path):
    path = archiving.archive(old.url, FIRST, old.archives)
    offline.proof_of(path).unlink()  # killed between the two
    path.write_bytes(path.read_bytes()[:50])
    (old.archives / f".{archiving.path_of(SECOND, old.archives).name}.part").write_bytes(b"half")
    assert old.carry_out() == [] and there() == []
    assert [name for name in old.files() if not name.startswith("archive-")] == []
    old.sealer.seal()
    assert old.check(tmp_path / "export").counts == {}


def test_a_damaged_archive_is_put_aside_and_written_anew(old: Old, tmp_path: Path):
    path = archiving.archive(old.url, FIRST, old.archives)
    path.write_bytes(path.read_bytes()[:-9])
    assert old.carry_out() == [] and there() == []
    assert len([name for name in old.files() if ".damaged-" in name]) == 2
    assert offline.verify_archive(path, [old.sealer.signer.key]).exit_code() == 0


def test_a_month_that_is_not_sealed_to_its_end_stays(old: Old, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(events, "now", lambda: SECOND.bounds[0].replace(day=20))
        write(1)
    (wrong,) = old.carry_out()
    assert "1 events of 2025-02 are not sealed" in wrong
    assert there() == ["2025-02"], "the others go"
    old.sealer.seal()
    assert old.carry_out() == [] and there() == []


def test_a_month_that_got_events_after_its_archive_was_written_stays(old: Old, monkeypatch: pytest.MonkeyPatch):
    archiving.archive(old.url, FIRST, old.archives)
    with monkeypatch.context() as patch:
        patch.setattr(events, "now", lambda: FIRST.bounds[0].replace(day=20))
        write(1)
    old.sealer.seal()
    (wrong,) = old.carry_out()
    assert "not 2025-01 as it is" in wrong
    assert there() == ["2025-01"]


def test_a_month_of_which_an_event_is_gone_from_the_table_stays(old: Old, portal_data: Path):
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("DELETE FROM anshan_audit_event WHERE object_type = 'test' AND object_id = '7' AND at < %s",
                          (FIRST.bounds[1],))  # fmt: skip
    (wrong,) = old.carry_out()
    told = re.match(r"(\d+) events of 2025-01 were sealed, (\d+) are there", wrong)
    assert told and int(told[1]) == int(told[2]) + 1, wrong
    assert there() == ["2025-01"]


def test_the_database_itself_lets_no_unsealed_month_go(old: Old, portal_data: Path, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(events, "now", lambda: FIRST.bounds[0].replace(day=20))
        write(1)
    made = offline.Archive(0, 1, "x", "0" * 64)
    connection = psycopg2.connect(old.url)
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.RaiseException, match="not sealed to its end"):
        archiving._record(cursor, archiving._trimmed(made, FIRST), "job", options.writer_key())
        cursor.execute("SELECT anshan_audit_trim(%s)", (FIRST.first,))
    connection.rollback()
    connection.set_session(isolation_level="REPEATABLE READ")
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.RaiseException, match="an older snapshot"):
        archiving._record(cursor, archiving._trimmed(made, SECOND), "job", options.writer_key())
        cursor.execute("SELECT anshan_audit_trim(%s)", (SECOND.first,))
    connection.close()
    assert there() == list(MONTHS)


def test_what_is_being_written_into_a_month_keeps_it_and_sealing_goes_on(old: Old, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(events, "now", lambda: FIRST.bounds[0].replace(day=20))
        recording._insert(model.Session.connection(), [Event("log.begun", object=Object("test", "open"))])
    log = retention.Log(old.url, old.sealer.signer.key, options.writer_key())
    began = time.monotonic()
    wrong = log.carry_out(Policy(6, old.archives, trim=True))
    assert [type(one) for one in wrong] == [Busy] and there() == list(MONTHS)
    assert time.monotonic() - began < 5, "others wait behind it only so long"
    with Session(engine()) as session:
        recording._insert(session.connection(), [Event("log.begun", object=Object("test", "meanwhile"))])
        session.commit()
    assert old.sealer.seal().sealed == 1
    model.Session.rollback()
    assert old.carry_out() == [] and there() == []


def test_two_do_not_write_archives_at_once(old: Old):
    connection = psycopg2.connect(old.url)
    with connection.cursor() as cursor:
        cursor.execute(archiving.ALONE)
        with pytest.raises(Busy, match="somebody else"):
            archiving.archive(old.url, FIRST, old.archives)
    connection.close()


def test_that_a_month_is_out_is_said_again_when_the_month_goes_in_which_it_was_said(
    old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Else the verifier would know nothing of the first archive after the record of it was archived too."""
    path = archiving.archive(old.url, FIRST, old.archives)
    with monkeypatch.context() as patch:
        patch.setattr(events, "now", lambda: THIRD.bounds[0].replace(day=20))
        archiving.trim(old.url, FIRST, path, old.sealer.signer.key, options.writer_key())
    old.sealer.seal()
    first = trims()[0]
    assert old.carry_out() == [] and there() == []
    assert [one["object"]["id"] for one in trims()] == ["2025-02", "2025-03", "2025-01"]
    assert trims()[-1]["facts"] == {**first["facts"], "at": first["at"]}
    assert [one["month"] for one in trusting.state()["trimmed"]] == list(MONTHS)
    assert trusting.state()["trimmed"][0]["at"].startswith("2025-03-20")
    old.sealer.seal()
    assert old.check(tmp_path / "all").counts == {}
    for archive in old.archives.glob("*"):
        archive.unlink()
    assert old.check(tmp_path / "none").counts == {}


def test_a_folder_that_is_not_there_is_told_and_nothing_leaves(old: Old, tmp_path: Path):
    said: list[str] = []
    path = tmp_path / "retention.json"
    log = retention.Log(old.url, old.sealer.signer.key, options.writer_key())
    keeper = Keeper(log, path, threading.Event(), lambda _, sentence: said.append(sentence))
    keeper.look()
    assert trusting.state()["retention"] is None
    path.write_text(json.dumps({"months": 6, "archives": str(tmp_path / "unmounted"), "trim": True}))
    keeper.look()
    assert "unmounted isn't there" in said[-1]
    assert there() == list(MONTHS) and not (tmp_path / "unmounted").exists()
    told = trusting.state()["retention"]
    assert (told["months"], told["trim"], told["failing"]) == (6, True, True)
    path.write_text('{"months": 6}')
    keeper.look()
    assert "A policy has months" in said[-1]
    assert trusting.state()["retention"] | {"at": ""} == {"months": None, "trim": False, "failing": True, "at": ""}
    path.write_text(json.dumps(old.policy().as_json()))
    model.Session.rollback()  # what has looked at the table would keep it
    keeper.look()
    assert len(said) == 2 and there() == []
    assert trusting.state()["retention"]["failing"] is False
    model.Session.rollback()
    path.unlink()
    keeper.look()
    assert trusting.state()["retention"] is None


# ---- a real sealer, which is killed ----


@dataclass
class Running:
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = [sys.executable, "-m", "ckanext.anshan.audit.sealer", str(self.folder)]
        self.process = subprocess.Popen(words, stderr=(self.folder / "log").open("ab"))

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def killed_when(self, happened: Callable[[], bool], seconds: float = 30) -> bool:
        """Start it, and kill it the moment that something has happened."""
        self.start()
        until = time.monotonic() + seconds
        while not (found := happened()) and time.monotonic() < until:
            time.sleep(0.0005)
        self.kill()
        return found


@pytest.fixture
def running(old: Old, portal_data: Path, tmp_path: Path) -> Iterator[Running]:
    """The sealer's own folder with the key and the memory of this log; the process is not started yet."""
    old.sealer.close()
    config = {"database": old.url, "writer_key": options.writer_key().decode()}
    config["verifier_key_file"] = str(tmp_path / "verifier_key")
    (tmp_path / "config.json").write_text(json.dumps(config))
    files.write(tmp_path / "key", old.private + "\n")
    (tmp_path / "retention.json").write_text(json.dumps(old.policy().as_json()))
    made = Running(tmp_path)
    yield made
    if made.process and made.process.poll() is None:
        made.kill()


@pytest.mark.slow
def test_a_sealer_that_is_killed_anywhere_leaves_what_the_next_one_finishes(old: Old, running: Running, tmp_path: Path):
    part = old.archives / ".archive-2025-01.jsonl.gz.part"
    first, second = (archiving.path_of(month, old.archives) for month in (FIRST, SECOND))
    assert running.killed_when(lambda: part.exists() or first.exists())
    assert running.killed_when(offline.proof_of(first).exists)
    assert running.killed_when(second.exists)
    running.start()
    assert wait_until(lambda: there() == [], 30)
    write(1)  # and sealing goes on
    assert wait_until(lambda: unsealed() == 0, 30)
    running.kill()
    assert [one["object"]["id"] for one in trims()] == list(MONTHS), "each month is recorded once"
    report = old.check(tmp_path / "export")
    assert (report.counts, report.totals["unseen"]) == ({}, 0)
    assert [name for name in old.files() if "damaged" in name or "part" in name] == []


def unsealed() -> int:
    with engine().connect() as connection:
        query = "SELECT count(*) FROM anshan_audit_event LEFT JOIN anshan_audit_leaf ON event_id = id"
        return connection.execute(sa.text(f"{query} WHERE position IS NULL")).scalar_one()


def test_a_running_sealer_takes_a_new_policy_without_a_restart(old: Old, running: Running):
    (running.folder / "retention.json").unlink()
    running.start()
    assert wait_until((running.folder / "ready").exists, 30)
    time.sleep(1.5)
    assert there() == list(MONTHS)
    files.write_json(running.folder / "retention.json", old.policy().as_json())
    assert wait_until(lambda: there() == [], 20)


def test_the_command_sets_shows_and_ends_the_policy(old: Old, running: Running):
    def arrange(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "ckanext.anshan.audit.arranging", str(running.folder), "retention", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    code, told = arrange("set", "--months", "9", "--archives", str(old.archives / "none"))
    assert code == 1 and "isn't there" in told
    code, told = arrange("set", "--months", "9", "--archives", str(old.archives))
    assert code == 0 and "older than 9 full months" in told and "taken out" not in told
    assert retention.load(running.folder / "retention.json") == Policy(9, old.archives, False)
    assert os.stat(running.folder / "retention.json").st_mode & 0o077 == 0
    code, told = arrange("show")
    assert code == 0 and str(old.archives) in told
    assert arrange("off")[0] == 0 and retention.load(running.folder / "retention.json") is None
    assert "All months stay" in arrange("show")[1]


def test_a_month_without_a_table_of_its_own_is_not_taken_out(old: Old, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(events, "now", lambda: datetime(2024, 6, 9, tzinfo=timezone.utc))
        write(3)
    old.sealer.seal()
    month = Month.parse("2024-06")
    path = archiving.archive(old.url, month, old.archives)
    with pytest.raises(NotArchived, match="can't be taken out"):
        archiving.trim(old.url, month, path, old.sealer.signer.key, options.writer_key())
