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
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import psycopg2
import requests
from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response

from . import stored, tree
from .offline import NoteError, parse_note
from .stored import Sealed

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds for one answer
LONGEST = 4000  # characters kept of an answer
PAUSE = 1.0  # seconds between two looks for a new checkpoint
EVERY = {"file": 0.0, "https": 5.0, "http": 5.0, "rfc3161+https": 600.0, "rfc3161+http": 600.0}
"""Seconds between two times that a witness is asked, where its line says nothing else."""

KEPT = "SELECT name, size FROM anshan_audit_witness"
KEEP = """
INSERT INTO anshan_audit_witness (name, size, answered, asked, answer, failing)
VALUES (%(name)s, %(size)s, CASE WHEN %(failing)s THEN NULL ELSE now() END, now(), %(answer)s, %(failing)s)
ON CONFLICT (name) DO UPDATE SET
    size = CASE WHEN EXCLUDED.failing THEN anshan_audit_witness.size ELSE EXCLUDED.size END,
    answered = coalesce(EXCLUDED.answered, anshan_audit_witness.answered),
    asked = EXCLUDED.asked, answer = EXCLUDED.answer, failing = EXCLUDED.failing
"""


class WitnessError(Exception):
    """Why a witness has not taken a checkpoint."""


@dataclass(frozen=True)
class Witness:
    name: str
    url: str
    every: float

    @property
    def kind(self) -> str:
        return urlsplit(self.url).scheme


class Asked(NamedTuple):
    """A checkpoint on its way: what the witness had last, and how the log is read."""

    last: Sealed
    known: int  # leaves of the checkpoint that the witness has
    read: tree.Read


def load(path: Path) -> list[Witness]:
    """The witnesses of ``witnesses.json``: a list of ``{"name", "url", "every"?}``.

    :raises WitnessError: when it is none
    """
    if not path.exists():
        return []
    try:
        return [_witness(one) for one in json.loads(path.read_text("utf-8"))]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WitnessError(f"{path} is no list of witnesses: {error!r}") from error


def _witness(given: Mapping[str, Any]) -> Witness:
    kind = urlsplit(given["url"]).scheme
    if kind not in EVERY:
        raise ValueError(f"{given['url']}: an address begins with {', '.join(EVERY)}")
    return Witness(given["name"], given["url"], float(given.get("every", EVERY[kind])))


def send(witness: Witness, asked: Asked) -> str:
    """Send one checkpoint; what the witness said.

    :raises WitnessError: it hasn't taken it
    """
    try:
        return SENDERS[witness.kind](witness, asked)
    except (requests.RequestException, OSError, NoteError, ValueError) as error:
        raise WitnessError(f"{type(error).__name__}: {error}"[:LONGEST]) from error


def _to_file(witness: Witness, asked: Asked) -> str:
    path = Path(unquote(urlsplit(witness.url).path))
    line = json.dumps({"at": asked.last.at.isoformat(), "note": asked.last.note}, ensure_ascii=False)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return str(path)


def _to_witness(witness: Witness, asked: Asked) -> str:
    answer = _add_checkpoint(witness, asked)
    if answer.status_code == 409 and answer.headers.get("Content-Type", "").startswith("text/x.tlog.size"):
        answer = _add_checkpoint(witness, asked._replace(known=int(answer.text.strip())))
    if answer.status_code != 200:
        raise WitnessError(f"{answer.status_code}: {answer.text}"[:LONGEST])
    parse_note(asked.last.note.rpartition("\n\n")[0] + "\n\n" + answer.text)
    return answer.text


def _add_checkpoint(witness: Witness, asked: Asked) -> requests.Response:
    if asked.known > asked.last.size:
        raise WitnessError(f"the witness has a longer log: {asked.known} events, here are {asked.last.size}")
    path = tree.consistency_path(asked.known, asked.last.size, asked.read)
    lines = [f"old {asked.known}", *(base64.b64encode(node).decode() for node in path)]
    body = "\n".join(lines) + "\n\n" + asked.last.note
    return requests.post(f"{witness.url.rstrip('/')}/add-checkpoint", data=body.encode(), timeout=PATIENCE)


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

    def __init__(self, url: str, witnesses: Sequence[Witness], stop: threading.Event) -> None:
        super().__init__(name="witnesses", daemon=True)
        self.url, self.witnesses, self.stop = url, witnesses, stop
        self.asked = dict.fromkeys((one.name for one in witnesses), float("-inf"))

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                with closing(self.connect()) as connection:
                    while not self.stop.is_set():
                        self.look(connection)
                        self.stop.wait(PAUSE)
            except psycopg2.Error as error:
                log.error("the database can't be used for witnesses: %s", error)
                self.stop.wait(PAUSE)

    def connect(self) -> Any:
        connection = psycopg2.connect(self.url, application_name="anshan-witnesses")
        connection.autocommit = True
        return connection

    def look(self, connection: Any) -> None:
        """Send the newest checkpoint to each witness that hasn't got it and may be asked again."""
        ask = stored.asking(connection)
        last, known = stored.last(ask), dict(ask(KEPT, ()))
        for witness in self.witnesses:
            is_due = time.monotonic() - self.asked[witness.name] >= witness.every
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
        return {"name": witness.name, "size": size, "answer": answer[:LONGEST], "failing": failing}
