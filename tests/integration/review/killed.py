"""Signs in a process of its own and is killed at a named point: ``killed.py ID USER POINT``."""

from __future__ import annotations

import importlib
import os
import sys

from ckan.cli.cli import ckan

from ..workflow.killed import die

REVIEW, RELEASE = "ckanext.anshan.review", "ckanext.anshan.release"
POINTS = {
    "before the signature": (f"{REVIEW}.submissions", "sign", "before"),
    "after the signature": (f"{REVIEW}.submissions", "sign", "after"),
    "after the state": (f"{REVIEW}.submissions", "change", "after"),
    "after the event": (f"{REVIEW}.submissions", "note", "after"),
    "before the commit": ("ckanext.anshan.workflow.outbox", "queue", "after"),
    "after the commit": (f"{REVIEW}.publishing", "follow", "before"),
    "after the bytes were checked": (f"{REVIEW}.publishing", "_check", "after"),
    "after the release is written": (f"{RELEASE}.publishing", "_insert", "after"),
    "while the dataset is written": ("ckanext.anshan.store.packages", "_write_tags", "before"),
    "after the release is committed": (f"{RELEASE}.publishing", "finish", "before"),
    "before the index": ("ckanext.anshan.store.index", "index", "before"),
}
UNSIGNED = {"before the signature", "after the signature", "after the state", "after the event", "before the commit"}


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
    id, user, point = sys.argv[1:]
    words = ["-c", os.environ["CKAN_INI"], "config"]
    with ckan.make_context("ckan", words) as context, context.meta["flask_app"].test_request_context():
        from ..support import as_user
        from .town import answers

        made = as_user({"name": user}, "anshan_submission_show", id=id)
        given = {"id": id, "hash": made["hash"], "answers": answers({"name": user}, made)}
        arm(point)
        as_user({"name": user}, "anshan_submission_sign", **given)


if __name__ == "__main__":
    main()
