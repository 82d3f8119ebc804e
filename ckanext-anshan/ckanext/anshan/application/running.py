"""Runs a command on an application: lock its row, decide, store, record, inform, queue, commit once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..audit import recording
from ..audit.events import Event, Object
from ..workflow import clock, outbox
from ..workflow.transactions import whole
from . import applications, clocks, informing, rules, standing
from .clocks import Term
from .rules import Case, Command, Person, Refusal, Role, State, Step

Given = Mapping[str, Any]

ACTIONS = {command: f"anshan_application_{command.value}" for command in Command} | {
    Command.EDIT: "anshan_application_update",
    Command.EXPIRE: "application_sweep",
    Command.LAPSE: "application_sweep",
    Command.CLOSE: "application_sweep",
}
"""The action or routine that does each command."""
SILENT = frozenset({Command.EDIT})
"""What is typed is no event; it is kept when it is sent."""
TOLD = (
    "question",
    "answer",
    "reason",
    "article",
    "ground",
    "explanation",
    "redress",
    "declaration",
    "opinion",
    "handler",
)


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
    term: Term = field(default_factory=Term)
    facts: dict[str, Any] = field(default_factory=dict)  # of its event
    changes: dict[str, Any] = field(default_factory=dict)  # of its row

    @property
    def role(self) -> Role:
        """The one in which they do it; of several, the one whose turn it is."""
        found = [role for role in Role if role in self.person.roles & self.step.who]
        return found[-1] if found else Role.CLOCK


Then = Callable[[Act], None]


def alone() -> AbstractContextManager[None]:
    return whole(_too_late)


def _too_late(late: Exception) -> tk.ValidationError:
    return tk.ValidationError(
        {"application": [tk._("Somebody else was faster. Reload the page.")], "code": ["application.too_late"]}
    )


def run(
    context: Context, id: str, command: Command, given: Given, then: Then | None = None, after: Then | None = None
) -> Any:
    """Do a command for the caller; the application's row as it is afterwards, committed.

    :param then: what else it does before the state is stored, in the same transaction · :param after: once it is
    :raises NotAuthorized, ValidationError: refused, and nothing has changed
    """
    with alone():
        act = begin(context, id, command, given)
        jobs = finish(act, then, after)
    outbox.finish(jobs)
    return applications.find(act.row.id)


def begin(context: Context, id: str, command: Command, given: Given) -> Act:
    """Decide on the locked row."""
    row = applications.find(id, lock=True)
    if row is None:
        standing.refuse(Refusal("unknown"))
    return decided(row, command, standing.person(context.get("user"), row), given)


def decided(row: Any, command: Command, person: Person, given: Given) -> Act:
    """On a row that is locked already."""
    case = standing.case_of(row)
    step = standing.need(rules.decide(case, command, person, given))
    return Act(row, case, person, command, step, given, step.to)


def finish(act: Act, then: Then | None = None, after: Then | None = None) -> list[int]:
    """Store what a decision leads to, in the caller's transaction; the jobs that it queued."""
    act.case = rules.evolve(act.case, act.command, act.person, act.step, act.given)
    act.after = act.case.state
    act.term = clocks.after(act.row, act.step, act.after, clock.today())
    if then:
        then(act)
    state = {"state": act.after.value, "due": act.term.due, "left": act.term.left, "is_extended": act.case.is_extended}
    people = {"handler": act.case.handler, "recused": sorted(act.case.recused)}
    applications.change(act.row.id, **{**state, **people, **act.changes})
    if after:
        after(act)
    if act.command not in SILENT:
        _keep(act)
    return [outbox.queue(job, {"id": act.row.id}) for job in _queued(act)]


def _keep(act: Act) -> None:
    told = {name: act.given[name] for name in TOLD if act.given.get(name)}
    act.facts = told | act.facts
    terms = {"due": act.term.due, "left": act.term.left}
    applications.note(
        act.row, act.command.value, act.step, act.after, act.person, act.role.value, **terms, facts=act.facts
    )
    record(act)
    informing.tell(act)


def _queued(act: Act) -> tuple[str, ...]:
    """Copies are made once something may be used."""
    return act.step.queues if act.after is State.ACTIVE else ()


def record(act: Act) -> None:
    """Put it on the log, in the same transaction; what was typed by the applicant isn't in it, its hash is."""
    facts = {
        "application": act.changes.get("number", act.row.number),
        "state": act.after.value,
        "hash": act.changes.get("hash", act.row.hash),
        **{name: act.facts[name] for name in ("ground", "article", "agreement", "result", "due") if name in act.facts},
    }
    told = {name: value for name, value in facts.items() if value}
    kind = f"application.{act.command.value}"
    reason = str(act.given.get("reason") or act.given.get("explanation") or "").strip()
    recording.note(Event(kind, object=about(act.row.id), action=ACTIONS[act.command], reason=reason, facts=told))


def recorded(kind: str, row: Any, action: str, facts: Mapping[str, Any]) -> None:
    """Put on the log what is no command: that it is late."""
    recording.note(Event(kind, object=about(row.id), action=action, facts={"application": row.number, **facts}))


def about(id: str) -> Object:
    return Object("application", id)


def by_machine(id: str, command: Command, given: Given, after: Then | None = None) -> bool:
    """Do what no person does (expire, lapse, close), in the caller's transaction; whether it was to be done."""
    row = applications.find(id, lock=True)
    machine = Person("", frozenset({Role.CLOCK}))
    case = standing.case_of(row)
    step = rules.decide(case, command, machine, given)
    if isinstance(step, Refusal):
        return False
    finish(Act(row, case, machine, command, step, given, step.to), after=after)
    return True
