"""What is started without loading CKAN anew is a process like any other: its end, its words, its environment."""

from __future__ import annotations

import json
import os
import signal

from .starting import ckan, start


def test_its_end_and_its_words_come_back():
    done = start("json.tool", "/dev/null")
    assert (done.returncode, done.stdout, "Expecting value" in done.stderr) == (1, "", True)
    assert start("platform").stdout.startswith("Linux")


def test_the_command_line_is_ckan_s():
    done = ckan("anshan", "release", "import")
    assert (done.returncode, "Missing argument" in done.stderr) == (2, True)


def test_a_killed_one_is_told_as_killed_and_the_next_one_starts():
    for _ in range(2):
        assert start("tests.integration.dying").returncode == -signal.SIGKILL


def test_each_has_an_environment_of_its_own():
    told = [start("tests.integration.dying", "env", MARK=mark) for mark in "ab"]
    found = [json.loads(one.stdout) for one in told]
    assert [one["mark"] for one in found] == ["a", "b"]
    assert len({os.getpid(), *(one["pid"] for one in found)}) == 3
    assert not any(one["connections"] for one in found), "what it inherits, it would share"
