"""A question of the API to what was granted: decided, counted against limit and quota, answered, on record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckan.types import Context
from flask import has_request_context, request

from ..release import files
from . import counting, deliveries, queries, querying, refusing, tokens, using
from .deliveries import Handed
from .querying import Page, TableScope
from .rules import Allowed, Method, Refusal, Use
from .using import Caller, Facts

Told = dict[str, Any]


def caller(context: Context) -> Caller:
    """:raises NotAuthorized: a token that isn't good"""
    found = tokens.caller(context.get("user"))
    never_kept()
    return refusing.refuse(found) if isinstance(found, Refusal) else found


def never_kept() -> None:
    """Who asks decides what is told."""
    if has_request_context():
        request.environ["__no_cache__"] = True


def query(context: Context, asked: Mapping[str, Any]) -> Told:
    """:raises ObjectNotFound, NotAuthorized, ValidationError: as ``refusing.refuse`` says"""
    given = _given(asked)
    decision, facts = using.ask(caller(context), asked["id"], asked["dataset"], _use(asked, given))
    if isinstance(decision, Refusal) or facts is None:
        return _refuse(decision, facts)
    page = _page(decision, facts, asked["sheet"], given)
    if isinstance(page, Refusal):
        return _refuse(page, facts)
    rows = json.dumps(page.rows, ensure_ascii=False, default=str)
    names = [one["name"] for one in page.columns]
    deliveries.answered(Handed(facts, Method.API, "JSON", names, len(page.rows), len(rows.encode())))
    return _told(page, facts, given)


def _refuse(refusal: Any, facts: Facts | None) -> Told:
    if facts is not None and facts.now.holds:
        counting.refused(facts.row.id, Method.API)
    refusing.refuse(refusal)


def _given(asked: Mapping[str, Any]) -> Told:
    """The query alone; what no query has is left in it, to be refused by its name."""
    named = {name: asked[name] for name in queries.KEYS if asked.get(name) not in (None, "")}
    return {**dict(asked.get("__extras") or {}), **named}


def _use(asked: Mapping[str, Any], given: Mapping[str, Any]) -> Use:
    listed = given.get("columns")
    columns = frozenset(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else frozenset()
    return Use(Method.API, asked["file"], columns, bool(given.get("group_by") or given.get("aggregates")))


def _page(allowed: Allowed, facts: Facts, sheet: str, given: Mapping[str, Any]) -> Page | Refusal:
    """What is wrong with a query costs nothing; only what is answered is taken from the quota."""
    refusal = counting.too_often(facts.row.id, facts.caller.token_id)
    if refusal:
        return refusal
    scope = facts.scope(allowed, sheet)
    try:
        return _answered(scope, facts, given)
    except (files.Damaged, files.Missing):
        return Refusal("damaged")


def _answered(scope: TableScope, facts: Facts, given: Mapping[str, Any]) -> Page | Refusal:
    found = querying.opened(scope)
    if isinstance(found, Refusal):
        return found
    query = queries.parse(given, found.columns, found.may_aggregate)
    if isinstance(query, Refusal):
        return query
    return counting.take(facts.row) or querying.run(scope, query, facts.row.mark)


def _told(page: Page, facts: Facts, given: Mapping[str, Any]) -> Told:
    left = max(0, facts.row.daily_quota - facts.now.used_today - 1)
    about = {"number": facts.row.number, "dataset": facts.offer.name, "file": facts.name}
    return {
        **about,
        "version": facts.offer.version,
        "columns": page.columns,
        "rows": page.rows,
        "total": page.total,
        "offset": int(given.get("offset") or 0),
        "left_today": left,
    }
