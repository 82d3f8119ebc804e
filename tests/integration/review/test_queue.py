"""The queue: what waits for whom, narrowed and counted; several at once; and what the page costs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories

from ckanext.anshan.people import options
from ckanext.anshan.review.model import signature, submission
from ckanext.anshan.workflow import clock
from tests.integration import support
from tests.integration.catalogue.test_views import as_user as logged_in

from ..support import as_user, costs
from .test_actions import code_of
from .town import Town, answers, entry, make, show, sign, submit

pytestmark = pytest.mark.usefixtures("with_plugins")
OTHER = date(2020, 1, 1)


@pytest.fixture
def town(with_plugins: None) -> Town:
    """Its people have no other work."""
    return make(uuid.uuid4().hex)


def queue(user: Mapping[str, Any], **asked: Any) -> list[str]:
    return [one["number"] for one in listed(user, **asked)["submissions"]]


def listed(user: Mapping[str, Any], **asked: Any) -> dict[str, Any]:
    model.Session.rollback()
    return as_user(user, "anshan_submission_list", **{"limit": 500, **asked})


def of(town: Town, user: Mapping[str, Any], **asked: Any) -> list[str]:
    """What somebody sees of this town's agency alone."""
    return queue(user, agency=town.agency.id, **asked)


def set_to(made: Mapping[str, Any], **values: Any) -> None:
    model.Session.execute(submission.update().where(submission.c.id == made["id"]).values(**values))
    model.Session.commit()


def copies(made: Mapping[str, Any], number: int, agencies: Sequence[str] = (), **more: Any) -> list[str]:
    """More submissions like one, in no other way than by SQL; their numbers."""
    row = model.Session.execute(sa.select(submission).where(submission.c.id == made["id"])).one()._asdict()
    signed = model.Session.execute(sa.select(signature).where(signature.c.submission_id == made["id"])).all()
    numbers = []
    for at in range(number):
        id, name = str(uuid.uuid4()), f"SS-{uuid.uuid4().hex[:12]}"
        agency = agencies[at % len(agencies)] if agencies else row["agency"]
        given = {**row, "id": id, "number": name, "entry_id": str(uuid.uuid4()), "agency": agency, **more}
        model.Session.execute(submission.insert().values(given))
        for one in signed:
            given = {**one._asdict(), "id": str(uuid.uuid4()), "submission_id": id}
            model.Session.execute(signature.insert().values(given))
        numbers.append(name)
    model.Session.commit()
    return numbers


def in_review(town: Town, **more: Any) -> dict[str, Any]:
    return sign(town.head, submit(town, entry(town, **more)))


# what waits for whom


def test_a_submission_waits_for_its_head_then_for_both_offices(town: Town):
    made = submit(town, entry(town))
    for user, waits in ((town.editor, False), (town.head, True), (town.cyberspace, False), (town.bureau, False)):
        assert (of(town, user) == [made["number"]]) is waits
    sign(town.head, made)
    for user, waits in ((town.editor, False), (town.head, False), (town.cyberspace, True), (town.bureau, True)):
        assert (of(town, user) == [made["number"]]) is waits
    sign(town.cyberspace, made)
    assert (of(town, town.second_cyberspace), of(town, town.bureau)) == ([], [made["number"]])


def test_what_was_returned_waits_for_the_whole_agency_also_for_the_head_who_signed(town: Town):
    made = in_review(town)
    as_user(town.bureau, "anshan_submission_return", id=made["id"], remarks=[{"text": "请补充"}])
    assert of(town, town.head) == of(town, town.editor) == [made["number"]]
    assert of(town, town.bureau) == of(town, town.cyberspace) == []
    assert of(town, town.bureau, mine="returned") == [made["number"]]


def test_nobody_is_asked_for_a_key_that_they_may_not_turn(town: Town):
    made = submit(town, entry(town))
    set_to(made, submitter=town.head["id"])
    assert of(town, town.head) == []
    set_to(made, state="in_review", submitter=town.bureau["id"])
    assert (of(town, town.bureau), of(town, town.second_bureau)) == ([], [made["number"]])


