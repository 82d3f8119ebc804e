"""The offline verifier: a sound log gives no finding, and each way to doctor one gives its own."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.audit import events, notes, offline, tree
from ckanext.anshan.audit.offline import Finding, Report

from .exports import PRIVATE_KEY, Log, busy_log, canonical, digest, lines


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four positions in a file: a small log has several."""
    monkeypatch.setattr(offline, "BLOCK", 4)


@pytest.fixture
def log() -> Log:
    return busy_log()


class Checked:
    """Writes the log and checks it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "export"

    def __call__(self, log: Log, *witnesses: dict[str, str], **more: Any) -> Report:
        if not self.folder.exists():
            log.write(self.folder)
        kept = [offline.Kept(f"witness:{number}", one["at"], one["note"]) for number, one in enumerate(witnesses, 1)]
        given = {"processes": 1, "formers": [one.key for one in more.pop("formers", ())]}
        return offline.verify(offline.Folder(self.folder), [log.key], kept, **(given | more))


@pytest.fixture
def check(tmp_path: Path) -> Checked:
    return Checked(tmp_path)


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def only(report: Report) -> Finding:
    assert len(report.findings) == 1, report.as_text()
    return report.findings[0]


def one(report: Report, code: str) -> Finding:
    found = [finding for finding in report.findings if finding.code == code]
    assert len(found) == 1, report.as_text()
    return found[0]


# ---- nothing is wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("processes", [1, 2])
def test_a_sound_log_gives_no_finding(log: Log, check: Checked, processes: int) -> None:
    report = check(log, *log.checkpoints, processes=processes)
    assert codes(report) == []
    assert report.exit_code() == 0
    expected = {"log": log.name, "events": 15, "checkpoints": 8, "objects": 3, "unseen": 0}
    assert report.totals | expected == report.totals
    assert 0 <= report.totals["seconds"] < 60
    assert report.totals["per_second"] > 0


@pytest.mark.parametrize("size", range(11))
def test_logs_of_every_size_are_sound(check: Checked, size: int) -> None:
    log = Log()
    for number in range(size):
        log.add(log.change("tea", f"state {number}"))
        log.seal()
    assert codes(check(log)) == []


def test_the_files_of_a_real_export_hold_65536_positions(
    log: Log, check: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert offline.BLOCK == 65_536
    log.add(*(log.look("tea") for _ in range(65_530)))
    log.seal()
    log.pending.clear()
    log.objects["tea"] = "oolong"
    assert codes(check(log)) == []
    assert [path.name for path in sorted(check.folder.glob("events/*"))] == ["000000.jsonl", "000001.jsonl"]


def test_events_of_one_object_may_lie_in_another_order_than_they_happened(check: Checked) -> None:
    log = Log()
    first, second, third = (log.change("tea", state) for state in ("green", "black", "oolong"))
    log.add(second, first, log.body(), log.body(), third)
    log.seal()
    assert codes(check(log)) == []


def test_an_event_that_has_only_just_happened_may_wait(log: Log, check: Checked) -> None:
    log.happened += 60
    log.add(log.body())
    log.seal()
    assert codes(check(log, patience=62)) == []
    assert codes(check(log, patience=60)) == ["event_inserted"]


# ---- checkpoints ----------------------------------------------------------------------------------------------------


def test_another_key_of_the_same_name_is_named(log: Log, check: Checked) -> None:
    log.add(log.body())
    log.seal(notes.Signer.parse(notes.generate(log.name)[0]))
    report = check(log)
    assert codes(report) == ["key_swapped", "unsigned_leaves"]
    assert report.findings[0].where == "checkpoints.jsonl:5"
    assert report.exit_code() == 1


def test_a_key_of_another_name_is_named(log: Log, check: Checked) -> None:
    log.checkpoints.pop()
    log.seal(notes.Signer.parse(notes.generate("somebody.example")[0]))
    assert codes(check(log)) == ["key_swapped", "unsigned_leaves"]


def test_the_keys_of_the_manifest_are_not_believed(log: Log, check: Checked) -> None:
    thief = Log()
    log.checkpoints.clear()
    log.seal(thief.signer)
    log.changes["keys"] = [thief.vkey]
    assert codes(check(log)) == ["key_swapped", "no_checkpoint"]


def test_a_checkpoint_changed_after_it_was_signed_is_named(log: Log, check: Checked) -> None:
    sealed = log.checkpoints[1]
    sealed["note"] = sealed["note"].replace("\n8\n", "\n7\n")
    finding = only(check(log))
    assert (finding.code, finding.where) == ("bad_signature", "checkpoints.jsonl:2")


def test_a_wrong_signature_of_another_given_key_counts(log: Log, check: Checked) -> None:
    witness = Log("witness.example")
    cosigned = witness.signer.sign("another text\n").partition("\n\n")[2]
    log.checkpoints[1]["note"] += cosigned
    log.write(check.folder)
    report = offline.verify(offline.Folder(check.folder), [log.key, witness.key], processes=1)
    assert only(report).code == "bad_signature"
    assert codes(check(log)) == []  # nobody who doesn't know the witness can tell


def test_a_witness_key_alone_does_not_make_a_checkpoint(log: Log, check: Checked) -> None:
    witness = Log("witness.example")
    log.seal(witness.signer)
    log.write(check.folder)
    report = offline.verify(offline.Folder(check.folder), [log.key, witness.key], processes=1)
    assert only(report).code == "key_swapped"


def test_the_checkpoint_of_another_log_is_named(log: Log, check: Checked) -> None:
    log.seal(origin="data.example/other")
    finding = only(check(log))
    assert finding.code == "wrong_origin"
    assert finding.facts == {"origin": "data.example/other", "expected": log.name}


def test_the_manifest_of_another_log_is_named(log: Log, check: Checked) -> None:
    log.changes["origin"] = "data.example/other"
    finding = only(check(log))
    assert (finding.code, finding.where) == ("wrong_origin", "manifest.json")


def test_two_roots_of_one_size_are_a_fork(log: Log, check: Checked) -> None:
    other = log.seal(size=9, root=bytes(32), at="2026-11-30T00:00:00+00:00")
    log.checkpoints.remove(other)
    finding = only(check(log, other))
    assert (finding.code, finding.where) == ("forked", "witness:1")
    assert finding.facts["size"] == 9
    assert finding.facts["other"] == "checkpoints.jsonl:3"


def test_a_witness_whose_root_no_later_tree_begins_with_saw_a_fork(log: Log, check: Checked) -> None:
    other = log.seal(size=10, root=bytes(32))
    log.checkpoints.remove(other)
    finding = only(check(log, other))
    assert (finding.code, finding.where) == ("forked", "witness:1")
    assert finding.facts["other"] == "checkpoints.jsonl:4"


def test_a_whole_history_signed_anew_is_a_fork_to_who_kept_a_checkpoint(log: Log, check: Checked) -> None:
    """Whoever has the log's key can rewrite everything, and is found out by the first witness."""
    kept = log.checkpoints[1]
    log.checkpoints.clear()
    log.bodies[2] = log.look("rice")
    log.leaves[2] = tree.leaf_hash(log.bodies[2])
    log.seal()
    assert codes(check(log)) == []
    assert codes(check(log, kept)) == ["forked"]


