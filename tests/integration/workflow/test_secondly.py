"""What the worker does each second: often enough, and without filling the log when something is away."""

from __future__ import annotations

import logging

import pytest

from ckanext.anshan.workflow import worker

pytestmark = pytest.mark.usefixtures("with_plugins")


class Flaky:
    """Fails as long as it is told to."""

    def __init__(self) -> None:
        self.fails, self.calls = True, 0

    def __call__(self) -> int:
        self.calls += 1
        if self.fails:
            raise RuntimeError("away")
        return 0


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == worker.__name__]


def test_a_failure_is_told_once_and_its_end_once(caplog: pytest.LogCaptureFixture):
    work = Flaky()
    regular = worker.Regular(0.0, lambda: {"flaky": work})
    with caplog.at_level(logging.WARNING, worker.__name__):
        for _ in range(3):
            regular.run()
        work.fails = False
        for _ in range(3):
            regular.run()
    assert work.calls == 6
    assert told(caplog) == ["flaky failed, and is tried again in 0 seconds: away", "flaky works again"]


def test_a_failure_of_one_leaves_the_others_their_turn():
    broken, well = Flaky(), Flaky()
    well.fails = False
    worker.Regular(worker.SECOND, lambda: {"broken": broken, "well": well}).run()
    assert (broken.calls, well.calls) == (1, 1)


def test_nothing_is_done_twice_within_its_time():
    work = Flaky()
    regular = worker.Regular(worker.HOUR, lambda: {"flaky": work})
    regular.run()
    regular.run()
    assert work.calls == 1