@pytest.fixture
def deputy(monkeypatch: pytest.MonkeyPatch, ckan_config: Any) -> Iterator[Mapping[str, Any]]:
    user = factories.User()
    found = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    monkeypatch.setitem(ckan_config, "ckanext.anshan.review.deputy_org", found["name"])
    yield user


def test_an_offices_own_data_waits_for_its_deputy(town: Town, deputy: Mapping[str, Any]):
    office = model.Group.get(options.cyberspace_org())
    assert office is not None
    [own] = copies(in_review(town), 1, [office.id])
    assert own in queue(deputy) and own not in queue(town.cyberspace) and own in queue(town.bureau)
    assert listed(deputy)["role"] == "deputy"
    model.Session.execute(signature.delete().where(signature.c.submission_id.in_(_ids([own]))))
    model.Session.execute(submission.delete().where(submission.c.number == own))
    model.Session.commit()


def _ids(numbers: Sequence[str]) -> Any:
    return sa.select(submission.c.id).where(submission.c.number.in_(numbers))


def test_what_was_drawn_waits_for_the_offices_apart(town: Town):
    made = in_review(town)
    [drawn] = copies(made, 1, state="published", way="routine", is_sampled=True)
    assert drawn not in of(town, town.cyberspace) and of(town, town.cyberspace, mine="sampled") == [drawn]
    assert drawn not in queue(town.head, mine="sampled")


def test_an_agency_sees_its_own_alone(town: Town):
    made = submit(town, entry(town))
    stranger = make(uuid.uuid4().hex)
    assert listed(stranger.head, mine="all")["count"] == 0
    assert listed(town.editor, mine="all")["count"] == 1
    assert made["number"] not in queue(stranger.editor, mine="all", ids=[made["id"]])


# the order, the filters, the figures


def test_emergencies_come_first_then_what_is_due_soonest(town: Town):
    made, today = in_review(town), clock.today()
    soon, late, none = copies(made, 3)
    set_to(made, due=today + timedelta(days=3))
    for number, due in ((soon, today), (late, today - timedelta(days=9)), (none, None)):
        model.Session.execute(submission.update().where(submission.c.number == number).values(due=due))
    [urgent] = copies(made, 1, way="emergency", state="provisional", due=None)
    assert of(town, town.cyberspace) == [urgent, late, soon, made["number"], none]


def test_late_and_today_go_by_the_day_in_the_city(town: Town):
    made, today = in_review(town), clock.today()
    sunday = today + timedelta(days=6 - today.weekday())
    dues = {"late": today - timedelta(days=1), "today": today, "sunday": sunday, "later": sunday + timedelta(days=1)}
    numbers = {name: copies(made, 1, due=due)[0] for name, due in dues.items()}
    set_to(made, due=None)
    assert of(town, town.cyberspace, due="late") == [numbers["late"]]
    assert of(town, town.cyberspace, due="today")[0] == numbers["today"]
    assert set(of(town, town.cyberspace, due="week")) == {numbers["today"], numbers["sunday"]}
    shown = {one["number"]: one["left"] for one in listed(town.cyberspace, agency=town.agency.id)["submissions"]}
    assert shown[numbers["late"]] == -1 and shown[numbers["today"]] == 0 and shown[made["number"]] is None


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({"opening_class": "unconditional"}, True),
        ({"opening_class": "closed"}, False),
        ({"kind": "opening"}, True),
        ({"kind": "retirement"}, False),
        ({"way": "full"}, True),
        ({"way": "emergency"}, False),
        ({"scan": "reason"}, True),
        ({"scan": "clean"}, False),
        ({"scan": "running"}, False),
    ],
)
def test_each_filter_narrows_the_list(town: Town, asked: dict[str, str], is_found: bool):
    made = submit(town, entry(town), severity="reason")
    assert (queue(town.head, **asked) == [made["number"]]) is is_found


