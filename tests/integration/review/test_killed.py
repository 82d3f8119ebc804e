"""Killed at any point, the third signature leaves the case before it or a whole version after it."""

from __future__ import annotations

import signal

import pytest
from ckan import model

from ckanext.anshan.workflow import repair

from ..starting import start
from ..support import as_user, dataset, work
from .killed import POINTS, UNSIGNED
from .town import entry, show, sign, submit

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def kill(id: str, user: str, point: str) -> None:
    done = start("tests.integration.review.killed", id, user, point)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


@pytest.mark.parametrize("point", POINTS)
def test_the_case_before_or_a_whole_version(town, point):
    found = entry(town)
    made = sign(town.cyberspace, sign(town.head, submit(town, found)))
    kill(made["id"], town.bureau["name"], point)
    model.Session.rollback()
    repair.run()
    work()
    made = show(town.bureau, made["id"])
    if point in UNSIGNED:
        assert (made["state"], dataset(found)) == ("in_review", None)
        assert sum(key["state"] == "signed" for key in made["keys"]) == 2
        assert [one["command"] for one in made["events"]].count("sign") == 2
        sign(town.bureau, made)
        work()
        made = show(town.bureau, made["id"])
    assert made["state"] == "published"
    public = dataset(found)
    assert public is not None and len(public["resources"]) == 1
    assert as_user({"name": ""}, "package_search", fq=f"code:{found['code']}")["count"] == 1
    assert as_user({"name": ""}, "datastore_search", resource_id=public["resources"][0]["id"])["total"] == 2
    assert len(as_user({"name": ""}, "anshan_release_list", id=public["id"])) == 1
    assert [one["command"] for one in made["events"]].count("publish") == 1
