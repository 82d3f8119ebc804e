"""An application in spans of time, how its clock stands, and what is still to come (art. 27). Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Any

from ..workflow import workdays
from ..workflow.workdays import Day
from .rules import OPEN, State

ANSWERING = (State.SUBMITTED, State.SUPPLEMENT)


@dataclass(frozen=True)
class Span:
    """How long an application stayed in a state in which somebody owes a step."""

    state: State
    began: date
    due: date | None
    ended: date | None = None  # none: it is under way

    @property
    def stops(self) -> bool:
        """Whether the agency's days aren't counted, because the applicant owes an answer."""
        return self.state is State.SUPPLEMENT

    def used(self, today: date) -> int:
        return workdays.between(self.began, self.ended or today)

    def days(self, today: date, language: str) -> list[Day]:
        """Each day of it until it ended, or is due; until today where it is late."""
        last = self.ended or max(
            day for day in (self.due, today if self.due and today > self.due else None, self.began) if day
        )
        return workdays.explain(self.began, last, language)


def spans(events: Iterable[Any], zone: tzinfo) -> list[Span]:
    """The spans of an application, oldest first.

    :param events: rows of its events in their order · :param zone: of the city, where a day begins and ends
    """
    found: list[Span] = []
    state = State.DRAFT
    for one in events:
        after, day = State(one.after), one.created.astimezone(zone).date()
        if after is not state:
            _end(found, day)
            if after in OPEN:
                found.append(Span(after, day, one.due))
        elif found and one.due and found[-1].ended is None:
            found[-1] = replace(found[-1], due=one.due)  # it was put off
        state = after
    return found


def _end(found: list[Span], day: date) -> None:
    if found and found[-1].ended is None:
        found[-1] = replace(found[-1], ended=day)


@dataclass(frozen=True)
class Clock:
    """Working days of the agency's answer. ``left``: below zero where it is late, and none once it is given."""

    used: int
    left: int | None
    stopped: int
    due: date | None
    is_stopped: bool


def clock_of(found: Sequence[Span], left: int | None, today: date) -> Clock | None:
    """:param left: days that were left when the clock was stopped · nothing where it was never sent"""
    own = [one for one in found if one.state in ANSWERING]
    if not own:
        return None
    used = sum(one.used(today) for one in own if not one.stops)
    stopped = sum(one.used(today) for one in own if one.stops)
    last = own[-1]
    if last.ended:
        return Clock(used, None, stopped, last.due, False)
    if last.stops:
        return Clock(used, left, stopped, workdays.after(today, left or 0), True)
    return Clock(used, workdays.left(today, last.due) if last.due else None, stopped, last.due, False)


COMING: Mapping[State, tuple[str, ...]] = {
    State.DRAFT: ("fill_in", "answer", "sign", "use"),
    State.SUBMITTED: ("examined", "answer", "sign", "use"),
    State.SUPPLEMENT: ("supplement", "answer", "sign", "use"),
    State.APPROVED: ("accept", "countersign", "use"),
    State.SIGNED: ("countersign", "use"),
    State.ACTIVE: ("use", "destroy"),
    State.SUSPENDED: ("suspended",),
}
"""By state: what is under way, then what is to come."""


@dataclass(frozen=True)
class Stage:
    """A step that isn't done: ``name`` of ``COMING``, until when; ``days``: working days from the step before it."""

    name: str
    is_now: bool
    due: date | None = None
    days: int | None = None


def coming(row: Any, clock: Clock | None, days_to_sign: int) -> list[Stage]:
    """What is still to come for an application, the first of it under way.

    :param days_to_sign: working days from an approval until the agreement is accepted
    """
    state = State(row.state)
    names = COMING.get(state, ())
    if state in (State.EXPIRED, State.REVOKED, State.CLOSED) and row.starts and row.destroyed is None:
        names = ("destroy",)
    return [_stage(name, at == 0, row, clock, days_to_sign) for at, name in enumerate(names)]


def _stage(name: str, is_now: bool, row: Any, clock: Clock | None, days_to_sign: int) -> Stage:
    if name == "answer":
        return Stage(name, is_now, clock.due if clock else None)
    if name == "sign":
        return Stage(name, is_now, days=days_to_sign)
    if name in ("use", "suspended"):
        return Stage(name, is_now, row.ends if is_now else None)
    if name == "destroy":
        return Stage(name, is_now, None if is_now else row.ends)
    return Stage(name, is_now, row.due if is_now else None)
