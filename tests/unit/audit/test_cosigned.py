"""A witness whose key is known beforehand: what it signs is checked, when it comes and by an auditor later."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from ckanext.anshan.audit import notes, offline, witnesses
from ckanext.anshan.audit.notes import Signer
from ckanext.anshan.audit.offline import COSIGNATURE, Key, NoteError
from ckanext.anshan.audit.witness import Witness
from ckanext.anshan.audit.witnesses import load

from .exports import Log, busy_log


@pytest.fixture
def log() -> Log:
    return busy_log()


@pytest.fixture
def witness(log: Log, tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness", log.key)


def vkey(key: Key) -> str:
    return f"{key.name}+{key.id.hex()}+{base64.b64encode(key.type + key.public).decode()}"


def cosigned(log: Log, witness: Witness) -> dict[str, object]:
    """The newest checkpoint as the export has it, with what the witness put under it."""
    note = log.checkpoints[-1]["note"]
    answer = witness.add(f"old 0\n\n{note}")
    assert answer.status == 200
    return {"name": "other agency", "size": len(log.leaves), "at": "", "note": note + answer.text}


def checked(folder: Path, log: Log, one: dict[str, object], key: str, capsys: pytest.CaptureFixture[str]) -> dict:
    """What the verifier says when it is given a witness's key and ``witnesses.jsonl``."""
    if not (folder / "export").exists():
        log.write(folder / "export")
    (folder / "export" / "witnesses.jsonl").write_text(json.dumps(one) + "\n", "utf-8")
    words = [str(folder / "export"), "--key", log.vkey, "--key", key, "--processes", "1", "--json"]
    offline.main([*words, "--witness", str(folder / "export" / "witnesses.jsonl")])
    return json.loads(capsys.readouterr().out)["counts"]


def test_a_key_that_signs_with_a_time_is_read_as_the_witness_shows_it(witness: Witness):
    key = Key.parse(witness.vkey())
    assert (key.type, vkey(key)) == (COSIGNATURE, witness.vkey())
    plain = Key.parse(vkey(Key(key.name, offline.key_id(key.name, key.public), key.public)))
    assert plain.id != key.id, "the same bytes as the key of another type are another key"
    for wrong in (b"\2", b"\5"):
        id = offline.key_id(key.name, key.public, wrong)
        with pytest.raises(NoteError, match="not an Ed25519 key"):
            Key.parse(vkey(Key(key.name, id, key.public, wrong)))


def test_an_auditor_checks_a_cosignature_by_the_witness_s_key(
    log: Log, witness: Witness, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    one = cosigned(log, witness)
    assert checked(tmp_path, log, one, witness.vkey(), capsys) == {}
    head, _, value = str(one["note"]).rstrip("\n").rpartition(" ")
    for place in (4, 11, 12, 70):  # of the time, its end, the signature's beginning and near its end
        raw = bytearray(base64.b64decode(value))
        raw[place] ^= 1
        doctored = one | {"note": f"{head} {base64.b64encode(raw).decode()}\n"}
        assert checked(tmp_path, log, doctored, witness.vkey(), capsys) == {"bad_signature": 1}, place


def test_a_cosignature_of_another_checkpoint_is_found(
    log: Log, witness: Witness, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    one = cosigned(log, witness)
    signature = str(one["note"]).splitlines()[-1]
    other = one | {"note": log.checkpoints[0]["note"] + signature + "\n"}
    assert checked(tmp_path, log, other, witness.vkey(), capsys) == {"bad_signature": 1}


def test_a_pinned_key_must_have_signed_this_checkpoint(log: Log, witness: Witness, tmp_path: Path):
    note = log.checkpoints[-1]["note"]
    answer = witness.add(f"old 0\n\n{note}").text
    right = witnesses.Witness("a", "https://a.example", 0, Key.parse(witness.vkey()))
    witnesses.check(right, note, answer)
    stranger = Witness(tmp_path / "stranger", log.key)
    wrong = witnesses.Witness("a", "https://a.example", 0, Key.parse(stranger.vkey()))
    with pytest.raises(NoteError) as error:
        witnesses.check(wrong, note, answer)
    assert error.value.code == "key_swapped"
    with pytest.raises(NoteError) as error:
        witnesses.check(right, log.checkpoints[0]["note"], answer)
    assert error.value.code == "bad_signature"
    witnesses.check(witnesses.Witness("a", "https://a.example", 0), note, stranger.add(f"old 0\n\n{note}").text)


def test_an_answer_that_holds_more_than_signatures_is_refused(log: Log):
    """Else a witness could sign another text and have it stored as if it were this checkpoint."""
    signer = Signer.parse(notes.generate("witness")[0])
    note = log.checkpoints[-1]["note"]
    text = note.rpartition("\n\n")[0]
    other = signer.sign(f"{text}\n\nmore\n")
    answer = other.removeprefix(f"{text}\n\n")
    one = witnesses.Witness("a", "https://a.example", 0, signer.key)
    with pytest.raises(NoteError, match="more than signatures"):
        witnesses.check(one, note, answer)
    plain = signer.sign(f"{text}\n").rpartition("\n\n")[2]
    witnesses.check(one, note, plain)  # a key of the plain type signs the text itself


def test_a_list_of_witnesses_may_name_their_keys(witness: Witness, tmp_path: Path):
    path = tmp_path / "witnesses.json"
    entry = {"name": "a", "url": "https://a.example/w", "key": witness.vkey()}
    path.write_text(json.dumps([entry, {"name": "b", "url": "https://b.example"}]))
    assert [one.key for one in load(path)] == [Key.parse(witness.vkey()), None]
    path.write_text(json.dumps([entry | {"key": witness.vkey()[:-1]}]))
    with pytest.raises(witnesses.WitnessError, match="no list of witnesses"):
        load(path)
