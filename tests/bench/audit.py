"""What the log costs: ``./portal bench audit``, on a running portal with the demo.

Three figures. How much longer a request takes that writes one event, measured in one process in turns, with the
record and without. How many events a second are sealed, while others go on writing. How many a second are exported,
and how many the offline verifier checks.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg2
import sqlalchemy as sa
from psycopg2.extras import execute_values

from ckanext.anshan.audit import events, exporting, notes, offline
from ckanext.anshan.audit.events import Event, Object, Who
from ckanext.anshan.audit.notes import Signer
from ckanext.anshan.audit.sealing import Sealer
from ckanext.anshan.local.lifecycle import portal_of
from ckanext.anshan.local.postgres import Postgres
from ckanext.anshan.local.service import Portal

LIMITS = {"overhead_percent": 5.0, "sealed_per_second": 2_000, "verified_per_second": 200_000}
PATCHED = {"organization_patch": "description", "package_patch": "notes"}
SCRATCH = "anshan_bench_log"
TABLES = ("event", "leaf", "node", "checkpoint")
ADD = "INSERT INTO anshan_audit_event (id, at, kind, outcome, object_type, object_id, body, leaf, mark) VALUES %s"
KEY = b"bench"
ONE_MORE = sa.text(
    "INSERT INTO anshan_access_download AS known (dataset_id, day, downloads) VALUES (:dataset_id, current_date, 1)"
    " ON CONFLICT (dataset_id, day) DO UPDATE SET downloads = known.downloads + 1"
)
TEXT = "{}"
STATE = hashlib.sha256(TEXT.encode()).hexdigest()
THINGS = 5_000


def overhead(portal: Portal, rounds: int, each: int) -> dict[str, dict[str, float]]:
    """Percent that the record adds to a request: a download, a change of an agency and of an entry, a refused page."""
    os.environ["CKAN_INI"] = str(portal.layout.ini)
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    app = make_app(load_config(str(portal.layout.ini)))
    client = app._wsgi_app.test_client()  # pyright: ignore[reportAttributeAccessIssue]
    accounts = json.loads(portal.layout.accounts.read_text())
    token = next(one["token"] for one in accounts if one["role"] == "sysadmin")
    found = client.get("/api/3/action/package_search?fq=opening_class:unconditional&rows=1").get_json()
    address = found["result"]["results"][0]["resources"][0]["url"]
    agency = client.get("/api/3/action/organization_list").get_json()["result"][0]
    entry = client.get(
        "/api/3/action/package_search?fq=type:entry&rows=1&include_private=true", headers={"Authorization": token}
    ).get_json()["result"]["results"][0]["id"]
    number = iter(range(10**9))

    def change(action: str, **given: str) -> Callable[[], Any]:
        address, headers = f"/api/3/action/{action}", {"Authorization": token}
        return lambda: client.post(address, json={**given, PATCHED[action]: f"{next(number)}"}, headers=headers)

    asked: dict[str, Callable[[], Any]] = {
        "download": lambda: client.get(address[address.index("/data/") :]),
        "change of an agency": change("organization_patch", id=agency),
        "change of an entry": change("package_patch", id=entry),
        "refused page": lambda: client.get("/ckan-admin/config"),
    }
    return {name: _added(ask, rounds, each) for name, ask in asked.items()}


def _added(ask: Callable[[], Any], rounds: int, each: int) -> dict[str, float]:
    """Percent that a request takes longer, in two ways: with the record and without in turns, which a busy machine
    blurs; and the time that passes in recording against all other time, which leaves out what the commit has to write.
    """
    ask()
    with_it: list[float] = []
    without: list[float] = []
    spent: list[float] = []
    for _ in range(rounds):
        with timed(spent):
            with_it.append(_time(ask, each))
        with unrecorded():
            without.append(_time(ask, each))
    ask()  # what was changed past the log is on it again
    recording = sum(spent) / sum(with_it)
    return {
        "in turns": round((statistics.median(with_it) / statistics.median(without) - 1) * 100, 1),
        "time in recording": round(recording / (1 - recording) * 100, 1),
    }


@contextmanager
def timed(spent: list[float]) -> Iterator[None]:
    """Add up the seconds that this process compares and writes."""
    from ckanext.anshan.audit import ahead, recording

    def clocked(work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **more: Any) -> Any:
            started = time.perf_counter()
            try:
                return work(*given, **more)
            finally:
                spent.append(time.perf_counter() - started)

        return run

    clocks = [(recording, "_changed"), (recording, "_insert"), (recording, "happened"), (ahead, "finish")]
    with ExitStack() as stack:
        for module, name in clocks:
            stack.enter_context(mock.patch.object(module, name, clocked(getattr(module, name))))
        yield


def _time(ask: Callable[[], Any], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        answer = ask()
        assert answer.status_code in (200, 403), answer.status
    return time.perf_counter() - started


@contextmanager
def unrecorded() -> Iterator[None]:
    """Nothing is compared and nothing is written, in this process; a download is counted, as it was before the log."""
    from ckan import model

    from ckanext.anshan.audit import recording

    def count(event: Event, _: str = "") -> None:
        if event.kind == "file.handed_out" and event.object:
            model.Session.connection().execute(ONE_MORE, {"dataset_id": event.object.id})
            model.Session.commit()

    with mock.patch.multiple(recording, _changed=lambda *_: [], _insert=lambda *_, **__: None, happened=count):
        yield


def written(thing: str, version: int, at: Any) -> tuple[Any, ...]:
    """One event as the portal writes it: an object becomes what it was."""
    event = Event(
        "entry.changed",
        object=Object("entry", thing, version, STATE, STATE if version > 1 else ""),
        action="package_patch",
        facts={"version": version},
    )
    who = Who("00000000-0000-4000-8000-000000000001", "api", "publisher", "00000000-0000-4000-8000-000000000002")
    made = events.write(events.new_id(at), at, event, who, "ab" * 32, KEY)
    return str(made.id), at, event.kind, "done", "entry", thing, made.body, made.leaf, made.mark


def sealing(portal: Portal, folder: Path, count: int) -> tuple[dict[str, Any], Signer]:
    """Events a second that are sealed: all at once, and while two clients go on writing."""
    signer = Signer.parse(notes.generate("bench")[0])
    sealer = Sealer(Postgres(portal).url(SCRATCH, "postgres"), signer, KEY, folder / "memory.json")
    sealer.begin()
    _write(portal, count)
    started = time.perf_counter()
    assert sealer.seal().sealed == count
    at_once = count / (time.perf_counter() - started)
    stop = threading.Event()
    clients = [threading.Thread(target=_keep_writing, args=(portal, f"client {n}", stop)) for n in range(2)]
    for one in clients:
        one.start()
    started, sealed, spent = time.perf_counter(), 0, 0.0
    while time.perf_counter() - started < 10:
        begun = time.perf_counter()
        sealed += sealer.seal().sealed
        spent += time.perf_counter() - begun
        time.sleep(0.5)
    stop.set()
    for one in clients:
        one.join()
    left = sealer.seal().sealed
    sealer.close()
    seconds = time.perf_counter() - started
    return {
        "sealed at once, per second": round(at_once),
        "written meanwhile, per second": round((sealed + left) / seconds),
        "sealed meanwhile, per second of the sealer's own time": round(sealed / spent),
        "not sealed yet when they stopped": left,
    }, signer


def _write(portal: Portal, count: int) -> None:
    at = events.now()
    rows = (written(f"thing {number % THINGS}", number // THINGS + 1, at) for number in range(count))
    with psycopg2.connect(Postgres(portal).url(SCRATCH, "postgres")) as connection, connection.cursor() as cursor:
        execute_values(cursor, ADD, rows, page_size=2000)


def _keep_writing(portal: Portal, client: str, stop: threading.Event) -> None:
    """One event in a transaction, as requests write them."""
    with psycopg2.connect(Postgres(portal).url(SCRATCH, "postgres")) as connection, connection.cursor() as cursor:
        version = 1
        while not stop.is_set():
            execute_values(cursor, ADD, [written(client, version, events.now())])
            connection.commit()
            version += 1


def verifying(portal: Portal, folder: Path, signer: Signer) -> dict[str, Any]:
    """Events a second that are exported, and that the offline verifier checks as a process of its own."""
    out = folder / "export"
    out.mkdir()
    engine = sa.create_engine(Postgres(portal).url(SCRATCH, "postgres"))
    started = time.perf_counter()
    with engine.connect() as connection:
        size = exporting._write_events(out, connection)
        seconds = time.perf_counter() - started
        checkpoints = map(exporting._checkpoint, connection.execute(sa.text(exporting.CHECKPOINTS)))
        (out / "checkpoints.jsonl").write_text("".join(f"{one}\n" for one in checkpoints), "utf-8")
    engine.dispose()
    (out / "pending.jsonl").write_text("")
    things = [f"thing {number}" for number in range(THINGS)] + ["client 0", "client 1"]
    (out / "objects.jsonl").write_text("".join(f"{json.dumps(['entry', one, TEXT])}\n" for one in things))
    manifest = {"format": "anshan-audit-export/1", "origin": signer.key.name, "size": size, "keys": []}
    (out / "manifest.json").write_text(json.dumps(manifest))
    command = [sys.executable, offline.__file__, str(out), "--key", signer.vkey, "--json"]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert report["counts"] == {}, report["counts"]
    return {
        "events": size,
        "exported per second": round(size / seconds),
        "verified per second": report["totals"]["per_second"],
    }


@contextmanager
def scratch(portal: Portal) -> Iterator[None]:
    """A database with the tables of the log and nothing else."""
    postgres = Postgres(portal)
    postgres.sql(f'DROP DATABASE IF EXISTS "{SCRATCH}" WITH (FORCE)')
    postgres.sql(f'CREATE DATABASE "{SCRATCH}"')
    try:
        command, env = postgres.client("pg_dump", "ckan", "--schema-only", "--no-owner", "--table=anshan_audit_*")
        functions = "SELECT pg_get_functiondef(oid) || ';' FROM pg_proc WHERE proname LIKE 'anshan\\_audit\\_%'"
        dumped = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        postgres.sql(postgres.sql(functions, "ckan") + dumped, SCRATCH)
        yield
    finally:
        postgres.sql(f'DROP DATABASE IF EXISTS "{SCRATCH}" WITH (FORCE)')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    portal, folder = portal_of(given.data), Path(tempfile.mkdtemp(prefix="anshan-audit-"))
    try:
        with scratch(portal):
            sealed, signer = sealing(portal, folder, given.events)
            verified = verifying(portal, folder, signer)
        added = overhead(portal, given.rounds, 20)
    finally:
        shutil.rmtree(folder)
    print(json.dumps({"added by one event, percent": added, **sealed, **verified}, indent=1))
    return int(
        any(one["time in recording"] > LIMITS["overhead_percent"] for one in added.values())
        or sealed["sealed at once, per second"] < LIMITS["sealed_per_second"]
        or verified["verified per second"] < LIMITS["verified_per_second"]
    )


if __name__ == "__main__":
    sys.exit(main())
