"""The checklists: well formed, in both languages, by articles that exist; and what stands in the way of a signature."""

from __future__ import annotations

from itertools import product

import pytest

from ckanext.anshan.release.rules import OpeningClass
from ckanext.anshan.review import checklists
from ckanext.anshan.review.checklists import items, unanswered
from ckanext.anshan.review.rules import KEYS, Key, Kind

CLASSES = [one.value for one in OpeningClass]
WANTED = [(kind, key, name) for kind in Kind for key in KEYS[kind] for name in CLASSES]
EVERY = [one for found in checklists._lists().values() for one in found]


@pytest.mark.parametrize(("kind", "key", "opening_class"), WANTED)
def test_each_key_has_something_to_look_at(kind, key, opening_class):
    assert items(key, kind, opening_class)


def test_nobody_else_is_asked():
    assert set(checklists._lists()) == {(kind, key) for kind in Kind for key in KEYS[kind]}


def test_an_id_means_one_item():
    ids = [one.id for one in EVERY]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("item", EVERY, ids=lambda one: one.id)
def test_item_is_well_formed(item):
    assert item.id.isidentifier()
    assert item.text("zh_Hans_CN") != item.text("en")
    assert all(text.strip() and not text.endswith(("。", ".")) for text in item.texts.values())
    assert any("\u4e00" <= letter <= "\u9fff" for letter in item.texts["zh"])
    assert item.texts["en"].isascii()
    assert item.articles
    assert all(1 <= article <= 53 for article in item.articles)
    assert set(item.classes) <= set(CLASSES)
    assert len(item.laws.get("zh", ())) == len(item.laws.get("en", ()))


def test_some_items_are_for_a_class_alone():
    conditional, closed = (
        {one.id for one in items(Key.AGENCY, Kind.OPENING, name)} for name in ("conditional", "closed")
    )
    assert "conditions_written" in conditional - closed
    assert "cannot_be_opened_in_part" in closed - conditional
    assert "no_secrets" in conditional & closed


@pytest.mark.parametrize(("kind", "key", "opening_class"), WANTED)
def test_nothing_answered_is_nothing_signed(kind, key, opening_class):
    assert unanswered(key, kind, opening_class, {}) == [one.id for one in items(key, kind, opening_class)]


@pytest.mark.parametrize(("kind", "key", "opening_class"), WANTED)
def test_yes_to_everything_is_enough(kind, key, opening_class):
    answers = {one.id: "yes" for one in items(key, kind, opening_class)}
    assert unanswered(key, kind, opening_class, answers) == []


def test_not_applicable_answers_only_what_may_not_apply():
    wanted = items(Key.AGENCY, Kind.OPENING, "unconditional")
    missing = unanswered(Key.AGENCY, Kind.OPENING, "unconditional", {one.id: "not_applicable" for one in wanted})
    assert "no_secrets" in missing
    assert "personal_information_treated" not in missing
    assert missing == [one.id for one in wanted if not one.may_skip]


@pytest.mark.parametrize("answer", ["", "no", "Yes", "on", "true"])
def test_no_other_word_is_an_answer(answer):
    wanted = [one.id for one in items(Key.BUREAU, Kind.OPENING, "closed")]
    assert unanswered(Key.BUREAU, Kind.OPENING, "closed", {id: answer for id in wanted}) == wanted  # noqa: C420


def test_names_are_as_good_as_rules_words():
    for kind, key in product(Kind, Key):
        assert items(key.value, kind.value, "") == items(key, kind, "")
