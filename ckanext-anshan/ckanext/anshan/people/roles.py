"""Which roles a user has, read from CKAN's memberships. Being sysadmin gives no other role."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model

from . import options
from .rules import CAPACITIES, Role


class Membership(NamedTuple):
    org_id: str
    org_name: str
    capacity: str


def memberships(user: Any) -> list[Membership]:
    """The active organizations of a user (object, id or name), each with the capacity there."""
    found = _user(user)
    if found is None:
        return []
    query = (
        sa.select(model.Group.id, model.Group.name, model.Member.capacity)
        .join(model.Member, model.Member.group_id == model.Group.id)
        .where(model.Member.table_name == "user", model.Member.table_id == found.id)
        .where(model.Member.state == "active", model.Group.state == "active", model.Group.is_organization)
    )
    return [Membership(*row) for row in model.Session.execute(query)]


def roles_of(user: Any) -> set[Role]:
    found = _user(user)
    if found is None:
        return set()
    return {Role.APPLICANT} | ({Role.SYSADMIN} if found.sysadmin else set()) | _of_memberships(memberships(found))


def agencies_of(user: Any) -> list[Membership]:
    """The agencies whose entries a user writes."""
    return [each for each in memberships(user) if each.capacity in CAPACITIES]


def capacity_in(user: Any, org_id: str) -> str | None:
    return next((each.capacity for each in memberships(user) if org_id in (each.org_id, each.org_name)), None)


def is_bureau(user: Any) -> bool:
    return Role.BUREAU in roles_of(user)


def is_cyberspace(user: Any) -> bool:
    return Role.CYBERSPACE in roles_of(user)


def _of_memberships(found: list[Membership]) -> set[Role]:
    offices = {options.bureau_org(): Role.BUREAU, options.cyberspace_org(): Role.CYBERSPACE}
    office_roles = {offices[each.org_name] for each in found if each.org_name in offices}
    return office_roles | {CAPACITIES[each.capacity] for each in found if each.capacity in CAPACITIES}


def _user(user: Any) -> model.User | None:
    """None for a visitor and for an account that isn't active."""
    found = model.User.get(user) if isinstance(user, str) else user
    if found is None or getattr(found, "is_anonymous", False) or found.state != "active":
        return None
    return found
