"""Remembers persons, organizations and their members: rows in the caller's transaction. Whoever calls decides."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from .model import event, member, organization, person
from .rules import HOLDS_CODE, PERSON, Member, Party, Role, State

HOLDING = [state.value for state in HOLDS_CODE]
NOW = member.c.until.is_(None)
USER: Any = model.user_table


def run(statement: Any, values: Any = None) -> sa.CursorResult[Any]:
    return model.Session.connection().execute(statement, values)


def find(party: Party) -> Any:
    return person_of(party.id) if party.kind == PERSON else organization_of(party.id)


# persons


def person_of(user_id: str, *, lock: bool = False) -> Any:
    query = sa.select(person).where(person.c.user_id == user_id)
    return run(query.with_for_update() if lock else query).first()


def persons_of(ids: Collection[str]) -> dict[str, Any]:
    rows = run(sa.select(person).where(person.c.user_id.in_(set(ids)))) if ids else ()
    return {row.user_id: row for row in rows}


def owner_of_number(digests: Collection[str]) -> str:
    """Id of the account whose profile has this ID number; empty where none has."""
    return run(sa.select(person.c.user_id).where(person.c.digest.in_(list(digests)))).scalar() or ""


def put_person(user_id: str, values: Mapping[str, Any]) -> None:
    known = person_of(user_id) is not None
    if known:
        run(person.update().where(person.c.user_id == user_id).values(**values, changed=sa.func.now()))
    else:
        run(person.insert().values(user_id=user_id, **values))


# organizations


def organization_of(id: str, *, lock: bool = False) -> Any:
    query = sa.select(organization).where(organization.c.id == id)
    return run(query.with_for_update() if lock else query).first()


def organizations_of(ids: Collection[str]) -> dict[str, Any]:
    rows = run(sa.select(organization).where(organization.c.id.in_(set(ids)))) if ids else ()
    return {row.id: row for row in rows}


def holder_of_code(code: str) -> str:
    """Id of the organization that holds a unified social credit code; empty where none does."""
    held = organization.c.state.in_(HOLDING)
    return run(sa.select(organization.c.id).where(organization.c.uscc == code, held)).scalar() or ""


def add_organization(id: str, values: Mapping[str, Any]) -> None:
    run(organization.insert().values(id=id, **values))


def change(id: str, **values: Any) -> None:
    run(organization.update().where(organization.c.id == id).values(changed=sa.func.now(), **values))


def new_id() -> str:
    return str(uuid.uuid4())


def listed(states: Sequence[str], text: str, limit: int, offset: int) -> tuple[int, list[Any]]:
    """Organizations in these states, those first that wait longest; and how many there are."""
    chosen: list[Any] = [organization.c.state.in_(states)]
    if text:
        chosen.append(sa.or_(organization.c.name.contains(text, autoescape=True), organization.c.uscc == text.upper()))
    count = run(sa.select(sa.func.count()).select_from(organization).where(*chosen)).scalar_one()
    waiting = sa.case((organization.c.state == State.PENDING.value, organization.c.submitted))
    order = (waiting.asc().nulls_last(), organization.c.changed.desc(), organization.c.id)
    query = sa.select(organization).where(*chosen).order_by(*order).limit(limit).offset(offset)
    return count, list(run(query))


def counts() -> dict[str, int]:
    query = sa.select(organization.c.state, sa.func.count()).group_by(organization.c.state)
    return {row[0]: row[1] for row in run(query)}


# members


def members_of(id: str) -> list[Any]:
    """Those of now and those who are invited, the representative first, with their accounts."""
    first = sa.case((member.c.role == Role.REPRESENTATIVE.value, 0), (member.c.since.is_not(None), 1), else_=2)
    names = (USER.c["name"], USER.c["fullname"], USER.c["state"].label("account"))
    query = sa.select(member, *names).join(USER, USER.c["id"] == member.c.user_id)
    return list(run(query.where(member.c.organization_id == id, NOW).order_by(first, member.c.id)))


def former_of(id: str) -> list[Any]:
    """Those who were members, latest first."""
    query = sa.select(member, USER.c["name"], USER.c["fullname"]).join(USER, USER.c["id"] == member.c.user_id)
    ended = (member.c.organization_id == id, member.c.until.is_not(None), member.c.since.is_not(None))
    return list(run(query.where(*ended).order_by(member.c.until.desc(), member.c.id.desc())))


def as_members(rows: Iterable[Any]) -> tuple[Member, ...]:
    return tuple(Member(row.user_id, Role(row.role) if row.since else Role.INVITED) for row in rows)


def places_of(user_id: str) -> list[Any]:
    """The organizations that a user belongs to or is invited to, with the part that they have there."""
    parts = (member.c.role, member.c.since, member.c.asked_by)
    query = sa.select(organization, *parts).join(member, member.c.organization_id == organization.c.id)
    return list(run(query.where(member.c.user_id == user_id, NOW).order_by(organization.c.name, organization.c.id)))


def join(id: str, user_id: str, role: Role, by: str, *, at_once: bool = True) -> None:
    since = sa.func.now() if at_once else None
    values = {"organization_id": id, "user_id": user_id, "role": role.value, "asked_by": by, "since": since}
    run(member.insert().values(values))


def accept(id: str, user_id: str) -> None:
    run(_own(id, user_id).values(since=sa.func.now()))


def end(id: str, user_id: str, by: str) -> None:
    run(_own(id, user_id).values(until=sa.func.now(), ended_by=by))


def _own(id: str, user_id: str) -> Any:
    return member.update().where(member.c.organization_id == id, member.c.user_id == user_id, NOW)


def pairs(users: Collection[str], organizations: Collection[str]) -> set[tuple[str, str]]:
    """Which of these users are members of which of these organizations now."""
    query = sa.select(member.c.user_id, member.c.organization_id).where(
        member.c.user_id.in_(set(users)),
        member.c.organization_id.in_(set(organizations)),
        NOW,
        member.c.since.is_not(None),
    )
    return {(row[0], row[1]) for row in run(query)} if users and organizations else set()


def active(users: Collection[str]) -> set[str]:
    """Those of these accounts that are active."""
    query = sa.select(USER.c["id"]).where(USER.c["id"].in_(set(users)), USER.c["state"] == "active")
    return set(run(query).scalars()) if users else set()


def users_of(id: str) -> list[str]:
    """Ids of the active accounts of an organization's members."""
    query = sa.select(member.c.user_id).join(USER, USER.c["id"] == member.c.user_id)
    now = (member.c.organization_id == id, NOW, member.c.since.is_not(None), USER.c["state"] == "active")
    return list(run(query.where(*now).order_by(member.c.id)).scalars())


# what happened


def note(id: str, command: str, user_id: str, before: str, after: str, facts: Mapping[str, Any]) -> None:
    values = {"command": command, "user_id": user_id, "before": before, "after": after, "facts": dict(facts)}
    run(event.insert().values(organization_id=id, **values))


def events_of(id: str) -> list[Any]:
    """Latest first, with who did it."""
    query = sa.select(event, USER.c["name"].label("user_name"), USER.c["fullname"])
    query = query.outerjoin(USER, USER.c["id"] == event.c.user_id)
    return list(run(query.where(event.c.organization_id == id).order_by(event.c.id.desc())))
