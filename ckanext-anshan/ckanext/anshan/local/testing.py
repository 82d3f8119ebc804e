"""Runs all tests against a stack of their own, beside a running portal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
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
    """Give pytest's exit code, or that of a failed check."""
    steps = Steps(0)
    os.environ[config.UNLIMITED] = LOOPBACK  # the tests ask more than a visitor may
    portal = lifecycle.up(data, Wish(only_stores=True, test=True), steps)
    steps.total += 1
    try:
        with steps.step("Databases of the tests"):
            ini = prepare(portal)
        env = portal.env(PYTHONDONTWRITEBYTECODE="1", ANSHAN_TEST_DATA=str(data), CKAN_INI=str(ini))
        if choice.browser and _wants_browser(words):
            env["ANSHAN_BROWSER"] = find_browser(portal)
        checked = 0 if words or not choice.checks else _checks(portal)
        tested = _pytest(portal, env, words, choice)
        return tested or checked
    finally:
        if not choice.keep:
            lifecycle.down(data)


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


def _checks(portal: Portal) -> int:
    tools = portal.layout.env / "bin"
    codes = [
        subprocess.run([str(tools / "ruff"), "check", "."], cwd=ROOT, check=False).returncode,
        subprocess.run([str(tools / "pyright")], cwd=ROOT, env=portal.env(), check=False).returncode,
    ]
    return max(codes)


def _wants_browser(words: list[str]) -> bool:
    paths = [word for word in words if not word.startswith("-") and (ROOT / word.split("::")[0]).exists()]
    return not paths or any("browser" in word or word.rstrip("/") == "tests" for word in paths)


def _pytest(portal: Portal, env: dict[str, str], words: list[str], choice: Choice) -> int:
    named = any((ROOT / word.split("::")[0]).exists() for word in words if not word.startswith("-"))
    suites = [] if named else [suite for suite in SUITES if choice.browser or not suite.endswith("browser")]
    command = [str(portal.layout.python), "-m", "pytest", f"--ckan-ini={env['CKAN_INI']}", *suites, *words]
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


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
