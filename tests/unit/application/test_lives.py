"""No sequence of commands by any actors gives access without a live, signed, in-scope grant: the rules of applications
and of grants driven at random, held against a judge who reads none of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ckanext.anshan.access.rules import (
    Allowed,
    Circumstances,
    Grant,
    GrantState,
    Kind,
    Method,
    Scope,
    Use,
    decide_use,
)
from ckanext.anshan.application.rules import (
    PROVIDER_PARTY,
    Case,
    Command,
    Person,
    Role,
    State,
    Step,
    decide,
    evolve,
)

START = date(2026, 11, 30)
COLUMNS = ("name", "area", "phone")
PARTIES = ("organization:a", "person:b")
FOLLOWS = {
    State.ACTIVE: GrantState.ACTIVE,
    State.SUSPENDED: GrantState.SUSPENDED,
    State.REVOKED: GrantState.REVOKED,
    State.EXPIRED: GrantState.ENDED,
    State.CLOSED: GrantState.ENDED,
}
"""As the application brings its grants along."""


@dataclass
class Witness:
    """What really happened, as somebody in the room would tell it."""

    agreed: set[tuple[str, str, str]] = field(default_factory=set)  # party, person, hash of the agreement
    agreement: str = ""
    asked: frozenset[str] = frozenset()
    granted: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    ends: date = START
    is_stopped: bool = False  # suspended, revoked or ended by somebody
    opinion: str = ""  # hash of the text that the cyberspace office agreed to
    approved_text: str = ""


class Lives(RuleBasedStateMachine):
    """One application, the people around it, and what they try to read."""

    @initialize(
        sharing=st.booleans(),
        unconditional=st.booleans(),
        opinion=st.booleans(),
        two=st.booleans(),
        walked=st.integers(0, 5),
    )
    def it_begins(self, sharing, unconditional, opinion, two, walked):
        self.case = Case(
            State.DRAFT,
            Kind.SHARING if sharing else Kind.OPENING,
            parties=PARTIES if two else PARTIES[:1],
            is_unconditional=sharing and unconditional,
            needs_opinion=opinion,
        )
        self.people = {
            "director": (frozenset({Role.APPLICANT}), frozenset(PARTIES[:1])),
            "partner": (frozenset({Role.PARTNER}), frozenset(PARTIES[1:])),
            "both": (frozenset({Role.APPLICANT, Role.PARTNER}), frozenset(PARTIES)),
            "officer": (frozenset({Role.HANDLER}), frozenset()),
            "head": (frozenset({Role.HEAD}), frozenset()),
            "double": (frozenset({Role.APPLICANT, Role.HEAD}), frozenset(PARTIES[:1])),
            "cyber": (frozenset({Role.CYBERSPACE}), frozenset()),
            "bureau": (frozenset({Role.BUREAU}), frozenset()),
            "stranger": (frozenset(), frozenset()),
        }
        self.members = {"director", "both", "double", "partner"}
        self.today, self.text, self.version = START, 0, 0
        self.wished = Scope(frozenset({"t"}), frozenset(COLUMNS[:2]), methods=frozenset({Method.DOWNLOAD}))
        self.witness, self.grant = Witness(), None
        self.offered = frozenset(COLUMNS)
        self.is_taken_off, self.opening_class, self.quota, self.used = False, "conditional", 5, 0
        for _ in range(walked):  # otherwise few lives would come as far as a grant
            self._next_steps(None, 30, stale=False)

    def _person(self, name: str) -> Person:
        roles, parties = self.people[name]
        return Person(
            name, roles if name in self.members or not parties else roles - {Role.APPLICANT, Role.PARTNER}, parties
        )

    # the world goes on

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        self.today += timedelta(days)
        self.used = 0

    @rule()
    def the_sweep_runs(self):
        """It may be missed: nothing but the state of the application hangs on it."""
        if self.grant and self.today > self.grant.ends:
            self._do(Command.EXPIRE, Person("", frozenset({Role.CLOCK})), {})
        self._do(Command.LAPSE, Person("", frozenset({Role.CLOCK})), {})

    @rule(name=st.sampled_from(["director", "both", "double", "partner"]))
    def somebody_leaves_or_comes_back(self, name):
        self.members ^= {name}

    @rule()
    def the_dataset_is_suspended_or_back(self):
        self.is_taken_off = not self.is_taken_off

    @rule(opening_class=st.sampled_from(["conditional", "conditional", "closed"]))
    def the_class_changes(self, opening_class):
        self.opening_class = opening_class

    @rule(gone=st.sampled_from([(), (), ("area",), ("name", "area")]))
    def a_new_version_comes(self, gone):
        self.offered = frozenset(COLUMNS) - set(gone)

    # people do what they like

    @precondition(lambda self: self.case.state in (State.DRAFT, State.SUPPLEMENT))
    @rule(columns=st.frozensets(st.sampled_from(COLUMNS[:2]), min_size=1))
    def the_applicant_types(self, columns):
        self.wished = replace(self.wished, columns=columns)
        self.text += 1

    @rule(
        who=st.sampled_from(
            ["director", "partner", "both", "officer", "head", "double", "cyber", "bureau", "stranger"]
        ),
        command=st.sampled_from(sorted(Command, key=lambda one: one.value)),
        opinion=st.sampled_from(["agree", "object"]),
        stale=st.booleans(),
        confirmed=st.sampled_from(["", "password", "password"]),
        columns=st.frozensets(st.sampled_from(COLUMNS)),
        days=st.integers(-2, 90),
    )
    def somebody_does_something(self, who, command, opinion, stale, confirmed, columns, days):
        granted = replace(self.wished, columns=columns or self.wished.columns)
        of_agreement = command in (Command.ACCEPT, Command.COUNTERSIGN)
        now = self.case.agreement if of_agreement else self.case.hash
        given = dict.fromkeys(("reason", "article", "explanation", "redress", "question", "answer", "text"), "x")
        given |= {"declaration": "x", "ground": "law", "handler": "officer", "opinion": opinion, "confirmed": confirmed}
        given |= {"hash": "stale" if stale else now, "beyond": granted.beyond(self.wished)}
        self._do(command, self._person(who), given, granted, days)

    @rule(
        who=st.sampled_from(["director", "both", "double", "officer", "head", "cyber"]),
        stale=st.sampled_from([False, False, True]),
        days=st.integers(1, 90),
    )
    def somebody_takes_the_next_step(self, who, stale, days):
        """What is usual now, done by whoever it may be."""
        self._next_steps(who, days, stale=stale)

    @precondition(lambda self: self.case.state is not State.ACTIVE)
    @rule(days=st.integers(1, 90))
    def the_usual_way_goes_on(self, days):
        self._next_steps(None, days, stale=False)

    def _next_steps(self, whoever: str | None, days: int, *, stale: bool) -> None:
        usual = {
            State.DRAFT: [("partner", Command.JOIN), ("director", Command.SUBMIT)],
            State.SUBMITTED: [("cyber", Command.OPINE), ("officer", Command.APPROVE)],
            State.SUPPLEMENT: [("director", Command.ANSWER)],
            State.APPROVED: [("director", Command.ACCEPT), ("partner", Command.ACCEPT)],
            State.SIGNED: [("head", Command.COUNTERSIGN)],
            State.ACTIVE: [("head", Command.SUSPEND)] if whoever else [],
        }.get(self.case.state, [("head", Command.RESUME)])
        for who, command in usual[-1:] if whoever else usual:
            of_agreement = command in (Command.ACCEPT, Command.COUNTERSIGN)
            now = self.case.agreement if of_agreement else self.case.hash
            given = {"opinion": "agree", "reason": "x", "article": "x", "answer": "x", "confirmed": "password"}
            granted = replace(self.wished, columns=frozenset(COLUMNS)) if stale else self.wished
            given |= {"hash": "stale" if stale and of_agreement else now, "beyond": granted.beyond(self.wished)}
            self._do(command, self._person(whoever or who), given, granted, days)

    def _do(
        self, command: Command, person: Person, given: dict[str, Any], granted: Scope | None = None, days: int = 30
    ):
        step = decide(self.case, command, person, given)
        if not isinstance(step, Step):
            return
        before, ends = self.case, self.today + timedelta(days)
        if command is Command.APPROVE:
            if ends < self.today:
                return
            self.version += 1
            given = {**given, "agreement": f"agreement {self.version}"}
        self.case = evolve(self.case, command, person, step, given)
        if command in (Command.SUBMIT, Command.ANSWER):
            self.case = replace(self.case, hash=f"text {self.text}")
        self._witnessed(command, person, given, before, granted or self.wished, ends)
        if self.case.state is State.ACTIVE and self.grant is None:
            self._give(before)
        elif self.grant and self.grant.state not in (GrantState.REVOKED, GrantState.ENDED):
            self.grant = replace(self.grant, state=FOLLOWS.get(self.case.state, self.grant.state))

    def _witnessed(self, command, person, given, before, granted, ends):
        seen = self.witness
        if command is Command.OPINE and given["opinion"] == "agree":
            seen.opinion = before.hash
        if command is Command.APPROVE:
            seen.agreement, seen.agreed = given["agreement"], set()
            seen.granted, seen.asked, seen.ends = granted.columns, self.wished.columns, ends
            seen.approved_text = before.hash
        if command is Command.ACCEPT:
            seen.agreed |= {(party, person.id, before.agreement) for party in before.parties if party in person.parties}
        if command is Command.COUNTERSIGN:
            seen.agreed.add((PROVIDER_PARTY, person.id, before.agreement))
        if command is Command.SUBMIT and self.case.state is State.ACTIVE:
            seen.granted, seen.asked, seen.ends = self.wished.columns, self.wished.columns, ends
        if self.case.state in (State.SUSPENDED, State.REVOKED, State.CLOSED, State.EXPIRED):
            seen.is_stopped = True
        if command is Command.RESUME:
            seen.is_stopped = False

    def _give(self, before: Case) -> None:
        free = self.case.kind is Kind.SHARING and self.case.is_unconditional
        signed = {one.party for one in self.case.signatures if one.hash == self.case.agreement}
        self.grant = Grant(
            "SQ-1",
            self.case.kind,
            GrantState.ACTIVE,
            replace(self.wished, columns=self.witness.granted),
            self.today,
            self.witness.ends,
            self.case.agreement,
            set(self.case.parties) <= signed,
            PROVIDER_PARTY in signed,
            not free,
            self.quota,
        )

    # and try to read

    def _use(self, name: str, method: Method, columns: frozenset[str]) -> Any:
        person = self._person(name)
        mine = bool(person.parties & set(self.case.parties))
        holds = mine and bool(person.roles & {Role.APPLICANT, Role.PARTNER})
        now = Circumstances(
            today=self.today,
            holds=holds,
            why_not="not_a_member" if mine and not holds else "",
            opening_class=self.opening_class,
            sharing_class="unconditional" if self.case.is_unconditional else self.opening_class,
            is_suspended=self.is_taken_off,
            offered=self.offered,
            tables=frozenset({"t"}),
            used_today=self.used,
        )
        return decide_use(self.grant, Use(method, "t", columns), now)

    @invariant()
    def nobody_reads_what_wasnt_granted_to_them(self):
        if not hasattr(self, "case"):
            return
        for name in self.people:
            for columns in (frozenset(), frozenset({"name"}), frozenset({"phone"}), frozenset(COLUMNS)):
                found = self._use(name, Method.DOWNLOAD, columns)
                if isinstance(found, Allowed):
                    self._is_rightful(name, found)
            assert not isinstance(self._use(name, Method.API, frozenset()), Allowed)  # it was never asked for

    def _is_rightful(self, name: str, found: Allowed) -> None:
        seen = self.witness
        assert name in self.members, "somebody who doesn't act for a holder"
        assert self.people[name][1] & set(self.case.parties), "a stranger"
        assert not seen.is_stopped, "suspended, revoked or ended"
        assert self.today <= seen.ends, "the term is over"
        assert not self.is_taken_off, "the dataset is suspended"
        assert self.opening_class == "conditional" or self.case.is_unconditional, "its class changed"
        assert found.columns <= seen.granted & seen.asked & self.offered, "columns that weren't granted"
        assert found.columns <= set(COLUMNS[:2]), "a column that was never asked for"
        if not (self.case.kind is Kind.SHARING and self.case.is_unconditional):
            agreed = {party: who for party, who, hash in seen.agreed if hash == seen.agreement}
            assert set(agreed) == {*self.case.parties, PROVIDER_PARTY}, "not signed by all"
            assert agreed[PROVIDER_PARTY] not in {agreed[party] for party in self.case.parties}, "one person for both"
            if self.case.needs_opinion:
                assert seen.opinion == seen.approved_text, "without the cyberspace office's signature"


Lives.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestLives = Lives.TestCase
