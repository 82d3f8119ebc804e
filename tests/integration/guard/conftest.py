"""Somebody at an address that is counted; the tests' own is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from ckan.common import config

from ckanext.anshan.guard import counting

Ask = Callable[..., Any]
numbers = count(1)


@pytest.fixture
def counters() -> Iterator[counting.Counters]:
    """The counters, without anything that was counted before."""
    found = counting.counters()
    for key in found.redis.keys(f"{found.prefix}:*"):
        found.redis.delete(key)
    found.is_away, found._again = False, 0.0
    yield found


@pytest.fixture
def address() -> str:
    """One that no other test asks from."""
    number = next(numbers)
    return f"198.51.{number // 256}.{number % 256}"


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``limited(reading="2/minute")``"""

    def set_options(**given: str) -> None:
        for name, text in given.items():
            monkeypatch.setitem(config, f"ckanext.anshan.guard.{name}", text)

    return set_options


@pytest.fixture
def ask(app: Any, counters: counting.Counters, address: str) -> Ask:
    """``ask("/dataset/")``, ``ask("/user/login", data={...})`` from this test's address."""

    def send(path: str, *, by: str = address, client: Any = None, **more: Any) -> Any:
        method = "POST" if "data" in more or "json" in more else "GET"
        given = {"environ_overrides": {"REMOTE_ADDR": by}, "follow_redirects": False, **more}
        return (client or app.flask_app.test_client(use_cookies=False)).open(path, method=method, **given)

    return send
