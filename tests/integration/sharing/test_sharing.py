"""Sharing between agencies by the tables of applications and grants (art. 20 to 22), feedback (23), returns (24)."""

from __future__ import annotations

import runpy
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy.exc import DBAPIError

import ckanext.anshan
from ckanext.anshan.people import notices
from ckanext.anshan.sharing import reminding
from ckanext.anshan.sharing.rules import FeedbackState
from ckanext.anshan.workflow import clock
from tests.integration.application import town
from tests.integration.application.town import CONTENT, code_of, days, do, scope, set_password, sign
from tests.integration.catalogue.conftest import Agency, make_agency
from tests.integration.review import town as review
from tests.integration.support import as_user, costs, work

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

TO_NOBODY = {"opening_method": "", "opening_requirements": "", "opening_safeguards": ""}


@cache
def here() -> town.Town:
    return town.make("sharing")


@cache
def using() -> Agency:
    """Another agency, whose people the town doesn't know."""
    found = make_agency("using")
    for user in (found.head, found.publisher):
        set_password(user)
    return found


@cache
def shared(sharing_class: str, opening_class: str = "conditional"):
    return make(sharing_class, opening_class, title=f"收运单位（{sharing_class} {opening_class}）")


def make(sharing_class: str, opening_class: str = "conditional", **more):
    """A released dataset of these classes, with a table."""
    limits = {} if sharing_class == "unconditional" else {"sharing_basis": "《办法》第二十条"}
    items = [
        {**item, "sharing_class": sharing_class, "opening_class": opening_class}
        for item in town.ITEMS
        if item["name"] != town.CLOSED or sharing_class != "closed"
    ]
    for_class = {} if opening_class == "conditional" else TO_NOBODY
    classes = {"opening_class": opening_class, "sharing_class": sharing_class}
    return town.released(here(), information_items=items, **for_class, **classes, **limits, **more)


def draft(dataset, who, agency=None, **more):
    party = f"agency:{(agency or using()).id}"
    made = as_user(who, "anshan_application_create", datasets=[dataset["name"]], kind="sharing", party=party)[0]
    asked = scope(methods=["download"], **more)
    item = {"dataset_id": dataset["id"], "scope": asked}
    content = {**CONTENT, **days(), "product": ""}
    return as_user(who, "anshan_application_update", id=made["id"], content=content, items=[item])


def submitted(dataset, who):
    return do(who, draft(dataset, who), "submit")


@cache
def in_use():
    """Of what is shared unconditionally, by the publisher of the using agency."""
    made = submitted(shared("unconditional"), using().publisher)
    work()
    return made


# the same table


@pytest.mark.parametrize("person", ["publisher", "head"])
def test_what_is_shared_unconditionally_is_in_use_at_once(person):
    made = submitted(shared("unconditional"), getattr(using(), person))
    assert (made["state"], made["result"], made["agreement"], made["kind"]) == ("active", "whole", None, "sharing")
    (grant,) = made["grants"]
    assert sorted(grant["scope"]["columns"]) == sorted(scope()["columns"])


def test_basis_and_purpose_are_asked_for_and_on_record():
    made = draft(shared("unconditional"), using().publisher)
    for name in ("basis", "purpose"):
        without = do(using().publisher, made, "update", content={name: ""})
        assert [one["field"] for one in without["problems"]] == [name]
        assert code_of(do, using().publisher, made, "submit") == "application.incomplete"
        do(using().publisher, made, "update", content={name: CONTENT[name]})
    sent = do(using().publisher, made, "submit")
    assert (sent["content"]["basis"], sent["content"]["purpose"]) == (CONTENT["basis"], CONTENT["purpose"])
    assert sent["versions"][0]["hash"] == sent["hash"]


def test_conditional_sharing_is_judged_by_the_provider_and_accepted_by_the_head_of_the_using_agency():
    made = submitted(shared("conditional"), using().publisher)
    assert made["state"] == "submitted" and not made["grants"]
    assert code_of(do, using().publisher, made, "approve", hash=made["hash"]) == "application.not_yours"
    given = {"hash": made["hash"], "seen": {"unlike_earlier": "另一用途"}}
    made = do(here().editor, made, "approve", **given)
    assert made["state"] == "approved" and made["agreement"]["template"].startswith("sharing-")
    assert code_of(sign, using().publisher, made, "accept") == "application.head_accepts"
    signed = sign(using().head, made, "accept")
    assert signed["state"] == "signed" and not signed["grants"]
    active = sign(here().head, signed, "countersign")
    assert active["state"] == "active" and len(active["grants"]) == 1