def test_a_log_shorter_than_a_witness_saw_it_was_rolled_back(log: Log, check: Checked) -> None:
    old = busy_log()
    old.signer, old.key = log.signer, log.key
    for _ in range(6):
        old.add(old.body())
    kept = old.seal()
    finding = only(check(log, kept))
    assert (finding.code, finding.where) == ("rolled_back", "witness:1")
    assert finding.facts == {"at": kept["at"], "size": 20, "later": log.checkpoints[-1]["at"], "found": 14}
    for words in finding.words():
        assert "20" in words
        assert kept["at"] in words


def test_a_checkpoint_smaller_than_the_one_before_was_rolled_back(log: Log, check: Checked) -> None:
    log.checkpoints[1], log.checkpoints[2] = log.checkpoints[2], log.checkpoints[1]
    finding = only(check(log))
    assert (finding.code, finding.where) == ("rolled_back", "checkpoints.jsonl:3")
    assert (finding.facts["size"], finding.facts["found"]) == (9, 8)


def test_events_without_any_checkpoint_prove_nothing(log: Log, check: Checked) -> None:
    log.checkpoints.clear()
    finding = only(check(log))
    assert (finding.code, finding.facts) == ("no_checkpoint", {"leaves": 14})


def test_leaves_after_the_last_checkpoint_are_named(log: Log, check: Checked) -> None:
    log.add(log.body(), log.body())
    finding = only(check(log))
    assert finding.code == "unsigned_leaves"
    assert (finding.facts["size"], finding.facts["leaves"]) == (14, 16)


@pytest.mark.parametrize("left", [13, 12, 11, 8, 1, 0])
def test_leaves_cut_off_at_the_end_are_named(log: Log, check: Checked, left: int) -> None:
    del log.leaves[left:], log.bodies[left:]
    found = one(check(log), "truncated")
    assert (found.facts["size"], found.facts["leaves"]) == (14, left)


# ---- events ---------------------------------------------------------------------------------------------------------

RANGES = [(0, 0, 2), (2, 0, 2), (3, 3, 7), (7, 3, 7), (8, 8, 8), (9, 9, 13), (13, 9, 13)]


@pytest.mark.parametrize(("position", "first", "last"), RANGES)
def test_a_changed_leaf_is_narrowed_down_to_what_was_sealed_at_once(
    log: Log, check: Checked, position: int, first: int, last: int
) -> None:
    log.bodies[position] = log.bodies[position].replace(b'"publisher"', b'"visitor"')
    log.leaves[position] = tree.leaf_hash(log.bodies[position])
    finding = only(check(log))
    assert finding.code == "leaves_changed"
    assert (finding.facts["first"], finding.facts["last"]) == (first, last)


def test_a_missing_leaf_is_found_with_its_event(log: Log, check: Checked) -> None:
    log.leaves[5] = bytes(32)
    report = check(log)
    assert codes(report) == ["leaves_changed", "event_changed"]
    assert report.findings[0].facts["first"] == 3


def test_a_witness_narrows_the_range_further(log: Log, check: Checked) -> None:
    kept = log.seal(size=5, root=tree.root(log.leaves[:5]))
    log.checkpoints.remove(kept)
    log.bodies[6] = log.look("tea")
    log.leaves[6] = tree.leaf_hash(log.bodies[6])
    finding = only(check(log, kept))
    assert (finding.code, finding.facts["first"], finding.facts["last"]) == ("leaves_changed", 5, 7)


def test_a_changed_event_is_named(log: Log, check: Checked) -> None:
    id = json.loads(log.bodies[6])["id"]
    log.bodies[6] = log.bodies[6].replace(b'"publisher"', b'"visitor"')
    finding = only(check(log))
    assert (finding.code, finding.where) == ("event_changed", "events/000001.jsonl:3")
    assert (finding.facts["position"], finding.facts["id"]) == (6, id)


def test_a_deleted_event_is_named(log: Log, check: Checked) -> None:
    log.bodies[10] = b""
    finding = only(check(log))
    assert (finding.code, finding.where) == ("event_deleted", "events/000002.jsonl:3")
    assert finding.facts == {"position": 10}


def test_a_deleted_event_about_an_object_leaves_a_gap_in_its_history(log: Log, check: Checked) -> None:
    log.bodies[3] = b""
    report = check(log)
    assert codes(report) == ["event_deleted", "object_gap"]
    assert report.findings[1].facts == {"type": "entry", "id": "tea", "before": 1, "after": 3}


def test_two_events_that_changed_places_are_told_from_changed_ones(log: Log, check: Checked) -> None:
    log.bodies[2], log.bodies[12] = log.bodies[12], log.bodies[2]
    report = check(log)
    assert codes(report) == ["events_reordered"] * 2
    assert [(one.facts["position"], one.facts["belongs"]) for one in report.findings] == [(2, 12), (12, 2)]


@pytest.mark.parametrize("again", [3, 9])
def test_an_event_that_stands_there_twice_is_named(log: Log, check: Checked, again: int) -> None:
    log.checkpoints.clear()
    log.pending.clear()
    log.objects["tea"] = "oolong"
    log.add(*(log.body() for _ in range(again)), log.bodies[6])
    log.seal()
    finding = only(check(log))
    assert finding.code == "event_doubled"
    position = 14 + again
    assert finding.facts["places"] == f"events/000001.jsonl:3, events/{position // 4:06}.jsonl:{position % 4 + 1}"


def test_two_events_of_one_id_are_named_whatever_they_say(log: Log, check: Checked) -> None:
    id = json.loads(log.bodies[2])["id"]
    log.add(log.body(id=id))
    log.seal()
    finding = only(check(log))
    assert (finding.code, finding.facts["id"], finding.facts["times"]) == ("event_doubled", id, 2)


def test_an_event_that_has_a_position_does_not_wait_for_one(log: Log, check: Checked) -> None:
    log.pending.append(log.bodies[12])
    finding = only(check(log))
    assert (finding.code, finding.where) == ("event_doubled", "pending.jsonl:2")


def test_an_event_put_in_afterwards_is_named(log: Log, check: Checked) -> None:
    log.pending.append(log.body(at="2026-11-29T08:30:00.5Z".replace(".5Z", ".500000Z")))
    finding = only(check(log))
    assert (finding.code, finding.where) == ("event_inserted", "pending.jsonl:2")
    assert finding.facts["id"] == json.loads(log.pending[1])["id"]
    assert finding.facts["sealed"] == log.checkpoints[-1]["at"]


