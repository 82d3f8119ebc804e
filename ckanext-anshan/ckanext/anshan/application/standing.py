"""Who the caller is to an application, the facts of its case, and the decision; what is refused raises here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ..applicants import parties
from ..people import roles
from ..people.rules import Role as Duty
from ..workflow import clock
from . import applications, forms, messages, offering, rules
from .offering import Matter
from .rules import NOBODY, Case, Command, Kind, Opinion, Person, Refusal, Role, Signature, State, Step

OFFICES = {Duty.CYBERSPACE: Role.CYBERSPACE, Duty.BUREAU: Role.BUREAU}
DUTIES = {Duty.PUBLISHER: Role.HANDLER, Duty.AGENCY_HEAD: Role.HEAD}
SEEN_BY_CYBERSPACE = rules.IN_USE  # and whatever wants its opinion


def _may_act(user: Any) -> bool:
    """An account in use, and no sysadmin's: they run the machine, apply for nothing and sign nothing."""
    return not getattr(user, "is_anonymous", False) and user.state == "active" and not user.sysadmin


class Asker:
    """Somebody and what they are: asked once, for however many applications."""

    def __init__(self, user: Any):
        found = model.User.get(user) if isinstance(user, str) else user
        self.user = found if found is not None and _may_act(found) else None
        self.acting = parties.acting(self.user)
        self.parties = frozenset(one.key for one in self.acting)
        self.members = roles.memberships(self.user) if self.user else []
        self.deputises = self._deputises()

    def _deputises(self) -> frozenset[str]:
        """Agencies whose publisher they are and whose head named them in their place today."""
        own = [one.org_id for one in self.members if Duty.PUBLISHER in one.roles]
        today = clock.today()
        now = (one for one in applications.deputies_of(own, today) if one.starts <= today)
        return frozenset(one.agency for one in now if self.user and one.user_id == self.user.id)

    @property
    def heads(self) -> frozenset[str]:
        """Keys of the agencies whose head they are, or stand in for today."""
        heads = {one.org_id for one in self.members if Duty.AGENCY_HEAD in one.roles} | self.deputises
        return frozenset(f"{parties.AGENCY}:{id}" for id in heads)

    def to(self, row: Any, parties_of_it: Sequence[Any]) -> Person:
        """What they are to an application; a draft is its applicants' alone."""
        if self.user is None:
            return NOBODY
        mine = frozenset(f"{one.kind}:{one.party_id}" for one in parties_of_it) & self.parties
        first = f"{row.party_kind}:{row.party_id}"
        found = {Role.APPLICANT} if first in mine else set()
        found |= {Role.PARTNER} if mine - {first} else set()
        organization = ""
        if row.state != State.DRAFT.value:
            judges = self._judges(row)
            found |= set(judges)
            organization = next(iter(judges.values()), "")
        return Person(self.user.id, frozenset(found), mine, organization, mine & self.heads)

    def _judges(self, row: Any) -> dict[Role, str]:
        found: dict[Role, str] = {}
        for one in self.members:
            if one.org_id == row.agency:
                found |= {DUTIES[duty]: one.org_id for duty in one.roles & set(DUTIES)}
                found |= {Role.HEAD: one.org_id} if row.agency in self.deputises else {}
            found |= {OFFICES[duty]: one.org_id for duty in one.roles & set(OFFICES)}
        if not (row.needs_opinion or State(row.state) in SEEN_BY_CYBERSPACE):
            found.pop(Role.CYBERSPACE, None)
        return found


def person(user: Any, row: Any) -> Person:
    return Asker(user).to(row, applications.parties_of([row.id])[row.id])


def case_of(row: Any) -> Case:
    return cases_of([row])[row.id]


def cases_of(rows: Sequence[Any]) -> dict[str, Case]:
    """The facts that decisions rest on, with a number of statements that doesn't grow with the applications."""
    ids = [row.id for row in rows]
    matters = offering.matters(rows)
    opinions, signatures = applications.opinions_of(ids), applications.signatures_of(ids)
    kinds = parties.shown({(one.kind, one.party_id) for each in matters.values() for one in each.parties})
    return {row.id: _case(row, matters[row.id], opinions[row.id], signatures[row.id], kinds) for row in rows}


