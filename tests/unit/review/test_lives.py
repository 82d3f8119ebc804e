"""No sequence of commands by any actors makes anything public without valid signatures, or keeps it public once
suspended: the rules driven by everybody at random, held against a judge who reads none of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ckanext.anshan.review import rules
from ckanext.anshan.review.rules import (
    Approved,
    Case,
    Command,
    Kind,
    Offices,
    Person,
    Refusal,
    Role,
    State,
    Step,
    Way,
    decide,
    evolve,
    opens,
    roles_in,
)
from ckanext.anshan.scan.findings import Severity

OFFICES = Offices("cyber", "bureau", agency_name="school")
MISTAKEN = Offices("cyber", "cyber", agency_name="school")  # an operator named one organization twice
ORGANIZATIONS = (("s", "school"), ("c", "cyber"), ("b", "bureau"), ("x", "other"))
CAPACITIES = ("admin", "editor", "member")
CLASSES = ("unconditional", "conditional")
START = datetime(2026, 11, 30, tzinfo=timezone.utc)


@dataclass
class Submission:
    """As the tables keep it, and who is behind each signature as the judge knows it."""

    case: Case
    policy: bool
    approved: Approved
    until: datetime | None = None
    base: Any = None
    witnessed: list[tuple[str, str, str, str]] = field(default_factory=list)  # key, person, organization, what they saw


def memberships() -> st.SearchStrategy[list[tuple[str, str, str]]]:
    one = st.tuples(st.sampled_from(ORGANIZATIONS), st.sampled_from(CAPACITIES))
    return st.lists(one, max_size=2, unique_by=lambda each: each[0]).map(
        lambda found: [(id, name, capacity) for (id, name), capacity in found]
    )


class Lives(RuleBasedStateMachine):
    """One entry, its submissions, and what is public of it."""

    @initialize(
        found=st.lists(memberships(), min_size=1, max_size=3), offices=st.sampled_from([OFFICES, OFFICES, MISTAKEN])
    )
    def people_come(self, found, offices):
        usual = [
            [("s", "school", "editor")],
            [("s", "school", "admin")],
            [("c", "cyber", "member")],
            [("b", "bureau", "member")],
        ]
        both = [("s", "school", "admin"), ("c", "cyber", "member")]
        self.members, self.offices = [*usual, both, *found], offices
        self.submissions: list[Submission] = []
        self.public: Submission | None = None
        self.suspended, self.taken_off = False, None
        self.lifts: dict[str, str] = {}
        self.hash, self.now = 0, START
        self.opening_class, self.policy = "unconditional", False

    # what happens around the review

    @rule(opening_class=st.sampled_from(CLASSES), policy=st.booleans())
    def the_entry_changes(self, opening_class, policy):
        self.hash += 1
        self.opening_class, self.policy = opening_class, policy

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        for one in self.submissions:
            if one.case.state is State.PROVISIONAL and one.until is not None and one.until <= self.now:
                self._machine(one, Command.LAPSE, Role.CLOCK)

    @rule(severity=st.sampled_from([None, *Severity]), at=st.integers(0, 5))
    def a_scan_ends(self, severity, at):
        waiting = [one for one in self.submissions if not one.case.scan_hash and one.case.state in rules.OPEN]
        if not waiting:
            return
        one = waiting[at % len(waiting)]
        found = frozenset({(severity.value, "kind", "place")}) if severity else frozenset()
        one.approved = replace(one.approved, findings=found)
        base = self._base()
        is_routine = rules.may_be_routine(one.approved, base.approved if base else None) is None
        way = Way.ROUTINE if is_routine else one.case.way
        one.base = base if is_routine else None
        one.case = replace(one.case, scan_hash=f"scan of {one.case.hash}", severity=severity, way=way)

    def _base(self):
        reviewed = [
            one for one in self.submissions if one.case.state is State.PUBLISHED and one.case.way is not Way.ROUTINE
        ]
        return reviewed[-1] if reviewed else None

    # what people do

    @rule(who=st.integers(0, 7))
    def somebody_submits(self, who):
        person = self._person(who)
        if not isinstance(decide(self._case(State.DRAFT), Command.SUBMIT, person, {}), Step) or not self._replaced(
            person
        ):
            return
        case = replace(self._case(State.SUBMITTED), submitter=person.id)
        self.submissions.append(Submission(case, self.policy, self._approved()))

    @rule(who=st.integers(0, 7), hours=st.integers(1, 72), clean=st.booleans())
    def somebody_opens_at_once(self, who, hours, clean):
        for person in self._everybody(who):
            case = replace(
                self._case(State.DRAFT), way=Way.EMERGENCY, submitter=person.id, scan_hash="s" if clean else ""
            )
            step = decide(case, Command.OPEN_AT_ONCE, person, {"reason": "flood", "days": 3})
            if isinstance(step, Step) and self._replaced(person):
                one = Submission(case, False, self._approved(), self.now + timedelta(hours=hours))
                self.submissions.append(one)
                return self._done(one, Command.OPEN_AT_ONCE, person, step)
        return None

    @precondition(lambda self: self.submissions)
    @rule(
        who=st.integers(0, 7),
        command=st.sampled_from(
            sorted(set(Command) - {Command.SUBMIT, Command.OPEN_AT_ONCE}, key=lambda one: one.value)
        ),
        back=st.integers(0, 2),
        looked=st.booleans(),
        reason=st.sampled_from(["", "because"]),
    )
    def somebody_does_something(self, who, command, back, looked, reason):
        one = self.submissions[-1 - back % len(self.submissions)]
        person = self._person(who)
        seen = one.case.hash if looked else "another"
        given = {
            "hash": seen,
            "answers": {"-": "yes"},
            "reason": reason,
            "article": reason,
            "remarks": [reason],
            "text": "x",
        }
        step = decide(self._now(one), command, person, given)
        if isinstance(step, Step):
            self._done(one, command, person, step, seen)

    @precondition(lambda self: self.submissions)
    @rule(first=st.integers(0, 7), looked=st.sampled_from([True, True, True, False]), times=st.integers(1, 3))
    def those_sign_who_may(self, first, looked, times):
        """The usual way, or Hypothesis would hardly ever come to a third key."""
        one = self.submissions[-1]
        if not one.case.scan_hash:
            self.a_scan_ends(None, -1)
        for person in self._everybody(first) * times:
            seen = one.case.hash if looked else "another"
            given = {"hash": seen, "answers": {"-": "yes"}, "reason": "because"}
            step = decide(self._now(one), Command.SIGN, person, given)
            if isinstance(step, Step):
                self._done(one, Command.SIGN, person, step, seen)

    @rule(back=st.integers(0, 2))
    def the_publishing_job_runs(self, back):
        """At any time, for any submission, as often as it likes."""
        for one in self.submissions[-1 - back :]:
            is_open = one.case.state is State.PROVISIONAL and opens(self._now(one), self.now, one.until) is None
            if is_open or (one.case.state is State.RELEASED and self._machine(one, Command.PUBLISH, Role.PUBLISHING)):
                self.public = one

    @rule(who=st.integers(0, 7))
    def somebody_suspends(self, who):
        if Role.CYBERSPACE in self._person(who).roles and not self.suspended:
            self.suspended, self.lifts, self.taken_off, self.public = True, {}, self.public, None

    @rule(who=st.integers(0, 7))
    def somebody_lifts(self, who):
        person = self._person(who)
        for role in (Role.CYBERSPACE, Role.BUREAU):
            if self.suspended and role in person.roles and person.id not in self.lifts.values():
                self.lifts.setdefault(role.value, person.id)
        if len(self.lifts) == 2:
            self.suspended, self.lifts, self.public = False, {}, self.taken_off

    # how the rules are asked

    def _person(self, at: int) -> Person:
        at %= len(self.members)
        given = roles_in(self.members[at], "s", self.offices)
        return Person(f"person {at}", frozenset(given), given)

    def _everybody(self, first: int) -> list[Person]:
        return [self._person(first + place) for place in range(len(self.members))]

    def _case(self, state: State) -> Case:
        return Case(state, hash=f"h{self.hash}", opening_class=self.opening_class, is_suspended=self.suspended)

    def _now(self, one: Submission) -> Case:
        base = one.base
        has_policy = base is not None and base.policy and opens(replace(base.case, is_suspended=False)) is None
        return replace(one.case, is_suspended=self.suspended, has_policy=has_policy)

    def _approved(self) -> Approved:
        return Approved(self.opening_class, "general_1", "items", "conditions", frozenset(), self.policy)

    def _replaced(self, person: Person) -> bool:
        """Whether what is under way could be put aside."""
        for one in self.submissions:
            if one.case.state in rules.OPEN:
                step = decide(self._now(one), Command.SUPERSEDE, person, {})
                if isinstance(step, Refusal):
                    return False
                self._done(one, Command.SUPERSEDE, person, step)
        return True

    def _done(self, one: Submission, command: Command, person: Person, step: Step, seen: str = "") -> None:
        before = len(one.case.signatures)
        one.case = evolve(self._now(one), command, person, step)
        for signed in one.case.signatures[before:]:
            one.witnessed.append((signed.key.value, person.id, signed.organization, seen or one.case.hash))
        if one.case.state in (State.REJECTED, State.LAPSED, State.WITHDRAWN):
            self.public = None if self.public is one else self.public
            self.taken_off = None if self.taken_off is one else self.taken_off

    def _machine(self, one: Submission, command: Command, role: Role) -> bool:
        person = Person("", frozenset({role}))
        step = decide(self._now(one), command, person, {})
        if isinstance(step, Step):
            self._done(one, command, person, step)
        return isinstance(step, Step)

    # the judge: reads no rule

    @invariant()
    def what_is_public_was_signed(self):
        one = getattr(self, "public", None)
        if one is not None:
            assert self._judged(one), one

    def _judged(self, one: Submission) -> bool:
        keys, people, organizations, seen = (
            set(column) for column in (list(zip(*one.witnessed, strict=True)) or [(), (), (), ()])
        )
        apart = len(keys) == len(people) == len(organizations) == len(one.witnessed)
        if not apart or seen != {one.case.hash}:
            return False
        whole = keys == {"agency", "cyberspace", "bureau"} and (
            one.case.way is Way.EMERGENCY or one.case.submitter not in people
        )
        in_time = one.until is not None and self.now < one.until and "bureau" in keys
        let = one.case.way is Way.ROUTINE and "agency" in keys and one.base.policy and self._judged(one.base)
        return whole or in_time or bool(let)

    @invariant()
    def nobody_signs_what_they_submitted_or_twice(self):
        for one in getattr(self, "submissions", ()):
            people = [person for _, person, _, _ in one.witnessed]
            assert len(people) == len(set(people))
            assert len({organization for _, _, organization, _ in one.witnessed}) == len(people)
            assert one.case.way is Way.EMERGENCY or one.case.submitter not in people

    @invariant()
    def an_entry_has_one_submission_under_way(self):
        assert sum(one.case.state in rules.OPEN for one in getattr(self, "submissions", ())) <= 1

    @invariant()
    def nothing_opens_while_it_is_suspended(self):
        if getattr(self, "suspended", False):
            assert self.public is None
            assert all(opens(self._now(one)) is not None for one in self.submissions if one.case.kind is Kind.OPENING)


Lives.TestCase.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
TestLives = Lives.TestCase
