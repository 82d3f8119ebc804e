"""The pages of the log: who reads what, in which words, at what cost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan.audit import calls, exports, forgetting, offline, options, recording, trusting
from ckanext.anshan.audit.events import Event, Object, Outcome
from ckanext.anshan.audit.sealing import Sealer
from ckanext.anshan.people import options as offices
from ckanext.anshan.workflow import clock
from tests.integration.catalogue.conftest import Agency, create, make_agency, patch, person
from tests.integration.catalogue.test_views import as_user
from tests.integration.people.test_reading import office_member

from ..support import CSV, costs, published, release, work
from ..support import agency as support_agency
from ..support import entry as make_entry
from .support import connected, events, last

pytestmark = pytest.mark.usefixtures("with_plugins")

TITLE = "餐厨废弃物产生单位与餐厨废弃物收集、运输服务企业签订协议汇总表"
STRANGERS = ("stranger", "applicant", "sysadmin")


@pytest.fixture
def agency() -> Agency:
    return make_agency(title="市交通运输局")


@pytest.fixture
def people(agency: Agency) -> dict[str, Any]:
    sysadmin = factories.SysadminWithToken()
    return {
        "publisher": agency.publisher,
        "head": agency.head,
        "stranger": make_agency("other").publisher,
        "bureau": office_member(offices.bureau_org()),
        "cyberspace": office_member(offices.cyberspace_org()),
        "applicant": person("applicants", "none"),
        "sysadmin": sysadmin,
    }


@pytest.fixture
def dataset(tmp_path: Path) -> dict[str, Any]:
    made = make_entry("unconditional", support_agency(), title=TITLE)
    release(tmp_path, made, {"站点.csv": CSV})
    work()
    return published(made)


def get(app: Any, path: str, user: Mapping[str, Any] | None = None) -> Any:
    return app.get(path, **({"follow_redirects": False} | (as_user(dict(user)) if user else {})))


def page(app: Any, path: str, user: Mapping[str, Any] | None = None) -> BeautifulSoup:
    answer = get(app, path, user)
    assert answer.status_code == 200, (path, answer.status_code)
    return BeautifulSoup(answer.body, "html.parser")


def said(soup: BeautifulSoup) -> list[str]:
    return [one.get_text(" ", strip=True) for one in soup.select(".audit-said")]


def main(soup: BeautifulSoup) -> str:
    found = soup.select_one("main")
    return found.get_text(" ", strip=True) if found else ""


def act(user: Mapping[str, Any] | None, action: str, **data: Any) -> Any:
    return call_action(action, {"user": user["name"] if user else "", "ignore_auth": False}, **data)


# the history of an object


def test_an_entrys_history_tells_who_did_what_to_its_agency(app: Any, agency: Agency, people: dict[str, Any]) -> None:
    made = create(agency)
    patch(agency, made["id"], title="改过的标题")
    for reader in ("publisher", "head"):
        soup = page(app, f"/en/audit/history/entry/{made['name']}", people[reader])
        words = said(soup)
        assert len(words) == 2
        own = reader == "publisher"
        assert words[0] == ("You" if own else "A publisher of 市交通运输局") + " changed this entry."
        assert agency.publisher["name"] in main(soup)
    soup = page(app, f"/en/audit/history/entry/{made['name']}", people["bureau"])
    assert said(soup)[0] == "A publisher of 市交通运输局 changed this entry." and agency.publisher["name"] in main(soup)


@pytest.mark.parametrize("who", STRANGERS)
def test_what_is_not_yours_reads_like_what_is_not_there(
    app: Any, agency: Agency, people: dict[str, Any], who: str
) -> None:
    made = create(agency)
    theirs = [
        f"entry/{made['name']}", f"account/{agency.head['name']}", f"organization/{agency.id}",
        "setting/ckan.site_title", "entry/no-such-entry", "account/nobody", "nothing/at-all",
    ]  # fmt: skip
    answers = [get(app, f"/audit/history/{path}", people[who]) for path in theirs]
    assert {answer.status_code for answer in answers} == {404}
    assert len({main(BeautifulSoup(answer.body, "html.parser")) for answer in answers}) == 1
    told = []
    for type, id in (("entry", made["id"]), ("entry", "nothing")):
        with pytest.raises(tk.NotAuthorized) as refused:
            act(people[who], "anshan_audit_history", type=type, id=id)
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_a_visitor_logs_in_and_comes_back(app: Any, agency: Agency) -> None:
    for path in (f"/audit/history/entry/{create(agency)['name']}", "/audit/history/entry/nothing", "/audit/"):
        answer = get(app, path)
        assert answer.status_code == 302 and f"came_from={path}" in answer.headers["Location"]


def test_a_refused_look_is_on_record(app: Any, agency: Agency, people: dict[str, Any]) -> None:
    made = create(agency)
    get(app, f"/audit/history/entry/{made['id']}", people["stranger"])
    assert last(kind="access.refused")["action"] == "anshan_audit_history"


def test_a_datasets_history_is_public_without_names_downloads_and_refusals(
    app: Any, dataset: dict[str, Any], people: dict[str, Any]
) -> None:
    about = Object("dataset", dataset["id"])
    recording.happened(Event("file.handed_out", object=about, facts={"file": "站点.csv"}))
    recording.happened(Event("access.refused", Outcome.REFUSED, about, "package_patch"))
    soup = page(app, f"/en/audit/history/dataset/{dataset['name']}")
    assert said(soup) and all(sentence.endswith("this dataset.") for sentence in said(soup)), said(soup)
    assert TITLE in main(soup) and not soup.select(".tabs") and "站点.csv" not in main(soup)
    assert not soup.select(".audit-code")
    seen = said(page(app, f"/en/audit/history/dataset/{dataset['id']}", people["bureau"]))
    assert len(seen) == len(said(soup)) + 2 and any("downloaded 站点.csv of this dataset" in one for one in seen)
    for group, number in (("handouts", 1), ("refusals", 1), ("changes", len(said(soup)))):
        narrowed = page(app, f"/audit/history/dataset/{dataset['id']}?group={group}", people["bureau"])
        assert len(said(narrowed)) == number


def test_a_release_has_a_public_history(app: Any, dataset: dict[str, Any]) -> None:
    body = next(one for one in reversed(events(kind="release.created")))
    assert said(page(app, f"/en/audit/history/release/{body['object']['id']}"))[-1].endswith("released this release.")


def test_no_dataset_is_no_page(app: Any) -> None:
    assert get(app, "/audit/history/dataset/nothing").status_code == 404
    with pytest.raises(tk.ObjectNotFound):
        act(None, "anshan_audit_history", type="dataset", id="nothing")


def test_my_records_hold_what_i_did_and_what_was_refused_to_me(
    app: Any, agency: Agency, people: dict[str, Any], dataset: dict[str, Any]
) -> None:
    me = factories.UserWithToken()
    with pytest.raises(tk.NotAuthorized):
        act(me, "package_patch", id=create(agency)["id"], title="不许")
    path = f"/en/audit/history/account/{me['name']}"
    words = said(page(app, path, me))
    assert words[0].startswith("You asked for the action package_patch on “") and "entry" not in words[0]
    assert "this account" in words[-1]
    for office in ("bureau", "cyberspace"):
        told = "A registered user asked for the action package_patch on the entry “"
        assert any(one.startswith(told) for one in said(page(app, path, people[office])))
        assert last(kind="log.read")["object"] == {"type": "account", "id": me["id"]}
    assert any("looked something up in the log" in one for one in said(page(app, path, me)))
    assert len(said(page(app, f"{path}?group=refusals", me))) == 1


def test_an_entry_that_i_downloaded_from_has_no_title_once_i_may_not_see_it(
    app: Any, agency: Agency, people: dict[str, Any]
) -> None:
    made, me = create(agency, title="不公开的目录"), people["applicant"]
    act_as(me, Event("file.handed_out", object=Object("entry", made["id"]), facts={"file": "a.csv"}))
    soup = page(app, f"/en/audit/history/account/{me['name']}?group=handouts", me)
    assert said(soup)[0] == "You downloaded a.csv of an entry." and "不公开的目录" not in main(soup)


def act_as(user: Mapping[str, Any], event: Event) -> None:
    """Record an event as somebody's."""
    with calls.under(calls.Call("test", user["name"])):
        recording.happened(event)


