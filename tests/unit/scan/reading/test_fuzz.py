"""Each reader stands a second of bytes that are made to break it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.anshan.scan.reading import READERS

HARNESS = Path(__file__).parents[3] / "fuzz" / "readers.py"
SECONDS = "1"


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no build for this Python")
@pytest.mark.parametrize("kind", sorted(READERS))
def test_no_bytes_make_a_reader_fail(kind: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(HARNESS), "--seconds", SECONDS, "--reader", kind],
        capture_output=True,
        text=True,
        timeout=180,
        env=os.environ | {"FUZZ_KEEP": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr[-4000:]
