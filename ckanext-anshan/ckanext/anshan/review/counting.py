"""How the dates of a submission were counted, as its clock page tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang

from ..catalogue.messages import article
from ..workflow import clock, options, workdays
from . import clocks, messages, submissions
from .clocks import Span
from .rules import AGENCY, Clock, Role, State

Told = dict[str, Any]
N = Callable[[], str]

ARTICLES = (12, 28, 30)  # what is reviewed and by whom; none of them names a number of days
LIMITS: Mapping[str, tuple[Callable[[], int], N]] = {
    "days_to_review": (options.days_to_review, lambda: tk._("Each step of the review")),
    "days_to_correct": (options.days_to_correct, lambda: tk._("Mending what was returned")),
    "days_to_correct_complex": (options.days_to_correct_complex, lambda: tk._("Mending that is complex")),
}
DAYS: Mapping[str, N] = {
    "working": lambda: tk._("Working day"),
    "weekend": lambda: tk._("Weekend"),
    "holiday": lambda: tk._("Public holiday"),
    "swapped": lambda: tk._("Free, because a weekend day is worked for it"),
    "make_up": lambda: tk._("Weekend day that is worked"),
}
"""Why a day counts or doesn't."""


def told(row: Any) -> Told:
    """The clock of a submission, step by step."""
    today = clock.today()
    steps = [_step(one, row, today) for one in clocks.spans(submissions.events_of(row.id), clock.zone())]
    years = {day["date"][:4] for step in steps for day in step["days"]}
    return {
        **{name: getattr(row, name) for name in ("id", "number", "title", "state", "kind")},
        "state_label": messages.STATES[State(row.state)](),
        "today": today.isoformat(),
        "due": row.due.isoformat() if row.due else None,
        "left": workdays.left(today, row.due) if row.due else None,
        "steps": steps,
        "limits": [_limit(name) for name in LIMITS],
        "articles": [{"number": number, "label": article(number)} for number in ARTICLES],
        "unknown_years": sorted(int(year) for year in years if not workdays.is_known(int(year))),
    }


def _limit(name: str) -> Told:
    option = f"ckanext.anshan.workflow.{name}"
    days, label = LIMITS[name]
    return {"option": option, "label": label(), "days": days()}


def _step(span: Span, row: Any, today: date) -> Told:
    is_open = span.ended is None
    return {
        "state": span.state.value,
        "label": messages.STATES[span.state](),
        "owes": [role.value for role in span.owes] if is_open else [],
        "owes_label": whose(span.owes) if is_open else "",
        "done": [
            {"role": role.value, "label": messages.ROLES[role](), "day": _day(at)} for role, at in span.done.items()
        ],
        "began": _day(span.began),
        "due": _day(span.due),
        "until": row.until.isoformat() if span.state is State.PROVISIONAL and row.until else None,
        "ended": _day(span.ended),
        "by": span.by.value if span.by else "",
        "by_label": messages.DONE[span.by]() if span.by else "",
        "given": span.given,
        "used": span.used(today),
        "left": span.left(today),
        "is_late": span.is_late(today),
        "stops": span.clock is Clock.STOPS,
        "days": [_counted(one) for one in span.days(today, _language())],
    }


def whose(roles: Sequence[Role]) -> str:
    """Whose turn it is, in words; of an agency's people it is the agency's."""
    agency = set(roles) >= AGENCY
    named = [messages.ROLES[role]() for role in roles if not (agency and role in AGENCY)]
    return messages.listed([*([tk._("The agency")] if agency else []), *named])


def _counted(one: workdays.Day) -> Told:
    told = {"date": _day(one.date), "counts": one.counts, "why": one.why, "name": one.name}
    return told | {"label": DAYS[one.why]()}


def _day(found: date | None) -> str | None:
    return found.isoformat() if found else None


def _language() -> str:
    return "zh_CN" if str(lang()).startswith("zh") else "en_US"
