"""A password that is asked for once more, within a page or an action: guessed no more often than at the log-in."""

from __future__ import annotations

from ckan.lib import signals
from flask import has_request_context, request

from . import hooks, options, rules
from .counting import counters
from .rules import Name


def wait(name: str) -> int:
    """Seconds until a password of this account may be tried again; 0: now.

    :param name: of the account
    """
    typed = rules.typed(name)
    if typed is None or not _is_limited():
        return 0
    found = counters()
    refusal = found.peek(Name.FAILURES, found.named(typed, hooks.here()))
    return refusal.wait if refusal else 0


def failed(name: str) -> None:
    """It was wrong: counted and put on record as at the log-in."""
    if has_request_context():
        signals.failed_login.send(name)


def too_often(item: object, what: str) -> int:
    """Count one of what another room limits for an address: 0, or where the limit has been reached the seconds to wait.

    :param item: the limit, as ``limits`` reads it; none: no limit
    """
    if item is None or not _is_limited():
        return 0
    return counters().more(item, what, hooks.here().key())  # pyright: ignore[reportArgumentType]


def is_reached(item: object, what: str) -> int:
    """The same, without counting."""
    if item is None or not _is_limited():
        return 0
    return counters().reached(item, what, hooks.here().key())  # pyright: ignore[reportArgumentType]


def _is_limited() -> bool:
    return has_request_context() and not rules.is_in(request.remote_addr or "", options.unlimited())
