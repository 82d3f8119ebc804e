"""The side of the agency and the offices: their desk, what lies beside an application, several answers at once."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.anshan.application import listing, schema, standing
from ckanext.anshan.workflow import clock

from ..support import as_user, costs
from . import town
from .town import Made, code_of, do

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]

REASONS = {"article": "第二十七条", "explanation": "用途之外", "redress": "可以申请行政复议"}


@cache
def here() -> town.Town:
    return town.make("judged")


@cache
def dataset() -> Made:
    return town.released(here())


def listed(user: Any, **asked: Any) -> Made:
    return as_user(user, "anshan_application_list", **{"side": "provider", **asked})


def numbers(found: Made) -> list[str]:
    return [one["number"] for one in found["applications"]]


def examined(made: Made, user: Any = None) -> Made:
    return as_user(user or here().editor, "anshan_application_examine", id=made["id"])


def test_the_desk_counts_what_waits_and_finds_by_handler_kind_and_dataset():
    made = town.submitted(here(), dataset())
    before = listed(here().editor)["counts"]
    do(here().editor, made, "take")
    assert made["number"] in numbers(listed(here().editor, group="mine", handler="me"))
    assert made["number"] not in numbers(listed(here().editor, handler="nobody"))
    assert made["number"] in numbers(listed(here().editor, dataset=dataset()["name"], kind="opening"))
    assert numbers(listed(here().editor, dataset="nothing")) == numbers(listed(here().editor, kind="sharing")) == []
    do(here().editor, made, "ask", question="机房在哪里？")
    after = listed(here().editor)["counts"]
    assert (after["mine"], after["waiting"]) == (before["mine"] - 1, before["waiting"] + 1)


def test_the_desk_is_the_agencys_alone():
    made = town.submitted(here(), dataset())
    assert numbers(listed(town.applicant())) == numbers(listed(factories.Sysadmin())) == []
    assert made["number"] not in numbers(listed(here().review.cyberspace, side="offices", ids=[made["number"]]))
    assert numbers(listed(here().review.bureau, side="offices", ids=[made["number"]])) == [made["number"]]


def test_the_list_costs_five_statements_however_many_there_are():
    side = here()
    for _ in range(2):
        town.submitted(side, dataset())
    asked, _ = tk.navl_validate({"side": "provider", "q": "SQ", "limit": 2}, schema.application_list())
    asker, found = standing.Asker(side.editor["name"]), []
    for limit in (1, 50):
        with costs() as cost:
            assert len(listing.found(asker, {**asked, "limit": limit})["applications"]) >= min(limit, 2)
        found.append(cost.sql)
    assert found[0] == found[1] <= 5, cost.statements


def test_the_judge_sees_what_is_asked_beside_what_is_offered():
    found = examined(town.submitted(here(), dataset()))
    (one,) = found["datasets"]
    told = {each["column"]: (each["is_asked"], each["can"]) for each in one["columns"]}
    assert told["单位名称"] == (True, True) and told["街道"] == (False, True)
    assert all(not each["can"] for each in one["columns"] if each["column"] == town.CLOSED)
    assert [row["column"] for row in one["rows"]] == ["区县"]
    assert found["parties"][0]["is_eligible"] and found["problems"] == []
    stated = {each["ground"]: each["is_stated"] for each in found["grounds"]}
    assert stated["safeguards"] and stated["law"] and not stated["not_supplemented"] and not stated["breached_before"]
    assert "复议" in found["redress"] or "reconsideration" in found["redress"]


def test_items_whose_columns_have_codes_are_judged_by_the_headers_of_the_files():
    """The entry names column c0, the file is headed by the name of its item."""
    items = [{**item, "column": f"c{number}"} for number, item in enumerate(town.ITEMS)]
    found = town.released(here(), title="以代码列名", information_items=items)
    made = town.submitted(here(), found)
    beside = examined(made)
    (one,) = beside["datasets"]
    told = {each["column"]: (each["name"], each["is_asked"], each["can"]) for each in one["columns"]}
    asked, open_ones = ("单位名称", "区县", "日收运量"), [name for name in town.COLUMNS if name != town.CLOSED]
    assert told == {name: (name, name in asked, True) for name in open_ones}
    assert [row["column"] for row in one["rows"]] == ["区县"] and beside["problems"] == []
    given = {"hash": made["hash"], "seen": {"unlike_earlier": "另一用途"}}
    assert do(here().editor, made, "approve", **given)["result"] == "whole"


def test_what_others_got_is_beside_it_and_the_same_case_is_marked():
    earlier = town.approved(here(), dataset())
    found = examined(town.submitted(here(), dataset()))
    told = next(one for one in found["earlier"] if one["number"] == earlier["number"])
    assert (told["result"], told["is_like"], told["columns"]) == (
        "whole",
        True,
        sorted(["单位名称", "区县", "日收运量"]),
    )
    assert [one["code"] for one in found["remarks"]["refuse"]] == ["unlike_earlier"]


def test_remarks_are_shown_before_anything_is_decided():
    town.approved(here(), dataset())
    made = town.submitted(here(), dataset())
    asked = {"id": made["id"], "command": "refuse", "ground": "not_supplemented"}
    found = as_user(here().editor, "anshan_application_remarks", **asked)
    assert [one["code"] for one in found] == ["ground_not_stated", "unlike_earlier"] and all(o["words"] for o in found)
    assert town.show(here().editor, made)["state"] == "submitted"
    given = {**REASONS, "ground": "not_supplemented"}
    assert code_of(do, here().editor, made, "refuse", **given) == "application.unlike_others"
    seen = {one["code"]: "另有情形" for one in found}
    assert do(here().editor, made, "refuse", **given, seen=seen)["state"] == "refused"
    kept = town.show(here().editor, made)["events"][-1]["facts"]["remarks"]
    assert {one["code"]: one["reason"] for one in kept} == seen


def test_nobody_else_may_examine_or_identify():
    made = town.submitted(here(), dataset())
    for action in ("examine", "identify", "remarks"):
        assert code_of(do, town.applicant(), made, action, reason="x") == "application.unknown"
        assert code_of(do, here().person, made, action, reason="x") == "application.not_yours"


def test_who_applies_is_told_in_full_only_with_a_reason_and_on_record():
    made = town.submitted(here(), dataset())
    assert code_of(do, here().editor, made, "identify") == "application.missing"
    (told,) = as_user(here().editor, "anshan_application_identify", id=made["id"], reason="核对委托书")
    assert told["code"] == here().company["uscc"] and told["phone"]


def test_several_are_answered_each_with_its_own_reason():
    one, other = (town.submitted(here(), dataset()) for _ in range(2))
    found = as_user(
        here().editor,
        "anshan_application_bulk",
        command="ask",
        applications=[{"id": one["number"], "question": "请补充合同"}, {"id": other["number"], "question": ""}],
    )
    assert found["done"] == [one["number"]]
    assert [(each["id"], each["code"]) for each in found["refused"]] == [(other["number"], "application.missing")]


def test_a_head_names_a_deputy_and_takes_the_place_back():
    today, side = clock.today().isoformat(), here()
    agency = side.review.agency.id
    given = {"agency": agency, "user": side.editor["id"], "starts": today, "ends": today}
    tk.get_action("anshan_application_deputy_name")({"user": side.head["name"], "ignore_auth": False}, given)
    (row,) = as_user(side.head, "anshan_application_deputy_list", agency=agency)
    assert row["is_now"] and row["user"] == side.editor["id"]
    assert code_of(as_user, side.editor, "anshan_application_deputy_list", agency=agency) == "application.not_yours"
    as_user(side.head, "anshan_application_deputy_end", id=row["id"])
    assert as_user(side.head, "anshan_application_deputy_list", agency=agency) == []