def test_somebody_forgotten_has_no_name_left(app: Any, agency: Agency, people: dict[str, Any]) -> None:
    gone = factories.UserWithToken()
    act_as(gone, Event("account.logged_in", object=Object("account", gone["id"])))
    forgetting.forget(gone["id"], "本人要求")
    found = act(people["bureau"], "anshan_audit_search", type="account", object=gone["id"])["events"]
    forgotten = next(one for one in found if one["kind"] == "account.logged_in")
    assert forgotten["is_forgotten"] and not forgotten["account"]
    assert "can no longer be read" in main(page(app, f"/en/audit/?type=account&object={gone['id']}", people["bureau"]))


def test_paging_goes_older_and_newer(agency: Agency, people: dict[str, Any]) -> None:
    about = Object("theme", f"t-{agency.id}")
    for number in range(7):
        recording.happened(Event("theme.changed", object=about, facts={"number": number}))
    asked = {"type": "theme", "object": about.id, "limit": 3}

    def look(**more: Any) -> dict[str, Any]:
        return act(people["bureau"], "anshan_audit_search", **asked, **more)

    def numbers(found: dict[str, Any]) -> list[int]:
        return [one["facts"]["number"] for one in found["events"]]

    first = look()
    second = look(before=first["older"])
    third = look(before=second["older"])
    assert (numbers(first), numbers(second), numbers(third)) == ([6, 5, 4], [3, 2, 1], [0])
    assert first["newer"] is None and third["older"] is None
    assert numbers(look(after=third["newer"])) == [3, 2, 1]
    assert numbers(look(after=second["newer"])) == [6, 5, 4]
    assert numbers(look(after=first["events"][0]["id"])) == [6, 5, 4]