def test_a_deputy_accepts_in_the_place_of_the_head():
    made = submitted(shared("conditional"), using().publisher)
    made = do(here().editor, made, "approve", hash=made["hash"], seen={"unlike_earlier": "另一用途"})
    today = clock.today().isoformat()
    given = {"agency": using().id, "user": using().publisher["name"], "starts": today, "ends": today}
    call_action("anshan_application_deputy_name", {"user": using().head["name"], "ignore_auth": False}, **given)
    try:
        assert sign(using().publisher, made, "accept")["state"] == "signed"
    finally:
        for one in as_user(using().head, "anshan_application_deputy_list", agency=using().id):
            as_user(using().head, "anshan_application_deputy_end", id=one["id"])


def test_a_refusal_says_why():
    made = submitted(shared("conditional"), using().publisher)
    reasons = {"article": "《办法》第二十一条", "explanation": "不符合共享条件", "redress": "可向大数据主管部门反映"}
    missing = {**reasons, "explanation": "", "ground": "no_basis"}
    assert code_of(do, here().editor, made, "refuse", **missing) == "application.missing"
    seen = {"unlike_earlier": "无履职依据", "ground_not_stated": "无履职依据"}
    refused = do(here().editor, made, "refuse", ground="no_basis", **reasons, seen=seen)
    assert (refused["state"], refused["ground"]) == ("refused", "no_basis")


def test_what_is_not_shared_cant_be_applied_for():
    assert code_of(draft, shared("closed"), using().publisher) == "application.not_offered"


def test_what_is_closed_to_the_public_is_released_with_its_files_and_shared():
    """Nothing of it is public, and agencies may have it."""
    dataset = shared("unconditional", "closed")
    with pytest.raises(tk.ObjectNotFound):
        as_user(using().publisher, "package_show", id=dataset["id"])
    made = submitted(dataset, using().publisher)
    assert made["state"] == "active"
    work()
    asked = {"id": made["number"], "dataset": dataset["name"], "file": "协议.csv", "limit": 1}
    assert code_of(as_user, using().publisher, "anshan_grant_query", **asked) == "access.method_out_of_scope"
    shown = as_user(using().publisher, "anshan_grant_show", id=made["number"])
    assert [one["against"] for one in shown["datasets"]] == [None] or not shown["datasets"][0]["against"]


def test_a_sysadmin_gets_nothing():
    admin = factories.Sysadmin()
    assert code_of(draft, shared("unconditional"), admin).startswith("application.no")
    for action in ("anshan_sharing_catalogue", "anshan_sharing_return_list"):
        assert code_of(as_user, admin, action) == "sharing.no_agency"


def test_an_agency_never_applies_for_its_own_data():
    people = [dict(one) for one in (here().editor, here().head, here().editor)]
    own = Agency(here().review.agency.id, "", *people)
    assert code_of(draft, shared("unconditional"), here().editor, own) == "application.own_data"


def test_a_company_never_gets_what_is_shared():
    party = f"organization:{here().party.id}"
    asked = {"datasets": [shared("unconditional")["name"]], "kind": "sharing", "party": party}
    assert code_of(as_user, here().person, "anshan_application_create", **asked) == "application.no_party"


def test_opening_never_follows_the_sharing_class():
    """Shared with every agency, closed to the public: nobody applies for it as opening."""
    closed = {"datasets": [shared("unconditional", "closed")["name"]]}
    assert code_of(as_user, here().person, "anshan_application_create", **closed) == "application.not_offered"
    made = town.submitted(here(), shared("unconditional"))
    assert made["state"] == "submitted" and not made["grants"]


def test_a_use_ends_once_the_data_is_shared_no_more():
    dataset = make("unconditional", title="不再共享")
    made = submitted(dataset, using().publisher)
    changed = {
        "sharing_class": "closed",
        "information_items": [{**one, "sharing_class": "closed"} for one in town.ITEMS],
    }
    as_user(here().editor, "package_patch", id=dataset["entry"]["id"], **changed)
    shown = as_user(using().publisher, "anshan_grant_show", id=made["number"])
    assert shown["datasets"][0]["against"]["code"] == "access.class_changed"


