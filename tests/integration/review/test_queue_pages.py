"""The pages of the queue, without scripts: the list, several at once, what came of it; and what the list costs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from tests.integration.catalogue.test_views import as_user as logged_in

from ..support import as_user, costs
from . import town as towns
from .test_queue import copies, set_to, town
from .town import Town, entry

__all__ = ["town"]
pytestmark = pytest.mark.usefixtures("with_plugins")

LONG_AGO = date(2020, 1, 1)


Submit = Callable[..., Any]


@pytest.fixture
def submit(app: Any, town: Town) -> Submit:
    """A submission of the town, its scan done."""

    def make(severity: str = "") -> Any:
        with app.flask_app.test_request_context():
            return towns.submit(town, entry(town), severity)

    return make


def now(app: Any, town: Town, one: Mapping[str, Any]) -> Any:
    with app.flask_app.test_request_context():
        return towns.show(town.head, one["id"])


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "html.parser")


def known(user: Mapping[str, Any]) -> dict[str, Any]:
    return logged_in(dict(user))


def get(app: Any, user: Mapping[str, Any], path: str = "/en/review", status: int = 200) -> BeautifulSoup:
    return soup(app.get(path, status=status, **known(user)))


def rows(found: BeautifulSoup) -> list[Any]:
    return found.select("[data-row]")


def test_the_page_holds_the_work_of_each_role(app: Any, town: Town, submit: Submit):
    made = submit()
    head = get(app, town.head)
    assert head.h1 and "signature" in head.h1.get_text() and made["number"] in rows(head)[0].get_text()
    assert "agency is your turn, cyberspace hasn't signed, bureau hasn't signed" in rows(head)[0].get_text()
    assert not rows(get(app, town.editor)) and len(rows(get(app, town.editor, "/en/review?mine=open"))) == 1
    signed_by(app, town.head, made)
    path = f"/en/review?agency={town.agency.id}"
    for user, title in ((town.cyberspace, "Security review"), (town.bureau, "Final review")):
        found = get(app, user, path)
        assert found.h1 and title in found.h1.get_text() and len(rows(found)) == 1


def signed_by(app: Any, user: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    with app.flask_app.test_request_context():
        towns.sign(user, made)


def test_the_page_is_for_those_who_review(app: Any):
    assert app.get("/review", follow_redirects=False).status_code == 302
    app.get("/review", status=403, **logged_in(factories.UserWithToken()))
    app.get("/review", status=403, **logged_in(factories.SysadminWithToken()))


def test_what_is_suspended_is_a_link_away(app: Any, town: Town):
    assert get(app, town.cyberspace).select("a[href='/en/suspensions']")
    answer = app.get("/review/suspensions", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].endswith("/suspensions")) == (302, True)


def test_what_is_late_says_so_in_red_with_a_word(app: Any, town: Town, submit: Submit):
    set_to(submit(), due=LONG_AGO)
    late = rows(get(app, town.head))[0].select_one(".late")
    assert late and "working days late" in late.get_text() and late.select_one("svg")


def test_filters_live_in_the_address_and_stay_in_the_forms(app: Any, town: Town, submit: Submit):
    submit()
    found = get(app, town.head, "/en/review?mine=open&opening_class=closed&q=停车场")
    assert not rows(found) and "No submission fits" in found.get_text()
    search = found.select_one("form.rvq-search")
    assert search and search.select_one("input[name=opening_class][value=closed]")
    filters = found.select_one("form.rvq-filters")
    assert filters and filters.select_one("input[name=q][value=停车场]")
    assert filters.select_one("option[value=closed][selected]")
    assert get(app, town.head, "/en/review?scan=nonsense", 400)


def test_a_long_list_has_pages(app: Any, town: Town, submit: Submit):
    copies(submit(), 50)
    first = get(app, town.head, "/en/review?opening_class=unconditional")
    assert len(rows(first)) == 50
    following = first.select_one("a[rel=next]")
    assert following and following["href"] == "/en/review?opening_class=unconditional&page=2"
    assert len(rows(get(app, town.head, str(following["href"])))) == 1
    assert not rows(get(app, town.head, "/en/review?page=999999"))


def fields(found: BeautifulSoup) -> dict[str, Any]:
    """What a form sends as it stands, with each question answered."""
    form = found.select_one("form.rvq-form")
    assert form
    told: dict[str, Any] = {"id": [one["value"] for one in form.select("input[name=id]")]}
    hidden = form.select("input[type=hidden]:not([name=id])")
    asked = form.select("input[value=yes]")
    return told | {str(one["name"]): one["value"] for one in (*hidden, *asked)}


def test_two_are_signed_together_on_a_page_without_scripts(app: Any, town: Town, submit: Submit):
    one, two = submit(), submit()
    chosen = f"command=sign&id={one['number']}&id={two['number']}"
    form = fields(get(app, town.head, f"/en/review/bulk?{chosen}"))
    blank = {name: value for name, value in form.items() if not name.startswith("answer.")}
    again = soup(app.post("/en/review/bulk", data=blank, status=400, **known(town.head)))
    assert "nothing was signed" in again.get_text() and again.select_one("[aria-invalid=true]")
    assert now(app, town, one)["state"] == "submitted"
    done = soup(app.post("/en/review/bulk", data=form, **known(town.head)))
    assert done.h1 and done.h1.get_text(strip=True) == "2 submissions signed"
    for made in (one, two):
        found = now(app, town, made)
        assert (found["state"], found["keys"][0]["answers"]) == ("in_review", answers_sent(form))


def answers_sent(form: Mapping[str, Any]) -> dict[str, str]:
    return {name.removeprefix("answer."): value for name, value in form.items() if name.startswith("answer.")}


def test_what_was_withdrawn_since_the_page_was_opened_is_told(app: Any, town: Town, submit: Submit):
    one, two = submit(), submit()
    form = fields(get(app, town.head, f"/en/review/bulk?command=sign&id={one['number']}&id={two['number']}"))
    with app.flask_app.test_request_context():
        as_user(town.editor, "anshan_submission_withdraw", id=two["id"])
    done = soup(app.post("/en/review/bulk", data=form, **known(town.head)))
    assert done.h1 and done.h1.get_text(strip=True) == "1 submission signed"
    assert two["number"] in done.get_text() and "review.not_now" in done.get_text()


def test_each_is_returned_with_a_reason_of_its_own(app: Any, town: Town, submit: Submit):
    one, two = submit(), submit()
    chosen = f"command=return&id={one['number']}&id={two['number']}"
    form = fields(get(app, town.head, f"/en/review/bulk?{chosen}"))
    form |= {f"text.{one['number']}": "请补充单位", f"text.{two['number']}": " "}
    again = soup(app.post("/en/review/bulk", data=form, status=400, **known(town.head)))
    kept = again.select_one(f"textarea[name='text.{one['number']}']")
    assert kept and kept.get_text().strip() == "请补充单位" and "nothing was returned" in again.get_text()
    assert now(app, town, one)["state"] == "submitted"
    done = soup(app.post("/en/review/bulk", data=form | {f"text.{two['number']}": "请打码"}, **known(town.head)))
    assert done.h1 and done.h1.get_text(strip=True) == "2 submissions returned"
    for made, text in ((one, "请补充单位"), (two, "请打码")):
        found = now(app, town, made)
        assert (found["state"], [each["text"] for each in found["remarks"]]) == ("returned", [text])


def test_the_page_leaves_out_what_cant_be_signed_with_others_and_says_so(app: Any, town: Town, submit: Submit):
    clean, found = submit(), submit("reason")
    page = get(app, town.head, f"/en/review/bulk?command=sign&id={clean['number']}&id={found['number']}")
    left_out = page.select_one(".rvq-apart")
    assert left_out and found["number"] in left_out.get_text() and clean["number"] not in left_out.get_text()
    assert fields(page)["id"] == [clean["number"]]
    stranger = towns.make(uuid.uuid4().hex).head
    assert "Nothing is chosen" in get(app, stranger, f"/en/review/bulk?id={clean['number']}").get_text()


def test_the_result_says_why_one_was_refused(app: Any, town: Town, submit: Submit):
    one, two = submit(), submit()
    form = fields(get(app, town.head, f"/en/review/bulk?command=sign&id={one['number']}&id={two['number']}"))
    form[f"hash.{two['number']}"] = "0" * 64  # as if it had changed meanwhile
    done = soup(app.post("/en/review/bulk", data=form, **known(town.head)))
    assert done.h1 and done.h1.get_text(strip=True) == "1 submission signed"
    assert "review.another_hash" in done.get_text()
    assert (now(app, town, one)["state"], now(app, town, two)["state"]) == ("in_review", "submitted")


def test_a_hundred_submissions_of_many_agencies_cost_no_more_statements_than_one(app: Any, town: Town, submit: Submit):
    made, title = submit(), uuid.uuid4().hex
    signed_by(app, town.head, made)
    agencies = [factories.Organization()["id"] for _ in range(5)]
    chosen = {1: copies(made, 1, title=f"{title}one"), 49: copies(made, 49, agencies, title=f"{title}many")}
    for pages in (
        {1: f"/en/review?q={title}one", 49: f"/en/review?q={title}many"},
        {number: "/en/review/bulk?command=return&id=" + "&id=".join(each) for number, each in chosen.items()},
    ):
        counted = {}
        for number, path in pages.items():
            found = get(app, town.cyberspace, path)
            assert len(rows(found) or found.select(".rvq-back")) == number
            with costs() as cost:
                get(app, town.cyberspace, path)
            counted[number] = cost.sql
        assert counted[1] == counted[49], pages
