"""A download under way stops when its grant does, and the client sees that it was broken off: no short file."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.anshan.access.delivering import Broken
from tests.integration.access import granted
from tests.integration.application import town as towns
from tests.integration.support import as_user

ROWS = 40_000
TABLE = "单位名称,区县,街道,统一社会信用代码,日收运量,联系电话\n" + "".join(
    f"{'鞍山市铁东区湖南街道餐饮服务有限责任公司' * 3}{n},铁东区,湖南街道,{n:018d},{n % 97},13904120000\n"
    for n in range(ROWS)
)
PATIENCE = 20  # seconds


@pytest.fixture
def own(app):
    return granted.within(app, granted.make, "running", TABLE)


def elsewhere(change: str, **given: str) -> None:
    """As another process would, in a transaction of its own."""
    with model.meta.engine.begin() as other:  # pyright: ignore[reportOptionalMemberAccess]
        other.execute(sa.text(change), given)


def set_state(own: granted.Granted, state: str) -> None:
    change = "UPDATE anshan_access_grant SET state = :state WHERE number = :number"
    elsewhere(change, state=state, number=own.number)


def begun(own: granted.Granted, app: Any, headers: dict[str, str], suffix: str = "csv") -> Any:
    return app.test_client().open(own.address(f"{granted.FILE}.{suffix}"), headers=headers, buffered=False)


@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx", "parquet"])
def test_what_is_suspended_meanwhile_is_broken_off(own, app, suffix):
    answer = begun(own, app, granted.by(own.holder), suffix)
    parts = iter(answer.response)
    next(parts)
    set_state(own, "suspended")
    try:
        with pytest.raises(Broken) as broken:
            for _ in parts:
                pass
    finally:
        set_state(own, "active")
        answer.close()
    row = own.deliveries()[-1]
    assert (broken.value.refusal.code, row.ended, row.sha256, row.rows) == ("grant_suspended", "grant_suspended", "", 0)
    ended = granted.events(own.number, "grant.delivered")[-1]
    assert (ended["facts"]["ended"], ended["facts"]["bytes"]) == ("grant_suspended", row.bytes)


def test_a_token_that_is_revoked_meanwhile_ends_its_download(own, app):
    made = as_user(own.holder, "anshan_grant_token_create", id=own.number, name="running")
    answer = begun(own, app, {"X-Grant-Token": made["token"]})
    parts = iter(answer.response)
    next(parts)
    elsewhere("UPDATE anshan_access_token SET revoked = now() WHERE id = :id", id=made["id"])
    with pytest.raises(Broken) as broken:
        for _ in parts:
            pass
    answer.close()
    assert (broken.value.refusal.code, own.deliveries()[-1].ended) == ("bad_token", "bad_token")


def test_a_client_that_goes_away_is_on_record_as_such(own, app):
    answer = begun(own, app, granted.by(own.holder))
    next(iter(answer.response))
    answer.close()
    row = own.deliveries()[-1]
    assert (row.ended, row.sha256) == ("broken", "") and 0 < row.bytes < len(TABLE)


# against the server of production


@pytest.fixture
def server(own) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = "python:ckanext.anshan.local.inside.gunicorn_conf"
    command = ["--config", settings, "--bind", f"127.0.0.1:{port}", "ckanext.anshan.local.inside.wsgi:application"]
    env = {**os.environ, "CKAN_INI": tk.config["__file__"], "ANSHAN_WEB_WORKERS": "1"}
    gunicorn = Path(sys.executable).with_name("gunicorn")
    process = subprocess.Popen([str(gunicorn), *command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(lambda: _answers(port), 60)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(is_so: Any, seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _asked(own: granted.Granted, port: int) -> http.client.HTTPResponse:
    """By a client that takes little at once, so that the server can't be done before it is read."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", port))
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.sock = made
    connection.request("GET", quote(own.address()), headers=granted.by(own.holder))
    return connection.getresponse()


def test_the_server_leaves_the_end_of_a_broken_transfer_out(own, server, app):
    answer = _asked(own, server)
    assert (answer.status, answer.getheader("Transfer-Encoding")) == (200, "chunked")
    answer.read(1 << 16)
    given = {"reason": "核查", "article": "第四十三条"}
    granted.within(app, towns.do, own.town.head, {"id": own.number}, "suspend", **given)
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    _wait(lambda: own.deliveries()[-1].ended)
    assert own.deliveries()[-1].ended == "grant_suspended"
    again = _asked(own, server)
    assert again.status == 403 and "access.grant_suspended" in again.read().decode()
    granted.within(app, towns.do, own.town.head, {"id": own.number}, "resume", reason="已核查")
    whole = _asked(own, server).read()
    assert len(granted.rows_of(whole)) == ROWS + 1
    _wait(lambda: own.deliveries()[-1].ended)
    assert (own.deliveries()[-1].ended, own.deliveries()[-1].bytes) == ("whole", len(whole))
