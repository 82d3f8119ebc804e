"""Countersigns in a process of its own and is killed at a named point: ``killed.py ID USER HASH POINT``."""

from __future__ import annotations

import importlib
import os
import sys

from ckan.cli.cli import ckan

from ..workflow.killed import die

ROOM = "ckanext.anshan.application"
POINTS = {
    "after the signature": (f"{ROOM}.applications", "sign", "after"),
    "after the state": (f"{ROOM}.applications", "change", "after"),
    "after the grant": ("ckanext.anshan.access.granting", "give", "after"),
    "after the event": (f"{ROOM}.applications", "note", "after"),
    "before the commit": ("ckanext.anshan.workflow.outbox", "queue", "after"),
    "after the commit": ("ckanext.anshan.workflow.outbox", "finish", "before"),
}
SIGNED = {"after the commit"}


def arm(point: str) -> None:
    """Replace the function of this point by one that dies before or after it."""
    where, name, when = POINTS[point]
    module = importlib.import_module(where)
    original = getattr(module, name)

    def deadly(*args: object, **more: object) -> object:
        if when == "after":
            original(*args, **more)
        return die()

    setattr(module, name, deadly)


def main() -> None:
    id, user, hash, point = sys.argv[1:]
    words = ["-c", os.environ["CKAN_INI"], "config"]
    with ckan.make_context("ckan", words) as context, context.meta["flask_app"].test_request_context():
        from ..support import as_user
        from .town import PASSWORD

        arm(point)
        as_user({"name": user}, "anshan_application_countersign", id=id, hash=hash, password=PASSWORD)


if __name__ == "__main__":
    main()
