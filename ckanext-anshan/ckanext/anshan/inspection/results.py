"""What other rooms may know of scans: has them done, and says what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ..release import files
from ..scan.findings import Severity
from . import reports, scanner, showing
from .model import report
from .rules import State


@dataclass(frozen=True)
class Wanted:
    """A file whose scan is wanted."""

    resource_id: str
    sha256: str
    name: str
    size: int
    entry_id: str


@dataclass(frozen=True)
class Result:
    """The scan of a file. One that failed has no findings and blocks: nobody has seen what is in the file."""

    id: str
    resource_id: str
    sha256: str
    name: str
    scanner: str
    state: str
    progress: float
    error: str
    report: Mapping[str, Any]

    @property
    def is_done(self) -> bool:
        return self.state in (State.DONE.value, State.FAILED.value)

    @property
    def severity(self) -> Severity | None:
        if self.state == State.FAILED.value:
            return Severity.BLOCK
        found = {str(one.get("severity")) for one in self.report.get("findings", ())}
        return next((one for one in Severity if one.value in found), None)

    @property
    def findings(self) -> int:
        return len(self.report.get("findings", ()))


def ask(wanted: Iterable[Wanted], agency: str, user_id: str | None) -> list[str]:
    """Have these files scanned with the agency's words; ids of the scans, those that are there already included.

    In the caller's transaction: the worker sees them once it is committed.
    """
    version = scanner.version_for(agency)
    return [reports.ask(_file(one), one.resource_id, version, user_id)[0] for one in wanted]


def _file(one: Wanted) -> files.Found:
    return files.Found(one.sha256, one.name, one.size, entry_id=one.entry_id)


def unfinished() -> frozenset[str]:
    """Ids of all scans that wait or run."""
    return frozenset(model.Session.execute(sa.select(report.c.id).where(reports.IS_OPEN)).scalars())


def of(ids: Sequence[str]) -> list[Result]:
    """These scans, in this order, with what they found."""
    rows = {row.id: row for row in model.Session.execute(sa.select(report).where(report.c.id.in_(ids)))}
    return [_result(rows[id]) for id in ids if id in rows]


def _result(row: Any) -> Result:
    return Result(
        row.id,
        row.resource_id,
        row.sha256,
        row.file_name,
        row.scanner,
        row.state,
        row.progress,
        row.error,
        row.report or {},
    )


def shown(result: Result) -> list[dict[str, Any]]:
    """The findings of a scan with words beside their codes, the worst first."""
    return showing.findings(result.report)


def failure(result: Result) -> str:
    """Why a scan failed, in a sentence; empty where it didn't."""
    return showing.failure(result.error) if result.error else ""
