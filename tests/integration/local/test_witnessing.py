"""Witnesses and old months are arranged from the command line of a running portal."""

from __future__ import annotations

import json
from pathlib import Path

from ckanext.anshan.local import lifecycle, witnessing
from ckanext.anshan.local.processes import wait_until
from tests.conftest import RunningPortal


def test_a_witness_is_added_seen_and_removed_without_a_restart(running_portal: RunningPortal, tmp_path: Path):
    portal = lifecycle.portal_of(running_portal.data)
    assert "portal witness add" in witnessing.warning(portal) and witnessing.warning(portal).count("\n") == 1

    def known() -> list[dict[str, object]]:
        return json.loads(running_portal.run("status", "--json").stdout)["witnesses"]

    refused = running_portal.run("witness", "add", "share", (tmp_path / "none" / "kept").as_uri())
    assert refused.returncode == 1 and "isn't there" in refused.stderr and "不存在" in refused.stderr
    assert known() == []
    pid = lifecycle.status(running_portal.data)["services"]["sealer"]["pid"]
    done = running_portal.run("witness", "add", "share", (tmp_path / "kept").as_uri())
    assert done.returncode == 0, done.stderr
    try:
        assert witnessing.warning(portal) == ""
        assert wait_until(lambda: [one["failing"] for one in known()] == [False], 15)
        (one,) = known()
        assert one["name"] == "share" and isinstance(one["size"], int) and one["size"] > 0
        assert (tmp_path / "kept").stat().st_size > 0
        assert f"share  ok  {one['size']} events" in running_portal.run("status").stdout
        assert "answers" in running_portal.run("witness", "list").stdout
    finally:
        assert running_portal.run("witness", "remove", "share").returncode == 0
    assert known() == []
    assert lifecycle.status(running_portal.data)["services"]["sealer"]["pid"] == pid


def test_a_policy_for_old_months_is_set_and_ended(running_portal: RunningPortal, tmp_path: Path):
    assert "All months stay" in running_portal.run("retention").stdout
    words = ("retention", "set", "--months", "24", "--archives", str(tmp_path), "--trim")
    done = running_portal.run(*words)
    assert done.returncode == 0 and "only place" in done.stdout, done.stderr
    assert wait_until(lambda: "everything is as it should be" in running_portal.run("retention").stdout, 15)
    assert running_portal.run("retention", "off").returncode == 0
    assert running_portal.run("retention", "set", "--months", "24").returncode == 1


def test_what_is_no_whole_command_says_how_it_is_written(running_portal: RunningPortal):
    for words in (("add",), ("add", "a"), ("remove",), ("list", "a"), ("remove", "a", "--key", "k")):
        done = running_portal.run("witness", *words)
        assert done.returncode == 1 and "witness list | add NAME URL" in done.stderr, words


def test_ages_are_told_in_the_unit_that_fits():
    told = {None: "never", 0: "0 s ago", 119: "119 s ago", 120: "2 min ago", 7200: "2 h ago", 172_800: "2 d ago"}
    assert {seconds: witnessing.age(seconds) for seconds in told} == told
