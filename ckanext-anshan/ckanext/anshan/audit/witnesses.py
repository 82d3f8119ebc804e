"""Sends checkpoints to a second place, so that nobody who holds this machine can take back what was signed.

Three kinds, told apart by their address: ``file:`` appends each checkpoint to a file (a share of another agency),
``https:`` speaks with a witness of another agency (https://c2sp.org/tlog-witness: it sees a proof that the log only
grew, and signs too), ``rfc3161+https:`` has a time stamp authority say when the checkpoint was there.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import psycopg2
import requests
from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

from . import stored, tree
from .offline import Key, NoteError, parse_note
from .stored import Sealed

log = logging.getLogger(__name__)

FILE = "witnesses.json"
PATIENCE = 10.0  # seconds for one answer
LONGEST = 4000  # characters kept of an answer
LARGEST = 64 * 1024  # characters of a signature or a time stamp
PAUSE = 1.0  # seconds between two looks for a new checkpoint, and for a new list of witnesses
AGAIN = 60.0  # seconds between two times that a list that can't be read is told of
EVERY = {"file": 0.0, "https": 5.0, "http": 5.0, "rfc3161+https": 600.0, "rfc3161+http": 600.0}
"""Seconds between two times that a witness is asked, where its line says nothing else."""

KEPT = "SELECT name, size FROM anshan_audit_witness"
KEEP = """
INSERT INTO anshan_audit_witness (name, size, answered, asked, answer, failing, kept)
VALUES (%(name)s, %(size)s, CASE WHEN %(failing)s THEN NULL ELSE now() END, now(), %(answer)s, %(failing)s, %(kept)s)
ON CONFLICT (name) DO UPDATE SET
    size = CASE WHEN EXCLUDED.failing THEN anshan_audit_witness.size ELSE EXCLUDED.size END,
    answered = coalesce(EXCLUDED.answered, anshan_audit_witness.answered),
    kept = CASE WHEN EXCLUDED.failing THEN anshan_audit_witness.kept ELSE EXCLUDED.kept END,
    asked = EXCLUDED.asked, answer = EXCLUDED.answer, failing = EXCLUDED.failing
"""
FORGET = "DELETE FROM anshan_audit_witness WHERE NOT name = ANY(%s)"


class WitnessError(Exception):
    """Why a witness has not taken a checkpoint."""


class Unwilling(WitnessError):
    """It answered, and doesn't sign: HTTP ``status``."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}"[:LONGEST])
        self.status = status


class Longer(WitnessError):
    """It has seen ``size`` events of this log, which are more than there are."""

    def __init__(self, size: int, here: int) -> None:
        super().__init__(f"the witness has a longer log: {size} events, here are {here}")
        self.size = size


@dataclass(frozen=True)
class Witness:
    name: str
    url: str
    every: float
    key: Key | None = None  # of its signatures, where it is known beforehand

    @property
    def kind(self) -> str:
        return urlsplit(self.url).scheme

    @property
    def path(self) -> Path:
        """Of one that is a file."""
        return Path(unquote(urlsplit(self.url).path))


class Asked(NamedTuple):
    """A checkpoint on its way: what the witness had last, and how the log is read."""

    last: Sealed
    known: int  # leaves of the checkpoint that the witness has
    read: tree.Read


