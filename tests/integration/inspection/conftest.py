"""Agencies with files, and a scanner that does what its file says."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan import model

from ckanext.anshan.inspection import processes, reports, supervising
from ckanext.anshan.inspection.model import report
from tests.integration import support
from tests.integration.catalogue.conftest import Agency, agency, create, other_agency
from tests.integration.support import as_user

__all__ = ["agency", "other_agency"]

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in.py")))
PHONES = b"phone,n\n1,2\n1,3\n1,4\n"


@pytest.fixture
def stand_in(with_plugins: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scans are done by a program that does what the file says; none is left from an earlier test."""
    monkeypatch.setattr(processes, "PROGRAM", STAND_IN)
    open_ones = report.c.state.in_(["queued", "running"])
    model.Session.execute(report.update().where(open_ones).values(state="failed", error="cancelled"))
    model.Session.commit()
    yield
    supervising.end_all()


def upload(agency: Agency, content: bytes, name: str = "名单.csv") -> dict[str, Any]:
    """A new entry's file."""
    owner = {"publisher": agency.publisher}
    return support.upload(owner, create(agency), name, content)


def start(agency: Agency, file: Any) -> dict[str, Any]:
    return as_user(agency.publisher, "anshan_scan_start", resource_id=file["id"])


def show(agency: Agency, id: str) -> dict[str, Any]:
    model.Session.rollback()
    return as_user(agency.publisher, "anshan_scan_show", id=id)


def looked(until: Callable[[], bool], seconds: float = 30) -> None:
    """Look, as the worker does, until something is so."""
    last = time.monotonic() + seconds
    while True:
        supervising.look()
        if until():
            return
        assert time.monotonic() < last, "it didn't come"
        time.sleep(0.05)


def ended(id: str) -> Any:
    """The row of a scan, once it has ended."""
    looked(lambda: reports.find(id).state in ("done", "failed"))
    return reports.find(id)