def test_an_edit_shares_nothing_more_before_it_is_approved():
    dataset = make("closed", title="还没有批准共享")
    opened = [{**one, "sharing_class": "unconditional"} for one in town.ITEMS]
    change = {"sharing_class": "unconditional", "information_items": opened}
    as_user(here().editor, "package_patch", id=dataset["entry"]["id"], **change)
    assert listed(using().publisher)[dataset["name"]]["sharing_class"] == "closed"
    assert code_of(draft, dataset, using().publisher) == "application.not_offered"
    review.publish(here().review, as_user(here().editor, "package_show", id=dataset["entry"]["id"]))
    work()
    assert listed(using().publisher)[dataset["name"]]["sharing_class"] == "unconditional"
    assert submitted(dataset, using().publisher)["state"] == "active"


def test_an_item_is_shared_with_its_approval_and_closed_at_once():
    items = [{**one, "sharing_class": "closed" if one["name"] == "日收运量" else "conditional"} for one in town.ITEMS]
    dataset = town.released(here(), title="部分共享", information_items=items)
    made = do(using().publisher, draft(dataset, using().publisher, columns=["单位名称", "区县"]), "submit")
    made = do(here().editor, made, "approve", hash=made["hash"], seen={"unlike_earlier": "另一用途"})
    sign(here().head, sign(using().head, made, "accept"), "countersign")

    def offered() -> set[str]:
        return set(as_user(using().publisher, "anshan_grant_show", id=made["number"])["datasets"][0]["columns"])

    def say(**classes: str) -> None:
        changed = [{**one, "sharing_class": classes.get(one["name"], one["sharing_class"])} for one in items]
        as_user(here().editor, "package_patch", id=dataset["entry"]["id"], information_items=changed)

    say(日收运量="conditional")
    assert not listed(using().publisher, q="日收运量").get(dataset["name"])
    say(区县="closed")
    assert offered() == {"单位名称"}
    say()
    assert offered() == {"单位名称", "区县"}


# the catalogue


def catalogue(who, **asked):
    return as_user(who, "anshan_sharing_catalogue", **asked)


def listed(who, **asked):
    return {one["name"]: one for one in catalogue(who, agency=here().review.agency.id, limit=100, **asked)["results"]}


def test_the_catalogue_says_what_agencies_may_have():
    free, asked, closed = shared("unconditional"), shared("conditional"), shared("closed")
    in_use()
    found = listed(using().publisher)
    assert found[free["name"]]["may_apply"] and in_use()["number"] in found[free["name"]]["used_under"]
    assert found[asked["name"]]["sharing_conditions"] == town.CONDITIONS["sharing_conditions"]
    not_shared = found[closed["name"]]
    assert not_shared["sharing_basis"] == "《办法》第二十条" and not not_shared["may_apply"]
    assert not_shared["notes"] == "" and "sharing_conditions" not in not_shared
    assert list(found)[-1] == closed["name"]


def test_the_catalogue_is_searched_and_narrowed():
    assert shared("unconditional") and shared("closed")
    assert listed(using().publisher, q="收运单位 closed") and not listed(using().publisher, q="没有的词")
    assert not listed(using().publisher, q="%")
    assert {one["sharing_class"] for one in listed(using().publisher, sharing_class="closed").values()} == {"closed"}
    assert not listed(using().publisher, q="统一社会信用代码", sharing_class="closed")  # by its title alone
    assert listed(using().publisher, q="日收运量", sharing_class="unconditional")
    found = catalogue(using().publisher)
    assert here().review.agency.id in {one["id"] for one in found["agencies"]}
    assert sum(found["classes"].values()) == found["count"]


def test_what_is_not_released_is_not_in_the_catalogue():
    made = review.entry(here().review, title="尚未发布", sharing_class="unconditional")
    assert not listed(using().publisher, q=made["title"])


def test_the_catalogue_is_for_agencies_and_offices():
    for who in (factories.User(), here().person):
        assert code_of(catalogue, who) == "sharing.no_agency"
    assert catalogue(here().review.bureau)["count"] and catalogue(using().reader)["count"]
    assert not any(one["may_apply"] for one in listed(using().reader).values())
    assert code_of(catalogue, {"name": ""})


