"""The table of the review, without CKAN: who may what, and that nothing opens without its keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.review.rules import (
    CHECKS,
    FINAL,
    KEY_OF,
    NOBODY,
    OPEN,
    ROLES_OF,
    TABLE,
    Approved,
    Case,
    Command,
    Key,
    Kind,
    Offices,
    Person,
    Refusal,
    Role,
    Signature,
    State,
    Step,
    Way,
    decide,
    findings_of,
    is_complete,
    is_sampled,
    may_be_routine,
    may_be_signed_together,
    opens,
    roles_in,
    scans_hash,
    submission_hash,
    without_keys,
)
from ckanext.anshan.scan.findings import Severity

REVIEWED = Path(__file__).with_name("allowed.txt").read_text("utf-8").splitlines()
NOW = datetime(2026, 11, 30, tzinfo=timezone.utc)
CASE = Case(State.SUBMITTED, hash="h", scan_hash="s", opening_class="unconditional", submitter="editor")
GIVEN = {
    "hash": "h",
    "answers": {"-": "yes"},
    "reason": "x",
    "article": "x",
    "remarks": ["x"],
    "text": "x",
    "days": 1,
    "manifest": "x",
}


def person(*roles, id="somebody", organization=""):
    return Person(id, frozenset(roles), {role: organization or role.value for role in roles})


def signed(*keys, **more):
    return tuple(
        Signature(
            key, more.get("person", key.value), more.get("organization", f"org-{key.value}"), "h", "s", "unconditional"
        )
        for key in keys
    )


def code(found):
    """Of a refusal; empty where there is none."""
    return found.code if isinstance(found, Refusal) else ""


def ready(state, command):
    """A case in which nothing but the role and the state stands against a command."""
    case = replace(CASE, state=state)
    if command is Command.WITHDRAW and state is State.PROVISIONAL:
        return replace(case, way=Way.EMERGENCY)
    if command is Command.CLEAR:
        return replace(case, severity=Severity.BLOCK)
    if command is Command.CHECK:
        return replace(case, is_sampled=True, way=Way.ROUTINE)
    return replace(case, signatures=signed(*Key)) if command is Command.PUBLISH else case


def test_allowed_is_exactly_the_reviewed_list():
    found = [
        f"{state.value} · {command.value} · {role.value} → {step.to.value}"
        + (f" | {step.complete.value}" if step.complete else "")
        for state, command, role in product(State, Command, Role)
        if isinstance(step := decide(ready(state, command), command, person(role), GIVEN), Step)
    ]
    assert sorted(found) == REVIEWED


def test_every_state_command_and_role_is_judged_and_every_refusal_has_a_code():
    for state, command, role in product(State, Command, Role):
        found = decide(ready(state, command), command, person(role), {})
        assert isinstance(found, Step) or code(found), (state, command, role)


def test_every_open_state_has_a_way_out():
    assert {state for state, _ in TABLE} - {State.DRAFT, State.PUBLISHED} == OPEN
    assert set(State) - OPEN - {State.DRAFT, State.PUBLISHED} == FINAL


def test_every_command_is_used():
    assert {command for _, command in TABLE} == set(Command)


def test_a_return_a_rejection_and_clearing_are_never_without_a_reason():
    wanted = {Command.RETURN: "remarks", Command.REJECT: "reason", Command.CLEAR: "reason"}
    for (state, command), step in TABLE.items():
        assert command not in wanted or wanted[command] in step.needs, state
    assert "reason" in TABLE[(State.DRAFT, Command.OPEN_AT_ONCE)].needs


def test_a_rejection_names_the_article():
    assert all("article" in step.needs for (_, command), step in TABLE.items() if command is Command.REJECT)


def test_every_signature_answers_the_checklist():
    signing = (Command.SIGN, Command.CHECK)
    assert all("answers" in step.needs for (_, command), step in TABLE.items() if command in signing)


def test_only_publishing_publishes_and_no_person_is_publishing():
    assert ROLES_OF[Command.PUBLISH] == {Role.PUBLISHING} and ROLES_OF[Command.LAPSE] == {Role.CLOCK}
    assert Role.PUBLISHING not in KEY_OF and Role.CLOCK not in KEY_OF


def test_a_stranger_is_told_that_there_is_nothing():
    for state, command in product(State, Command):
        assert decide(ready(state, command), command, NOBODY, GIVEN) == Refusal("unknown")


def test_who_is_asked_before_when_and_when_before_what_is_missing():
    assert code(decide(CASE, Command.SIGN, person(Role.EDITOR), {})) == "not_yours"
    assert code(decide(CASE, Command.SIGN, person(Role.BUREAU), {})) == "not_now"
    assert code(decide(CASE, Command.SIGN, person(Role.HEAD), {"hash": "h"})) == "missing"


# signing


def sign(case, who, **more):
    found = decide(case, Command.SIGN, who, {**GIVEN, **more})
    return found.code if isinstance(found, Refusal) else "signs"


def test_nobody_signs_what_they_submitted():
    assert sign(CASE, person(Role.HEAD, id="editor")) == "own_submission"


def test_nobody_signs_twice_and_no_organization_does():
    case = replace(CASE, state=State.IN_REVIEW, signatures=signed(Key.AGENCY))
    assert sign(case, person(Role.BUREAU, id="agency")) == "signs_twice"
    assert sign(case, person(Role.BUREAU, organization="org-agency")) == "same_organization"
    done = replace(case, signatures=signed(Key.AGENCY, Key.BUREAU))
    assert sign(done, person(Role.BUREAU)) == "signed_already"


def test_somebody_of_both_offices_turns_one_key():
    both = person(Role.CYBERSPACE, Role.BUREAU, id="both")
    case = replace(CASE, state=State.IN_REVIEW)
    assert sign(case, both) == "signs"
    assert sign(replace(case, signatures=signed(Key.CYBERSPACE, person="both")), both) != "signs"


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"scan_hash": ""}, "scan_running"),
        ({"severity": Severity.BLOCK}, "blocked"),
        ({"is_suspended": True}, "suspended"),
    ],
)
def test_what_stands_against_a_signature(changed, code):
    assert sign(replace(CASE, **changed), person(Role.HEAD)) == code


def test_a_signature_is_of_what_was_looked_at_and_says_why_something_found_may_be_opened():
    assert sign(CASE, person(Role.HEAD), hash="other") == "another_hash"
    for case in (
        replace(CASE, severity=Severity.REASON),
        replace(CASE, severity=Severity.BLOCK, is_cleared=True),
    ):
        assert sign(case, person(Role.HEAD), reason=" ") == "reason_wanted"
        assert sign(case, person(Role.HEAD)) == "signs"
    assert sign(replace(CASE, severity=Severity.INFORM), person(Role.HEAD), reason="") == "signs"


def test_an_unanswered_item_stands_against_a_signature():
    assert sign(CASE, person(Role.HEAD), unanswered=["one"]) == "unanswered"


def test_only_what_blocks_is_signed_over_once():
    cases = (
        ({}, "nothing_blocks"),
        ({"severity": Severity.BLOCK, "is_cleared": True}, "cleared_already"),
    )
    for changed, wanted in cases:
        assert code(decide(replace(CASE, **changed), Command.CLEAR, person(Role.CYBERSPACE), GIVEN)) == wanted


def test_only_what_is_clean_is_signed_with_others():
    assert may_be_signed_together(CASE) is None
    for changed in ({"severity": Severity.INFORM}, {"scan_hash": ""}, {"way": Way.EMERGENCY}):
        assert may_be_signed_together(replace(CASE, **changed)) == Refusal("not_clean")


def test_a_list_is_not_returned():
    case = replace(CASE, state=State.IN_REVIEW, kind=Kind.LIST)
    assert code(decide(case, Command.RETURN, person(Role.BUREAU), GIVEN)) == "list_is_rejected"


def test_the_bureau_withdraws_only_what_it_began():
    case = replace(CASE, state=State.IN_REVIEW)
    assert decide(case, Command.WITHDRAW, person(Role.BUREAU), GIVEN) == Refusal("not_yours")
    for began in ({"kind": Kind.LIST}, {"way": Way.EMERGENCY}):
        assert isinstance(decide(replace(case, **began), Command.WITHDRAW, person(Role.BUREAU), GIVEN), Step)


# what opens


def test_three_keys_of_the_same_hash_open_and_nothing_less_does():
    assert opens(replace(CASE, signatures=signed(*Key))) is None
    for missing in Key:
        keys = [key for key in Key if key is not missing]
        found = opens(replace(CASE, signatures=signed(*keys)))
        assert found == Refusal("keys_missing", {"keys": (missing.value,)})


@pytest.mark.parametrize("name", ["hash", "scan_hash", "opening_class"])
def test_a_signature_of_something_else_opens_nothing(name):
    agency, *others = signed(*Key)
    case = replace(CASE, signatures=(replace(agency, **{name: "other"}), *others))
    assert opens(case) == Refusal("keys_missing", {"keys": ("agency",)})


def test_three_keys_of_two_persons_or_two_organizations_open_nothing():
    agency, cyberspace, bureau = signed(*Key)
    for name in ("person", "organization"):
        same = replace(bureau, **{name: getattr(cyberspace, name)})
        assert code(opens(replace(CASE, signatures=(agency, cyberspace, same)))) == "same_person"
    mine = replace(agency, person="editor")
    assert code(opens(replace(CASE, signatures=(mine, cyberspace, bureau)))) == "own_submission"


def test_an_emergency_is_open_with_the_bureaus_key_until_its_time_is_over():
    case = replace(CASE, way=Way.EMERGENCY, signatures=signed(Key.BUREAU))
    later = NOW + timedelta(days=1)
    assert opens(case, NOW, later) is None
    assert code(opens(case, later, later)) == code(opens(case)) == "keys_missing"
    assert code(opens(replace(case, signatures=signed(Key.AGENCY)), NOW, later)) == "keys_missing"
    assert opens(replace(case, signatures=signed(*Key)), later, later) is None


def test_a_routine_update_opens_only_under_a_policy():
    case = replace(CASE, way=Way.ROUTINE, signatures=signed(Key.AGENCY))
    assert code(opens(case)) == "keys_missing"
    assert opens(replace(case, has_policy=True)) is None
    assert code(opens(replace(case, has_policy=True, signatures=()))) == "keys_missing"


def test_what_is_suspended_opens_with_no_keys():
    assert code(opens(replace(CASE, is_suspended=True, signatures=signed(*Key)))) == "suspended"


def test_a_list_wants_the_two_offices():
    case = replace(CASE, kind=Kind.LIST)
    assert opens(replace(case, signatures=signed(Key.CYBERSPACE, Key.BUREAU))) is None
    assert is_complete(replace(case, signatures=signed(Key.CYBERSPACE, Key.BUREAU)))
    assert not is_complete(replace(case, signatures=signed(Key.BUREAU)))


# routine updates

BASE = Approved("unconditional", "general_1", "items", "all", frozenset({("inform", "join", "a")}), allows_routine=True)


def test_the_same_with_other_rows_is_routine():
    assert may_be_routine(BASE, BASE) is None
    assert may_be_routine(replace(BASE, findings=frozenset()), BASE) is None


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"opening_class": "conditional"}, "other_opening_class"),
        ({"level": "general_2"}, "other_level"),
        ({"items": "others"}, "other_items"),
        ({"conditions": "companies"}, "other_conditions"),
        ({"findings": frozenset({("block", "mobile", "b")})}, "scan_is_worse"),
        ({"allows_routine": False}, "no_policy"),
    ],
)
def test_anything_else_goes_the_full_way(changed, code):
    assert may_be_routine(replace(BASE, **changed), BASE) == Refusal(code)


def test_nothing_is_routine_without_a_policy_that_three_keys_signed():
    assert may_be_routine(BASE, None) == Refusal("never_reviewed")
    assert may_be_routine(BASE, replace(BASE, allows_routine=False)) == Refusal("no_policy")


@given(st.integers(min_value=0), st.integers(0, 100))
def test_sampling_grows_with_the_share(number, percent):
    hash = f"{number:064x}"[-64:]
    assert not is_sampled(hash, 0) and is_sampled(hash, 100)
    assert is_sampled(hash, percent) <= is_sampled(hash, min(percent + 1, 100))


# who is who

OFFICES = Offices("cyber", "bureau", "deputy", agency_name="school")


def test_roles_come_from_memberships():
    members = [("s", "school", "admin"), ("c", "cyber", "member"), ("x", "other", "admin")]
    assert roles_in(members, "s", OFFICES) == {Role.HEAD: "s", Role.CYBERSPACE: "c"}
    assert roles_in([("s", "school", "editor")], "s", OFFICES) == {Role.EDITOR: "s"}
    assert roles_in([("s", "school", "member"), ("x", "other", "admin")], "s", OFFICES) == {}


def test_an_office_does_not_review_its_own_data_but_its_deputy_does():
    offices = replace(OFFICES, agency_name="bureau")
    assert roles_in([("b", "bureau", "member")], "b", offices) == {}
    assert roles_in([("b", "bureau", "admin")], "b", offices) == {Role.HEAD: "b"}
    assert roles_in([("d", "deputy", "member")], "b", offices) == {Role.BUREAU: "d"}
    assert roles_in([("d", "deputy", "member")], "b", replace(offices, deputy="")) == {}
    assert roles_in([("d", "deputy", "member")], "s", OFFICES) == {}


def test_a_sysadmin_turns_no_key_whatever_they_are_a_member_of():
    given = {Role.HEAD: "s", Role.CYBERSPACE: "c", Role.BUREAU: "b"}
    assert without_keys(given) == {Role.EDITOR: "s"} and without_keys({Role.BUREAU: "b"}) == {}


# hashes


def test_the_hash_does_not_depend_on_the_order_of_keys_or_scans():
    assert submission_hash({"a": 1, "b": 2}) == submission_hash({"b": 2, "a": 1}) != submission_hash({"a": 1})
    one, two = ({"sha256": name, "scanner": "1", "report": {}} for name in "ab")
    assert scans_hash([one, two]) == scans_hash([two, one]) != scans_hash([one])


def test_a_finding_is_what_it_is_where_it_is():
    found = {"severity": "block", "kind": "mobile", "part": "a.csv", "column": "电话", "count": 3}
    assert findings_of([{"report": {"findings": [found]}}]) == {("block", "mobile", "a.csv/电话")}


def test_every_check_is_of_a_command():
    assert set(CHECKS) <= set(Command)
