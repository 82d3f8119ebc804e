"""Profiles and organizations as their actions answer and their pages show them, identities masked."""

from __future__ import annotations

from typing import Any

from ..workflow import clock
from . import connecting, identities, keeping, messages, rules, running, standing
from .rules import ORGANIZATION, PERSON, Command, Party, Person, PersonState, Role, State
from .schema import ALL

Shown = dict[str, Any]


def own(user_id: str) -> Shown:
    """Somebody's own profile."""
    places = [{**_public(row), "role": _part(row)} for row in keeping.places_of(user_id)]
    return {
        "person": _person(user_id),
        "organizations": places,
        "parties": [_acting(one) for one in standing.parties_of(user_id)],
    }


def _acting(one: standing.Acting) -> Shown:
    named = {"name": one.name, "code": one.code, "applicant_kind": one.kind}
    return {**one.party._asdict(), **named, "is_representative": one.is_representative}


def _person(user_id: str) -> Shown | None:
    row, party = keeping.person_of(user_id), Party(PERSON, user_id)
    if row is None:
        return None
    identity = {name: identities.shown(party, row).get(name, "") for name in ("name", "number", "phone")}
    is_identified = row.state == PersonState.IDENTIFIED.value
    told = {"state": row.state, "is_identified": is_identified, "is_readable": identities.is_readable(party, row)}
    return {**identity, **told, "changed": row.changed.isoformat()}


def _part(row: Any) -> str:
    return row.role if row.since else Role.INVITED.value


def _public(row: Any) -> Shown:
    state = rules.state_on(State(row.state), row.until, clock.today())
    named = {"id": row.id, "name": row.name, "uscc": row.uscc, "kind": row.kind, "kind_title": messages.kind(row.kind)}
    return {**named, "state": state.value, "is_doubtful": rules.doubtful_code(row.uscc)}


def organization(id: str, who: Person) -> Shown:
    """As whoever asks may see it."""
    row = keeping.organization_of(id)
    people = keeping.members_of(id)
    state = rules.state_on(State(row.state), row.until, clock.today())
    case = rules.Case(state, row.version, keeping.as_members(people))
    part = case.role_of(who.id) or (Role.BUREAU if who.is_bureau else None)
    shown = {**_public(row), "version": row.version, "role": part.value if part else ""}
    shown["commands"] = [one.value for one in rules.allowed(case, who)]
    if not (running.is_member(case, who) or who.is_bureau):
        return shown
    return {**shown, **_inside(row, people), **_said(row, state)}


def _inside(row: Any, people: list[Any]) -> Shown:
    identity = identities.shown(Party(ORGANIZATION, row.id), row)
    contact = {name: identity.get(name, "") for name in ("contact", "phone", "email")}
    return {
        **contact,
        "is_readable": identities.is_readable(Party(ORGANIZATION, row.id), row),
        "attorney": {name: row.attorney[name] for name in ("name", "size", "mimetype")} if row.attorney else None,
        "is_vouched": connecting.vouches(row.uscc, [one.user_id for one in people if one.role == "representative"]),
        "submitted": row.submitted.isoformat() if row.submitted else "",
        "members": [_member(one) for one in people],
        "former": [_member(one) for one in keeping.former_of(row.id)],
        "events": [_event(one) for one in keeping.events_of(row.id)],
    }


def _said(row: Any, state: State) -> Shown:
    """Why it was refused or barred, as long as that holds."""
    if state not in (State.REFUSED, State.BARRED):
        return {"reason": "", "article": "", "until": ""}
    return {"reason": row.reason, "article": row.article, "until": row.until.isoformat() if row.until else ""}


def _member(row: Any) -> Shown:
    moments = {name: getattr(row, name) for name in ("since", "until")}
    told = {name: value.isoformat() if value else "" for name, value in moments.items()}
    named = {"user": row.name, "display_name": row.fullname or row.name, "role": _part(row)}
    return {**named, "is_active": getattr(row, "account", "active") == "active", **told}


def _event(row: Any) -> Shown:
    facts = {name: row.facts[name] for name in ("reason", "article", "until", "changed") if row.facts.get(name)}
    by = row.fullname or row.user_name or ""
    happened = messages.HAPPENED[Command(row.command)]()
    return {"command": row.command, "sentence": happened, "by": by, "at": row.created.isoformat(), **facts}


def listed(state: str, text: str, limit: int, offset: int) -> Shown:
    states = [one.value for one in State if state in (ALL, one.value)]
    count, rows = keeping.listed(states, text, limit, offset)
    shown = [{**_public(row), "submitted": row.submitted.isoformat() if row.submitted else ""} for row in rows]
    known = keeping.counts()
    return {"count": count, "counts": {one.value: known.get(one.value, 0) for one in State}, "organizations": shown}
