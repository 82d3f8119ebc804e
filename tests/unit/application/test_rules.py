"""The table of applications, without CKAN: who may what, and that nothing is granted without an agreement of both."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.access.rules import Filter, Kind, Method, Scope
from ckanext.anshan.application.rules import (
    CHECKS,
    FINAL,
    NEEDS_STATEMENT,
    NOBODY,
    PROVIDER_PARTY,
    ROLES_OF,
    TABLE,
    Answer,
    Case,
    Clock,
    Command,
    Ground,
    Opinion,
    Person,
    Refusal,
    Role,
    Signature,
    State,
    Step,
    accepted_by_all,
    decide,
    evolve,
    in_force,
    remarks,
)

REVIEWED = Path(__file__).with_name("allowed.txt").read_text("utf-8").splitlines()
APPLICANT, PARTNER = "organization:a", "person:b"
CASE = Case(State.SUBMITTED, parties=(APPLICANT,), hash="h", agreement="g")
GIVEN = {
    **dict.fromkeys(("reason", "article", "ground", "explanation", "redress", "question", "answer", "text"), "law"),
    "declaration": "x",
    "handler": "colleague",
    "opinion": "agree",
    "hash": "h",
    "confirmed": "password",
}
OF_AGREEMENT = (Command.ACCEPT, Command.COUNTERSIGN)


def person(*roles: Role, id: str = "somebody", parties: tuple[str, ...] = ()) -> Person:
    return Person(id, frozenset(roles), frozenset(parties))


def code(found: Step | Refusal | None) -> str:
    """Of a refusal; empty where there is none."""
    return found.code if isinstance(found, Refusal) else ""


def ready(state: State, command: Command) -> Case:
    """A case in which nothing stands against the command but who asks."""
    accepted = (Signature(APPLICANT, "u", "g"),) if command is Command.COUNTERSIGN else ()
    partner = (APPLICANT, PARTNER) if command is Command.JOIN else (APPLICANT,)
    return replace(CASE, state=state, signatures=accepted, needs_opinion=command is Command.OPINE, parties=partner)


def asker(role: Role) -> Person:
    parties = {Role.APPLICANT: (APPLICANT,), Role.PARTNER: (APPLICANT, PARTNER)}.get(role, ())
    return person(role, parties=parties)


def told(command: Command) -> dict[str, str]:
    return {**GIVEN, "hash": "g" if command in OF_AGREEMENT else "h"}


def outcome(state: State, command: Command, role: Role) -> str:
    """Where it leads; empty where it isn't allowed."""
    case, who, given = ready(state, command), asker(role), told(command)
    step = decide(case, command, who, given)
    return evolve(case, command, who, step, given).state.value if isinstance(step, Step) else ""


def test_allowed_is_exactly_the_reviewed_list():
    found = [
        f"{state.value} · {command.value} · {role.value} → {to}"
        for state, command, role in product(State, Command, Role)
        if (to := outcome(state, command, role))
    ]
    assert sorted(found) == REVIEWED


def test_every_state_but_the_final_ones_has_a_way_out():
    leads = {state for (state, _), step in TABLE.items() if step.to is not state or step.complete}
    assert leads == set(State) - FINAL


def test_every_command_is_used_and_every_check_belongs_to_one():
    assert {command for _, command in TABLE} == set(Command)
    assert set(CHECKS) <= set(Command)


@pytest.mark.parametrize("command", [Command.REFUSE, Command.SUSPEND, Command.REVOKE, Command.RECUSE, Command.EXTEND])
def test_nothing_is_refused_suspended_or_revoked_without_a_reason(command):
    needs = {step.needs for (_, asked), step in TABLE.items() if asked is command}
    assert all("reason" in one or "explanation" in one for one in needs)


def test_revocation_comes_only_after_suspension():
    assert [state for state, command in TABLE if command is Command.REVOKE] == [State.SUSPENDED]


