"""The pages of whoever applies, without scripts: begun, filled in, sent, followed; and what an agency asks."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories

from ckanext.anshan.application import forms
from ckanext.anshan.workflow import clock
from tests.integration.applicants import town as applicants
from tests.integration.conftest import made as portal
from tests.integration.support import as_user, costs

from . import town
from .town import do, show

pytestmark = pytest.mark.usefixtures("with_plugins")

NEW = "/application/new"


def inside(call: Any, *args: Any, **more: Any) -> Any:
    """A call of an action, in a request of its own; pages are asked for outside of any."""
    with portal().test_request_context():
        return call(*args, **more)


@cache
def here() -> town.Town:
    return inside(town.make)


@cache
def dataset() -> dict[str, Any]:
    return inside(town.released, here())


@cache
def headers(user: str) -> dict[str, str]:
    return inside(applicants.token, {"id": user})


def look(app: Any, user: Any, path: str, status: int = 200) -> BeautifulSoup:
    known = headers(user["id"]) if user else {}
    answer = app.get(f"/en{path}", headers=known, follow_redirects=False)
    assert answer.status_code == status, (path, answer.status_code)
    return BeautifulSoup(answer.body, "html.parser")


def send(app: Any, user: Any, path: str, data: Any, status: int = 302, **more: Any) -> Any:
    known = {**headers(user["id"]), **more}
    answer = app.post(f"/en{path}", data=data, headers=known, follow_redirects=False)
    assert answer.status_code == status, (path, answer.status_code, answer.body[:2000])
    return answer


def fields(page: BeautifulSoup) -> dict[str, list[str]]:
    """What a browser sends of the form of a step as it stands, without any button."""
    found: dict[str, list[str]] = {}
    for one in page.select("form#apply [name]"):
        if one.name == "button" or one.get("type") == "file":
            continue
        if one.get("type") in ("checkbox", "radio") and not one.has_attr("checked"):
            continue
        chosen = one.select_one("option[selected]") if one.name == "select" else None
        value = chosen["value"] if chosen else "" if one.name == "select" else one.get("value", "")
        found.setdefault(str(one["name"]), []).append(one.text if one.name == "textarea" else str(value))
    return found


def begun(app: Any) -> str:
    """The number of a draft that was begun on the page."""
    answer = send(app, here().person, NEW, {"dataset": dataset()["name"], "kind": "opening"})
    return str(answer.headers["Location"]).split("/application/")[1].split("/")[0]


# beginning


def test_the_page_of_a_dataset_leads_to_the_application(app: Any):
    page = look(app, None, f"/dataset/{dataset()['name']}")
    link = next(one["href"] for one in page.select("a") if NEW in str(one.get("href")))
    found = look(app, here().person, str(link).removeprefix("/en"))
    assert "Begin the application" in found.get_text()
    assert not found.select_one("button[disabled]")


def test_a_visitor_logs_in_and_comes_back(app: Any):
    answer = app.get(f"/en{NEW}?dataset={dataset()['name']}", follow_redirects=False)
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"] and "came_from" in answer.headers["Location"]
    assert app.get("/en/applications", follow_redirects=False).status_code == 302


def test_without_a_profile_the_page_leads_to_it(app: Any):
    stranger = inside(applicants.user)
    page = look(app, stranger, f"{NEW}?dataset={dataset()['name']}")
    assert "First say who you are" in page.get_text()
    assert page.select_one("main a[href$='/applicant']")
    assert not page.select_one("form[method=post][action*='/application/new']")


def test_the_account_of_the_machine_is_told_that_it_applies_for_nothing(app: Any):
    admin = factories.Sysadmin()
    page = look(app, admin, f"{NEW}?dataset={dataset()['name']}")
    assert "runs the machine" in page.get_text()
    send(app, admin, NEW, {"dataset": dataset()["name"]}, status=400)


def test_what_isnt_offered_says_why_and_tells_nothing_else(app: Any):
    page = look(app, here().person, f"{NEW}?dataset=keine-solchen-daten")
    assert "can't be applied for just now" in page.get_text()
    assert page.select_one("button[disabled]")


def test_other_datasets_are_found_and_added(app: Any):
    page = look(app, here().person, f"{NEW}?q=没有这样的标题")
    assert "No dataset that is open on conditions" in page.get_text()


def test_each_agency_gets_a_draft_of_its_own_and_the_page_says_so_before(app: Any):
    other = inside(town.released, inside(town.make, "another"), name="别的部门.csv")
    both = [dataset()["name"], other["name"]]
    page = look(app, here().person, f"{NEW}?dataset={both[0]}&dataset={both[1]}")
    assert "2 drafts are made, one for each agency" in page.get_text()
    send(app, here().person, NEW, {"dataset": both, "kind": "opening"})
    found = look(app, here().person, "/applications?group=mine").get_text()
    assert inside(as_user, here().person, "anshan_application_list", dataset=other["name"])["count"] == 1
    assert "2 drafts were begun" in found or "Draft application" in found


def test_a_change_starts_from_what_is_in_use(app: Any):
    made = inside(town.active, here(), dataset())
    page = look(app, here().person, f"/application/{made['number']}")
    link = next(str(one["href"]) for one in page.select("a[href*='relation=amendment']"))
    page = look(app, here().person, link.removeprefix("/en"))
    assert "Apply for a change" in page.get_text()
    form = {
        one["name"]: one["value"] for one in page.select(".ap-begin input[type=hidden]") if "csrf" not in one["name"]
    }
    answer = send(app, here().person, NEW, form)
    number = str(answer.headers["Location"]).split("/application/")[1].split("/")[0]
    draft = inside(show, here().person, {"id": number})
    assert (draft["relation"], draft["content"]["purpose"]) == ("amendment", town.CONTENT["purpose"])


# the form


def test_each_step_is_kept_and_leads_to_the_next(app: Any):
    number = begun(app)
    for step in ("party", "purpose", "scope", "safeguards"):
        page = look(app, here().person, f"/application/{number}/edit/{step}")
        given = {**fields(page), **typed(step), "go": "next"}
        answer = send(app, here().person, f"/application/{number}/edit/{step}", given)
        assert "look" not in answer.headers["Location"], step
    made = inside(show, here().person, {"id": number})
    assert made["problems"] == []
    assert made["items"][0]["asked"]["columns"] == sorted(["单位名称", "区县", "日收运量"])
    assert made["items"][0]["asked"]["rows"] == [{"column": "区县", "values": ["铁东区", "立山区"]}]
    answer = send(app, here().person, f"/application/{number}/submit", {})
    assert "/application/SQ-" in answer.headers["Location"]


def typed(step: str) -> dict[str, Any]:
    """What somebody types into a step."""
    id = dataset()["id"]
    names = forms.STEPS[step]
    base = {name: value for name, value in {**town.CONTENT, **town.days()}.items() if name in names}
    scope = {f"{id}/columns": ["单位名称", "区县", "日收运量"], f"{id}/values/区县": "铁东区、立山区"}
    return {**base, **(scope if step == "scope" else {})}


def test_what_is_missing_is_told_beside_its_field_and_in_a_summary(app: Any):
    number = begun(app)
    answer = send(app, here().person, f"/application/{number}/edit/purpose", {"purpose": "", "go": "next"})
    assert answer.headers["Location"].endswith("edit/purpose?look=1")
    page = look(app, here().person, f"/application/{number}/edit/purpose?look=1")
    links = [str(one["href"]).removeprefix("#") for one in page.select(".error-summary a[href^='#']")]
    assert "purpose" in links and "basis_kind" in links
    for id in links:
        assert page.find(id=id), id
    field = page.find(id="purpose")
    assert field and field["aria-invalid"] == "true"
    assert page.find(id="purpose-why")


def test_a_day_past_the_longest_term_is_told_with_the_last_one_possible(app: Any):
    number = begun(app)
    today = clock.today()
    last = forms.last_day(today, 12).isoformat()
    given = {"starts": today.isoformat(), "ends": (today + timedelta(900)).isoformat(), "go": "stay"}
    send(app, here().person, f"/application/{number}/edit/scope", given)
    page = look(app, here().person, f"/application/{number}/edit/scope")
    why = page.find(id="term-why")
    assert why and last in why.get_text()


def test_a_script_is_answered_with_what_changed(app: Any):
    number = begun(app)
    path = f"/application/{number}/edit/purpose"
    answer = send(app, here().person, path, {"purpose": "餐厨废弃物收运线路优化研究"}, 200, Accept="application/json")
    told = answer.json
    assert "餐厨废弃物收运线路优化研究" in told["parts"]["summary"]
    assert set(told) == {"saved", "parts"}
    assert inside(show, here().person, {"id": number})["content"]["purpose"] == "餐厨废弃物收运线路优化研究"


def test_what_cant_be_kept_stays_on_the_page(app: Any):
    number = begun(app)
    long = "长" * (forms.LONGEST + 1)
    answer = send(app, here().person, f"/application/{number}/edit/purpose", {"purpose": long}, status=400)
    assert long in answer.body
    assert "At most 4000 characters" in answer.body


def test_a_column_that_isnt_provided_has_no_box_and_says_why(app: Any):
    told = [{**one, "closed_reason": "个人信息"} if one["name"] == town.CLOSED else one for one in town.ITEMS]
    found = inside(town.released, here(), name="另一份.csv", information_items=told)
    made = inside(as_user, here().person, "anshan_application_create", datasets=[found["name"]])[0]
    page = look(app, here().person, f"/application/{made['number']}/edit/scope")
    offered = [one["value"] for one in page.select("input[name$='/columns']")]
    assert town.CLOSED not in offered and "单位名称" in offered
    row = next(one for one in page.select(".ap-table tbody tr") if town.CLOSED in one.get_text())
    assert "Not provided: 个人信息" in row.get_text() and not row.select("input")


def test_a_column_is_named_as_the_file_names_it(app: Any):
    """Agencies write the column's code or the item's name above a column: the scope names what stands there."""
    items = [{**one, "column": f"c{at}"} for at, one in enumerate(town.ITEMS)]
    found = inside(town.released, here(), name="按名称.csv", information_items=items)
    made = inside(as_user, here().person, "anshan_application_create", datasets=[found["name"]])[0]
    page = look(app, here().person, f"/application/{made['number']}/edit/scope")
    assert next(one["value"] for one in page.select("input[name$='/columns']")) == "单位名称"


def test_values_of_the_data_are_proposed_to_nobody(app: Any):
    """Before a grant no value of the file is on any page: what may be filtered by is typed."""
    number = begun(app)
    page = look(app, here().person, f"/application/{number}/edit/scope").get_text()
    assert "立山区" not in page and "餐饮有限公司" not in page


def test_a_file_is_attached_and_taken_away_on_the_page(app: Any):
    number = begun(app)
    path = f"/application/{number}/edit/purpose"
    file = (io.BytesIO(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), "合同.pdf")
    send(app, here().person, path, {"file/basis": file, "go": "stay"})
    page = look(app, here().person, path)
    assert "合同.pdf" in page.get_text()
    gone = page.select_one("button[name=detach]")
    assert gone
    send(app, here().person, path, {"detach": gone["value"], "go": "stay"})
    assert "合同.pdf" not in look(app, here().person, path).get_text()


def test_a_file_is_handed_out_to_those_who_have_a_part_in_it(app: Any):
    number = begun(app)
    file = (io.BytesIO(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), "合同.pdf")
    send(app, here().person, f"/application/{number}/edit/purpose", {"file/basis": file, "go": "stay"})
    id = inside(show, here().person, {"id": number})["attachments"][0]["id"]
    path = f"/en/application/{number}/attachment/{id}"
    answer = app.get(path, headers=headers(here().person["id"]))
    assert answer.data.startswith(b"%PDF-1.4")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert app.get(path, headers=headers(here().editor["id"])).status_code == 404  # a draft is its applicants' alone
    assert app.get(path, follow_redirects=False).status_code == 302


def test_a_co_applicant_is_named_agrees_and_is_waited_for(app: Any):
    other = inside(town.applicant)
    company = inside(applicants.verified, other)
    number = begun(app)
    send(app, here().person, f"/application/{number}/edit/party", {"partner": company["uscc"], "go": "stay"})
    page = look(app, here().person, f"/application/{number}/edit/party")
    assert company["uscc"] in page.get_text() and "hasn't agreed yet" in page.get_text()
    assert number in look(app, other, "/applications").get_text()
    send(app, other, f"/application/{number}/join", {})
    page = look(app, here().person, f"/application/{number}/edit/party")
    assert "agreed" in page.get_text()
    gone = page.select_one("button[name=leave_out]")
    assert gone
    send(app, here().person, f"/application/{number}/edit/party", {"leave_out": gone["value"], "go": "stay"})
    assert company["uscc"] not in look(app, here().person, f"/application/{number}/edit/party").get_text()


def test_what_is_in_use_names_who_signed_and_leads_to_the_data(app: Any):
    made = inside(town.active, here(), dataset())
    page = look(app, here().person, f"/application/{made['number']}")
    text = page.get_text()
    assert "has not accepted it yet" not in text and "Use the data" in text and "Apply for a change" in text
    assert page.select_one("#act-report textarea[name=text]") and page.select_one("#act-end textarea[name=declaration]")


def test_nobody_else_finds_it(app: Any):
    number, stranger = begun(app), inside(applicants.user)
    for path in ("", "/clock", "/edit/scope", "/attachment/x"):
        look(app, stranger, f"/application/{number}{path}", 404)
    send(app, stranger, f"/application/{number}/edit/purpose", {"purpose": "x"}, status=404)
    send(app, stranger, f"/application/{number}/discard", {}, status=404)


# following


def test_the_list_says_what_waits_and_how_to_begin(app: Any):
    page = look(app, inside(applicants.user), "/applications")
    assert "You haven't applied for anything yet" in page.get_text()
    number = begun(app)
    page = look(app, here().person, "/applications?group=mine")
    assert number in page.get_text() and "wait" in page.select_one(".ap-waits").get_text()  # type: ignore[union-attr]


def test_the_list_asks_the_same_for_one_and_for_sixty(app: Any):
    who = inside(town.applicant)
    inside(applicants.verified, who)
    inside(town.submitted, here(), dataset(), who)
    known = headers(who["id"])
    app.get("/en/applications", headers=known)
    with costs() as one:
        app.get("/en/applications", headers=known)
    with costs() as action:
        inside(as_user, who, "anshan_application_list", limit=20, shown="first")
    inside(copies, who, 59)
    with costs() as sixty:
        body = app.get("/en/applications", headers=known).body
    assert "60" in body
    assert one.sql == sixty.sql, (one.statements, sixty.statements)
    own = [each for each in action.statements if "anshan_application" in each]
    assert len(own) <= 3, own


def copies(who: Any, count: int) -> None:
    """More applications of somebody, as rows: sending each takes half a second."""
    made = as_user(who, "anshan_application_list", limit=1)["applications"][0]
    names = (
        model.Session.connection()
        .exec_driver_sql(
            "SELECT array_agg(column_name::text) FROM information_schema.columns WHERE"
            " table_name = 'anshan_application_application' AND column_name NOT IN ('id', 'number')"
        )
        .scalar_one()
    )
    listed = ", ".join(f'"{name}"' for name in names)
    model.Session.connection().exec_driver_sql(
        f"INSERT INTO anshan_application_application (id, number, {listed})"
        f" SELECT id || '-' || n, number || '-' || n, {listed} FROM anshan_application_application,"
        " generate_series(1, %(count)s) AS n WHERE id = %(id)s",
        {"count": count, "id": made["id"]},
    )
    model.Session.connection().exec_driver_sql(
        "INSERT INTO anshan_application_party (application_id, kind, party_id, position, joined, user_id)"
        " SELECT application_id || '-' || n, kind, party_id, position, joined, user_id FROM anshan_application_party,"
        " generate_series(1, %(count)s) AS n WHERE application_id = %(id)s",
        {"count": count, "id": made["id"]},
    )
    model.Session.commit()


def test_a_refusal_leads_with_ground_and_redress(app: Any):
    made = inside(town.submitted, here(), dataset())
    reasons = {
        "ground": "more_than_needed",
        "article": "第二十七条",
        "explanation": "超出用途所需",
        "redress": "可申请复议",
    }
    seen = {"unlike_earlier": "用途不同", "ground_not_stated": "见条件"}
    inside(do, here().editor, made, "refuse", **reasons, seen=seen)
    page = look(app, here().person, f"/application/{made['number']}")
    answer = page.select_one(".ap-answer")
    assert answer
    for words in ("More is asked for than the purpose needs", "第二十七条", "超出用途所需", "可申请复议"):
        assert words in answer.get_text()
    assert answer.select_one("a[href*='copy_of']")


def test_what_was_granted_is_shown_beside_what_was_asked(app: Any):
    made = inside(town.submitted, here(), dataset())
    less = {dataset()["id"]: {"columns": ["单位名称"], "methods": ["download"]}}
    given = {"hash": made["hash"], "scopes": less, "seen": {"unlike_earlier": "用途不同"}}
    inside(do, here().editor, made, "approve", **given)
    page = look(app, here().person, f"/application/{made['number']}")
    assert {one.get_text() for one in page.select("del")} == {"区县", "日收运量", "Calls of the interface"}


def test_a_supplement_is_sent_from_the_page_and_the_clock_is_told(app: Any):
    made = inside(town.submitted, here(), dataset())
    inside(do, here().editor, made, "ask", question="机房在哪里？")
    page = look(app, here().person, f"/application/{made['number']}")
    assert "机房在哪里？" in page.get_text() and "Clock stopped" in page.get_text()
    send(app, here().person, f"/application/{made['number']}/answer", {"answer": ""}, status=400)
    send(app, here().person, f"/application/{made['number']}/answer", {"answer": "沈阳"})
    told = look(app, here().person, f"/application/{made['number']}/clock").get_text()
    assert "Supplement wanted" in told and "Being examined" in told


def test_a_message_reaches_the_other_side(app: Any):
    made = inside(town.submitted, here(), dataset())
    send(app, here().person, f"/application/{made['number']}/message", {"text": "请问还缺什么？"})
    assert "请问还缺什么？" in look(app, here().person, f"/application/{made['number']}").get_text()
    assert inside(show, here().editor, made)["messages"][0]["text"] == "请问还缺什么？"


def test_a_command_that_is_too_late_says_so_on_the_page(app: Any):
    made = inside(town.submitted, here(), dataset())
    send(app, here().person, f"/application/{made['number']}/withdraw", {"reason": ""})
    answer = send(app, here().person, f"/application/{made['number']}/withdraw", {"reason": ""}, status=400)
    assert "not possible while the application is" in answer.body


# what an agency asks


def test_an_agency_writes_moves_and_keeps_its_questions(app: Any):
    asked = inside(town.released, here(), name="问卷.csv")
    path = f"/entry/{asked['entry']['name']}/questions"
    assert "Nothing is asked beside the base" in look(app, here().editor, path).get_text()
    send(app, here().editor, path, {"count": "0", "go": "add"}, status=200)
    two = {"count": "2", "q0-label": "存放在哪里？", "q0-kind": "text", "q1-label": "是否涉外？", "q1-kind": "choice"}
    two |= {"q1-options": "是\n否", "q1-is_required": "yes"}
    moved = BeautifulSoup(send(app, here().editor, path, {**two, "go": "up-1"}, status=200).body, "html.parser")
    assert moved.find(id="q0-label")["value"] == "是否涉外？"  # type: ignore[index]
    send(app, here().editor, path, {**two, "go": "save"})
    page = look(app, here().editor, path)
    assert "Version 1" in page.get_text()
    assert page.find(id="q1-label")["value"] == "是否涉外？"  # type: ignore[index]
    made = inside(as_user, here().person, "anshan_application_create", datasets=[asked["name"]])[0]
    step = look(app, here().person, f"/application/{made['number']}/edit/safeguards")
    assert "存放在哪里？" in step.get_text() and step.select("input[type=radio][value='否']")


def test_a_question_with_one_answer_is_refused_and_stays_typed(app: Any):
    path = f"/entry/{dataset()['entry']['name']}/questions"
    wrong = {"count": "1", "q0-label": "是否涉外？", "q0-kind": "choice", "q0-options": "是", "go": "save"}
    answer = send(app, here().editor, path, wrong, status=400)
    assert "at least two answers" in answer.body and "是否涉外？" in answer.body


def test_questions_are_the_agencys_own(app: Any):
    look(app, here().person, f"/entry/{dataset()['entry']['name']}/questions", 404)
