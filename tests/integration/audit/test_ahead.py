"""Events that are written while their page is made: kept before it leaves, also when the server goes away meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg2
import pytest
from flask import request
from werkzeug.test import EnvironBuilder

from ckanext.anshan.audit import ahead, recording
from ckanext.anshan.audit.events import Event

from .support import connected, count, events

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def request_context(app: Any):
    with app.flask_app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        yield


@pytest.fixture(autouse=True)
def first_connection(with_plugins: None):
    """None of an earlier test's."""
    ahead._idle.clear()


def end_connections(data: Path) -> None:
    """Of this process's own, those that write ahead."""
    sent = request.environ.get(ahead.SENT) if request else None
    mine = [cursor.connection.info.backend_pid for cursor in (*ahead._idle, *([sent.cursor] if sent else []))]
    with connected(data, "postgres") as superuser:
        superuser.execute("SELECT count(pg_terminate_backend(pid, 5000)) FROM unnest(%s) AS pid", (mine,))
        assert superuser.fetchone()[0] == len(mine) > 0


def written(kind: str) -> int:
    return len(events(kind=kind))


def test_it_is_kept_before_the_answer_leaves(app: Any):
    before, kept = written("access.refused"), []
    environ = EnvironBuilder(path="/ckan-admin/config", environ_base={"REMOTE_ADDR": "192.0.2.1"}).get_environ()
    for _ in app.flask_app(environ, lambda status, headers: None):
        kept.append(written("access.refused"))
    assert kept[0] == before + 1


def test_connections_are_used_again(app: Any):
    app.get("/ckan-admin/config", status=403)
    known = len(ahead._idle)
    for _ in range(3):
        app.get("/ckan-admin/config", status=403)
    assert len(ahead._idle) == known > 0


def test_a_request_has_one_connection_however_much_it_records_and_gives_it_back(app: Any):
    before = written("log.read")
    for _ in range(2):
        with app.flask_app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.1"}):
            for _ in range(3):
                recording.happened(Event("log.read"))
    assert (written("log.read"), len(ahead._idle)) == (before + 6, 1)


def test_a_connection_that_was_closed_while_nobody_used_it(app: Any, portal_data: Path):
    app.get("/ckan-admin/config", status=403)
    before = written("access.refused")
    end_connections(portal_data)
    app.get("/ckan-admin/config", status=403)
    assert written("access.refused") == before + 1


def test_a_server_that_goes_away_in_between(request_context: None, portal_data: Path):
    """The event is sent again: whether it was kept before that or not, it is there once."""
    before = written("log.read")
    recording.happened(Event("log.read"))
    end_connections(portal_data)
    ahead.finish(request.environ)
    assert written("log.read") == before + 1


def test_what_the_database_refuses_is_an_error_and_the_connection_is_not_used_again(request_context: None):
    before = count()
    ahead.send("INSERT INTO anshan_audit_event (id) VALUES (%(id)s)", {"id": None})
    known = len(ahead._idle)
    with pytest.raises(psycopg2.Error):
        ahead.finish(request.environ)
    assert (len(ahead._idle), count()) == (known, before)
    ahead.finish(request.environ)
