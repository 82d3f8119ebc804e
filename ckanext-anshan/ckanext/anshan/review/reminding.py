"""Tells whoever owes a step that it is due or late; what is late the head and the data bureau are told too.

Each is told once on a working day, and no more of a submission than how it stands now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from ckan import model

from ..people import notices
from ..people.rules import WRITERS
from ..workflow import clock, workdays
from . import informing, rules, submissions
from .rules import Command, Key, Kind, State

REMINDED = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.PROVISIONAL)
AHEAD = 1  # working days before the last one
HEADS = ("admin",)
REMINDER, LATE = "review_reminder", "review_late"


def remind() -> int:
    """Tell of all that is due by the next working day; returns of how many submissions."""
    today = clock.today()
    if not workdays.is_working_day(today):
        return 0
    dues = ((row, due_of(row)) for row in submissions.open_ones(REMINDED))
    found = [(row, workdays.left(today, due)) for row, due in dues if due and workdays.left(today, due) <= AHEAD]
    signed = submissions.signatures_of([row.id for row, _ in found])
    agencies = _titles({row.agency for row, _ in found})
    for row, left in found:
        _tell(row, left, wanted(row, {one.key for one in signed[row.id]}), agencies.get(row.agency, ""))
    model.Session.commit()
    return len(found)


def due_of(row: Any) -> date | None:
    """The last day of the step; of an emergency that until which it is open."""
    return row.due or (row.until.astimezone(clock.zone()).date() if row.until else None)


def wanted(row: Any, signed: Collection[str]) -> list[Key]:
    """The keys that are missing, and can be turned now; none where the agency has to mend something."""
    step = rules.TABLE.get((State(row.state), Command.SIGN))
    keys = rules.KEYS[Kind(row.kind)]
    return [key for key in keys if key.value not in signed and rules.role_for(key) in step.who] if step else []


def _tell(row: Any, left: int, keys: Sequence[Key], agency: str) -> None:
    about, is_late = f"submission:{row.id}", left < 0
    facts = {"number": row.number, "title": row.title, "agency": agency, "state": row.state}
    told = {**facts, "due": due_of(row), "days": abs(left), "keys": [key.value for key in keys]}
    users = _owing(row, keys) | (_above(row, keys) if is_late else set())
    if is_late:
        notices.settle(about, [REMINDER])
    notices.tell(LATE if is_late else REMINDER, users, told, f"/review/{row.number}", about, daily=True)


def _owing(row: Any, keys: Sequence[Key]) -> set[str]:
    """Whoever may turn a missing key; where something has to be mended, whoever writes the agency's entries."""
    if not keys:
        return set(notices.members(row.agency, WRITERS))
    return {user for key in keys for user in informing.holders(key, row.agency)}


def _above(row: Any, keys: Sequence[Key]) -> set[str]:
    """The head of an agency that is late, and the bureau, which looks after all of them (article 6)."""
    if keys and Key.AGENCY not in keys:
        return set()
    return {*notices.members(row.agency, HEADS), *informing.holders(Key.BUREAU, row.agency)}


def _titles(ids: Collection[str]) -> Mapping[str, str]:
    query = model.Session.query(model.Group.id, model.Group.title, model.Group.name)
    return {id: title or name for id, title, name in query.filter(model.Group.id.in_(ids))}
