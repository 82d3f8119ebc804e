"""Kills processes while clients write, then asks whether the log is whole: ``./portal bench kills --kills 200``.

A portal of its own in a new folder. Four clients make agencies through the API and ask for what they may not have, and
note what was made and what was refused. In turn the web processes, the worker, the sealer and PostgreSQL are killed
with SIGKILL and started again. At the end each agency and each refusal that was acknowledged must have exactly one
event, and the verifier must find nothing.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from ckanapi import NotAuthorized, RemoteCKAN

from ckanext.anshan.local import config, lifecycle
from ckanext.anshan.local.layout import ROOT
from ckanext.anshan.local.postgres import Postgres
from ckanext.anshan.local.processes import wait_until
from ckanext.anshan.local.service import Portal, Service
from ckanext.anshan.local.web import Sealer, Web, Worker

CLIENTS = 4
VICTIMS: tuple[type[Service], ...] = (Web, Sealer, Worker, Postgres)
UNSEALED = (
    "SELECT count(*) FROM anshan_audit_event AS e"
    " WHERE NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = e.id)"
)
MADE = "SELECT object_id FROM anshan_audit_event WHERE kind = 'organization.created'"
REFUSED = "SELECT object_id FROM anshan_audit_event WHERE kind = 'access.refused' AND object_id LIKE 'refuse-%'"


@dataclass
class Clients:
    """People who write all the time; what was acknowledged, and how many tries were not."""

    url: str
    token: str
    pause: float = 0.0  # seconds between two that one client writes
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: int = 0

    def run(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._write, daemon=True) for _ in range(CLIENTS)]
        for one in threads:
            one.start()
        return threads

    def _write(self) -> None:
        portal, visitor = RemoteCKAN(self.url, apikey=self.token), RemoteCKAN(self.url)
        while not self.stop.is_set():
            name = f"kill-{uuid.uuid4().hex}"
            try:
                made = portal.call_action("organization_create", {"name": name, "title": name}, requests_kwargs=WAIT)
                self.acknowledged.append(made["id"])
                self._ask_in_vain(visitor)
                time.sleep(self.pause)
            except Exception:
                self.failed += 1
                time.sleep(0.2)

    def _ask_in_vain(self, visitor: RemoteCKAN) -> None:
        name = f"refuse-{uuid.uuid4().hex}"
        try:
            visitor.call_action("organization_create", {"id": name, "name": name}, requests_kwargs=WAIT)
        except NotAuthorized:
            self.refused.append(name)


WAIT: dict[str, Any] = {"timeout": 30}


def kill(portal: Portal, kind: type[Service]) -> None:
    """SIGKILL for the process and all of its children, then a new start."""
    service = kind(portal)
    pid = service.process.pid()
    assert pid is not None, f"{service.name} was not there to be killed"
    os.killpg(pid, signal.SIGKILL)
    assert wait_until(lambda: service.process.pid() is None, 20)
    service.start()


def rounds(portal: Portal, kills: int, pause: float, told: Any) -> collections.Counter[str]:
    done: collections.Counter[str] = collections.Counter()
    for number in range(kills):
        time.sleep(pause * (0.3 + (number * 0.37) % 1.4))  # at other moments each time, and the same in each run
        kind = VICTIMS[number % len(VICTIMS)]
        kill(portal, kind)
        done[kind.name] += 1
        told(f"\r{number + 1} of {kills} kills")
    return done


def whole(portal: Portal, clients: Clients) -> dict[str, Any]:
    """What of the acknowledged is missing or doubled, and what the verifier says."""
    with psycopg2.connect(Postgres(portal).url("ckan")) as connection, connection.cursor() as cursor:

        def ask(statement: str) -> list[Any]:
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()]

        sealed = wait_until(lambda: ask(UNSEALED)[0] == 0, 60)
        made = collections.Counter(ask(MADE) + ask(REFUSED))
        positions = ask("SELECT position FROM anshan_audit_leaf ORDER BY position")
    words = [
        sys.executable,
        str(ROOT / "portal"),
        "ckan",
        "--data",
        str(portal.data),
        "anshan",
        "audit",
        "verify",
        "--json",
    ]
    verified = subprocess.run(words, capture_output=True, text=True, check=False)
    report = json.loads(verified.stdout[verified.stdout.index("{") :])
    acknowledged = clients.acknowledged + clients.refused
    return {
        "acknowledged": len(acknowledged),
        "of these refusals": len(clients.refused),
        "not acknowledged": clients.failed,
        "lost": len([id for id in acknowledged if not made[id]]),
        "doubled": len([id for id, times in made.items() if times > 1]),
        "all sealed": sealed,
        "positions without a gap": positions == list(range(len(positions))),
        "events": len(positions),
        "findings": report["counts"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="not used: the portal is made anew")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two kills, about")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="anshan-kills-"))
    os.environ[config.UNLIMITED] = "127.0.0.1"
    portal_words = [sys.executable, str(ROOT / "portal")]
    try:
        subprocess.run([*portal_words, "up", "--no-demo", "--data", str(folder)], check=True, stdout=subprocess.DEVNULL)
        portal = lifecycle.portal_of(folder)
        accounts = json.loads(portal.layout.accounts.read_text())
        token = next(one["token"] for one in accounts if one["role"] == "sysadmin")
        clients = Clients(portal.state.url(), token)
        threads, began = clients.run(), time.monotonic()
        done = rounds(portal, given.kills, given.pause, lambda text: print(text, end="", file=sys.stderr))
        clients.stop.set()
        for one in threads:
            one.join(60)
        found = {"kills": dict(done), "seconds": round(time.monotonic() - began), **whole(portal, clients)}
        print("\n" + json.dumps(found, ensure_ascii=False, indent=1))
        return int(bool(found["lost"] or found["doubled"] or found["findings"] or not found["all sealed"]))
    finally:
        subprocess.run([*portal_words, "down", "--data", str(folder)], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
