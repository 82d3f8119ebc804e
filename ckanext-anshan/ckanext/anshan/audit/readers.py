"""Who reads the log: the account of a context with its roles."""

from __future__ import annotations

from ckan import model
from ckan.types import Context

from ..people import roles
from ..people.rules import Role
from . import persons
from .seeing import VISITOR, Reader


def reader_of(context: Context) -> Reader:
    """Three statements for an account, none for a visitor."""
    name = context.get("user")
    user = model.User.get(name) if name else None
    if user is None or user.state != model.State.ACTIVE:
        return VISITOR
    members = roles.memberships(user)
    parts = {one.org_id: one.roles for one in members}
    return Reader(
        account=user.id,
        person=persons.found(persons.ACCOUNT, user.id),
        roles=frozenset(role.value for role in roles.roles_of(user, members)),
        agencies=frozenset(id for id, held in parts.items() if held & {Role.PUBLISHER, Role.AGENCY_HEAD}),
        heads=frozenset(id for id, held in parts.items() if Role.AGENCY_HEAD in held),
    )
