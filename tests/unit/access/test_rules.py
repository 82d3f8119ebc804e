"""Who gets bytes: the whole decision against a list that a person can read."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.access import messages
from ckanext.anshan.access.rules import VISITOR, Actor, File, Granted, Refusal, Release, decide
from ckanext.anshan.people.rules import Role

FILE = File("0" * 64, 1, agency="a")
ROLES = [role.value for role in Role]
STATES = ["released", "published", "superseded", "suspended", "withdrawn", "retired"]
CLASSES = ["unconditional", "conditional", "closed", ""]

OPEN = {("published", "unconditional"), ("superseded", "unconditional")}
WORKING = {("publisher", "own"), ("agency_head", "own")} | {
    (role, agency) for role in ("cyberspace", "bureau") for agency in ("own", "other", "none")
}


@pytest.mark.parametrize(("state", "now"), product(STATES, CLASSES))
@pytest.mark.parametrize("actor", [VISITOR, *(Actor(frozenset({role}), frozenset({"a"})) for role in ROLES)])
def test_released_files_are_for_everyone_or_for_nobody(state, now, actor):
    assert isinstance(decide(actor, Release(state, now), FILE), Granted) == ((state, now) in OPEN)


@pytest.mark.parametrize(("role", "agency"), product([*ROLES, "none"], ["own", "other", "none"]))
def test_working_files_are_for_their_agency_and_the_two_offices(role, agency):
    agencies = {"own": {"a"}, "other": {"b"}, "none": set()}[agency]
    actor = Actor(frozenset({role}), frozenset(agencies))
    assert isinstance(decide(actor, None, FILE), Granted) == ((role, agency) in WORKING)


def test_a_sysadmin_reads_no_working_file():
    assert decide(Actor(frozenset({"sysadmin"})), None, FILE) == Refusal("no_such_file")


def test_a_conditional_dataset_answers_alike_whether_the_file_exists():
    release = Release("published", "conditional")
    assert decide(VISITOR, release, FILE) == decide(VISITOR, release, None) == Refusal("conditional")


@given(st.sets(st.sampled_from(ROLES)), st.text(max_size=3), st.text(), st.text(), st.booleans())
def test_whatever_is_not_named_is_refused(roles, agency, state, now, is_there):
    actor = Actor(frozenset(roles), frozenset({agency}))
    if (state, now) not in OPEN:
        assert isinstance(decide(actor, Release(state, now), FILE if is_there else None), Refusal)


def test_every_refusal_has_words_and_a_status():
    assert set(messages.WORDS) == set(messages.STATUS) >= {"no_such_file", "conditional", "damaged"}
