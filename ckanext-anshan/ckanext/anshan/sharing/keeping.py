"""Remembers feedback and needs: rows in the caller's transaction. Whoever calls decides and commits."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model

from .model import event, feedback, returned
from .rules import FINAL, FeedbackState, ReturnState, State

FEEDBACK, RETURN = "feedback", "return"
TABLES = {FEEDBACK: feedback, RETURN: returned}
STATES: Mapping[str, type[FeedbackState] | type[ReturnState]] = {FEEDBACK: FeedbackState, RETURN: ReturnState}
PREFIXES = {FEEDBACK: "JH", RETURN: "FH"}  # 校核, 返还
NUMBERS = {kind: sa.text(f"SELECT nextval('anshan_sharing_{kind}_number')") for kind in TABLES}
OVER = [state.value for state in FINAL]


def run(statement: Any, values: Any = None) -> sa.CursorResult[Any]:
    return model.Session.connection().execute(statement, values)


def find(kind: str, id: str, *, lock: bool = False) -> Any:
    """By id or number; locked, nobody decides about it until the transaction ends."""
    table = TABLES[kind]
    query = sa.select(table).where(sa.or_(table.c.id == id, table.c.number == id))
    return run(query.with_for_update() if lock else query).first()


def add(kind: str, values: Mapping[str, Any], today: date) -> Any:
    """Its row."""
    number = f"{PREFIXES[kind]}-{today.year}-{run(NUMBERS[kind]).scalar_one():06d}"
    table = TABLES[kind]
    made = {"id": str(uuid.uuid4()), "number": number, **values}
    return run(table.insert().values(made).returning(table)).one()


def change(kind: str, id: str, **values: Any) -> None:
    table = TABLES[kind]
    run(table.update().where(table.c.id == id).values(changed=sa.func.now(), **values))


def escalate(kind: str, id: str) -> None:
    """The bureau knows that it is late. It doesn't count as a change."""
    table = TABLES[kind]
    run(table.update().where(table.c.id == id).values(is_escalated=True))


def note(id: str, command: str, before: str, after: State, role: str, user_id: str, facts: Mapping[str, Any]) -> None:
    values = {"about": id, "command": command, "before": before, "after": after.value}
    run(event.insert().values({**values, "role": role, "user_id": user_id, "facts": dict(facts)}))


def events_of(id: str) -> list[Any]:
    return list(run(sa.select(event).where(event.c.about == id).order_by(event.c.id)))


def due_by(kind: str, day: date) -> list[Any]:
    """Those on which somebody owes a step on this day or before, the oldest first."""
    table = TABLES[kind]
    return list(run(sa.select(table).where(table.c.due <= day).order_by(table.c.due, table.c.id)))


# lists


def feedback_of(
    parties: Collection[tuple[str, str]],
    providers: Sequence[str],
    everything: bool,
    chosen: Mapping[str, str],
    page: Any,
) -> tuple[list[Any], int]:
    """What these parties reported, these agencies verify, or all; what is open comes first. And how many in all."""
    own = sa.tuple_(feedback.c.party_kind, feedback.c.party_id).in_(list(parties))
    side = sa.true() if everything else sa.or_(own, feedback.c.provider.in_(list(providers)))
    wanted = [side, *_like(chosen["q"], feedback.c.title, feedback.c.number)]
    wanted += [feedback.c.state == chosen["state"]] if chosen["state"] else []
    return _page(feedback, wanted, page)


def returns(chosen: Mapping[str, str], page: Any) -> tuple[list[Any], int]:
    """The list of data to be returned; what is open comes first. And how many there are in all."""
    wanted = _like(chosen["q"], returned.c.title, returned.c.description, returned.c.number)
    for name in ("agency", "provider", "district", "state"):
        wanted += [returned.c[name] == chosen[name]] if chosen[name] else []
    return _page(returned, wanted, page)


def return_agencies() -> set[str]:
    """Ids of all agencies that need something, or have what is needed."""
    query = sa.union(sa.select(returned.c.agency), sa.select(returned.c.provider).where(returned.c.provider != ""))
    return set(run(query).scalars())


def _like(words: str, *columns: Any) -> list[Any]:
    return [sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()[:10]]


def _page(table: sa.Table, wanted: Sequence[Any], page: Any) -> tuple[list[Any], int]:
    order = (table.c.state.in_(OVER), table.c.created.desc(), table.c.id)
    query = sa.select(table).where(*wanted).order_by(*order).limit(page["limit"]).offset(page["offset"])
    count = run(sa.select(sa.func.count()).select_from(table).where(*wanted)).scalar_one()
    return list(run(query)), count
