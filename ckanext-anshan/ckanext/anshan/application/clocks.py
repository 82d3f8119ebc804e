"""The clock of an application: who owes the next step, until when; it stops while the applicant owes an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..workflow import options as workflow_options
from ..workflow import workdays
from . import options
from .rules import Clock, State, Step


@dataclass(frozen=True)
class Term:
    """``due``: the last day of the step that is under way · ``left``: working days that were left when it stopped."""

    due: date | None = None
    left: int | None = None


def after(row: Any, step: Step, to: State, today: date) -> Term:
    """The term once a step is done on this day.

    :param row: the application before · :param to: its state afterwards
    """
    if step.clock is Clock.STOPS:
        left = max(workdays.left(today, row.due), 0) if row.due else workflow_options.days_to_answer()
        return Term(workdays.after(today, options.days_to_supplement()), left)
    if step.clock is Clock.RESUMES:
        return Term(workdays.after(today, max(row.left or 0, 1)))
    if step.clock is Clock.LONGER:
        return Term(workdays.after(row.due or today, workflow_options.days_of_extension()))
    if step.clock is Clock.RUNS:
        return Term(_begun(to, row, today))
    return Term(None) if step.clock is Clock.ENDS else Term(row.due, row.left)


def _begun(to: State, row: Any, today: date) -> date | None:
    if to.value == row.state:
        return row.due
    days = {
        State.SUBMITTED: workflow_options.days_to_answer,
        State.APPROVED: options.days_to_sign,
        State.SIGNED: options.days_to_countersign,
    }.get(to)
    return workdays.after(today, days()) if days else None


def latest_answer(today: date) -> date:
    """By when an application that is submitted on this day is answered, if nobody asks back."""
    return workdays.after(today, workflow_options.days_to_answer())
