"""Reads what is in a file that is no table: checked bytes from the vault, never more than a page shows."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from ..release import files
from . import texts

MOST_COPIED = 200_000_000
"""Bytes up to which a file of a vault elsewhere is fetched to be looked into."""


class Unreadable(Exception):
    """What is in the file can't be shown."""


def text(file: files.Published) -> texts.Text:
    """The beginning of a text."""
    with _open(file, texts.MOST_JSON) as stream:
        return texts.beginning(stream, file.found.size, file.format in ("JSON", "GeoJSON"))


def archive(file: files.Published) -> texts.Listing:
    """What a ZIP holds."""
    with _open(file, MOST_COPIED) as stream:
        found = texts.listing(stream)
    if found is None:
        raise Unreadable(file.found.name)
    return found


@contextmanager
def _open(file: files.Published, most: int) -> Iterator[IO[bytes]]:
    """The file, or at least its first ``most`` bytes."""
    try:
        files.check(file.found.sha256, file.found.size)
    except (files.Damaged, files.Missing) as error:
        raise Unreadable(file.found.name) from error
    here = files.path(file.found.sha256)
    with here.open("rb") if here else _fetched(files.read(file.found.sha256), most) as stream:
        yield stream


def _fetched(parts: Any, most: int) -> IO[bytes]:
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    for part in files.chunks(parts):
        copy.write(part[: most - copy.tell()])
        if copy.tell() >= most:
            break
    copy.seek(0, io.SEEK_SET)
    return copy
