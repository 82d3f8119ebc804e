"""What goes out comes back: each form through the database of two portals, with nothing lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.anshan.catalogue.exchange import importing
from ckanext.anshan.catalogue.exchange.forms import FORMS
from ckanext.anshan.catalogue.exchange.importing import Outcome
from ckanext.anshan.catalogue.fields import ENTRY

from .city import City

BASIS = {"opening_basis_title": "某某条例", "opening_basis_number": "第1号", "opening_basis_article": "第三条"}
TERMS = {"opening_method": "接口", "opening_requirements": "只用于研究", "opening_safeguards": "签订协议"}
FULL: dict[str, Any] = {
    "notes": '一行，\n又一行；“引号”与 "quotes"、<b>标签</b> & 符号 \'',
    "classification": "base",
    "classification_sub": "population",
    "tags": ["公交", "站 点"],
    "provider_office": "数据科",
    "provider_phone": "0412-5550000",
    "source_system": "业务系统",
    "collection_basis": "某某办法",
    "approval_result": "同意",
    "industry": "G",
    "district": "210302",
    "time_start": "2020-01-01",
    "time_end": "2025-12-31",
    "next_update_due": "2027-01-01",
    "sharing_class": "conditional",
    "sharing_conditions": "书面申请",
    "sharing_scope": "市直部门",
    "sharing_method": "接口",
    "sharing_basis": "某某规定",
    "opening_conditions": "实名",
    "eligible_applicants": ["company", "university"],
    "eligibility_note": "近三年无行政处罚",
    "allowed_uses": "线路优化、学术研究",
    "access_methods": ["download", "api"],
    "longest_term": "24",
    "daily_quota": "500",
    "second_opinion": "yes",
    "report_cycle": "0",
    "destruction_days": "5",
    "allows_aggregates": "no",
    "sample_rows": "a,b\n1,二",
    "information_items": [
        {"name": "甲、乙；丙", "column": "a", "type": "number", "length": "10,2", "unit": "元", "meaning": "一\n二"}
        | {"filterable": "yes", "necessity": "yes"},
        {"name": "b", "type": "text"},
        {"name": "单价", "type": "number", "opening_class": "closed", "closed_reason": "商业秘密"},
        {"name": '"引"', "type": "text", "sensitive": "no", "sharing_class": "conditional"},
    ],
}


def entries(city: City) -> list[dict[str, Any]]:
    """One of each class; the second has everything that an entry can have."""
    items = [{"sensitive": "no", **item} for item in FULL["information_items"]]
    whole = {**FULL, **BASIS, **TERMS, "opening_class": "conditional", "information_items": items}
    closed = {**BASIS, "opening_class": "closed", "sharing_class": "closed", "sharing_basis": "某某规定"}
    return [city.entry(1), city.entry(2, **whole), city.entry(3, **closed)]


def take(file: Path) -> Outcome:
    outcome = importing.run(file, create_agencies=True)
    assert [one for one in outcome.problems if one.level.value == "error"] == []
    assert outcome.refused == 0
    return outcome


def fields(city: City) -> list[Any]:
    return city.rows(
        'SELECT title, notes, license_id, extras, (SELECT array_agg(tag.name ORDER BY tag.name COLLATE "C")'
        " FROM package_tag JOIN tag ON tag.id = tag_id WHERE package_id = package.id) FROM package"
        " WHERE owner_org IN (SELECT id FROM \"group\" WHERE title LIKE :mark || '%') ORDER BY title, extras->>'code'"
    )


def test_the_own_form_has_a_place_for_every_field():
    assert set(ENTRY) - {column.id for column in FORMS["own"].columns} == set()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("form", FORMS)
def test_another_portal_takes_what_this_one_gave_and_gives_the_same(city: City, form: str, ending: str):
    given = entries(city)
    take(city.file(given, form))
    first = city.export(form, ending)
    again = importing.run(first)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3), "its own export changes nothing"
    stored = fields(city)
    city.forget()
    assert take(first).created == 3
    assert fields(city) == stored
    assert rows(city.export(form)) == rows(city.export(form, ending)) == rows(first)


def test_an_entry_with_gaps_goes_to_another_portal_as_it_is(city: City):
    take(city.file(entries(city)[:1], "plan"))
    first = city.export("own")
    again = importing.run(first)
    assert (again.unchanged, again.refused) == (1, 0)
    city.forget()
    outcome = take(first)
    assert outcome.created == 1 and {one.code for one in outcome.problems} == {"incomplete", "no_code_yet"}
    assert rows(city.export("own")) == rows(first)


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_without_a_code_is_found_again(city: City, form: str):
    take(city.file(entries(city)[:1], "plan"))
    again = importing.run(city.export(form))
    assert (again.created, again.unchanged) == (0, 1)


def test_a_gap_that_nobody_admits_keeps_an_entry_out_of_the_own_form(city: City):
    outcome = importing.run(city.file([city.entry(1, opening_class="closed")]), create_agencies=True)
    assert outcome.refused == 1 and "opening_basis_title_missing" in [one.code for one in outcome.problems]


def test_a_plan_tells_entries_of_one_title_apart_by_their_codes(city: City):
    codes = [f"{city.uscc}{number:015d}" for number in (1, 2)]
    take(city.file(city.entry(1, notes=code, code=code) for code in codes))
    first = city.export("plan")
    assert rows(first)[0][-1] == "目录编码"
    stored = fields(city)
    again = importing.run(first)
    assert (again.unchanged, again.refused) == (2, 0)
    assert fields(city) == stored
    city.forget()
    assert take(first).created == 2
    assert rows(city.export("plan")) == rows(first)


def rows(file: Path) -> list[list[str]]:
    from ckanext.anshan.catalogue.exchange.readers import read

    return [row.cells for sheet in read(file) for row in sheet.rows]


@pytest.mark.parametrize("form", ["1272", "plan"])
def test_a_form_without_a_place_for_everything_takes_nothing_away(city: City, form: str):
    take(city.file(entries(city)))
    before = fields(city)
    outcome = importing.run(city.export(form))
    assert (outcome.unchanged, outcome.refused) == (3, 0)
    assert fields(city) == before


def test_all_that_was_given_is_stored(city: City):
    given = entries(city)[1]
    take(city.file([given]))
    _, notes, _, extras, tags = fields(city)[0]
    assert (notes, tags) == (given["notes"], sorted(given["tags"]))
    alone = ("title", "notes", "themes", "tags", "license_id", "information_items", "provider", "uscc")
    for name, value in given.items():
        if name not in alone and isinstance(value, str):
            assert extras[name] == value, name


def test_entries_of_an_agency_without_a_credit_code_get_theirs_once_it_has_one(city: City):
    file = city.file([city.entry(number, uscc="") for number in (1, 2)])
    first = take(file)
    assert [one.code for one in first.problems] == ["no_code_yet", "no_code_yet"]
    assert city.codes() == [None, None]
    owner = city.rows("SELECT id FROM \"group\" WHERE title LIKE :mark || '%'")[0][0]
    call_action("organization_patch", {"user": factories.Sysadmin()["name"]}, id=owner, uscc=city.uscc)
    second = take(file)
    assert (second.updated, second.created) == (2, 0)
    assert city.codes() == [f"{city.uscc}{number:015d}" for number in (1, 2)]
    third = take(file)
    assert (third.unchanged, third.updated) == (2, 0)
