"""The controlled terms: what is in them, and how people's words find them."""

from __future__ import annotations

from collections import defaultdict

import pytest
import yaml

from ckanext.anshan.catalogue import fields, uscc, vocabularies

SCHEMAS = vocabularies.FOLDER.parent / "schemas"


@pytest.mark.parametrize("name", vocabularies.names())
def test_every_vocabulary_names_its_source_and_both_languages(name: str) -> None:
    vocabulary = vocabularies.load(name)
    assert vocabulary.source and vocabulary.terms
    assert all(term.zh and term.en for term in vocabulary.terms)


@pytest.mark.parametrize("name", vocabularies.names())
def test_no_word_means_two_terms(name: str) -> None:
    meanings = defaultdict(set)
    for term in vocabularies.load(name).terms:
        for word in (term.id, term.zh, term.en, *term.synonyms):
            meanings[vocabularies.fold(word)].add(term.id)
    assert {word: ids for word, ids in meanings.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    ("name", "text", "id"),
    [
        ("opening_classes", "依申请开放。", "conditional"),
        ("opening_classes", "禁止", "closed"),
        ("sharing_classes", "普遍", "unconditional"),
        ("update_cycles", "每日", "daily"),
        ("item_types", "ＮＶＡＲＣＨＡＲ", "text"),
        ("security_levels", "核心", "core"),
        ("data_forms", " XLSX ", "spreadsheet"),
        ("opening_classes", "看情况", None),
        ("opening_classes", "", None),
        ("opening_classes", None, None),
    ],
)
def test_synonyms_width_and_case_are_understood(name: str, text: str | None, id: str | None) -> None:
    assert vocabularies.term(name, text) == id


def test_the_five_base_libraries_of_article_11_are_there() -> None:
    assert [term.zh for term in vocabularies.children("classification_subs", "base")] == [
        "人口",
        "法人",
        "自然资源与空间地理",
        "电子证照",
        "公共信用",
    ]


@pytest.mark.parametrize(("name", "parents"), [("classification_subs", "classifications"), ("streets", "districts")])
def test_every_parent_is_a_term(name: str, parents: str) -> None:
    assert {term.parent for term in vocabularies.load(name).terms} <= set(vocabularies.load(parents).by_id)


def test_themes_may_be_names_of_groups() -> None:
    assert all(term.id.replace("-", "").isalpha() and term.id.islower() for term in vocabularies.load("themes").terms)


def test_the_schema_of_entries_has_exactly_the_fields_of_the_rules() -> None:
    schema = yaml.safe_load((SCHEMAS / "entry.yaml").read_text(encoding="utf-8"))
    by_name = {field["field_name"]: field for field in schema["dataset_fields"]}
    assert set(by_name) - set(fields.ENTRY) == {"name", "code", "owner_org", "tag_string", "information_items"}
    assert set(fields.ENTRY) <= set(by_name)
    items = {field["field_name"]: field for field in by_name["information_items"]["repeating_subfields"]}
    assert set(items) == set(fields.ITEM)
    for found, specs in ((by_name, fields.ENTRY), (items, fields.ITEM)):
        for name, spec in specs.items():
            assert bool(found[name].get("required")) == spec.required, name
            assert found[name].get("vocabulary", "") == spec.vocabulary, name


def test_a_public_dataset_has_no_field_of_sharing_or_security() -> None:
    schema = yaml.safe_load((SCHEMAS / "dataset.yaml").read_text(encoding="utf-8"))
    names = {field["field_name"] for field in schema["dataset_fields"]}
    assert not {name for name in names if name.startswith(("sharing", "security", "collection", "entry"))}


@pytest.mark.parametrize("code", ["11320600014208013B", "113206000142072482"])
def test_credit_codes_of_the_standard_are_valid(code: str) -> None:
    assert uscc.valid(code)


@pytest.mark.parametrize("code", ["113206000142080130", "I1320600014208013B", "1132060001420801", ""])
def test_other_credit_codes_are_not(code: str) -> None:
    assert not uscc.valid(code)
