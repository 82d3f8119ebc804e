"""A measurement asks more than a visitor may, and leaves the portal as limited as it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ckanext.anshan.local import benching, config, lifecycle


@pytest.fixture
def ups(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What each start of the portal was told about limits."""
    found: list[str | None] = []
    monkeypatch.delenv(config.UNLIMITED, raising=False)
    monkeypatch.setattr(lifecycle, "up", lambda *_: found.append(os.environ.get(config.UNLIMITED)))
    return found


def running(monkeypatch: pytest.MonkeyPatch, data: Path, pid: int | None) -> None:
    (data / "portal.json").write_text("{}")

    class Web:
        def __init__(self, portal: Any) -> None:
            self.process = self

        def pid(self) -> int | None:
            return pid

    monkeypatch.setattr(benching, "Web", Web)


def test_limits_are_off_while_it_measures_and_back_when_it_fails(tmp_path, ups, monkeypatch):
    running(monkeypatch, tmp_path, 1)
    with pytest.raises(ValueError), benching.unlimited(tmp_path):
        raise ValueError
    assert ups == ["127.0.0.1", None]


def test_what_was_unlimited_before_stays_so(tmp_path, ups, monkeypatch):
    running(monkeypatch, tmp_path, 1)
    monkeypatch.setenv(config.UNLIMITED, "10.0.0.0/8")
    with benching.unlimited(tmp_path):
        pass
    assert ups == ["127.0.0.1", "10.0.0.0/8"]


def test_a_portal_that_does_not_run_is_left_alone(tmp_path, ups, monkeypatch):
    running(monkeypatch, tmp_path, None)
    with benching.unlimited(tmp_path):
        pass
    (tmp_path / "portal.json").unlink()
    with benching.unlimited(tmp_path):
        pass
    assert ups == []