def _case(
    row: Any, matter: Matter, opinions: Sequence[Any], signatures: Sequence[Any], kinds: Mapping[Any, Any]
) -> Case:
    return Case(
        state=State(row.state),
        kind=Kind(row.kind),
        parties=tuple(f"{one.kind}:{one.party_id}" for one in matter.parties),
        joined=frozenset(f"{one.kind}:{one.party_id}" for one in matter.parties if one.joined),
        hash=row.hash,
        problems=tuple(sorted({f"{one.field}.{one.code}" for one in problems_of(row, matter)})),
        ineligible=ineligible(row, matter, kinds),
        is_offered=matter.is_offered,
        is_unconditional=row.kind == Kind.SHARING.value and matter.is_unconditional,
        needs_opinion=row.needs_opinion,
        opinions=tuple(Opinion(one.user_id, one.agrees, one.hash) for one in opinions),
        handler=row.handler,
        recused=frozenset(row.recused),
        is_extended=row.is_extended,
        agreement=row.agreement,
        signatures=tuple(Signature(one.party, one.user_id, one.agreement) for one in signatures),
    )


def problems_of(row: Any, matter: Matter) -> list[forms.Problem]:
    """What is missing or wrong in what is applied for."""
    files = {one.field for one in matter.attachments if "/" not in one.field}
    sharing = row.kind == Kind.SHARING.value
    return forms.problems(row.content, matter.asked(), files, clock.today(), sharing=sharing)


def ineligible(row: Any, matter: Matter, kinds: Mapping[Any, Any]) -> tuple[str, ...]:
    """The parties to which one of the datasets isn't open, whoever they are otherwise (art. 27)."""
    if row.kind == Kind.SHARING.value:
        return tuple(f"{one.kind}:{one.party_id}" for one in matter.parties if one.kind != parties.AGENCY)
    found = []
    for one in matter.parties:
        kind = kinds.get((one.kind, one.party_id), {}).get("kind", "")
        if not all(kind in each.conditions.eligible for each in matter.offered.values()):
            found.append(f"{one.kind}:{one.party_id}")
    return tuple(found)


def need(found: Step | Refusal) -> Step:
    """The step, or the refusal raised."""
    if isinstance(found, Refusal):
        refuse(found)
    return found


REFUSED = frozenset({"unknown", "not_yours", "own_application", "recused", "signs_twice", "no_such_report"})
"""Codes that say that it isn't this person's to do; the others that it isn't to be done now, or not like this."""


def refuse(refusal: Refusal) -> NoReturn:
    """:raises NotAuthorized: nobody of them may · :raises ValidationError: not now, or not like this"""
    if refusal.code in REFUSED:
        raise tk.NotAuthorized(messages.coded(refusal))
    raise tk.ValidationError({"application": [messages.words(refusal)], "code": [f"application.{refusal.code}"]})


def refuse_problems(found: Sequence[forms.Problem]) -> NoReturn:
    """:raises ValidationError: each problem beside its field"""
    said: dict[str, list[str]] = {}
    for one in found:
        said.setdefault(one.field, []).append(messages.problem(one))
    raise tk.ValidationError({**said, "code": [f"application.{found[0].code}"]})  # pyright: ignore[reportArgumentType]


def as_auth(found: Step | Refusal | None) -> AuthResult:
    """Whether somebody may at all; what only stands against it now, the action says."""
    if isinstance(found, Refusal) and found.code in REFUSED:
        return {"success": False, "msg": messages.coded(found)}
    return {"success": True}


def verdict(context: Context, id: str, command: Command) -> Step | Refusal:
    """The decision as if nothing were missing."""
    row = applications.find(id)
    if row is None:
        return Refusal("unknown")
    return rules.decide(case_of(row), command, person(context.get("user"), row))
