"""Killed at any point, a countersignature leaves the case before it, or signature, state and grant together."""

from __future__ import annotations

import signal
from functools import cache

import pytest
from ckan import model

from ckanext.anshan.workflow import repair

from ..starting import start
from ..support import work
from . import town
from .killed import POINTS, SIGNED
from .town import show, sign

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]


@cache
def dataset():
    return town.released(town.make())


@pytest.mark.parametrize("point", POINTS)
def test_no_grant_without_signature_and_no_signature_without_grant(point):
    here = town.make()
    made = town.accepted(here, dataset())
    words = (made["id"], here.head["name"], made["agreement"]["hash"], point)
    done = start("tests.integration.application.killed", *words)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    model.Session.rollback()
    found = show(here.head, made)
    parties = [one["party"] for one in found["agreement"]["signatures"]]
    is_signed = point in SIGNED
    assert (found["state"] == "active", len(found["grants"]) == 1, "provider" in parties) == (is_signed,) * 3
    assert [one["command"] for one in found["events"]].count("countersign") == int(is_signed)
    if not is_signed:
        found = sign(here.head, made, "countersign")
    repair.run()
    work()
    assert (found["state"], len(found["grants"])) == ("active", 1)