def test_the_time_of_a_checkpoint_is_the_signed_one(log: Log, check: Checked) -> None:
    text = notes.checkpoint(log.name, 14, tree.root(log.leaves), ("2026-12-24T00:00:00+00:00",))
    log.checkpoints[-1]["note"] = log.signer.sign(text)
    finding = only(check(log))
    assert (finding.code, finding.facts["sealed"]) == ("event_inserted", "2026-12-24T00:00:00+00:00")


# ---- objects --------------------------------------------------------------------------------------------------------


def test_an_object_changed_past_the_log_is_named(log: Log, check: Checked) -> None:
    log.objects["salt"] = "fine"
    finding = only(check(log))
    assert (finding.code, finding.where) == ("object_changed", "objects.jsonl:2")
    assert finding.facts["version"] == 2
    assert (finding.facts["state"], finding.facts["found"]) == (digest("coarse"), digest("fine"))


def test_what_waits_is_the_last_event_of_its_object(log: Log, check: Checked) -> None:
    log.objects["tea"] = "oolong"
    finding = only(check(log))
    assert (finding.code, finding.facts["version"], finding.facts["state"]) == ("object_changed", 4, digest("white"))


def test_an_object_deleted_past_the_log_is_named(log: Log, check: Checked) -> None:
    del log.objects["rice"]
    finding = only(check(log))
    assert finding.code == "object_gone"
    assert finding.facts == {"type": "entry", "id": "rice", "version": 3}


def test_an_object_that_came_back_past_the_log_is_named(log: Log, check: Checked) -> None:
    log.objects["oil"] = "rapeseed"
    finding = only(check(log))
    assert (finding.code, finding.facts["state"]) == ("object_changed", "-")


def test_an_object_without_any_event_is_named(log: Log, check: Checked) -> None:
    log.objects["gold"] = "pure"
    finding = only(check(log))
    assert finding.code == "object_unknown"
    assert finding.facts == {"type": "entry", "id": "gold"}


def test_a_version_without_an_event_is_named(log: Log, check: Checked) -> None:
    log.versions["salt"] += 2
    log.add(log.change("salt", "rock"))
    log.seal()
    finding = only(check(log))
    assert (finding.code, finding.facts) == ("object_gap", {"type": "entry", "id": "salt", "before": 2, "after": 5})


def test_the_first_event_of_an_object_is_that_of_its_first_version(check: Checked) -> None:
    log = Log()
    log.versions["tea"] = 1
    log.add(log.change("tea", "green"))
    log.seal()
    assert only(check(log)).facts == {"type": "entry", "id": "tea", "before": 0, "after": 2}


def test_a_change_past_the_log_shows_in_the_next_event(log: Log, check: Checked) -> None:
    log.objects["salt"] = "stolen"
    log.add(log.change("salt", "rock"))
    log.seal()
    finding = only(check(log))
    assert (finding.code, finding.facts["version"]) == ("object_history", 3)
    assert (finding.facts["was"], finding.facts["state"]) == (digest("stolen"), digest("coarse"))


def test_an_object_that_was_there_before_its_first_event_is_named(check: Checked) -> None:
    log = Log()
    log.objects["tea"] = "smuggled"
    log.add(log.change("tea", "green"))
    log.seal()
    finding = only(check(log))
    assert (finding.code, finding.facts["was"]) == ("object_history", digest("smuggled"))


def test_the_same_version_twice_is_named(log: Log, check: Checked) -> None:
    log.versions["salt"] -= 1
    log.add(log.change("salt", "rock"))
    log.seal()
    report = check(log)
    assert set(codes(report)) == {"object_history"}
    assert report.findings[0].facts["version"] == 2


# ---- events read in two ways -----------------------------------------------------------------------------------------


ODD = st.text(st.characters(codec="utf-8"), max_size=12)


@given(
    ODD,
    ODD,
    st.dictionaries(ODD, ODD | st.lists(ODD, max_size=2) | st.dictionaries(ODD, ODD), max_size=2),
    st.booleans(),
)
def test_an_event_tells_the_same_however_it_is_read(
    id: str, reason: str, facts: dict[str, Any], versioned: bool
) -> None:
    about = events.Object("entry", id, 7 if versioned else 0, "ab" * 32, "")
    event = events.Event("entry.changed", object=about, code=reason, facts=facts)
    at = events.now()
    body = events.write(events.new_id(at), at, event, events.Who(role=reason), "cd" * 32, b"key").body.encode()
    assert offline.told(body) == offline.told_as_json(body)


def test_most_events_are_read_the_short_way(log: Log) -> None:
    about = events.Object("entry", "7c4e", 7, "ab" * 32, "")
    event = events.Event("entry.changed", object=about, action="package_patch", facts={"文件": "站点.csv", "行": 3})
    at = events.now()
    body = events.write(events.new_id(at), at, event, events.Who("p", "api", "publisher", "o"), "cd" * 32, b"key").body
    assert offline.PLAIN(body.encode()) and not offline.PLAIN(log.look("tea"))


# ---- archives -------------------------------------------------------------------------------------------------------


def test_events_in_archives_are_as_good_as_those_in_the_log(log: Log, check: Checked) -> None:
    log.trim(9, [(0, 2), (3, 8)])
    report = check(log)
    assert codes(report) == []
    assert (report.totals["events"], report.totals["unseen"]) == (17, 0)


def test_without_the_archives_the_hashes_are_enough_and_the_report_says_so(log: Log, check: Checked) -> None:
    log.trim(9, [(0, 8)])
    log.archives.clear()
    report = check(log)
    assert codes(report) == []
    assert (report.totals["events"], report.totals["unseen"]) == (7, 9)
    assert "Of the first 9 events only the hashes were checked" in report.as_text()


def test_an_earlier_archive_does_not_blame_objects_for_a_later_one_that_is_away(log: Log, check: Checked) -> None:
    log.trim(9, [(0, 2), (3, 8)])
    del log.archives["archive-3.jsonl.gz"]
    report = check(log)
    assert codes(report) == []
    assert (report.totals["events"], report.totals["unseen"]) == (11, 9)


def test_without_the_first_archive_the_others_still_tell_of_objects(log: Log, check: Checked) -> None:
    log.trim(9, [(0, 2), (3, 8)])
    del log.archives["archive-0.jsonl.gz"]
    assert check(log).totals["unseen"] == 3
    assert codes(check(log)) == []


