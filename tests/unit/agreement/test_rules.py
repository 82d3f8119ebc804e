"""The agreement's text, hash and code, without CKAN: nothing empty, nothing left out, nothing that moves."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.anshan.access.rules import Filter, Kind, Method
from ckanext.anshan.agreement import rules, templates
from ckanext.anshan.agreement.rules import Column, Dataset, Facts, Holder, Party, Refusal, Side, State

from . import made

texts = st.text(min_size=1, max_size=40).filter(rules.plain)
lists = st.lists(texts, max_size=4).map(tuple)
columns = st.builds(Column, texts, texts)
datasets = st.builds(
    Dataset,
    title=texts,
    name=texts,
    version=texts,
    agency=texts,
    methods=st.lists(st.sampled_from(Method), min_size=1, unique=True).map(tuple),
    tables=st.lists(texts, min_size=1, max_size=3).map(tuple),
    columns=st.lists(columns, min_size=1, max_size=5).map(tuple),
    rows=st.lists(st.builds(Filter, texts, st.lists(texts, min_size=1, max_size=2).map(tuple)), max_size=2).map(tuple),
    whole=lists,
    period=st.just("") | texts,
    aggregates=st.booleans(),
    daily_quota=st.integers(1, 10**6),
)
parties = st.builds(Party, texts, texts, st.sampled_from(Holder))
facts = st.builds(
    Facts,
    number=texts,
    kind=st.sampled_from(Kind),
    agency=parties,
    holders=st.lists(parties, min_size=1, max_size=3).map(tuple),
    datasets=st.lists(datasets, min_size=1, max_size=3).map(tuple),
    basis=texts,
    purpose=texts,
    product=texts,
    retention=texts,
    safeguards=st.lists(texts, min_size=1, max_size=3).map(tuple),
    starts=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    ends=st.dates(date(2030, 1, 2), date(2035, 1, 1)),
    destruction_days=st.integers(1, 999),
    report_months=st.integers(1, 48),
    portal=texts,
    bureau=texts,
    requirements=lists.filter(lambda found: all(map(rules.plain, found))),
    conditions=lists,
    replaces=st.just("") | texts,
)


def said(document, language):
    """Everything of a document that one reader of one language reads, its facts aside."""
    parts = [document["number"], document["title"][language]]
    parts += [one[language] for one in document["preamble"]]
    parts += [one[language] for clause in document["clauses"] for one in clause["paragraphs"]]
    for schedule in document["schedules"]:
        parts += [schedule["heading"][language], *(row["value"][language] for row in schedule["rows"])]
        parts += [text for column in schedule["columns"] for text in (column["title"], column["name"])]
    return "\n".join(parts)


def words_of(value):
    """Each text among the facts, as it is printed."""
    if isinstance(value, str):
        return [rules.plain(value)]
    if isinstance(value, list):
        return [one for each in value for one in words_of(each)]
    return [one for each in value.values() for one in words_of(each)] if isinstance(value, dict) else []


def told(facts):
    """The texts among the facts without codes and days, which are printed in words."""
    given = rules.as_json(facts)
    for name in ("kind", "starts", "ends"):
        del given[name]
    for one in [given["agency"], *given["holders"]]:
        del one["kind"]
    for one in given["datasets"]:
        del one["methods"]
    return {one for one in words_of(given) if one}


@settings(max_examples=60, deadline=None)
@given(facts)
def test_every_fact_is_in_the_text_of_both_languages(given):
    document = made.document(given)
    for language in rules.LANGUAGES:
        text = said(document, language)
        assert [one for one in told(given) if one not in text] == []
        assert rules.day(given.starts, language) in text
        assert rules.day(given.ends, language) in text


@settings(max_examples=60, deadline=None)
@given(facts)
def test_no_place_is_left_and_nothing_is_empty(given):
    document = made.document(given)
    own = "".join(words_of(rules.as_json(given)))
    for language in rules.LANGUAGES:
        for line in said(document, language).split("\n"):
            assert line.strip()
            for name in rules.PLACES | rules.OF_SCHEDULE:
                assert f"{{{name}}}" not in line or f"{{{name}}}" in own
    assert json.loads(json.dumps(document)) == document


def test_braces_in_a_fact_are_only_signs():
    text = said(made.document(replace(made.OPENING, purpose="{agency} {0} {{x}}")), "zh")
    assert "利用目的：{agency} {0} {{x}}" in text


NEEDED = [
    *("number", "basis", "purpose", "product", "retention", "portal", "bureau"),
    *("holders", "datasets", "safeguards", "destruction_days", "report_months"),
]


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_fact_is_refused_by_its_name(name):
    emptied = replace(made.OPENING, **{name: type(getattr(made.OPENING, name))()})
    assert rules.build(templates.current(Kind.OPENING), emptied) == Refusal("agreement_incomplete", {"names": (name,)})


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"title": " "}, "title"),
        ({"name": ""}, "name"),
        ({"version": "\u200b"}, "version"),
        ({"methods": ()}, "methods"),
        ({"daily_quota": 0}, "daily_quota"),
        ({"columns": ()}, "columns"),
        ({"columns": (Column("a", ""),)}, "columns"),
        ({"tables": (), "columns": ()}, "files"),
        ({"rows": (Filter("区县", ()),)}, "rows"),
    ],
)
def test_a_dataset_says_all_of_what_is_granted(changed, name):
    facts = replace(made.OPENING, datasets=(made.STOPS, replace(made.STOPS, **changed)))
    assert rules.missing(facts) == (name,)


@pytest.mark.parametrize("name", ["safeguards", "requirements", "conditions"])
def test_an_empty_line_of_a_list_is_refused(name):
    assert rules.missing(replace(made.OPENING, **{name: ("第一项", " \u202e ")})) == (name,)


def test_a_party_has_name_and_code():
    assert rules.missing(replace(made.OPENING, holders=(Party("某人", ""),))) == ("holders",)
    assert rules.missing(replace(made.OPENING, agency=Party("", "11"))) == ("agency",)


def test_it_does_not_end_before_it_starts():
    assert rules.missing(replace(made.OPENING, ends=made.OPENING.starts - timedelta(days=1))) == ("ends",)
    assert rules.missing(replace(made.OPENING, ends=made.OPENING.starts)) == ()


def test_agencies_that_share_need_no_product():
    assert rules.missing(replace(made.SHARING, product="")) == ()
    assert "使用数据的事项或者系统" not in said(made.document(replace(made.SHARING, product="")), "zh")


def test_a_text_of_another_kind_is_refused():
    found = rules.build(templates.current(Kind.SHARING), made.OPENING)
    assert found == Refusal("agreement_of_another_kind", {"kind": "opening", "template": "sharing"})


def test_without_conditions_it_says_so():
    text = said(made.document(replace(made.OPENING, conditions=())), "zh")
    assert "甲方没有附加其他条件。" in text
    assert "乙方还应当遵守下列条件" not in text


def test_several_applicants_are_bound_together():
    one, two = (
        said(made.document(), "zh"),
        said(made.document(replace(made.OPENING, holders=(made.COMPANY, made.PERSON))), "zh"),
    )
    assert "连带责任" not in one
    assert "连带责任" in two


def test_rows_are_said_in_words():
    rows = (Filter("区县", ("铁东区", "")), Filter("年份", ("2026",)))
    document = made.document(replace(made.OPENING, datasets=(replace(made.STOPS, rows=rows),)))
    assert "“区县”为“铁东区”或者空值，并且“年份”为“2026”" in said(document, "zh")
    assert '"区县" is "铁东区" or empty, and "年份" is "2026"' in said(document, "en")


def test_signs_that_hide_or_turn_the_writing_are_left_out():
    assert rules.plain("甲\u202e乙\u200b\n\x00丙\t 丁 ") == "甲乙 丙 丁"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (27, "二十七"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (999, "九百九十九"),
    ],
)
def test_numerals(number, words):
    assert rules.numeral(number) == words


# hash and code


def test_the_same_facts_give_the_same_hash():
    assert rules.hash_of(made.document()) == rules.hash_of(made.document())


@pytest.mark.parametrize("name", [field.name for field in fields(Facts) if field.name != "kind"])
def test_another_fact_gives_another_hash(name):
    given = getattr(made.OPENING, name)
    other = {
        str: lambda: given + "二",
        int: lambda: given + 1,
        date: lambda: given + timedelta(days=1),
        tuple: lambda: (*given, *(given or ("又一项",))),
        Party: lambda: replace(given, code="2"),
    }[type(given)]()
    assert rules.hash_of(made.document(replace(made.OPENING, **{name: other}))) != rules.hash_of(made.document())


hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(hashes)
def test_a_code_is_read_as_it_is_typed(sha256):
    code = rules.code_of(sha256, "SQ-2026-000123")
    assert len(code) == 19
    assert rules.read_code(code) == code
    assert rules.read_code(f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} ") == code


@given(hashes, st.integers(0, 15), st.sampled_from(rules.ALPHABET))
def test_one_wrong_sign_is_found(sha256, place, sign):
    signs = list(rules.code_of(sha256, "1").replace("-", ""))
    wrong = [*signs[:place], sign, *signs[place + 1 :]]
    assert (rules.read_code("".join(wrong)) is None) == (wrong != signs)


@given(hashes)
def test_two_signs_in_each_others_place_are_found(sha256):
    signs = rules.code_of(sha256, "1").replace("-", "")
    for one, two in combinations(range(len(signs)), 2):
        swapped = list(signs)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        assert (rules.read_code("".join(swapped)) is None) == (signs[one] != signs[two])


@pytest.mark.parametrize("typed", ["", "K7QX", "U" * 16, "0" * 15, "0" * 17, "!" * 16])
def test_what_is_no_code_is_none(typed):
    assert rules.read_code(typed) is None


def test_the_code_belongs_to_hash_and_number():
    codes = {rules.code_of("0" * 64, "1"), rules.code_of("0" * 64, "2"), rules.code_of("1" * 64, "1")}
    assert len(codes) == 3


# in force


def test_it_is_in_force_when_everybody_has_signed():
    document = made.document(replace(made.OPENING, holders=(made.COMPANY, made.PERSON)))
    signed = made.signed(document, Side.HOLDER, Side.AGENCY)
    assert rules.standing_of(document, []).state is State.PREPARED
    assert rules.standing_of(document, signed[:1]).state is State.PREPARED
    assert rules.standing_of(document, signed[:2]).state is State.ACCEPTED
    assert rules.standing_of(document, [signed[0], signed[2]]).state is State.PREPARED
    assert rules.standing_of(document, signed).state is State.IN_FORCE
    assert rules.standing_of(document, signed).since == signed[2].at


def test_a_signature_under_another_text_counts_nothing():
    document = made.document()
    other = made.signed(made.document(replace(made.OPENING, purpose="别的目的")), Side.HOLDER, Side.AGENCY)
    assert rules.standing_of(document, other).state is State.PREPARED
