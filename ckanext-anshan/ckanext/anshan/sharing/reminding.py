"""Tells whoever owes a verification, a correction or an answer that it is due; what is late the data bureau is told.

Each is told once on a working day.
"""

from __future__ import annotations

from typing import Any

from ckan import model

from ..people import notices
from ..people import options as people_options
from ..workflow import clock, workdays
from . import informing, keeping, running
from .keeping import RETURN
from .rules import ReturnState, Role

AHEAD = 1  # working days before the last one


def remind() -> int:
    """Tell of all that is due by the next working day; returns of how many."""
    today = clock.today()
    if not workdays.is_working_day(today):
        return 0
    found = [(kind, row) for kind in keeping.TABLES for row in keeping.due_by(kind, workdays.after(today, AHEAD))]
    for kind, row in found:
        _tell(kind, row, is_late=row.due < today)
    model.Session.commit()
    return len(found)


def _tell(kind: str, row: Any, *, is_late: bool) -> None:
    about, word = running.about(kind, row.id), "late" if is_late else "due"
    turn = Role.BUREAU if (kind, row.state) == (RETURN, ReturnState.STATED.value) else Role.PROVIDER
    users = informing.owing(kind, row, turn)
    if is_late:
        notices.settle(about, [f"sharing_{kind}_due"])
        users |= set(notices.members(people_options.bureau_org()))
        _escalate(kind, row)
    facts = {"number": row.number, "title": row.title, "due": row.due}
    notices.tell(f"sharing_{kind}_{word}", users, facts, informing.link(kind, row.number), about, daily=True)


def _escalate(kind: str, row: Any) -> None:
    """Once: it is on record that the bureau knows (art. 6)."""
    if not row.is_escalated:
        keeping.escalate(kind, row.id)
        running.record(kind, row, "late", {"due": row.due.isoformat()}, {})
