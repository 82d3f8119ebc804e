"""Begins scans that wait, looks after those that run, and takes up what a killed process left.

The worker looks once a second and never waits for a scan: each is a process of its own, see ``processes``.
"""

from __future__ import annotations

import atexit
import logging
import math
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import ckan.model as model

from ..audit import recording
from ..audit.events import Event, Object
from ..release import files
from . import options, processes, reports, scanner, sketches, words
from .rules import Ended, State, ended

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
PATIENCE = 10 * MINUTE
"""Of a worker on another machine nothing is known but when it last looked at its scan."""


@dataclass
class Scan:
    """A scan of this worker."""

    row: Any  # of reports
    running: processes.Running
    held: ExitStack  # a copy of the file, where the vault is elsewhere
    told: dict[str, Any] = field(default_factory=dict)  # the newest progress
    report: dict[str, Any] | None = None
    error: str = ""

    def listen(self) -> None:
        for line in self.running.lines():
            if isinstance(line.get("report"), dict):
                self.report = line["report"]
            elif "error" in line:
                self.error = str(line["error"])
            elif "progress" in line:
                self.told = line

    def close(self) -> None:
        self.running.kill()
        self.running.close()
        self.held.close()


_scans: dict[str, Scan] = {}


def look() -> int:
    """One look at everything: how many scans run in this worker afterwards."""
    with recording.job("inspection_scans", {}):
        for id in list(_scans):
            _follow(id, _scans[id])
        _take_up()
        while len(_scans) < options.at_once() and _begin_next():
            pass
        model.Session.commit()
    return len(_scans)


def _follow(id: str, scan: Scan) -> None:
    """Write down how far it is, or how it ended; a scan that somebody called off is ended."""
    code = scan.running.process.poll()
    scan.listen()
    is_late = scan.running.seconds > options.seconds()
    if code is None and not is_late:
        share = scan.told.get("progress", 0)
        progress = min(max(float(share), 0.0), 1.0) if isinstance(share, (int, float)) else 0.0
        part = _plain(str(scan.told.get("part") or ""))[:200]
        if not reports.note(id, processes.own_identity(), progress=progress, part=part):
            _forget(id)
    elif reports.note(id, processes.own_identity()):
        _close(scan.row, _outcome(scan, code, is_late), scan.report)
        _forget(id)
    else:
        _forget(id)
    model.Session.commit()


def _outcome(scan: Scan, code: int | None, is_late: bool) -> Ended:
    if scan.report is None:
        return ended(scan.row.attempts, told=scan.error, exit_code=code, is_late=is_late)
    if scan.report.get("sha256") != scan.row.sha256:
        return Ended(State.FAILED, "damaged")  # it isn't the file that was asked for
    return Ended(State.DONE)


def _forget(id: str) -> None:
    _scans.pop(id).close()


def _take_up() -> None:
    """Scans whose worker is gone wait again, or are given up."""
    for row in reports.running():
        if row.id in _scans or not _is_left(row):
            continue
        if row.host == processes.host():
            processes.end(row.process, row.id)
        _close(row, ended(row.attempts), None)
        model.Session.commit()


def _is_left(row: Any) -> bool:
    if row.host == processes.host():
        return row.worker == processes.own_identity() or not processes.is_alive(row.worker)
    return row.silent > PATIENCE


def _begin_next() -> bool:
    """Whether one that waited was begun, or failed at once."""
    if not reports.waiting():
        return False
    row = reports.claim(processes.host(), processes.own_identity())
    model.Session.commit()
    if row is None:
        return False
    held = ExitStack()
    try:
        _check(row.sha256, row.size)
        path = held.enter_context(files.on_disk(row.sha256))
        running = processes.begin(scanner.JOB, _request(path, row), row.id)
    except (files.Missing, files.Damaged, OSError) as error:
        held.close()
        code = "file_gone" if isinstance(error, files.Missing) else "damaged"
        _close(row, Ended(State.FAILED, "crashed" if isinstance(error, OSError) else code), None)
        model.Session.commit()
        return True
    _scans[row.id] = Scan(row, running, held)
    reports.note(row.id, processes.own_identity(), process=running.identity)
    model.Session.commit()
    return True


def _check(sha256: str, size: int) -> None:
    """Raise where the file is gone or another one. Its hash is taken by the scan: here it would stop the worker."""
    here = files.path(sha256)
    if here is None:
        return files.check(sha256, size)
    if not here.exists():
        raise files.Missing(sha256)
    if here.stat().st_size != size:
        raise files.Damaged(sha256)
    return None


def _request(path: Any, row: Any) -> dict[str, Any]:
    subject = reports.subject(row.package_id)
    own = words.of(subject.agency) if subject else []
    return scanner.job(path, row, own, sketches.joins(row.package_id))


def _close(row: Any, end: Ended, report: dict[str, Any] | None) -> None:
    """Put down how a scan ended, and record it; one that waits again has not ended."""
    if end.state is State.QUEUED:
        reports.finish(row.id, State.QUEUED)
        log.warning("scan %s was broken off and is begun again", row.id)
        return
    kept = plain(report) if end.state is State.DONE else None
    severity = worst(kept) if kept else None
    reports.finish(row.id, end.state, end.code, report=kept, severity=severity, **({"progress": 1} if kept else {}))
    facts = {"report": row.id, "file": row.file_name, "sha256": row.sha256, "scanner": row.scanner}
    facts |= {"severity": severity or "nothing", "findings": len(kept["findings"])} if kept else {"failed": end.code}
    about = Object("entry", row.package_id)
    recording.note(Event("scan.ended", object=about, action="inspection_scans", code=end.code, facts=facts))


SEVERITIES = ("block", "reason", "inform")


def worst(report: dict[str, Any]) -> str:
    """The severity of the worst finding; empty where nothing was found."""
    found = {one.get("severity") for one in report.get("findings", ())}
    return next((one for one in SEVERITIES if one in found), "")


def plain(told: Any) -> Any:
    """As PostgreSQL can store it: without NUL characters and halves of characters."""
    if isinstance(told, str):
        return _plain(told)
    if isinstance(told, list):
        return [plain(one) for one in told]
    if isinstance(told, dict):
        return {_plain(str(key)): plain(value) for key, value in told.items()}
    return told if not isinstance(told, float) or math.isfinite(told) else None


def _plain(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def end_all() -> None:
    """The worker stops: its scans are ended, and begin anew when it is back."""
    for id in list(_scans):
        _forget(id)


atexit.register(end_all)
