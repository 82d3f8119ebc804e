"""After all that the other browser tests have done, the log of their portal is whole."""

from __future__ import annotations

import json

from tests.conftest import RunningPortal


def test_the_verifier_finds_nothing_in_what_people_did(running_portal: RunningPortal):
    done = running_portal.run("ckan", "anshan", "audit", "verify", "--json")
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert report["counts"] == {}, report["findings"][:5]
    assert report["totals"]["events"] > 0 and report["totals"]["objects"] > 0
