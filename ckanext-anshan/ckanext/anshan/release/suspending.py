"""Suspends what is public, at once, and lifts that again when both offices agree (articles 8 and 46).

The decision is taken under the lock of publishing, on the rows as they are then. Each step is one transaction: killed
at any moment, the old or the new is public, never a part of either.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model as ckan_model

from .. import rooms
from ..audit import recording
from ..audit.events import Event, Object
from ..people import notices, roles
from ..people import options as people_options
from ..people.rules import Role as Duty
from . import messages, model, publishing, rules
from .model import run
from .rules import Command, Lift, Refusal, Role, Scope, State

DUTIES = {Duty.CYBERSPACE: Role.CYBERSPACE, Duty.BUREAU: Role.BUREAU}
OFFICES = (Role.CYBERSPACE, Role.BUREAU)
SUSPENSIONS = "/suspensions"  # the page of all


@dataclass(frozen=True)
class Person:
    """Who asks, with the offices that they are a member of and the organization of each. Sysadmins have none."""

    id: str = ""
    offices: Mapping[Role, str] = field(default_factory=dict)


def person(user: Any) -> Person:
    """:param user: object, id or name"""
    found = ckan_model.User.get(user) if isinstance(user, str) else user
    if found is None or getattr(found, "is_anonymous", False) or found.state != "active" or found.sysadmin:
        return Person()
    offices: dict[Role, str] = {}
    for one in roles.memberships(found):
        for duty in one.roles & set(DUTIES):
            offices.setdefault(DUTIES[duty], one.org_id)
    return Person(found.id, offices)


@dataclass(frozen=True)
class Target:
    """What is to be suspended, found in the rows."""

    scope: Scope
    row: Any  # the release that is looked at
    version: int | None = None
    file_name: str = ""
    sha256: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        named = {"version": self.version, "file_name": self.file_name, "sha256": self.sha256}
        return {"scope": self.scope.value, **named}


def suspend(by: Person, given: Mapping[str, Any]) -> str | Refusal:
    """Take it off, with all copies of it. Commits.

    :param given: ``id`` of the dataset, ``version`` and ``file`` where only that is meant, ``reason``
    :returns: the id of the suspension
    """
    if not rules.may_suspend(by.offices):
        return Refusal("suspends_not")
    publishing.lock()
    head = model.head_of(given["id"])
    if head is None:
        return Refusal("nothing_public")
    target = _target(head, given)
    if isinstance(target, Refusal):
        return target
    against = _against(target, by, given)
    if against:
        return against
    id = _insert(target, by, given["reason"])
    _note("release.suspended", target.row, target.facts | {"reason": given["reason"]}, "anshan_release_suspend")
    _tell_agency("dataset_suspended", head, given["reason"], by)
    _tell_rooms(head.dataset_id, True, given["reason"])
    publishing.settle(head.dataset_id, _take_off(target, head, given))
    return id


def _target(head: Any, given: Mapping[str, Any]) -> Target | Refusal:
    row = head
    if given.get("version"):
        row = next((one for one in model.versions(head.dataset_id) if one.version == given["version"]), None)
        if row is None or row.published is None:
            return Refusal("no_such_version", {"version": given["version"]})
    if not given.get("file"):
        return Target(Scope.VERSION, row, row.version) if given.get("version") else Target(Scope.DATASET, row)
    file = next((one for one in model.files_of([row.id])[row.id] if one.name == given["file"]), None)
    if file is None:
        return Refusal("no_such_file", {"name": given["file"][:200], "version": row.version})
    return Target(Scope.FILE, row, None, file.name, file.sha256)


def _against(target: Target, by: Person, given: Mapping[str, Any]) -> Refusal | None:
    same = (target.scope.value, target.version, target.sha256)
    if any((one.scope, one.version, one.sha256) == same for one in model.suspensions([target.row.dataset_id])):
        return Refusal("suspended_already")
    state = State(target.row.state)  # what another suspension took off can be suspended once more, for its own reason
    asked = State.PUBLISHED if state is State.SUSPENDED else state
    found = rules.decide(asked, Command.SUSPEND, by.offices, given)
    return found if isinstance(found, Refusal) else None


def _insert(target: Target, by: Person, reason: str) -> str:
    id, row = str(uuid.uuid4()), target.row
    what = {"dataset_id": row.dataset_id, "dataset_name": row.dataset_name, **target.facts}
    who = {"user_id": by.id, "organization_id": by.offices[Role.CYBERSPACE]}
    run(model.suspension.insert(), {"id": id, "reason": reason, **what, **who})
    return id


def _take_off(target: Target, head: Any, given: Mapping[str, Any]) -> list[int]:
    """Bring the rows and the public side to where the suspension has them. Returns the jobs that drop tables."""
    state = State(target.row.state)
    if target.scope is Scope.FILE:
        is_shown = any(one.sha256 == target.sha256 for one in model.files_of([head.id])[head.id])
        return publishing.show(head, head) if is_shown and State(head.state) is State.PUBLISHED else []
    if state is not State.SUSPENDED:
        publishing.move(target.row, Command.SUSPEND, given, Role.CYBERSPACE)
    return publishing.take_off(head) if state is State.PUBLISHED else []


def lift(by: Person, given: Mapping[str, Any]) -> bool | Refusal:
    """Agree to lift a suspension; the second office ends it. Commits.

    :param given: ``id`` of the suspension, ``reason`` · :returns: whether it is ended
    """
    if not by.offices:
        return Refusal("not_an_office")
    publishing.lock()
    row = run(sa.select(model.suspension).where(model.suspension.c.id == given["id"])).first()
    if row is None:
        return Refusal("no_such_suspension")
    if row.lifted is not None:
        return Refusal("lifted_already")
    before = lifts(model.lifts_of([row.id])[row.id])
    found = rules.decide_lift(before, by.id, by.offices, given["reason"])
    if isinstance(found, Refusal):
        return found
    _agree(row, found)
    if rules.is_lifted([*before, found]):
        _end(row, by, [*before, found])
        return True
    _tell_other_office(row, found)
    ckan_model.Session.commit()
    return False


def lifts(rows: Sequence[Any]) -> list[Lift]:
    return [Lift(Role(one.office), one.user_id, one.organization_id, one.reason) for one in rows]


def _agree(row: Any, found: Lift) -> None:
    who = {"office": found.office.value, "user_id": found.person, "organization_id": found.organization}
    run(model.lift.insert(), {"suspension_id": row.id, "reason": found.reason, **who})
    head = model.head_of(row.dataset_id)
    facts = {"scope": row.scope, "office": found.office.value, "reason": found.reason}
    _note("release.lift_agreed", head, facts, "anshan_release_lift")


def _end(row: Any, by: Person, agreed: Sequence[Lift]) -> None:
    run(model.suspension.update().where(model.suspension.c.id == row.id).values(lifted=sa.func.now()))
    head = model.head_of(row.dataset_id)
    facts = {"scope": row.scope, "version": row.version, "file_name": row.file_name, "sha256": row.sha256}
    _note("release.lifted", head, facts, "anshan_release_lift")
    notices.settle(f"suspension:{row.id}")
    _tell_agency("dataset_lifted", head, agreed[-1].reason, by)
    _tell_rooms(row.dataset_id, False, agreed[-1].reason)
    given = {one.office.value: one.reason for one in agreed}
    publishing.settle(row.dataset_id, _bring_back(row, head, given))


def _bring_back(row: Any, head: Any, given: Mapping[str, str]) -> list[int]:
    """Show what no other suspension covers. Returns the jobs that drop tables."""
    left = model.suspensions([row.dataset_id])
    if Scope(row.scope) is Scope.FILE:
        return publishing.show(head, head) if State(head.state) is State.PUBLISHED else []
    if publishing.is_taken_off(left):
        return []
    still = {one.version for one in left if Scope(one.scope) is Scope.VERSION}
    for one in model.versions(row.dataset_id):
        if State(one.state) is State.SUSPENDED and one.version not in still:
            publishing.move(one, Command.LIFT, given, *OFFICES)
    return _newest_again(row.dataset_id)


def _newest_again(dataset_id: str) -> list[int]:
    """Publish the newest version, unless it is suspended or taken back, or its emergency is over meanwhile."""
    for row in model.versions(dataset_id):
        if State(row.state) is State.SUPERSEDED and not _is_over(row):
            publishing.move(row, Command.RESTORE)
            return publishing.show(row, row)
        if State(row.state) is State.SUPERSEDED:
            publishing.move(row, Command.LAPSE)
        elif State(row.state) is not State.LAPSED:
            return []
    return []


def _is_over(row: Any) -> bool:
    return row.until is not None and row.until <= datetime.datetime.now(datetime.timezone.utc)


def _note(kind: str, row: Any, facts: Mapping[str, Any], action: str) -> None:
    told = {name: value for name, value in facts.items() if value not in (None, "")}
    recording.note(Event(kind, object=Object("release", row.id), action=action, facts=told))


def _facts(head: Any, reason: str) -> dict[str, Any]:
    agency = ckan_model.Group.get(head.metadata["owner_org"])
    return {"title": head.metadata["title"], "agency": agency.title if agency else "", "reason": reason}


def _tell_agency(kind: str, head: Any, reason: str, by: Person) -> None:
    """Its publishers and its head, and the bureau; not whoever did it."""
    users = {*notices.members(head.metadata["owner_org"]), *notices.members(people_options.bureau_org())}
    notices.tell(kind, users - {by.id}, _facts(head, reason), f"/dataset/{head.dataset_name}")


def _tell_rooms(dataset_id: str, is_suspended: bool, reason: str) -> None:
    """Those that use the dataset, in this transaction."""
    for told in rooms.withholding().values():
        told(dataset_id, is_suspended, reason)


def _tell_other_office(row: Any, found: Lift) -> None:
    is_bureau = found.office is Role.BUREAU
    other = people_options.cyberspace_org() if is_bureau else people_options.bureau_org()
    facts = _facts(model.head_of(row.dataset_id), found.reason)
    notices.tell("lift_waits", notices.members(other), facts, SUSPENSIONS, f"suspension:{row.id}")


def refuse(refusal: Refusal) -> tk.NotAuthorized | tk.ObjectNotFound | tk.ValidationError:
    """As an exception; what was locked is let go."""
    ckan_model.Session.rollback()
    words = messages.words(refusal)
    if refusal.code in ("suspends_not", "not_an_office", "not_yours"):
        return tk.NotAuthorized(f"release.{refusal.code} · {words}")
    if refusal.code in ("nothing_public", "no_such_suspension"):
        return tk.ObjectNotFound(words)
    fields = {"no_such_version": "version", "no_such_file": "file", "reason_missing": "reason", "missing": "reason"}
    return tk.ValidationError({fields.get(refusal.code, "id"): [words], "code": [f"release.{refusal.code}"]})
