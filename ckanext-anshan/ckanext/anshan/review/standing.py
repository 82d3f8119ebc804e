"""Who the caller is to a submission, the facts of its case, and the decision; an action that is refused raises here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import AuthResult, Context

from ..people import options as people_options
from ..people import roles
from ..release import entries
from ..scan.findings import Severity
from . import freezing, messages, options, rules, submissions
from .rules import NOBODY, Case, Command, Key, Kind, Offices, Person, Refusal, Role, Signature, State, Step, Way


def person(user: Any, agency: str) -> Person:
    """Somebody as a submission of this agency knows them. Being sysadmin gives nothing, and takes every key away.

    :param user: object, id or name · :param agency: id of the organization; empty for a list
    """
    return people(user, [agency])[agency]


def people(user: Any, agencies: Iterable[str]) -> dict[str, Person]:
    """Somebody as the submissions of each of these agencies know them; as many statements as for one."""
    wanted = set(agencies)
    found = model.User.get(user) if isinstance(user, str) else user
    if found is None or getattr(found, "is_anonymous", False) or found.state != "active":
        return dict.fromkeys(wanted, NOBODY)
    members = [(one.org_id, one.org_name, one.capacity) for one in roles.memberships(found)]
    named = _names(wanted)
    given = {agency: rules.roles_in(members, agency, _offices(named.get(agency, ""))) for agency in wanted}
    if found.sysadmin:
        given = {agency: rules.without_keys(each) for agency, each in given.items()}
    return {agency: Person(found.id, frozenset(each), each) for agency, each in given.items()}


def offices(agency: str) -> Offices:
    return _offices(_names({agency}).get(agency, ""))


def _offices(agency_name: str) -> Offices:
    return Offices(people_options.cyberspace_org(), people_options.bureau_org(), options.deputy_org(), agency_name)


def _names(agencies: Iterable[str]) -> dict[str, str]:
    group = model.group_table
    ids = [id for id in agencies if id]
    query = sa.select(group.c["id"], group.c["name"]).where(group.c["id"].in_(ids))
    return {row[0]: row[1] for row in model.Session.execute(query)} if ids else {}


def office_of(role: Role, agency: str) -> str:
    """Name of the organization whose members have this role towards the submissions of an agency."""
    found = offices(agency)
    named = {Role.CYBERSPACE: found.cyberspace, Role.BUREAU: found.bureau}[role]
    return found.deputy if named == found.agency_name else named


def case_of(row: Any) -> Case:
    return cases_of([row])[row.id]


def cases_of(rows: Sequence[Any]) -> dict[str, Case]:
    """The facts that decisions rest on, with a number of statements that doesn't grow with the submissions."""
    ids = [row.id for row in rows]
    signed = submissions.signatures_of(ids)
    cleared = submissions.cleared([row.id for row in rows if row.severity == Severity.BLOCK.value])
    standings = entries.standings([row.entry_id for row in rows if row.entry_id])
    bases = _bases([row for row in rows if row.way == Way.ROUTINE.value])
    return {row.id: _case(row, signed[row.id], cleared.get(row.id, set()), standings, bases) for row in rows}


def _case(row: Any, signed: Sequence[Any], cleared: set[str], standings: Mapping[str, Any], bases: set[str]) -> Case:
    standing = standings.get(row.entry_id)
    return Case(
        state=State(row.state),
        kind=Kind(row.kind),
        way=Way(row.way),
        hash=row.hash,
        scan_hash=row.scan_hash,
        opening_class=row.opening_class,
        severity=Severity(row.severity) if row.severity else None,
        is_cleared=row.scan_hash in cleared,
        is_suspended=bool(standing and standing.is_taken_off) and row.kind == Kind.OPENING.value,
        is_sampled=row.is_sampled,
        has_policy=row.base in bases,
        submitter=row.submitter,
        signatures=tuple(_signature(one) for one in signed),
    )


def _signature(row: Any) -> Signature:
    bound = (row.hash, row.scan_hash, row.opening_class)
    return Signature(Key(row.key), row.user_id, row.organization_id, *bound)


def _bases(rows: Sequence[Any]) -> set[str]:
    """Those of the submissions that routine updates rest on which three keys signed, with a policy that lets them."""
    ids = sorted({row.base for row in rows if row.base})
    if not ids:
        return set()
    bases = submissions.find_all(ids)
    cases = cases_of([base for base in bases if base.way != Way.ROUTINE.value])
    return {
        base.id
        for base in bases
        if freezing.allows_routine(base.frozen)
        and base.id in cases
        and rules.opens(replace(cases[base.id], is_suspended=False)) is None
    }


def need(found: Step | Refusal) -> Step:
    """The step, or the refusal raised."""
    if isinstance(found, Refusal):
        refuse(found)
    return found


REFUSED = frozenset(
    {"unknown", "not_yours", "own_submission", "signs_twice", "same_organization", "no_key", "no_figures"}
)
"""Codes that say that it isn't this person's to do; the others that it isn't to be done now, or not like this."""


def refuse(refusal: Refusal) -> NoReturn:
    """:raises NotAuthorized: nobody of them may · :raises ValidationError: not now, or not like this"""
    if refusal.code in REFUSED:
        raise tk.NotAuthorized(messages.coded(refusal))
    raise tk.ValidationError({"submission": [messages.words(refusal)], "code": [f"review.{refusal.code}"]})


def as_auth(found: Step | Refusal) -> AuthResult:
    """Whether somebody may at all; what only stands against it now, the action says."""
    if isinstance(found, Refusal) and found.code in REFUSED:
        return {"success": False, "msg": messages.coded(found)}
    return {"success": True}


def verdict(context: Context, id: str, command: Command) -> Step | Refusal:
    """The decision as if nothing were missing."""
    row = submissions.find(id)
    if row is None:
        return Refusal("unknown")
    return rules.decide(case_of(row), command, person(context.get("user"), row.agency))


def may_see(who: Person) -> bool:
    """Whoever has a part in a submission sees it."""
    return bool(who.roles)
