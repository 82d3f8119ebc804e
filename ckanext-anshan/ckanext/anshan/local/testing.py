"""Runs tests against a stack of their own, beside a running portal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import config, lifecycle
from .layout import ROOT
from .lifecycle import Wish
from .ports import LOOPBACK
from .postgres import Postgres
from .problems import N_, Problem
from .service import Portal
from .steps import Steps

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SUITES = ("tests/unit", "tests/integration", "tests/browser")


@dataclass(frozen=True)
class Choice:
    keep: bool = False
    browser: bool = True
    checks: bool = True


def run(data: Path, words: list[str], choice: Choice) -> int:
    """Run what the words name and give pytest's exit code; everything is run by ``lanes``."""
    try:
        portal, ini = stack(data, Steps(0))
        browser = find_browser(portal) if choice.browser and _wants_browser(words) else ""
        named = any((ROOT / word.split("::")[0]).exists() for word in words if not word.startswith("-"))
        run = command(portal, ini, [] if named else suites(choice), words)
        return subprocess.run(run, cwd=ROOT, env=environment(portal, ini, browser), check=False).returncode
    finally:
        if not choice.keep:
            lifecycle.down(data)


def stack(data: Path, steps: Steps, port: int | None = None) -> tuple[Portal, Path]:
    """A running stack with the databases of the tests; gives their configuration too."""
    os.environ[config.UNLIMITED] = LOOPBACK  # the tests ask more than a visitor may
    portal = lifecycle.up(data, Wish(port, only_stores=True, test=True), steps)
    steps.total += 1
    with steps.step("Databases of the tests"):
        return portal, prepare(portal)


def prepare(portal: Portal) -> Path:
    """Databases that the tests may wipe, with all tables; gives their configuration."""
    ini = portal.data / "test.ini"
    config.render_tests(portal, ini)
    mark = lifecycle.schema_mark(portal)
    if portal.state.marks.get("test") != mark:
        Postgres(portal).make_databases("ckan_test", "datastore_test")
        lifecycle.inside(portal, "prepare", json.dumps({"migrate": True}), CKAN_INI=str(ini))
        lifecycle.mark_as(portal, test=mark)
    return ini


def checks(portal: Portal) -> list[list[str]]:
    """What reads the code without running it."""
    tools = portal.layout.env / "bin"
    return [[str(tools / "ruff"), "check", "."], [str(tools / "pyright")]]


def _wants_browser(words: list[str]) -> bool:
    paths = [word for word in words if not word.startswith("-") and (ROOT / word.split("::")[0]).exists()]
    return not paths or any("browser" in word or word.rstrip("/") == "tests" for word in paths)


def suites(choice: Choice) -> list[str]:
    return [suite for suite in SUITES if choice.browser or not suite.endswith("browser")]


def command(portal: Portal, ini: Path, suites: Sequence[str], words: Sequence[str]) -> list[str]:
    return [str(portal.layout.python), "-m", "pytest", f"--ckan-ini={ini}", *suites, *words]


def environment(portal: Portal, ini: Path, browser: str) -> dict[str, str]:
    env = portal.env(PYTHONDONTWRITEBYTECODE="1", ANSHAN_TEST_DATA=str(portal.data), CKAN_INI=str(ini))
    return env | {"ANSHAN_BROWSER": browser} if browser else env


def find_browser(portal: Portal) -> str:
    """A Chromium that is there, else Debian's package when root, else Playwright's own download."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL)
        found = shutil.which("chromium")
    return found or _playwrights_own(portal)


def _playwrights_own(portal: Portal) -> str:
    python = str(portal.layout.python)
    done = subprocess.run([python, "-m", "playwright", "install", "chromium"], env=portal.env(), check=False)
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    told = subprocess.run([python, "-c", ask], env=portal.env(), capture_output=True, text=True, check=False)
    path = told.stdout.strip()
    if done.returncode or not Path(path).exists():
        raise Problem(
            N_("No Chromium was found or could be installed: the browser tests cannot run."),
            N_("Install Chromium, or leave them out with ./portal test --no-browser."),
        )
    return path
