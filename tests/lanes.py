"""Lets several runs share the tests: each takes the next module that none has taken, until all are taken.

The first run goes forwards, the second backwards: each has its own order and they meet where the time has come. What
needs a whole portal is at the end, so that mostly the second alone makes one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest

COUNTED = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--claims", type=Path, help="the folder where runs note which modules they took")
    parser.addoption("--lane", type=int, help="0 goes forwards, 1 backwards")


def pytest_runtestloop(session: pytest.Session) -> bool:
    if session.testsfailed:
        raise session.Interrupted(f"{session.testsfailed} errors during collection")
    for item, following in pairwise(chain(_taken(session), [None])):
        assert item is not None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True


def _taken(session: pytest.Session) -> Iterator[pytest.Item]:
    modules: dict[Path, list[pytest.Item]] = {}
    for item in session.items:
        modules.setdefault(item.path, []).append(item)
    option = session.config.option
    for path in in_order(modules, option.lane):
        if claim(option.claims, path.relative_to(session.config.rootpath)):
            yield from modules[path]


def in_order(modules: dict[Path, list[pytest.Item]], lane: int) -> list[Path]:
    order = sorted(modules, key=lambda path: any(map(_needs_portal, modules[path])))
    return order[::-1] if lane else order


def _needs_portal(item: pytest.Item) -> bool:
    return "running_portal" in getattr(item, "fixturenames", ())


def claim(claims: Path, module: Path) -> bool:
    """Whether this module is ours: only one run can make the file."""
    try:
        (claims / str(module).replace("/", "-")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave the counts for the sum of all runs."""
    option, reporter = session.config.option, session.config.pluginmanager.get_plugin("terminalreporter")
    assert reporter is not None
    told = {"collected": session.testscollected} | {name: len(reporter.stats.get(name, ())) for name in COUNTED}
    (option.claims / f"{option.lane}.json").write_text(json.dumps(told))
