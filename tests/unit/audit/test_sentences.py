"""Every kind that is recorded has a sentence, and every sentence the slots that it is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ckanext.anshan
from ckanext.anshan.audit import rules, seeing, sentences, states
from ckanext.anshan.audit.sentences import What, sentence

PACKAGE = Path(str(ckanext.anshan.__file__)).parent
RECORDS = {"Event", "refused"}
SLOTS = {"who", "object", "action", "kind", "file", "page"}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences.tk, "_", lambda text: text)


def of_rules() -> set[str]:
    hows = [*rules.ACTIONS.values(), *rules.JOBS.values(), *rules.ROUTINES.values()]
    return {how.kind for how in hows if isinstance(how, rules.Event)}


def of_states() -> set[str]:
    return {f"{type}.{verb}" for type in states.TYPES for verb in seeing.VERBS}


def of_source() -> Iterator[str]:
    """Each kind that the code names where it records something."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                named = str(node.args[0].value)
                if called in RECORDS and re.fullmatch(r"[a-z]+\.[a-z_]+", named):
                    yield named


RECORDED = sorted(of_rules() | of_states() | set(of_source()))


def test_kinds_are_found_where_they_are_named():
    assert {"file.handed_out", "access.refused", "log.begun", "log.read", "entry.shared"} <= set(RECORDED)


@pytest.mark.parametrize("kind", RECORDED)
def test_every_kind_has_a_sentence_and_a_label(kind):
    assert kind in sentences.KINDS, "audit/sentences.py: say what happened"
    assert sentences.label(kind) != kind, "audit/sentences.py: LABELS"


@pytest.mark.parametrize("kind", sorted(sentences.KINDS))
def test_a_sentence_begins_with_who_and_ends(kind):
    told = sentence(What(kind, "", "done", {}, "WHO", "the OBJECT"))
    assert told.startswith("WHO ") and told.endswith(".") and "{" not in told


def test_slots_are_those_that_are_given():
    told = [*sentences.KINDS.values(), *sentences.ACTIONS.values(), *sentences.COMMON.values()]
    found = {slot for words in told for slot in re.findall(r"{(\w+)}", words())}
    assert found - {"agency", "version", "title"} <= SLOTS


def test_actions_that_are_told_apart_are_recorded():
    assert {action for _, action in sentences.ACTIONS} - set(rules.ACTIONS) == set()
    assert {kind for kind, _ in sentences.ACTIONS} <= of_states()


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (What("entry.changed", "resource_create", "done", {}, "W", "O"), "W uploaded a file to O."),
        (What("entry.changed", "package_patch", "done", {}, "W", "O"), "W changed O."),
        (What("entry.created", "", "done", {"found": True}, "W", "O"), "O was there when the log began."),
        (What("file.handed_out", "door", "done", {"file": "a.csv"}, "W", "O"), "W downloaded a.csv of O."),
        (
            What("file.handed_out", "door", "done", {"file": "a.csv", "range": "bytes 0-9/20"}, "W", "O"),
            "W downloaded a part of a.csv of O.",
        ),
        (
            What("access.refused", "package_patch", "refused", {}, "W", "O"),
            "W asked for the action package_patch on O, and it was refused.",
        ),
        (
            What("access.refused", "", "refused", {"page": "admin.index"}, "W", ""),
            "W asked for the page admin.index, and it was refused.",
        ),
        (What("review.signed", "", "done", {}, "W", "O"), "W did what the log calls review.signed, to O."),
        (What("review.signed", "", "done", {}, "W", ""), "W did what the log calls review.signed."),
        (What("entry.shared", "", "done", {"file": "{who}"}, "W", "{kind}"), "W changed with whom {kind} is shared."),
    ],
)
def test_a_sentence_says_what_happened(what, told):
    assert sentence(what) == told


@pytest.mark.parametrize(
    ("by", "agency", "told"),
    [
        ({"role": "publisher", "via": "web"}, "市交通局", "A publisher of 市交通局"),
        ({"role": "member", "via": "api"}, "市交通局", "A member of 市交通局"),
        ({"role": "publisher", "via": "api"}, "", "Somebody of an agency"),
        ({"role": "sysadmin", "via": "web"}, "", "A system administrator"),
        ({"via": "web"}, "", "A visitor"),
        ({"via": "console"}, "", "Somebody at the portal's console"),
        ({"via": "job"}, "", "The portal"),
        ({}, "", "The portal"),
    ],
)
def test_who_it_was_is_told_by_role_and_agency(by, agency, told):
    assert sentences.who(by, agency, False) == told
    assert sentences.who(by, agency, True) == "You"


@pytest.mark.parametrize("type", [*states.TYPES, "log", "named"])
def test_a_thing_has_a_phrase(type):
    for title in ("", "标题"):
        assert sentences.thing(type, "id", title)
    assert "标题" in sentences.thing(type, "id", "标题")


def test_a_version_is_named_with_its_dataset():
    assert sentences.thing("dataset", "id", "标题", version=3) == "version 3 of the dataset “标题”"
    assert sentences.thing("dataset", "id", "", version=3) == "a dataset that is no longer public"
