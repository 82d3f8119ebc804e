"""What applications rest on just now: gathers the facts, ``lasting.gone`` judges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..applicants import parties
from ..workflow import clock
from . import applications, forms, lasting, offering
from .lasting import Footing
from .rules import IN_USE, Kind, State


def gone(row: Any) -> str:
    """Code why this application can't go on; empty where it can."""
    return lasting.gone(footing(row), clock.today())


def footing(row: Any) -> Footing:
    items, people = applications.items_of([row.id])[row.id], applications.parties_of([row.id])[row.id]
    state = State(row.state)
    granted = [one for one in items if state not in IN_USE or not forms.scope_of(one.decided).is_empty]
    lost = offering.gone([one.dataset_id for one in granted], Kind(row.kind))
    keys = [(one.kind, one.party_id) for one in people]
    left = parties.gone(keys)
    return Footing(
        state=state,
        datasets=[lost.get(one.dataset_id, "") for one in granted],
        parties=[_why(left, key, row) for key in keys],
        ends=row.ends,
        replaced_by=_replaced_by(row),
    )


def _why(left: Mapping[tuple[str, str], tuple[str, str]], key: tuple[str, str], row: Any) -> str:
    """Code; empty while somebody can act for the party, or will when its bar is over."""
    code, until = left.get(key, ("", ""))
    ends = row.ends or forms.day_of(row.content.get("ends"))
    waits = code == "barred" and not lasting.bar_lasts(forms.day_of(until), ends)
    return "" if waits else code


def _replaced_by(row: Any) -> str:
    begun = [
        one for one in applications.followers(row.id, [State.ACTIVE]) if one.starts and one.starts <= clock.today()
    ]
    return begun[0].number if begun else ""
