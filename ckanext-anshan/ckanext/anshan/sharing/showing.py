"""Feedback and needs as those who read them see them, with the commands that they have now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ..applicants import parties
from ..workflow import clock, workdays
from . import keeping, messages, rules, standing
from .keeping import FEEDBACK, RETURN, STATES
from .rules import Command, FeedbackCommand, Person, Refusal, ReturnCommand, Role, Step

Told = dict[str, Any]
Shown = Mapping[tuple[str, str], Mapping[str, str]]

AGENCIES = sa.text(
    "SELECT id, coalesce(nullif(title, ''), name) AS title FROM \"group\""
    " WHERE is_organization AND state = 'active' ORDER BY 2, 1"
)
FEEDBACK_COLUMNS = ("dataset_id", "version", "file", "text", "reply", "corrected_version")
RETURN_COLUMNS = ("dataset_id", "description", "district", "streets", "scope", "purpose", "basis", "cycle", "how")
ANSWERS = ("reason", "article", "application", "merged_into")
OF_KIND: Mapping[str, type[FeedbackCommand] | type[ReturnCommand]] = {FEEDBACK: FeedbackCommand, RETURN: ReturnCommand}


def full(kind: str, id: str, user: Any) -> Told:
    """All of one; whoever has no part in a feedback is told that there is none. Needs are read by all agencies."""
    row, asker = keeping.find(kind, id), standing.Asker(user)
    person = asker.to(kind, row) if row is not None else Person("", frozenset())
    if row is None or (kind == FEEDBACK and not person.roles):
        return standing.refuse(Refusal("unknown"))
    told = _one(kind, row, parties.shown(_keys(kind, row)))
    roles = {"roles": sorted(role.value for role in person.roles)}
    events = [_event(kind, one) for one in keeping.events_of(row.id)]
    may = commands(kind, row, person)
    choices = {"agencies": agencies() if any("provider" in one["needs"] for one in may) else []}
    return {**told, **roles, **choices, "commands": may, "events": events}


def commands(kind: str, row: Any, person: Person) -> list[Told]:
    """What the reader may do now, with what each wants."""
    case = standing.case_of(kind, row)
    decided = ((command, rules.decide(case, command, person)) for command in OF_KIND[kind])
    return [_command(command, found) for command, found in decided if isinstance(found, Step)]


def _command(command: Command, step: Step) -> Told:
    return {"command": command.value, "words": messages.COMMANDS[command](), "needs": list(step.needs)}


def agencies() -> list[Told]:
    """Those that the data bureau chooses the provider from."""
    return [{"id": row.id, "title": row.title} for row in model.Session.execute(AGENCIES)]


def feedback_list(asker: standing.Asker, asked: Mapping[str, Any]) -> Told:
    """Two statements, and those for names."""
    rows, count = keeping.feedback_of(asker.parties, asker.agencies, asker.is_bureau, asked, asked)
    shown = parties.shown({key for row in rows for key in _keys(FEEDBACK, row)})
    listed = [{**_one(FEEDBACK, row, shown), "is_to_answer": _is_to_answer(asker, row)} for row in rows]
    return {"count": count, "results": listed}


def _is_to_answer(asker: standing.Asker, row: Any) -> bool:
    return row.provider in asker.agencies and row.due is not None


def return_list(asked: Mapping[str, Any]) -> Told:
    """Three statements, and those for names."""
    rows, count = keeping.returns(asked, asked)
    agencies = keeping.return_agencies()
    shown = parties.shown({(parties.AGENCY, id) for id in agencies})
    named = [{"id": id, "title": shown.get((parties.AGENCY, id), {}).get("name", id)} for id in agencies]
    listed = [_one(RETURN, row, shown) for row in rows]
    return {"count": count, "results": listed, "agencies": sorted(named, key=lambda one: one["title"])}


def _keys(kind: str, row: Any) -> Collection[tuple[str, str]]:
    user = (row.party_kind, row.party_id) if kind == FEEDBACK else (parties.AGENCY, row.agency)
    return {user, *({(parties.AGENCY, row.provider)} if row.provider else ())}


def _one(kind: str, row: Any, shown: Shown) -> Told:
    return {
        "id": row.id,
        "number": row.number,
        "state": row.state,
        "state_words": messages.STATES[STATES[kind](row.state)](),
        "title": row.title,
        "provider": row.provider,
        "provider_title": _name(shown, (parties.AGENCY, row.provider)),
        "due": _iso(row.due),
        "days_left": workdays.left(clock.today(), row.due) if row.due else None,
        "is_escalated": row.is_escalated,
        "created": _iso(row.created),
        "changed": _iso(row.changed),
        **(_feedback(row, shown) if kind == FEEDBACK else _return(row, shown)),
    }


def _feedback(row: Any, shown: Shown) -> Told:
    own = {name: getattr(row, name) for name in FEEDBACK_COLUMNS}
    user = {"kind": row.party_kind, "id": row.party_id, "name": _name(shown, (row.party_kind, row.party_id))}
    where = {"column": row.column_name, "row": row.row_key, "correct_by": _iso(row.correct_by)}
    return {**own, **where, "application": row.application_number, "user": user}


def _return(row: Any, shown: Shown) -> Told:
    own = {name: getattr(row, name) for name in (*RETURN_COLUMNS, *ANSWERS)}
    title = _name(shown, (parties.AGENCY, row.agency))
    return {**own, "agency": row.agency, "agency_title": title, "until": _iso(row.until)}


def _event(kind: str, row: Any) -> Told:
    return {
        "command": row.command,
        "happened": messages.HAPPENED[f"{kind}_{row.command}"](),
        "role": row.role,
        "role_words": messages.ROLES[Role(row.role)](),
        "facts": row.facts,
        "created": _iso(row.created),
    }


def _name(shown: Shown, key: tuple[str, str]) -> str:
    return shown.get(key, {}).get("name", "")


def _iso(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""
