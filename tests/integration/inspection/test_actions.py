"""What agencies do with scans: ask, look, call off, mend; who may not; what is kept and what never is."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.anshan.inspection import reports, supervising
from ckanext.anshan.inspection.model import metadata, remedy, report
from ckanext.anshan.release import files, vault
from tests.integration.catalogue.conftest import Agency, person
from tests.integration.people.test_reading import office_member
from tests.integration.support import as_user

from .conftest import PHONES, ended, show, start, upload

pytestmark = pytest.mark.usefixtures("with_plugins")


def asked(column: str = "phone", name: str = "drop") -> list[dict[str, str]]:
    return [{"part": "", "column": column, "remedy": name}]


def events(entry: str) -> list[dict[str, Any]]:
    query = sa.text("SELECT kind, body FROM anshan_audit_event WHERE object_id = :id ORDER BY at, id")
    rows = model.Session.execute(query, {"id": entry})
    return [{"kind": row.kind, **json.loads(row.body)["facts"]} for row in rows if "facts" in json.loads(row.body)]


@pytest.fixture
def file(agency: Agency, stand_in: None) -> dict[str, Any]:
    return upload(agency, PHONES)


# asking


def test_a_scan_is_asked_for_and_waits(agency: Agency, file: dict[str, Any]):
    told = start(agency, file)
    assert (told["state"], told["progress"], told["file_name"]) == ("queued", 0, "名单.csv")
    assert told["is_current"] and told["sha256"] == file["hash"].removeprefix("sha256:")


def test_the_same_file_is_scanned_once(agency: Agency, file: dict[str, Any]):
    first = start(agency, file)
    assert start(agency, file)["id"] == first["id"]
    ended(first["id"])
    assert start(agency, file)["state"] == "done"


def test_another_file_another_scanner_and_a_failure_are_scanned_anew(
    agency: Agency, file: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    first = start(agency, file)["id"]
    reports.finish(first, supervising.State.FAILED, "crashed")
    model.Session.commit()
    second = start(agency, file)["id"]
    monkeypatch.setattr("ckanext.anshan.inspection.scanner.version", lambda: "newer")
    third = start(agency, file)
    assert len({first, second, third["id"]}) == 3 and third["scanner"] == "newer"


def test_a_resource_without_a_file_says_so(agency: Agency, file: dict[str, Any]):
    link = as_user(agency.publisher, "resource_create", package_id=file["package_id"], url="https://example.com/a.csv")
    with pytest.raises(tk.ValidationError) as refused:
        start(agency, link)
    assert "no uploaded file" in str(refused.value.error_dict["resource_id"])


def test_a_file_changed_since_is_said_so(agency: Agency, file: dict[str, Any]):
    id = ended(start(agency, file)["id"]).id
    as_user(agency.publisher, "resource_patch", id=file["id"], upload=_stream(b"phone,n\n1,5\n"))
    assert show(agency, id)["is_current"] is False
    with pytest.raises(tk.ValidationError) as refused:
        as_user(agency.publisher, "anshan_scan_remedy", id=id, asked=asked())
    assert refused.value.error_dict["code"] == ["inspection.file_changed"]


def _stream(content: bytes) -> Any:
    import io

    from werkzeug.datastructures import FileStorage

    return FileStorage(io.BytesIO(content), "名单.csv")


def test_a_scan_is_called_off(agency: Agency, file: dict[str, Any]):
    told = as_user(agency.publisher, "anshan_scan_cancel", id=start(agency, file)["id"])
    assert (told["state"], told["error"]["code"]) == ("failed", "inspection.cancelled")
    with pytest.raises(tk.ValidationError):
        as_user(agency.publisher, "anshan_scan_cancel", id=told["id"])


# who may

ACTIONS: dict[str, Any] = {
    "anshan_scan_start": lambda file, scan: {"resource_id": file["id"]},
    "anshan_scan_show": lambda file, scan: {"id": scan},
    "anshan_scan_list": lambda file, scan: {"package_id": file["package_id"]},
    "anshan_scan_cancel": lambda file, scan: {"id": scan},
    "anshan_scan_remedy": lambda file, scan: {"id": scan, "asked": asked()},
    "anshan_scan_difference": lambda file, scan: {"id": scan, "asked": asked()},
}
READS = {"anshan_scan_show", "anshan_scan_list"}


@pytest.mark.parametrize("action", ACTIONS)
def test_strangers_are_told_that_there_is_nothing(
    action: str, agency: Agency, other_agency: Agency, file: dict[str, Any]
):
    given = ACTIONS[action](file, ended(start(agency, file)["id"]).id)
    strangers = [
        other_agency.publisher,
        other_agency.head,
        agency.reader,
        factories.Sysadmin(),
        person("applicants", "none"),
    ]
    for user in strangers:
        with pytest.raises(tk.NotAuthorized, match=r"inspection\.unknown · There is no such"):
            as_user(user, action, **given)
    with pytest.raises(tk.NotAuthorized):
        as_user({"name": ""}, action, **given)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_skipped_auth_function_changes_nothing(action: str, agency: Agency, file: dict[str, Any]):
    given = ACTIONS[action](file, ended(start(agency, file)["id"]).id)
    with pytest.raises(tk.NotAuthorized):
        tk.get_action(action)({"user": factories.Sysadmin()["name"], "ignore_auth": True}, given)


@pytest.mark.parametrize("office", ["data-bureau", "cyberspace-office"])
def test_an_office_reads_reports_and_does_no_more(office: str, agency: Agency, file: dict[str, Any]):
    scan, user = ended(start(agency, file)["id"]).id, office_member(office)
    assert as_user(user, "anshan_scan_show", id=scan)["commands"] == []
    assert as_user(user, "anshan_scan_list", package_id=file["package_id"])["may_scan"] is False
    for action in sorted(set(ACTIONS) - READS):
        with pytest.raises(tk.NotAuthorized, match=r"inspection\.not_yours"):
            as_user(user, action, **ACTIONS[action](file, scan))


# mending


def test_a_remedy_makes_a_new_file_and_keeps_the_old_one(agency: Agency, file: dict[str, Any]):
    scan = ended(start(agency, file)["id"])
    told = as_user(agency.publisher, "anshan_scan_remedy", id=scan.id, asked=asked())
    now = files.working(file["id"])
    assert now is not None and now.sha256 == told["sha256"] != scan.sha256
    assert b"".join(files.chunks(files.read(now.sha256))) == b"n\n2\n3\n4\n"
    vault.verify(scan.sha256)
    assert told["state"] == "queued" and told["is_current"]
    assert ended(told["id"]).severity == ""


def test_what_was_changed_is_kept_and_shown(agency: Agency, file: dict[str, Any]):
    scan = ended(start(agency, file)["id"])
    told = as_user(agency.publisher, "anshan_scan_remedy", id=scan.id, asked=asked())
    step = told["mended"][0]
    assert (step["from_sha256"], step["to_sha256"], step["report"]) == (scan.sha256, told["sha256"], scan.id)
    assert [(one["where"], one["remedy"], one["cells"]) for one in step["changes"]] == [("phone", "drop", 3)]


def test_a_difference_writes_nothing(agency: Agency, file: dict[str, Any]):
    scan = ended(start(agency, file)["id"])
    told = as_user(agency.publisher, "anshan_scan_difference", id=scan.id, asked=asked())
    assert [(one["where"], one["label"]) for one in told["changes"]] == [("phone", "Remove the column")]
    now = files.working(file["id"])
    assert now is not None and now.sha256 == scan.sha256
    assert model.Session.execute(sa.select(remedy).where(remedy.c.report_id == scan.id)).first() is None


def test_only_what_the_report_offers_is_done(agency: Agency, file: dict[str, Any]):
    scan = ended(start(agency, file)["id"])
    for wrong in (asked(name="round"), asked("n"), []):
        with pytest.raises(tk.ValidationError):
            as_user(agency.publisher, "anshan_scan_remedy", id=scan.id, asked=wrong)


@pytest.mark.parametrize("wrong", ["drop", {"part": ""}, ["drop"], [{}] * 501])
def test_what_is_asked_is_a_list_of_objects(agency: Agency, file: dict[str, Any], wrong: Any):
    scan = ended(start(agency, file)["id"])
    with pytest.raises(tk.ValidationError):
        as_user(agency.publisher, "anshan_scan_remedy", id=scan.id, asked=wrong)


def test_a_failed_update_leaves_no_remedy_and_no_scan(agency: Agency, file: dict[str, Any], monkeypatch: Any):
    scan = ended(start(agency, file)["id"])

    def broken(*_: Any) -> None:
        raise tk.ValidationError({"upload": ["no"]})

    monkeypatch.setattr("ckanext.anshan.inspection.remedying._replace", broken)
    with pytest.raises(tk.ValidationError):
        as_user(agency.publisher, "anshan_scan_remedy", id=scan.id, asked=asked())
    assert len(reports.of_package(scan.package_id, 10)) == 1
    assert model.Session.execute(sa.select(remedy).where(remedy.c.report_id == scan.id)).first() is None


# the record


def test_each_step_is_on_record_under_the_entry(agency: Agency, file: dict[str, Any]):
    scan = ended(start(agency, file)["id"])
    as_user(agency.publisher, "anshan_scan_remedy", id=scan.id, asked=asked())
    told = [one for one in events(scan.package_id) if one["kind"].startswith("scan.") or "remedies" in one]
    assert [one["kind"] for one in told] == ["scan.asked", "scan.ended", "entry.changed"]
    assert (told[1]["severity"], told[1]["findings"], told[1]["sha256"]) == ("block", 1, scan.sha256)
    assert (told[2]["from"], told[2]["remedies"]) == (scan.sha256, "drop")


def test_asking_twice_is_recorded_once(agency: Agency, file: dict[str, Any]):
    scan = start(agency, file)
    start(agency, file)
    assert [one["kind"] for one in events(scan["package_id"])].count("scan.asked") == 1


# words


def set_words(agency: Agency, *given: tuple[str, str]) -> dict[str, Any]:
    words = [{"word": word, "kind": kind} for word, kind in given]
    return as_user(agency.head, "anshan_scan_words_update", organization=agency.id, words=words)


def test_an_agencys_words_are_looked_for_in_its_files_alone(agency: Agency, other_agency: Agency, stand_in: None):
    set_words(agency, ("甲字工程", "secrecy_mark"))
    for one, found in ((agency, ["甲字工程"]), (other_agency, [])):
        row = ended(start(one, upload(one, b"a,b\n1,2\n"))["id"])
        assert [each["column"] for each in row.report["findings"]] == found


def test_new_words_are_a_reason_to_scan_anew(agency: Agency, file: dict[str, Any]):
    first = start(agency, file)["id"]
    set_words(agency, ("甲字工程", "secrecy_mark"))
    assert start(agency, file)["id"] != first
    set_words(agency)
    assert start(agency, file)["id"] == first


def test_words_are_set_by_the_head_alone(agency: Agency, other_agency: Agency):
    set_words(agency, ("甲字工程", "secrecy_mark"))
    shown = as_user(agency.publisher, "anshan_scan_words_show", organization=agency.id)
    assert [one["word"] for one in shown["words"]] == ["甲字工程"] and not shown["may_set"]
    with pytest.raises(tk.NotAuthorized, match=r"inspection\.not_yours"):
        as_user(agency.publisher, "anshan_scan_words_update", organization=agency.id, words=[])
    for user in (other_agency.head, factories.Sysadmin(), office_member("cyberspace-office")):
        with pytest.raises(tk.NotAuthorized):
            as_user(user, "anshan_scan_words_show", organization=agency.id)


@pytest.mark.parametrize(
    "wrong", [[{"word": "甲", "kind": "secrecy_mark"}], [{"word": "甲字工程", "kind": "mobile"}], "甲", [{}]]
)
def test_a_word_has_a_length_and_a_kind(agency: Agency, wrong: Any):
    with pytest.raises(tk.ValidationError):
        as_user(agency.head, "anshan_scan_words_update", organization=agency.id, words=wrong)


# by the scanner itself: no raw value is kept anywhere


def resident_id() -> str:
    """A number with a right check character, of nobody that is known."""
    digits = f"210302{random.randrange(1950, 2010)}0101{random.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(a) * b for a, b in zip(digits, weights, strict=True)) % 11]


def mobile() -> str:
    return f"170{random.randrange(10**8):08d}"


def people(count: int = 40) -> tuple[bytes, list[str]]:
    rows = [(resident_id(), mobile()) for _ in range(count)]
    text = "证件号码,手机号,街道\n" + "".join(f"{number},{phone},对炉街道\n" for number, phone in rows)
    return text.encode("gb18030"), [value for row in rows for value in row]


@pytest.fixture
def no_scan_waits(with_plugins: None):
    model.Session.execute(report.update().where(report.c.state.in_(["queued", "running"])).values(state="failed"))
    model.Session.commit()
    yield
    supervising.end_all()


def kept() -> str:
    """Everything that this room keeps, and everything on record."""
    tables = [*metadata.tables, "anshan_audit_event"]
    rows = [row for name in tables for row in model.Session.execute(sa.text(f"SELECT row_to_json({name}) FROM {name}"))]
    return json.dumps([row[0] for row in rows], ensure_ascii=False)


def test_the_scanner_finds_people_and_no_value_of_theirs_is_kept(agency: Agency, no_scan_waits: None):
    content, values = people()
    row = ended(start(agency, upload(agency, content))["id"])
    assert (row.state, row.error, row.severity) == ("done", "", "block")
    assert "mobile" in {one["kind"] for one in row.report["findings"]}
    told, everything = json.dumps(show(agency, row.id), ensure_ascii=False, default=str), kept()
    assert [value for value in values if value in told or value in everything] == []


def test_every_kind_has_its_words():
    from ckanext.anshan.inspection import messages, words
    from ckanext.anshan.scan import policy

    assert set(messages.KINDS) == set(policy.kinds())
    assert {name for kind in policy.kinds().values() for name in kind.remedies} == set(messages.REMEDIES)
    assert set(words.KINDS) <= set(policy.kinds())
