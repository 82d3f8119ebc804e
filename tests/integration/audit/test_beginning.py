"""A log that lost events goes on under another key, says what was lost, and nobody can fake that.

The dump of the log is PostgreSQL's own, put back as after a disaster; the witness is another process behind HTTP.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ckanext.anshan.audit import beginning, exporting, notes, offline, options, proving, recording, trusting
from ckanext.anshan.audit import sealer as process
from ckanext.anshan.audit.beginning import Beginning, Plan
from ckanext.anshan.audit.events import Event, Object
from ckanext.anshan.audit.notes import Signer
from ckanext.anshan.audit.offline import Key
from ckanext.anshan.audit.sealing import Refused, Sealer
from ckanext.anshan.audit.witness import Witness as Other
from ckanext.anshan.audit.witness import server
from ckanext.anshan.audit.witnesses import Sender, Witness
from ckanext.anshan.local import lifecycle
from ckanext.anshan.local.postgres import Postgres

from .support import DATABASE, address, connected, engine, last

pytestmark = pytest.mark.usefixtures("with_plugins")

TABLES = ("event", "leaf", "node", "checkpoint", "head", "witness")
WHY = "机房进水，只剩前一天的备份"


class Place:
    """A sealer's folder, and the log as it stands in the database."""

    def __init__(self, data: Path, folder: Path) -> None:
        self.data, self.path = data, folder
        folder.mkdir()
        self.key_file = folder / "public" / "verifier_key"
        self.key_file.parent.mkdir()
        self.config = {
            "database": address(data, "anshan_sealer"),
            "writer_key": options.writer_key().decode(),
            "verifier_key_file": str(self.key_file),
        }
        (folder / "config.json").write_text(json.dumps(self.config))

    @property
    def folder(self) -> process.Folder:
        return process.Folder(self.path)

    @property
    def vkey(self) -> str:
        return self.key_file.read_text().strip()

    @property
    def formers(self) -> list[str]:
        return notes.formers(self.key_file)

    @contextmanager
    def sealing(self) -> Iterator[Sealer]:
        """As the process does it: with the key that is there, after a look at what was sealed."""
        folder = self.folder
        made = Sealer(self.config["database"], folder.signer(), options.writer_key(), folder.memory, folder.formers())
        with closing(made):
            made.begin(patience=5)
            process._need_no_more(folder, made)
            yield made

    def seal(self, events: int = 0) -> int:
        """Record so many events, seal each by itself; how many are sealed then."""
        with self.sealing() as made:
            size = made.seal().size
            for _ in range(events):
                recording.happened(Event("log.exported", object=Object("log", "test")))
                size = made.seal().size
        return size

    def send(self, *witnesses: Witness) -> dict[str, tuple[int, bool, str]]:
        """Of each witness the size that it has, whether it fails, and its answer."""
        sender = Sender(self.config["database"], witnesses, threading.Event())
        with closing(sender.connect()) as connection:
            sender.look(connection)
        with engine().connect() as connection:
            found = connection.execute(sa.text("SELECT name, size, failing, answer FROM anshan_audit_witness"))
            return {row.name: (row.size, row.failing, row.answer) for row in found}

    def tell(self, *witnesses: Witness) -> None:
        listed = [{"name": one.name, "url": one.url} for one in witnesses]
        (self.path / "witnesses.json").write_text(json.dumps(listed))

    def begin(self, *words: str) -> int:
        return process.main([str(self.path), "begin", "--reason", WHY, *words])

    def check(self, folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
        """What the verifier says of an export made now, with the key that is there."""
        exporting.write(folder)
        command = [sys.executable, offline.__file__, str(folder), "--key", self.vkey, "--json", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout)


@pytest.fixture
def place(empty_log: None, portal_data: Path, tmp_path: Path) -> Place:
    return Place(portal_data, tmp_path / "sealer")


@pytest.fixture
def dump(portal_data: Path, tmp_path: Path) -> Iterator[Callable[[], Callable[[], None]]]:
    """Dump the log as it is; what that gives puts it back as it was."""
    postgres, words = Postgres(lifecycle.portal_of(portal_data)), [f"--table=anshan_audit_{one}" for one in TABLES]

    def run(tool: str, *more: str) -> None:
        command, env = postgres.client(tool, DATABASE, *more)
        subprocess.run(command, env=env, check=True, capture_output=True)

    def made() -> Callable[[], None]:
        file = tmp_path / "older.dump"
        words.append("--table=anshan_audit_event_*")
        run("pg_dump", "--format=custom", "--data-only", *words, f"--file={file}")

        def put_back() -> None:
            with connected(portal_data, "postgres") as superuser:
                superuser.execute("SET session_replication_role = replica")
                superuser.execute(f"TRUNCATE {', '.join(f'anshan_audit_{one}' for one in TABLES)}")
            run("pg_restore", "--data-only", "--disable-triggers", "--exit-on-error", str(file))

        return put_back

    yield made


@contextmanager
def running(folder: Path, vkey: str) -> Iterator[tuple[Other, Witness]]:
    """A witness that was told this key, and how the portal reaches it."""
    other = Other(folder, Key.parse(vkey))
    served = server(other, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    try:
        yield other, Witness("other", f"http://127.0.0.1:{served.server_port}", 0)
    finally:
        served.shutdown()
        served.server_close()


def former_words(place: Place) -> list[str]:
    return [word for one in place.formers for word in ("--former", one)]


def test_after_an_older_dump_was_put_back_the_log_goes_on_and_tells_what_it_lost(
    place: Place, dump: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    kept, folder = tmp_path / "kept.jsonl", tmp_path / "witness"
    share = Witness("share", kept.as_uri(), 0)
    left = place.seal(3)
    put_back = dump()
    before = place.vkey
    with running(folder, before) as (_, other):
        place.tell(share, other)
        size = place.seal(5)
        assert place.send(share, other)["other"][:2] == (size, False)
        put_back()
        with pytest.raises(Refused, match=rf"has been cut: {size} events were sealed, {left} are left.*begin --reason"):
            place.seal()
        answers = place.send(Witness("other", other.url, 0))
        assert answers["other"][1:] == (True, f"the witness has a longer log: {size} events, here are {left}")

        assert place.begin() == 0
        told = capsys.readouterr().out
        assert f"after {left} events; {size - left} that somebody remembers are lost" in told and place.vkey in told
    assert place.vkey != before and place.formers == [before]
    place.seal(4)
    with running(folder, place.vkey) as (_, other):
        after = place.send(share, other)
        assert after["other"][:2] == after["share"][:2] == (left + 5, False)
        place.seal(1)
        assert place.send(other)["other"][:2] == (left + 6, False)
    seen = ("--witness", str(kept), "--witness", str(folder / "checkpoints.jsonl"))
    code, report = place.check(tmp_path / "1", *former_words(place), *seen)
    assert (code, report["findings"], report["totals"]["lost"]) == (0, [], size - left)
    assert (report["begun_anew"][0]["size"], report["begun_anew"][0]["reason"]) == (left, WHY)
    code, report = place.check(tmp_path / "2", *seen)
    assert code == 1 and set(report["counts"]) == {"key_swapped"}
    code, report = place.check(tmp_path / "3", *former_words(place))
    assert (code, report["totals"]["lost"]) == (0, size - left), "the memory of the sealer told it"


def test_a_sealer_without_a_memory_asks_the_witnesses_before_it_signs(place: Place, dump: Any, tmp_path: Path):
    """A backup in a new folder: the key is there, and nothing else knows how far the log went."""
    kept = tmp_path / "kept.jsonl"
    share = Witness("share", kept.as_uri(), 0)
    left = place.seal(2)
    put_back = dump()
    size = place.seal(3)
    with running(tmp_path / "witness", place.vkey) as (_, other):
        place.send(share, other)
        put_back()
        (place.path / "memory.json").unlink()
        for one in (share, other):
            place.tell(one)
            with pytest.raises(
                Refused, match=rf"{one.name} has seen {size} events of this log, {left} are left.*begin"
            ):
                place.seal()
        place.tell(Witness("away", "http://127.0.0.1:9", 0))
        with pytest.raises(Refused, match="nobody knows how far the witness away"):
            place.seal()
        place.tell(Witness("away", (tmp_path / "no" / "share").as_uri(), 0))
        with pytest.raises(Refused, match="nobody knows how far the witness away"):
            place.seal()
        place.tell(share, other)
        assert place.begin() == 0
        assert last(kind="log.begun_anew")["facts"]["known"] == size
        assert place.seal(1) == left + 2


def test_witnesses_that_have_seen_no_more_or_nothing_of_this_log_stop_nobody(place: Place, tmp_path: Path):
    size = place.seal(2)
    kept = tmp_path / "kept.jsonl"
    stranger = Signer.parse(notes.generate(Key.parse(place.vkey).name)[0])
    fake = stranger.sign(notes.checkpoint(stranger.key.name, 10**6, bytes(32)))
    (place.path / "memory.json").unlink()
    with running(tmp_path / "1", place.vkey) as (_, new), running(tmp_path / "2", stranger.vkey) as (_, another):
        place.tell(Witness("share", kept.as_uri(), 0), Witness("new", new.url, 0), Witness("another", another.url, 0))
        assert place.seal() == size
        place.send(Witness("share", kept.as_uri(), 0))
        with kept.open("a") as stream:
            stream.write(json.dumps({"at": "", "note": fake}) + "\nno json\n")
        assert place.seal(1) == size + 1


def test_who_has_seen_another_history_is_named(place: Place, dump: Any, tmp_path: Path):
    place.seal(1)
    put_back, kept = dump(), Witness("share", (tmp_path / "kept.jsonl").as_uri(), 0)
    place.seal(2)
    with running(tmp_path / "witness", place.vkey) as (_, other):
        place.send(kept, other)
        put_back()
        (place.path / "memory.json").unlink()
        place.seal(3)
        (place.path / "memory.json").unlink()
        for one in (kept, other):
            place.tell(one)
            with pytest.raises(Refused, match="another history"):
                place.seal()


def test_a_sealer_at_work_is_not_overtaken(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(beginning, "PATIENCE", 0.3)
    place.seal(1)
    before = place.vkey
    with place.sealing():
        assert place.begin() == 1
    assert "another sealer is at work" in capsys.readouterr().err
    assert (place.vkey, place.formers) == (before, []) and not (place.path / beginning.FILE).exists()


STEPS = beginning.STEPS


@pytest.mark.parametrize("done", range(len(STEPS)))
@pytest.mark.parametrize("half", [False, True])
def test_killed_after_any_step_the_next_run_finishes_it(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: int, half: bool
):
    left = place.seal(3)
    before = place.vkey

    def killed(*_: object) -> None:
        if half:  # between what the step does and what it says of it
            STEPS[done](*_)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(beginning, "STEPS", (*STEPS[:done], killed, *STEPS[done + 1 :]))
        place.begin()
    if not (half and done == len(STEPS) - 1):
        with pytest.raises(Refused, match=r"being begun anew, and that isn't done.*begin"):
            place.seal()
    if (place.path / beginning.FILE).exists():
        assert process.main([str(place.path), "begin", "--reason", "again"]) == 0
    assert place.formers == [before] and place.vkey != before
    told = last(kind="log.begun_anew")["facts"]
    assert (told["former"], told["new"], told["size"], told["reason"]) == (before, place.vkey, left, WHY)
    assert len(trusting.state()["former"]) == 1 and place.seal(1) == left + 2
    assert (place.path / f"key.{Key.parse(before).id.hex()}").exists()
    code, report = place.check(tmp_path / "export", *former_words(place))
    assert (code, report["findings"], report["totals"]["lost"]) == (0, [], 0)


def test_what_was_decided_for_a_log_that_was_put_back_again_is_decided_anew(
    place: Place, dump: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    left = place.seal(1)
    put_back = dump()
    place.seal(2)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(beginning, "STEPS", (*STEPS[:4], lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)))
        place.begin()
    put_back()
    assert place.begin() == 0
    told = last(kind="log.begun_anew")["facts"]
    assert (told["size"], told["known"]) == (left, left + 2)
    assert place.check(tmp_path / "export", *former_words(place))[0] == 0


def test_a_log_begins_anew_again_and_again(place: Place, dump: Any, tmp_path: Path):
    kept = Witness("share", (tmp_path / "kept.jsonl").as_uri(), 0)
    place.tell(kept)
    keys, lost = [], 0
    for round in range(3):
        left = place.seal(2)
        put_back = dump()
        lost += place.seal(round + 1) - left
        place.send(kept)
        put_back()
        keys.append(place.vkey)
        assert place.begin() == 0
    place.seal(1)
    assert place.formers == keys
    code, report = place.check(tmp_path / "1", *former_words(place), "--witness", str(tmp_path / "kept.jsonl"))
    assert (code, report["findings"], report["totals"]["lost"]) == (0, [], lost)
    assert [one["lost"] for one in trusting.state()["former"]] == [1, 2, 3]


def test_a_backup_older_than_the_last_beginning_gives_both_keys_up(place: Place, dump: Any, tmp_path: Path):
    kept = Witness("share", (tmp_path / "kept.jsonl").as_uri(), 0)
    place.tell(kept)
    left = place.seal(2)
    put_back = dump()
    place.seal(2)
    place.send(kept)
    assert place.begin() == 0
    place.seal(3)
    place.send(kept)
    put_back()
    with pytest.raises(Refused, match="not signed by this key"):
        place.seal()
    assert place.begin() == 0
    place.seal(1)
    code, report = place.check(tmp_path / "1", *former_words(place), "--witness", str(tmp_path / "kept.jsonl"))
    assert (code, report["findings"]) == (0, [])
    assert [(one["size"], one["lost"]) for one in report["begun_anew"]] == [(left, 2), (left, 6)]


def test_a_key_that_is_lost_for_good_is_given_up(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    left, before = place.seal(2), place.vkey
    (place.path / "key").unlink()
    with pytest.raises(Refused, match=r"key is gone.*begin"):
        place.seal()
    place.key_file.unlink()
    assert place.begin() == 1
    assert "nobody here knows the public key that signed the newest checkpoint" in capsys.readouterr().err
    assert place.begin("--former", "nonsense") == 1
    assert place.begin("--former", before) == 0
    assert place.seal(1) == left + 2
    assert place.check(tmp_path / "export", *former_words(place))[0] == 0


def test_a_former_key_seals_no_more(place: Place, tmp_path: Path):
    place.seal(1)
    old = (place.path / "key").read_text()
    assert place.begin() == 0
    (place.path / "key").write_text(old)
    (place.path / "memory.json").unlink()
    with pytest.raises(Refused, match="not signed by this key"):
        place.seal()


def test_a_sealer_that_waited_meanwhile_takes_the_new_key(place: Place, monkeypatch: pytest.MonkeyPatch):
    place.seal(1)
    monkeypatch.setattr(Sealer, "begin", lambda *_: place.begin())
    with pytest.raises(Refused, match="key was exchanged"):
        process._work(place.folder, threading.Event(), process.Told())


def test_who_has_the_database_alone_cannot_announce_a_loss(place: Place, dump: Any, tmp_path: Path):
    kept = tmp_path / "kept.jsonl"
    left = place.seal(2)
    put_back = dump()
    size = place.seal(4)
    place.send(Witness("share", kept.as_uri(), 0))
    put_back()
    thief = Signer.parse(notes.generate("thief")[0])
    newest = offline.parse_checkpoint(json.loads(kept.read_text().splitlines()[-1])["note"])
    assert (newest.size, newest.origin) == (size, Key.parse(place.vkey).name)
    facts = {
        "former": place.vkey, "new": thief.vkey, "size": left, "known": size, "reason": "nothing to see here",
        "root": trusting.state()["checkpoints"][0]["root"],
    }  # fmt: skip
    plan = {"id": "01890000-0000-7000-8000-000000000000", "at": "2026-11-29T10:00:00+00:00", "facts": facts}
    with connected(place.data, "postgres") as superuser:
        superuser.execute("SET session_replication_role = replica")
        beginning._record(superuser, plan, b"guessed")
    with pytest.raises(Refused, match="has been cut"):
        place.seal()
    memory = place.path / "memory.json"
    memory.unlink()
    with place.sealing() as made:  # the sealer is deceived, too: even then it doesn't seal what it doesn't know
        assert made.seal().strange == (plan["id"],)
        assert made.handovers() == []
    words = ["--former", thief.vkey, "--witness", str(kept)]
    code, report = place.check(tmp_path / "1", *words)
    assert code == 1 and "rolled_back" in report["counts"] and "lost" not in report["totals"]
    forger = Sealer(place.config["database"], thief, b"guessed", tmp_path / "memory.json", [Key.parse(place.vkey)])
    with closing(forger):
        forger.alone(5)
        forger.seal()  # all of it by a key of the thief's own: whoever pins the log's key sees another one
    code, report = place.check(tmp_path / "2", *words)
    assert code == 1 and "rolled_back" in report["counts"]


def test_a_proof_of_an_old_event_needs_the_new_key_alone(place: Place):
    place.seal(2)
    with engine().connect() as connection:
        query = "SELECT event_id::text FROM anshan_audit_leaf ORDER BY position DESC LIMIT 1"
        id = connection.execute(sa.text(query)).scalar_one()
    before, kept = Key.parse(place.vkey), proving.prove(id)
    assert place.begin() == 0
    now, proof = Key.parse(place.vkey), proving.prove(id)
    assert kept and proof
    assert offline.verify_proof(proof, [now]).exit_code() == 0
    assert offline.verify_proof(kept, [now]).exit_code() == 1
    assert offline.verify_proof(kept, [now], formers=[before]).exit_code() == 0


def test_what_was_lost_stands_on_the_page_of_the_log(place: Place, app: Any, monkeypatch: pytest.MonkeyPatch):
    place.seal(1)
    before = place.vkey
    path = place.path / "memory.json"
    assert place.begin() == 0
    assert path.exists()
    (told,) = trusting.state()["former"]
    assert (told["key"], told["lost"], told["reason"]) == (before, 0, WHY)
    body = app.get("/audit/about").body
    assert WHY in body and before in body.replace("&#43;", "+") and "--former" in body


def test_a_plan_says_nothing_of_its_key(tmp_path: Path):
    plan = Plan("PRIVATE+KEY+a+b+c", [], 0, "", [])
    assert "PRIVATE" not in repr(plan) + repr(Beginning(tmp_path, tmp_path, None, "PRIVATE"))  # type: ignore[arg-type]
