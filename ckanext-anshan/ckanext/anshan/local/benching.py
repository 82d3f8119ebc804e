"""Runs the measurements of tests/bench against a running portal."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import config, environment, lifecycle
from .layout import ROOT, Layout
from .lifecycle import Wish
from .ports import LOOPBACK
from .problems import N_, Problem
from .service import Portal
from .state import State
from .steps import Steps
from .web import Web

FOLDER = ROOT / "tests" / "bench"
WITH_TEST_PACKAGES = {"errands", "pictures", "pii", "scan"}  # a browser; writers of DOCX, PPTX, PDF; polars


def names() -> list[str]:
    """``import_.py`` and the folder ``relevance`` are called ``import`` and ``relevance``."""
    found = [path.stem.rstrip("_") for path in FOLDER.glob("*.py") if not path.stem.startswith("__")]
    return sorted({*found, *(path.parent.name for path in FOLDER.glob("*/__main__.py"))} - {"plain"})


def run(data: Path, name: str, words: list[str]) -> int:
    if name not in names():
        raise Problem(
            N_("There is no measurement {name}."), N_("There are: {known}."), name=name, known=", ".join(names())
        )
    portal = Portal(Layout(data), State.load(data), {})
    environment.make(portal.layout, print, lambda done, total: None, test=name in WITH_TEST_PACKAGES)
    stem = next(s for s in (name, f"{name}_") if (FOLDER / f"{s}.py").exists() or (FOLDER / s / "__main__.py").exists())
    command = [str(portal.layout.python), "-m", f"tests.bench.{stem}", "--data", str(data), *words]
    with unlimited(data):
        return subprocess.run(command, cwd=ROOT, env=portal.env(), check=False).returncode


@contextmanager
def unlimited(data: Path) -> Iterator[None]:
    """Where a portal runs in this folder, it counts nothing that this machine asks in the meantime."""
    if not (data / "portal.json").exists() or not Web(lifecycle.portal_of(data)).process.pid():
        yield
        return
    before = os.environ.get(config.UNLIMITED)
    os.environ[config.UNLIMITED] = LOOPBACK
    lifecycle.up(data, Wish(demo=False), Steps(0, quiet=True))
    try:
        yield
    finally:
        os.environ.pop(config.UNLIMITED)
        os.environ |= {config.UNLIMITED: before} if before else {}
        lifecycle.up(data, Wish(demo=False), Steps(0, quiet=True))
