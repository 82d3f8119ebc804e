"""Suspends or lifts in a process of its own and is killed at a named point: ``WHAT ID USER POINT``."""

from __future__ import annotations

import os
import sys

from ckan.cli.cli import ckan

from .killed import RELEASE, deadly

POINTS = {
    "after the suspension is written": (f"{RELEASE}.suspending", "_insert", "after"),
    "after the agreement is written": (f"{RELEASE}.suspending", "_agree", "after"),
    "after the release is moved": (f"{RELEASE}.publishing", "_set", "after"),
    "after the public side is written": (f"{RELEASE}.datasets", "write", "after"),
    "before the commit": ("ckanext.anshan.workflow.outbox", "queue", "after"),
    "after the commit": (f"{RELEASE}.publishing", "finish", "before"),
    "before the index": ("ckanext.anshan.store.index", "index", "before"),
    "after the index": ("ckanext.anshan.store.index", "index", "after"),
}


def main() -> None:
    what, id, user, point = sys.argv[1:]
    words = ["-c", os.environ["CKAN_INI"], "config"]
    with ckan.make_context("ckan", words) as context, context.meta["flask_app"].test_request_context():
        from ckan.plugins import toolkit as tk

        action = tk.get_action(f"anshan_release_{what}")
        deadly(*POINTS[point])
        action({"user": user, "ignore_auth": False}, {"id": id, "reason": "x"})


if __name__ == "__main__":
    main()
