"""The database that reads columnar copies: DuckDB inside of each web process, which sees the copies and nothing else.

It is opened by the first query of a process, so never before gunicorn forks; threads share it with a cursor each. It
opens no file outside of the vault and its own folder, loads no extension, and its settings can't be changed any more.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from ..release import files
from . import options
from .rules import Refusal

Cursor = duckdb.DuckDBPyConnection

_lock = threading.Lock()
_opened: dict[str, Cursor] = {}  # by the folder of the vault
_left: list[Any] = []  # of the process that this one was forked from: not ours to close


class TooSlow(Exception):
    """A query that takes longer, or more memory, than one may, or counts beyond what a number can be."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, {"seconds": options.query_seconds()})


def _forked() -> None:
    global _lock
    _lock = threading.Lock()
    _left.append(dict(_opened))
    _opened.clear()


os.register_at_fork(after_in_child=_forked)


@contextmanager
def asked(seconds: float) -> Iterator[Cursor]:
    """A cursor that is interrupted after so many seconds. Raises ``TooSlow``."""
    cursor, answered = _database().cursor(), threading.Event()
    clock = threading.Thread(target=_interrupt, args=(cursor, answered, seconds), daemon=True)
    clock.start()
    try:
        yield cursor
    except duckdb.InterruptException as error:
        raise TooSlow("query_too_slow") from error
    except duckdb.OutOfMemoryException as error:
        raise TooSlow("query_too_large") from error
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise TooSlow("query_out_of_range") from error
    finally:
        answered.set()
        clock.join()
        cursor.close()


def _interrupt(cursor: Cursor, answered: threading.Event, seconds: float) -> None:
    """Again and again: between two statements there is nothing to interrupt, and the second one would run on."""
    wait = seconds
    while not answered.wait(wait):
        cursor.interrupt()
        wait = 0.05


def file(sha256: str, size: int) -> str:
    """The path of a copy, checked. Raises ``Missing`` or ``Damaged``."""
    files.check(sha256, size)
    here = files.path(sha256)
    return str(here if here is not None else _fetched(sha256))


def folder() -> Path:
    """A folder of this process's user, for what is read from or written besides the vault."""
    found = Path(tempfile.gettempdir()) / f"anshan-copies-{os.getuid()}"
    found.mkdir(mode=0o700, exist_ok=True)
    if found.lstat().st_uid != os.getuid():
        raise PermissionError(str(found))
    return found


def _fetched(sha256: str) -> Path:
    """A copy of a vault elsewhere, kept on this machine's disk as long as there is room."""
    kept = folder() / sha256
    if kept.exists():
        with suppress(OSError):
            os.utime(kept)
        return kept
    coming = folder() / f"{sha256}-{os.getpid()}-{threading.get_ident()}"
    with coming.open("wb") as stream:
        for chunk in files.chunks(files.read(sha256)):
            stream.write(chunk)
    coming.rename(kept)
    _make_room()
    return kept


def _make_room() -> None:
    """Remove what wasn't read for longest; a query that has it open reads on."""
    kept = sorted((one for one in folder().iterdir() if len(one.name) == 64), key=lambda one: one.stat().st_mtime)
    size = sum(one.stat().st_size for one in kept)
    for one in kept[:-1]:
        if size <= options.fetched_copies():
            return
        size -= one.stat().st_size
        one.unlink(missing_ok=True)


def _database() -> Cursor:
    here = files.path("0" * 64)
    vault = str(here.parents[2]) if here is not None else ""
    with _lock:
        if vault not in _opened:
            _opened[vault] = _open([vault, str(folder())] if vault else [str(folder())])
        return _opened[vault]


def _open(folders: list[str]) -> Cursor:
    database = duckdb.connect(
        ":memory:",
        config={
            "threads": options.query_threads(),
            "memory_limit": f"{options.query_memory()}B",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        },
    )
    database.execute("SET temp_directory = ?", [str(folder() / f"spilled-{os.getpid()}")])
    database.execute("SET enable_progress_bar = false")
    database.execute("SET parquet_metadata_cache = true")  # a copy never changes under its SHA-256
    database.execute("SET allowed_directories = ?", [[f"{one.rstrip('/')}/" for one in folders]])
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database
