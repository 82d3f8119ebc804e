"""Writes small files whole or not at all, and locks a folder for one launcher at a time."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .problems import N_, Problem


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace ``path`` by ``text`` in one step; readable by its owner alone unless told otherwise."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        part.unlink()
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_json(path: Path, value: Any, mode: int = 0o600) -> None:
    write(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n", mode)


def read_json(path: Path, default: Any) -> Any:
    """What ``path`` holds, or ``default`` where it is missing or broken off."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return default


def digest(*parts: Path | str) -> str:
    """One short SHA-256 over texts and over the names and contents of files and folders."""
    sha = hashlib.sha256()
    for part in parts:
        for name, content in _contents(part):
            sha.update(f"{name}\0{len(content)}\0".encode())
            sha.update(content)
    return sha.hexdigest()[:16]


def _contents(part: Path | str) -> Iterator[tuple[str, bytes]]:
    if isinstance(part, str):
        yield "", part.encode()
    elif part.is_dir():
        for path in sorted(part.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(part)), path.read_bytes()
    elif part.exists():
        yield part.name, part.read_bytes()


@contextlib.contextmanager
def alone(path: Path, wait: bool = False) -> Iterator[None]:
    """Hold the lock file ``path``; a second launcher is told to wait, or waits by itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as error:
            raise Problem(
                N_("Another ./portal is at work in {folder}."),
                N_("Wait until it has ended, then run the command again."),
                folder=path.parent,
            ) from error
        yield
