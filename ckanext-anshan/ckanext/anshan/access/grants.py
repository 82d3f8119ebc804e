"""Grants as they are stored, as rules judge them, and whose they are. No decision is taken here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model

from .model import grant, usage
from .rules import CONDITIONAL, Filter, Grant, GrantState, Kind, Method, Scope

Pair = tuple[str, str]  # kind and id of a party

REQUESTS = sa.func.coalesce(usage.c.requests, 0).label("used_today")


def of_number(number: str, today: date) -> list[Any]:
    """Rows of the grants of an application (number or id), each with ``used_today``: its requests of the API."""
    api = (usage.c.grant_id == grant.c.id, usage.c.day == today, usage.c.method == Method.API.value)
    query = sa.select(grant, REQUESTS).outerjoin(usage, sa.and_(*api))
    found = query.where(sa.or_(grant.c.number == number, grant.c.application_id == number))
    return list(model.Session.execute(found.order_by(grant.c.dataset_id)))


def by_ids(ids: Collection[str]) -> list[Any]:
    return list(model.Session.execute(sa.select(grant).where(grant.c.id.in_(list(ids))))) if ids else []


def of_dataset(dataset_id: str) -> list[Any]:
    """Every grant that a dataset ever had, the newest first."""
    return list(
        model.Session.execute(sa.select(grant).where(grant.c.dataset_id == dataset_id).order_by(grant.c.created.desc()))
    )


def find(
    holders: Collection[Pair], providers: Collection[str], everything: bool, limit: int, offset: int
) -> tuple[list[Any], int]:
    """Rows of what these parties hold or these agencies provide, the newest first, and how many there are in all."""
    chosen = [grant.c.holders.contains([{"kind": kind, "id": id}]) for kind, id in sorted(holders)]
    chosen += [grant.c.provider.in_(list(providers))] if providers else []
    where = sa.true() if everything else sa.or_(*chosen) if chosen else sa.false()
    count = model.Session.execute(sa.select(sa.func.count()).select_from(grant).where(where)).scalar_one()
    query = sa.select(grant).where(where).order_by(grant.c.created.desc(), grant.c.id)
    return list(model.Session.execute(query.limit(limit).offset(offset))), count


def holders(row: Any) -> list[Pair]:
    return [(str(one["kind"]), str(one["id"])) for one in row.holders]


def judged(row: Any, sharing_class: str) -> Grant:
    """As the rules judge it.

    A trigger of the database refuses a grant whose agreement isn't accepted by every holder and countersigned, and one
    that changes what it rests on: a row with a hash is signed by both sides.
    """
    kind, is_signed = Kind(row.kind), bool(row.agreement)
    return Grant(
        number=row.number,
        kind=kind,
        state=GrantState(row.state),
        scope=scope_of(row.scope),
        starts=row.starts,
        ends=row.ends,
        agreement=row.agreement,
        is_accepted=is_signed,
        is_countersigned=is_signed,
        needs_agreement=kind is Kind.OPENING or sharing_class in ("", CONDITIONAL),
        daily_quota=row.daily_quota,
    )


def scope_of(stored: Mapping[str, Any]) -> Scope:
    """What isn't known there is nothing."""
    methods = {method.value: method for method in Method}
    return Scope(
        files=frozenset(stored.get("files", ())),
        columns=frozenset(stored.get("columns", ())),
        rows=tuple(Filter(one["column"], tuple(one["values"])) for one in stored.get("rows", ())),
        whole=frozenset(stored.get("whole", ())),
        methods=frozenset(methods[name] for name in stored.get("methods", ()) if name in methods),
        aggregates=stored.get("aggregates") is True,
    )


def filters(rows: Sequence[Filter]) -> tuple[Mapping[str, Any], ...]:
    """The rows of a scope as queries take them."""
    return tuple({"column": one.column, "op": "in", "value": list(one.values)} for one in rows)
