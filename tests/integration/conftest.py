"""One portal for all integration tests: its plugins are loaded once and its application is made once.

pytest-ckan does both for each test, two seconds of it; here every test wants the same plugins. Configuration is still
put back before each test, and each test has a client of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import ckan.plugins as p
import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp, _get_test_app


@cache
def made() -> Any:
    return _get_test_app().app


def load_plugins() -> None:
    if not p.plugin_loaded("anshan"):
        p.load_all()
    model.Session.remove()


@pytest.fixture
def with_plugins() -> Iterator[None]:
    """The portal's plugins, loaded by the first test that needs them; what a test leaves unfinished is dropped."""
    load_plugins()
    yield
    model.Session.remove()


@pytest.fixture
def app(with_plugins: None) -> CKANTestApp:
    """The portal, with a client that nobody has used."""
    return CKANTestApp(made())


@pytest.fixture
def cli(cli: Any) -> Iterator[Any]:
    """A command connects anew; what was connected before is not left to the garbage collector, which takes its time."""
    before = model.meta.engine
    yield cli
    if before is not None and before is not model.meta.engine:
        before.dispose()


# Between these two lies always more than a day.
FAR_EAST_AND_WEST = {"Pacific/Kiritimati": 14, "Pacific/Niue": -11}


@pytest.fixture(params=FAR_EAST_AND_WEST)
def hours_ahead(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The city lies there; so many hours ahead of UTC."""
    monkeypatch.setitem(tk.config, "ckan.display_timezone", request.param)
    return FAR_EAST_AND_WEST[request.param]
