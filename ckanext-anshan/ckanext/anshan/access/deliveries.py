"""What was handed out under grants: a row and an event of the log before the first byte, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ..audit import recording
from ..audit.events import Event, Object
from . import counting, tokens
from .counting import Used
from .model import delivery
from .rules import Method
from .using import Facts

WHOLE, BROKEN = "whole", "broken"


@dataclass(frozen=True)
class Handed:
    """Something that is handed out. ``columns``: none of a file that is no table."""

    facts: Facts
    method: Method
    format: str
    columns: Sequence[str] = ()
    rows: int = 0
    bytes: int = 0

    @property
    def row(self) -> dict[str, Any]:
        file = self.facts.file
        assert file is not None
        return {
            "grant_id": self.facts.row.id,
            "user_id": self.facts.caller.user_id,
            "method": self.method.value,
            "file": file.name,
            "source": file.sha256,
            "version": self.facts.offer.version,
            "format": self.format,
            "columns": list(self.columns),
            "rows": self.rows,
            "bytes": self.bytes,
        }

    @property
    def told(self) -> dict[str, Any]:
        """For the log: which application, what of it, how much; no value of the data, and nobody's name."""
        row = self.row
        named = {name: row[name] for name in ("file", "version", "method", "format", "rows", "bytes")}
        about = {"application": self.facts.row.number, "dataset": self.facts.row.dataset_id, "sha256": row["source"]}
        token = {"token": self.facts.caller.token_id} if self.facts.caller.token_id else {}
        return {**about, **named, "columns": len(self.columns), **token}


def answered(handed: Handed) -> None:
    """A page of the API is about to leave; committed."""
    _begun(handed, WHOLE, Used(rows=handed.rows, bytes=handed.bytes))
    model.Session.commit()


def begin(handed: Handed) -> int:
    """A download is about to begin; its id, committed. Rows and bytes are counted when it has ended."""
    id = _begun(handed, "", Used(requests=1))
    model.Session.commit()
    return id


def _begun(handed: Handed, ended: str, used: Used) -> int:
    id = model.Session.execute(
        delivery.insert().values(**handed.row, ended=ended).returning(delivery.c.id)
    ).scalar_one()
    counting.note(handed.facts.row.id, handed.method, used)
    tokens.touch(handed.facts.caller)
    _record("grant.handed_out", handed, {"delivery": id})
    return id


def end(id: int, handed: Handed, ended: str, sha256: str, size: int) -> None:
    """It is over; committed.

    :param ended: whole, broken, or the code of what was found to stand against it · :param sha256: of what was sent
    """
    rows = handed.rows if ended == WHOLE else 0
    values = {"ended": ended, "bytes": size, "rows": rows, "sha256": sha256 if ended == WHOLE else ""}
    model.Session.execute(sa.update(delivery).where(delivery.c.id == id).values(values))
    counting.note(handed.facts.row.id, handed.method, Used(rows=rows, bytes=size))
    told = {"delivery": id, "ended": ended, "bytes": size, "rows": rows}
    _record("grant.delivered", handed, told | ({"copy": sha256} if ended == WHOLE else {}))
    model.Session.commit()


def _record(kind: str, handed: Handed, more: dict[str, Any]) -> None:
    about = Object("application", handed.facts.row.application_id)
    recording.note(Event(kind, object=about, action="grant", code="granted", facts=handed.told | more))


def of(grant_ids: Sequence[str], limit: int) -> list[Any]:
    """Rows of the newest downloads under these grants; what the API answered is told by the usage of each day."""
    chosen = (delivery.c.grant_id.in_(list(grant_ids)), delivery.c.method == Method.DOWNLOAD.value)
    return list(model.Session.execute(sa.select(delivery).where(*chosen).order_by(delivery.c.id.desc()).limit(limit)))


def of_copy(sha256: str, grant_ids: Sequence[str]) -> list[Any]:
    """Rows of those that were this very file, byte for byte."""
    chosen = (delivery.c.sha256 == sha256, delivery.c.grant_id.in_(list(grant_ids)))
    return list(model.Session.execute(sa.select(delivery).where(*chosen).order_by(delivery.c.id)))


def sources(grant_ids: Sequence[str]) -> list[str]:
    """SHA-256 of each released file that something was handed out of under these grants."""
    query = sa.select(delivery.c.source).where(delivery.c.grant_id.in_(list(grant_ids))).distinct()
    return list(model.Session.execute(query.order_by(delivery.c.source)).scalars())