# the search


@pytest.mark.parametrize("who", [*STRANGERS, "publisher", "head"])
def test_the_search_is_for_the_two_offices(app: Any, people: dict[str, Any], who: str) -> None:
    assert get(app, "/audit/", people[who]).status_code == 404
    for path in ("export.csv", "export.xlsx"):
        assert get(app, f"/audit/{path}", people[who]).status_code == 404
    with pytest.raises(tk.NotAuthorized):
        act(people[who], "anshan_audit_search")


@pytest.mark.parametrize("office", ["bureau", "cyberspace"])
def test_every_filter_narrows(app: Any, agency: Agency, people: dict[str, Any], office: str) -> None:
    made, reader = create(agency), people[office]
    patch(agency, made["id"], title="改过的标题")

    def look(**asked: str) -> list[dict[str, Any]]:
        return act(reader, "anshan_audit_search", **asked)["events"]

    assert {one["account"] for one in look(person=agency.publisher["name"])} == {agency.publisher["name"]}
    assert {one["agency"] for one in look(agency=agency.id)} == {"市交通运输局"}
    assert {one["kind"] for one in look(what="entry.changed")} == {"entry.changed"}
    assert (
        {one["outcome"] for one in look(what="refusals")}
        == {"refused"}
        == {o["outcome"] for o in look(outcome="refused")}
    )
    assert [one["kind"] for one in look(object=made["name"])] == ["entry.changed", "entry.created"]
    assert [one["kind"] for one in look(object=made["id"], type="entry", what="entry.created")] == ["entry.created"]
    assert look(since="2020-01-01", until="2020-01-02") == [] and look(until="2020-01-02") == []
    assert look(since="2026-01-01", person=agency.publisher["name"], agency=agency.id, what="changes")
    soup = page(app, f"/en/audit/?object={made['name']}&what=entry.changed", reader)
    assert said(soup) == ["A publisher of 市交通运输局 changed the entry “改过的标题”."]


def test_looks_into_the_log_are_found_by_whoever_asks_for_them(app: Any, people: dict[str, Any]) -> None:
    reader = people["bureau"]
    recording.happened(Event("mail.sent", facts={"number": 1}))
    for _ in range(3):
        act(reader, "anshan_audit_search")

    def kinds(**asked: Any) -> list[str]:
        return [one["kind"] for one in act(reader, "anshan_audit_search", limit=1000, **asked)["events"]]

    assert kinds()[0] == "mail.sent" and "log.read" not in kinds() and "log.read" not in kinds(person=reader["name"])
    assert kinds(looks=True)[0] == kinds(looks="1")[0] == kinds(person=reader["name"], looks="true")[0] == "log.read"
    assert kinds(what="log.read")[0] == kinds(what="log")[0] == "log.read"
    assert "log.read" not in kinds(looks="no") and "log.read" not in kinds(what="changes", looks=True)
    assert last(kind="log.read")["facts"] == {"what": "changes", "looks": "1"}


