"""Publishes in a process of its own and is killed at a named point: ``killed.py MANIFEST TITLE POINT``."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path

from ckan.cli.cli import ckan

RELEASE = "ckanext.anshan.release"
POINTS = {
    "before anything is stored": (f"{RELEASE}.vault", "put", "before"),
    "after a file is stored": (f"{RELEASE}.vault", "put", "after"),
    "before the link into the vault": (f"{RELEASE}.vault", "_link", "before"),
    "after the release is written": (f"{RELEASE}.publishing", "_insert", "after"),
    "after the versions are switched": (f"{RELEASE}.publishing", "_advance", "after"),
    "while the dataset is written": ("ckanext.anshan.store.packages", "_write_tags", "before"),
    "before the commit": ("ckanext.anshan.workflow.outbox", "queue", "after"),
    "after the commit": (f"{RELEASE}.publishing", "finish", "before"),
    "before the index": ("ckanext.anshan.store.index", "index", "before"),
    "after the index": ("ckanext.anshan.store.index", "index", "after"),
}


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    deadly(*POINTS[point])


def deadly(where: str, name: str, when: str) -> None:
    """Replace a function of a module by one that dies before or after it."""
    module = importlib.import_module(where)
    original = getattr(module, name)

    def dying(*args: object, **more: object) -> None:
        if when == "after":
            original(*args, **more)
        die()

    setattr(module, name, dying)


def main() -> None:
    manifest, title, point = sys.argv[1:]
    words = ["-c", os.environ["CKAN_INI"], "config"]
    with ckan.make_context("ckan", words) as context, context.meta["flask_app"].test_request_context():
        from ckanext.anshan.release import importing
        from tests.listed import signed

        allowed = signed(Path(manifest), title)
        arm(point)
        importing.run(Path(manifest), allowed)


if __name__ == "__main__":
    main()
