"""What a killed process left half stored goes; what another one is storing stays, in whichever container."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import FlexibleChecksumError

from ckanext.anshan.release import vault


def dead() -> int:
    with subprocess.Popen(["true"]) as process:
        pass
    return process.pid


@pytest.mark.parametrize(
    ("process", "host", "hours", "alive"),
    [
        (os.getpid(), socket.gethostname(), 0, True),
        (dead(), socket.gethostname(), 0, False),
        (dead(), "another-container", 0, True),
        (os.getpid(), "another-container", 25, False),
    ],
)
def test_what_nobody_stores_any_more_is_told_apart(tmp_path: Path, process: int, host: str, hours: int, alive: bool):
    coming = tmp_path / f"{process}-{'0' * 32}-{host}"
    coming.touch()
    then = time.time() - hours * 3600
    os.utime(coming, (then, then))
    assert vault._is_alive(coming) is alive


def test_what_s3s_own_checksum_gives_away_is_damaged(monkeypatch: pytest.MonkeyPatch):
    def parts(sha256: str) -> Iterator[bytes]:
        yield b"begun"
        raise FlexibleChecksumError(error_msg="not what was put there")

    monkeypatch.setattr(vault, "read", parts)
    with pytest.raises(vault.Damaged):
        vault.verify("0" * 64)