def test_the_catalogue_asks_the_same_of_the_database_however_much_there_is():
    assert shared("unconditional") and shared("conditional")
    catalogue(using().publisher)
    with costs() as one:
        catalogue(using().publisher, limit=1)
    with costs() as many:
        catalogue(using().publisher, limit=100)
    assert one.sql == many.sql <= 10, many.statements


# feedback of errors


def report(who=None, made=None, **more):
    made = made or in_use()
    asked = {"application": made["number"], "dataset": made["items"][0]["dataset_name"], "text": "第三行的区县不对"}
    return as_user(who or using().publisher, "anshan_sharing_feedback_create", **{**asked, **more})


def answer(who, made, command, **given):
    return as_user(who, f"anshan_sharing_feedback_{command}", id=made["number"], **given)


def told(user):
    return [row.kind for row in notices.of(user["id"], 50, only_unread=True)]


def test_an_error_is_reported_verified_and_corrected_in_a_later_version():
    dataset = make("unconditional", title="将更正")
    made = report(made=submitted(dataset, using().publisher), file="协议.csv", column="区县", row="第3行")
    assert (made["state"], made["version"], made["column"]) == ("open", 1, "区县") and made["due"]
    assert "sharing_feedback_create" in told(here().editor)
    day = (clock.today() + timedelta(3)).isoformat()
    assert code_of(answer, here().editor, made, "confirm", reply="属实") == "sharing.missing"
    found = answer(here().editor, made, "confirm", reply="属实，将更正", correct_by=day)
    assert (found["state"], found["correct_by"], found["due"]) == ("confirmed", day, day)
    assert "sharing_feedback_confirm" in told(using().publisher)
    assert code_of(answer, here().editor, made, "correct", version=2) == "sharing.no_later_version"
    again = as_user(here().editor, "package_patch", id=dataset["entry"]["id"], notes="更正后")
    review.publish(here().review, again)
    work()
    corrected = answer(here().head, made, "correct", version=2)
    assert (corrected["state"], corrected["corrected_version"], corrected["due"]) == ("corrected", 2, "")
    assert [one["command"] for one in corrected["events"]] == ["create", "confirm", "correct"]


def test_what_is_no_error_is_answered_with_a_reply():
    found = answer(here().editor, report(), "reject", reply="经校核，与本部门数据一致")
    assert (found["state"], found["commands"]) == ("unfounded", [])
    assert code_of(answer, here().editor, found, "confirm", reply="x", correct_by="2026-12-01") == "sharing.not_now"


def test_only_who_uses_the_data_reports_and_only_its_provider_verifies():
    other = make_agency("other-using")
    for who in (other.publisher, here().person, factories.User()):
        assert code_of(report, who) == "sharing.unknown"
    assert code_of(report, here().editor) == "sharing.unknown"
    made = report()
    for who in (other.publisher, here().person):
        assert code_of(answer, who, made, "reject", reply="x") == "sharing.unknown"
        assert code_of(as_user, who, "anshan_sharing_feedback_show", id=made["number"]) == "sharing.unknown"
        assert as_user(who, "anshan_sharing_feedback_list")["count"] == 0
    assert code_of(answer, using().head, made, "reject", reply="x") == "sharing.not_yours"
    assert code_of(answer, here().review.bureau, made, "reject", reply="x") == "sharing.not_yours"
    assert answer(using().head, made, "withdraw")["state"] == "withdrawn"


def test_a_report_is_about_what_is_used():
    for field, value in (("file", "别的.csv"), ("column", "联系电话"), ("dataset", shared("conditional")["name"])):
        expected = "sharing.no_such_" + field
        assert code_of(report, **{field: value}) == expected


def test_the_holder_of_an_opening_grant_reports_too():
    made = town.active(here(), shared("conditional"))
    found = report(here().person, made)
    assert found["user"]["kind"] == "organization" and found["provider"] == here().review.agency.id
    assert as_user(here().person, "anshan_sharing_feedback_list")["count"] == 1


