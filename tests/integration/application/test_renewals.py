"""A renewal and an amendment are read as a difference, and take the place of the one before only when in force."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pytest

from ckanext.anshan.application import sweeping
from ckanext.anshan.workflow import clock
from tests.integration.applicants import town as applicants
from tests.integration.support import as_user

from . import town
from .test_cascades import active, asks, new_company
from .test_sweep import TERM, later, on
from .town import code_of, do, show, sign

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]


@cache
def dataset():
    return town.released(town.make())


def begin(user, made, relation, found=None, **more):
    given = {"follows": made["id"], "relation": relation, "datasets": [(found or dataset())["name"]], **more}
    return as_user(user, "anshan_application_create", **given)[0]


def through(made, **content):
    """Both sides sign it."""
    here = town.make()
    item = {"dataset_id": dataset()["id"], "scope": town.scope()}
    do(here.person, made, "update", content=content, items=[item])
    made = do(here.person, made, "submit")
    made = do(here.editor, made, "approve", hash=made["hash"], seen={"unlike_earlier": "续期"})
    return sign(here.person, made, "accept")


def test_a_renewal_is_filled_in_with_the_days_after_the_old_term():
    here = town.make()
    old = town.active(here, dataset())
    made = begin(here.person, old, "renewal")
    assert made["content"]["starts"] == (date.fromisoformat(old["ends"]) + timedelta(1)).isoformat()
    assert made["content"]["purpose"] == town.CONTENT["purpose"]
    assert made["problems"] == []
    assert {one["field"] for one in made["before"]["changes"]} == {"starts", "ends"}


def test_both_sides_read_what_an_amendment_changes():
    here = town.make()
    old = town.active(here, dataset())
    made = begin(here.person, old, "amendment")
    item = {"dataset_id": dataset()["id"], "scope": town.scope("单位名称", "街道")}
    do(here.person, made, "update", content={"purpose": "另一个用途"}, items=[item])
    made = do(here.person, made, "submit")
    for user in (here.person, here.editor):
        changes = {one["field"]: one for one in show(user, made)["before"]["changes"]}
        assert changes["columns"]["come"] == ["街道"]
        assert changes["columns"]["gone"] == ["区县", "日收运量"]
        assert (changes["purpose"]["was"], changes["purpose"]["now"]) == (town.CONTENT["purpose"], "另一个用途")


def test_the_old_one_is_used_until_the_new_one_is_in_force():
    here = town.make()
    old = town.active(here, dataset())
    new = through(begin(here.person, old, "amendment"), **town.days(0, 300))
    assert (show(here.person, old)["state"], asks(here.person, old), new["grants"]) == ("active", "allowed", [])
    new = sign(here.head, new, "countersign")
    old = show(here.person, old)
    assert (old["state"], old["grants"][0]["state"]) == ("closed", "ended")
    assert new["number"] in old["events"][-1]["facts"]["reason"]
    assert (asks(here.person, new), asks(here.person, old)) == ("allowed", "grant_ended")


def test_a_renewal_that_begins_later_leaves_no_day_between():
    here = town.make()
    old = town.active(here, dataset())
    new = sign(here.head, through(begin(here.person, old, "renewal")), "countersign")
    assert (show(here.person, old)["state"], asks(here.person, old), asks(here.person, new)) == (
        "active",
        "allowed",
        "not_begun",
    )
    with on(later(TERM)):
        sweeping.sweep()
        assert (asks(here.person, old), asks(here.person, new)) == ("allowed", "not_begun")
    with on(later(TERM + 1)):
        assert (asks(here.person, old), asks(here.person, new)) == ("over", "allowed")
        sweeping.sweep()
        old = show(here.person, old)
    assert (old["state"], old["events"][-1]["command"]) == ("closed", "close")


def test_no_two_renewals_of_the_same_are_open():
    here = town.make()
    old = town.active(here, dataset())
    first = begin(here.person, old, "renewal")
    assert code_of(begin, here.person, old, "renewal") == "application.followed_already"
    assert code_of(begin, here.person, old, "amendment") == "application.followed_already"
    do(here.person, first, "discard")
    assert begin(here.person, old, "renewal")["relation"] == "renewal"


def test_only_ones_own_in_use_or_ended_lately_is_renewed():
    here = town.make()
    assert code_of(begin, here.person, town.submitted(here, dataset()), "renewal") == "application.cant_renew"
    old = town.active(here, dataset())
    assert code_of(begin, town.applicant(), old, "renewal") == "application.unknown"
    with on(later(TERM + 90)):
        sweeping.sweep()
        made = begin(here.person, old, "renewal")
        assert made["content"]["starts"] == clock.today().isoformat()
        do(here.person, made, "discard")
        assert code_of(begin, here.person, old, "amendment") == "application.cant_amend"
    with on(later(TERM + 91)):
        assert code_of(begin, here.person, old, "renewal") == "application.cant_renew"


def test_a_renewal_is_for_the_same_applicant_and_the_same_data():
    here = town.make()
    who, _ = new_company()
    old = active(here, who, dataset())
    party = f"organization:{applicants.verified(who)['id']}"
    assert code_of(begin, who, old, "renewal", party=party) == "application.not_the_same"
    assert code_of(begin, who, old, "renewal", found=town.released(here)) == "application.not_the_same"
    assert code_of(begin, who, old, "new") == "application.not_the_same"
    assert begin(who, old, "renewal")["applicant"]["id"] == old["applicant"]["id"]


def test_what_follows_a_revoked_grant_never_comes_into_force():
    here = town.make()
    old = town.active(here, dataset())
    new = through(begin(here.person, old, "amendment"), **town.days(0, 300))
    do(here.editor, old, "suspend", reason="转让", article="第三十五条")
    do(here.head, old, "revoke", reason="转让", article="第三十五条", redress="复议")
    assert code_of(sign, here.head, new, "countersign") == "application.before_revoked"
    assert show(here.head, new)["grants"] == []


def test_who_applied_beside_is_named_again_and_agrees_again():
    here = town.make()
    who, _ = new_company()
    other, partner = new_company()
    made = town.draft(here, dataset(), who)
    do(who, made, "update", partners=[f"organization:{partner['id']}"])
    do(other, made, "join")
    made = do(who, made, "submit")
    made = do(here.editor, made, "approve", hash=made["hash"], seen={"unlike_earlier": "另一用途"})
    sign(other, made, "accept")
    old = sign(here.head, sign(who, made, "accept"), "countersign")
    new = begin(who, old, "renewal")
    assert [one["id"] for one in new["parties"]][1:] == [partner["id"]]
    assert code_of(do, who, new, "submit") == "application.not_joined"
