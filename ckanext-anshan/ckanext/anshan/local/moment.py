"""Both databases as they were at one moment: sessions of psql that hold a snapshot each, for pg_dump to read by."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from .postgres import Postgres
from .problems import N_, Problem

QUEUE = "anshan_workflow_outbox"
TRIES = 600
PAUSE_SECONDS = 1.0
QUIET = f"BEGIN; SET LOCAL lock_timeout = '1s'; LOCK TABLE {QUEUE} IN EXCLUSIVE MODE; SELECT 'quiet';"
"""Between two jobs of the worker. A job that is at work is waited for in short turns, so that it can queue others."""
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_export_snapshot();"


class Session:
    """A psql that stays open; what it has begun holds until it is closed."""

    def __init__(self, postgres: Postgres, database: str) -> None:
        words, env = postgres.client("psql", database, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
        pipe = subprocess.PIPE
        self.psql = subprocess.Popen(words, env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.psql.communicate()

    def ask(self, sql: str) -> str:
        """Its one line of an answer; empty when the server refused."""
        assert self.psql.stdin is not None and self.psql.stdout is not None
        self.psql.stdin.write(f"{sql}\n")
        self.psql.stdin.flush()
        return self.psql.stdout.readline().strip()

    def refusal(self) -> str:
        return self.psql.communicate()[1].strip()


@contextmanager
def one_moment(postgres: Postgres, databases: Sequence[str]) -> Iterator[dict[str, str]]:
    """A snapshot of each database, all taken while no job is half done: the worker works in both."""
    with ExitStack() as stack:
        with _quiet(postgres, databases[0]):
            sessions = {name: stack.enter_context(Session(postgres, name)) for name in databases}
            snapshots = {name: session.ask(SNAPSHOT) for name, session in sessions.items()}
        yield snapshots


@contextmanager
def _quiet(postgres: Postgres, database: str) -> Iterator[None]:
    for _ in range(TRIES):
        with Session(postgres, database) as session:
            if session.ask(QUIET):
                yield
                return
            reason = session.refusal()
        if "lock timeout" not in reason:
            raise Problem(N_("PostgreSQL refused a command: {reason}"), reason=reason)
        time.sleep(PAUSE_SECONDS)
    raise Problem(
        N_("The worker has been at one job for too long for a backup."),
        N_("Look into its log, then run the same command again."),
    )