def test_a_late_verification_is_told_to_the_bureau_once_on_record():
    made = report()
    late = clock.today() - timedelta(10)
    table = "anshan_sharing_feedback"
    model.Session.execute(sa.text(f"UPDATE {table} SET due = :due WHERE id = :id"), {"due": late, "id": made["id"]})
    model.Session.commit()
    for _ in range(2):
        reminding._tell("feedback", reminding.keeping.find("feedback", made["id"]), is_late=True)
        model.Session.commit()
    assert told(here().review.bureau).count("sharing_feedback_late") == 1
    found = as_user(here().review.bureau, "anshan_sharing_feedback_show", id=made["number"])
    assert found["is_escalated"] and found["days_left"] < 0
    answer(here().editor, made, "reject", reply="一致")
    assert "sharing_feedback_late" not in told(here().review.bureau)


def test_what_was_reported_is_never_deleted_and_what_is_over_stays_so():
    made = answer(using().head, report(), "withdraw")
    for statement in (
        "DELETE FROM anshan_sharing_feedback WHERE id = :id",
        f"UPDATE anshan_sharing_feedback SET state = '{FeedbackState.OPEN.value}' WHERE id = :id",
        "UPDATE anshan_sharing_event SET user_id = '' WHERE about = :id",
        "DELETE FROM anshan_sharing_event WHERE about = :id",
    ):
        with pytest.raises(DBAPIError, match="is kept"):
            model.Session.execute(sa.text(statement), {"id": made["id"]})
        model.Session.rollback()


# data to be returned


NEED = {"title": "辖区企业登记", "purpose": "网格治理", "basis": "《办法》第二十四条", "cycle": "monthly"}


def state(who=None, **more):
    return as_user(who or using().publisher, "anshan_sharing_return_create", **{**NEED, **more})


def decide(who, made, command, **given):
    return as_user(who, f"anshan_sharing_return_{command}", id=made["number"], **given)


def test_a_need_goes_its_way_to_data_that_is_shared():
    made = state(dataset=shared("unconditional")["name"], streets=["210302011"], scope="湖南街道辖区")
    assert (made["state"], made["district"], made["streets"]) == ("stated", "210302", ["210302011"])
    assert "sharing_return_create" in told(here().review.bureau)
    assert code_of(decide, here().editor, made, "promise", how="x", until="2026-12-21") == "sharing.not_now"
    made = decide(here().review.bureau, made, "confirm")
    assert (made["state"], made["provider"]) == ("confirmed", here().review.agency.id)
    day = (clock.today() + timedelta(30)).isoformat()
    made = decide(here().editor, made, "promise", how="每月经共享目录提供", until=day)
    assert (made["state"], made["until"], made["due"]) == ("promised", day, day)
    assert code_of(decide, here().editor, made, "return", application="SQ-2026-999999") == "sharing.not_shared"
    made = decide(here().editor, made, "return", application=in_use()["number"])
    assert (made["state"], made["application"], made["due"]) == ("returned", in_use()["number"], "")
    assert "sharing_return_return" in told(using().publisher)


def test_a_need_in_words_gets_its_provider_from_the_bureau():
    made = state()
    assert code_of(decide, here().review.bureau, made, "confirm") == "sharing.missing"
    assert code_of(decide, here().review.bureau, made, "confirm", provider="nobody") == "sharing.unknown_provider"
    assert code_of(decide, here().review.bureau, made, "confirm", provider=using().id) == "sharing.own_data"
    made = decide(here().review.bureau, made, "confirm", provider=here().review.agency.id)
    reason = {"reason": "数据由省级系统统一管理", "article": "《某某条例》第十条"}
    assert code_of(decide, here().editor, made, "refuse", reason=reason["reason"]) == "sharing.missing"
    made = decide(here().editor, made, "refuse", **reason)
    assert (made["state"], made["reason"], made["article"]) == ("impossible", *reason.values())


def test_the_bureau_merges_what_is_the_same_and_declines_with_a_reason():
    first, second = state(), state()
    assert code_of(decide, here().review.bureau, second, "merge", into=second["number"]) == "sharing.no_other"
    merged = decide(here().review.bureau, second, "merge", into=first["number"])
    assert (merged["state"], merged["merged_into"]) == ("merged", first["number"])
    assert code_of(decide, here().review.bureau, first, "merge", into=second["number"]) == "sharing.no_other"
    assert code_of(decide, here().review.bureau, first, "decline") == "sharing.missing"
    assert decide(here().review.bureau, first, "decline", reason="不属于返还范围")["state"] == "declined"


