"""Writes events in transactions of their own while the answer that they go with is still being made.

The statement is sent at once, over a connection that nothing else uses; the answer leaves when PostgreSQL has said that
the event is kept. Between the two the server works while this process does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any, NamedTuple

import psycopg2
from ckan import model
from flask import request
from psycopg2.extras import wait_select

SENT = "anshan.audit.sent"  # in the request's environ

_idle: list[Any] = []  # cursors of this process, each of a connection of its own
_inherited: list[Any] = []  # by a fork: its parent's, and closing them would end them there


class Sent(NamedTuple):
    cursor: Any
    statement: str
    row: Mapping[str, Any]


def send(statement: str, row: Mapping[str, Any]) -> None:
    """Have PostgreSQL run this, which may run twice: a server that went away meanwhile is asked again.

    Within a request alone, which has one connection for all that it sends.
    """
    finish(request.environ)
    request.environ[SENT] = _trying(_send, Sent(_idle.pop() if _idle else _cursor(), statement, row))


def around(answer: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Nothing of an answer leaves before what it sent is kept: a server writes the headers with the first bytes."""

    def answered(environ: dict[str, Any], start_response: Any, /) -> Iterable[bytes]:
        try:
            return answer(environ, start_response)
        finally:
            finish(environ)

    return answered


def finish(environ: MutableMapping[str, Any]) -> None:
    """Wait until what a request has sent is kept.

    :raises psycopg2.Error: it can't be
    """
    sent: Sent | None = environ.pop(SENT, None)
    if sent:
        _idle.append(_trying(_wait, sent).cursor)


def _trying(step: Callable[[Sent], None], sent: Sent) -> Sent:
    """The step; from the beginning, over another connection, where the server has closed this one."""
    try:
        step(sent)
    except psycopg2.Error:
        if not sent.cursor.connection.closed:
            sent.cursor.connection.close()
            raise
        sent = sent._replace(cursor=_cursor())
        _send(sent)
        if step is not _send:
            step(sent)
    return sent


def _send(sent: Sent) -> None:
    sent.cursor.execute(sent.statement, sent.row)


def _wait(sent: Sent) -> None:
    wait_select(sent.cursor.connection)


def _cursor() -> Any:
    """Of a new connection that waits for no answer; each statement is a transaction of its own."""
    assert model.meta.engine
    words, options = model.meta.engine.dialect.create_connect_args(model.meta.engine.url)
    connection = psycopg2.connect(*words, **options, async_=True)
    wait_select(connection)
    return connection.cursor()


def _leave() -> None:
    _inherited.extend(_idle)
    _idle.clear()


os.register_at_fork(after_in_child=_leave)
