"""The sealer's witnesses: what each has, and which one hasn't answered."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy as sa

from ckanext.anshan.audit import exporting, offline, options
from ckanext.anshan.audit import sealer as process
from ckanext.anshan.audit.offline import Key
from ckanext.anshan.audit.sealing import Sealer
from ckanext.anshan.audit.witness import Witness as Other
from ckanext.anshan.audit.witness import server
from ckanext.anshan.audit.witnesses import Sender, Witness
from ckanext.anshan.local import files
from ckanext.anshan.local.processes import wait_until

from ..support import agency
from .support import address, engine

pytestmark = pytest.mark.usefixtures("with_plugins")


def told() -> dict[str, tuple[int, bool]]:
    """Of each witness the size that it has, and whether it fails."""
    with engine().connect() as connection:
        rows = connection.execute(sa.text("SELECT name, size, failing FROM anshan_audit_witness"))
        return {row.name: (row.size, row.failing) for row in rows}


def test_each_new_checkpoint_goes_to_every_witness_and_one_that_is_away_is_named(
    sealer: Sealer, portal_data: Path, tmp_path: Path
):
    other = Other(tmp_path / "other", sealer.signer.key)
    served = server(other, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    share = tmp_path / "share.jsonl"
    sender = Sender(
        address(portal_data, "anshan_sealer"),
        [
            Witness("share", share.as_uri(), 0),
            Witness("other", f"http://127.0.0.1:{served.server_port}", 0),
            Witness("away", "http://127.0.0.1:9", 0),
        ],
        threading.Event(),
    )
    sizes = []
    with closing(sender.connect()) as connection:
        for _ in range(2):
            agency()
            sizes.append(sealer.seal().size)
            sender.look(connection)
            sender.look(connection)
    served.shutdown()
    assert told() == {"share": (sizes[-1], False), "other": (sizes[-1], False), "away": (0, True)}
    assert [offline.parse_checkpoint(one.note).size for one in offline.kept(share)] == sizes
    last = other.last()
    assert last is not None and last.size == sizes[-1]


def test_no_sender_outlives_the_sealer_that_started_it(
    empty_log: None, portal_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """When the database goes away the sealer begins again, with a sender of its own: the old one has to end."""
    config = {"database": address(portal_data, "anshan_sealer"), "writer_key": "key"}
    config["verifier_key_file"] = str(tmp_path / "verifier_key")
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "witnesses.json").write_text(json.dumps([{"name": "share", "url": (tmp_path / "share").as_uri()}]))

    def lose(*_: object) -> None:
        assert senders(), "it was started"
        raise psycopg2.OperationalError

    monkeypatch.setattr(process, "_look", lose)
    with pytest.raises(psycopg2.OperationalError):
        process._work(process.Folder(tmp_path), threading.Event(), process.Told())
    assert wait_until(lambda: not senders(), 5)


@pytest.fixture
def other(sealer: Sealer, tmp_path: Path) -> Iterator[tuple[Other, Witness]]:
    """Another agency's witness behind HTTP, and how the portal knows it, with its key."""
    one = Other(tmp_path / "other", sealer.signer.key)
    served = server(one, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield one, Witness("other", f"http://127.0.0.1:{served.server_port}", 0, Key.parse(one.vkey()))
    served.shutdown()


def test_a_witness_that_signs_with_another_key_is_refused_and_what_it_signed_before_stays(
    other: tuple[Other, Witness], sealer: Sealer, portal_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    one, known = other
    sender = Sender(address(portal_data, "anshan_sealer"), [known], threading.Event())
    first = sealer.seal().size
    with closing(sender.connect()) as connection:
        sender.look(connection)
        assert told() == {"other": (first, False)}
        swapped = Other(tmp_path / "swapped", sealer.signer.key)
        swapped.signer()
        (one.folder / "key").write_text((swapped.folder / "key").read_text())
        agency()
        second = sealer.seal().size
        sender.look(connection)
        assert told() == {"other": (first, True)}
        last = one.last()
        assert last and last.size == second, "it did answer"
    exporting.write(tmp_path / "export")
    (line,) = (tmp_path / "export" / "witnesses.jsonl").read_text().splitlines()
    kept = json.loads(line)
    assert (kept["name"], kept["size"]) == ("other", first)
    assert offline.parse_checkpoint(kept["note"]).size == first
    assert known.key
    known.key.verify(offline.parse_note(kept["note"]))
    sender.witnesses = [replace(known, key=Key.parse(one.vkey()))]
    with closing(sender.connect()) as connection:
        sender.asked.clear()
        sender.look(connection)
    assert told() == {"other": (second, False)}, "the new key was given by hand"


def test_the_export_s_cosignatures_are_checked_offline_by_the_witness_s_key(
    other: tuple[Other, Witness], sealer: Sealer, portal_data: Path, tmp_path: Path
):
    one, known = other
    share = Witness("share", (tmp_path / "share.jsonl").as_uri(), 0)
    sender = Sender(address(portal_data, "anshan_sealer"), [known, share], threading.Event())
    sealer.seal()
    with closing(sender.connect()) as connection:
        sender.look(connection)
    exporting.write(tmp_path / "export")
    path = tmp_path / "export" / "witnesses.jsonl"
    assert len(path.read_text().splitlines()) == 1, "of a file there is no cosignature"
    keys = [sealer.signer.key, Key.parse(one.vkey())]
    found = offline.verify(offline.Folder(tmp_path / "export"), keys, offline.kept(path), processes=1)
    assert (found.counts, found.totals["checkpoints"]) == ({}, 2)
    doctored = json.loads(path.read_text())
    lines = doctored["note"].splitlines()
    lines[-1] = lines[-1][:-8] + ("AAAAAA==" if not lines[-1].endswith("AAAAAA==") else "BAAAAA==")
    path.write_text(json.dumps(doctored | {"note": "\n".join(lines) + "\n"}) + "\n")
    found = offline.verify(offline.Folder(tmp_path / "export"), keys, offline.kept(path), processes=1)
    assert found.counts == {"bad_signature": 1}


@pytest.fixture
def running(empty_log: None, portal_data: Path, tmp_path: Path) -> Iterator[Path]:
    """A real sealer without witnesses; gives its folder."""
    config = {"database": address(portal_data, "anshan_sealer"), "writer_key": options.writer_key().decode()}
    config["verifier_key_file"] = str(tmp_path / "verifier_key")
    files.write_json(tmp_path / "config.json", config)
    words = [sys.executable, "-m", "ckanext.anshan.audit.sealer", str(tmp_path)]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(words, stderr=log) as sealing:
        assert wait_until((tmp_path / "memory.json").exists, 30)
        yield tmp_path
        sealing.kill()


def arrange(folder: Path, *words: str) -> tuple[int, str]:
    """``./portal witness``, as it runs there."""
    command = [sys.executable, "-m", "ckanext.anshan.audit.arranging", str(folder), "witness", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_running_sealer_takes_a_new_list_within_seconds(running: Path):
    share = running / "share.jsonl"
    assert told() == {}
    code, words = arrange(running, "add", "share", share.as_uri())
    assert code == 0 and "share is a witness now" in words and "same disk" in words
    assert wait_until(lambda: told().get("share", (0, True)) == (size(share), False), 10)
    assert "answers" in arrange(running, "list")[1]
    listed = (running / "witnesses.json").read_text()
    (running / "witnesses.json").write_text(listed[:-5])
    before = size(share)
    agency()
    assert wait_until(lambda: size(share) > before, 10), "the list before holds"
    assert b"THE LIST OF WITNESSES CAN'T BE READ" in (running / "log").read_bytes()
    code, words = arrange(running, "list")
    assert code == 1 and "can't be read" in words
    (running / "witnesses.json").write_text(listed)
    assert arrange(running, "remove", "share")[0] == 0
    assert wait_until(lambda: told() == {}, 10), "a witness that is none any more is not told of"
    before = size(share)
    agency()
    assert wait_until(lambda: json.loads((running / "memory.json").read_text())["size"] > before, 10)
    assert size(share) == before


def size(share: Path) -> int:
    """Events of the last checkpoint in a file."""
    found = list(offline.kept(share)) if share.exists() else []
    return offline.parse_checkpoint(found[-1].note).size if found else 0


def test_what_can_be_no_witness_is_told_and_changes_nothing(running: Path):
    key = (running / "verifier_key").read_text().strip()
    assert arrange(running, "add", "网信办", (running / "kept").as_uri(), "--every", "9")[0] == 0
    before = (running / "witnesses.json").read_bytes()
    for words, sentence in (
        (("网信办", "file:///other"), "There is a witness 网信办 already"),
        (("a", "ftp://a.example/"), "is no place for checkpoints"),
        (("a", "https:///"), "is no place for checkpoints"),
        (("a", "https://[::"), "is no place for checkpoints"),
        (("a", "http://127.0.0.1:9"), "doesn't answer"),
        (("a", "https://a.example", "--key", key[:-3]), "is no public key"),
        (("a", (running / "kept").as_uri(), "--key", key), "Only a witness that signs has a key"),
        (("a", (running / "none" / "kept").as_uri()), "isn't there"),
        (("a\nb", "file:///a"), "is no name"),
        (("a", "file:///a", "--every", "-1"), "is no time between"),
        (("a", "file:///a", "--every", "nan"), "is no time between"),
    ):
        code, told = arrange(running, "add", *words)
        assert code == 1 and sentence in told, told
        assert any("一" <= letter <= "鿿" for letter in told), "in Chinese, too"
    code, told = arrange(running, "remove", "nobody")
    assert code == 1 and "There are: 网信办" in told
    assert (running / "witnesses.json").read_bytes() == before
    assert json.loads(before) == [{"name": "网信办", "url": (running / "kept").as_uri(), "every": 9.0}]


def senders() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "witnesses"]
