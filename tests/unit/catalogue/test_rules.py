"""What an entry must be: articles 10, 11, 12, 20 and 27."""

from __future__ import annotations

from datetime import date
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.catalogue import messages, rules, tidy
from ckanext.anshan.catalogue.fields import ENTRY, ITEM

from .entries import BASIS, CONDITIONS, entries, entry, item

LONG = "长" * 10_000


def codes(problem_entry: dict[str, Any]) -> set[tuple[str, str, int]]:
    return {(p.field, p.code, p.article) for p in rules.check(problem_entry) if not p.warning}


@pytest.mark.parametrize("kind", ["unconditional", "conditional", "closed"])
def test_an_entry_with_all_that_its_class_asks_for_passes(kind: str) -> None:
    assert rules.check(entry(kind)) == []


def test_unconditional_wants_no_sensitive_item() -> None:
    found = rules.check(entry(information_items=[item(), item("联系人", sensitive="yes")]))
    assert [(p.field, p.code, p.article, dict(p.facts)) for p in found] == [
        ("opening_class", "sensitive_items", 27, {"count": 1, "names": "联系人"})
    ]


def test_unconditional_wants_no_level_above_general() -> None:
    assert codes(entry(security_level="general_4")) == set()
    assert codes(entry(security_level="important")) == {("opening_class", "level_too_high", 27)}


@pytest.mark.parametrize("kind", ["unconditional", "conditional"])
def test_core_data_is_closed(kind: str) -> None:
    assert codes(entry(kind, security_level="core")) == {("opening_class", "core_is_closed", 27)}
    assert codes(entry("closed", security_level="core")) == set()


@pytest.mark.parametrize("name", [*BASIS, *CONDITIONS])
def test_conditional_wants_basis_method_requirements_and_safeguards(name: str) -> None:
    assert codes(entry("conditional", **{name: ""})) == {(name, f"{name}_missing", 27)}


@pytest.mark.parametrize("name", [*BASIS])
def test_closed_wants_a_legal_basis(name: str) -> None:
    assert codes(entry("closed", **{name: ""})) == {(name, f"{name}_missing", 27)}


@pytest.mark.parametrize("kind", ["conditional", "closed"])
def test_restricted_sharing_wants_a_basis(kind: str) -> None:
    found = codes(entry(sharing_class=kind, sharing_conditions="书面申请"))
    assert found == {("sharing_basis", "sharing_basis_missing", 20)}


def test_conditional_sharing_wants_conditions() -> None:
    found = codes(entry(sharing_class="conditional", sharing_basis="《统计法》第二十五条"))
    assert found == {("sharing_conditions", "sharing_conditions_missing", 20)}


@pytest.mark.parametrize("kind", ["conditional", "closed"])
@pytest.mark.parametrize(
    "resource", [{"url": "http://example.com/a.csv"}, {"url_type": "upload", "cache_url": "http://x"}]
)
def test_restricted_entries_hold_no_links(kind: str, resource: dict[str, str]) -> None:
    assert codes(entry(kind, resources=[resource])) == {("resources", "link_refused", 27)}
    assert codes(entry(kind, resources=[{"url": "a.csv", "url_type": "upload"}])) == set()


def test_unconditional_entries_may_hold_links() -> None:
    assert codes(entry(resources=[{"url": "http://example.com/a.csv"}])) == set()


def test_an_item_is_never_more_open_than_its_entry() -> None:
    found = rules.check(entry("closed", information_items=[item(opening_class="conditional")]))
    assert [(p.item, p.subfield, p.code) for p in found] == [(0, "opening_class", "opening_class_item_more_open")]


def test_a_sensitive_item_is_never_open_unconditionally() -> None:
    found = codes(entry("conditional", information_items=[item(sensitive="yes", opening_class="unconditional")]))
    assert ("information_items", "sensitive_item_open", 27) in found


def test_items_are_told_apart() -> None:
    found = rules.check(entry(information_items=[item("名称", column="a"), item("名称", column="a")]))
    assert {(p.code, p.item) for p in found} == {("item_name_twice", 1), ("item_column_twice", 1)}


