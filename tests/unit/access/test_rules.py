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

PUBLIC = {
    ("published", "unconditional", "unconditional", False),
    ("superseded", "unconditional", "unconditional", False),
    ("published", "unconditional", "unconditional", True),
    ("superseded", "unconditional", "unconditional", True),
    # its class is another one now, and the reviewers left the earlier versions open
    ("superseded", "unconditional", "conditional", True),
    ("superseded", "unconditional", "closed", True),
    ("superseded", "unconditional", "", True),
}
WORKING = {("publisher", "own"), ("agency_head", "own")} | {
    (role, agency) for role in ("cyberspace", "bureau") for agency in ("own", "other", "none")
}


def asked(
    state: str, own: str, now: str, keeps: bool = False, current: str = "published", off: bool = False
) -> Release:
    return Release(state, own, current, now, keeps, off)


@pytest.mark.parametrize(
    ("state", "own", "now", "keeps"), product(STATES, CLASSES, CLASSES, [False, True]), ids=lambda one: str(one) or "-"
)
@pytest.mark.parametrize("actor", [VISITOR, *(Actor(frozenset({role}), frozenset({"a"})) for role in ROLES)])
def test_released_files_are_for_everyone_or_for_nobody(state, own, now, keeps, actor):
    found = decide(actor, asked(state, own, now, keeps), FILE)
    assert isinstance(found, Granted) == ((state, own, now, keeps) in PUBLIC)


@pytest.mark.parametrize(("state", "own", "now", "keeps"), sorted(PUBLIC))
def test_what_is_suspended_withdrawn_or_lapsed_is_for_nobody_and_says_so(state, own, now, keeps):
    for release, code in (
        (asked(state, own, now, keeps, off=True), "suspended"),
        (asked(state, own, now, keeps, current="retired"), "retired"),
        (asked(state, own, now, keeps, current="lapsed"), "lapsed"),
        (asked("lapsed", own, now, keeps), "lapsed"),
    ):
        assert decide(VISITOR, release, FILE) == decide(VISITOR, release, None) == Refusal(code)


@pytest.mark.parametrize("own", CLASSES)
@pytest.mark.parametrize("now", ["closed", ""])
def test_of_what_is_closed_nobody_learns_that_it_is_there(own, now):
    for state, current in product(STATES, STATES):
        for off, file in product([False, True], [FILE, None]):
            assert decide(VISITOR, asked(state, own, now, False, current, off), file) == Refusal("no_such_file")


def test_a_suspended_file_of_a_conditional_dataset_is_not_told_by_its_name():
    release = asked("published", "conditional", "conditional", off=True)
    assert decide(VISITOR, release, FILE) == Refusal("conditional")
    taken_off = asked("suspended", "conditional", "conditional", current="suspended", off=True)
    assert decide(VISITOR, taken_off, FILE) == decide(VISITOR, taken_off, None) == Refusal("suspended")


@pytest.mark.parametrize(("role", "agency"), product([*ROLES, "none"], ["own", "other", "none"]))
def test_working_files_are_for_their_agency_and_the_two_offices(role, agency):
    agencies = {"own": {"a"}, "other": {"b"}, "none": set()}[agency]
    actor = Actor(frozenset({role}), frozenset(agencies))
    assert isinstance(decide(actor, None, FILE), Granted) == ((role, agency) in WORKING)


def test_a_sysadmin_reads_no_working_file():
    assert decide(Actor(frozenset({"sysadmin"})), None, FILE) == Refusal("no_such_file")


def test_a_conditional_dataset_answers_alike_whether_the_file_exists():
    release = asked("published", "conditional", "conditional")
    assert decide(VISITOR, release, FILE) == decide(VISITOR, release, None) == Refusal("conditional")


@given(
    st.sets(st.sampled_from(ROLES)), st.text(max_size=3), st.text(), st.text(), st.text(), st.booleans(), st.booleans()
)
def test_whatever_is_not_named_is_refused(roles, agency, state, own, now, keeps, is_there):
    actor = Actor(frozenset(roles), frozenset({agency}))
    if (state, own, now, keeps) not in PUBLIC:
        assert isinstance(decide(actor, asked(state, own, now, keeps), FILE if is_there else None), Refusal)


def test_every_refusal_has_words_and_a_status():
    assert (
        set(messages.WORDS)
        == set(messages.STATUS)
        >= {"no_such_file", "conditional", "damaged", "suspended", "retired"}
    )
