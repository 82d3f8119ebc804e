"""The log of the tests: what is in it, a sealer for it, and somebody who has the superuser's password."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import sqlalchemy as sa
from ckan import model

from ckanext.anshan.audit import notes, options, repairs
from ckanext.anshan.audit.notes import Signer
from ckanext.anshan.audit.sealing import Sealer

DATABASE = "ckan_test"


def events(**where: Any) -> list[dict[str, Any]]:
    """The bodies of events, oldest first: ``events(kind="entry.created", object_id=...)``."""
    chosen = " AND ".join(f"{name} = :{name}" for name in where) or "true"
    query = sa.text(f"SELECT body FROM anshan_audit_event WHERE {chosen} ORDER BY id")
    with engine().connect() as connection:
        return [json.loads(row.body) for row in connection.execute(query, where)]


def last(**where: Any) -> dict[str, Any]:
    return events(**where)[-1]


def count() -> int:
    with engine().connect() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM anshan_audit_event")).scalar_one()


def engine() -> sa.Engine:
    assert model.meta.engine
    return model.meta.engine


def address(data: Path, role: str) -> str:
    """Of the tests' database, as one of the roles of ``secrets.json``."""
    keys, port = (
        json.loads((data / "secrets.json").read_text()),
        json.loads((data / "portal.json").read_text())["ports"],
    )
    return f"postgresql://{role}:{keys[role]}@127.0.0.1:{port['postgres']}/{DATABASE}"


@contextmanager
def connected(data: Path, role: str) -> Iterator[Any]:
    """A connection that commits each statement."""
    connection = psycopg2.connect(address(data, role))
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def new_sealer(data: Path, folder: Path, signer: Signer | None = None) -> Sealer:
    signer = signer or Signer.parse(notes.generate(f"test-{uuid.uuid4().hex[:8]}")[0])
    return Sealer(address(data, "anshan_sealer"), signer, options.writer_key(), folder / "memory.json")


def begin_anew(data: Path) -> None:
    """Empty the log, as only the superuser can, and let it begin with what stands in the database."""
    tables = ("event", "leaf", "node", "checkpoint", "head", "witness")
    with connected(data, "postgres") as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(f"TRUNCATE {', '.join(f'anshan_audit_{table}' for table in tables)}")
        superuser.execute("UPDATE anshan_access_counted SET position = 0")
    repairs.log_begun()