def test_a_search_finds_by_title_number_code_and_agency(town: Town):
    found = entry(town, title=f"泊位_{uuid.uuid4().hex[:6]}%")
    made = submit(town, found)
    organization = as_user(town.head, "organization_show", id=town.agency.id)
    for words in (found["title"], made["number"].lower(), found["code"], organization["title"], f"{found['title']} SS-"):
        assert made["number"] in queue(town.head, q=words), words
    assert queue(town.head, q="泊位%无") == [] and queue(town.head, q=f"{found['title']} 没有") == []


def test_the_tiles_count_what_their_lists_hold(town: Town):
    made, today = submit(town, entry(town)), clock.today()
    set_to(made, due=today - timedelta(days=1))
    copies(made, 2, due=today)
    copies(made, 1, state="returned")
    copies(made, 1, state="published")
    found = listed(town.head)
    lists = {"waiting": {}, "late": {"due": "late"}, "today": {"due": "today"}, "week": {"due": "week"}}
    lists |= {name: {"mine": name} for name in ("returned", "open", "sampled")}
    assert found["tiles"] == {name: listed(town.head, **asked)["count"] for name, asked in lists.items()}
    assert (found["tiles"]["late"], found["tiles"]["open"], found["tiles"]["returned"]) == (1, 4, 1)


def test_a_list_says_what_is_new_about_each(town: Town):
    made = submit(town, entry(town))
    assert listed(town.head)["submissions"][0]["change"] == "first"
    for user in (town.head, town.cyberspace, town.bureau):
        sign(user, made)
    support.work()
    assert listed(town.head, mine="all")["submissions"][0]["change"] == ""
    as_user(town.editor, "package_patch", id=made["frozen"]["entry"]["id"], notes="新的一版")
    again = as_user(town.editor, "anshan_submission_create", id=made["frozen"]["entry"]["id"])
    [shown] = listed(town.head, mine="open")["submissions"]
    assert (shown["number"], shown["change"]) == (again["number"], "update")


def test_an_empty_list_says_what_is_due_next(town: Town):
    assert listed(town.head)["next"] is None
    made, today = submit(town, entry(town)), clock.today()
    set_to(made, due=today + timedelta(days=30))
    found = listed(town.head, due="today")["next"]
    assert (found["number"], found["mine"]) == (made["number"], True)
    found = listed(town.editor)["next"]
    assert (found["number"], found["mine"], found["due"]) == (
        made["number"],
        False,
        (today + timedelta(days=30)).isoformat(),
    )


# several at once


def test_what_is_refused_of_many_leaves_the_others_done(town: Town):
    one, two, three = (in_review(town) for _ in range(3))
    sign(town.cyberspace, two)
    chosen = [
        {"id": each["number"], "hash": each["hash"], "answers": answers(town.second_cyberspace, each)}
        for each in (one, two, three)
    ]
    told = as_user(town.second_cyberspace, "anshan_submission_bulk", command="sign", submissions=chosen)
    assert told["done"] == [one["number"], three["number"]]
    assert [(each["id"], each["code"]) for each in told["refused"]] == [(two["number"], "review.signed_already")]
    assert [key["state"] for key in show(town.head, three["id"])["keys"]] == ["signed", "signed", "waits"]


def test_what_is_not_clean_is_not_signed_with_others(town: Town):
    made = submit(town, entry(town), severity="reason")
    given = {"id": made["number"], "hash": made["hash"], "answers": answers(town.head, made), "reason": "依法公示"}
    told = as_user(town.head, "anshan_submission_bulk", command="sign", submissions=[given])
    assert (told["done"], told["refused"][0]["code"]) == ([], "review.not_clean")


# the pages


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "html.parser")


def get(app: Any, user: Mapping[str, Any], path: str = "/en/review", status: int = 200) -> BeautifulSoup:
    return soup(app.get(path, status=status, **logged_in(user)))


def rows(found: BeautifulSoup) -> list[Any]:
    return found.select("[data-row]")


