"""Whatever stands in a cell, it is stored as it stands or refused with its place; the rest goes in."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from ckanext.anshan.catalogue.exchange import importing, messages, report
from ckanext.anshan.catalogue.exchange.forms import FORMS
from ckanext.anshan.catalogue.exchange.forms.own import ENTRY, ITEM, PREFIX
from ckanext.anshan.catalogue.exchange.importing import Outcome

from .city import City

CHINESE = re.compile("[\u4e00-\u9fff]{2}")
HTML = "<img src=x onerror=alert(1)>\"'&<script>alert(2)</script>"
LONG = "长" * 10_000
PATHS = ("../../etc/passwd", "..\\..\\windows", "/etc/shadow", "a/../../b", "%2e%2e%2f", "\u202egpj.exe")
FREE = [column.id for column, kind, vocabulary in ENTRY if not kind and column.id not in ("code", "provider", "uscc")]
FREE_ITEM = [column.id[PREFIX:] for column, vocabulary in ITEM if not vocabulary and column.id != "item_closed_reason"]
SHORT = {"provider_phone", "length", "unit"}
"""Fields that are too short for the markup."""


def everywhere(city: City, number: int, text: str, **more: Any) -> dict[str, Any]:
    """An entry with this text in each of its free fields, and its items."""
    fields = {name: text for name in FREE if name not in SHORT}
    item = {name: text for name in FREE_ITEM if name not in SHORT} | {"type": "text", "sensitive": "no"}
    fields |= {"title": f"{number}{text}", "information_items": [item]}
    return city.entry(number, **(fields | more))


def run(city: City, entries: list[dict[str, Any]], **more: Any) -> Outcome:
    return importing.run(city.file(entries), create_agencies=True, **more)


def test_html_in_every_field_is_stored_as_text_and_shown_as_text(city: City, app: Any):
    outcome = run(city, [everywhere(city, 1, HTML)])
    assert (outcome.created, outcome.refused) == (1, 0), outcome.problems
    name, notes, extras = city.rows(
        "SELECT name, notes, extras FROM package WHERE title LIKE '1<img%' AND extras->>'code' LIKE :uscc",
        uscc=f"{city.uscc}%",
    )[0]
    assert notes == HTML and extras["sharing_scope"] == HTML
    from ckan.tests import factories

    token = factories.SysadminWithToken()["token"]
    for page in (f"/entry/{name}", "/entry/"):
        text = app.get(page, headers={"Authorization": token}).text
        assert "<script>alert(2)" not in text and "<img src=x" not in text, page


def test_ten_thousand_characters_in_every_field_are_refused_field_by_field(city: City):
    outcome = run(city, [everywhere(city, 1, LONG), city.entry(2)])
    assert (outcome.created, outcome.refused) == (1, 1)
    assert {one.code for one in outcome.problems if one.row == 2} == {"too_long"}
    heads = {column.id: column.zh for column, _, _ in ENTRY}
    told = {one.column for one in outcome.problems if one.row == 2}
    assert {heads[name] for name in FREE if name not in SHORT} <= told
    assert [row[0] for row in city.stored()] == ["公交站点2"]


@pytest.mark.parametrize("keyword", [HTML, LONG, "水", "甲\u202e乙"])
def test_keywords_that_ckan_refuses_are_refused_with_their_place(city: City, keyword: str):
    outcome = run(city, [city.entry(1, tags=["公交", keyword]), city.entry(2, tags=["公交", "A-1_b.c 2"])])
    assert (outcome.created, outcome.refused) == (1, 1)
    assert {(one.code, one.row, one.column) for one in outcome.problems if one.level.value == "error"} == {
        ("keyword_malformed", 2, "关键词")
    }


@pytest.mark.parametrize("path", PATHS)
def test_names_like_paths_are_only_words(city: City, path: str):
    outcome = run(city, [city.entry(1, title=f"{path}{city.mark}")])
    assert outcome.created == 1
    name = city.rows("SELECT name FROM package WHERE title LIKE '%' || :mark")[0][0]
    assert re.fullmatch(r"[a-z0-9-]+", name)


def test_codes_that_stand_twice_and_codes_of_others_are_told(city: City):
    mine, twice = f"{city.uscc}{7:015d}", f"{city.uscc}{8:015d}"
    other = "91210300MA0000000X" + f"{1:015d}"
    given = [
        city.entry(1, code=mine),
        city.entry(2, code=twice),
        city.entry(3, code=twice),
        city.entry(4, code=other),
        city.entry(5, code="113…"),
    ]
    outcome = run(city, given)
    assert city.codes() == [mine, twice]
    errors = {one.code for one in outcome.problems if one.level.value == "error"}
    assert errors == {"entry_twice", "code_of_another_agency", "code_malformed"}
    assert outcome.refused == 3
    assert run(city, [city.entry(6)]).created == 1
    assert city.codes()[-1] == f"{city.uscc}{9:015d}", "a new code begins behind those that were brought along"


@pytest.mark.parametrize("batch", [1, 10])
def test_a_code_that_the_file_brings_along_is_given_to_no_other_of_its_entries(
    city: City, batch: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importing, "BATCH", batch)
    mine = f"{city.uscc}{1:015d}"
    given = [city.entry(1, code=f"{city.uscc}GJS0115027001"), city.entry(2), city.entry(3, code=mine)]
    file = city.file(given, "1272")
    outcome = importing.run(file, create_agencies=True)
    assert (outcome.created, outcome.updated, outcome.refused) == (3, 0, 0)
    assert city.codes() == [f"{city.uscc}{number:015d}" for number in (2, 3, 1)]
    assert importing.run(file).unchanged == 3


def dirty(city: City) -> list[dict[str, Any]]:
    return [
        city.entry(1),
        city.entry(2, title=LONG),
        city.entry(3, opening_class="conditional"),
        city.entry(4, time_start="昨天"),
        city.entry(5, uscc="1"),
        city.entry(6, provider="", uscc=""),
        city.entry(7, code=f"{city.uscc}{3:015d}"),
        city.entry(8, code=f"{city.uscc}{3:015d}"),
        city.entry(9, district="火星"),
        city.entry(10, time_start="2025-01-01", time_end="2020-01-01"),
    ]


@pytest.mark.usefixtures("with_request_context")
def test_the_report_names_row_column_value_reason_and_mending_in_both_languages(city: City):
    outcome = run(city, dirty(city))
    assert (outcome.created, outcome.refused) == (2, 8)
    written: dict[str, list[list[str]]] = {}
    for language in ("zh_Hans_CN", "en"):
        text = io.StringIO()
        with messages.spoken(language):
            report.write_csv(outcome.problems, text)
        written[language] = list(csv.reader(io.StringIO(text.getvalue())))
    assert written["en"][0] == ["Row", "Column", "Value", "Result", "Reason", "Code"]
    assert written["zh_Hans_CN"][0] == ["行", "列", "值", "结果", "原因", "代码"]
    assert len(written["en"]) > 8
    heads = {column.zh for column in FORMS["own"].columns}
    for chinese, english in zip(written["zh_Hans_CN"][1:], written["en"][1:], strict=True):
        row, column, value, _, reason, code = chinese
        assert int(row) >= 2 and column in heads and code
        assert CHINESE.search(reason) and not CHINESE.search(english[4].replace(value or "无", "")), code
        assert (english[0], english[1], english[2], english[5]) == (row, column, value, code)
        assert re.search(r"请|应|须|必须", reason), f"{code} doesn't say how to mend: {reason}"
