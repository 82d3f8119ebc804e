"""Imports in a process of its own and is killed at a named point: ``killed.py FILE POINT``."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path

from ckan.cli.cli import ckan

EXCHANGE = "ckanext.anshan.catalogue.exchange"
BATCH = 4
QUEUED = 2  # by each batch: its index job, and that pages change
POINTS = {
    "while the second batch is judged": (f"{EXCHANGE}.judging", "give_codes", "after", 2),
    "while the entries are written": ("ckanext.anshan.store.packages", "_write_tags", "before", 2),
    "before the commit": ("ckanext.anshan.workflow.outbox", "queue", "after", 2 * QUEUED),
    "after the commit, before the index": (f"{EXCHANGE}.importing", "_settled", "before", 1),
    "after the index": (f"{EXCHANGE}.importing", "_visible", "before", 1),
}


def arm(point: str) -> None:
    """Replace the function of this point by one that dies at its n-th call."""
    where, name, when, count = POINTS[point]
    module = importlib.import_module(where)
    original, calls = getattr(module, name), []

    def deadly(*args: object, **more: object) -> object:
        calls.append(1)
        result = None if when == "before" and len(calls) == count else original(*args, **more)
        if len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(module, name, deadly)
    importing = importlib.import_module(f"{EXCHANGE}.importing")
    if hasattr(importing, name):
        setattr(importing, name, deadly)


def main() -> None:
    file, point = sys.argv[1:]
    words = ["-c", os.environ["CKAN_INI"], "config"]
    with ckan.make_context("ckan", words) as context, context.meta["flask_app"].test_request_context():
        from ckanext.anshan.catalogue.exchange import importing

        importing.BATCH = BATCH
        arm(point)
        importing.run(Path(file), create_agencies=True)


if __name__ == "__main__":
    main()
