"""Runs a command on an organization: lock its row, decide, store state, members, event, record and notices, commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context
from sqlalchemy.exc import IntegrityError

from .. import rooms
from ..audit import recording
from ..audit.events import Event
from ..people import roles
from ..workflow import clock
from . import identities, informing, keeping, messages, rules
from .rules import ORGANIZATION, Case, Command, Party, Person, Refusal, Role, State, Step

NOT_THEIRS = frozenset({"unknown", "not_yours", "own_organization"})
"""Codes that say that it isn't this person's to do; the others that it isn't to be done now, or not like this."""
FIELD_OF = {"no_such_user": "user", "is_member_already": "user", "not_a_member": "user", "needs_representative": "user"}
ON_RECORD = ("article", "until", "changed", "version")
"""Of an event's facts those that say nothing about people."""


@dataclass
class Act:
    """A command under way."""

    row: Any  # locked
    case: Case
    person: Person
    command: Command
    given: Mapping[str, Any]
    after: State
    values: dict[str, Any] = field(default_factory=dict)  # columns that it changes
    facts: dict[str, Any] = field(default_factory=dict)  # of its event
    told: dict[str, str] = field(default_factory=dict)  # of its notices alone: what an account is called

    @property
    def party(self) -> Party:
        return Party(ORGANIZATION, self.row.id)

    @property
    def loses(self) -> str:
        """Why nobody acts for the organization any longer; empty where that stays."""
        if self.case.state is not State.VERIFIED or self.after is State.VERIFIED:
            return ""
        return "barred" if self.after is State.BARRED else "unverified"


def person(context: Context) -> Person:
    """Who asks; nobody else can be named. A sysadmin judges nothing, whatever organization they are a member of."""
    found = model.User.get(context.get("user"))
    if found is None or found.state != "active":
        return Person("")
    return Person(found.id, roles.is_bureau(found) and not found.sysadmin)


def case_of(row: Any) -> Case:
    state = rules.state_on(State(row.state), row.until, clock.today())
    return Case(state, row.version, keeping.as_members(keeping.members_of(row.id)))


def run(
    context: Context, id: str, command: Command, given: Mapping[str, Any], change: Callable[[Act], None] | None = None
) -> str:
    """Do a command for the caller, and commit; the organization's id.

    :param change: what it changes, once it is decided: ``values``, ``facts``, members
    :raises NotAuthorized, ValidationError: refused, and nothing has changed
    """
    with whole():
        row = keeping.organization_of(id, lock=True) or refuse(Refusal("unknown"))
        case, who = case_of(row), person(context)
        step = need(rules.decide(case, command, who, given))
        act = Act(row, case, who, command, given, step.to)
        if change:
            change(act)
        act.after = rules.after(step, act.values) if command is Command.UPDATE else step.to
        _store(act)
    return row.id


@contextmanager
def whole() -> Iterator[None]:
    """All of it is committed, or nothing."""
    try:
        yield
        model.Session.commit()
    except IntegrityError as error:
        model.Session.rollback()
        refuse(_taken(error))
    except BaseException:
        model.Session.rollback()
        raise


def _taken(error: IntegrityError) -> Refusal:
    """Somebody was faster, past the look that was taken before."""
    text = str(error.orig)
    if "anshan_applicants_organization_code" in text:
        return Refusal("code_taken")
    return Refusal("id_taken" if "digest" in text else "is_member_already")


def _store(act: Act) -> None:
    if act.command is Command.UPDATE and set(act.values) & set(rules.REVIEWED):
        act.values["version"] = act.row.version + 1
    if act.after is State.PENDING and act.case.state is not State.PENDING:
        act.values |= {"submitted": clock.now(), "reason": "", "article": "", "until": None}
    keeping.change(act.row.id, state=act.after.value, **act.values)
    keeping.note(act.row.id, act.command.value, act.person.id, act.case.state.value, act.after.value, act.facts)
    record(act.party, act.command, act.facts)
    informing.tell(act)
    if act.loses:
        leave(act.party, None, act.loses)


def record(party: Party, command: Command, facts: Mapping[str, Any]) -> None:
    """Put it on the log, in the same transaction."""
    kept = {name: facts[name] for name in ON_RECORD if facts.get(name)}
    about, reason = identities.about(party), str(facts.get("reason") or "")
    recording.note(Event(f"applicant.{command.value}", object=about, action="applicants", reason=reason, facts=kept))


def leave(party: Party, user_id: str | None, why: str) -> None:
    """Tell the other rooms, in this transaction, who can't act for a party any longer; no user: nobody can."""
    for done in rooms.leaving().values():
        done(party._asdict(), user_id, why)


def need(found: Step | Refusal) -> Step:
    return refuse(found) if isinstance(found, Refusal) else found


def refuse(refusal: Refusal, at: str = "") -> NoReturn:
    """:raises NotAuthorized: nobody like them may · :raises ValidationError: not now, or not like this"""
    if refusal.code in NOT_THEIRS:
        raise tk.NotAuthorized(messages.coded(refusal))
    raise wrong({at or FIELD_OF.get(refusal.code, "organization"): refusal})


def wrong(refusals: Mapping[str, Refusal]) -> tk.ValidationError:
    """What is wrong with each field, with the code of the first."""
    told: dict[str, Any] = {name: [messages.words(one)] for name, one in refusals.items()}
    return tk.ValidationError(told | {"code": [messages.code(next(iter(refusals.values())))]})


def verdict(context: Context, id: str, command: Command) -> Refusal | None:
    """Whether it is somebody's to do at all; what only stands against it now, the action says."""
    row, who = keeping.organization_of(id), person(context)
    case = case_of(row) if row else Case(State.UNVERIFIED)
    found = rules.roles_of(case, who)
    if not found:
        return Refusal("unknown")
    return None if found & rules.ROLES_OF[command] else Refusal("not_yours")


def as_auth(refusal: Refusal | None) -> AuthResult:
    return {"success": False, "msg": messages.coded(refusal)} if refusal else {"success": True}


def sees(context: Context, id: str) -> bool:
    """Members, those who are invited, and the bureau."""
    row = keeping.organization_of(id)
    return row is not None and bool(rules.roles_of(case_of(row), person(context)))


def is_member(case: Case, person: Person) -> bool:
    return case.role_of(person.id) in (Role.REPRESENTATIVE, Role.MEMBER)