def load(path: Path) -> list[Witness]:
    """The witnesses of ``witnesses.json``: a list of ``{"name", "url", "every"?, "key"?}``.

    :raises WitnessError: when it is none, or can't be read
    """
    try:
        return [parse(one) for one in json.loads(path.read_text("utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WitnessError(f"{path} is no list of witnesses: {error!r}") from error


def parse(given: Mapping[str, Any]) -> Witness:
    """:raises ValueError, KeyError, TypeError, AttributeError: it is no witness"""
    kind = urlsplit(given["url"]).scheme
    if kind not in EVERY:
        raise ValueError(f"{given['url']}: an address begins with {', '.join(EVERY)}")
    key = Key.parse(given["key"]) if "key" in given else None
    return Witness("" + given["name"], given["url"], float(given.get("every", EVERY[kind])), key)


def send(witness: Witness, asked: Asked) -> str:
    """Send one checkpoint; what the witness said.

    :raises WitnessError: it hasn't taken it
    """
    try:
        answer = SENDERS[witness.kind](witness, asked)
    except (requests.RequestException, OSError, NoteError, ValueError) as error:
        raise WitnessError(f"{type(error).__name__}: {error}"[:LONGEST]) from error
    if len(answer) > LARGEST:
        raise WitnessError(f"the answer has {len(answer)} characters")
    return answer


def _to_file(witness: Witness, asked: Asked) -> str:
    line = json.dumps({"at": asked.last.at.isoformat(), "note": asked.last.note}, ensure_ascii=False)
    with witness.path.open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return str(witness.path)


def _to_witness(witness: Witness, asked: Asked) -> str:
    answer = _add_checkpoint(witness, asked)
    if names_size(answer):
        answer = _add_checkpoint(witness, asked._replace(known=int(answer.text.strip())))
    if answer.status_code != 200:
        raise Unwilling(answer.status_code, answer.text)
    check(witness, asked.last.note, answer.text)
    return answer.text


def check(witness: Witness, note: str, answer: str) -> None:
    """The answer must be signatures of the note, and one of them by the witness's key where that is known.

    :raises NoteError:
    """
    signed = parse_note(note.rpartition("\n\n")[0] + "\n\n" + answer)
    if signed.text != parse_note(note).text:
        raise NoteError("note_form", "The answer holds more than signatures.")
    if witness.key:
        witness.key.verify(signed)


def _add_checkpoint(witness: Witness, asked: Asked) -> requests.Response:
    if asked.known > asked.last.size:
        raise Longer(asked.known, asked.last.size)
    return post(witness, asked.known, tree.consistency_path(asked.known, asked.last.size, asked.read), asked.last.note)


def post(witness: Witness, old: int, path: Sequence[bytes], note: str) -> requests.Response:
    """Ask for a signature (``add-checkpoint`` of tlog-witness).

    :param old: leaves of the checkpoint that the witness has · :param path: the proof that they are still there
    """
    lines = [f"old {old}", *(base64.b64encode(node).decode() for node in path)]
    body = "\n".join(lines) + "\n\n" + note
    return requests.post(f"{witness.url.rstrip('/')}/add-checkpoint", data=body.encode(), timeout=PATIENCE)


def names_size(answer: requests.Response) -> bool:
    """Whether the witness has a checkpoint of another size, which it names."""
    return answer.status_code == 409 and answer.headers.get("Content-Type", "").startswith("text/x.tlog.size")


def _to_authority(witness: Witness, asked: Asked) -> str:
    data = asked.last.note.encode()
    request = TimestampRequestBuilder().data(data).build()
    headers = {"Content-Type": "application/timestamp-query"}
    url = witness.url.removeprefix("rfc3161+")
    answer = requests.post(url, data=request.as_bytes(), headers=headers, timeout=PATIENCE)
    answer.raise_for_status()
    stamp = decode_timestamp_response(answer.content)
    if stamp.tst_info.message_imprint.message != _imprint(request):
        raise WitnessError("the time stamp is for something else")
    return base64.b64encode(answer.content).decode()


def _imprint(request: Any) -> bytes:
    return request.message_imprint.message


SENDERS = {
    "file": _to_file,
    "http": _to_witness,
    "https": _to_witness,
    "rfc3161+http": _to_authority,
    "rfc3161+https": _to_authority,
}


class Sender(threading.Thread):
    """Sends each new checkpoint to every witness, beside the sealing, which waits for none of them."""

    def __init__(
        self, url: str, witnesses: Sequence[Witness], stop: threading.Event, listed: Path | None = None
    ) -> None:
        """:param listed: where the list of witnesses stands; it is read again whenever it changes"""
        super().__init__(name="witnesses", daemon=True)
        self.url, self.witnesses, self.stop, self.listed = url, witnesses, stop, listed
        self.asked: dict[str, float] = {}  # by name, when last
        self.seen: object = ()  # of the list, to know when it changes
        self.told = float("-inf")

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                with closing(self.connect()) as connection:
                    while not self.stop.is_set():
                        self.read(connection)
                        self.look(connection)
                        self.stop.wait(PAUSE)
            except psycopg2.Error as error:
                log.error("the database can't be used for witnesses: %s", error)
                self.stop.wait(PAUSE)

    def read(self, connection: Any) -> None:
        """Take the list as it is now, and forget those that are no longer on it. One that can't be read changes
        nothing, and is told of once a minute."""
        if self.listed is None or (now := state_of(self.listed)) == self.seen:
            return
        try:
            self.witnesses = load(self.listed)
        except WitnessError as error:
            if time.monotonic() - self.told > AGAIN:
                self.told = time.monotonic()
                log.error("THE LIST OF WITNESSES CAN'T BE READ, the one before holds: %s", error)
            return
        self.seen = now
        names = [one.name for one in self.witnesses]
        self.asked = {name: at for name, at in self.asked.items() if name in names}
        with connection.cursor() as cursor:
            cursor.execute(FORGET, (names,))

    def connect(self) -> Any:
        connection = psycopg2.connect(self.url, application_name="anshan-witnesses")
        connection.autocommit = True
        return connection

    def look(self, connection: Any) -> None:
        """Send the newest checkpoint to each witness that hasn't got it and may be asked again."""
        ask = stored.asking(connection)
        last, known = stored.last(ask), dict(ask(KEPT, ()))
        for witness in self.witnesses:
            is_due = time.monotonic() - self.asked.get(witness.name, float("-inf")) >= witness.every
            if last and is_due and known.get(witness.name, -1) < last.size:
                self.asked[witness.name] = time.monotonic()
                row = self._sent(witness, Asked(last, known.get(witness.name, 0), stored.reader(ask)))
                with connection.cursor() as cursor:
                    cursor.execute(KEEP, row)

    def _sent(self, witness: Witness, asked: Asked) -> dict[str, Any]:
        try:
            answer, failing = send(witness, asked), False
        except WitnessError as error:
            log.error("WITNESS %s has not taken the checkpoint of %s events: %s", witness.name, asked.last.size, error)
            answer, failing = str(error), True
        size = asked.last.size if not failing else asked.known
        row = {"name": witness.name, "size": size, "answer": answer[:LONGEST], "failing": failing}
        return row | {"kept": "" if failing else answer}


def state_of(path: Path) -> object:
    """Another one after each change of the file."""
    with suppress(OSError):
        found = path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns
    return None
