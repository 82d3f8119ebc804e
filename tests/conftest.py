"""What the tests of all rooms share. ``./portal test`` starts the stack that they run against."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class RunningPortal:
    """A whole portal of the tests' own: address, folder and accounts."""

    url: str
    data: Path

    def accounts(self, role: str) -> list[dict[str, str]]:
        """Accounts of a role, as ``accounts.json`` has them."""
        return [entry for entry in json.loads((self.data / "accounts.json").read_text()) if entry["role"] == role]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """``./portal COMMAND --data DIR ...``"""
        command = [sys.executable, str(ROOT / "portal"), words[0], "--data", str(self.data), *words[1:]]
        env = {**os.environ, "ANSHAN_UNLIMITED": "127.0.0.1"}  # tests ask more than a visitor may
        return subprocess.run(command, capture_output=True, text=True, check=False, env=env)

    def release(self, manifest: Path, title: str) -> subprocess.CompletedProcess[str]:
        """Release what a manifest names under a list of this title that both offices signed."""
        command = [sys.executable, "-m", "tests.listed", str(manifest), title]
        env = {**os.environ, "CKAN_INI": str(self.data / "ckan.ini")}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=ROOT)
        if done.returncode:
            return done
        number = done.stdout.split()[-1]
        return self.run("ckan", "anshan", "release", "import", str(manifest), "--list", number)


@pytest.fixture(scope="session")
def portal_data() -> Path:
    """The folder of the test stack."""
    if "ANSHAN_TEST_DATA" not in os.environ:
        pytest.fail("These tests need a running stack: use ./portal test.")
    return Path(os.environ["ANSHAN_TEST_DATA"])


@pytest.fixture(scope="session")
def running_portal(portal_data: Path) -> RunningPortal:
    """The pages and the worker, started on the test stack; their databases are not those that other tests wipe."""
    portal = RunningPortal("", portal_data)
    done = portal.run("up", "--no-demo", "--test")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(portal.run("status", "--json").stdout)
    return RunningPortal(told["url"], portal_data)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all browser tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = os.environ.get("ANSHAN_BROWSER") or None
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, running_portal: RunningPortal) -> Iterator[Any]:
    """A fresh window on the running portal, speaking Chinese; ``page.goto("/dataset/")`` is enough."""
    context = browser.new_context(base_url=running_portal.url, locale="zh-CN")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()