def test_the_page_holds_the_work_of_each_role(app: Any, town: Town):
    made = submit(town, entry(town))
    head = get(app, town.head)
    assert head.h1 and "signature" in head.h1.get_text() and made["number"] in rows(head)[0].get_text()
    assert "agency is your turn, cyberspace hasn't signed, bureau hasn't signed" in rows(head)[0].get_text()
    assert not rows(get(app, town.editor)) and len(rows(get(app, town.editor, "/en/review?mine=open"))) == 1
    sign(town.head, made)
    path = f"/en/review?agency={support.call_action('organization_show', id=town.agency.id)['name']}"
    for user, title in ((town.cyberspace, "Security review"), (town.bureau, "Final review")):
        found = get(app, user, path)
        assert found.h1 and title in found.h1.get_text() and len(rows(found)) == 1


def test_the_page_is_for_those_who_review(app: Any):
    assert app.get("/review", follow_redirects=False).status_code == 302
    app.get("/review", status=403, **logged_in(factories.UserWithToken()))
    app.get("/review", status=403, **logged_in(factories.SysadminWithToken()))


def test_what_is_late_says_so_in_red_with_a_word(app: Any, town: Town):
    set_to(submit(town, entry(town)), due=OTHER)
    late = rows(get(app, town.head))[0].select_one(".late")
    assert late and "working days late" in late.get_text() and late.select_one("svg")


def test_filters_live_in_the_address_and_stay_in_the_forms(app: Any, town: Town):
    submit(town, entry(town))
    found = get(app, town.head, "/en/review?mine=open&opening_class=closed&q=停车场")
    assert not rows(found) and "No submission fits" in found.get_text()
    search = found.select_one("form.rvq-search")
    assert search and search.select_one("input[name=opening_class][value=closed]")
    filters = found.select_one("form.rvq-filters")
    assert filters and filters.select_one("input[name=q][value=停车场]")
    assert filters.select_one("option[value=closed][selected]")
    assert get(app, town.head, "/en/review?scan=nonsense", 400)


def test_a_long_list_has_pages(app: Any, town: Town):
    copies(submit(town, entry(town)), 50)
    first = get(app, town.head, "/en/review?opening_class=unconditional")
    assert len(rows(first)) == 50
    following = first.select_one("a[rel=next]")
    assert following and following["href"] == "/en/review?opening_class=unconditional&page=2"
    assert len(rows(get(app, town.head, str(following["href"])))) == 1
    assert not rows(get(app, town.head, "/en/review?page=99999999999"))


def fields(found: BeautifulSoup) -> dict[str, Any]:
    """What a form sends as it stands, with each question answered."""
    form = found.select_one("form.rvq-form")
    assert form
    told: dict[str, Any] = {"id": [one["value"] for one in form.select("input[name=id]")]}
    hidden = form.select("input[type=hidden]:not([name=id])")
    asked = form.select("input[value=yes]")
    return told | {str(one["name"]): one["value"] for one in (*hidden, *asked)}


def test_two_are_signed_together_on_a_page_without_scripts(app: Any, town: Town):
    one, two = submit(town, entry(town)), submit(town, entry(town))
    chosen = f"command=sign&id={one['number']}&id={two['number']}"
    form = fields(get(app, town.head, f"/en/review/bulk?{chosen}"))
    blank = {name: value for name, value in form.items() if not name.startswith("answer.")}
    again = soup(app.post("/en/review/bulk", data=blank, status=400, **logged_in(town.head)))
    assert "nothing was signed" in again.get_text() and again.select_one("[aria-invalid=true]")
    assert show(town.head, one["id"])["state"] == "submitted"
    done = soup(app.post("/en/review/bulk", data=form, **logged_in(town.head)))
    assert done.h1 and done.h1.get_text(strip=True) == "2 submissions signed"
    for made in (one, two):
        found = show(town.head, made["id"])
        assert (found["state"], found["keys"][0]["answers"]) == ("in_review", answers_sent(form))


def answers_sent(form: Mapping[str, Any]) -> dict[str, str]:
    return {name.removeprefix("answer."): value for name, value in form.items() if name.startswith("answer.")}