def test_a_stranger_is_told_that_there_is_no_application():
    for state, command in product(State, Command):
        assert code(decide(replace(CASE, state=state), command, NOBODY, GIVEN)) == "unknown"


def test_who_may_not_is_asked_before_when():
    for state, command in product(State, Command):
        for role in set(Role) - ROLES_OF[command]:
            assert code(decide(replace(CASE, state=state), command, person(role), GIVEN)) == "not_yours"


JUDGING = (Command.APPROVE, Command.REFUSE, Command.ASK, Command.EXTEND, Command.TAKE)


@pytest.mark.parametrize("command", JUDGING)
def test_nobody_judges_what_they_apply_for(command):
    both = person(Role.APPLICANT, Role.HEAD, parties=(APPLICANT,))
    assert code(decide(CASE, command, both, told(command))) == "own_application"


@pytest.mark.parametrize("command", JUDGING)
def test_who_stepped_back_judges_no_more(command):
    case = evolve(CASE, Command.RECUSE, person(Role.HANDLER), TABLE[State.SUBMITTED, Command.RECUSE], GIVEN)
    assert code(decide(case, command, person(Role.HANDLER), told(command))) == "recused"
    assert code(decide(case, command, person(Role.HANDLER, id="another"), told(command))) == ""


def test_it_isnt_given_to_somebody_who_stepped_back():
    case = replace(CASE, recused=frozenset({"colleague"}))
    assert code(decide(case, Command.ASSIGN, person(Role.HEAD), GIVEN)) == "handler_recused"


def test_an_answer_is_put_off_once():
    step = decide(CASE, Command.EXTEND, person(Role.HANDLER), GIVEN)
    assert isinstance(step, Step)
    after = evolve(CASE, Command.EXTEND, person(Role.HANDLER), step, GIVEN)
    assert code(decide(after, Command.EXTEND, person(Role.HANDLER), GIVEN)) == "extended_already"


def test_the_clock_stops_only_while_the_applicant_owes_something():
    stops = {(state, step.to) for (state, _), step in TABLE.items() if step.clock is Clock.STOPS}
    assert stops == {(State.SUBMITTED, State.SUPPLEMENT)}
    assert TABLE[State.SUPPLEMENT, Command.ANSWER].clock is Clock.RESUMES


# what must be there


def test_nothing_is_sent_that_is_incomplete_ineligible_or_not_offered():
    who, draft = asker(Role.APPLICANT), replace(CASE, state=State.DRAFT)
    assert code(decide(replace(draft, problems=("purpose.missing",)), Command.SUBMIT, who, {})) == "incomplete"
    assert code(decide(replace(draft, ineligible=(APPLICANT,)), Command.SUBMIT, who, {})) == "not_eligible"
    assert code(decide(replace(draft, is_offered=False), Command.SUBMIT, who, {})) == "not_offered"


def test_nothing_is_sent_before_every_co_applicant_agreed():
    draft = replace(CASE, state=State.DRAFT, parties=(APPLICANT, PARTNER))
    assert code(decide(draft, Command.SUBMIT, asker(Role.APPLICANT), {})) == "not_joined"
    joined = evolve(draft, Command.JOIN, person(Role.PARTNER, parties=(PARTNER,)), TABLE[State.DRAFT, Command.JOIN], {})
    assert code(decide(joined, Command.SUBMIT, asker(Role.APPLICANT), {})) == ""


def test_the_opinion_that_the_entry_wants_is_a_signature_not_advice():
    case, judge = replace(CASE, needs_opinion=True), person(Role.HEAD)
    assert code(decide(case, Command.APPROVE, judge, GIVEN)) == "opinion_missing"
    against = replace(case, opinions=(Opinion("c", False, "h"),))
    assert code(decide(against, Command.APPROVE, judge, GIVEN)) == "opinion_against"
    agreed = replace(case, opinions=(Opinion("c", True, "h"),))
    assert code(decide(agreed, Command.APPROVE, judge, GIVEN)) == ""


