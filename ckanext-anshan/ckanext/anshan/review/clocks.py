"""The clock of a submission: who owes the next step, until when, and how that date was counted (art. 12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any

from ..workflow import options, workdays
from ..workflow.workdays import Day
from .rules import AGENCY, OPEN, PUBLISHING, TABLE, Clock, Command, Role, State


def due_of(after: State, started: date, is_complex: bool = False) -> date | None:
    """The last day of the step that begins with this state; nothing where nobody owes one.

    :param started: the day of its first event; a second office has no more days because the first one signed
    :param is_complex: the return says that mending takes longer
    """
    days = _days_of(after, is_complex)
    return workdays.after(started, days) if days is not None else None


def _days_of(state: State, is_complex: bool) -> int | None:
    if state in (State.SUBMITTED, State.IN_REVIEW):
        return options.days_to_review()
    if state is State.RETURNED:
        return options.days_to_correct_complex() if is_complex else options.days_to_correct()
    return None


@dataclass(frozen=True)
class Span:
    """A step: a state of the submission from its first day to its last, and whose turn it is or was."""

    state: State
    clock: Clock  # STOPS: the review's days aren't counted, because the agency mends
    began: date
    due: date | None
    ended: date | None = None  # none: it is under way
    by: Command | None = None  # what ended it
    done: Mapping[Role, date] = field(default_factory=dict)  # who signed, and when

    @property
    def owes(self) -> tuple[Role, ...]:
        """Who hasn't done their part; of an agency's people one is enough."""
        turn = TURNS.get(self.state) or TABLE[self.state, Command.SIGN].who
        return tuple(role for role in Role if role in turn and role not in self.done)

    @property
    def given(self) -> int | None:
        """Working days from its first day to the last that it may take."""
        return workdays.between(self.began, self.due) if self.due else None

    def used(self, today: date) -> int:
        return workdays.between(self.began, self.ended or today)

    def left(self, today: date) -> int | None:
        """Working days left; on the day it ended, where it has."""
        return workdays.left(self.ended or today, self.due) if self.due else None

    def is_late(self, today: date) -> bool:
        return self.due is not None and (self.ended or today) > self.due

    def days(self, today: date, language: str) -> list[Day]:
        """Each day of it until it ended, or is due, or today where it is late."""
        last = max(day for day in (self.due, self.ended or (today if self.is_late(today) else None), self.began) if day)
        return workdays.explain(self.began, last, language)


TURNS: Mapping[State, frozenset[Role]] = {State.RETURNED: AGENCY, State.RELEASED: PUBLISHING}
"""Whose turn it is; in every other state that of those who sign."""


def spans(events: Iterable[Any], zone: tzinfo) -> list[Span]:
    """The steps of a submission, oldest first.

    :param events: rows of ``model.event`` in their order · :param zone: of the city, where a day begins and ends
    """
    found: list[Span] = []
    for state, own in _stays(events):
        first, *later = own
        if state in OPEN:
            found.append(_span(state, first, later, zone))
    return found


def _stays(events: Iterable[Any]) -> Iterator[tuple[State, list[Any]]]:
    """Each state that was entered, with the event that led there and those up to the one that led out."""
    state, own = State.DRAFT, []
    for event in events:
        own.append(event)
        after = State(event.after)
        if after is not state:
            yield state, own
            state, own = after, [event]
    if own:
        yield state, own


def _span(state: State, first: Any, later: list[Any], zone: tzinfo) -> Span:
    last = next((event for event in later if State(event.after) is not state), None)
    return Span(
        state,
        Clock(first.clock),
        _day(first, zone),
        first.due,
        _day(last, zone) if last else None,
        Command(last.command) if last else None,
        {Role(event.role): _day(event, zone) for event in later if Command(event.command) is Command.SIGN},
    )


def _day(event: Any, zone: tzinfo) -> date:
    return event.created.astimezone(zone).date()
