"""Ends what has ended, and closes what rests on nothing any more; both sides are told. Safe to repeat and to miss.

It changes nothing about who may read: that is asked at every read (``access.rules.decide_use``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from ckan import model

from ..applicants import parties
from ..workflow import clock
from . import applications, giving, offering, resting, rules, running
from .model import application
from .rules import Command, Kind, State

log = logging.getLogger(__name__)

LIVING = rules.OPEN | rules.IN_USE
OWED = (State.SUPPLEMENT, State.APPROVED)
"""Where the applicant owes the next step."""


def sweep() -> int:
    """Each in a transaction of its own; how many applications were ended."""
    today = clock.today()
    over = applications.ids(_in(rules.IN_USE), application.c.ends < today)
    late = applications.ids(_in(OWED), application.c.due < today)
    done = _each(unfounded(), _close)
    model.Session.rollback()
    return done + _each(over, _expire) + _each(late, _lapse)


def unfounded() -> list[str]:
    """Ids of those of which something that they rest on may be gone; each is looked at once more on its locked row."""
    today = clock.today()
    about, who = applications.living(LIVING)
    found = set(applications.replaced(rules.IN_USE, today))
    found |= set(applications.ids(_in((State.APPROVED, State.SIGNED)), application.c.ends < today))
    for kind in Kind:
        lost = offering.gone(sorted(id for one, id in about if one == kind.value), kind)
        found |= set(applications.about(LIVING, kind.value, lost)) if lost else set()
    left = parties.gone(who)
    found |= set(applications.of_parties(LIVING, left)) if left else set()
    return sorted(found)


def _in(states: Iterable[State]) -> Any:
    return application.c.state.in_([state.value for state in states])


def _each(ids: Iterable[str], end: Callable[[Any], bool]) -> int:
    return sum(_alone(id, end) for id in ids)


def _alone(id: str, end: Callable[[Any], bool]) -> bool:
    """What goes wrong with one stops none of the others."""
    try:
        with running.alone():
            return end(applications.find(id, lock=True))
    except Exception:
        log.exception("application %s could not be ended", id)
        return False


def _close(row: Any) -> bool:
    reason = resting.gone(row) if State(row.state) in LIVING else ""
    return bool(reason) and running.by_machine(row.id, Command.CLOSE, {"reason": reason}, giving.follow)


def _expire(row: Any) -> bool:
    is_over = row.ends is not None and row.ends < clock.today()
    return is_over and running.by_machine(row.id, Command.EXPIRE, {}, giving.follow)


def _lapse(row: Any) -> bool:
    is_late = row.due is not None and row.due < clock.today()
    return is_late and running.by_machine(row.id, Command.LAPSE, {})