def test_an_opinion_on_an_earlier_text_counts_no_more():
    agreed = replace(CASE, needs_opinion=True, opinions=(Opinion("c", True, "h"),), hash="h2")
    assert code(decide(agreed, Command.APPROVE, person(Role.HEAD), {**GIVEN, "hash": "h2"})) == "opinion_missing"


def test_what_was_read_is_what_is_approved():
    assert code(decide(CASE, Command.APPROVE, person(Role.HEAD), {**GIVEN, "hash": "older"})) == "another_text"


def test_no_more_than_was_asked_is_approved():
    given = {**GIVEN, "beyond": ["columns"]}
    assert code(decide(CASE, Command.APPROVE, person(Role.HEAD), given)) == "beyond_asked"
    assert code(decide(CASE, Command.APPROVE, person(Role.HEAD), {**GIVEN, "is_empty": True})) == "nothing_granted"


# the agreement


def test_every_applicant_accepts_and_then_the_provider_signs():
    case = replace(CASE, state=State.APPROVED, parties=(APPLICANT, PARTNER))
    given = told(Command.ACCEPT)
    first = person(Role.APPLICANT, id="one", parties=(APPLICANT,))
    after = evolve(case, Command.ACCEPT, first, TABLE[State.APPROVED, Command.ACCEPT], given)
    assert after.state is State.APPROVED
    assert code(decide(after, Command.ACCEPT, first, given)) == "accepted_already"
    second = person(Role.PARTNER, id="two", parties=(PARTNER,))
    after = evolve(after, Command.ACCEPT, second, TABLE[State.APPROVED, Command.ACCEPT], given)
    assert (after.state, in_force(after)) == (State.SIGNED, False)
    head = person(Role.HEAD, id="head")
    after = evolve(after, Command.COUNTERSIGN, head, TABLE[State.SIGNED, Command.COUNTERSIGN], given)
    assert (after.state, in_force(after)) == (State.ACTIVE, True)


def test_two_sides_are_two_persons():
    case = replace(CASE, state=State.SIGNED, signatures=(Signature(APPLICANT, "head", "g"),))
    assert code(decide(case, Command.COUNTERSIGN, person(Role.HEAD, id="head"), told(Command.COUNTERSIGN))) == (
        "signs_twice"
    )


def test_nothing_is_signed_without_showing_again_who_signs():
    case = replace(CASE, state=State.APPROVED)
    given = {"hash": "g", "confirmed": ""}
    assert code(decide(case, Command.ACCEPT, asker(Role.APPLICANT), given)) == "not_confirmed"


@given(
    st.lists(
        st.tuples(st.sampled_from([APPLICANT, PARTNER, PROVIDER_PARTY]), st.sampled_from("uvw"), st.sampled_from("gx"))
    )
)
def test_an_agreement_is_in_force_only_when_all_signed_this_one(signed):
    case = replace(CASE, parties=(APPLICANT, PARTNER), signatures=tuple(Signature(*one) for one in signed))
    of_this = {party: who for party, who, hash in signed if hash == "g"}
    if in_force(case):
        assert set(of_this) == {APPLICANT, PARTNER, PROVIDER_PARTY}
        assert of_this[PROVIDER_PARTY] not in {of_this[APPLICANT], of_this[PARTNER]}
        assert accepted_by_all(case)


def test_only_unconditional_sharing_needs_no_agreement():
    bare = replace(CASE, agreement="", signatures=(), is_unconditional=True)
    assert in_force(replace(bare, kind=Kind.SHARING))
    assert not in_force(replace(bare, kind=Kind.OPENING))


# scopes

