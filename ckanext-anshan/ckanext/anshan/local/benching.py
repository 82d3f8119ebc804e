"""Runs the measurements of tests/bench against a running portal."""

from __future__ import annotations

import subprocess
from pathlib import Path

from . import environment
from .layout import ROOT, Layout
from .problems import N_, Problem
from .service import Portal
from .state import State

FOLDER = ROOT / "tests" / "bench"


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
    environment.make(portal.layout, print, lambda done, total: None)
    stem = next(s for s in (name, f"{name}_") if (FOLDER / f"{s}.py").exists() or (FOLDER / s / "__main__.py").exists())
    command = [str(portal.layout.python), "-m", f"tests.bench.{stem}", "--data", str(data), *words]
    return subprocess.run(command, cwd=ROOT, env=portal.env(), check=False).returncode
