"""What is handed out as a file is what was granted and no more, and it ends when the grant does."""

from __future__ import annotations

import csv
import hashlib
import http.client
import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pytest

from ckanext.anshan.access import delivering, engine, marking, querying, tracing
from ckanext.anshan.access.delivering import Broken, Delivery
from ckanext.anshan.access.marking import Mark
from ckanext.anshan.access.rules import Refusal
from ckanext.anshan.release import vault

from . import tabular
from .tabular import HEADER, KEY, PUBLIC, scope

pytestmark = pytest.mark.usefixtures("with_plugins")

AT = {name: at for at, name in enumerate(HEADER)}
SHOWN = [name for name in HEADER if name in PUBLIC]
FORMATS = ["CSV", "XLSX", "JSON", "Parquet"]


def always() -> None:
    return None


def handed_out(format: str, within: Any = None, key: bytes = KEY) -> bytes:
    found = delivering.stream(within or scope(), format, key, always)
    assert isinstance(found, Delivery), found
    return b"".join(found.bytes)


def read(content: bytes, format: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows as texts; an empty cell is an empty text."""
    if format == "CSV":
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        return header, rows
    if format == "JSON":
        records = json.loads(content, parse_float=str)
        return list(records[0]), [["" if one is None else str(one) for one in record.values()] for record in records]
    if format == "XLSX":
        header, *rows = cells(content)
        return [str(one.value) for one in header], [[_shown(one) for one in row] for row in rows]
    path = engine.folder() / "read.parquet"
    path.write_bytes(content)
    found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)])
    return [one[0] for one in found.description or ()], [
        ["" if one is None else str(one) for one in row] for row in found.fetchall()
    ]


def cells(content: bytes) -> list[Sequence[Any]]:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content)).active
    return list(sheet.iter_rows())


def _shown(cell: Any) -> str:
    """As the workbook shows it."""
    if isinstance(cell.value, int | float) and "." in cell.number_format:
        return f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"
    return "" if cell.value is None else str(cell.value)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_the_values_of_the_file_in_the_order_of_the_mark(format):
    header, rows = read(handed_out(format), format)
    order = marking.ordered(Mark(KEY), np.arange(3000))
    assert header == SHOWN
    assert rows == [[tabular.rows()[number][AT[name]] for name in SHOWN] for number in order]


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_out_of_scope_is_in_a_file(format):
    within = scope(rows=({"column": "区", "op": "in", "value": ["铁东区"]},), columns=frozenset({"编号", "备注"}))
    header, rows = read(handed_out(format, within), format)
    assert header == ["编号", "备注"]
    assert sorted(rows) == sorted([row[0], row[6]] for row in tabular.rows() if row[2] == "铁东区")
    content = handed_out(format, within)
    assert b"canary" not in content and "铁".encode() not in content


def test_a_text_that_looks_like_a_formula_stays_a_text():
    content = handed_out("XLSX", scope(columns=frozenset({"备注"})))
    found = [row[0] for row in cells(content) if row[0].value == "=1+1"]
    assert {one.data_type for one in found} == {"s"}


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_tells_by_which_grant_it_was_handed_out(format, tmp_path):
    path = tmp_path / f"found.{format.lower()}"
    path.write_bytes(handed_out(format, key=b"grant 41"))
    candidates = {f"{n}": Mark(f"grant {n}".encode()) for n in range(50)}
    (found,) = [tracing.trace(scope(), header, rows, candidates) for header, rows in tracing.leaked(path)]
    assert not isinstance(found, Refusal)
    assert (found.says, found.grants, found.matched) == ("found", ("41",), 3000)


def test_pages_of_the_api_tell_it_too():
    rows = []
    for offset in range(0, 300, 100):
        page = querying.ask(scope(), {"columns": ["编号", "金额"], "offset": offset}, b"grant 7")
        assert isinstance(page, querying.Page)
        rows += page.rows
    found = tracing.trace(scope(), ["编号", "金额"], rows, {f"{n}": Mark(f"grant {n}".encode()) for n in range(50)})
    assert not isinstance(found, Refusal) and found.grants == ("7",)


def test_a_table_without_rows_is_a_whole_file():
    none = scope(rows=({"column": "编号", "op": "eq", "value": "nobody"},))
    assert read(handed_out("CSV", none), "CSV") == (SHOWN, [])
    assert json.loads(handed_out("JSON", none)) == []
    assert read(handed_out("XLSX", none), "XLSX") == (SHOWN, [])
    assert read(handed_out("Parquet", none), "Parquet") == (SHOWN, [])


@pytest.mark.parametrize("format", FORMATS)
def test_what_was_sent_is_told_at_the_end(format):
    told = []
    found = delivering.stream(scope(), format, KEY, always, lambda *given: told.append(given))
    assert isinstance(found, Delivery)
    content = b"".join(found.bytes)
    assert told == [(hashlib.sha256(content).hexdigest(), len(content), True)]


def test_whoever_may_not_gets_no_byte():
    no = Refusal("revoked")
    assert delivering.stream(scope(), "CSV", KEY, lambda: no) == no
    assert delivering.stream_whole(tabular.table(), len(tabular.text(HEADER, tabular.rows())), "", lambda: no) == no


def test_what_cannot_be_made_is_said_before():
    def code(found: Any) -> str:
        assert isinstance(found, Refusal)
        return found.code

    assert code(delivering.stream(scope(), "PDF", KEY, always)) == "no_such_format"
    assert code(delivering.stream(scope(columns=frozenset()), "CSV", KEY, always)) == "columns_not_offered"
    long = tabular.stored(tabular.text(["a"], [["x" * 40_000]]))
    assert code(delivering.stream(querying.TableScope(long, frozenset("a")), "XLSX", KEY, always)) == "too_long_cell"


def test_a_workbook_has_no_more_rows_than_it_can(monkeypatch):
    monkeypatch.setattr(delivering, "MOST_SHEET_ROWS", 2999)
    found = delivering.stream(scope(), "XLSX", KEY, always)
    assert found == Refusal("too_many_rows", {"rows": 3000, "most": 2999, "format": "XLSX"})


class Ends:
    """Allows so many questions, then no more."""

    def __init__(self, questions: int) -> None:
        self.left, self.asked = questions, 0

    def __call__(self) -> Refusal | None:
        self.asked += 1
        self.left -= 1
        return Refusal("revoked") if self.left < 0 else None


def test_a_running_transfer_ends_within_256_kib():
    told: list[tuple[str, int, bool]] = []
    taken: list[bytes] = []
    parts = delivering.watched(iter([b"x" * (10 << 20)]), Ends(3), lambda *given: told.append(given))
    with pytest.raises(Broken) as raised:
        for one in parts:
            taken.append(one)
    assert raised.value.refusal.code == "revoked"
    sent = sum(map(len, taken))
    assert 0 < sent <= 3 * delivering.BYTES_BETWEEN
    assert told == [(hashlib.sha256(b"x" * sent).hexdigest(), sent, False)]


def test_a_slow_reader_is_asked_for_again_before_the_next_byte(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(delivering.time, "monotonic", lambda: now[0])
    ends = Ends(1)
    parts = delivering.watched(iter([b"x" * (10 << 20)]), ends, delivering.nothing)
    next(parts)
    next(parts)
    now[0] += 1.5
    with pytest.raises(Broken):
        next(parts)


@pytest.mark.parametrize("format", ["XLSX", "Parquet"])
def test_what_is_made_first_is_watched_while_it_is_made(format, monkeypatch):
    monkeypatch.setattr(delivering, "SECONDS_BETWEEN", 0.0)
    told = []
    found = delivering.stream(scope(), format, KEY, Ends(2), lambda *given: told.append(given))
    assert isinstance(found, Delivery)
    with pytest.raises(Broken):
        next(found.bytes)
    assert [(size, complete) for _, size, complete in told] == [(0, False)]
    assert list(engine.folder().glob("delivery-*")) == []


def test_a_grant_that_ends_at_the_last_moment_completes_nothing():
    ends = Ends(2)  # before the transfer, and at its first piece
    told = []
    found = delivering.stream(scope(), "CSV", KEY, ends, lambda *given: told.append(given[2]))
    assert isinstance(found, Delivery)
    with pytest.raises(Broken):
        list(found.bytes)
    assert told == [False]


def test_a_reader_who_leaves_has_nothing_complete():
    told = []
    found = delivering.stream(scope(), "CSV", KEY, always, lambda *given: told.append(given[2]))
    assert isinstance(found, Delivery)
    next(found.bytes)
    found.bytes.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert told == [False]


def test_a_file_without_columns_leaves_as_it_is():
    content = b"%PDF-1.4" + os.urandom(700_000)
    kept = vault.put(io.BytesIO(content))
    told = []
    found = delivering.stream_whole(
        kept.sha256, kept.size, "application/pdf", always, lambda *given: told.append(given)
    )
    assert isinstance(found, Delivery)
    assert b"".join(found.bytes) == content
    assert (found.mimetype, told) == ("application/pdf", [(kept.sha256, len(content), True)])
    with pytest.raises(vault.Damaged):
        delivering.stream_whole(kept.sha256, kept.size + 1, "", always)


SERVER = """
from ckanext.anshan.access import delivering
from ckanext.anshan.access.rules import Refusal

def app(environ, start_response):
    left = [3]
    def still():
        left[0] -= 1
        return Refusal("revoked") if environ["PATH_INFO"] == "/ends" and left[0] < 0 else None
    start_response("200 OK", [("Content-Type", "text/csv")])
    return delivering.watched(iter([b"x,y\\n" * 100_000] * 4), still, delivering.nothing)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[int]:
    """Gunicorn with the portal's own kind of worker."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "served.py").write_text(SERVER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "2", "-b", f"127.0.0.1:{port}"]
    with subprocess.Popen([*command, "--chdir", str(folder), "--log-level", "critical", "served:app"]) as process:
        try:
            for _ in range(300):
                with socket.socket() as one:
                    if not one.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()


def test_a_broken_transfer_is_seen_to_be_broken(server):
    """Through the web server: no length is announced, and the last chunk is missing."""
    for path, is_whole in (("/", True), ("/ends", False)):
        connection = http.client.HTTPConnection("127.0.0.1", server)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.getheader("Transfer-Encoding") == "chunked" and answer.getheader("Content-Length") is None
        if is_whole:
            assert len(answer.read()) == 1_600_000
        else:
            with pytest.raises(http.client.IncompleteRead):
                answer.read()
        connection.close()
