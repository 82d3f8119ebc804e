"""Runs a command on a feedback or a need: lock its row, decide, store, record, inform, commit once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..audit import recording
from ..audit.events import Event, Object
from ..workflow import clock, workdays
from ..workflow import options as workflow_options
from ..workflow.transactions import whole
from . import informing, keeping, rules, standing
from .rules import Command, FeedbackCommand, Person, Refusal, ReturnCommand, Role, State

Given = Mapping[str, Any]

CHANGES: Mapping[Command, tuple[str, ...]] = {
    FeedbackCommand.CONFIRM: ("reply", "correct_by"),
    FeedbackCommand.REJECT: ("reply",),
    FeedbackCommand.CORRECT: ("version",),
    ReturnCommand.CONFIRM: ("provider",),
    ReturnCommand.MERGE: ("into",),
    ReturnCommand.DECLINE: ("reason",),
    ReturnCommand.PROMISE: ("how", "until"),
    ReturnCommand.REFUSE: ("reason", "article"),
    ReturnCommand.RETURN: ("application",),
}
"""What of what is given is kept in the row; all of it is in the event."""
COLUMNS = {"version": "corrected_version", "into": "merged_into"}
"""Where a column isn't called as what is given."""
DUE: Mapping[Command, Callable[[Given, date], date]] = {
    FeedbackCommand.CONFIRM: lambda given, today: given["correct_by"],
    ReturnCommand.CONFIRM: lambda given, today: workdays.after(today, workflow_options.days_to_answer()),
    ReturnCommand.PROMISE: lambda given, today: given["until"],
}
"""By when the next step is owed; nobody owes anything after the other commands."""
ON_RECORD = ("article", "correct_by", "until", "version", "into", "application")
"""Of what is given, that which says nothing about people."""


@dataclass
class Act:
    """A command under way, or done."""

    kind: str
    row: Any
    person: Person
    role: Role
    command: str
    before: str
    after: State
    given: Given
    due: date | None

    @property
    def about(self) -> str:
        return about(self.kind, self.row.id)


def about(kind: str, id: str) -> str:
    return f"sharing.{kind}:{id}"


def alone() -> AbstractContextManager[None]:
    return whole(_too_late)


def _too_late(late: Exception) -> tk.ValidationError:
    said = tk._("Somebody else was faster. Reload the page.")
    return tk.ValidationError({"sharing": [said], "code": ["sharing.too_late"]})


def run(
    context: Context,
    kind: str,
    command: Command,
    asked: Given,
    facts: Callable[[Any], Given] | None = None,
) -> Any:
    """Do a command for the caller; the row as it is afterwards, committed.

    :param facts: what else the decision rests on, from the locked row
    :raises NotAuthorized, ValidationError: refused, and nothing has changed
    """
    with alone():
        row = keeping.find(kind, asked["id"], lock=True) or standing.refuse(Refusal("unknown"))
        person = standing.Asker(context.get("user")).to(kind, row)
        given = {**asked, **(facts(row) if facts else {})}
        step = standing.need(rules.decide(standing.case_of(kind, row), command, person, given))
        due = DUE[command](given, clock.today()) if command in DUE else None
        _store(Act(kind, row, person, step.who, command.value, row.state, step.to, _kept(command, given), due))
    return keeping.find(kind, row.id)


def _kept(command: Command, given: Given) -> Given:
    return {name: given[name] for name in CHANGES.get(command, ())}


def _store(act: Act) -> None:
    changes = {COLUMNS.get(name, name): value for name, value in act.given.items()}
    keeping.change(act.kind, act.row.id, state=act.after.value, due=act.due, is_escalated=False, **changes)
    done(act)


def done(act: Act) -> None:
    """Keep what happened, put it on the log and tell those whom it concerns; in the caller's transaction."""
    facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in act.given.items()}
    keeping.note(act.row.id, act.command, act.before, act.after, act.role.value, act.person.id, facts)
    record(act.kind, act.row, act.command, {name: facts[name] for name in ON_RECORD if facts.get(name)}, act.given)
    informing.tell(act, facts)


def record(kind: str, row: Any, command: str, facts: Mapping[str, Any], given: Given) -> None:
    """What was typed isn't on the log, but for the reason that an authority gives."""
    reason = str(given.get("reason") or given.get("reply") or "").strip()
    told = {"number": row.number, **facts}
    named = Object(f"sharing_{kind}", row.id)
    action = f"anshan_sharing_{kind}_{command}" if command != "late" else "sharing_remind"
    recording.note(Event(f"sharing.{kind}_{command}", object=named, action=action, reason=reason, facts=told))