def test_needs_are_stated_by_agencies_and_put_on_the_list_by_the_bureau_alone():
    for who in (factories.User(), here().person, using().reader, factories.Sysadmin()):
        assert code_of(state, who) == "sharing.no_agency"
    made = state()
    assert code_of(decide, here().review.cyberspace, made, "decline", reason="x") == "sharing.unknown"
    assert code_of(decide, using().head, made, "decline", reason="x") == "sharing.not_yours"
    assert as_user(here().editor, "anshan_sharing_return_show", id=made["number"])["commands"] == []
    assert decide(using().head, made, "withdraw")["state"] == "withdrawn"


def test_streets_are_of_one_district():
    assert code_of(state, streets=["210302011", "210303002"]) == "sharing.other_district"
    assert "values" in code_of(state, streets=["nowhere"])


def test_the_list_is_narrowed_and_asks_the_same_however_long_it_is():
    for _ in range(3):
        state(title="列表用", district="210302")
    asked = {"q": "列表用", "agency": using().id, "district": "210302", "state": "stated"}
    found = as_user(here().editor, "anshan_sharing_return_list", **asked)
    assert found["count"] >= 3 and using().id in {one["id"] for one in found["agencies"]}
    assert as_user(here().editor, "anshan_sharing_return_list", **{**asked, "district": "210303"})["count"] == 0
    with costs() as one:
        as_user(here().editor, "anshan_sharing_return_list", limit=1)
    with costs() as many:
        as_user(here().editor, "anshan_sharing_return_list", limit=100)
    assert one.sql == many.sql <= 8, many.statements


def test_versions_of_before_get_what_was_signed_with_them():
    """Whatever their entries say by now; those that nobody signed one by one get what their entries say."""
    dataset = shared("conditional")
    migration = Path(ckanext.anshan.__file__).parent / "migration/anshan/versions/020_release_sharing.py"
    fill = runpy.run_path(str(migration))["FILL"]
    assert model.meta.engine is not None
    with model.meta.engine.begin() as connection:
        read = sa.text("SELECT sharing FROM anshan_release_release WHERE dataset_id = :id")
        approved = connection.scalar(read, dataset)
        connection.execute(sa.text("ALTER TABLE anshan_release_release DISABLE TRIGGER USER"))
        connection.execute(sa.text("UPDATE package SET extras = '{}' WHERE id = :id"), dataset["entry"])
        connection.execute(sa.text(fill))
        filled = connection.scalar(read, dataset)
        connection.rollback()
    assert approved["information_items"] and filled == {**approved, "earlier": True}


def test_who_leaves_the_agency_and_an_agency_that_is_gone_use_nothing():
    agency = make_agency("leaving")
    set_password(agency.publisher)
    party = f"agency:{agency.id}"
    item = {"dataset_id": shared("unconditional")["id"], "scope": scope(methods=["download", "api"])}
    asked = {"datasets": [shared("unconditional")["name"]], "kind": "sharing", "party": party}
    made = as_user(agency.publisher, "anshan_application_create", **asked)[0]
    content = {**CONTENT, **days(), "product": ""}
    as_user(agency.publisher, "anshan_application_update", id=made["id"], content=content, items=[item])
    number = as_user(agency.publisher, "anshan_application_submit", id=made["id"])["number"]
    work()

    def uses(who) -> str:
        asked = {"id": number, "dataset": shared("unconditional")["name"], "file": "协议.csv", "limit": 1}
        try:
            return str(len(as_user(who, "anshan_grant_query", **asked)["rows"]))
        except (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound) as error:
            return str(getattr(error, "error_dict", {}).get("code") or "NotFound")

    admin = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    assert (uses(agency.publisher), uses(agency.head)) == ("1", "1")
    call_action("organization_member_delete", dict(admin), id=agency.id, username=agency.publisher["name"])
    assert (uses(agency.publisher), uses(agency.head)) == ("NotFound", "1")
    call_action("organization_delete", dict(admin), id=agency.id)
    assert (uses(agency.publisher), uses(agency.head)) == ("NotFound", "NotFound")
