"""Who may what with scans, against a list that a person can read; and what becomes of a scan that ends."""

from __future__ import annotations

from itertools import chain, combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.inspection import rules
from ckanext.anshan.inspection.rules import (
    Command,
    Ended,
    Refusal,
    Signature,
    State,
    Step,
    decide,
    ended,
    may_sign_over,
)
from ckanext.anshan.people.rules import Role
from ckanext.anshan.scan.findings import Severity

REVIEWED = Path(__file__).with_name("allowed.txt").read_text("utf-8").splitlines()
ASKED = {"asked": [{"part": "", "column": "a", "remedy": "drop"}]}
SIGNS = [*Severity, None]


def every_set_of_roles():
    return chain.from_iterable(combinations(Role, number) for number in range(len(Role) + 1))


def test_allowed_is_exactly_the_reviewed_list():
    acts = [
        f"{command.value} · {state.value} · {role.value}"
        for command, state, role in product(Command, State, Role)
        if isinstance(decide(command, {role}, state, ASKED), Step)
    ]
    signs = [
        f"sign over {severity.value if severity else 'nothing'} · {reason or 'no reason'} · {role.value}"
        for severity, reason, role in product(SIGNS, ("", "a reason"), Role)
        if isinstance(may_sign_over(severity, {role}, reason), Signature)
    ]
    assert sorted([*acts, *signs]) == REVIEWED


def test_every_command_is_decided():
    assert set(rules.TABLE) == set(Command)
    assert set(rules.OVER) == set(Severity)


@pytest.mark.parametrize("command", Command)
def test_being_sysadmin_adds_nothing(command):
    for roles, state in product(every_set_of_roles(), State):
        without = decide(command, set(roles) - {Role.SYSADMIN}, state)
        assert decide(command, {*roles, Role.SYSADMIN}, state) == without


@pytest.mark.parametrize("severity", SIGNS)
def test_a_sysadmin_signs_over_nothing(severity):
    assert may_sign_over(severity, {Role.SYSADMIN}, "a reason") == Refusal("no_reviewer")


@pytest.mark.parametrize("roles", list(every_set_of_roles()))
def test_what_blocks_is_signed_over_by_the_cyberspace_office_with_a_reason_alone(roles):
    signed = may_sign_over(Severity.BLOCK, set(roles), "a reason")
    assert isinstance(signed, Signature) == (Role.CYBERSPACE in roles)
    assert not isinstance(may_sign_over(Severity.BLOCK, set(roles), "  "), Signature)


@pytest.mark.parametrize(("command", "state"), product(Command, State))
def test_a_stranger_learns_nothing_of_a_state(command, state):
    for role in (Role.APPLICANT, Role.SYSADMIN):
        assert decide(command, {role}, state) == Refusal("unknown")


def test_an_office_that_may_not_is_told_so():
    assert decide(Command.REMEDY, {Role.CYBERSPACE}, State.DONE) == Refusal("not_yours")


def test_a_remedy_needs_a_choice_and_an_ended_scan():
    assert decide(Command.REMEDY, {Role.PUBLISHER}, State.DONE, {}) == Refusal("missing", {"names": ("asked",)})
    assert decide(Command.REMEDY, {Role.PUBLISHER}, State.RUNNING, ASKED) == Refusal("not_now", {"state": "running"})


@pytest.mark.parametrize(
    ("capacity", "roles", "found"),
    [
        ("editor", set(), {Role.PUBLISHER}),
        ("admin", {Role.SYSADMIN, Role.APPLICANT}, {Role.AGENCY_HEAD}),
        ("member", {Role.PUBLISHER}, set()),  # of another agency
        (None, {Role.AGENCY_HEAD, Role.BUREAU}, {Role.BUREAU}),
    ],
)
def test_a_part_in_another_agency_is_none_in_this_one(capacity, roles, found):
    assert rules.parts(capacity, roles) == found


# how a scan ends

