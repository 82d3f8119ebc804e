"""Raises what stands against the use of a grant, and gives the answer of the API its status and its code."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from flask import Response, g, has_request_context, make_response, request

from ..theme.errors import error_page
from . import counting, messages, tokens
from .rules import Refusal

KEPT = "anshan_access_refused"
OF_QUERIES = {
    "bad_query": "name",
    "no_such_column": "columns",
    "bad_function": "aggregates",
    "not_numbers": "aggregates",
    "bad_op": "filters",
    "bad_value": "filters",
    "no_aggregates": "group_by",
    "query_out_of_range": "aggregates",
}
"""What of a query is wrong, by code; ``name``: the refusal says where."""
TYPES = {401: "Authorization Error", 403: "Authorization Error", 404: "Not Found Error", 429: "Rate Limit Error"}
SOON = 30  # seconds after which what is being made may be there


def refuse(refusal: Refusal) -> NoReturn:
    """:raises ObjectNotFound: a stranger, or it isn't there · :raises NotAuthorized: not covered
    :raises ValidationError: not now, or the query is wrong"""
    words, code = messages.use_words(refusal), f"access.{refusal.code}"
    status = messages.use_status(refusal)
    if has_request_context():
        setattr(g, KEPT, refusal)
    if status == 404:
        raise tk.ObjectNotFound(f"{code} · {words}")
    if status in (401, 403) and refusal.code not in OF_QUERIES:
        raise tk.NotAuthorized(f"{code} · {words}")
    raise tk.ValidationError({_field(refusal): [words], "code": [code]})


def _field(refusal: Refusal) -> str:
    where = OF_QUERIES.get(refusal.code, "grant")
    return str(refusal.facts.get("name") or "query") if where == "name" else where


def refused() -> Refusal | None:
    """What was raised in this request."""
    return g.get(KEPT)


def shaped(answer: Response) -> Response:
    """An answer of the API that tells of a refusal, with its own status and code in CKAN's shape."""
    refusal = refused()
    is_told = request.endpoint == "api.action" and answer.status_code in (403, 404, 409)
    if refusal is None or not is_told or refusal.code in OF_QUERIES:
        return answer
    body: Any = answer.get_json(silent=True) or {"success": False}
    answer.set_data(json.dumps({**body, "error": _error(refusal)}, ensure_ascii=False))
    answer.status_code = messages.use_status(refusal)
    return _with_headers(answer, refusal)


def _error(refusal: Refusal) -> dict[str, Any]:
    type = TYPES.get(messages.use_status(refusal), "Not Now Error")
    return {"__type": type, "message": messages.use_words(refusal), "code": f"access.{refusal.code}", **_waits(refusal)}


def is_for_reader() -> bool:
    """Whether somebody with a browser asks, and not a program."""
    return "text/html" in request.headers.get("Accept", "") and not tokens.presented()


def as_json(refusal: Refusal) -> Response:
    body = json.dumps({"success": False, "error": _error(refusal)}, ensure_ascii=False)
    status = messages.use_status(refusal)
    return _with_headers(Response(body, status, content_type="application/json; charset=utf-8"), refusal)


def as_page(refusal: Refusal) -> Response:
    words = f"{messages.use_words(refusal)} (access.{refusal.code})"
    return _with_headers(make_response(error_page(messages.use_status(refusal), words)), refusal)


def _with_headers(answer: Response, refusal: Refusal) -> Response:
    """When to come again, and how to show who one is."""
    wait = _waits(refusal).get("retry_after")
    if wait:
        answer.headers["Retry-After"] = str(wait)
    if refusal.code == "bad_token":
        answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return answer


def _waits(refusal: Refusal) -> dict[str, int]:
    if refusal.code == "quota_used":
        return {"retry_after": counting.until_tomorrow()}
    if refusal.code == "too_many_calls":
        return {"retry_after": refusal.facts["wait"]}
    return {"retry_after": SOON} if refusal.code == "no_copy_yet" else {}