def test_an_event_changed_in_an_archive_is_named(log: Log, check: Checked) -> None:
    log.bodies[6] = log.bodies[6].replace(b'"publisher"', b'"visitor"')
    log.trim(9, [(0, 8)])
    finding = only(check(log))
    assert (finding.code, finding.where, finding.facts["position"]) == ("event_changed", "archive-0.jsonl.gz:7", 6)


def test_an_event_missing_in_an_archive_makes_it_another_file(log: Log, check: Checked) -> None:
    log.trim(9, [(0, 8)])
    lines = gzip.decompress(log.archives["archive-0.jsonl.gz"]).splitlines(keepends=True)
    log.archives["archive-0.jsonl.gz"] = gzip.compress(b"".join(lines[:6] + lines[7:]))
    assert "archive_changed" in codes(check(log))


def test_a_month_may_have_events_of_another_between_its_own(log: Log, check: Checked) -> None:
    later = log.bodies[6]
    log.bodies[6] = b""
    log.trim(9, [(0, 8)])
    log.bodies[6] = later
    assert codes(check(log)) == []


def test_what_the_log_has_no_record_of_was_not_archived_but_deleted(log: Log, check: Checked) -> None:
    log.trim(6, [(0, 5)])
    assert log.trimmed
    log.bodies[6:9] = [b""] * 3
    log.trimmed["before"] = 9
    assert "trim_unrecorded" in codes(check(log))


def test_an_archive_that_was_made_later_is_none(log: Log, check: Checked) -> None:
    log.trim(9, [(0, 8)])
    assert log.trimmed
    packed = gzip.compress(b"".join(b"%d\t{}\n" % position for position in range(9)))
    log.archives["archive-0.jsonl.gz"] = packed
    log.trimmed["archives"][0]["sha256"] = hashlib.sha256(packed).hexdigest()
    assert {"trim_unrecorded", "event_changed"} <= set(codes(check(log)))


def straggler(log: Log) -> bytes:
    """Take an event out, which another month's archive will hold, or none yet."""
    body, log.bodies[6] = log.bodies[6], b""
    return body


def test_an_event_of_a_later_month_may_stay_among_those_of_an_archive(log: Log, check: Checked) -> None:
    body = straggler(log)
    log.trim(9, [(0, 8)])
    log.bodies[6] = body
    report = check(log)
    assert codes(report) == []
    assert report.totals["unseen"] == 0


def test_an_event_that_is_in_no_archive_is_missing_even_below_them(log: Log, check: Checked) -> None:
    straggler(log)
    log.trim(9, [(0, 8)])
    finding = only(check(log))
    assert (finding.code, finding.where) == ("event_deleted", "events/000001.jsonl:3")
    assert finding.facts == {"position": 6}


def overlapping(log: Log) -> None:
    """Two months, of which the second begins before the first ends."""
    body = straggler(log)
    log.trim(8, [(0, 7)])
    assert log.trimmed
    first = log.trimmed["archives"]
    log.bodies[6] = body
    log.trim(9, [(6, 8)])
    log.trimmed["archives"] = first + log.trimmed["archives"]


def test_months_that_overlap_are_seen_whole(log: Log, check: Checked) -> None:
    overlapping(log)
    report = check(log)
    assert codes(report) == []
    assert report.totals["unseen"] == 0


def test_of_months_that_overlap_one_may_be_away(log: Log, check: Checked) -> None:
    overlapping(log)
    del log.archives["archive-0.jsonl.gz"]
    report = check(log)
    assert codes(report) == []
    assert report.totals["unseen"] == 8


def test_an_event_missing_after_the_archives_is_named(log: Log, check: Checked) -> None:
    log.trim(6, [(0, 5)])
    log.bodies[6] = b""
    assert only(check(log)).facts == {"position": 6}


def test_another_file_than_the_archived_one_is_named(log: Log, check: Checked) -> None:
    log.trim(9, [(0, 8)])
    assert log.trimmed
    log.trimmed["archives"][0]["sha256"] = "0" * 64
    assert set(codes(check(log))) == {"archive_changed", "trim_unrecorded"}


def test_an_empty_file_is_not_the_archived_one(log: Log, check: Checked) -> None:
    log.trim(9, [(0, 8)])
    log.archives["archive-0.jsonl.gz"] = b""
    assert only(check(log)).code == "archive_changed"


@pytest.mark.parametrize(
    ("archived", "reason"),
    [((0, 7), "it ends with position 7, not with 8"), ((0, 9), "position 9 stands where one after 8 should")],
)
def test_an_archive_that_lacks_a_line_cannot_be_read(
    log: Log, check: Checked, archived: tuple[int, int], reason: str
) -> None:
    log.trim(9, [archived])
    assert log.trimmed
    log.trimmed["archives"][0] |= {"first": 0, "last": 8}
    unread = [finding for finding in check(log).findings if finding.code == "unreadable"]
    assert reason in unread[0].facts["reason"]


@pytest.mark.parametrize("damage", [lambda packed: packed[:-20], lambda packed: b"no gzip"])
def test_a_damaged_archive_cannot_be_read(log: Log, check: Checked, damage: Any) -> None:
    log.trim(9, [(0, 8)])
    log.archives["archive-0.jsonl.gz"] = damage(log.archives["archive-0.jsonl.gz"])
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", "archive-0.jsonl.gz")


def test_an_archive_is_looked_for_in_the_folder_alone(log: Log, check: Checked, tmp_path: Path) -> None:
    log.trim(9, [(0, 8)])
    (tmp_path / "elsewhere.gz").write_bytes(log.archives.pop("archive-0.jsonl.gz"))
    assert log.trimmed
    log.trimmed["archives"][0]["file"] = "../elsewhere.gz"
    assert check(log).totals["unseen"] == 9


# ---- former keys ----------------------------------------------------------------------------------------------------


def lossy(log: Log, number: int = 6) -> list[dict[str, str]]:
    """So many events are sealed one by one and then lost; gives the checkpoints that others kept of them."""
    for _ in range(number):
        log.add(log.body())
        log.seal()
    return log.lose(number)


def told(report: Report) -> list[tuple[int, int]]:
    """Of each key that was given up, over how many events, and how many were lost."""
    return [(one["size"], one["lost"]) for one in report.begun_anew]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_loss_that_the_log_announced_under_its_new_key_is_no_finding(
    log: Log, check: Checked, processes: int
) -> None:
    kept = [*log.checkpoints, *lossy(log)]
    former = log.begin_anew()
    log.add(log.body())
    kept.append(log.seal())
    report = check(log, *kept, formers=[former], processes=processes)
    assert (codes(report), report.exit_code(), report.totals["lost"], told(report)) == ([], 0, 6, [(14, 6)])
    text = report.as_text()
    assert "已公告丢失的事件 · lost: 6" in text and "the disk burnt" in text
    assert "after 14 events" in text and "at most 6 were lost" in text
    assert json.loads(report.as_json())["begun_anew"] == report.begun_anew


