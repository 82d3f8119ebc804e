"""Template helpers of applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import g

from ..people import roles
from ..people.rules import Role as Duty
from ..workflow import clock
from ..workflow import options as workflow_options
from . import benching, clocks, options, reading

__all__ = [
    "anshan_answers",
    "anshan_application_figures",
    "anshan_application_judge",
    "anshan_application_reading",
    "anshan_applications_waiting",
    "anshan_heads",
    "anshan_latest_answer",
    "anshan_longest_attachment",
]


def anshan_answers() -> bool:
    """Whether the reader has a desk of applications: who answers for an agency, or looks after them in an office."""
    return bool(benching.sides())


def anshan_heads() -> bool:
    """Whether the reader is head of an agency, and may name who stands in for them."""
    return any(Duty.AGENCY_HEAD in one.roles for one in roles.of_reader())


def anshan_application_figures(dataset_id: str) -> dict[str, Any]:
    """How many applied for a dataset (id) and how they were answered, as its page names it."""
    found = tk.get_action("anshan_application_figures")({}, {"dataset": dataset_id})
    days = found["days"] if found["answered"] else None
    return {**found, "approved": found["whole"], "partly": found["part"], "average_days": days}


def anshan_application_judge(made: Mapping[str, Any]) -> dict[str, Any] | None:
    """What those who judge an application see beside it; None for everybody else."""
    return benching.page(made)


def anshan_latest_answer() -> dict[str, Any]:
    """By when an application that is submitted today is answered: ``by`` and ``days``."""
    return {"by": clocks.latest_answer(clock.today()).isoformat(), "days": workflow_options.days_to_answer()}


def anshan_longest_attachment() -> int:
    """MB of one attached file."""
    return options.longest_attachment() >> 20


def anshan_application_reading(made: Mapping[str, Any]) -> dict[str, Any]:
    """What the pages show beside an application, as its action told it."""
    return reading.one(made, clock.today())


def anshan_applications_waiting() -> int:
    """How many of the reader's own applications wait for them; asked once a request."""
    user = tk.current_user
    if user.is_anonymous or user.sysadmin:  # pyright: ignore[reportAttributeAccessIssue]
        return 0
    if "anshan_applications_waiting" not in g:
        found = tk.get_action("anshan_application_list")({}, {"side": "applicant", "group": "mine", "limit": 0})
        g.anshan_applications_waiting = found["counts"]["mine"]
    return g.anshan_applications_waiting
