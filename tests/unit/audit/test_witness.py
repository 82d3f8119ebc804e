"""A witness signs what it sees only while the log grows: real HTTP, a real key, a real time stamp authority."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rfc3161_client import decode_timestamp_response

from ckanext.anshan.audit import notes, offline, tree, witnesses
from ckanext.anshan.audit.notes import Signer
from ckanext.anshan.audit.stored import Sealed
from ckanext.anshan.audit.trying import Known, is_here, try_out
from ckanext.anshan.audit.witness import COSIGNATURE, Witness, server
from ckanext.anshan.audit.witnesses import Asked, WitnessError, load, send
from ckanext.anshan.local.problems import Problem

SIGNER = Signer.parse(notes.generate("log.example/audit")[0])
LEAVES = [offline.leaf_hash(bytes([number])) for number in range(20)]


def sealed(size: int, leaves: list[bytes] = LEAVES, signer: Signer = SIGNER) -> Sealed:
    root = tree.root(leaves[:size])
    note = signer.sign(notes.checkpoint("log.example/audit", size, root, ("2026-11-29T10:00:00+00:00",)))
    return Sealed(size, root, datetime.now(timezone.utc), note, "", "")


def asked(size: int, known: int = 0, leaves: list[bytes] = LEAVES, signer: Signer = SIGNER) -> Asked:
    return Asked(sealed(size, leaves, signer), known, lambda level, first, count: leaves[first : first + count])


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness", SIGNER.key)


@pytest.fixture
def running(witness: Witness) -> Iterator[witnesses.Witness]:
    """The witness behind HTTP, as the portal is told of it."""
    served = server(witness, "127.0.0.1", 0)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield witnesses.Witness("other agency", f"http://127.0.0.1:{served.server_port}", 0)
    served.shutdown()


def test_a_log_that_grows_is_signed_each_time(running: witnesses.Witness, witness: Witness):
    known = 0
    for size in (3, 8, 8, 20):
        answer = send(running, asked(size, known))
        known = size
        last = witness.last()
        assert last is not None and last.size == size
        note = offline.parse_note(sealed(size).note.rpartition("\n\n")[0] + "\n\n" + answer)
        (signature,) = note.signatures
        at = int.from_bytes(signature.value[:8], "big")
        public = base64.b64decode(witness.vkey().split("+", 2)[2])
        assert public[:1] == COSIGNATURE
        signed = f"cosignature/v1\ntime {at}\n{note.text}".encode()
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature.value[8:], signed)


def test_a_portal_that_forgot_what_the_witness_has_is_told(running: witnesses.Witness, witness: Witness):
    send(running, asked(8))
    send(running, asked(20, known=3))
    assert (witness.last() or sealed(0)).size == 20


def test_a_log_that_was_rewritten_or_cut_is_not_signed(running: witnesses.Witness, witness: Witness):
    send(running, asked(8))
    other = [offline.leaf_hash(b"other"), *LEAVES[1:]]
    with pytest.raises(WitnessError, match=r"422.*doesn't begin with the 8 events"):
        send(running, asked(20, 8, other))
    with pytest.raises(WitnessError, match="longer log: 8 events, here are 5"):
        send(running, asked(5, 3))
    assert (witness.last() or sealed(0)).size == 8


def test_another_key_and_what_is_no_request_are_refused(running: witnesses.Witness, witness: Witness):
    with pytest.raises(WitnessError, match="403"):
        send(running, asked(3, signer=Signer.parse(notes.generate("log.example/audit")[0])))
    for body, status in (("", 400), ("old x\n\n", 400), ("old 0\nAAAA\n\n" + sealed(3).note, 400), ("old 9\n\n", 400)):
        assert requests.post(f"{running.url}/add-checkpoint", data=body.encode(), timeout=5).status_code == status
    assert requests.post(f"{running.url}/other", data=b"x", timeout=5).status_code == 404
    assert requests.get(f"{running.url}/checkpoint", timeout=5).status_code == 404
    assert witness.last() is None


def test_a_log_that_began_anew_is_seen_from_its_beginning_and_the_former_one_is_kept(witness: Witness):
    assert witness.add(f"old 0\n\n{sealed(8).note}").status == 200
    other = Signer.parse(notes.generate("log.example/anew")[0])
    first = other.sign(notes.checkpoint(other.key.name, 5, tree.root(LEAVES[:5])))
    again = Witness(witness.folder, other.key)
    assert again.last() is None and again.add(f"old 0\n\n{first}").status == 200
    assert again.add(f"old 0\n\n{sealed(8).note}").status == 403
    back = Witness(witness.folder, SIGNER.key)
    assert (back.last() or sealed(0)).size == 8
    assert (Witness(witness.folder, other.key).last() or sealed(0)).size == 5


def test_nobody_begins_a_log_anew_under_the_same_key(witness: Witness):
    assert witness.add(f"old 0\n\n{sealed(8).note}").status == 200
    renamed = SIGNER.sign(notes.checkpoint("log.example/anew", 5, tree.root(LEAVES[:5])))
    assert witness.add(f"old 0\n\n{renamed}") == (403, "Another log.\n", "text/plain; charset=utf-8")
    assert Witness(witness.folder.with_name("new"), SIGNER.key).add(f"old 0\n\n{renamed}").status == 403


def test_a_witness_remembers_over_a_restart(witness: Witness):
    request = f"old 0\n\n{sealed(8).note}"
    assert witness.add(request).status == 200
    again = Witness(witness.folder, SIGNER.key)
    assert again.vkey() == witness.vkey()
    assert again.add(request) == (409, "8\n", "text/x.tlog.size")
    kept = [json.loads(line) for line in (witness.folder / "checkpoints.jsonl").read_text().splitlines()]
    assert [offline.parse_checkpoint(one["note"]).size for one in kept] == [8]


def test_a_witness_that_is_away_is_told_as_such():
    with pytest.raises(WitnessError, match="Connection"):
        send(witnesses.Witness("away", "http://127.0.0.1:9", 0), asked(3))


def test_a_file_gets_each_checkpoint_as_the_verifier_reads_it(tmp_path: Path):
    path = tmp_path / "见证.jsonl"
    one = witnesses.Witness("share", path.as_uri(), 0)
    for size in (3, 8):
        send(one, asked(size))
    assert [offline.parse_checkpoint(kept.note).size for kept in offline.kept(path)] == [3, 8]
    with pytest.raises(WitnessError):
        send(witnesses.Witness("share", (tmp_path / "no" / "folder").as_uri(), 0), asked(3))


def test_what_is_no_list_of_witnesses_is_refused(tmp_path: Path):
    path = tmp_path / "witnesses.json"
    assert load(path) == []
    path.write_text('[{"name": "a", "url": "https://a.example/w"}, {"name": "b", "url": "file:///b", "every": 9}]')
    assert [(one.kind, one.every) for one in load(path)] == [("https", 5.0), ("file", 9.0)]
    for wrong in ("{", '{"name": "a"}', '[{"name": "a"}]', '[{"name": "a", "url": "ftp://a"}]'):
        path.write_text(wrong)
        with pytest.raises(WitnessError):
            load(path)


# ---- a time stamp authority: openssl's ----

AUTHORITY = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/cert.pem
certs = {folder}/cert.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[str]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl plays the authority, and isn't there")
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "tsa.cnf").write_text(AUTHORITY.format(folder=tmp_path))
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-days", "2",
         "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem"),
         "-addext", "extendedKeyUsage=critical,timeStamping"],
        check=True, capture_output=True,
    )  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            (tmp_path / "query").write_bytes(query)
            words = ["ts", "-reply", "-config", str(tmp_path / "tsa.cnf"), "-section", "own"]
            words += ["-queryfile", str(tmp_path / "query")]
            answer = subprocess.run([str(openssl), *words], check=True, capture_output=True).stdout
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    served = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"rfc3161+http://127.0.0.1:{served.server_port}"
    served.shutdown()


def test_a_time_stamp_is_for_the_checkpoint_and_verifies(authority: str, tmp_path: Path):
    answer = send(witnesses.Witness("authority", authority, 0), asked(8))
    stamp = decode_timestamp_response(base64.b64decode(answer))
    assert abs((stamp.tst_info.gen_time - datetime.now(timezone.utc)).total_seconds()) < 60
    (tmp_path / "answer").write_bytes(base64.b64decode(answer))
    (tmp_path / "note").write_text(sealed(8).note)
    words = ["ts", "-verify", "-in", str(tmp_path / "answer"), "-data", str(tmp_path / "note")]
    words += ["-CAfile", str(tmp_path / "cert.pem")]
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr


# ---- the place of a new witness is tried before anything is changed ----


def known(size: int = 8) -> Known:
    return Known(sealed(size).note, size, SIGNER.vkey)


def refused(one: witnesses.Witness, what: Known) -> str:
    with pytest.raises(Problem) as problem:
        try_out(one, what)
    return str(problem.value)


def test_a_witness_that_knows_the_log_is_a_place_whatever_it_has(running: witnesses.Witness, witness: Witness):
    try_out(running, Known())
    assert witness.last() is None
    pinned = replace(running, key=offline.Key.parse(witness.vkey()))
    for size in (8, 8, 20):  # new to it, just there, further on than it is
        try_out(pinned, known(size))
    assert "has seen 8 events of this log, here are 3" in refused(pinned, known(3))


def test_a_witness_with_another_key_than_the_one_given_is_no_place(running: witnesses.Witness, tmp_path: Path):
    stranger = Witness(tmp_path / "stranger", SIGNER.key)
    assert "another key than the one given" in refused(
        replace(running, key=offline.Key.parse(stranger.vkey())), known()
    )


def test_a_witness_that_does_not_know_the_log_is_told_its_key(tmp_path: Path):
    other = Witness(tmp_path / "other", Signer.parse(notes.generate("other.example")[0]).key)
    served = server(other, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{served.server_port}"
    told = refused(witnesses.Witness("other", url, 0), known())
    assert "403" in told and SIGNER.vkey in told
    assert "404" in refused(witnesses.Witness("other", f"{url}/somewhere", 0), known())
    served.shutdown()


def test_a_place_that_is_away_is_named_with_what_to_look_for():
    for kind in ("http", "rfc3161+http"):
        assert "firewall" in refused(witnesses.Witness("away", f"{kind}://127.0.0.1:9", 0), known())


def test_a_file_is_a_place_when_it_can_be_appended_to(tmp_path: Path):
    path = tmp_path / "见证.jsonl"
    try_out(witnesses.Witness("share", path.as_uri(), 0), known())
    assert not path.exists(), "the trial leaves nothing"
    path.write_text("kept\n")
    try_out(witnesses.Witness("share", path.as_uri(), 0), known())
    assert path.read_text() == "kept\n"
    for url, sentence in (
        ((tmp_path / "no" / "file").as_uri(), "isn't there"),
        (tmp_path.as_uri(), "names no file"),
        ("file://share/checkpoints", "names no file"),
        ("file:checkpoints", "names no file"),
    ):
        assert sentence in refused(witnesses.Witness("share", url, 0), known())


def test_a_time_stamp_authority_is_a_place_when_it_stamps(authority: str, running: witnesses.Witness):
    try_out(witnesses.Witness("authority", authority, 0), Known())
    try_out(witnesses.Witness("authority", authority, 0), known())
    told = refused(witnesses.Witness("authority", f"rfc3161+{running.url}", 0), known())
    assert "gives no time stamp" in told


def test_a_witness_on_the_portal_s_own_disk_or_machine_is_known(tmp_path: Path):
    (tmp_path / "here").mkdir()
    near = (tmp_path / "here" / "file").as_uri()
    here = {"near": near, "local": "https://localhost:80/", "stamp": "rfc3161+http://[::1]"}
    away = {"far": "https://other.example", "memory": "file:///dev/shm/checkpoints"}
    for urls, expected in ((here, True), (away, False)):
        found = {name: is_here(witnesses.Witness(name, url, 0), tmp_path) for name, url in urls.items()}
        assert found == dict.fromkeys(urls, expected)
