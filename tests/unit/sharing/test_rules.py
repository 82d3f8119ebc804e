"""The table of feedback and of data to be returned, without CKAN: who may what, and what must be given."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from ckanext.anshan.sharing.rules import (
    FINAL,
    FIRST_TURN,
    LATEST,
    ROLES_OF,
    TABLE,
    Case,
    FeedbackCommand,
    FeedbackState,
    Person,
    Refusal,
    ReturnCommand,
    ReturnState,
    Role,
    Step,
    Used,
    against_report,
    decide,
)

REVIEWED = Path(__file__).with_name("allowed.txt").read_text("utf-8").splitlines()
TODAY = date(2026, 11, 30)
STATES = (*FeedbackState, *ReturnState)
COMMANDS = (*FeedbackCommand, *ReturnCommand)
GIVEN = {
    **dict.fromkeys(("reply", "reason", "article", "how", "application", "into"), "law"),
    **dict.fromkeys(("correct_by", "until"), TODAY),
    "version": 2,
    "provider": "p",
    "agency": "a",
    "known": True,
    "other": ReturnState.CONFIRMED,
    "shared": True,
}


def case(state, **more):
    return Case(state, TODAY, **{"version": 1, "published": 2, **more})


def who(*roles):
    return Person("somebody", frozenset(roles))


def code(found):
    return found.code if isinstance(found, Refusal) else ""


def of(enum):
    return "feedback" if isinstance(enum, FeedbackState) else "return"


def test_allowed_is_exactly_the_reviewed_list():
    found = [
        f"{of(state)} {state.value} · {command.value} · {role.value} → {step.to.value}"
        for state, command, role in product(STATES, COMMANDS, Role)
        if isinstance(step := decide(case(state), command, who(role), GIVEN), Step)
    ]
    assert sorted(found) == REVIEWED


def test_every_open_state_has_a_way_out():
    assert {state for state, _ in TABLE} == set(STATES) - FINAL


def test_every_command_is_used():
    assert {command for _, command in TABLE} == set(COMMANDS)


def test_whoever_is_owed_by_can_do_something():
    for state, role in FIRST_TURN.items():
        assert any(row.who is role for (asked, _), row in TABLE.items() if asked is state)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_stranger_learns_nothing(command):
    assert {code(decide(case(state), command, who(), GIVEN)) for state in STATES} == {"unknown"}


@pytest.mark.parametrize("command", [command for command in COMMANDS if Role.USER not in ROLES_OF[command]])
def test_nobody_answers_what_their_own_agency_asked_for(command):
    for state in STATES:
        assert code(decide(case(state), command, who(*Role), GIVEN)) == "own_matter"


@pytest.mark.parametrize(("state", "command"), TABLE)
def test_what_a_command_needs_is_asked_for(state, command):
    step = TABLE[state, command]
    for name in step.needs:
        found = decide(case(state), command, who(step.who), {**GIVEN, name: None})
        assert code(found) == "missing" and isinstance(found, Refusal) and found.facts["names"] == (name,)


@pytest.mark.parametrize("day", [TODAY - timedelta(1), TODAY + LATEST + timedelta(1)])
def test_what_is_promised_is_promised_for_a_day_that_can_be_waited_for(day):
    late = {**GIVEN, "correct_by": day, "until": day}
    provider = who(Role.PROVIDER)
    assert code(decide(case(FeedbackState.OPEN), FeedbackCommand.CONFIRM, provider, late)) == "bad_day"
    assert code(decide(case(ReturnState.CONFIRMED), ReturnCommand.PROMISE, provider, late)) == "bad_day"


@pytest.mark.parametrize(("version", "published"), [(1, 2), (3, 2), (2, 1), (2, 0)])
def test_a_correction_is_a_later_version_that_is_published(version, published):
    now = case(FeedbackState.CONFIRMED, published=published)
    found = decide(now, FeedbackCommand.CORRECT, who(Role.PROVIDER), {**GIVEN, "version": version})
    assert code(found) == "no_later_version"


def test_a_need_is_merged_into_another_open_one():
    for other in (None, *FINAL):
        found = decide(case(ReturnState.STATED), ReturnCommand.MERGE, who(Role.BUREAU), {**GIVEN, "other": other})
        assert code(found) == "no_other"


def test_an_agency_returns_nothing_to_itself():
    bureau = who(Role.BUREAU)
    own = decide(case(ReturnState.STATED), ReturnCommand.CONFIRM, bureau, {**GIVEN, "provider": "a"})
    unknown = decide(case(ReturnState.STATED), ReturnCommand.CONFIRM, bureau, {**GIVEN, "known": False})
    assert (code(own), code(unknown)) == ("own_data", "unknown_provider")


def test_nothing_is_returned_that_nobody_uses():
    found = decide(case(ReturnState.PROMISED), ReturnCommand.RETURN, who(Role.PROVIDER), {**GIVEN, "shared": False})
    assert code(found) == "not_shared"


USED = Used("active", True, {"d": (frozenset({"f.csv"}), frozenset({"c"}))})


@pytest.mark.parametrize(
    ("used", "dataset", "file", "column", "expected"),
    [
        (USED, "d", "f.csv", "c", ""),
        (USED, "d", "", "", ""),
        (Used("suspended", True, USED.datasets), "d", "", "", ""),
        (None, "d", "", "", "unknown"),
        (Used("active", False, USED.datasets), "d", "", "", "unknown"),
        (Used("approved", True, USED.datasets), "d", "", "", "not_in_use"),
        (Used("expired", True, USED.datasets), "d", "", "", "not_in_use"),
        (USED, "other", "", "", "no_such_dataset"),
        (USED, "d", "secret.csv", "", "no_such_file"),
        (USED, "d", "f.csv", "secret", "no_such_column"),
    ],
)
def test_an_error_is_reported_by_who_uses_the_data_about_what_they_use(used, dataset, file, column, expected):
    assert code(against_report(used, dataset, file, column)) == expected
