"""Reports of a misuse by anybody, of the use by whoever uses the data; read and answered by who answers for it."""

from __future__ import annotations

from functools import cache

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from tests.integration.applicants import town as applicants
from tests.integration.support import as_user, costs

from . import town
from .town import code_of, do

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]
VISITOR = {"name": ""}


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    """But where a test sets a limit of its own."""
    monkeypatch.setitem(tk.config, "ckanext.anshan.application.misuse_reports", "")


@cache
def dataset():
    return town.released(town.make())


@cache
def used():
    return town.active(town.make(), dataset())


def reports(user, kind="misuse"):
    return as_user(user, "anshan_report_list", kind=kind, limit=100)["reports"]


def report(user=VISITOR, **more):
    return as_user(user, "anshan_misuse_report", **{"dataset": dataset()["name"], "text": "在某网站出售", **more})


def answer(user, one, text="已核实"):
    return as_user(user, "anshan_report_answer", id=one["id"], answer=text)


def told(user, kind):
    query = "SELECT count(*) FROM anshan_people_notice WHERE user_id = :user AND kind = :kind"
    return model.Session.execute(sa.text(query), {"user": user["id"], "kind": kind}).scalar()


def test_a_visitor_reports_a_misuse_and_provider_and_bureau_are_told():
    here, before = town.make(), told(town.make().head, "application_misuse")
    report(where="https://example.com/shop", number=used()["number"])
    for user in (here.head, here.editor, applicants.bureau()):
        newest = next(one for one in reports(user) if one["where"] == "https://example.com/shop")
        assert (newest["text"], newest["application"]) == ("在某网站出售", used()["number"])
    assert told(here.head, "application_misuse") == before + 1


def test_whether_an_application_of_a_number_is_there_is_not_told():
    known, unknown = report(number=used()["number"]), report(number="SQ-2026-999999")
    assert known == unknown
    assert report(number="") == known


def test_a_misuse_of_what_is_no_dataset_here_is_refused():
    assert code_of(report, dataset="nothing-like-this") == "application.no_such_dataset_here"
    assert code_of(report, dataset=dataset()["entry"]["id"]) == "application.no_such_dataset_here"
    assert code_of(report, text=" ") == "application.missing"


def test_reports_from_one_address_are_limited(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.application.misuse_reports", "1/hour")
    monkeypatch.setitem(tk.config, "ckanext.anshan.guard.unlimited", [])
    report()
    assert code_of(report) == "application.too_many_reports"
    town.forget_limits()


def test_nobody_else_reads_or_answers_a_report():
    here, other = town.make(), town.make("other")
    report(text="只给本部门")
    mine = next(one for one in reports(here.head) if one["text"] == "只给本部门")
    assert "只给本部门" not in [one["text"] for one in reports(other.head)]
    assert code_of(answer, other.head, mine) == "application.no_such_report"
    for user in (here.person, town.applicant()):
        assert code_of(reports, user) == "application.not_yours"
        assert code_of(answer, user, mine) == "application.not_yours"


def test_a_report_is_answered_once_and_whoever_sent_it_is_told():
    here, who = town.make(), town.applicant()
    report(who, text="有账户的举报")
    mine = next(one for one in reports(here.head) if one["text"] == "有账户的举报")
    assert code_of(answer, here.head, mine, " ") == "application.missing"
    assert answer(here.head, mine)["answer"] == "已核实"
    assert code_of(answer, here.editor, mine) == "application.answered_already"
    assert told(who, "application_misuse_answered") == 1


def test_use_reports_and_declarations_come_to_the_provider_with_what_is_due_next():
    here = town.make()
    made = town.active(here, dataset())
    do(here.person, made, "report", text="优化了三条线路", products="线路图")
    do(here.person, made, "end", declaration="覆写三遍")
    found = {one["kind"]: one for one in reports(here.head, "use") if one["application"] == made["number"]}
    assert (found["use"]["products"], found["destruction"]["text"]) == ("线路图", "覆写三遍")
    owed = as_user(here.head, "anshan_report_list", kind="use")["owed"]
    assert used()["number"] in [one["number"] for one in owed]
    answer(here.head, found["destruction"], "已收到")
    assert told(here.person, "application_report_answered") >= 1


def test_a_list_of_reports_asks_no_more_for_many():
    here = town.make()
    reports(here.head)
    report()
    with costs() as few:
        as_user(here.head, "anshan_report_list", kind="misuse", limit=1)
    for _ in range(5):
        report()
    with costs() as many:
        as_user(here.head, "anshan_report_list", kind="misuse", limit=100)
    assert many.sql == few.sql
