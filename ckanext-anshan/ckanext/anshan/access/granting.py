"""Grants as others may change them: given when an agreement is in force, suspended, ended; the caller commits."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model

from .model import grant
from .rules import FINAL_GRANTS, GrantState, Kind

MARK_BYTES = 16
LIVING = [state.value for state in GrantState if state not in FINAL_GRANTS]


@dataclass(frozen=True)
class Given:
    """What a grant is made of.

    ``holders``: each ``kind`` (person, organization, agency) and ``id`` · ``scope``: as ``rules.Scope`` is stored
    """

    application_id: str
    number: str
    kind: Kind
    dataset_id: str
    provider: str
    holders: Sequence[Mapping[str, str]]
    scope: Mapping[str, Any]
    agreement: str
    starts: date
    ends: date
    daily_quota: int
    declared_requests: int = 0


def give(given: Given) -> str:
    """A new grant; its id. The database refuses one whose agreement isn't signed by both sides."""
    values = {name: getattr(given, name) for name in Given.__dataclass_fields__}
    values |= {"kind": given.kind.value, "holders": [dict(one) for one in given.holders]}
    id = str(uuid.uuid4())
    own = {"id": id, "state": GrantState.ACTIVE.value, "mark": secrets.token_bytes(MARK_BYTES)}
    model.Session.execute(grant.insert().values({**values, **own}))
    return id


def move(application_id: str, to: GrantState, ends: date | None = None) -> int:
    """Suspend, resume, end or revoke all grants of an application that aren't over; how many.

    :param ends: their last day from now on, where it comes earlier
    """
    values: dict[str, Any] = {"state": to.value, "changed": sa.func.now()}
    if ends is not None:
        values["ends"] = sa.func.least(grant.c.ends, ends)
    chosen = (grant.c.application_id == application_id, grant.c.state.in_(LIVING))
    moved = model.Session.execute(sa.update(grant).where(*chosen).values(values).returning(grant.c.id))
    return len(moved.all())


def of_application(application_id: str) -> list[Any]:
    """Rows of the grants that came of an application, one for each dataset."""
    query = sa.select(grant).where(grant.c.application_id == application_id)
    return list(model.Session.execute(query.order_by(grant.c.dataset_id)))


def held(kind: Kind, holders: Collection[tuple[str, str]], dataset_ids: Collection[str]) -> list[Any]:
    """Rows of the grants of these datasets that one of these parties holds and that aren't over; one statement."""
    if not holders or not dataset_ids:
        return []
    theirs = sa.or_(*(grant.c.holders.contains([{"kind": one, "id": id}]) for one, id in sorted(holders)))
    chosen = (grant.c.kind == kind.value, grant.c.dataset_id.in_(list(dataset_ids)), grant.c.state.in_(LIVING), theirs)
    return list(model.Session.execute(sa.select(grant).where(*chosen).order_by(grant.c.number)))
