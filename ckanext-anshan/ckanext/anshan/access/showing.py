"""A grant as its holders, its provider and the offices see it: what may be used, what was used, what was handed out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ..applicants import parties
from ..people import roles
from ..people.rules import Role
from ..workflow import clock
from . import copying, counting, deliveries, grants, messages, tokens, using
from .delivering import FORMATS
from .rules import Allowed, GrantState, Kind, Method, Refusal, Use, decide_use
from .using import Caller, Facts

Told = dict[str, Any]

HOLDER, PROVIDER, OFFICE = "holder", "provider", "office"
JUDGES = frozenset({Role.PUBLISHER, Role.AGENCY_HEAD})
OFFICES = frozenset({Role.BUREAU, Role.CYBERSPACE})
DAYS = 30  # of usage that are shown
SHOWN = 50  # deliveries
NAMES = sa.text("SELECT id, coalesce(nullif(fullname, ''), name) AS name FROM \"user\" WHERE id = ANY(:ids)")


def side(facts: Sequence[Facts], caller: Caller) -> str:
    """Which side the caller is on: of the holders, of the provider, of an office; empty: none of them."""
    if any(one.now.holds or (one.now.why_not and not caller.token_id) for one in facts):
        return HOLDER
    return judges_as({one.row.provider for one in facts}, caller) if facts and not caller.token_id else ""


def judges_as(providers: Collection[str], caller: Caller) -> str:
    """Somebody of the agency that provides it (publisher or head), or of an office."""
    user = model.User.get(caller.user_id) if caller.user_id else None
    if user is None or user.sysadmin:
        return ""
    members = roles.memberships(user)
    if any(one.org_id in providers and one.roles & JUDGES for one in members):
        return PROVIDER
    return OFFICE if any(one.roles & OFFICES for one in members) else ""


def full(number: str, caller: Caller) -> Told | Refusal:
    """All that the caller may know of the grants of an application; a stranger is told of none."""
    facts = using.gathered(caller, number)
    mine = side(facts, caller)
    if not mine:
        return Refusal("no_grant")
    first, ids = facts[0].row, [one.row.id for one in facts]
    people = sorted({*grants.holders(first), (parties.AGENCY, first.provider)})
    shown = parties.shown(people)
    days = usage_of(facts, clock.today() - timedelta(DAYS - 1))
    return {
        **_short(first, shown),
        "side": mine,
        "datasets": [_dataset(one, mine) for one in facts],
        "tokens": tokens_of(facts) if mine == HOLDER else [],
        "usage": days,
        "deliveries": _deliveries(facts, ids),
        "commands": ["token"] if mine == HOLDER and any(_may_ask(one) for one in facts) else [],
    }


def _short(row: Any, shown: Mapping[Any, Mapping[str, str]]) -> Told:
    return {
        "number": row.number,
        "application_id": row.application_id,
        "kind": row.kind,
        "holders": [{"kind": kind, "id": id, **shown.get((kind, id), {})} for kind, id in grants.holders(row)],
        "provider": row.provider,
        "provider_title": shown.get((parties.AGENCY, row.provider), {}).get("name", ""),
        "agreement": row.agreement,
        "starts": row.starts.isoformat(),
        "ends": row.ends.isoformat(),
        "days_left": (row.ends - clock.today()).days,
    }


def _dataset(one: Facts, mine: str) -> Told:
    """One grant: what is in its scope, and of that what the version published now offers."""
    scope = one.grant.scope
    against = _against(one)
    return {
        "grant_id": one.row.id,
        "dataset_id": one.offer.dataset_id,
        "dataset": one.offer.name,
        "title": one.offer.title,
        "version": one.offer.version,
        "state": one.row.state,
        "state_words": messages.GRANT_STATES[GrantState(one.row.state)](),
        "methods": sorted(method.value for method in scope.methods),
        "method_words": [messages.METHODS[method]() for method in Method if method in scope.methods],
        "columns": sorted(scope.columns & one.now.offered),
        "columns_gone": sorted(scope.columns - one.now.offered),
        "rows": [{"column": row.column, "values": list(row.values)} for row in scope.rows],
        "aggregates": scope.aggregates,
        "daily_quota": one.row.daily_quota if Method.API in scope.methods else 0,
        "used_today": one.row.used_today,
        "files": [_file(one, name) for name in sorted(scope.files | scope.whole)],
        "against": _told(against) if against and mine == HOLDER else None,
    }


def _told(refusal: Refusal) -> Told:
    return {"code": f"access.{refusal.code}", "message": messages.use_words(refusal)}


def _against(one: Facts) -> Refusal | None:
    """What stands against every use of it."""
    scope = one.grant.scope
    asked = [Use(method, name) for method in scope.methods for name in sorted(scope.files | scope.whole)]
    found = [decide_use(one.grant, use, one.now) for use in asked]
    refusals = [each for each in found if isinstance(each, Refusal)]
    return refusals[0] if refusals and len(refusals) == len(found) else None


def _file(one: Facts, name: str) -> Told:
    file, is_table = one.offer.file(name), name in one.now.tables
    may = isinstance(decide_use(one.grant, Use(Method.DOWNLOAD, name), one.now), Allowed)
    formats = [{"format": format, "suffix": made.suffix} for format, made in FORMATS.items()] if is_table else []
    copies = copying.copies_of(file.sha256) if file and is_table else []
    return {
        "name": name,
        "is_table": is_table,
        "is_there": file is not None,
        "may_download": may,
        "formats": formats if may else [],
        "size": file.size if file else 0,
        "sheets": [copy.part for copy in copies if copy.part],
    }


def _may_ask(one: Facts) -> bool:
    return one.now.holds and Method.API in one.grant.scope.methods and one.grant.state is GrantState.ACTIVE


def tokens_of(facts: Sequence[Facts]) -> list[Told]:
    named = {one.row.id: one.offer.name for one in facts}
    rows = tokens.of(list(named))
    people = names([row.user_id for row in rows])
    return [
        {**tokens.told(row), "dataset": named[row.grant_id], "made_by": people.get(row.user_id, "")} for row in rows
    ]


def names(ids: Collection[str]) -> dict[str, str]:
    rows = model.Session.execute(NAMES, {"ids": sorted(set(ids))}) if ids else ()
    return {row.id: row.name for row in rows}


def _deliveries(facts: Sequence[Facts], ids: Sequence[str]) -> list[Told]:
    rows, named = deliveries.of(ids, SHOWN), {one.row.id: one.offer.name for one in facts}
    people = names([row.user_id for row in rows])
    kept = ("file", "version", "format", "rows", "bytes", "sha256", "ended")
    return [
        {
            **{name: getattr(row, name) for name in kept},
            "id": row.id,
            "dataset": named[row.grant_id],
            "by": people.get(row.user_id, ""),
            "columns": len(row.columns),
            "at": row.created.isoformat(),
        }
        for row in rows
    ]


# usage


def usage_of(facts: Sequence[Any], since: date) -> list[Told]:
    """Of each day since, of both methods, the oldest first; days without any are left out."""
    rows = {one.row.id: one.row for one in facts}
    return _days(rows, counting.days(list(rows), since), {one.row.id: one.offer.name for one in facts})


def _days(grant_rows: Mapping[str, Any], used: Sequence[Any], named: Mapping[str, str]) -> list[Told]:
    found: dict[tuple[date, str], Told] = {}
    for row in used:
        empty = {"requests": 0, "refused": 0, "rows": 0, "bytes": 0, "downloads": 0, "calls": 0, "is_unusual": False}
        about = {"day": row.day.isoformat(), "number": grant_rows[row.grant_id].number}
        told = found.setdefault((row.day, row.grant_id), {**about, "dataset": named.get(row.grant_id, ""), **empty})
        for name in ("requests", "refused", "rows", "bytes"):
            told[name] += getattr(row, name)
        told["calls" if row.method == Method.API.value else "downloads"] += row.requests
        told["is_unusual"] = told["is_unusual"] or row.alarmed
    return [found[key] for key in sorted(found)]


def usage(number: str, caller: Caller, days: int) -> list[Told] | Refusal:
    """Of the grants of one application; without a number of all that the caller holds or whose data they provide."""
    since = clock.today() - timedelta(days - 1)
    if number:
        facts = using.gathered(caller, number)
        return usage_of(facts, since) if side(facts, caller) else Refusal("no_grant")
    rows, _ = found(caller, "", MOST, 0)
    by_id = {row.id: row for row in rows}
    titles = _offered(rows)
    return _days(by_id, counting.days(list(by_id), since), {id: titles[id].name for id in titles})


MOST = 1000


# lists


def found(caller: Caller, side: str, limit: int, offset: int) -> tuple[list[Any], int]:
    """Rows of what the caller holds, or of what is held of the data that they provide or supervise."""
    user = model.User.get(caller.user_id) if caller.user_id else None
    if user is None or user.sysadmin or caller.token_id:
        return [], 0
    mine = [(one.kind, one.id) for one in parties.acting(user)] if side in ("", HOLDER) else []
    members = roles.memberships(user) if side != HOLDER else []
    providers = {one.org_id for one in members if one.roles & JUDGES}
    everything = side == OFFICE and any(one.roles & OFFICES for one in members)
    return grants.find(mine, providers if side in ("", PROVIDER) else (), everything, limit, offset)


def listed(caller: Caller, side: str, limit: int, offset: int) -> Told:
    rows, count = found(caller, side, limit, offset)
    pairs = {pair for row in rows for pair in grants.holders(row)} | {(parties.AGENCY, row.provider) for row in rows}
    shown, offered = parties.shown(pairs) if pairs else {}, _offered(rows)
    return {"count": count, "results": [_line(row, shown, offered.get(row.id)) for row in rows]}


def _offered(rows: Sequence[Any]) -> dict[str, Any]:
    by_dataset = using.offered([row.dataset_id for row in rows])
    return {row.id: by_dataset[row.dataset_id] for row in rows if row.dataset_id in by_dataset}


def _line(row: Any, shown: Mapping[Any, Mapping[str, str]], offer: Any) -> Told:
    scope = grants.scope_of(row.scope)
    is_shared = row.kind == Kind.SHARING.value
    return {
        **_short(row, shown),
        "grant_id": row.id,
        "dataset_id": row.dataset_id,
        "dataset": offer.name if offer else "",
        "title": offer.title if offer else "",
        "state": row.state,
        "state_words": messages.GRANT_STATES[GrantState(row.state)](),
        "methods": sorted(method.value for method in scope.methods),
        "is_sharing": is_shared,
    }
