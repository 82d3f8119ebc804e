"""Who the caller is to a feedback or a need, the facts of its case, and the decision; what is refused raises here."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ..applicants import parties
from ..people import roles
from ..people.rules import WRITERS
from ..people.rules import Role as Duty
from ..release import offers
from ..workflow import clock
from . import keeping, messages, rules
from .keeping import FEEDBACK, STATES
from .rules import Case, Command, Person, Refusal, Role, Step

REFUSED = frozenset({"unknown", "not_yours", "own_matter", "no_agency"})
"""Codes that say that it isn't this person's to do; the others that it isn't to be done now, or not like this."""


class Asker:
    """Somebody and what they are: asked once, for however many rows. A sysadmin runs the machine and is nothing."""

    def __init__(self, user: Any):
        self.user = _account(user)
        self.members = roles.memberships(self.user) if self.user else []

    @cached_property
    def parties(self) -> list[tuple[str, str]]:
        """Kind and id of all for whom they act."""
        return [(one.kind, one.id) for one in parties.acting(self.user)]

    @property
    def agencies(self) -> list[str]:
        """Ids of those that they write for."""
        return [one.org_id for one in self.members if one.capacity in WRITERS]

    @property
    def is_bureau(self) -> bool:
        return any(Duty.BUREAU in one.roles for one in self.members)

    def to(self, kind: str, row: Any) -> Person:
        """What they are to a feedback or a need."""
        if self.user is None:
            return Person("", frozenset())
        found = {Role.USER} if _user_of(kind, row) in self.parties else set()
        found |= {Role.PROVIDER} if row.provider in self.agencies else set()
        found |= {Role.BUREAU} if self.is_bureau else set()
        return Person(self.user.id, frozenset(found), self._organization(row, found))

    def _organization(self, row: Any, found: set[Role]) -> str:
        if Role.PROVIDER in found:
            return row.provider
        office = (one.org_id for one in self.members if Duty.BUREAU in one.roles)
        return next(office, "") if found == {Role.BUREAU} else ""


def _account(user: Any) -> model.User | None:
    found = model.User.get(user) if isinstance(user, str) else user
    is_one = isinstance(found, model.User) and found.state == "active" and not found.sysadmin
    return found if is_one else None


def _user_of(kind: str, row: Any) -> tuple[str, str]:
    return (row.party_kind, row.party_id) if kind == FEEDBACK else (parties.AGENCY, row.agency)


def case_of(kind: str, row: Any) -> Case:
    state, today = STATES[kind](row.state), clock.today()
    if kind != FEEDBACK:
        return Case(state, today)
    offer = offers.offer(row.dataset_id)
    return Case(state, today, row.version, offer.version if offer and offer.state == "published" else 0)


def need(found: Step | Refusal) -> Step:
    """The step, or the refusal raised."""
    return refuse(found) if isinstance(found, Refusal) else found


def refuse(refusal: Refusal) -> NoReturn:
    """:raises NotAuthorized: nobody of them may · :raises ValidationError: not now, or not like this"""
    if refusal.code in REFUSED:
        raise tk.NotAuthorized(messages.coded(refusal))
    raise tk.ValidationError({"sharing": [messages.words(refusal)], "code": [f"sharing.{refusal.code}"]})


def as_auth(found: Step | Refusal | None) -> AuthResult:
    """Whether somebody may at all; what only stands against it now, the action says."""
    if isinstance(found, Refusal) and found.code in REFUSED:
        return {"success": False, "msg": messages.coded(found)}
    return {"success": True}


def verdict(context: Context, kind: str, id: str, command: Command) -> Step | Refusal:
    """The decision as if nothing were missing."""
    row = keeping.find(kind, id)
    if row is None:
        return Refusal("unknown")
    return rules.decide(case_of(kind, row), command, Asker(context.get("user")).to(kind, row))


def is_member(context: Context) -> Refusal | None:
    """Why somebody reads nothing of what agencies share: they belong to no agency and no office."""
    return None if Asker(context.get("user")).members else Refusal("no_agency")


def writes(context: Context) -> Refusal | None:
    """Why somebody can't say what an agency needs."""
    return None if Asker(context.get("user")).agencies else Refusal("no_agency")
