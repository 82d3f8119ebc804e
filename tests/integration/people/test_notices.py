"""What the portal tells its users: each their own, once, at once, and no longer than it matters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan import rooms
from ckanext.anshan.cache import rules as kept
from ckanext.anshan.people import notices
from ckanext.anshan.people.model import notice
from ckanext.anshan.workflow import clock, mails
from tests.integration.catalogue.test_views import as_user, page
from tests.integration.support import costs

pytestmark = pytest.mark.usefixtures("with_plugins")

KIND = "review_commented"
FACTS = {"number": "SS-2026-000001", "title": "公交站点", "titles": "公交站点", "agency": "市交通运输局"}


@pytest.fixture
def user() -> dict[str, Any]:
    return factories.UserWithToken()


def tell(*users: dict[str, Any], kind: str = KIND, about: str = "", **more: Any) -> None:
    facts = FACTS | more.pop("facts", {})
    notices.tell(kind, [user["id"] for user in users], facts, "/review/SS-2026-000001", about, **more)
    model.Session.commit()


def told(user: dict[str, Any], **asked: Any) -> dict[str, Any]:
    return call_action("anshan_notice_list", {"user": user["name"], "ignore_auth": False}, **asked)


def read(user: dict[str, Any], **asked: Any) -> int:
    return call_action("anshan_notice_read", {"user": user["name"], "ignore_auth": False}, **asked)["unread"]


def test_users_are_told_with_one_statement(user):
    others = [factories.User() for _ in range(2)]
    model.Session.rollback()
    with costs() as cost:
        notices.tell(KIND, [one["id"] for one in (user, *others, user)], FACTS, "/review/1", "submission:a")
    assert cost.sql == 1
    model.Session.commit()
    assert [told(one)["unread"] for one in (user, *others)] == [1, 1, 1]


def test_nobody_is_told_what_is_rolled_back(user):
    notices.tell(KIND, [user["id"]], FACTS, "/review/1", "submission:b")
    model.Session.rollback()
    assert told(user)["count"] == 0


def test_nobody_is_told_a_kind_without_words(user):
    with pytest.raises(ValueError, match="no room has a notice called nonsense"):
        notices.tell("nonsense", [user["id"]], {}, "/")


def test_the_same_is_told_once_a_day_until_it_is_read(user):
    for _ in range(3):
        tell(user, about="submission:c")
    assert told(user)["count"] == 1
    tell(user, kind="review_waits", about="submission:c")
    tell(user, about="submission:d")
    assert told(user)["count"] == 3
    read(user, all=True)
    tell(user, about="submission:c")
    assert (told(user)["count"], told(user)["unread"]) == (4, 1)


def test_the_same_is_told_again_the_next_day(user, monkeypatch):
    tell(user, about="submission:e")
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    tell(user, about="submission:e")
    assert (told(user)["count"], told(user)["unread"]) == (2, 2)


def test_what_is_told_daily_is_told_once_a_day_though_it_was_read_and_replaces_the_day_before(user, monkeypatch):
    tell(user, about="submission:f", daily=True)
    read(user, all=True)
    tell(user, about="submission:f", daily=True)
    assert told(user)["count"] == 1
    for days in (1, 2):
        there = clock.today() + timedelta(days=1)
        monkeypatch.setattr(clock, "today", lambda there=there: there)
        tell(user, about="submission:f", daily=True)
        assert (told(user)["count"], told(user)["unread"]) == (1 + days, 1)


def test_what_is_about_nothing_is_told_each_time(user):
    tell(user)
    tell(user)
    assert told(user)["count"] == 2


def test_what_is_done_need_not_be_read_any_more(user):
    other = factories.User()
    for kind, about in (("review_waits", "submission:g"), (KIND, "submission:g"), (KIND, "submission:h")):
        tell(user, other, kind=kind, about=about)
    notices.settle("submission:g", users=[other["id"]])
    notices.settle("submission:g", ["review_waits"])
    notices.settle("")
    model.Session.commit()
    assert (told(user)["unread"], told(other)["unread"]) == (2, 1)
    notices.settle("submission:g")
    model.Session.commit()
    assert [one["about"] for one in told(user, only_unread=True)["notices"]] == ["submission:h"]


def test_members_are_the_active_ones_of_these_capacities():
    people = {capacity: factories.User() for capacity in ("admin", "editor", "member")}
    gone = factories.User()
    users = [{"name": one["name"], "capacity": capacity} for capacity, one in people.items()]
    agency = factories.Organization(users=[*users, {"name": gone["name"], "capacity": "admin"}])
    call_action("user_delete", id=gone["id"])
    all_of_them = {one["id"] for one in people.values()}
    assert all_of_them <= set(notices.members(agency["name"])) and gone["id"] not in notices.members(agency["id"])
    assert people["admin"]["id"] in notices.members(agency["id"], ["admin"])
    assert people["editor"]["id"] not in notices.members(agency["id"], ["admin"])
    call_action(
        "organization_member_delete",
        {"user": people["admin"]["name"]},
        id=agency["id"],
        username=people["admin"]["name"],
    )
    assert people["admin"]["id"] not in notices.members(agency["id"])
    assert notices.members("nowhere") == []


# the actions


def test_everybody_sees_their_own_alone_sysadmins_too(user):
    tell(user, about="submission:i")
    sysadmin = factories.Sysadmin()
    assert (told(user)["count"], told(sysadmin)["count"]) == (1, 0)
    (mine,) = told(user)["notices"]
    assert read(sysadmin, ids=[mine["id"]]) == 0 and read(sysadmin, all=True) == 0
    assert told(user)["unread"] == 1


def test_a_visitor_has_no_notices():
    for name, asked in (
        ("anshan_notice_list", {}),
        ("anshan_notice_read", {"all": True}),
        ("anshan_notice_mail", {"wanted": True}),
    ):
        for auth in (False, True):
            with pytest.raises(tk.NotAuthorized):
                call_action(name, {"user": "", "ignore_auth": auth}, **asked)


def test_a_list_is_newest_first_and_costs_the_same_however_long(user):
    def cost() -> int:
        model.Session.rollback()
        with costs() as one:
            told(user)
        return one.sql

    for number in range(3):
        tell(user, facts={"title": f"数据{number}"})
    few = cost()
    for number in range(3, 23):
        tell(user, facts={"title": f"数据{number}"})
    assert cost() == few
    found = told(user, limit=2, offset=1)
    assert (found["count"], found["unread"]) == (23, 23)
    assert ["数据21" in found["notices"][0]["sentence"], "数据20" in found["notices"][1]["sentence"]] == [True, True]


def test_what_is_read_is_left_out_where_only_the_unread_are_asked_for(user):
    tell(user, facts={"title": "旧的"})
    tell(user, facts={"title": "新的"})
    newest, oldest = told(user)["notices"]
    assert read(user, ids=[oldest["id"]]) == 1
    found = told(user, only_unread=True)
    assert ([one["id"] for one in found["notices"]], found["count"]) == ([newest["id"]], 1)
    assert [bool(one["read"]) for one in told(user)["notices"]] == [False, True]


@pytest.mark.parametrize("asked", [{}, {"ids": []}, {"ids": "x"}, {"ids": [-1]}, {"ids": list(range(101))}])
def test_reading_wants_ids_or_all(user, asked):
    tell(user)
    with pytest.raises(tk.ValidationError) as wrong:
        read(user, **asked)
    assert list(wrong.value.error_dict) == ["ids"]
    assert told(user)["unread"] == 1


def test_an_id_beyond_the_databases_numbers_is_nobodys(user):
    tell(user)
    assert read(user, ids=[2**70, told(user)["notices"][0]["id"]]) == 0


def test_what_was_read_long_ago_is_forgotten(user):
    for _ in range(2):
        tell(user)
    newest, oldest = told(user)["notices"]
    model.Session.execute(
        sa.update(notice)
        .where(notice.c.id.in_([newest["id"], oldest["id"]]))
        .values(created=sa.func.now() - sa.cast("2 years", sa.Interval))
    )
    old = sa.func.now() - sa.cast("366 days", sa.Interval)
    model.Session.execute(sa.update(notice).where(notice.c.id == oldest["id"]).values(read=old))
    model.Session.commit()
    assert rooms.hourly()["people_forget_notices"]() >= 1
    assert [one["id"] for one in told(user)["notices"]] == [newest["id"]]


# the words

EVERYTHING = {
    **FACTS,
    "due": "2026-11-27",
    "until": "2026-12-01T09:00:00+08:00",
    "days": 2,
    "reason": "坐标待核实",
    "keys": ["agency", "cyberspace", "bureau"],
    "file": "stops.csv",
    "kind": "opening",
    "state": "in_review",
    "name": "鞍山公交站点服务有限公司",
    "who": "gongjiao-zhandian",
    "article": "第二十七条",
}
# they are about no dataset
OF_NO_DATASET = {"vault_alarm", "application_deputy"}


@pytest.mark.parametrize("kind", sorted(rooms.notices()))
@pytest.mark.parametrize("language", mails.LANGUAGES)
@pytest.mark.parametrize("facts", [EVERYTHING, FACTS, {}], ids=["everything", "little", "nothing"])
def test_every_kind_has_a_sentence_in_both_languages(app: Any, kind: str, language: str, facts: dict[str, Any]):
    with app.flask_app.app_context(), mails.spoken(language):
        said = rooms.notices()[kind](facts)
    assert said and "{" not in said and "None" not in said
    if facts:
        about = facts.get("name", "") if kind.startswith("applicant_") else "公交站点"
        assert about in said or kind in OF_NO_DATASET
    if facts is EVERYTHING and kind == "review_late":
        assert "2" in said


# the pages


def test_nothing_told_says_what_will_be(app, user):
    shown = page(app.get("/en/notices", **as_user(user)))
    assert "There is no notice yet" in shown.main.get_text()
    assert "unread" not in shown.select_one(".account").get_text()
    assert "Mark all as read" not in shown.main.get_text()


def test_a_visitor_logs_in_and_comes_back_to_the_notices(app):
    answer = app.get("/en/notices", follow_redirects=False)
    assert (answer.status_code, "login?came_from=/en/notices" in answer.headers["Location"]) == (302, True)
    assert app.post("/notices/read", data={"all": "true"}, follow_redirects=False).status_code == 302


def test_a_notice_leads_where_it_says_in_the_readers_language_and_unread_is_a_word(app, user):
    tell(user, about="submission:j")
    shown = page(app.get("/en/notices", **as_user(user)))
    (line,) = shown.select(".told")
    assert line.a["href"] == "/en/review/SS-2026-000001"
    assert "Unread" in line.get_text() and "unread" in line["class"]
    app.post("/en/notices/read", data={"ids": told(user)["notices"][0]["id"]}, **as_user(user))
    (line,) = page(app.get("/en/notices", **as_user(user))).select(".told")
    assert "Unread" not in line.get_text() and "unread" not in line["class"]


def test_all_are_read_with_one_button_and_stay_in_the_list(app, user):
    for _ in range(25):
        tell(user)
    shown = page(app.get("/en/notices", **as_user(user)))
    assert len(shown.select(".told")) == 20
    assert shown.find("a", rel="next")["href"] == "/en/notices?page=2"
    assert "25 unread" in " ".join(one.get_text() for one in shown.select(".account > summary"))
    app.post("/en/notices/read", data={"all": "true"}, **as_user(user))
    shown = page(app.get("/en/notices?page=2", **as_user(user)))
    assert (len(shown.select(".told")), len(shown.select(".told.unread"))) == (5, 0)
    assert "Nothing is unread" in page(app.get("/en/notices?unread=1", **as_user(user))).main.get_text()


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=999999999999999999999", "unread="])
def test_a_strange_address_is_no_error(app, user, query):
    tell(user)
    assert app.get(f"/notices?{query}", **as_user(user)).status_code == 200


def test_a_form_that_names_nothing_says_so(app, user):
    tell(user)
    assert app.post("/notices/read", data={}, **as_user(user)).status_code == 302
    assert told(user)["unread"] == 1


def test_the_desk_shows_the_newest_unread_and_leads_to_all(app, user):
    for number in range(7):
        tell(user, facts={"title": f"数据{number}"})
    shown = page(app.get("/en/desk", **as_user(user)))
    section = shown.find(attrs={"aria-labelledby": "told-head"})
    assert [line.a.get_text()[1:4] for line in section.select(".told")] == [f"数据{n}" for n in (6, 5, 4, 3, 2)]
    assert section.select_one(".panel-head a")["href"] == "/en/notices"
    read(user, all=True)
    assert page(app.get("/en/desk", **as_user(user))).find(attrs={"aria-labelledby": "told-head"}) is None


def test_telling_leaves_the_kept_pages_alone():
    for statement in ("INSERT INTO anshan_people_notice (user_id)", "UPDATE anshan_people_notice SET read=now()"):
        assert not kept.is_shown(statement)


def test_words_of_a_stranger_stay_words(app, user):
    tell(user, facts={"title": "<script>alert(1)</script>"})
    shown: BeautifulSoup = page(app.get("/notices", **as_user(user)))
    assert shown.select(".told script") == [] and "alert(1)" in shown.get_text()
