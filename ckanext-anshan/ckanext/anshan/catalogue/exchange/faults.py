"""Turns what can befall a machine in the middle of the work, a full disk or an absent database, into plain words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from xlsxwriter.exceptions import FileCreateError

from .problems import FileRefused

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DISK_FULL = "53100"
"""PostgreSQL's own number for it."""


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Raise ``FileRefused`` where the machine failed, and not the work. ``place`` is being written, or read."""
    try:
        yield
    except FileCreateError as error:  # how xlsxwriter passes on what the system says
        raise refusal_of(error.args[0], place) from error
    except (OSError, DBAPIError) as error:
        raise refusal_of(error, place) from error


def refusal_of(error: OSError | DBAPIError, place: Path) -> FileRefused:
    if isinstance(error, DBAPIError):
        return _of_database(error)
    file = str(error.filename or place)
    if error.errno in FULL:
        return FileRefused("disk_full", file=file)
    return FileRefused("not_usable", file=file, reason=error.strerror or str(error))


def _of_database(error: DBAPIError) -> FileRefused:
    if getattr(error.orig, "pgcode", None) == DISK_FULL:
        return FileRefused("database_full")
    return FileRefused("database_failed", reason=str(error.orig).strip().split("\n")[0][:200])
