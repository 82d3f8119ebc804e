"""Each reader stands some hundred inputs that are made to break it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.anshan.scan.reading import READERS

HARNESS = Path(__file__).parents[3] / "fuzz" / "readers.py"
SHORT = ("--seconds", "2", "--tries", "300")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no build for this Python")
def test_no_bytes_make_a_reader_fail(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(HARNESS), *SHORT],
        capture_output=True,
        text=True,
        timeout=600,
        env=os.environ | {"FUZZ_KEEP": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout[-400:] + done.stderr[-4000:]
    assert done.stdout.splitlines()[-1] == f"{len(READERS)} readers, none failed"
