"""What a reader of a conditional dataset's page is told before they apply: conditions, and when an answer is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..catalogue import vocabularies
from ..catalogue.conditions import Conditions
from ..workflow import clock, options, workdays

Told = dict[str, Any]

CONDITIONAL = "conditional"


def told(dataset: Mapping[str, Any]) -> Told | None:
    """The conditions of a dataset as plain values; nothing where it is open to everybody."""
    if dataset.get("opening_class") != CONDITIONAL:
        return None
    found = Conditions.of(dataset)
    lists = {
        "eligible": _in_order("applicant_kinds", found.eligible),
        "methods": _in_order("access_methods", found.methods),
    }
    return asdict(found) | lists | {"is_for_all": found.is_for_all, "applicable": len(found.applicable)}


def answer() -> Told:
    """Until when an application of today is answered: working ``days``, and the day that is the last of them."""
    days = options.days_to_answer()
    return {"days": days, "by": workdays.after(clock.today(), days).isoformat()}


def _in_order(vocabulary: str, ids: frozenset[str]) -> list[str]:
    return [term.id for term in vocabularies.load(vocabulary).terms if term.id in ids]
