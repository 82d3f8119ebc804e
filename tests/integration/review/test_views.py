"""The pages of the review: who finds what there, each act by its form, and that nothing typed is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search import rebuild
from ckan.tests import factories

from ckanext.anshan.review import messages, workbench
from ckanext.anshan.review.rules import Command
from tests.integration import support
from tests.integration.conftest import made as portal
from tests.integration.people.test_forgery import HERE, protected
from tests.integration.support import costs

from . import test_lists as lists_
from . import town as town_
from .town import PLAIN, make

__all__ = ["protected"]

pytestmark = pytest.mark.usefixtures("with_plugins")


def inside(call: Callable[..., Any]) -> Callable[..., Any]:
    """A call of an action, in a request of its own; pages are asked for outside of any."""

    def done(*args: Any, **more: Any) -> Any:
        with portal().test_request_context():
            return call(*args, **more)

    return done


answers, as_user, entry, publish = map(inside, (town_.answers, support.as_user, town_.entry, town_.publish))
scanned, show, sign, submit, work = map(inside, (town_.scanned, town_.show, town_.sign, town_.submit, support.work))
dataset = inside(support.dataset)

ANSWERED = "answer-"


def token(user: Any) -> dict[str, str]:
    return {"Authorization": user["token"]}


def look(app: Any, user: Any, path: str, status: int = 200) -> BeautifulSoup:
    answer = app.get(f"/en{path}", headers=token(user) if user else {}, follow_redirects=False)
    assert answer.status_code == status, (path, answer.status_code)
    return BeautifulSoup(answer.body, "html.parser")


def send(app: Any, user: Any, path: str, data: Any, status: int = 302) -> BeautifulSoup:
    answer = app.post(f"/en{path}", data=data, headers=token(user), follow_redirects=False)
    assert answer.status_code == status, BeautifulSoup(answer.body, "html.parser").get_text(" ", strip=True)[:400]
    return BeautifulSoup(answer.body, "html.parser")


def said(soup: BeautifulSoup, selector: str) -> str:
    return " ".join(one.get_text(" ", strip=True) for one in soup.select(selector))


def one_of(soup: BeautifulSoup, selector: str) -> Any:
    found = soup.select_one(selector)
    assert found is not None, selector
    return found


def ticked(user: Any, made: Any) -> dict[str, str]:
    return {f"{ANSWERED}{id}": value for id, value in answers(user, made).items()}


def page(made: Any) -> str:
    return f"/review/{made['number']}"


def test_everybody_with_a_part_sees_it_and_nobody_else_learns_of_it(app, town):
    made = submit(town, entry(town))
    for user in (town.editor, town.head, town.cyberspace, town.bureau):
        assert made["title"] in said(look(app, user, page(made)), "h1")
    stranger = make("other").editor
    for user in (stranger, factories.UserWithToken(), factories.SysadminWithToken()):
        look(app, user, page(made), 404)
        send(app, user, f"{page(made)}/withdraw", {"reason": ""}, 404)
    look(app, None, page(made), 302)


def test_each_reader_finds_the_forms_of_what_they_may_do(app, town):
    made = submit(town, entry(town))
    assert forms(look(app, town.editor, page(made))) == {"withdraw", "comment"}
    assert forms(look(app, town.head, page(made))) == {"sign", "return", "reject", "withdraw", "comment"}
    assert forms(look(app, town.bureau, page(made))) == {"comment"}
    sign(town.head, made)
    assert forms(look(app, town.cyberspace, page(made))) == {"sign", "return", "reject", "comment"}
    assert forms(look(app, town.bureau, page(made))) == {"sign", "return", "reject", "comment"}


def forms(soup: BeautifulSoup) -> set[str]:
    return {str(one["id"]).removeprefix("act-") for one in soup.select(".rv-sheet")}


def test_the_keys_stand_in_one_order_and_say_whose_turn_it_is(app, town):
    made = sign(town.head, submit(town, entry(town)))
    shown = look(app, town.cyberspace, page(made)).select(".rv-key")
    assert [one["class"][-1] for one in shown] == ["signed", "yours", "waits"]
    assert made["keys"][0]["by"] in shown[0].get_text()


def test_the_forms_take_a_submission_all_the_way(app, town):
    made = submit(town, found := entry(town))
    for user in (town.head, town.cyberspace, town.bureau):
        send(app, user, f"{page(made)}/sign", {"hash": made["hash"], **ticked(user, made)})
    work()
    assert show(town.editor, made["id"])["state"] == "published" and dataset(found)
    assert "public" in said(look(app, town.editor, page(made)), ".notice")


def test_what_is_not_answered_is_said_and_what_was_answered_stays(app, town):
    made = submit(town, entry(town))
    given = ticked(town.head, made)
    last = next(iter(given))
    given.pop(last)
    soup = send(app, town.head, f"{page(made)}/sign", {"hash": made["hash"], **given}, 400)
    assert "Answer each item" in said(soup, "#act-sign .notice[role=alert]")
    assert "is-open" in one_of(soup, "#act-sign")["class"]
    kept = {str(one["name"]) for one in soup.select(".rv-item input[checked]")}
    assert kept == set(given)
    assert said(soup, "[data-answered]") == f"{len(given)} / {len(given) + 1}"


def test_another_draft_is_not_signed(app, town):
    made = submit(town, entry(town))
    soup = send(app, town.head, f"{page(made)}/sign", {"hash": "0" * 64, **ticked(town.head, made)}, 400)
    assert "another draft" in said(soup, "#act-sign .notice[role=alert]")


def test_the_submitter_reads_why_they_do_not_sign(app, town):
    made = as_user(town.head, "anshan_submission_create", id=entry(town)["id"])
    scanned()
    soup = look(app, town.head, page(made))
    assert "You submitted this yourself" in said(soup, ".rv-why") and "sign" not in forms(soup)
    soup = send(app, town.head, f"{page(made)}/sign", {"hash": made["hash"], "reason": "x"}, 403)
    assert "You submitted this yourself" in said(soup, ".notice[role=alert]")


def test_a_return_keeps_its_remarks_at_their_places(app, town):
    made = sign(town.head, submit(town, entry(town)))
    given = {
        "where": ["column:停车场.csv/电话", "row:停车场.csv", ""],
        "row": ["", "2", ""],
        "text": ["打码", "空行", " "],
    }
    send(app, town.cyberspace, f"{page(made)}/return", {**given, "complex": "true"})
    told = show(town.editor, made["id"])
    assert [(one["place"], one["at_place"], one["text"]) for one in told["remarks"]] == [
        ("column", "停车场.csv/电话", "打码"),
        ("row", "停车场.csv#2", "空行"),
    ]
    shown = said(look(app, town.editor, page(made)), ".rv-earlier")
    assert "停车场.csv/电话" in shown and "停车场.csv, row 2" in shown


def test_an_empty_return_is_refused_with_its_rows_kept(app, town):
    made = sign(town.head, submit(town, entry(town)))
    given = {"where": ["file:停车场.csv"], "row": [""], "text": [""], "complex": "true"}
    soup = send(app, town.bureau, f"{page(made)}/return", given, 400)
    assert "at least one remark" in said(soup, "#act-return .notice[role=alert]")
    assert one_of(soup, "#where-1 option[selected]")["value"] == "file:停车场.csv"
    assert one_of(soup, "[name=complex]").has_attr("checked")


def test_a_finding_is_written_into_the_return_beside_what_was_typed(app, town):
    made = submit(town, entry(town), severity="block")
    button = one_of(look(app, town.head, page(made)), ".rv-finding [name=more]")
    given = {"where": ["field:title"], "row": [""], "text": ["标题写清年份"], "more": button["value"]}
    soup = send(app, town.head, f"{page(made)}/return", given, 200)
    texts = [one.get_text() for one in soup.select(".rv-remark textarea")]
    assert texts[0].strip() == "标题写清年份" and "Mobile" in texts[1]
    assert [one["value"] for one in soup.select(".rv-remark option[selected]")][1] == "column:停车场.csv/电话"
    assert show(town.head, made["id"])["state"] == "submitted"


def test_a_rejection_without_article_keeps_its_reason(app, town):
    made = sign(town.head, submit(town, entry(town)))
    soup = send(app, town.bureau, f"{page(made)}/reject", {"reason": "属于工作秘密", "article": ""}, 400)
    assert one_of(soup, "#reject-reason").get_text().strip() == "属于工作秘密"
    send(app, town.bureau, f"{page(made)}/reject", {"reason": "属于工作秘密", "article": "第三十条"})
    shown = said(look(app, town.editor, page(made)), ".rv-line")
    assert "属于工作秘密" in shown and "第三十条" in shown


def test_what_blocks_is_signed_over_by_form_and_then_wants_a_reason(app, town):
    made = submit(town, entry(town), severity="block")
    assert "1 finding that blocks" in said(look(app, town.head, page(made)), ".rv-why")
    send(app, town.cyberspace, f"{page(made)}/clear", {"reason": ""}, 400)
    send(app, town.cyberspace, f"{page(made)}/clear", {"reason": "依法公示"})
    soup = send(app, town.head, f"{page(made)}/sign", {"hash": made["hash"], **ticked(town.head, made)}, 400)
    assert soup.select_one("#sign-reason")
    given = {"hash": made["hash"], "reason": "依法公示", **ticked(town.head, made)}
    send(app, town.head, f"{page(made)}/sign", given)
    assert "依法公示" in said(look(app, town.cyberspace, page(made)), ".rv-key.signed")


def test_a_submission_is_withdrawn_by_form(app, town):
    made = submit(town, entry(town))
    send(app, town.editor, f"{page(made)}/withdraw", {"reason": "内容有误"})
    assert show(town.editor, made["id"])["state"] == "withdrawn"


def test_an_internal_comment_and_its_file_are_for_the_offices(app, town):
    made = sign(town.head, submit(town, entry(town)))
    given = {"text": "只给办公室", "internal": "true", "upload": (io.BytesIO("依据".encode()), "依据.txt")}
    send(app, town.cyberspace, f"{page(made)}/comment", given)
    told = next(one for one in show(town.bureau, made["id"])["remarks"] if one["internal"])
    path = f"{page(made)}/attachment/{told['id']}"
    assert "只给办公室" not in look(app, town.editor, page(made)).get_text()
    assert app.get(path, headers=token(town.bureau)).body == "依据"
    for user in (town.editor, town.head):
        look(app, user, path, 404)


def test_files_leave_by_the_one_door_and_are_on_record(app, town):
    made = submit(town, found := entry(town))
    path = f"{page(made)}/file/停车场.csv"
    as_user(town.editor, "package_patch", id=found["id"], resources=[])
    for user in (town.editor, town.head, town.cyberspace, town.bureau):
        answer = app.get(path, headers=token(user))
        assert answer.data == PLAIN and answer.headers["X-Content-SHA256"] == made["files"][0]["sha256"]
    look(app, make("other").head, path, 404)
    look(app, town.head, f"{page(made)}/file/别的.csv", 404)
    model.Session.rollback()
    query = sa.text("SELECT count(*) FROM anshan_audit_event WHERE kind = 'file.handed_out' AND object_id = :id")
    assert model.Session.execute(query, {"id": found["id"]}).scalar_one() == 4


def test_what_was_held_against_earlier_submissions_stays_in_sight(app, town):
    made = sign(town.head, submit(town, found := entry(town)))
    as_user(town.cyberspace, "anshan_submission_return", id=made["id"], remarks=[{"text": "请写明统计口径"}])
    as_user(town.editor, "package_patch", id=found["id"], notes="改过了")
    again = submit(town, found)
    assert "请写明统计口径" in said(look(app, town.head, page(again)), ".rv-earlier")
    assert again["number"] in said(look(app, town.head, page(made)), ".notice")


def test_a_scan_that_runs_shows_how_far_it_is(app, town):
    made = as_user(town.editor, "anshan_submission_create", id=entry(town)["id"])
    soup = look(app, town.head, page(made))
    assert soup.select_one("[data-renew] [role=progressbar]") and "sign" not in forms(soup)
    scanned()
    assert not look(app, town.head, page(made)).select("[data-renew]")


def test_nothing_is_done_without_the_token_of_the_page(protected, town):
    """Whoever is logged in and is led to send a form from elsewhere."""
    made = submit(town, entry(town))
    mine = protected.test_client(user=model.User.get(town.editor["id"]))
    path, given = f"{page(made)}/withdraw", {"reason": ""}
    assert mine.post(path, data=given, base_url=HERE, follow_redirects=False).status_code == 400
    assert show(town.editor, made["id"])["state"] == "submitted"
    shown = BeautifulSoup(mine.get(page(made), base_url=HERE).data, "html.parser")
    given["_csrf_token"] = str(one_of(shown, "#rv-withdraw input[name=_csrf_token]")["value"])
    mine.post(path, data=given, base_url=HERE, follow_redirects=False)
    assert show(town.editor, made["id"])["state"] == "withdrawn"


def test_the_page_asks_as_much_for_many_remarks_as_for_few(app, town):
    made = sign(town.head, submit(town, entry(town)))
    path, headers = f"/en{page(made)}", token(town.cyberspace)
    app.get(path, headers=headers)
    with costs() as few:
        app.get(path, headers=headers)
    for number in range(20):
        as_user(town.bureau, "anshan_submission_comment", id=made["id"], text=f"第{number}条")
    app.get(path, headers=headers)
    with costs() as many:
        app.get(path, headers=headers)
    assert many.sql <= few.sql and few.sql < 90, few.sql


def test_a_list_has_the_same_page(app, town, tmp_path):
    owner = inside(support.agency)()
    one = inside(support.entry)("unconditional", owner)
    path = lists_.manifest(tmp_path, lists_.line(tmp_path, one, 站点="name,n\n鞍山站,12\n"))
    made = inside(lists_.propose)(town.bureau, path, severity="reason")
    soup = look(app, town.cyberspace, page(made))
    assert one["title"] in said(soup, "#lines-head + *, table") and forms(soup) == {"sign", "reject", "comment"}
    assert len(soup.select(".rv-key")) == 2 and soup.select(".rv-finding")
    look(app, owner["publisher"] | {"token": town.editor["token"]}, page(made), 404)


# submitting


def test_what_would_be_frozen_is_shown_and_submitted(app, town):
    found = entry(town)
    soup = look(app, town.editor, f"/entry/{found['name']}/submit")
    assert "停车场.csv" in said(soup, ".scan-file") and not soup.select(".notice.late")
    send(app, town.editor, f"/entry/{found['name']}/submit", {"kind": "opening", "routine": "true"})
    made = as_user(town.head, "anshan_submission_list", mine="all", entry=found["id"])["submissions"][0]
    assert show(town.head, made["id"])["frozen"]["policy"] == {"routine": True}
    assert made["number"] in said(look(app, town.editor, f"/entry/{found['name']}/submit"), ".notice")


def test_gaps_lead_to_their_fields(app, town):
    found = entry(town)
    package: Any = model.Package.get(found["id"])
    package.notes = ""  # as an import leaves it
    model.Session.commit()
    rebuild(found["id"])
    soup = look(app, town.editor, f"/entry/{found['name']}/submit")
    assert one_of(soup, ".notice.late a")["href"].endswith("#field-notes")
    soup = send(app, town.editor, f"/entry/{found['name']}/submit", {"kind": "opening"}, 400)
    assert "are empty" in said(soup, ".notice[role=alert]")


def test_a_file_that_is_wanted_is_asked_for(app, town):
    soup = look(app, town.editor, f"/entry/{entry(town, None)['name']}/submit")
    assert "at least one file" in said(soup, ".notice.late")


def test_what_is_public_can_be_taken_back_with_a_reason(app, town):
    found = entry(town)
    path = f"/entry/{found['name']}/submit"
    assert "Take it back" not in look(app, town.editor, path).get_text()
    publish(town, found)
    work()
    assert "Take it back" in look(app, town.editor, path).get_text()
    soup = send(app, town.editor, path, {"kind": "retirement", "reason": "职能调整", "article": ""}, 400)
    assert one_of(soup, "#retirement-reason").get_text().strip() == "职能调整"
    send(app, town.editor, path, {"kind": "retirement", "reason": "职能调整", "article": "第十二条"})


def test_the_bureau_opens_at_once_when_the_scan_is_done(app, town):
    found = entry(town)
    path, given = f"/entry/{found['name']}/submit", {"kind": "emergency", "reason": "汛情", "days": "3"}
    soup = send(app, town.bureau, path, given, 400)
    assert "scan" in said(soup, ".notice[role=alert]") and soup.select_one("[data-renew]")
    assert one_of(soup, "#emergency-reason").get_text().strip() == "汛情"
    scanned()
    send(app, town.bureau, path, given)
    made = as_user(town.bureau, "anshan_submission_list", mine="all", entry=found["id"])["submissions"][0]
    assert (made["state"], made["way"]) == ("provisional", "emergency")


def test_only_its_agency_and_the_bureau_come_to_submit(app, town):
    path = f"/entry/{entry(town)['name']}/submit"
    assert "Open at once" not in look(app, town.editor, path).get_text()
    assert not look(app, town.bureau, path).select("input[name=kind][value=opening]")
    look(app, town.cyberspace, path, 403)
    look(app, make("other").editor, path, 403)
    look(app, None, path, 302)
    look(app, town.editor, "/entry/nothing/submit", 404)


def test_the_entry_says_how_it_stands_with_its_review(app, town):
    found = entry(town)
    path = f"/entry/{found['name']}"
    assert "Submit for review" in said(look(app, town.editor, path), ".list-top .btns")
    made = submit(town, found)
    assert made["number"] in str(one_of(look(app, town.editor, path), ".list-top .btns"))
    as_user(town.head, "anshan_submission_reject", id=made["id"], reason="x", article="第三十条")
    assert "Rejected" in said(look(app, town.editor, path), ".pairs")


def test_every_act_of_the_page_has_words_for_when_it_is_done():
    assert [one for one in workbench.ACTS if Command(one) not in messages.ACTED] == []
