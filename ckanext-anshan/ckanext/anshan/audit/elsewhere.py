"""How far others have seen this log: asked where it may have lost events, so that no history is signed twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from . import tree
from .offline import MALFORMED, Checkpoint, Key, NoteError, parse_checkpoint
from .sealing import Refused, anew
from .witnesses import Asked, Longer, Unwilling, Witness, WitnessError, send

TAIL = 1 << 20  # bytes that are read of what is kept in a file: some 2,500 checkpoints
ANOTHER_HISTORY = 422  # what a witness answers that has seen other events in these places


class Unknown(Exception):
    """A witness that can't be asked now."""


def need_no_more(folder: Path, known: Sequence[Witness], asked: Asked, key: Key) -> None:
    """For a sealer that remembers nothing, as after a backup was put back.

    :param asked: about the newest checkpoint · :param key: which signed it
    :raises Refused: a witness has seen more of this log, or something else, or can't be asked
    """
    for one in known:
        try:
            size = seen(one, asked, key)
        except Unknown as error:
            raise Refused(f"nobody knows how far the witness {one.name} has seen this log: {error}") from error
        if size > asked.last.size:
            raise Refused(
                f"the witness {one.name} has seen {size} events of this log, {asked.last.size} are left. "
                f"If they are lost for good: {anew(folder)}"
            )


def seen(witness: Witness, asked: Asked, key: Key) -> int:
    """How many events of the log under this key a witness has seen; a time stamp authority remembers nothing.

    :raises Unknown: it doesn't answer
    :raises Refused: they are others than stand here
    """
    if witness.kind == "file":
        return _in_file(witness, asked, key)
    if not witness.kind.startswith("http"):
        return 0
    try:
        send(witness, asked)
    except Longer as error:
        return error.size
    except Unwilling as error:
        if error.status == ANOTHER_HISTORY:
            raise Refused(f"the witness {witness.name} has seen another history of this log: {error}") from error
        if error.status >= 500:
            raise Unknown(str(error)) from error
        return 0  # it doesn't know this key
    except WitnessError as error:
        raise Unknown(str(error)) from error
    return asked.last.size


def _in_file(witness: Witness, asked: Asked, key: Key) -> int:
    path = witness.path
    try:
        newest = newest_of(tail(path), key)
    except OSError as error:
        raise Unknown(str(error)) from error
    if newest is None:
        return 0
    if newest.size <= asked.last.size and tree.frontier(newest.size, asked.read).root() != newest.root:
        raise Refused(f"{path} holds another history of this log: its {newest.size} events are not those that are here")
    return newest.size


def newest_of(notes: Iterable[str], key: Key) -> Checkpoint | None:
    """The longest checkpoint that this key signed."""
    found = sorted(_of(notes, key), key=lambda one: one.size, reverse=True)
    for one in found:
        with suppress(NoteError):
            key.verify(one.note)
            return one
    return None


def _of(notes: Iterable[str], key: Key) -> Iterator[Checkpoint]:
    for note in notes:
        with suppress(NoteError):
            checkpoint = parse_checkpoint(note)
            if checkpoint.origin == key.name:
                yield checkpoint


def tail(path: Path) -> list[str]:
    """The last notes of a file that checkpoints are appended to; none while it is to be made.

    :raises OSError: neither the file nor its folder is there
    """
    if not path.exists() and path.parent.is_dir():
        return []
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(0, end - TAIL))
        lines = file.read().splitlines()
    found = []
    for line in lines:
        with suppress(*MALFORMED):
            found.append("" + json.loads(line)["note"])
    return found
