"""What a grant rests on goes, and the grant with it: dataset, class, holder; what may come back only waits."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.anshan.access import using
from ckanext.anshan.access.rules import Allowed, Method, Use
from ckanext.anshan.access.using import Caller
from ckanext.anshan.application import sweeping
from ckanext.anshan.workflow import clock
from tests.integration.applicants import town as applicants
from tests.integration.support import as_user, work

from . import town
from .test_sweep import kinds
from .town import code_of, do, show, sign

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]


@cache
def dataset():
    return town.released(town.make())


def asks(user, made):
    decision, _ = using.ask(Caller(user["id"]), made["number"], "", Use(Method.DOWNLOAD, "协议.csv"))
    return "allowed" if isinstance(decision, Allowed) else decision.code


def new_company():
    """A representative of a company of their own."""
    who = town.applicant()
    return who, applicants.verified(who)


def active(here, who, found):
    made = town.submitted(here, found, who)
    made = do(here.editor, made, "approve", hash=made["hash"], seen={"unlike_earlier": "另一用途"})
    return sign(here.head, sign(who, made, "accept"), "countersign")


def reclassify(found, opening_class):
    """As a later version of the dataset would be, of another class: no release is made anew for that here."""
    model.Session.rollback()
    table = "anshan_release_release"
    assert model.meta.engine is not None
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        query = f"UPDATE {table} SET opening_class = :now WHERE dataset_id = :id"
        connection.execute(sa.text(query), {"now": opening_class, "id": found["id"]})
        connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def bar(made, **more):
    given = {"reason": "多次转让数据", "article": "第三十五条", **more}
    return applicants.act(applicants.bureau(), made, "bar", **given)


@pytest.mark.parametrize("now", ["closed", "unconditional"])
def test_another_class_closes_what_is_in_use_and_what_is_under_way(now):
    here, found = town.make(), town.released(town.make())
    used, asked = town.active(here, found), town.submitted(here, found)
    reclassify(found, now)
    sweeping.sweep()
    for made in (used, asked):
        ended = show(here.person, made)
        assert (ended["state"], ended["events"][-1]["command"]) == ("closed", "close")
        assert kinds(here.person, made["number"])["application_closed"] == 1
        assert kinds(here.head, made["number"])["application_closed"] == 1
    assert show(here.person, used)["grants"][0]["state"] == "ended"
    assert asks(here.person, used) == "grant_ended"


def test_a_suspended_dataset_closes_nothing_and_both_sides_are_told_when_it_goes_and_comes():
    here, found = town.make(), town.released(town.make())
    made = town.active(here, found)
    off = as_user(here.review.cyberspace, "anshan_release_suspend", id=found["id"], reason="坐标待核实")
    sweeping.sweep()
    sweeping.sweep()
    assert (show(here.person, made)["state"], asks(here.person, made)) == ("active", "suspended")
    for user in (here.person, here.head):
        assert kinds(user, made["number"])["application_withheld"] == 1
    for office in (here.review.cyberspace, here.review.bureau):
        as_user(office, "anshan_release_lift", id=off["id"], reason="已核实")
    work()
    assert asks(here.person, made) == "allowed"
    for user in (here.person, here.head):
        assert kinds(user, made["number"])["application_given_back"] == 1


def test_a_barred_organization_uses_nothing_from_that_moment():
    here, found = town.make(), dataset()
    who, company = new_company()
    made = active(here, who, found)
    bar(company, until="2999-01-01")
    held = show(here.head, made)
    assert (held["state"], held["grants"][0]["state"]) == ("suspended", "suspended")
    assert held["events"][-1]["role"] == "clock"
    assert asks(who, made) == "barred"
    assert kinds(here.head, made["number"])["application_suspend"] == 1


def test_a_bar_that_ends_before_the_term_only_suspends():
    here, found = town.make(), dataset()
    who, company = new_company()
    made = active(here, who, found)
    bar(company, until=(clock.today() + timedelta(30)).isoformat())
    sweeping.sweep()
    assert show(here.head, made)["state"] == "suspended"
    applicants.act(applicants.bureau(), company, "unbar", reason="已整改")
    made = do(here.head, made, "resume", reason="已整改")
    assert (made["state"], asks(who, made)) == ("active", "allowed")


def test_a_bar_without_an_end_closes_what_was_granted():
    here, found = town.make(), dataset()
    who, company = new_company()
    made, asked = active(here, who, found), town.submitted(here, found, who)
    bar(company)
    sweeping.sweep()
    for one in (made, asked):
        ended = show(here.head, one)
        assert (ended["state"], ended["events"][-1]["command"]) == ("closed", "close")
        assert "barred" in ended["events"][-1]["facts"]["reason"]
    assert show(here.head, made)["grants"][0]["state"] == "ended"


def test_who_leaves_reads_nothing_more_and_the_others_go_on():
    here, found = town.make(), dataset()
    who, company = new_company()
    member = town.applicant()
    applicants.join(company, who, member)
    made = active(here, who, found)
    assert asks(member, made) == "allowed"
    applicants.act(member, company, "leave", "member")
    assert asks(member, made) == "no_grant"
    assert kinds(here.head, made["number"])["application_member_left"] == 1
    sweeping.sweep()
    assert (show(who, made)["state"], asks(who, made)) == ("active", "allowed")


def test_what_is_looked_at_anew_waits_and_is_closed_only_once_it_is_refused():
    here, found = town.make(), dataset()
    who, company = new_company()
    made = active(here, who, found)
    company = applicants.act(who, company, "update", name="鞍山改名科技有限公司")
    sweeping.sweep()
    assert (show(here.head, made)["state"], asks(who, made)) == ("active", "not_verified")
    applicants.act(applicants.bureau(), company, "refuse", version=company["version"], reason="名称不符")
    sweeping.sweep()
    assert show(here.head, made)["state"] == "closed"


def test_without_an_account_nothing_is_left():
    here, found = town.make(), dataset()
    who = town.applicant()
    applicants.fill_in(who)
    made = active(here, who, found)
    user = model.User.get(who["id"])
    assert user is not None
    user.state = "deleted"
    model.Session.commit()
    assert asks(who, made) == "no_grant"
    sweeping.sweep()
    assert show(here.head, made)["state"] == "closed"


def test_a_suspended_use_is_ended_like_one_that_runs():
    here, found = town.make(), town.released(town.make())
    made = town.active(here, found)
    do(here.editor, made, "suspend", reason="核查", article="第三十五条")
    reclassify(found, "closed")
    sweeping.sweep()
    made = show(here.person, made)
    assert (made["state"], made["grants"][0]["state"]) == ("closed", "ended")
    assert code_of(do, here.head, made, "resume", reason="x") == "application.not_now"