AGAIN = Ended(State.QUEUED)


@pytest.mark.parametrize(
    ("attempts", "more", "becomes"),
    [
        (1, {}, AGAIN),  # its worker was killed
        (2, {}, AGAIN),
        (3, {}, Ended(State.FAILED, "interrupted")),
        (1, {"exit_code": -9}, AGAIN),
        (3, {"exit_code": -9}, Ended(State.FAILED, "crashed")),
        (1, {"exit_code": -15}, AGAIN),
        (1, {"exit_code": -11}, Ended(State.FAILED, "crashed")),
        (1, {"exit_code": 1}, Ended(State.FAILED, "crashed")),
        (1, {"exit_code": 0}, Ended(State.FAILED, "crashed")),  # it said nothing
        (1, {"exit_code": -24}, Ended(State.FAILED, "too_long")),
        (1, {"is_late": True}, Ended(State.FAILED, "too_long")),
        (1, {"exit_code": 0, "told": "too_big"}, Ended(State.FAILED, "too_big")),
        (1, {"exit_code": 0, "told": "something new"}, Ended(State.FAILED, "crashed")),
    ],
)
def test_what_becomes_of_a_scan_without_a_report(attempts, more, becomes):
    assert ended(attempts, **more) == becomes


@given(st.integers(rules.ATTEMPTS, 100), st.integers(-64, 255) | st.none(), st.booleans())
def test_no_scan_begins_more_than_three_times(attempts, exit_code, is_late):
    assert ended(attempts, exit_code=exit_code, is_late=is_late).state is State.FAILED


# what is asked to be mended


def finding(column, *remedies, kind="mobile", facts=None):
    return {"part": "", "column": column, "kind": kind, "remedies": list(remedies), "facts": facts or {}}


def asked(column, remedy):
    return {"part": "", "column": column, "remedy": remedy}


def test_only_what_a_finding_offers_is_mended():
    found = [finding("电话", "drop", "mask")]
    wrong = rules.chosen(found, [asked("电话", "round")])
    assert wrong == Refusal("no_such_remedy", {"remedy": "round", "where": "电话"})
    assert isinstance(rules.chosen(found, [asked("姓名", "drop")]), Refusal)


def test_what_is_asked_takes_kind_and_header_row_from_the_finding():
    found = [finding("电话", "drop", facts={"header_row": 2})]
    assert rules.chosen(found, [asked("电话", "drop")]) == [
        {**asked("电话", "drop"), "kind": "mobile", "header_row": 2}
    ]


@pytest.mark.parametrize("order", [("mask", "drop"), ("drop", "mask")])
def test_of_two_remedies_for_a_column_the_one_that_removes_more_is_done(order):
    found = [finding("备注", "drop", "mask"), finding("备注", "mask", kind="person_name")]
    done = rules.chosen(found, [asked("备注", remedy) for remedy in order])
    assert isinstance(done, list)
    assert [one["remedy"] for one in done] == ["drop"]


def test_a_finding_of_several_columns_together_is_mended_in_one_of_them():
    found = [finding("出生日期 + 性别", "month", "drop", kind="k_anonymity")]
    done = rules.chosen(found, [asked("出生日期", "drop")])
    assert done == [{**asked("出生日期", "drop"), "kind": "k_anonymity", "header_row": 0}]
    assert isinstance(rules.chosen(found, [asked("出生日期 + 性别", "month")]), list)
    for wrong in (asked("民族", "drop"), asked("出生日期", "month"), asked("出生日期 + 性别", "drop")):
        assert isinstance(rules.chosen(found, [wrong]), Refusal)


def test_of_alike_groups_the_secret_alone_is_dropped():
    found = [finding("年龄 + 病名", "drop", kind="l_diversity")]
    assert isinstance(rules.chosen(found, [asked("年龄 + 病名", "drop")]), list)
    assert isinstance(rules.chosen(found, [asked("年龄", "drop")]), Refusal)
