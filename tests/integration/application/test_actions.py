"""From a draft to a grant: each side does its part, and nobody else's."""

from __future__ import annotations

from functools import cache

import pytest

from . import town
from .town import code_of, do, show, sign

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]


@cache
def dataset():
    return town.released(town.make())


def test_an_application_becomes_a_grant_when_both_sides_signed():
    here = town.make()
    made = town.submitted(here, dataset())
    assert made["state"] == "submitted"
    assert made["number"].startswith("SQ-")
    assert made["due"] > made["submitted"][:10]
    made = do(here.editor, made, "approve", hash=made["hash"])
    assert (made["state"], made["result"], made["grants"]) == ("approved", "whole", [])
    made = sign(here.person, made, "accept")
    assert (made["state"], made["grants"]) == ("signed", [])
    made = sign(here.head, made, "countersign")
    assert made["state"] == "active"
    assert [one["state"] for one in made["grants"]] == ["active"]
    assert made["grants"][0]["scope"]["columns"] == sorted(["单位名称", "区县", "日收运量"])


def test_a_part_may_be_granted_but_never_more_than_was_asked():
    here = town.make()
    made = town.submitted(here, dataset())
    more = {dataset()["id"]: {"columns": ["单位名称", "街道"]}}
    assert code_of(do, here.editor, made, "approve", hash=made["hash"], scopes=more) == "application.beyond_asked"
    less = {dataset()["id"]: {"columns": ["单位名称"], "methods": ["download"]}}
    made = do(here.editor, made, "approve", hash=made["hash"], scopes=less, conditions=["每季度报告"])
    assert made["result"] == "part"
    assert made["items"][0]["decided"]["columns"] == ["单位名称"]


def test_a_closed_column_cant_be_applied_for():
    here = town.make()
    made = town.draft(here, dataset())
    item = {"dataset_id": dataset()["id"], "scope": town.scope("单位名称", town.CLOSED)}
    made = do(here.person, made, "update", items=[item])
    assert [one["code"] for one in made["problems"]] == ["application.column_not_offered"]
    assert code_of(do, here.person, made, "submit") == "application.incomplete"


def test_a_refusal_needs_ground_article_explanation_and_redress():
    here = town.make()
    made = town.submitted(here, dataset())
    whole = {"ground": "more_than_needed", "article": "第二十七条", "explanation": "超出用途", "redress": "申请复议"}
    for name in whole:
        less = {key: value for key, value in whole.items() if key != name}
        assert code_of(do, here.editor, made, "refuse", **less) == "application.missing"
    seen = {"unlike_earlier": "用途不同"}
    made = do(here.editor, made, "refuse", **whole, seen=seen)
    assert (made["state"], made["ground"]) == ("refused", "more_than_needed")


def test_a_stranger_is_told_that_there_is_nothing():
    here, other = town.make(), town.applicant()
    made = town.submitted(here, dataset())
    for command in ("withdraw", "answer", "accept", "message"):
        assert code_of(do, other, made, command, text="x", answer="x") == "application.unknown"
    assert code_of(show, other, made) == code_of(show, other, {"id": "nothing"}) == "application.unknown"


def test_a_wrong_password_signs_nothing():
    here = town.make()
    made = town.approved(here, dataset())
    assert code_of(sign, here.person, made, "accept", password="falsch") == "application.not_confirmed"
    assert code_of(sign, here.person, made, "accept", hash="0" * 64) == "application.another_agreement"
    assert show(here.person, made)["state"] == "approved"


def test_the_clock_stands_still_while_the_applicant_owes_an_answer():
    here = town.make()
    made = town.submitted(here, dataset())
    due = made["due"]
    made = do(here.editor, made, "ask", question="机房在哪里？")
    assert (made["state"], made["left"]) == ("supplement", 15)
    made = do(here.person, made, "answer", answer="沈阳")
    assert (made["state"], made["due"]) == ("submitted", due)
