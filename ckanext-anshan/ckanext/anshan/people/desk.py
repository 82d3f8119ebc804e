"""What somebody finds on their desk: who they are here, what is new, the entries that wait for them, their tokens."""

from __future__ import annotations

from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk

from . import messages, roles
from .rules import INSPECTS, SEES_ALL_ENTRIES, Role, may_import

SHOWN = 5
"""Entries of each list; the whole list is a link away."""


class Duty(NamedTuple):
    """What somebody is in an agency, in words: names and tasks. ``where`` is empty for what is bound to none."""

    where: str
    parts: list[tuple[str, str]]


class Entries(NamedTuple):
    """The entries that somebody sees, counted; ``overdue`` and ``latest`` are the first of those."""

    total: int
    incomplete: int
    late: int
    overdue: list[dict[str, Any]]
    latest: list[dict[str, Any]]
    drafts: list[dict[str, Any]]

    @property
    def complete(self) -> int:
        return self.total - self.incomplete


class Desk(NamedTuple):
    duties: list[Duty]
    entries: Entries | None
    tokens: int
    may_write: bool
    may_import: bool
    sees_all: bool
    inspects: bool
    verifies: bool  # the organizations that apply
    told: dict[str, Any]
    applied: int  # own applications that wait for them


def of(user: Any) -> Desk:
    """A number of statements that grows neither with the entries nor with the agencies."""
    members = roles.memberships(user)
    found = roles.roles_of(user, members)
    sees_all = bool(found & {*SEES_ALL_ENTRIES, Role.SYSADMIN})
    return Desk(
        duties=duties(found, members),
        entries=entries() if members or sees_all else None,
        tokens=len(tk.get_action("api_token_list")({}, {"user_id": user.id})),
        may_write=Role.SYSADMIN in found or any(each.capacity in roles.CAPACITIES for each in members),
        may_import=may_import(found),
        sees_all=sees_all,
        inspects=bool(found & INSPECTS),
        verifies=Role.BUREAU in found and Role.SYSADMIN not in found,
        told=tk.get_action("anshan_notice_list")({}, {"limit": SHOWN, "only_unread": True}),
        applied=0 if user.sysadmin else _waiting(),
    )


def _waiting() -> int:
    """How many of the caller's own applications wait for them."""
    asked = {"side": "applicant", "group": "mine", "limit": 0}
    return tk.get_action("anshan_application_list")({}, asked)["counts"]["mine"]


def duties(found: set[Role], members: list[roles.Membership]) -> list[Duty]:
    """One for each agency or office; a registered user's where there is no other."""
    there = [Duty(each.org_title or each.org_name, [*map(messages.role, _parts(each))]) for each in members]
    here = [Duty("", [messages.role(Role.SYSADMIN)])] if Role.SYSADMIN in found else []
    return [*here, *there] or [Duty("", [messages.role(Role.APPLICANT)])]


def duties_of(user: Any) -> list[Duty]:
    members = roles.memberships(user)
    return duties(roles.roles_of(user, members), members)


def entries() -> Entries:
    """Of those that the caller may see; two searches, whose first entries are shown."""
    ask = tk.get_action("anshan_catalogue_entry_list")
    found, late = ask({}, {"limit": SHOWN}), ask({}, {"limit": SHOWN, "state": "late"})
    gaps = {item["name"]: item["count"] for item in found["facets"]["has_gaps"]}
    return Entries(
        found["count"], gaps.get("yes", 0), late["count"], late["entries"], found["entries"], found["drafts"]
    )


def _parts(member: roles.Membership) -> list[Role | None]:
    """An office's part before that in the agency."""
    return [role for role in reversed(Role) if role in member.roles] or [None]