def test_without_its_former_key_the_log_is_another_one(log: Log, check: Checked) -> None:
    kept = lossy(log)
    log.begin_anew()
    report = check(log, kept[-1])
    assert set(codes(report)) == {"key_swapped"} and report.counts["key_swapped"] == 5
    assert "lost" not in report.totals


def test_a_loss_of_which_nobody_kept_a_checkpoint_is_told_as_it_was_known(log: Log, check: Checked) -> None:
    former = log.begin_anew(known=40)
    report = check(log, formers=[former])
    assert (codes(report), told(report)) == ([], [(14, 26)])


def test_a_key_alone_may_be_lost(log: Log, check: Checked) -> None:
    kept, former = log.checkpoints[:], log.begin_anew()
    assert told(check(log, *kept, formers=[former])) == [(14, 0)]


def test_a_log_may_lose_everything(check: Checked) -> None:
    log = Log()
    kept = lossy(log)
    former = log.change_keys()
    log.seal()  # an empty one, for its root
    log.add(log.handover(former))
    log.checkpoints.clear()
    log.seal()
    report = check(log, *kept, formers=[former])
    assert (codes(report), told(report)) == ([], [(0, 6)])


def test_what_was_recorded_before_the_backup_and_sealed_again_is_not_lost(log: Log, check: Checked) -> None:
    event = log.body()
    log.add(event, log.body())
    again = log.seal(size=15, root=tree.root(log.leaves[:15]))
    kept = [again, log.seal()]
    log.lose(2)
    former = log.change_keys()
    log.add(event, log.handover(former))
    log.seal()
    report = check(log, *kept, formers=[former])
    assert (codes(report), told(report)) == ([], [(14, 1)])


def test_a_loss_that_is_not_announced_is_found(log: Log, check: Checked) -> None:
    kept, former = lossy(log), log.change_keys()
    log.add(log.body())
    log.seal()
    assert codes(check(log, kept[-1], formers=[former])) == ["rolled_back"]


def test_a_loss_that_is_not_announced_is_found_when_the_log_has_grown_since(log: Log, check: Checked) -> None:
    kept, former = lossy(log), log.change_keys()
    log.add(*(log.body() for _ in range(9)))
    log.seal()
    assert codes(check(log, kept[-1], formers=[former])) == ["forked"]


@pytest.mark.parametrize(
    "other",
    [
        {"root": "00" * 32},
        {"size": 13},
        {"size": 99},
        {"former": Log().vkey},
        {"new": Log().vkey},
    ],
)
def test_another_announcement_is_not_believed(log: Log, check: Checked, other: dict[str, Any]) -> None:
    kept, former = lossy(log), log.begin_anew(**other)
    report = check(log, kept[-1], formers=[former])
    assert (codes(report), told(report)) == (["rolled_back"], [])


def test_an_announcement_that_the_new_key_never_sealed_is_not_believed(log: Log, check: Checked) -> None:
    kept, former = lossy(log), log.change_keys()
    log.pending.append(log.handover(former))
    assert codes(check(log, kept[-1], formers=[former])) == ["rolled_back", "no_checkpoint"]


def test_an_announcement_that_only_the_former_key_sealed_is_not_believed(log: Log, check: Checked) -> None:
    log.add(log.body())
    kept, former = lossy(log), log.change_keys()
    log.seal()
    log.add(log.handover(former, size=14))
    log.seal(former, origin=former.key.name)
    assert set(codes(check(log, kept[-1], formers=[former]))) == {"rolled_back", "unsigned_leaves"}


def test_an_announcement_that_was_put_in_is_found(log: Log, check: Checked) -> None:
    kept, former = lossy(log), log.begin_anew(size=9)
    log.bodies[-1] = log.handover(former)
    assert {"event_changed", "rolled_back"} <= set(codes(check(log, kept[-1], formers=[former])))


def test_what_the_former_key_signed_up_to_then_must_fit(log: Log, check: Checked) -> None:
    other = log.seal(size=10, root=bytes(32))
    log.checkpoints.remove(other)
    former = log.begin_anew()
    finding = only(check(log, other, formers=[former]))
    assert (finding.code, finding.where) == ("forked", "witness:1")


def test_a_checkpoint_in_the_export_by_the_former_key_must_fit(log: Log, check: Checked) -> None:
    other = log.seal(size=13, root=bytes(32))
    log.checkpoints.remove(other)
    former = log.begin_anew()
    log.checkpoints.insert(3, other)
    assert codes(check(log, formers=[former])) == ["forked"]


def test_a_former_key_that_goes_on_signing_is_named(log: Log, check: Checked) -> None:
    former = log.begin_anew()
    log.add(log.body())
    log.seal(former, origin=former.key.name)
    log.seal()
    finding = only(check(log, formers=[former]))
    assert (finding.code, finding.where) == ("former_key", "checkpoints.jsonl:6")
    assert (finding.facts["size"], finding.facts["found"]) == (14, 16)


def test_what_a_former_key_alone_signed_is_not_signed(log: Log, check: Checked) -> None:
    former = log.begin_anew()
    log.add(log.body())
    log.seal(former, origin=former.key.name)
    assert set(codes(check(log, formers=[former]))) == {"former_key", "unsigned_leaves"}


def test_a_log_may_begin_anew_again_and_again(log: Log, check: Checked) -> None:
    kept = lossy(log, 6)
    formers = [log.begin_anew(reason="a flood")]
    kept += lossy(log, 3)
    formers.append(log.begin_anew(reason="a fire"))
    kept += lossy(log, 2)
    formers.append(log.begin_anew())
    for order in (formers, formers[::-1]):
        report = check(log, *kept, formers=order)
        assert (codes(report), told(report)) == ([], [(14, 6), (15, 3), (16, 2)])
        assert report.totals["lost"] == 11
    assert "key_swapped" in codes(check(log, *kept, formers=formers[1:]))


def test_two_keys_may_be_given_up_at_once(log: Log, check: Checked) -> None:
    """The backup was older than the first announcement."""
    kept = lossy(log, 6)
    first = log.begin_anew()
    kept += lossy(log, 3)
    kept += log.lose(1)
    second = log.change_keys()
    log.add(log.handover(first), log.handover(second))
    log.seal()
    report = check(log, *kept, formers=[first, second])
    assert (codes(report), told(report)) == ([], [(14, 6), (14, 4)])


def test_no_later_or_earlier_event_moves_what_was_announced(log: Log, check: Checked) -> None:
    """Who holds the portal may write false events, but neither under a key that isn't there yet nor in between."""
    first = log.begin_anew()
    log.add(log.body(), log.handover(log.signer, new=first.vkey, size=9, root=tree.root(log.leaves[:9]).hex()))
    log.seal()
    kept = lossy(log)
    second = log.begin_anew()
    log.add(log.handover(second, size=9, root=tree.root(log.leaves[:9]).hex()))
    log.seal()
    report = check(log, *kept, formers=[first, second])
    assert (codes(report), told(report)) == ([], [(14, 0), (17, 6)])


