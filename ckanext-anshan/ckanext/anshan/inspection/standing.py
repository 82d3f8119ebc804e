"""Who the caller is to an agency, and the decision about what they ask; an action that is refused raises here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ..people import roles
from . import messages, rules
from .rules import Command, Refusal, State


def verdict(
    user: Any, agency: str, command: Command, state: State | None = None, given: Mapping[str, Any] | None = None
) -> rules.Step | Refusal:
    """The decision about one command.

    :param user: object, id or name · :param agency: id of the organization; empty where there is no such thing
    """
    if not agency:
        return Refusal("unknown")
    members = roles.memberships(user)
    capacity = next((one.capacity for one in members if one.org_id == agency), None)
    return rules.decide(command, rules.parts(capacity, roles.roles_of(user, members)), state, given)


def need(
    context: Context, agency: str, command: Command, state: State | None = None, given: Mapping[str, Any] | None = None
) -> None:
    """Raise unless the caller may: the decision, whatever was skipped before it."""
    found = verdict(context.get("user"), agency, command, state, given)
    if isinstance(found, Refusal):
        refuse(found)


def refuse(refusal: Refusal) -> NoReturn:
    """:raises NotAuthorized: nobody of them may · :raises ValidationError: not now, or not like this"""
    if refusal.code in ("unknown", "not_yours"):
        raise tk.NotAuthorized(messages.coded(refusal))
    raise tk.ValidationError({"asked": [messages.words(refusal)], "code": [f"inspection.{refusal.code}"]})


def as_auth(found: rules.Step | Refusal) -> AuthResult:
    return {"success": False, "msg": messages.coded(found)} if isinstance(found, Refusal) else {"success": True}


def user_id(context: Context) -> str | None:
    user = model.User.get(context.get("user"))
    return user.id if user else None
