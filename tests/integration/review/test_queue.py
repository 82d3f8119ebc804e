"""The queue: what waits for whom, narrowed and counted; and several at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.anshan.access.rules import Actor, File, Granted, Refusal, decide
from ckanext.anshan.people import options
from ckanext.anshan.review import workbench
from ckanext.anshan.review.model import signature, submission
from ckanext.anshan.workflow import clock
from tests.integration import support

from ..support import as_user
from .town import Town, answers, entry, make, show, sign, submit

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


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
    copies(made, 1, submitter=town.head["id"])
    assert of(town, town.head) == [made["number"]]
    [own] = copies(made, 1, state="in_review", submitter=town.bureau["id"])
    assert (of(town, town.bureau), of(town, town.second_bureau)) == ([], [own])


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
    made = show(deputy, own)
    assert isinstance(workbench.file(made, made["files"][0]["name"]), tuple)
    assert decide(Actor(reviews=True), None, File("x", 1, office.id)) == Granted("reviews")
    assert decide(Actor(), None, File("x", 1, office.id)) == Refusal("no_such_file")
    model.Session.execute(submission.update().where(submission.c.number == own).values(state="withdrawn"))
    model.Session.commit()


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
    for words in (
        found["title"],
        made["number"].lower(),
        found["code"],
        organization["title"],
        f"{found['title']} SS-",
    ):
        assert made["number"] in queue(town.head, q=words), words
    assert queue(town.head, q="泊位%无") == [] and queue(town.head, q=f"{found['title']} 没有") == []


def test_the_tiles_count_what_their_lists_hold(town: Town):
    made, today = submit(town, entry(town)), clock.today()
    set_to(made, due=today - timedelta(days=1))
    copies(made, 2, due=today)
    copies(made, 1, state="returned", due=None)
    copies(made, 1, state="published", due=None)
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
    assert (found["number"], found["mine"]) == (made["number"], False)
    set_to(made, due=today - timedelta(days=1))
    found = listed(town.head, due="today")["next"]
    assert (found["number"], found["left"]) == (made["number"], -1)
    assert listed(town.editor)["next"] is None  # late, and another's


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