def test_what_was_announced_is_told_again_when_its_month_is_taken_out(log: Log, check: Checked) -> None:
    kept, former = lossy(log), log.begin_anew()
    at = json.loads(log.bodies[-1])["at"]
    log.objects.clear()
    log.pending.clear()
    log.add(log.handover(former, at=at, size=14, root=tree.root(log.leaves[:14]).hex()))
    log.trim(15, [(0, 14)])
    log.archives.clear()
    report = check(log, *kept, formers=[former])
    assert (codes(report), told(report), report.begun_anew[0]["at"]) == ([], [(14, 6)], at)


def test_a_proof_under_a_former_key_needs_that(log: Log) -> None:
    proof, former = log.proof(6), log.begin_anew()
    assert codes(offline.verify_proof(proof, [log.key], formers=[former.key])) == []
    assert codes(offline.verify_proof(proof, [log.key])) == ["key_swapped"]


def test_an_archive_under_a_former_key_needs_that(log: Log, tmp_path: Path) -> None:
    path, former = archived(log, tmp_path, 3, 7), log.begin_anew()
    assert codes(offline.verify_archive(path, [log.key], [former.key])) == []
    assert codes(offline.verify_archive(path, [log.key])) == ["key_swapped"]


def test_an_announcement_cannot_steer_the_terminal(log: Log, check: Checked) -> None:
    former = log.begin_anew(reason="a\n✗ nothing\x1b[2J")
    lines = check(log, formers=[former]).as_text().splitlines()
    assert not any(line.startswith("✗") or "\x1b" in line for line in lines)


# ---- what can't be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["manifest.json", "leaves.bin", "events/000001.jsonl", "objects.jsonl"])
@pytest.mark.parametrize("processes", [1, 2])
def test_a_missing_file_is_named(log: Log, check: Checked, name: str, processes: int) -> None:
    (log.write(check.folder) / name).unlink()
    report = check(log, processes=processes)
    finding = only(report)
    assert (finding.code, finding.where) == ("unreadable", name)
    assert report.exit_code() == 2


def test_without_the_file_of_pending_events_objects_are_not_judged(log: Log, check: Checked) -> None:
    (log.write(check.folder) / "pending.jsonl").unlink()
    report = check(log)
    assert set(codes(report)) == {"unreadable"}
    assert {finding.where for finding in report.findings} == {"pending.jsonl"}


@pytest.mark.parametrize("processes", [1, 2])
def test_without_the_file_of_checkpoints_nothing_is_proved(log: Log, check: Checked, processes: int) -> None:
    (log.write(check.folder) / "checkpoints.jsonl").unlink()
    report = check(log, processes=processes)
    assert codes(report) == ["unreadable", "no_checkpoint"]
    assert report.exit_code() == 1


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": "another"}', "null"])
def test_a_manifest_that_is_none_is_named(log: Log, check: Checked, content: str) -> None:
    (log.write(check.folder) / "manifest.json").write_text(content, "utf-8")
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", "manifest.json")


@pytest.mark.parametrize(
    "trimmed",
    [7, [], {"before": "9"}, {"before": 9, "archives": [{}]}, {"before": 9, "archives": [{"first": "x"}]}],
)
def test_a_manifest_with_an_odd_list_of_archives_is_named(log: Log, check: Checked, trimmed: Any) -> None:
    log.changes["trimmed"] = trimmed
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", "manifest.json")


