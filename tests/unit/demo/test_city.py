"""The demo's catalogue is one that the portal's own rules accept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ckanext.anshan.catalogue import rules, uscc, vocabularies
from ckanext.anshan.catalogue.conditions import Conditions
from ckanext.anshan.catalogue.exchange.forms.own import Own
from ckanext.anshan.demo import generate, tables
from ckanext.anshan.demo.city import agencies, entries


def test_every_entry_passes_the_rules_without_a_warning() -> None:
    assert {demo.entry["title"]: rules.check(demo.entry) for demo in entries() if rules.check(demo.entry)} == {}


def test_three_hundred_entries_of_thirty_agencies_in_all_classes() -> None:
    classes = Counter(demo.entry["opening_class"] for demo in entries())
    assert classes == {"unconditional": 165, "conditional": 75, "closed": 60}
    assert len(agencies()) == 31


def test_every_agency_has_a_valid_code_of_its_own() -> None:
    codes = [agency.uscc for agency in agencies()]
    assert all(map(uscc.valid, codes))
    assert len(set(codes)) == len(codes)


def test_codes_and_titles_are_unique() -> None:
    for name in ("code", "title"):
        values = [demo.entry[name] for demo in entries()]
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_some_titles_are_long() -> None:
    assert any(len(demo.entry["title"]) > 60 for demo in entries())


def test_what_people_look_for_first_is_there() -> None:
    words = ("公交站点", "停车场", "医疗机构", "学校", "养老机构", "空气质量", "许可企业名单")
    titles = [demo.entry["title"] for demo in entries() if demo.entry["opening_class"] == "unconditional"]
    assert [word for word in words if not any(word in title for title in titles)] == []


def test_sensitive_items_are_closed_with_their_entry_or_by_themselves() -> None:
    sensitive = {
        item.get("opening_class") or demo.entry["opening_class"]
        for demo in entries()
        for item in demo.entry["information_items"]
        if item["sensitive"] == "yes"
    }
    assert sensitive == {"closed"}


def test_what_is_said_in_own_words_belongs_to_an_entry_and_its_items() -> None:
    items = {demo.entry["title"]: {one["name"] for one in demo.entry["information_items"]} for demo in entries()}
    for title, said in tables.read("laws")["own"].items():
        assert said["items"].keys() <= items[title], title


def test_the_machinery_of_access_has_thousands_of_rows_to_try() -> None:
    found = {demo.entry["title"]: Conditions.of(demo.entry) for demo in entries()}
    waste = next(demo for demo in entries() if demo.table.word == "餐厨废弃物")
    given = found[waste.entry["title"]]
    assert len(tables.rows(waste.table, waste.entry["district"], waste.code)) > 3000
    assert (given.methods, given.is_for_all, given.sample is None) == ({"download", "api"}, False, False)
    assert {one.name for one in given.items if one.filterable} == {"区县", "产生单位类别"}
    assert [one.name for one in given.items if not one.can_be_applied_for] == ["协议单价"]


def test_names_of_columns_are_unique_in_a_table() -> None:
    for demo in entries():
        names = [column.name for column in demo.table.columns]
        assert len(set(names)) == len(names), demo.entry["title"]


def test_values_fit_the_types_of_their_items() -> None:
    kinds = {"integer": int, "number": (int, float)}
    for demo in entries():
        rows = tables.rows(demo.table, demo.entry["district"], demo.code)
        for at, column in enumerate(demo.table.columns):
            if column.type in kinds:
                assert all(isinstance(row[at], kinds[column.type]) for row in rows), (demo.entry["title"], column.title)


def test_a_district_has_only_places_of_its_own() -> None:
    demo = next(demo for demo in entries() if demo.entry["title"] == "台安县幼儿园名录")
    at = [column.title for column in demo.table.columns].index("区县")
    assert {row[at] for row in tables.rows(demo.table, demo.entry["district"], demo.code)} == {"台安县"}


def test_the_catalogue_is_in_the_portals_own_form(tmp_path: Path) -> None:
    rows = list(generate.catalogue(entries()[:5]))
    assert rows[:1] == Own().header()
    assert len(rows) == 1 + sum(len(demo.entry["information_items"]) for demo in entries()[:5])


def test_no_agency_takes_the_name_of_a_theme() -> None:
    """CKAN keeps organizations and groups in one table, under one name each."""
    assert {agency.id for agency in agencies()} & set(vocabularies.load("themes").by_id) == set()
