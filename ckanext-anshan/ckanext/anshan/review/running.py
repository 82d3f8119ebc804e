"""Runs a command on a submission: lock its row, decide, store state, event, record, queue and notices, commit once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from sqlalchemy.exc import IntegrityError

from ..audit import recording
from ..audit.events import Event, Object
from ..workflow import clock, outbox
from . import clocks, informing, rules, scans, standing, submissions
from .rules import NOBODY, Case, Command, Person, Refusal, Role, Signature, State, Step

Given = Mapping[str, Any]

ACTIONS = {command: f"anshan_submission_{command.value}" for command in Command} | {
    Command.SUBMIT: "anshan_submission_create",
    Command.SUPERSEDE: "anshan_submission_create",
    Command.PUBLISH: "anshan_review_publish",
    Command.LAPSE: "review_lapse",
}
"""The action, job or routine that does each command."""


@dataclass
class Act:
    """A command under way: who does it to what, and what the decision was."""

    row: Any  # locked
    case: Case
    person: Person
    command: Command
    step: Step
    given: Given
    after: State
    facts: dict[str, Any] = field(default_factory=dict)  # of its event

    @property
    def role(self) -> Role:
        """The one in which they do it; of several, the one whose turn it is."""
        found = [role for role in Role if role in self.person.roles & self.step.who]
        return found[-1] if found else Role.PUBLISHING

    @property
    def organization(self) -> str:
        return self.person.organizations.get(self.role, "")


def run(
    context: Context,
    id: str,
    command: Command,
    given: Given,
    then: Callable[[Act], None] | None = None,
    facts: Callable[[Act], dict[str, Any]] | None = None,
) -> Any:
    """Do a command for the caller; the submission's row as it is afterwards, committed.

    :param then: what else it does, in the same transaction · :param facts: for its event
    :raises NotAuthorized, ValidationError: refused, and nothing has changed
    """
    row = submissions.find(id, lock=True)
    if row is None:
        standing.refuse(Refusal("unknown"))
    row = scans.collect(row)
    person = standing.person(context.get("user"), row.agency)
    try:
        act = begin(row, command, person, given)
        act.facts |= facts(act) if facts else {}
        jobs = finish(act, then)
        model.Session.commit()
    except IntegrityError as error:
        model.Session.rollback()  # somebody was faster, past the lock of this row
        raise tk.ValidationError({"submission": [str(error.orig)]}) from error
    except BaseException:
        model.Session.rollback()
        raise
    outbox.finish(jobs)
    return submissions.find(row.id)


def begin(row: Any, command: Command, person: Person, given: Given) -> Act:
    """Decide on a locked row."""
    case = standing.case_of(row)
    step = standing.need(rules.decide(case, command, person, given))
    return Act(row, case, person, command, step, given, step.to)


def finish(act: Act, then: Callable[[Act], None] | None = None) -> list[int]:
    """Store what a decision leads to, in the caller's transaction; the jobs that it queued."""
    was = act.case
    act.case = rules.evolve(act.case, act.command, act.person, act.step)
    act.after = act.case.state
    for signed in act.case.signatures[len(was.signatures) :]:
        _sign(act, signed)
    due = _due(act)
    submissions.change(act.row.id, state=act.after.value, due=due)
    event = submissions.note(
        act.row,
        act.command.value,
        act.step,
        act.after,
        act.person,
        act.role.value,
        organization=act.organization,
        due=due,
        facts=act.facts,
    )
    act.facts["event"] = event
    if then:
        then(act)
    record(act)
    informing.tell(act)
    return [outbox.queue(job, {"id": act.row.id}) for job in _queued(act)]


def _queued(act: Act) -> tuple[str, ...]:
    """A signature queues nothing until it is the last one."""
    waits = act.command is Command.SIGN and act.after is not act.step.complete
    return () if waits else act.step.queues


def _sign(act: Act, signed: Signature) -> None:
    act.facts |= {"key": signed.key.value, "hash": signed.hash, "scan_hash": signed.scan_hash}
    reason = str(act.given.get("reason") or "").strip()
    submissions.sign(act.row.id, signed, act.given.get("answers") or {}, reason)


def _due(act: Act) -> Any:
    """The day by which the next step is owed; the same while nothing new begins."""
    if act.after is State(act.row.state):
        return act.row.due
    return clocks.due_of(act.after, clock.today(), bool(act.given.get("complex")))


def record(act: Act) -> None:
    """Put it on the log, in the same transaction."""
    facts = {
        "submission": act.row.number,
        "hash": act.row.hash,
        "state": act.after.value,
        **{name: act.facts[name] for name in ("key", "scan_hash", "article", "days", "remarks") if name in act.facts},
    }
    kind, object = f"submission.{act.command.value}", about(act.row.id, act.row.entry_id)
    recording.note(Event(kind, object=object, action=ACTIONS[act.command], reason=_reason(act), facts=facts))


def about(id: str, entry_id: str) -> Object:
    """What the log says that a submission is of: its entry, whose history it belongs to; of a list, the list itself."""
    return Object("entry", entry_id) if entry_id else Object("submission", id)


def _reason(act: Act) -> str:
    return str(act.given.get("reason") or "").strip()


def by_machine(id: str, command: Command, role: Role) -> bool:
    """Do what no person does (publish, lapse), in the caller's transaction; whether it was to be done."""
    row = submissions.find(id, lock=True)
    machine = replace(NOBODY, roles=frozenset({role}))
    case = standing.case_of(row)
    step = rules.decide(case, command, machine, {})
    if isinstance(step, Refusal):
        return False
    finish(Act(row, case, machine, command, step, {}, step.to))
    return True


def now() -> datetime:
    return datetime.now(timezone.utc)
