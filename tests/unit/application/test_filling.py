"""What the pages of the form send and show, without CKAN."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from ckanext.anshan.application import filling, forms

ID = "d1"


def made(**more: Any) -> dict[str, Any]:
    columns = [
        {"name": "单位", "column": "dw", "header": "单位", "can_be_applied_for": True, "filterable": False},
        {"name": "电话", "column": "", "header": "电话", "can_be_applied_for": False, "filterable": False},
        {"name": "区县", "column": "qx", "header": "qx", "can_be_applied_for": True, "filterable": True},
    ]
    offer = {"columns": columns, "sample": {"columns": ["dw", "区县"], "rows": [["甲", "铁东区"], ["乙", "立山区"]]}}
    offer |= {"longest_term_months": 12}
    asked = {
        "columns": ["qx"],
        "rows": [{"column": "qx", "values": ["铁东区"]}],
        "files": [],
        "whole": [],
        "methods": [],
    }
    item = {
        "dataset_id": ID,
        "offer": offer,
        "asked": asked,
        "answers": {},
        "questions": [{"id": "q1", "label": "何处？", "kind": "text"}],
    }
    told: dict[str, Any] = {"items": [item], "problems": [], "content": {}, "state": "draft", "attachments": []}
    parties = [{"kind": "person", "id": "a"}, {"kind": "organization", "id": "b"}]
    return {**told, "parties": parties, "ends": "", **more}


def problem(code: str, step: str, field: str = "purpose", **more: Any) -> dict[str, Any]:
    return {
        "code": f"application.{code}",
        "step": step,
        "field": field,
        "dataset": "",
        "facts": {},
        "message": code,
        **more,
    }


def test_a_page_sends_its_own_fields_alone():
    form = MultiDict({"purpose": "x", "storage": "y", "id": "z"})
    assert filling.content("purpose", form) == {"purpose": "x"}
    assert filling.items("purpose", made()["items"], form) == []


def test_the_scope_is_what_is_ticked_and_nothing_else():
    ticked = [(f"{ID}/columns", "单位"), (f"{ID}/columns", "qx"), (f"{ID}/methods", "api"), (f"{ID}/filters", "qx")]
    written = [(f"{ID}/values/qx", "铁东区，立山区；铁东区"), (f"{ID}/why/单位", "核对")]
    form: MultiDict[str, str] = MultiDict([(f"{ID}/there", "1"), *ticked, *written])
    (found,) = filling.items("scope", made()["items"], form)
    assert found["scope"]["columns"] == ["单位", "qx"]
    assert found["scope"]["rows"] == [{"column": "qx", "values": ["铁东区", "立山区"]}]
    assert found["necessity"] == {"单位": "核对"}
    assert filling.items("scope", made()["items"], MultiDict()) == []


def test_a_filter_without_values_asks_for_all_rows():
    form: MultiDict[str, str] = MultiDict([(f"{ID}/there", "1"), (f"{ID}/filters", "qx"), (f"{ID}/values/qx", " \n")])
    assert filling.items("scope", made()["items"], form)[0]["scope"]["rows"] == []


def test_co_applicants_are_added_and_left_out_on_the_first_page_alone():
    assert filling.given(made(), "party", MultiDict({"partner": " 91 "}))["partners"] == ["organization:b", " 91 "]
    assert filling.given(made(), "party", MultiDict({"leave_out": "organization:b"}))["partners"] == []
    assert filling.given(made(), "party", MultiDict()) == {}
    assert "partners" not in filling.given(made(), "purpose", MultiDict({"partner": "x"}))
    assert filling.given(made(state="supplement"), "party", MultiDict({"partner": "x"})) == {}


@pytest.mark.parametrize(
    ("problems", "state"),
    [([], "done"), ([problem("missing", "purpose")], "open"), ([problem("too_long", "purpose")], "wrong")],
)
def test_a_step_says_what_it_lacks(problems: list[Any], state: str):
    found = filling.states(made(problems=problems), "scope")
    assert found[1]["state"] == state
    assert [one["is_now"] for one in found] == [False, False, True, False, False]


def test_what_is_missing_is_told_once_it_is_looked_for():
    case = made(problems=[problem("missing", "purpose"), problem("too_late", "scope", "ends")])
    assert filling.shown(case, "purpose", all_of_it=False) == []
    assert len(filling.shown(case, "purpose", all_of_it=True)) == 1
    assert len(filling.shown(case, "scope", all_of_it=False)) == 1
    assert len(filling.shown(case, "check", all_of_it=False)) == 2


@pytest.mark.parametrize(
    ("go", "problems", "to"),
    [
        ("next", [], (False, "scope")),
        ("next", [problem("missing", "purpose")], (True, "purpose")),
        ("next", [problem("missing", "scope")], (False, "scope")),
        ("check", [problem("missing", "purpose")], (False, "check")),
        ("stay", [], (False, "purpose")),
        ("leave", [], (False, filling.LEAVE)),
    ],
)
def test_a_button_leads_where_it_says(go: str, problems: list[Any], to: tuple[bool, str]):
    assert filling.next_page(made(problems=problems), "purpose", go) == to


def test_problems_stand_in_the_order_of_the_fields():
    case = made(problems=[problem("missing", "purpose", name) for name in ("product", "basis", "purpose_kind")])
    found = filling.shown(case, "purpose", all_of_it=True)
    assert [one["field"] for one in found] == ["purpose_kind", "basis", "product"]


def test_a_problem_has_a_place_on_its_page():
    case = made()
    assert filling.place(problem("x", "purpose"), case) == "purpose"
    assert filling.place(problem("x", "scope", "columns", dataset=ID), case) == f"{ID}/columns"
    assert (
        filling.place(problem("x", "scope", "necessity", dataset=ID, facts={"column": "区县"}), case) == f"{ID}/why/qx"
    )
    assert filling.place(problem("x", "scope", "rows", dataset=ID, facts={"column": "qx"}), case) == f"{ID}/values/qx"
    asked = problem("x", "safeguards", "answers", dataset=ID, facts={"question": "何处？"})
    assert filling.place(asked, case) == f"{ID}/answer/q1"


def test_what_isnt_provided_comes_last_without_a_sample():
    rows = filling.table(made()["items"][0])
    assert [(one["name"], one["may"], one["sample"]) for one in rows] == [
        ("单位", True, "甲"),
        ("区县", True, "铁东区"),
        ("电话", False, ""),
    ]
    assert [one["is_chosen"] for one in rows] == [False, True, False]


def test_filters_propose_what_the_sample_has_alone():
    assert filling.filters(made()["items"][0]) == [
        {"column": "qx", "name": "区县", "values": ["铁东区"], "samples": ["铁东区", "立山区"]}
    ]


def test_the_longest_term_is_counted_from_the_first_day():
    case = made(content={"starts": "2026-12-21"})
    assert filling.term(case, date(2026, 12, 1)) == {"months": 12, "last": "2027-12-20"}


@pytest.mark.parametrize(("ends", "found"), [("2027-01-10", ["renewal", "amendment"]), ("2027-06-01", ["amendment"])])
def test_a_renewal_is_offered_in_the_last_days(ends: str, found: list[str]):
    assert filling.follow_ups({"state": "active", "ends": ends}, date(2026, 12, 21)) == found
    assert filling.follow_ups({"state": "submitted", "ends": ends}, date(2026, 12, 21)) == []


@pytest.mark.parametrize(
    ("name", "sniffed", "members", "code"),
    [
        ("a.pdf", "application/pdf", (), ""),
        ("a.PDF", "application/pdf", (), ""),
        ("a.docx", "application/zip", ("word/document.xml",), ""),
        ("a.csv", "text/plain", (), ""),
        ("a", "application/pdf", (), "file_kind"),
        ("a.docm", "application/zip", ("word/document.xml",), "file_kind"),
        ("a.pdf", "text/html", (), "file_not_what_it_says"),
        ("a.csv", "application/zip", ("x",), "file_not_what_it_says"),
        ("a.xlsx", "application/zip", ("xl/vbaProject.bin",), "file_macros"),
    ],
)
def test_files_are_documents_tables_texts_or_pictures(name: str, sniffed: str, members: tuple[str, ...], code: str):
    assert forms.against_file(name, sniffed, members) == code
