"""Two at once: exactly one wins, and nothing is half done."""

from __future__ import annotations

from functools import cache

import pytest

from tests.integration.review.test_races import at_once

from . import town
from .test_renewals import begin
from .town import do, show, sign

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]


@cache
def dataset():
    return town.released(town.make())


def won(results):
    return [isinstance(one, dict) for one in results]


def test_approve_against_withdraw(app):
    here = town.make()
    made = town.submitted(here, dataset())
    given = {"hash": made["hash"], "seen": {"unlike_earlier": "另一用途"}}
    results = at_once(app, lambda: do(here.editor, made, "approve", **given), lambda: do(here.person, made, "withdraw"))
    ended = show(here.person, made)
    assert results[1] is not None and sum(won(results)) in (1, 2)  # what was approved may be withdrawn afterwards
    assert ended["state"] == "withdrawn" if won(results)[1] else ended["state"] == "approved"
    assert (ended["agreement"] is not None) == won(results)[0]
    assert ended["grants"] == []


def test_countersign_against_withdraw(app):
    here = town.make()
    made = town.accepted(here, dataset())
    results = at_once(app, lambda: sign(here.head, made, "countersign"), lambda: do(here.person, made, "withdraw"))
    ended = show(here.person, made)
    assert sum(won(results)) == 1
    is_signed = won(results)[0]
    assert (ended["state"], len(ended["grants"])) == (("active", 1) if is_signed else ("withdrawn", 0))
    assert ("provider" in [one["party"] for one in ended["agreement"]["signatures"]]) == is_signed


def test_two_accept_at_once(app):
    here = town.make()
    made = town.approved(here, dataset())
    results = at_once(app, *[lambda: sign(here.person, made, "accept")] * 2)
    ended = show(here.person, made)
    assert sum(won(results)) == 1
    assert (ended["state"], len(ended["agreement"]["signatures"])) == ("signed", 1)
    assert [one["command"] for one in ended["events"]].count("accept") == 1


def test_two_countersign_at_once(app):
    here = town.make()
    made = town.accepted(here, dataset())
    results = at_once(app, *[lambda: sign(here.head, made, "countersign")] * 2)
    ended = show(here.person, made)
    assert (sum(won(results)), ended["state"], len(ended["grants"])) == (1, "active", 1)


def test_revoke_against_the_countersign_of_what_follows_it(app):
    here = town.make()
    old = town.active(here, dataset())
    new = begin(here.person, old, "amendment", dataset())
    do(here.person, new, "update", content=town.days(0, 300))
    new = do(here.person, new, "submit")
    new = do(here.editor, new, "approve", hash=new["hash"], seen={"unlike_earlier": "续期"})
    new = sign(here.person, new, "accept")
    do(here.editor, old, "suspend", reason="转让", article="第三十五条")
    given = {"reason": "转让", "article": "第三十五条", "redress": "复议"}
    results = at_once(app, lambda: do(here.head, old, "revoke", **given), lambda: sign(here.head, new, "countersign"))
    assert sum(won(results)) == 1
    states = show(here.person, old)["state"], show(here.person, new)["state"]
    assert states == (("revoked", "signed") if won(results)[0] else ("closed", "active"))
    assert len(show(here.person, new)["grants"]) == (0 if won(results)[0] else 1)


def test_two_renewals_begun_at_once_make_one(app):
    here = town.make()
    old = town.active(here, dataset())
    results = at_once(app, *[lambda: [begin(here.person, old, "renewal", dataset())]] * 2)
    assert sum(isinstance(one, list) for one in results) == 1