names = st.frozensets(st.sampled_from("abc"))
filters = st.lists(st.builds(Filter, st.sampled_from("xy"), st.lists(st.sampled_from("12")).map(tuple)), max_size=2)
scopes = st.builds(
    Scope, names, names, filters.map(tuple), names, st.frozensets(st.sampled_from(list(Method))), st.booleans()
)
ROWS = [{"x": x, "y": y} for x in "123" for y in "123"]


def reached(scope: Scope) -> set[tuple[str, str, str, str]]:
    """Every cell that a scope reaches, said in another way than the rules say it."""
    rows = [row for row in ROWS if all(row[one.column] in one.values for one in scope.rows)]
    cells = {
        (file, column, f"{row}", how.value)
        for file in scope.files
        for column in scope.columns
        for row in rows
        for how in scope.methods
    }
    return cells | {(file, "", "", how.value) for file in scope.whole for how in scope.methods}


@given(scopes, scopes)
def test_what_is_not_beyond_what_was_asked_reaches_no_cell_more(granted, asked):
    if not granted.beyond(asked):
        assert reached(granted) <= reached(asked)
        assert granted.aggregates <= asked.aggregates


@given(scopes)
def test_what_was_asked_is_not_beyond_itself(scope):
    assert scope.beyond(scope) == ()


# equally

REFUSED = Answer("SQ-2", "company", "product", frozenset({"d/a"}), is_refused=True, ground="law")
GRANTED = Answer("SQ-1", "company", "product", frozenset({"d/a", "d/b"}), is_refused=False)


def test_an_answer_unlike_an_earlier_one_to_the_same_case_is_pointed_out():
    assert [one.code for one in remarks(REFUSED, (), [GRANTED])] == ["unlike_earlier"]
    assert [one.code for one in remarks(GRANTED, (), [REFUSED])] == ["unlike_earlier"]
    assert remarks(REFUSED, (), [REFUSED]) == []


@pytest.mark.parametrize("other", [{"applicant_kind": "university"}, {"purpose_kind": "news"}])
def test_another_kind_of_applicant_or_purpose_is_another_case(other):
    assert remarks(replace(REFUSED, **other), (), [GRANTED]) == []


def test_more_columns_than_were_granted_are_another_case():
    assert remarks(replace(REFUSED, columns=frozenset({"d/a", "d/c"})), (), [GRANTED]) == []


@pytest.mark.parametrize("ground", list(Ground))
def test_a_ground_that_nothing_states_is_pointed_out(ground):
    asked = replace(REFUSED, ground=ground.value)
    found = [one.code for one in remarks(asked, (), [])]
    assert found == (["ground_not_stated"] if ground in NEEDS_STATEMENT else [])
    assert remarks(asked, set(NEEDS_STATEMENT.values()), []) == []


def test_what_is_pointed_out_needs_a_reason_of_its_own():
    given = {**GIVEN, "remarks": ["unlike_earlier", "ground_not_stated"]}
    judge = person(Role.HEAD)
    assert code(decide(CASE, Command.REFUSE, judge, given)) == "unlike_others"
    one = {**given, "seen": {"unlike_earlier": "x", "ground_not_stated": " "}}
    assert code(decide(CASE, Command.REFUSE, judge, one)) == "unlike_others"
    both = {**given, "seen": {"unlike_earlier": "x", "ground_not_stated": "y"}}
    assert code(decide(CASE, Command.REFUSE, judge, both)) == ""


def test_for_an_agency_its_head_accepts():
    agency = "agency:x"
    case = replace(CASE, state=State.APPROVED, kind=Kind.SHARING, parties=(agency,))
    given = {"hash": "g", "confirmed": "password"}
    publisher = person(Role.APPLICANT, parties=(agency,))
    assert code(decide(case, Command.ACCEPT, publisher, given)) == "head_accepts"
    head = replace(publisher, heads=frozenset({agency}))
    step = decide(case, Command.ACCEPT, head, given)
    assert isinstance(step, Step)
    assert evolve(case, Command.ACCEPT, head, step, given).signatures == (Signature(agency, "somebody", "g"),)
