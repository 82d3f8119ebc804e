"""All tests in two lanes: each test runs once, whatever ends the run ends all of it, and nothing bad goes unsaid."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.anshan.local import lanes
from ckanext.anshan.local.lanes import Part, Running, side_by_side
from ckanext.anshan.local.layout import ROOT
from ckanext.anshan.local.processes import born, wait_until

MODULE = """
import pytest
@pytest.fixture
def running_portal(): pass
@pytest.mark.parametrize("n", range(3))
def test_one({fixture}n): open({told!r}, "a").write("{name} ")
"""
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
PATIENT = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('x', flush=True); time.sleep(60)"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Modules a to e, of which b needs a whole portal; what runs notes its name."""
    (tmp_path / "claims").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\nnorecursedirs = claims\n")
    for name in "abcde":
        text = MODULE.format(fixture="running_portal, " if name == "b" else "", told=str(tmp_path / "told"), name=name)
        (tmp_path / f"test_{name}.py").write_text(text)
    return tmp_path


def start(suite: Path, lane: int) -> subprocess.Popen[bytes]:
    words = ["-q", "-p", "tests.lanes", "-p", "no:cacheprovider", f"--lane={lane}", f"--claims={suite / 'claims'}"]
    command = [sys.executable, "-m", "pytest", f"--rootdir={suite}", "-c", str(suite / "pytest.ini"), *words]
    return subprocess.Popen([*command, str(suite)], cwd=ROOT, env=os.environ | ALONE, stdout=subprocess.DEVNULL)


def summed(claims: Path) -> str:
    return lanes.told(lanes.counts(claims))


def ran(suite: Path) -> list[str]:
    return (suite / "told").read_text().split()


def test_two_lanes_run_each_test_once(suite: Path):
    both = [start(suite, 0), start(suite, 1)]
    assert [one.wait() for one in both] == [0, 0]
    assert sorted(ran(suite)) == sorted("abcde" * 3)
    assert summed(suite / "claims") == "15 passed"


@pytest.mark.parametrize(("lane", "order"), [(0, "acdeb"), (1, "bedca")])
def test_lanes_come_from_both_ends_and_whole_portals_are_at_one(suite: Path, lane: int, order: str):
    assert start(suite, lane).wait() == 0
    assert "".join(ran(suite)[::3]) == order


def test_what_another_lane_took_is_not_run_again(suite: Path):
    for name in "abc":
        (suite / "claims" / f"test_{name}.py").touch()
    assert start(suite, 0).wait() == 0
    assert set(ran(suite)) == {"d", "e"}


def test_a_failure_in_one_lane_is_in_the_sum(suite: Path):
    (suite / "test_e.py").write_text("def test_wrong(): assert False")
    assert start(suite, 0).wait() == 1
    assert summed(suite / "claims") == "12 passed, 1 failed"


def test_a_module_that_cannot_be_read_ends_a_lane_before_it_begins(suite: Path):
    (suite / "test_e.py").write_text("import nothing_of_that_name")
    assert start(suite, 0).wait() == 2
    assert not (suite / "told").exists()


def test_counts_of_all_lanes_are_added_and_what_none_ran_is_told(tmp_path: Path):
    (tmp_path / "0.json").write_text(json.dumps({"collected": 9, "passed": 4, "failed": 1}))
    assert summed(tmp_path) == "4 passed, 1 failed, 4 not run"
    (tmp_path / "1.json").write_text(json.dumps({"collected": 9, "passed": 3, "skipped": 1}))
    assert summed(tmp_path) == "7 passed, 1 failed, 1 skipped"


def say(words: str, code: int) -> list[str]:
    return [sys.executable, "-S", "-c", f"print({words!r}); raise SystemExit({code})"]


def test_parts_are_shown_whole_and_in_turn(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    running = Running()
    parts = [
        Part("first", None, lambda log: running.call(say("one", 0), {}, log)),
        Part("second", tmp_path / "2", lambda log: running.call(say("two", 3), {}, log)),
        Part("third", tmp_path / "3", lambda log: running.call(say("three", 0), {}, log)),
    ]
    assert side_by_side(parts) == {"first": 0, "second": 3, "third": 0}
    told = capfd.readouterr().out
    assert "one" in told and told.index("two") < told.index("three")


def test_the_end_of_a_run_ends_what_does_not_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "SECONDS_TO_END", 0.2)
    running, log = Running(), tmp_path / "log"
    job = Part("stubborn", log, lambda log: running.call([sys.executable, "-S", "-c", PATIENT], {}, log))
    with lanes.ThreadPoolExecutor(1) as pool:
        code = pool.submit(job.run, log)
        assert wait_until(lambda: log.exists() and bool(log.read_text()), 20)
        running.end()
        assert code.result() == -signal.SIGKILL
    assert born(running.processes[0].pid) is None


def test_nothing_begins_after_the_end():
    running = Running()
    running.end()
    assert running.call(["false"], {}, None) == lanes.STOPPED and running.processes == []


def test_kill_ends_a_run_as_ctrl_c_does():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), lanes.ended_by_kill():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before
