"""Who applies: persons and organizations as the room of the applicants knows them, and agencies (art. 21)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ..people import notices, roles
from ..people.rules import CAPACITIES
from . import keeping
from . import rules as applicants_rules
from . import standing as applicants

AGENCY = "agency"
TITLES = sa.text(
    "SELECT id, coalesce(nullif(title, ''), name) AS title FROM \"group\" WHERE id = ANY(:ids) AND is_organization"
)

LIVING = sa.text("SELECT id FROM \"group\" WHERE id = ANY(:ids) AND is_organization AND state = 'active'")


@dataclass(frozen=True)
class Acting:
    """A party that somebody may act for now. ``applicant_kind``: as entries say who is eligible."""

    kind: str
    id: str
    name: str
    code: str
    applicant_kind: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


def acting(user: Any) -> list[Acting]:
    """For whom a user acts: nobody, for a sysadmin (they run the machine and apply for nothing)."""
    found = _account(user)
    if found is None or found.sysadmin:
        return []
    own = [
        Acting(one.party.kind, one.party.id, one.name, one.code, one.kind) for one in applicants.parties_of(found.id)
    ]
    return own + [Acting(AGENCY, one.org_id, one.org_title or one.org_name, "", AGENCY) for one in agencies(found)]


def agencies(user: Any) -> list[roles.Membership]:
    return [one for one in roles.memberships(user) if one.capacity in CAPACITIES]


def keys(user: Any) -> frozenset[str]:
    """``kind:id`` of each."""
    return frozenset(one.key for one in acting(user))


def shown(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    """``name``, ``code`` and ``kind`` of parties, as they may be shown; three statements for all of them."""
    others = {applicants.Party(*one) for one in wanted if one[0] != AGENCY}
    found = {tuple(party): told for party, told in applicants.shown(others).items()} if others else {}
    ids = sorted({id for kind, id in wanted if kind == AGENCY})
    for row in model.Session.execute(TITLES, {"ids": ids}) if ids else ():
        found[AGENCY, row.id] = {"name": row.title, "code": "", "kind": AGENCY}
    return found  # pyright: ignore[reportReturnType]


def named(text: str) -> tuple[str, str] | None:
    """``kind`` and ``id`` of an organization by its unified social credit code, or of a person by their account."""
    id = keeping.holder_of_code(text.strip().upper())
    if id:
        return applicants_rules.ORGANIZATION, id
    user = _account(text.strip())
    has_profile = user is not None and bool(keeping.persons_of({user.id}))
    return (applicants_rules.PERSON, user.id) if user is not None and has_profile else None


def why_not(user_id: str, kind: str, id: str) -> str:
    """Code why a user doesn't act for a party now; empty where they do."""
    if kind == AGENCY:
        user = _account(user_id)
        mine = user is not None and not user.sysadmin and any(one.org_id == id for one in agencies(user))
        return "" if mine else "not_a_member"
    refusal = applicants.acts_for(user_id, applicants.Party(kind, id))
    return refusal.code if refusal else ""


def gone(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Those of these parties for whom nobody acts any longer: code why, and the last day of a bar that has one."""
    others = {applicants.Party(*one) for one in wanted if one[0] != AGENCY}
    refused = applicants.gone(others) if others else {}
    found = {(one.kind, one.id): (why.code, str(why.facts.get("until") or "")) for one, why in refused.items()}
    ids = sorted({id for kind, id in wanted if kind == AGENCY})
    there = set(model.Session.execute(LIVING, {"ids": ids}).scalars()) if ids else set()
    return found | {(AGENCY, id): ("no_agency", "") for id in ids if id not in there}


def users_of(parties: Sequence[tuple[str, str]]) -> set[str]:
    """Ids of the accounts that are told what concerns these parties."""
    found: set[str] = set()
    for kind, id in parties:
        members = notices.members(id, list(CAPACITIES)) if kind == AGENCY else None
        found.update(applicants.users_of(applicants.Party(kind, id)) if members is None else members)
    return found


def _account(user: Any) -> model.User | None:
    found = model.User.get(user) if isinstance(user, str) else user
    if found is None or getattr(found, "is_anonymous", False) or found.state != "active":
        return None
    return found
