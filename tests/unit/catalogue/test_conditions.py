"""On what conditions data is given, read from whatever holds them (articles 20, 22, 27)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.anshan.catalogue import rules, tidy, vocabularies
from ckanext.anshan.catalogue.conditions import Conditions
from ckanext.anshan.release.rules import CONDITIONS, public_metadata

from .entries import entry, item

KINDS = frozenset(vocabularies.load("applicant_kinds").by_id)
SAID = {
    "eligible_applicants": ["company"],
    "eligibility_note": "取得许可",
    "allowed_uses": "学术研究",
    "access_methods": ["api"],
    "longest_term": "24",
    "daily_quota": "500",
    "second_opinion": "yes",
    "report_cycle": "0",
    "destruction_days": "5",
    "allows_aggregates": "yes",
}


def conditional(**more: Any) -> dict[str, Any]:
    return entry("conditional", **more)


def stored(of: dict[str, Any]) -> dict[str, Any]:
    """As the database keeps an entry: every value a text."""
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in of.items()}
    return {"title": of["title"], "notes": of["notes"], "extras": texts}


def test_where_nothing_is_said_all_may_apply_alike_and_download():
    found = Conditions.of(conditional())
    assert (found.eligible, found.is_for_all, found.methods) == (KINDS, True, {"download"})
    assert (found.longest_term_months, found.daily_quota, found.report_months, found.destruction_days) == (
        12,
        2000,
        6,
        10,
    )
    assert not (found.second_opinion or found.allows_aggregates or found.sample)


def test_what_is_said_holds():
    found = Conditions.of(conditional(**SAID))
    assert (found.eligible, found.is_for_all, found.methods) == ({"company"}, False, {"api"})
    assert (found.longest_term_months, found.daily_quota) == (24, 500)
    assert (found.report_months, found.destruction_days) == (0, 5)
    assert found.second_opinion and found.allows_aggregates
    assert (found.eligibility_note, found.allowed_uses) == ("取得许可", "学术研究")


@pytest.mark.parametrize("shape", ["shown", "stored", "released"])
def test_a_release_a_dataset_and_an_entry_say_the_same(shape: str):
    items = [item("站名", column="name", filterable="yes", necessity="yes"), item("人数", unit="人")]
    of = conditional(information_items=items, **SAID)
    read = {"shown": of, "stored": stored(of), "released": public_metadata(stored(of))}
    assert Conditions.of(read[shape]) == Conditions.of(of)


def test_an_item_that_is_closed_cannot_be_applied_for_and_says_why_where_the_agency_does():
    price = item("单价", column="price", opening_class="closed", closed_reason="商业秘密", sensitive="yes")
    of = conditional(information_items=[item(), price])
    own, public = Conditions.of(of), Conditions.of(public_metadata(stored(of)))
    assert [one.name for one in own.applicable] == [one.name for one in public.applicable] == ["停车场名称"]
    for found in (own, public):
        closed = found.item("单价")
        assert closed is not None and not closed.can_be_applied_for and closed.why_not == "商业秘密"


def test_a_closed_item_without_a_reason_is_nowhere_in_public():
    of = conditional(information_items=[item(), item("内部编号", column="secret", opening_class="closed")])
    assert "内部编号" not in json.dumps(public_metadata(stored(of)), ensure_ascii=False)


def test_of_a_closed_item_its_name_and_reason_alone_are_public():
    told = {"opening_class": "closed", "closed_reason": "商业秘密"}
    price = item("单价", column="price_c", meaning="含义", unit="元", **told)
    metadata = public_metadata(stored(conditional(information_items=[item(), price])))
    assert json.loads(metadata["fields"]["closed_items"]) == [{"name": "单价", "reason": "商业秘密"}]
    assert "price_c" not in json.dumps(metadata)


@pytest.mark.parametrize("opening_class", ["unconditional", "closed"])
def test_conditions_of_sharing_stay_in_the_entry(opening_class: str):
    of = entry(opening_class, sharing_class="conditional", sample_rows="x", **SAID)
    of["information_items"] = [item(column="n", filterable="yes", necessity="yes", closed_reason="理由")]
    metadata = public_metadata(stored(of))
    assert not {*CONDITIONS, "closed_items"} & metadata["fields"].keys()
    assert not any({"filterable", "necessity", "closed_reason"} & one.keys() for one in metadata["information_items"])


def test_sharing_goes_by_the_classes_of_sharing():
    items = [item("甲", opening_class="closed"), item("乙", sharing_class="closed")]
    of = entry("closed", sharing_class="conditional", information_items=items, **SAID)
    shared = Conditions.of(of, sharing=True)
    assert [one.name for one in shared.applicable] == ["甲"]
    assert (shared.kind, shared.eligible, shared.longest_term_months) == ("conditional", frozenset(), 24)
    assert Conditions.of(of).applicable == ()


@pytest.mark.parametrize("said", [["nobody"], '["nobody"]'])
def test_a_kind_that_nobody_knows_opens_nothing(said: Any):
    assert Conditions.of(conditional(eligible_applicants=said)).eligible == frozenset()


@pytest.mark.parametrize("said", ["-1", "1.5", "many", "１２", None, ""])
def test_what_is_no_number_is_the_default(said: Any):
    assert Conditions.of(conditional(longest_term=said)).longest_term_months == 12


def test_metadata_without_a_class_gives_nothing():
    assert Conditions.of({"information_items": [{"name": "甲"}, "乙", {}]}).applicable == ()


def codes(**more: Any) -> list[tuple[str, str]]:
    return [(one.subfield or one.field, one.code) for one in rules.check(tidy.tidy(conditional(**more)))]


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("longest_term", ("1", "60", 12, "１２"), ("0", "61", "1.5", "一年", "-1", "12个月")),
        ("daily_quota", ("1", "1000000"), ("0", "1000001", "2e3")),
        ("report_cycle", ("0", "60"), ("61", "半年")),
        ("destruction_days", ("0", "365"), ("366", "+1")),
    ],
)
def test_numbers_are_whole_and_in_range(field: str, right: tuple[Any, ...], wrong: tuple[Any, ...]):
    assert [value for value in right if codes(**{field: value})] == []
    assert [value for value in wrong if codes(**{field: value}) != [(field, "not_in_range")]] == []


def test_rows_are_offered_by_a_column_alone():
    assert codes(information_items=[item(filterable="yes")]) == [("column", "filter_without_column")]
    assert codes(information_items=[item(filterable="yes", column="park")]) == []


def test_a_reason_is_told_of_a_closed_item_alone():
    assert codes(information_items=[item(closed_reason="秘密")]) == [("closed_reason", "reason_without_class")]
    assert codes(information_items=[item(), item("价", closed_reason="秘密", opening_class="closed")]) == []


@pytest.mark.parametrize("opening_class", ["unconditional", "closed"])
def test_what_is_said_for_another_class_is_no_mistake(opening_class: str):
    items = [item(filterable="yes", closed_reason="秘密")]
    assert rules.check(entry(opening_class, information_items=items, sample_rows="别的")) == []


ITEMS = [item("名称", column="name"), item("泊位"), item("单价", opening_class="closed")]


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        ("名称,泊位\n某停车场,20", ""),
        ("name\t泊位\r\n某停车场\t20\r\n", ""),
        ('泊位,名称\n20,"某,停车场"', ""),
        ("名称", "sample_without_rows"),
        ("名称,容量\na,1", "sample_column_unknown"),
        ("名称,单价\na,1", "sample_column_closed"),
        ("名称,泊位\na", "sample_row_uneven"),
        ("名称\n" + "a\n" * 20, ""),
        ("名称\n" + "a\n" * 21, "sample_too_long"),
    ],
)
def test_a_sample_shows_open_items_in_few_rows(sample: str, code: str):
    assert [found for _, found in codes(information_items=ITEMS, sample_rows=sample)] == ([code] if code else [])


def test_a_sample_is_read_as_it_was_pasted():
    found = Conditions.of(conditional(information_items=ITEMS, sample_rows="name, 泊位\n\n某停车场,20"))
    assert found.sample is not None
    assert (found.sample.columns, found.sample.rows) == (("name", "泊位"), (("某停车场", "20"),))