def test_the_export_and_the_pages_follow_the_same_choice(app: Any, people: dict[str, Any]) -> None:
    reader, day = people["cyberspace"], f"{clock.today()}"
    for _ in range(exports.AT_A_TIME // 10):
        act(reader, "anshan_audit_search")
    recording.happened(Event("mail.sent"))
    for query, is_on in ((f"since={day}", False), (f"since={day}&looks=1", True)):
        soup = page(app, f"/en/audit/?{query}", reader)
        assert any("looked something up in the log" in one for one in said(soup)) is is_on
        box = soup.select_one("input[type=checkbox][name=looks]")
        assert box is not None and box.has_attr("checked") is is_on and "looks into the log" in str(box.parent)
        ways = [str(a["href"]) for a in soup.select("a[rel=next], a[href*='/export.']")]
        assert len(ways) >= 2 and all(("looks=1" in way) is is_on for way in ways)
        exported = get(app, f"/en/audit/export.csv?{query}", reader).body
        assert ("log.read" in exported) is is_on and "mail.sent" in exported
        assert last(kind="log.exported")["facts"].get("looks") == ("1" if is_on else None)


def test_a_filter_that_names_nothing_is_told_beside_it(app: Any, people: dict[str, Any]) -> None:
    soup = page(app, "/en/audit/?person=nobody&object=nothing&agency=none", people["bureau"])
    assert {str(one["id"]) for one in soup.select(".why")} == {"why-person", "why-object", "why-agency"}
    assert not said(soup)
    soup = page(app, "/en/audit/?since=yesterday", people["bureau"])
    assert "2026-11-24" in str(soup.select_one("#why-since"))


def test_a_look_is_recorded_with_its_filters_and_without_names(agency: Agency, people: dict[str, Any]) -> None:
    act(people["bureau"], "anshan_audit_search", person=agency.publisher["name"], what="changes")
    body = last(kind="log.read")
    assert body["facts"]["what"] == "changes" and UUID(body["facts"]["person"])
    assert agency.publisher["name"] not in str(body)


def test_what_is_found_is_exported_as_csv_and_workbook(app: Any, agency: Agency, people: dict[str, Any]) -> None:
    made = create(agency, title="=HYPERLINK(1)")
    asked = f"object={made['name']}"
    answer = get(app, f"/en/audit/export.csv?{asked}", people["bureau"])
    rows = list(csv.reader(io.StringIO(answer.body.lstrip("\ufeff"))))
    assert rows[0][:3] == ["When", "What was done", "Kind"] and [row[2] for row in rows[1:]] == ["entry.created"]
    assert rows[1][12] == "'=HYPERLINK(1)" and rows[1][7] == agency.publisher["name"]
    assert last(kind="log.exported")["facts"] == {"object": made["name"], "format": "csv"}
    book = openpyxl.load_workbook(io.BytesIO(get(app, f"/en/audit/export.xlsx?{asked}", people["bureau"]).data))
    assert [cell.value for cell in next(iter(book.active.iter_rows()))][:2] == ["When", "What was done"]  # type: ignore[union-attr]


BODIES = (
    "{}", "[]", "no JSON", '{"at":"yesterday"}', '{"at":"2026-11-24T08:30:00Z","by":{"role":["x"]}}',
    '{"at":"2026-11-24T08:30:00Z","object":[1]}', '{"at":"2026-11-24T08:30:00Z","facts":7,"action":{}}',
)  # fmt: skip


def test_what_somebody_wrote_past_the_portal_makes_no_page_fail(
    app: Any, agency: Agency, people: dict[str, Any], portal_data: Path
) -> None:
    reader, made = people["bureau"], create(agency)
    columns = "id, at, kind, outcome, object_type, object_id, person, body, leaf, mark, private"
    row = (
        f"INSERT INTO anshan_audit_event ({columns})"
        " SELECT gen_random_uuid(), now(), 'entry.changed', 'done', 'entry', %s, id, %s, 'x', 'x', 'x'"
        " FROM anshan_audit_person LIMIT 1"
    )
    with connected(portal_data, "ckan") as thief:
        for body in BODIES:
            thief.execute(row, [made["id"], body])
    for path in (f"/en/audit/?object={made['id']}", f"/audit/history/entry/{made['id']}"):
        assert len(said(page(app, path, reader))) == len(BODIES) + 1
    for ending in ("csv", "xlsx"):
        assert get(app, f"/audit/export.{ending}?object={made['id']}", reader).data
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("DELETE FROM anshan_audit_event WHERE mark = 'x'")


def test_an_export_stops_with_a_word(app: Any, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 2)
    for _ in range(3):
        recording.happened(Event("mail.sent"))
    rows = list(csv.reader(io.StringIO(get(app, "/en/audit/export.csv?what=mail.sent", people["bureau"]).body)))
    assert len(rows) == 4 and "more than 2 events" in rows[-1][0]


# for everybody


def seal(sealer: Sealer, number: int) -> None:
    for at in range(number):
        recording.happened(Event("mail.sent", object=Object("dataset", f"d{at}")))
    sealer.seal()


def test_checkpoint_and_tiles_are_those_of_the_tree(app: Any, sealer: Sealer) -> None:
    seal(sealer, 600)
    size = trusting.state()["events"]
    note = get(app, "/audit/checkpoint")
    assert note.headers["Content-Type"].startswith("text/plain") and "no-store" in note.headers["Cache-Control"]
    assert int(note.body.splitlines()[1]) == size
    full, partial = get(app, "/audit/tile/0/000"), size % 256
    assert len(full.data) == 256 * 32 and "immutable" in full.headers["Cache-Control"]
    assert len(get(app, f"/audit/tile/0/{size // 256:03}.p/{partial}").data) == partial * 32
    nodes = get(app, f"/audit/tile/1/000.p/{size // 256}").data
    assert nodes[:32] == offline.rows(full.data)[-1]
    for wrong in (
        "0/x000/000",
        f"0/00{size // 256}",
        "0/001.p/0",
        "0/1",
        "9/000",
        "0/000.p/256",
        "0/900",
        "entries/000",
    ):
        assert get(app, f"/audit/tile/{wrong}").status_code == 404, wrong


def test_a_proof_is_for_whoever_sees_the_event(
    app: Any, agency: Agency, people: dict[str, Any], dataset: dict[str, Any], sealer: Sealer
) -> None:
    made = create(agency)
    patch(agency, made["id"], title="改过的标题")
    body = last(object_id=made["id"])
    assert get(app, f"/audit/proof/{body['id']}", people["publisher"]).status_code == 404  # not sealed yet
    sealer.seal()
    proof = json.loads(get(app, f"/audit/proof/{body['id']}", people["publisher"]).body)
    assert json.loads(proof["event"]) == body and proof["private"]
    assert get(app, f"/audit/proof/{body['id']}", people["stranger"]).status_code == 404
    assert get(app, f"/audit/proof/{body['id']}", people["sysadmin"]).status_code == 404
    for wrong in ("nothing", "01935c1e-8f00-7000-8000-000000000000"):
        assert get(app, f"/audit/proof/{wrong}", people["publisher"]).status_code == 404


def test_everybody_proves_a_change_of_a_dataset(app: Any, tmp_path: Path, sealer: Sealer) -> None:
    made = make_entry("unconditional", support_agency())
    release(tmp_path, made, {"a.csv": CSV})
    work()
    public = published(made)
    recording.happened(Event("file.handed_out", object=Object("dataset", public["id"])))
    sealer.seal()
    change, handed = last(kind="dataset.created", object_id=public["id"]), last(kind="file.handed_out")
    proof = json.loads(get(app, f"/audit/proof/{change['id']}").body)
    assert "private" not in proof
    kept = tmp_path / "proof.json"
    kept.write_bytes(get(app, f"/audit/proof/{change['id']}").data)
    assert offline.main(["--proof", str(kept), "--key", sealer.signer.vkey]) == 0
    assert get(app, f"/audit/proof/{handed['id']}").status_code == 302
    shown = page(app, f"/en/audit/history/dataset/{public['name']}")
    assert shown.select(f'a[href$="/audit/proof/{change["id"]}"]')


def test_the_page_for_everybody_says_how_it_stands(app: Any, sealer: Sealer, portal_data: Path) -> None:
    seal(sealer, 3)
    soup = page(app, "/en/audit/about")
    assert not soup.select("[role=alert]") and "Every event is sealed" in main(soup)
    with connected(portal_data, "postgres") as superuser:
        superuser.execute(
            "INSERT INTO anshan_audit_witness (name, size, answered, asked, answer, failing)"
            " VALUES ('tsa', 3, now(), now(), 'ok', false), ('far', 1, null, now(), 'x', true)"
        )
    soup = page(app, "/en/audit/about")
    assert "The witness far does not answer" in str(soup.select("[role=alert]"))
    assert get(app, "/audit/about").headers["Cache-Control"] == "private, no-store"


def test_the_page_says_how_long_months_stay_and_which_are_out(app: Any, sealer: Sealer, portal_data: Path) -> None:
    seal(sealer, 1)
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("DELETE FROM anshan_audit_retention")
    assert "All of it stays in the portal" in main(page(app, "/en/audit/about"))
    facts = {"first": 0, "last": 0, "before": 1, "file": "x", "sha256": "0" * 64}
    for month, more in (("2025-01", {"at": "2026-02-03T04:05:06Z"}), ("2025-02", {})):
        about = Object("log", month)
        recording.happened(Event("log.trimmed", object=about, action="trim", facts=facts | more))
    with connected(portal_data, "postgres") as superuser:
        policy = "INSERT INTO anshan_audit_retention (one, months, trim, at, failing) VALUES (true, 9, true, now(), '')"
        superuser.execute(policy)
    soup = page(app, "/en/audit/about")
    assert "The current month and 9 full months before it stay" in main(soup)
    shown = [" ".join(one.text.split()) for one in soup.select("#months ~ .panel li")]
    assert [one[:7] for one in shown] == ["2025-02", "2025-01"] and "2026" in shown[1]
    assert "archive-2025-02.jsonl.gz" in main(soup) and "Not every old month" not in main(soup)
    assert "本月和此前 9 个整月留在平台里" in main(page(app, "/zh_Hans_CN/audit/about"))
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("UPDATE anshan_audit_retention SET trim = false, failing = 'secret/folder is away'")
    soup = page(app, "/en/audit/about")
    assert "the portal keeps them all the same" in main(soup) and "Not every old month" in main(soup)
    assert "secret" not in str(soup), "where archives lie is nobody else's business"
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("DELETE FROM anshan_audit_retention")


def test_sealing_that_has_stopped_is_said_loudly(app: Any, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(sealer, 1)
    recording.happened(Event("mail.sent"))
    assert trusting.state()["waiting_since"] and not trusting.state()["is_late"]
    monkeypatch.setattr(options, "late_seconds", lambda: -1)
    assert "Sealing has stopped" in main(page(app, "/en/audit/about"))


def test_before_the_first_checkpoint_the_pages_are_there(app: Any, empty_log: None) -> None:
    assert "Nothing is sealed yet" in main(page(app, "/en/audit/about"))
    assert get(app, "/audit/checkpoint").status_code == 404 == get(app, "/audit/tile/0/000.p/1").status_code
    assert act(None, "anshan_audit_checkpoint_list")["events"] == 0


def test_the_verifier_is_handed_out_as_it_is(app: Any) -> None:
    assert get(app, "/audit/offline.py").data == Path(str(offline.__file__)).read_bytes()


def test_ways_lead_to_the_log(app: Any, agency: Agency, people: dict[str, Any], dataset: dict[str, Any]) -> None:
    made = create(agency)

    def links(path: str, user: Any = None) -> set[str]:
        return {str(a["href"]) for a in page(app, path, user).select("a[href]")}

    assert "/audit/about" in links("/")
    assert f"/audit/history/dataset/{dataset['name']}" in links(f"/dataset/{dataset['name']}")
    assert f"/audit/history/entry/{made['name']}" in links(f"/entry/{made['name']}", agency.publisher)
    assert "/audit/" in links("/desk", people["bureau"]) and "/audit/" not in links("/desk", agency.publisher)
    assert f"/audit/history/account/{agency.publisher['name']}" in links("/desk", agency.publisher)


# costs


def test_a_page_costs_the_same_for_one_event_and_fifty(app: Any, agency: Agency, people: dict[str, Any]) -> None:
    few, many = create(agency), create(agency)
    for number in range(48):
        recording.happened(Event("entry.shared", object=Object("entry", many["id"]), facts={"number": number}))
    paths = {
        "history": ("/audit/history/entry/{}", "publisher"),
        "search": ("/audit/?type=entry&object={}", "bureau"),
    }
    for name, (path, who) in paths.items():
        found = {}
        for made in (few, many):
            get(app, path.format(made["id"]), people[who])
            with costs() as cost:
                get(app, path.format(made["id"]), people[who])
            found[made["id"]] = (cost.sql, cost.solr)
        assert len(set(found.values())) == 1, (name, found)
        assert found[few["id"]] == COSTS[name], "\n".join((name, str(found), *cost.statements))


COSTS = {"history": (15, 0), "search": (21, 0)}