def test_a_manifest_that_counts_otherwise_is_named(log: Log, check: Checked) -> None:
    log.changes["size"] = 15
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", "leaves.bin")
    assert finding.facts["reason"] == "14 leaf hashes, the manifest says 15"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("checkpoints.jsonl", b"{"),
        ("checkpoints.jsonl", b"[]"),
        ("checkpoints.jsonl", b'{"note": 7}'),
        ("checkpoints.jsonl", b'{"at": "", "note": "no note"}'),
        ("objects.jsonl", b"{"),
        ("objects.jsonl", b'["entry", "id"]'),
        ("objects.jsonl", b'["entry", "id", null]'),
        ("objects.jsonl", b"\xff"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(log: Log, check: Checked, name: str, line: bytes) -> None:
    path = log.write(check.folder) / name
    good = path.read_bytes()
    path.write_bytes(good + line + b"\n")
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", f"{name}:{good.count(10) + 1}")


@pytest.mark.parametrize(("name", "line"), [("events/000000.jsonl", 4), ("objects.jsonl", 3)])
def test_a_file_that_was_cut_is_named(log: Log, check: Checked, name: str, line: int) -> None:
    path = log.write(check.folder) / name
    path.write_bytes(path.read_bytes()[:-1])
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", f"{name}:{line}")


@pytest.mark.parametrize("change", [lambda data: data + b"{}\n", lambda data: data.partition(b"\n")[2]])
def test_a_file_of_events_with_more_or_fewer_lines_than_leaves_is_named(log: Log, check: Checked, change: Any) -> None:
    path = log.write(check.folder) / "events/000001.jsonl"
    path.write_bytes(change(path.read_bytes()))
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", "events/000001.jsonl")


def test_a_file_of_events_without_leaves_is_named(log: Log, check: Checked) -> None:
    (log.write(check.folder) / "events/000004.jsonl").write_bytes(lines([log.body()]))
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", "events/000004.jsonl")


@pytest.mark.parametrize(
    "body",
    [
        b"text",
        b"[]",
        b"{}",
        b'{"id":7}',
        b'{"id":"no uuid"}',
        b'{"id":"00","object":{"version":"1"}}',
        b'{"id":"00","object":{"version":1}}',
        b'{"id":"00","object":{"id":[],"state":"","type":"","version":1,"was":""}}',
        b'{"id":"00","object":{"id":"","state":null,"type":"","version":1,"was":null}}',
        b'{"id":"00","object":{"id":"","state":"","type":"","version":true,"was":""}}',
        b'{"id":"00"} {}',
        b"[" * 100_000,
        b"\xff",
    ],
)
@pytest.mark.parametrize("place", ["log", "pending"])
def test_an_event_that_is_none_is_named(log: Log, check: Checked, body: bytes, place: str) -> None:
    if place == "log":
        log.add(body)
        log.seal()
    else:
        log.pending.append(body)
    finding = only(check(log))
    assert finding.code == "unreadable"
    assert finding.where == ("events/000003.jsonl:3" if place == "log" else "pending.jsonl:2")


def test_a_checkpoint_at_an_odd_time_is_named(log: Log, check: Checked) -> None:
    log.checkpoints[-1]["at"] = "yesterday"
    finding = only(check(log))
    assert (finding.code, finding.where) == ("unreadable", "checkpoints.jsonl:4")


def test_what_was_changed_weighs_more_than_what_cannot_be_read(log: Log, check: Checked) -> None:
    log.objects["gold"] = "pure"
    log.pending.append(b"text")
    report = check(log)
    assert Counter(codes(report)) == {"unreadable": 1, "object_unknown": 1}
    assert report.exit_code() == 1


# ---- other sources --------------------------------------------------------------------------------------------------


class Memory:
    """A log that is no folder: what the portal needs to check its own tables."""

    def __init__(self, log: Log) -> None:
        self.log = log

    def manifest(self) -> dict[str, Any]:
        return {"origin": self.log.name, "size": len(self.log.leaves), "made": self.log.now()}

    def checkpoints(self) -> list[offline.Kept]:
        return [offline.Kept(f"row {at}", one["at"], one["note"]) for at, one in enumerate(self.log.checkpoints)]

    def blocks(self) -> int:
        return -(-len(self.log.leaves) // offline.BLOCK)

    def leaves(self, block: int) -> bytes:
        return b"".join(self.log.leaves[block * offline.BLOCK :][: offline.BLOCK])

    def bodies(self, block: int) -> list[bytes]:
        return self.log.bodies[block * offline.BLOCK :][: offline.BLOCK]

    def pending(self) -> list[bytes]:
        return self.log.pending

    def objects(self) -> list[tuple[str, str, str]]:
        return [("entry", id, state) for id, state in self.log.objects.items()]

    def archives(self) -> list[offline.Archive]:
        return []

    def archived(self, archive: offline.Archive) -> list[tuple[int, bytes]]:
        raise AssertionError(archive)


def test_what_is_no_folder_is_checked_alike(log: Log) -> None:
    source: offline.Source = Memory(log)
    assert codes(offline.verify(source, [log.key], processes=1)) == []
    log.bodies[2] = log.look("rice")
    assert codes(offline.verify(source, [log.key], processes=1)) == ["event_changed"]


# ---- an archived month by itself -------------------------------------------------------------------------------------


def archived(log: Log, folder: Path, first: int, last: int, **other: Any) -> Path:
    """A month's file and its proof: all of these positions but 6, which is of another month."""
    path = folder / "archive-2026-01.jsonl.gz"
    kept = [position for position in range(first, last + 1) if position != 6]
    path.write_bytes(gzip.compress(b"".join(b"%d\t%s\n" % (at, log.bodies[at]) for at in kept)))
    proof = {
        "format": "anshan-audit-archive/1",
        "first": first,
        "last": last,
        "size": 14,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "before": [node.hex() for node in tree.frontier(first, log._nodes).nodes],
        "others": {str(at): log.leaves[at].hex() for at in (6, *range(last + 1, 14))},
        "checkpoint": log.checkpoints[-1]["note"],
    }
    (folder / "archive-2026-01.proof.json").write_text(json.dumps(proof | other))
    return path


def test_an_archived_month_is_proved_by_itself(log: Log, tmp_path: Path) -> None:
    report = offline.verify_archive(archived(log, tmp_path, 3, 8), [log.key])
    assert codes(report) == [] and report.totals["events"] == 5
    assert offline.main(["--archive", str(tmp_path / "archive-2026-01.jsonl.gz"), "--key", log.vkey]) == 0


def test_an_archived_month_that_was_rewritten_with_its_proof_is_named(log: Log, tmp_path: Path) -> None:
    log.bodies[4] = log.bodies[4].replace(b'"publisher"', b'"visitor"')
    assert codes(offline.verify_archive(archived(log, tmp_path, 3, 8), [log.key])) == ["archive_root"]


def test_an_archived_month_that_was_exchanged_without_its_proof_is_named(log: Log, tmp_path: Path) -> None:
    path = archived(log, tmp_path, 3, 8, sha256="0" * 64)
    assert codes(offline.verify_archive(path, [log.key])) == ["archive_changed"]


def test_an_archived_month_signed_by_somebody_else_is_named(log: Log, tmp_path: Path) -> None:
    report = offline.verify_archive(archived(log, tmp_path, 3, 8), [Log().key])
    assert codes(report) == ["key_swapped"]


@pytest.mark.parametrize("change", [{"size": "x"}, {"others": []}, {"before": ["00"]}, {"others": {}}])
def test_a_proof_of_a_month_that_is_none_is_named(log: Log, tmp_path: Path, change: dict[str, Any]) -> None:
    assert codes(offline.verify_archive(archived(log, tmp_path, 3, 8, **change), [log.key])) == ["unreadable"]


def test_a_month_without_its_proof_cannot_be_read(log: Log, tmp_path: Path) -> None:
    path = archived(log, tmp_path, 3, 8)
    (tmp_path / "archive-2026-01.proof.json").unlink()
    assert codes(offline.verify_archive(path, [log.key])) == ["unreadable"]


# ---- one event's proof ----------------------------------------------------------------------------------------------

OPENED = {"key": PRIVATE_KEY.hex(), "value": '{"reason":"private"}'}


def prove(log: Log, **other: Any) -> Report:
    return offline.verify_proof(log.proof(6, **other), [log.key], "proof.json")


@pytest.mark.parametrize("position", range(14))
def test_a_proof_of_each_event_holds(log: Log, position: int) -> None:
    report = offline.verify_proof(log.proof(position), [log.key])
    assert codes(report) == []
    assert (report.totals["position"], report.totals["size"]) == (position, 14)
    assert report.totals["event"] == json.loads(log.bodies[position])["id"]


@pytest.mark.parametrize(
    "other",
    [{"position": 7}, {"position": 14}, {"position": -1}, {"path": []}, {"path": ["00" * 32] * 4}, {"size": 13}],
)
def test_a_proof_of_something_else_does_not_hold(log: Log, other: dict[str, Any]) -> None:
    assert only(prove(log, **other)).code == "proof_path"


def test_a_proof_of_a_changed_event_does_not_hold(log: Log) -> None:
    event = log.bodies[6].decode().replace("publisher", "visitor")
    assert only(prove(log, event=event)).code == "proof_path"


def test_a_proof_needs_the_logs_signature(log: Log) -> None:
    log.seal(Log().signer)
    assert only(prove(log)).code == "key_swapped"


def test_a_proof_for_another_log_is_named(log: Log) -> None:
    log.seal(origin="data.example/other")
    assert only(prove(log)).code == "wrong_origin"


def test_what_was_disclosed_is_what_the_event_stands_for(log: Log) -> None:
    report = prove(log, private=OPENED)
    assert codes(report) == []
    assert report.totals["disclosed"] is True


@pytest.mark.parametrize("other", [{"value": '{"reason":"made up"}'}, {"key": "00" * 32}])
def test_what_was_not_meant_is_not_disclosed(log: Log, other: dict[str, str]) -> None:
    finding = only(prove(log, private=OPENED | other))
    assert finding.code == "proof_private"
    assert finding.facts["expected"] == json.loads(log.bodies[6])["by"]["private"]


@pytest.mark.parametrize(
    "other",
    [
        {"format": "another"},
        {"event": 7},
        {"event": "[]"},
        {"position": None},
        {"path": ["no hex"]},
        {"checkpoint": "no note"},
        {"checkpoint": None},
        {"private": {"key": "no hex", "value": ""}},
        {"private": {"key": ""}},
    ],
)
def test_what_is_no_proof_is_named(log: Log, other: dict[str, Any]) -> None:
    assert only(prove(log, **other)).code == "unreadable"


# ---- words, report, command -----------------------------------------------------------------------------------------


def test_every_code_has_words_in_both_languages() -> None:
    for code, (chinese, english) in offline.WORDS.items():
        assert re.search("[\u4e00-\u9fff]", chinese), code
        assert not re.search("[\u4e00-\u9fff]", english), code
        assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", english)), code


def test_a_report_shows_twenty_of_a_code_and_counts_the_others() -> None:
    report = Report()
    for position in range(2_000):
        report.add("event_deleted", f"line {position}", position=position)
    text = report.as_text()
    assert "✗ event_deleted × 2000" in text
    assert "line 19\n" in text
    assert "line 20\n" not in text
    assert "另有 1980 条 · and 1980 more" in text
    assert len(report.findings) == offline.KEPT


def test_a_report_speaks_chinese_first() -> None:
    report = Report()
    report.add("event_deleted", "here", position=7)
    assert "    位置 7 的事件缺失：记录之后被删除。\n    The event at position 7 is missing" in report.as_text()


def test_an_export_cannot_steer_the_terminal(log: Log, check: Checked) -> None:
    log.objects["\x1b[2Jgold\u202e"] = "pure"
    text = check(log).as_text()
    assert "�[2Jgold�" in text
    assert "\x1b" not in text


def test_half_a_character_is_told_as_any_other(log: Log, check: Checked) -> None:
    (log.write(check.folder) / "objects.jsonl").write_text(r'["entry", "\udc80", "\udc80"]' + "\n", "utf-8")
    report = check(log)
    finding = one(report, "object_unknown")
    assert finding.facts["id"] == "\udc80"
    assert r'"id": "\udc80"' in report.as_json()
    assert json.loads(report.as_json())["findings"][0]["facts"] == finding.facts
    assert "�" in report.as_text()


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The file alone, as a stranger has it: without the portal's package around it."""
    command = [sys.executable, "-I", str(Path(offline.__file__)), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def export(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.undo()
    return log.write(tmp_path / "export")


def test_the_command_finds_a_sound_log_sound(log: Log, export: Path) -> None:
    done = run(export, "--key", log.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert "事件 · events: 15" in done.stdout
    assert done.stdout.endswith("未发现问题 · Nothing was found\n")


def test_the_command_reports_to_machines(log: Log, export: Path) -> None:
    (export / "objects.jsonl").write_text("", "utf-8")
    done = run(export, "--key", log.vkey, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["format"] == "anshan-audit-report/1"
    assert report["counts"] == {"object_gone": 3}
    finding = report["findings"][0]
    assert (finding["code"], finding["facts"]["type"]) == ("object_gone", "entry")
    assert "绕过日志删除" in finding["zh"]
    assert "deleted past the log" in finding["en"]


def test_checkpoints_that_were_appended_to_a_file_are_each_read(log: Log, export: Path, tmp_path: Path) -> None:
    """As the portal's page says to keep them: ``curl …/checkpoint >> kept.txt``, now and then."""
    kept = tmp_path / "kept.txt"
    notes_kept = [one["note"] for one in log.checkpoints]
    kept.write_text("".join(notes_kept), "utf-8")
    assert [one.note for one in offline.kept(kept)] == notes_kept
    assert offline.main([str(export), "--key", log.vkey, "--witness", str(kept)]) == 0
    kept.write_text("".join(notes_kept) + "half a checkpoint", "utf-8")
    assert offline.main([str(export), "--key", log.vkey, "--witness", str(kept)]) == 2


@pytest.mark.parametrize("form", ["lines", "note"])
def test_the_command_reads_what_a_witness_kept(log: Log, export: Path, tmp_path: Path, form: str) -> None:
    log.add(*(log.body() for _ in range(9)))
    sealed = log.seal()
    kept = tmp_path / "kept"
    kept.write_text(json.dumps(sealed) + "\n" if form == "lines" else sealed["note"], "utf-8")
    done = run(export, "--key", log.vkey, "--witness", kept)
    assert done.returncode == 1
    assert "rolled_back × 1" in done.stdout
    assert "23" in done.stdout


def test_the_command_is_told_of_former_keys(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    kept = tmp_path / "kept.jsonl"
    kept.write_text("".join(json.dumps(one) + "\n" for one in lossy(log)), "utf-8")
    former = log.begin_anew()
    folder = log.write(tmp_path / "begun anew")
    done = run(folder, "--key", log.vkey, "--former", former.vkey, "--witness", kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert "lost: 6" in done.stdout
    assert run(folder, "--key", log.vkey, "--witness", kept).returncode == 1


def test_the_command_checks_a_proof(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(log.proof(6, private=OPENED)), "utf-8")
    done = run("--proof", path, "--key", log.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    path.write_text(canonical(log.proof(6, position=5)), "utf-8")
    assert run("--proof", path, "--key", log.vkey).returncode == 1
    path.write_text("{", "utf-8")
    assert run("--proof", path, "--key", log.vkey).returncode == 2


def test_the_command_cannot_read_what_is_not_there(log: Log, tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere", "--key", log.vkey).returncode == 2
    assert run("--proof", tmp_path / "nowhere", "--key", log.vkey).returncode == 2
    assert run(tmp_path, "--key", log.vkey, "--witness", tmp_path / "nowhere").returncode == 2
    assert run(tmp_path, "--key", "no key").returncode == 2


@pytest.mark.parametrize("words", [(), ("export", "--proof", "proof.json")])
def test_the_command_wants_an_export_or_a_proof(words: tuple[str, ...]) -> None:
    done = run(*words, "--key", "k")
    assert done.returncode == 2
    assert "give either an export or --proof" in done.stderr


def test_every_code_is_asked_for_by_some_test_above() -> None:
    source = Path(__file__).read_text("utf-8")
    assert [code for code in offline.WORDS if f'"{code}"' not in source] == []
