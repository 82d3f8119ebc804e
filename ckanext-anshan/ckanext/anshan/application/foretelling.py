"""Tells before it is too late: that a term ends, that something is owed, reported or destroyed; each time once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from ckan import model

from ..people import notices
from ..workflow import clock, workdays
from . import applications, informing, lasting, rules
from .model import application
from .rules import State

AHEAD = 1  # working days before the last one on which an applicant owes something
DESTRUCTION_DAYS = 10  # where an agreement doesn't say it: what is shared without one
OWED = (State.SUPPLEMENT, State.APPROVED)


def foretell() -> int:
    """How many applications somebody was told about."""
    today = clock.today()
    told = [*_ending(today), *_owed(today), *_reports(today), *_destructions(today)]
    said = notices.known([one["about"] for one in told])
    new = [one for one in told if one["about"] not in said]
    for one in new:
        notices.tell(one["kind"], one["users"](), one["facts"], f"/application/{one['row'].number}", one["about"])
    model.Session.commit()
    return len(new)


def _ending(today: date) -> list[dict[str, Any]]:
    found = []
    for row in applications.in_states([State.ACTIVE], application.c.ends <= _days(today, max(lasting.BEFORE_END))):
        days = lasting.to_be_told(row.starts, row.ends, today)
        if days is not None:
            facts = {"days": (row.ends - today).days, "ends": row.ends.isoformat()}
            found.append(_notice(row, "application_ends", f"ends/{days}", facts, both=True))
    return found


def _owed(today: date) -> list[dict[str, Any]]:
    rows = applications.due_by(OWED, workdays.after(today, AHEAD))
    return [_notice(row, "application_owed", f"owed/{row.due}", {"due": row.due.isoformat()}) for row in rows]


def _reports(today: date) -> list[dict[str, Any]]:
    found = []
    for row in applications.in_states(rules.IN_USE, application.c.report_due <= _days(today, lasting.AHEAD)):
        is_late, facts = row.report_due < today, {"due": row.report_due.isoformat()}
        name = "late" if is_late else "due"
        found.append(
            _notice(row, f"application_use_report_{name}", f"report/{row.report_due}/{name}", facts, both=is_late)
        )
    return found


def _destructions(today: date) -> list[dict[str, Any]]:
    found = []
    for row in applications.undestroyed():
        due = destruction_due(row)
        if today >= due - timedelta(days=lasting.AHEAD_OF_DESTRUCTION):
            name, facts = "late" if today > due else "due", {"due": due.isoformat()}
            found.append(
                _notice(row, f"application_destruction_{name}", f"destruction/{name}", facts, both=name == "late")
            )
    return found


def destruction_due(row: Any) -> date:
    """:param row: of ``applications.undestroyed``"""
    said = ((row.document or {}).get("facts") or {}).get("destruction_days")
    return lasting.destruction_due(row.ended.astimezone(clock.zone()).date(), int(said or DESTRUCTION_DAYS))


def _days(today: date, days: int) -> date:
    return today + timedelta(days=days)


def _notice(row: Any, kind: str, what: str, facts: Mapping[str, Any], both: bool = False) -> dict[str, Any]:
    def users() -> set[str]:
        return informing.applicants(row) | (informing.owners(row) if both else set())

    about, told = informing.foretold(row, what), {**informing.named(row), **facts}
    return {"row": row, "kind": kind, "about": about, "facts": told, "users": users}