@pytest.mark.parametrize("name", [name for name, spec in ENTRY.items() if spec.required])
def test_what_the_regulation_asks_of_a_catalogue_is_required(name: str) -> None:
    assert (name, "missing", ENTRY[name].article) in codes(entry() | {name: ""})


@pytest.mark.parametrize("name", [*ENTRY])
def test_ten_thousand_characters_are_refused(name: str) -> None:
    value: Any = [LONG] if ENTRY[name].many else LONG
    assert name in {field for field, code, _ in codes(entry() | {name: value}) if code == "too_long"}


def test_a_title_may_have_300_characters() -> None:
    assert codes(entry(title="题" * 300)) == set()
    assert codes(entry(title="题" * 301)) == {("title", "too_long", 10)}


@pytest.mark.parametrize("code", ["1", "11320600014208013B00000000000001", "11320600014208013b000000000000001", 7])
def test_a_code_is_a_credit_code_and_fifteen_digits(code: Any) -> None:
    assert codes(entry(code=code)) == {("code", "code_malformed", 0)}


def test_a_wrong_check_character_is_a_warning_only() -> None:
    found = rules.check(entry(code="113206000142080130000000000000001"))
    assert [(p.code, p.warning) for p in found] == [("uscc_check_digit", True)] and not rules.refuses(found)
    assert rules.check(entry(code="11320600014208013B000000000000001")) == []


def test_a_base_entry_names_its_library() -> None:
    assert codes(entry(classification="base")) == {("classification_sub", "base_library_missing", 11)}
    assert codes(entry(classification="base", classification_sub="population")) == set()
    assert codes(entry(classification="theme", classification_sub="population")) == {
        ("classification_sub", "sub_elsewhere", 11)
    }


def test_a_street_lies_in_its_district() -> None:
    assert codes(entry(district="210302", street="210302002")) == set()
    assert codes(entry(district="210303", street="210302002")) == {("street", "street_elsewhere", 0)}


def test_a_period_ends_after_it_begins() -> None:
    assert codes(entry(time_start="2026-02-01", time_end="2026-01-01")) == {("time_end", "ends_before_start", 0)}
    assert codes(entry(time_start="2026-02-30")) == {("time_start", "not_a_date", 0)}


@given(entries())
def test_no_unconditional_entry_with_a_sensitive_item_passes(any_entry: dict[str, Any]) -> None:
    if not rules.refuses(rules.check(any_entry)) and any_entry["opening_class"] == "unconditional":
        assert all(each["sensitive"] == "no" for each in any_entry["information_items"])
        assert any_entry["security_level"].startswith("general")


@given(entries())
def test_no_restricted_entry_passes_without_its_basis(any_entry: dict[str, Any]) -> None:
    if not rules.refuses(rules.check(any_entry)) and any_entry["opening_class"] != "unconditional":
        assert all(any_entry[name] for name in BASIS)


@given(entries())
def test_every_problem_names_a_field_of_the_schema(any_entry: dict[str, Any]) -> None:
    for problem in rules.check(any_entry):
        assert problem.field in {*ENTRY, "information_items", "resources", "code"}
        if problem.field == "information_items" and problem.item is not None:
            assert problem.subfield in ITEM


@given(entries())
def test_every_problem_has_words_for_all_its_facts(any_entry: dict[str, Any]) -> None:
    for problem in rules.check(any_entry):
        words = messages.WORDS[problem.code]
        slots = {name for _, name, _, _ in Formatter().parse(words) if name}
        assert slots <= {*problem.facts, "article"}, problem.code
        assert ("article" in slots) <= bool(problem.article), problem.code


@given(entries(), st.text(max_size=10), st.dates(max_value=date(9000, 1, 1)))
def test_tidying_and_judging_never_break_and_tidying_twice_is_tidying_once(
    any_entry: dict[str, Any], provider: str, today: Any
) -> None:
    tidied = tidy.tidy(any_entry)
    assert tidy.tidy(tidied) == tidied
    rules.check(tidy.complete(tidied, provider, today))
