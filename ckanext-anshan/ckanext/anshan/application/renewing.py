"""Renewals and amendments: of one's own application, one at a time, filled in with what it said (art. 22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..workflow import clock
from . import applications, forms, lasting, standing
from .offering import Offered
from .rules import Refusal, Relation, State

Asked = Mapping[str, Any]


def checked(before: Any, asked: Asked) -> dict[str, Any]:
    """What was asked, for the applicant of the application before."""
    first = f"{before.party_kind}:{before.party_id}"
    is_named = asked.get("party") in (None, "", first)
    if asked.get("relation") in (None, Relation.NEW.value) or asked["kind"] != before.kind or not is_named:
        standing.refuse(Refusal("not_the_same"))
    return {**asked, "party": first}


def alone(before: Any, asked: Asked, found: Sequence[Offered]) -> None:
    """Whether it may follow that one, on its locked row: no two of them at a time, the same data of the same agency."""
    row = applications.find(before.id, lock=True)
    relation = Relation(asked["relation"])
    open_ones = [one.number for one in applications.followers(row.id, lasting.TO_COME)]
    against = lasting.against_following(relation, State(row.state), row.ends, open_ones, clock.today())
    if against:
        standing.refuse(against)
    was = {one.dataset_id for one in applications.items_of([row.id])[row.id]}
    wanted = {one.offer.dataset_id for one in found}
    is_same = wanted == was if relation is Relation.RENEWAL else True
    if not is_same or {one.offer.agency for one in found} != {row.agency}:
        standing.refuse(Refusal("not_the_same"))


def take_partners(id: str, before: Any) -> None:
    """Who applied beside the applicant is named again, and agrees again."""
    for one in applications.parties_of([before.id])[before.id]:
        if one.position:
            applications.add_party(id, one.position, one.kind, one.party_id)


def days(before: Any, relation: Relation, offers: Sequence[Offered]) -> dict[str, str]:
    """First and last day that the new one is filled in with."""
    if before.starts is None or before.ends is None:
        return {}
    today = clock.today()
    if relation is Relation.AMENDMENT:
        return {"starts": today.isoformat(), "ends": before.ends.isoformat()}
    months = min(one.conditions.longest_term_months for one in offers)
    first = lasting.renewed(before.starts, before.ends, before.ends, today)[0]
    starts, ends = lasting.renewed(before.starts, before.ends, forms.last_day(first, months), today)
    return {"starts": starts.isoformat(), "ends": ends.isoformat()}
