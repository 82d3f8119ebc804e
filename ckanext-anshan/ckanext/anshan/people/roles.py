"""Which roles a user has, read from CKAN's memberships. Being sysadmin gives no other role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.common import g

from . import options
from .rules import CAPACITIES, Role

KEPT = "anshan_reader_memberships"
MEMBERSHIPS = sa.text(  # as text: asked in most requests, and otherwise put together anew each time
    'SELECT "group".id, "group".name, "group".title, member.capacity FROM "group"'
    ' JOIN member ON member.group_id = "group".id'
    " WHERE member.table_name = 'user' AND member.table_id = :id AND member.state = 'active'"
    ' AND "group".state = \'active\' AND "group".is_organization ORDER BY "group".title, "group".name'
)


class Membership(NamedTuple):
    org_id: str
    org_name: str
    org_title: str
    capacity: str

    @property
    def roles(self) -> set[Role]:
        """What the member is there; none for somebody who only reads an agency's entries."""
        offices = {options.bureau_org(): Role.BUREAU, options.cyberspace_org(): Role.CYBERSPACE}
        found = offices.get(self.org_name), CAPACITIES.get(self.capacity)
        return {role for role in found if role}


def memberships(user: Any) -> list[Membership]:
    """The active organizations of a user (object, id or name), each with the capacity there."""
    found = _user(user)
    if found is None:
        return []
    return [Membership(*row) for row in model.Session.execute(MEMBERSHIPS, {"id": found.id})]


def of_reader() -> list[Membership]:
    """The memberships of whoever looks at a page, asked once for it."""
    if not hasattr(g, KEPT):
        setattr(g, KEPT, memberships(tk.current_user))
    return getattr(g, KEPT)


def roles_of(user: Any, among: Iterable[Membership] | None = None) -> set[Role]:
    """``among``: the memberships, by whoever has asked for them already."""
    found = _user(user)
    if found is None:
        return set()
    own = {Role.APPLICANT} | ({Role.SYSADMIN} if found.sysadmin else set())
    return own.union(*(each.roles for each in (memberships(found) if among is None else among)))


def agencies_of(user: Any) -> list[Membership]:
    """The agencies whose entries a user writes."""
    return [each for each in memberships(user) if each.capacity in CAPACITIES]


def capacity_in(user: Any, org_id: str) -> str | None:
    return next((each.capacity for each in memberships(user) if org_id in (each.org_id, each.org_name)), None)


def is_bureau(user: Any) -> bool:
    return Role.BUREAU in roles_of(user)


def is_cyberspace(user: Any) -> bool:
    return Role.CYBERSPACE in roles_of(user)


def _user(user: Any) -> model.User | None:
    """None for a visitor and for an account that isn't active."""
    found = model.User.get(user) if isinstance(user, str) else user
    if found is None or getattr(found, "is_anonymous", False) or found.state != "active":
        return None
    return found
