"""The public register of applications: what became of them, and nobody in it who could be told apart."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from bs4 import BeautifulSoup

from ckanext.anshan.application import registering

from ..support import as_user, costs
from . import town
from .town import Made, do

pytestmark = pytest.mark.usefixtures("with_plugins")

VISITOR = {"name": ""}
GROUND = {"ground": "more_than_needed", "article": "第二十七条", "explanation": "秘密说明文字", "redress": "申请复议"}


@cache
def here() -> town.Town:
    return town.make("registered")


@cache
def dataset() -> Made:
    """With an application of each kind of answer."""
    made = town.released(here(), title="登记册里的数据")
    town.approved(here(), made)
    part = town.submitted(here(), made)
    given = {"hash": part["hash"], "conditions": ["每季度报告"], "seen": {"unlike_earlier": "另一用途"}}
    do(here().editor, part, "approve", **given)
    do(here().editor, town.submitted(here(), made), "refuse", **GROUND, seen={"unlike_earlier": "情形不同"})
    town.submitted(here(), made)
    do(here().person, town.submitted(here(), made), "withdraw")
    town.draft(here(), made)
    return made


def visited(app: Any, path: str) -> Any:
    return app.get(path, follow_redirects=False)


@pytest.fixture
def found(app: Any) -> Made:
    with app.flask_app.test_request_context():
        return dataset()


def register(app: Any, **asked: Any) -> Made:
    with app.flask_app.test_request_context():
        return as_user(VISITOR, "anshan_application_register", **asked)


def test_each_answer_is_counted_and_a_draft_is_not(app: Any, found: Made):
    told = register(app, dataset=found["name"])
    figures = told["figures"]
    named = ("applied", "answered", "whole", "part", "refused", "open", "withdrawn")
    assert [figures[name] for name in named] == [5, 3, 1, 1, 1, 1, 1]
    assert (figures["timely"], told["count"], len(told["applications"])) == (100.0, 5, 5)
    assert [(one["ground"], one["count"]) for one in told["grounds"]] == [("more_than_needed", 1)]
    assert {one["result"] for one in told["applications"]} == {"whole", "part", "refused", "open", "withdrawn"}


def test_filters_narrow_rows_and_figures_alike(app: Any, found: Made):
    told = register(app, dataset=found["id"], result="refused")
    assert (told["count"], [one["result"] for one in told["applications"]]) == (1, ["refused"])
    assert register(app, dataset=found["id"], year="2001")["count"] == 0
    assert register(app, agency=here().review.agency.id)["count"] >= 5
    assert register(app, agency="another")["applications"] == []


def test_a_kind_that_few_have_is_not_told(app: Any, found: Made, monkeypatch: pytest.MonkeyPatch):
    few = registering.TELLABLE.text.replace(f">= {registering.FEW}", ">= 1000000")
    monkeypatch.setattr(registering, "TELLABLE", registering.sa.text(few))
    rows = register(app, dataset=found["name"])["applications"]
    assert {(one["applicant_kind"], one["purpose_kind"]) for one in rows} == {("", "")}


def test_nothing_that_says_who_applied_or_what_was_written_is_in_it(app: Any, found: Made):
    shown = [visited(app, f"/en/applications/results{end}?dataset={found['name']}").body for end in ("", ".csv")]
    told = [*shown, str(register(app, dataset=found["name"]))]
    secrets = (here().company["name"], here().company["uscc"], here().person["name"], town.CONTENT["purpose"])
    for text in told:
        assert [one for one in (*secrets, GROUND["explanation"], "每季度报告", "SQ-20") if one in text] == []
    assert all("登记册里的数据" in text for text in told)


def test_the_page_draws_grounds_and_links_to_files_with_the_same_choice(app: Any, found: Made):
    page = BeautifulSoup(visited(app, f"/en/applications/results?dataset={found['name']}").body, "html.parser")
    assert page.h1 and page.h1.get_text() == "Results of applications"
    assert len(page.select("[aria-labelledby=figure-grounds] .bars rect")) == 1
    assert page.select(f"a[href='/en/applications/results.csv?dataset={found['name']}']")
    assert page.select("meta[name=robots][content=noindex]")
    assert visited(app, "/applications/results.xlsx").data.startswith(b"PK")
    assert visited(app, "/applications/results?year=later").status_code == 302


def test_the_register_costs_the_same_for_few_and_many(app: Any, found: Made):
    asked = {"dataset": "", "agency": "", "result": "", "year": "", "figures": True, "offset": 0}
    cost = []
    with app.flask_app.test_request_context():
        for limit in (1, 50):
            with costs() as counted:
                registering.of({**asked, "limit": limit})
            cost.append(counted.sql)
    assert cost[0] == cost[1] <= 8


def test_the_page_of_a_dataset_is_told_its_figures(app: Any, found: Made):
    with app.flask_app.test_request_context():
        told = as_user(VISITOR, "anshan_application_figures", dataset=found["id"])
    assert (told["applied"], told["answered"], told["whole"], told["part"], told["refused"]) == (5, 3, 1, 1, 1)