def test_what_changed_since_the_page_was_opened_is_left_out(app: Any, town: Town):
    one, two = submit(town, entry(town)), submit(town, entry(town))
    form = fields(get(app, town.head, f"/en/review/bulk?command=sign&id={one['number']}&id={two['number']}"))
    as_user(town.editor, "anshan_submission_withdraw", id=two["id"])
    done = soup(app.post("/en/review/bulk", data=form, **logged_in(town.head)))
    assert done.h1 and done.h1.get_text(strip=True) == "1 submission signed"
    assert two["number"] in done.get_text()


def test_each_is_returned_with_a_reason_of_its_own(app: Any, town: Town):
    one, two = submit(town, entry(town)), submit(town, entry(town))
    chosen = f"command=return&id={one['number']}&id={two['number']}"
    form = fields(get(app, town.head, f"/en/review/bulk?{chosen}"))
    form |= {f"text.{one['number']}": "请补充单位", f"text.{two['number']}": " "}
    again = soup(app.post("/en/review/bulk", data=form, status=400, **logged_in(town.head)))
    kept = again.select_one(f"textarea[name='text.{one['number']}']")
    assert kept and kept.get_text().strip() == "请补充单位" and "nothing was returned" in again.get_text()
    assert show(town.head, one["id"])["state"] == "submitted"
    done = soup(app.post("/en/review/bulk", data=form | {f"text.{two['number']}": "请打码"}, **logged_in(town.head)))
    assert done.h1 and done.h1.get_text(strip=True) == "2 submissions returned"
    for made, text in ((one, "请补充单位"), (two, "请打码")):
        found = show(town.head, made["id"])
        assert (found["state"], [each["text"] for each in found["remarks"]]) == ("returned", [text])


def test_the_page_leaves_out_what_cant_be_signed_with_others_and_says_so(app: Any, town: Town):
    clean, found = submit(town, entry(town)), submit(town, entry(town), severity="reason")
    page = get(app, town.head, f"/en/review/bulk?command=sign&id={clean['number']}&id={found['number']}")
    left_out = page.select_one(".rvq-apart")
    assert left_out and found["number"] in left_out.get_text() and clean["number"] not in left_out.get_text()
    assert fields(page)["id"] == [clean["number"]]
    stranger = make(uuid.uuid4().hex).head
    assert "Nothing is chosen" in get(app, stranger, f"/en/review/bulk?id={clean['number']}").get_text()


def test_the_result_says_why_one_was_refused(app: Any, town: Town):
    one, two = submit(town, entry(town)), submit(town, entry(town))
    form = fields(get(app, town.head, f"/en/review/bulk?command=sign&id={one['number']}&id={two['number']}"))
    form[f"hash.{two['number']}"] = "0" * 64  # as if it had changed meanwhile
    done = soup(app.post("/en/review/bulk", data=form, **logged_in(town.head)))
    assert done.h1 and done.h1.get_text(strip=True) == "1 submission signed"
    assert "review.another_hash" in done.get_text()
    assert (show(town.head, one["id"])["state"], show(town.head, two["id"])["state"]) == ("in_review", "submitted")


# what it costs


def test_a_hundred_submissions_of_many_agencies_cost_no_more_statements_than_one(app: Any, town: Town):
    made = in_review(town)
    for path in ("/en/review?q=", "/en/review/bulk?command=return"):
        numbers = {1: [made["number"]], 100: [made["number"]]}
        numbers[100] += copies(made, 49, [factories.Organization()["id"] for _ in range(5)])
        counted = {}
        for number, chosen in numbers.items():
            asked = {"/en/review?q=": f"{made['title']}&agency=" + (town.agency.id if number == 1 else "")}
            url = path + asked.get(path, "".join(f"&id={one}" for one in chosen))
            get(app, town.cyberspace, url)
            with costs() as cost:
                assert get(app, town.cyberspace, url)
            counted[number] = cost.sql
        assert counted[1] == counted[100], path
