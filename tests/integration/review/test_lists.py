"""What was open before comes in by a list that both offices signed, line by line as signed, and by nothing else."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.anshan.inspection import reports
from ckanext.anshan.people import notices
from ckanext.anshan.release import entries, importing, proposing
from ckanext.anshan.release import lists as releases
from ckanext.anshan.release.importing import Refused
from ckanext.anshan.release.rules import Approval, Basis
from ckanext.anshan.review import lists, publishing, submissions
from ckanext.anshan.workflow import repair

from ..starting import ckan, start
from ..support import agency, as_user, call_action, dataset, entry, published, reclassify, work
from .test_actions import code_of, queue
from .town import Town, scanned, show, sign

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

CSV = "name,n\n鞍山站,12\n"
VISITOR = {"name": ""}


@pytest.fixture
def owner() -> dict[str, Any]:
    return agency()


def manifest(folder: Path, *lines: Mapping[str, Any] | str) -> Path:
    path = folder / "manifest.jsonl"
    written = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines)
    path.write_text("\n".join(written), "utf-8")
    return path


def line(folder: Path, found: Mapping[str, Any], **files: str) -> dict[str, Any]:
    """A line of a manifest with files of these names, ``a=…`` for ``a.csv``."""
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, "utf-8")
    return {"code": found["code"], "files": [{"path": f"{name}.csv"} for name in files]}


def propose(user: Mapping[str, Any], path: Path, severity: str = "") -> dict[str, Any]:
    """Proposed, its scans done."""
    found = proposing.read(path)
    given = {"manifest": found.manifest, "lines": found.lines}
    made = as_user(user, "anshan_submission_propose", **given)
    scanned(severity)
    return show(user, made["id"])


def sign_both(town: Town, made: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    sign(town.cyberspace, made, **more)
    return sign(town.second_bureau, made, **more)


def imported(path: Path, made: Mapping[str, Any], **more: Any) -> importing.Report:
    return importing.run(path, lists.signed(made["number"]), **more)


def codes(report: importing.Report) -> list[str]:
    return [problem["code"].removeprefix("release.") for problem in report.problems]


def refused(number: str) -> str:
    with pytest.raises(Refused) as error:
        lists.signed(number)
    return error.value.refusal.code


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return ckan("anshan", "release", *words)


# proposed


def test_a_list_is_proposed_signed_by_both_offices_and_released(town, owner, tmp_path):
    found, other = entry("unconditional", owner), entry("conditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV), {"code": other["code"], "files": []})
    made = propose(town.bureau, path)
    assert (made["kind"], made["state"], made["agency"], made["due"] is not None) == ("list", "in_review", None, True)
    assert [key["key"] for key in made["keys"]] == ["cyberspace", "bureau"]
    for user in (town.cyberspace, town.second_bureau):
        assert made["number"] in queue(user)
        assert any(made["number"] in str(one.facts) for one in notices.of(user["id"], 50, 0))
    assert dataset(found) is None
    made = sign_both(town, made)
    assert made["state"] == "released"
    work()
    assert dataset(found) is None, "signing releases nothing: the import does"
    report = imported(path, made)
    work()
    assert (report.released, report.problems, report.left) == (2, [], 0)
    assert show(town.bureau, made["id"])["state"] == "published"
    (version,) = as_user(VISITOR, "anshan_release_list", id=published(found)["id"])
    assert (version["approval"], version["basis"]) == (made["number"], "list")
    assert {one["key"] for one in version["signatures"]} == {"cyberspace", "bureau"}


def test_the_hash_covers_every_byte_and_all_that_becomes_public(town, owner, tmp_path):
    found = entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV))
    first = propose(town.bureau, path)
    (signed,) = first["frozen"]["lines"]
    assert signed["metadata"] == releases.line(entries.find([found["id"]])[found["id"]], (), None)["metadata"]
    (tmp_path / "a.csv").write_text(CSV + " ", "utf-8")
    hashes = {first["hash"], propose(town.bureau, path)["hash"]}
    as_user(owner["publisher"], "package_patch", id=found["id"], title="改名")
    hashes.add(propose(town.bureau, path)["hash"])
    assert len(hashes) == 3


def test_the_same_list_is_proposed_once(town, owner, tmp_path):
    path = manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV))
    made = propose(town.bureau, path)
    assert propose(town.second_bureau, path)["number"] == made["number"]
    sign_both(town, made)
    assert propose(town.bureau, path)["number"] == made["number"]
    imported(path, made)
    assert propose(town.bureau, path)["state"] == "published"


def test_nobody_but_the_bureau_proposes(town, owner, tmp_path):
    found = proposing.read(manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV)))
    given = {"manifest": found.manifest, "lines": found.lines}
    for user in (town.cyberspace, town.editor, town.head, factories.Sysadmin(), factories.User(), VISITOR):
        with pytest.raises(tk.NotAuthorized):
            as_user(user, "anshan_submission_propose", **given)
    for user in (town.cyberspace["name"], factories.Sysadmin()["name"], ""):
        with pytest.raises(tk.NotAuthorized):
            call_action("anshan_submission_propose", {"user": user, "ignore_auth": True}, **given)


def test_lines_that_cannot_be_taken_are_reported_as_the_import_does_and_stay_out(town, owner, tmp_path):
    found = entry("unconditional", owner)
    wrong = ["no json", {"code": "nowhere", "files": []}, {"code": found["code"], "files": [{"path": "x.csv"}]}]
    path = manifest(tmp_path, *wrong, {"code": found["code"], "files": []}, line(tmp_path, found, a=CSV))
    read = proposing.read(path)
    report = imported(path, made := sign_both(town, propose(town.bureau, path)))
    assert read.report.problems == report.problems
    assert sorted(codes(report)) == ["missing_file", "no_files", "not_json", "unknown_entry"]
    assert (len(made["frozen"]["lines"]), report.released) == (1, 1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sha256": "0" * 64}, "vault_lacks"),
        ({"size": 1}, "vault_lacks"),
        ({"sha256": "../../etc/passwd"}, "lines"),
        ({"name": "../a.csv"}, "lines"),
        ({"name": 7}, "lines"),
    ],
)
def test_what_is_not_in_the_vault_is_not_proposed(change, code, town, owner, tmp_path):
    found = proposing.read(manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV)))
    found.lines[0]["files"][0] |= change
    with pytest.raises(tk.ValidationError) as error:
        as_user(town.bureau, "anshan_submission_propose", manifest=found.manifest, lines=found.lines)
    assert code in str(error.value.error_dict)


def test_a_class_or_metadata_that_a_caller_makes_up_counts_for_nothing(town, owner, tmp_path):
    found = proposing.read(manifest(tmp_path, line(tmp_path, entry("conditional", owner), a=CSV)))
    made_up = [{**found.lines[0], "opening_class": "unconditional", "metadata": "0" * 64}]
    made = as_user(town.bureau, "anshan_submission_propose", manifest=found.manifest, lines=made_up)
    assert made["frozen"]["lines"] == [found.lines[0] | {"files": found.lines[0]["files"]}]


# signed


def test_two_persons_of_two_offices_sign_and_not_who_proposed_it(town, owner, tmp_path):
    made = propose(town.bureau, manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV)))
    assert code_of(sign, town.bureau, made) == "review.own_submission"
    for stranger in (town.editor, town.head, factories.Sysadmin()):
        given = {"id": made["id"], "hash": made["hash"], "answers": {"-": "yes"}}
        assert code_of(as_user, stranger, "anshan_submission_sign", **given) == "review.unknown"
    sign(town.cyberspace, made)
    assert "signed_already" in code_of(sign, town.second_cyberspace, made)
    assert refused(made["number"]) == "list_not_signed"
    assert sign(town.second_bureau, made)["state"] == "released"


def test_one_person_in_both_offices_signs_once(town, owner, tmp_path):
    made = propose(town.bureau, manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV)))
    both = factories.User()
    for user in (town.cyberspace, town.bureau):
        office = as_user(user, "organization_list_for_user", id=user["id"])[0]["id"]
        admin = {"ignore_auth": True, "user": factories.Sysadmin()["name"]}
        call_action("organization_member_create", admin, id=office, username=both["name"], role="member")
    sign(both, made)
    assert "signed_already" in code_of(sign, both, made)
    assert refused(made["number"]) == "list_not_signed"


def test_signatures_wait_for_the_scan_and_what_blocks_is_signed_over(town, owner, tmp_path):
    found = proposing.read(manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV)))
    made = as_user(town.bureau, "anshan_submission_propose", manifest=found.manifest, lines=found.lines)
    assert "scan_running" in code_of(sign, town.cyberspace, made)
    scanned("block")
    assert "blocked" in code_of(sign, town.second_bureau, made, reason="无妨")
    made = as_user(town.cyberspace, "anshan_submission_clear", id=made["id"], reason="法定公示")
    assert "reason_wanted" in code_of(sign, town.cyberspace, made)
    made = sign_both(town, made, reason="法定公示")
    assert (made["state"], made["severity"], made["findings"]) == ("released", "block", 1)


def test_each_file_is_scanned_once_with_the_words_of_its_agency(town, tmp_path):
    from .town import entry as complete

    found = complete(town)
    words = [{"word": "某某工程", "kind": "secrecy_mark"}]
    as_user(town.head, "anshan_scan_words_update", organization=town.agency.id, words=words)
    once = line(tmp_path, found, a=CSV, b=CSV)
    made = propose(town.bureau, manifest(tmp_path, once, {**once, "release_date": "2026-01-02"}))
    rows = reports.of_package(found["id"], 10)
    assert sorted(row.file_name for row in rows) == ["a.csv", "b.csv"] and all("+" in row.scanner for row in rows)
    assert len(made["frozen"]["lines"]) == 2


def test_a_list_is_looked_at_by_every_action(town, owner, tmp_path):
    found = entry("unconditional", owner)
    made = propose(town.bureau, manifest(tmp_path, line(tmp_path, found, a=CSV)))
    for user in (town.cyberspace, town.bureau):
        assert as_user(user, "anshan_submission_clock", id=made["id"])["steps"][0]["state"] == "in_review"
        assert as_user(user, "anshan_submission_list", mine="all", q=made["number"])["count"] == 1
        as_user(user, "anshan_review_statistics")
        looked = as_user(user, "anshan_submission_preview", id=made["id"], file=f"{found['code']}/a.csv")
        assert (looked["total"], [one["name"] for one in looked["columns"]]) == (1, ["name", "n"])
        for action in ("difference", "preview"):
            with pytest.raises(tk.ObjectNotFound):
                as_user(user, f"anshan_submission_{action}", id=made["id"], file="a.csv")
    given = {"remarks": [{"text": "x"}]}
    assert "list_is_rejected" in code_of(as_user, town.cyberspace, "anshan_submission_return", id=made["id"], **given)


# released


@pytest.mark.parametrize("end", ["withdraw", "reject"])
def test_nothing_of_a_list_that_was_ended_is_released(end, town, owner, tmp_path):
    made = propose(town.bureau, manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV)))
    given = {"id": made["id"], "reason": "x", "article": "28"}
    as_user(town.bureau, f"anshan_submission_{end}", **given)
    assert refused(made["number"]) == "list_ended"


def test_a_list_that_is_rejected_while_it_is_imported_releases_no_more(town, owner, tmp_path):
    found, other = entry("unconditional", owner), entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV), line(tmp_path, other, b=CSV))
    made = sign_both(town, propose(town.bureau, path))
    reason = {"id": made["id"], "reason": "x", "article": "28"}

    def reject(report: importing.Report) -> None:
        if report.released and not report.refused:
            as_user(town.cyberspace, "anshan_submission_reject", **reason)

    report = imported(path, made, batch=1, progress=reject)
    assert (report.released, codes(report)) == (1, ["list_ended"])
    assert dataset(found) and dataset(other) is None


def test_another_kind_of_submission_is_no_list(town):
    from .town import entry as complete
    from .town import sign_all, submit

    made = sign_all(town, submit(town, complete(town)))
    assert (refused(made["number"]), refused("SS-2026-999999"), refused("")) == ("no_list",) * 3


def test_a_changed_byte_is_refused(town, owner, tmp_path):
    found = entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV, b=CSV))
    made = sign_both(town, propose(town.bureau, path))
    (tmp_path / "b.csv").write_text(CSV.replace("12", "13"), "utf-8")
    report = imported(path, made)
    assert (report.released, codes(report)) == (0, ["changed_since_signed"])
    assert report.problems[0]["what"] == ("b.csv",) and dataset(found) is None
    assert show(town.bureau, made["id"])["state"] == "released", "the line is still to be released"
    (tmp_path / "b.csv").write_text(CSV, "utf-8")
    assert imported(path, made).released == 1


def test_changed_metadata_or_class_is_refused(town, owner, tmp_path):
    found, other = entry("unconditional", owner), entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV), line(tmp_path, other, b=CSV))
    made = sign_both(town, propose(town.bureau, path))
    as_user(owner["publisher"], "package_patch", id=found["id"], notes="改了摘要")
    reclassify(other, owner, "conditional")
    report = imported(path, made)
    assert codes(report) == ["changed_since_signed"] * 2
    assert [one["what"] for one in report.problems] == [("metadata",), ("opening_class", "metadata")]


def test_what_is_internal_may_change_after_the_signatures(town, owner, tmp_path):
    found = entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV))
    made = sign_both(town, propose(town.bureau, path))
    as_user(owner["publisher"], "package_patch", id=found["id"], collection_basis="内部依据")
    assert imported(path, made).released == 1


def test_what_agencies_may_have_is_signed_with_the_list(town, owner, tmp_path):
    found = entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV))
    made = sign_both(town, propose(town.bureau, path))
    as_user(owner["publisher"], "package_patch", id=found["id"], sharing_scope="各部门")
    report = imported(path, made)
    assert codes(report) == ["changed_since_signed"] and report.problems[0]["what"] == ("sharing",)


def test_another_manifest_releases_nothing_that_is_not_in_the_list(town, owner, tmp_path):
    found, other = entry("unconditional", owner), entry("unconditional", owner)
    signed_line = line(tmp_path, found, a=CSV)
    made = sign_both(town, propose(town.bureau, manifest(tmp_path, signed_line)))
    changed = {**signed_line, "release_date": "2026-01-02"}
    path = manifest(tmp_path, line(tmp_path, other, b=CSV), changed, signed_line, signed_line)
    report = imported(path, made)
    assert codes(report) == ["not_in_list", "changed_since_signed", "not_in_list"]
    assert report.released == 1 and dataset(other) is None


def test_lines_of_one_entry_are_released_in_the_order_that_was_signed(town, owner, tmp_path):
    found = entry("unconditional", owner)
    old, new = line(tmp_path, found, old=CSV), line(tmp_path, found, new=CSV + "x,1\n")
    made = sign_both(town, propose(town.bureau, manifest(tmp_path, old, new)))
    report = imported(manifest(tmp_path, new, old), made)
    assert (report.released, codes(report), report.left) == (1, ["not_in_list"], 1)
    assert [one["name"] for one in published(found)["resources"]] == ["new.csv"]


def test_a_second_run_changes_nothing_and_brings_nothing_old_back(town, owner, tmp_path):
    found = entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV))
    made = sign_both(town, propose(town.bureau, path))
    imported(path, made)
    again = imported(path, made)
    assert (again.released, again.unchanged, again.left) == (0, 1, 0)
    newer = tmp_path / "newer"
    newer.mkdir()
    path_2 = manifest(newer, line(newer, found, a=CSV + "新站,1\n"))
    imported(path_2, sign_both(town, propose(town.bureau, path_2)))
    again = imported(path, made)
    assert (again.released, again.unchanged) == (0, 1)
    assert published(found)["release_version"] == "2" or int(published(found)["release_version"]) == 2


def test_a_dry_run_writes_nothing(town, owner, tmp_path):
    found = entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV))
    made = sign_both(town, propose(town.bureau, path))
    report = imported(path, made, dry_run=True)
    assert (report.released, report.dry_run) == (1, True)
    assert dataset(found) is None and show(town.bureau, made["id"])["state"] == "released"


def test_a_version_that_was_reviewed_after_the_signatures_stays(town, tmp_path):
    from .town import entry as complete
    from .town import publish

    found = complete(town)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV))
    made = sign_both(town, propose(town.bureau, path))
    publish(town, found)
    report = imported(path, made)
    assert (report.released, codes(report)) == (0, ["newer_than_list"])


def test_nothing_but_the_demo_is_released_without_lines_that_were_signed(tmp_path):
    with pytest.raises(ValueError, match="signed"):
        releases.Allowed(Approval(Basis.LIST, "SS-2026-000001"))
    with pytest.raises(ValueError, match="signed"):
        releases.Allowed(Approval(Basis.REVIEW, "SS-2026-000001"))


def test_the_publishing_job_leaves_lists_alone(town, owner, tmp_path):
    found = entry("unconditional", owner)
    made = sign_both(town, propose(town.bureau, manifest(tmp_path, line(tmp_path, found, a=CSV))))
    publishing.follow(made["id"])
    assert show(town.bureau, made["id"])["state"] == "released" and dataset(found) is None


# at the console


def test_the_commands_propose_and_import(town, owner, tmp_path):
    found = entry("unconditional", owner)
    path = str(manifest(tmp_path, line(tmp_path, found, a=CSV), "no json"))
    done = command("propose", path, "--user", town.bureau["name"], "--title", "鞍数发〔2026〕9号", "--json")
    assert done.returncode == 1, "a line was refused"
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["listed"], told["refused"], told["title"]) == (1, 1, "鞍数发〔2026〕9号")
    done = command("import", path, "--list", told["number"])
    assert done.returncode == 2 and told["number"] in done.stderr
    model.Session.rollback()
    scanned()
    sign_both(town, show(town.bureau, told["number"]))
    done = command("import", path, "--list", told["number"], "--json")
    report = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, report["released"], report["left"]) == (1, 1, 0)
    model.Session.rollback()
    assert published(found)


def test_without_a_list_the_command_says_how_to_propose_one(owner, tmp_path):
    path = str(manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV)))
    done = command("import", path)
    assert done.returncode == 2 and "ckan anshan release propose" in done.stderr
    assert command("import", path, "--approval", "鞍数发〔2026〕1号").returncode == 2


def test_the_command_refuses_who_may_not_propose(town, owner, tmp_path):
    path = str(manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV)))
    for name in (town.cyberspace["name"], factories.Sysadmin()["name"], "nobody-at-all"):
        done = command("propose", path, "--user", name, "--json")
        error = json.loads(done.stdout.splitlines()[-1])["error"]
        assert (done.returncode, error["code"], name in error["message"]) == (2, "release.not_the_bureau", True)
    assert command("propose", path).returncode == 2


# killed

POINTS = {
    "before the files are durable": ("ckanext.anshan.release.vault", "flush", "before"),
    "after the list is written": ("ckanext.anshan.review.submissions", "add", "after"),
    "before its event": ("ckanext.anshan.review.submissions", "note", "before"),
    "after the release is written": ("ckanext.anshan.release.publishing", "_insert", "after"),
    "before the commit": ("ckanext.anshan.workflow.outbox", "queue", "after"),
    "after the list is done": ("ckanext.anshan.review.running", "by_machine", "after"),
    "after the commit": ("ckanext.anshan.release.publishing", "finish", "before"),
}
PROPOSING = tuple(POINTS)[:3]


def killed(point: str, *words: str) -> None:
    done = start("tests.integration.review.killed_lists", point, *words)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    model.Session.rollback()


@pytest.mark.parametrize("point", PROPOSING)
def test_killed_while_proposing_there_is_no_list_and_the_command_makes_one(point, town, owner, tmp_path):
    path = manifest(tmp_path, line(tmp_path, entry("unconditional", owner), a=CSV))
    before = len(queue(town.cyberspace, kind="list"))
    killed(point, "propose", str(path), "--user", town.bureau["name"])
    repair.run()
    assert len(queue(town.cyberspace, kind="list")) == before
    assert propose(town.bureau, path)["state"] == "in_review"


@pytest.mark.parametrize("point", [point for point in POINTS if point not in PROPOSING])
def test_killed_while_importing_the_same_command_finishes_it(point, town, owner, tmp_path):
    found, other = entry("unconditional", owner), entry("unconditional", owner)
    path = manifest(tmp_path, line(tmp_path, found, a=CSV), line(tmp_path, other, b=CSV))
    made = sign_both(town, propose(town.bureau, path))
    killed(point, "import", str(path), "--list", made["number"])
    repair.run()
    is_done = point == "after the commit"
    assert [bool(dataset(one)) for one in (found, other)] == [is_done] * 2
    assert show(town.bureau, made["id"])["state"] == ("published" if is_done else "released")
    report = imported(path, made)
    assert (report.released, report.unchanged, report.left) == ((0, 2, 0) if is_done else (2, 0, 0))
    assert show(town.bureau, made["id"])["state"] == "published"
    assert submissions.find(made["id"]).hash == made["hash"]
