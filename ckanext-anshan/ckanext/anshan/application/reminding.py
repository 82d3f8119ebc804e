"""Tells whoever owes an answer that it is due or late; what is late the head and the data bureau are told too.

Each is told once on a working day, and no more of an application than how it stands now.
"""

from __future__ import annotations

from typing import Any

from ckan import model

from ..applicants import parties
from ..people import notices
from ..people import options as people_options
from ..people.rules import WRITERS
from ..workflow import clock, workdays
from . import applications, running
from .rules import State

OWED = (State.SUBMITTED, State.SIGNED)
"""Where the provider owes the next step; what the applicant owes lapses by itself."""
AHEAD = 1  # working days before the last one
REMINDER, LATE = "application_reminder", "application_late"


def remind() -> int:
    """Tell of all that is due by the next working day; returns of how many applications."""
    today = clock.today()
    if not workdays.is_working_day(today):
        return 0
    found = applications.due_by(OWED, workdays.after(today, AHEAD))
    titles = parties.shown({(parties.AGENCY, row.agency) for row in found})
    for row in found:
        agency = titles.get((parties.AGENCY, row.agency), {}).get("name", "")
        _tell(row, workdays.left(today, row.due), agency)
    model.Session.commit()
    return len(found)


def _tell(row: Any, left: int, agency: str) -> None:
    about, is_late = f"application:{row.id}", left < 0
    facts = {"number": row.number, "titles": row.titles, "agency": agency, "due": row.due, "days": abs(left)}
    if is_late:
        notices.settle(about, [REMINDER])
        _escalate(row)
    users = _owing(row) | (set(notices.members(people_options.bureau_org())) if is_late else set())
    notices.tell(LATE if is_late else REMINDER, users, facts, f"/application/{row.number}", about, daily=True)


def _escalate(row: Any) -> None:
    """Once: it is on record that the bureau knows (art. 6)."""
    if not row.is_escalated:
        applications.escalate(row.id)
        running.recorded("application.late", row, "application_remind", {"due": row.due.isoformat()})


def _owing(row: Any) -> set[str]:
    """Whoever took it, and the head; nobody took it: all who answer for the agency. What is signed the head signs."""
    heads = set(notices.members(row.agency, ["admin"]))
    if row.handler or row.state == State.SIGNED.value:
        return heads | ({row.handler} - {""})
    return heads | set(notices.members(row.agency, list(WRITERS)))
