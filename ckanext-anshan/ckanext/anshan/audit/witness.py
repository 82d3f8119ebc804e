"""A witness for another agency's machine: sees that the log only grows, and signs that it saw it.

    python -m ckanext.anshan.audit.witness FOLDER --key VKEY [--listen 127.0.0.1:8090]

It speaks https://c2sp.org/tlog-witness and keeps nothing but the newest checkpoint and its own key. It needs neither
CKAN nor a database, nor anything that the portal's operator could hand it beside the log's public key.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from ..local import files
from . import notes
from .notes import Signer
from .offline import (
    COSIGNATURE,
    HASH,
    Checkpoint,
    Key,
    NoteError,
    cosigned,
    from_base64,
    key_id,
    parse_checkpoint,
    verify_consistency,
)

LONGEST = 64 * 1024  # bytes of a request


class Answer(NamedTuple):
    status: int
    text: str
    type: str = "text/plain; charset=utf-8"


@dataclass
class Witness:
    """One log's witness, with what it has seen last."""

    folder: Path
    log: Key
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._change_logs()

    def _change_logs(self) -> None:
        """A log that began anew has another key, and starts from nothing; what was seen of the former one is kept."""
        if (last := self.last()) and last.origin != self.log.name:
            self.seen.rename(self._seen_of(last.origin))
        if not self.seen.exists() and (before := self._seen_of(self.log.name)).exists():
            before.rename(self.seen)

    def _seen_of(self, origin: str) -> Path:
        return self.folder / f"checkpoint.{quote(origin, safe='')}"

    @property
    def seen(self) -> Path:
        return self.folder / "checkpoint"

    def signer(self) -> Signer:
        """Its own key, made at the first start."""
        path = self.folder / "key"
        if not path.exists():
            files.write(path, notes.generate(f"witness-{os.urandom(4).hex()}")[0] + "\n")
        return Signer.parse(path.read_text("utf-8"))

    def vkey(self) -> str:
        """The key by which others know its signatures."""
        key = self.signer().key
        return f"{key.name}+{_id(key).hex()}+{base64.b64encode(COSIGNATURE + key.public).decode()}"

    def last(self) -> Checkpoint | None:
        return parse_checkpoint(self.seen.read_text("utf-8")) if self.seen.exists() else None

    def add(self, request: str) -> Answer:
        """What ``add-checkpoint`` answers: 200 a signature, 400 no such request, 403 not this log's key, 409 another
        size than it has, 422 not the same log any more."""
        try:
            old, path, checkpoint = _parsed(request)
            self.log.verify(checkpoint.note)
        except NoteError as error:
            return Answer(403 if error.code in ("key_swapped", "bad_signature") else 400, f"{error}\n")
        if old > checkpoint.size:
            return Answer(400, "The old size is larger than the checkpoint's.\n")
        with self.lock:
            return self._add(old, path, checkpoint, request.partition("\n\n")[2])

    def _add(self, old: int, path: list[bytes], checkpoint: Checkpoint, note: str) -> Answer:
        last = self.last()
        size, root = (last.size, last.root) if last else (0, sha256(b"").digest())
        if checkpoint.origin != self.log.name:
            return Answer(403, "Another log.\n")
        if old != size:
            return Answer(409, f"{size}\n", "text/x.tlog.size")
        if not verify_consistency(size, root, checkpoint.size, checkpoint.root, path):
            return Answer(422, f"This log doesn't begin with the {size} events that were seen before.\n")
        files.write(self.seen, note)
        with (self.folder / "checkpoints.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "note": note}) + "\n")
        return Answer(200, self._cosign(checkpoint))

    def _cosign(self, checkpoint: Checkpoint) -> str:
        signer, at = self.signer(), int(time.time())
        signature = signer.private.sign(cosigned(at, checkpoint.note.text))
        value = base64.b64encode(_id(signer.key) + at.to_bytes(8, "big") + signature).decode()
        return f"— {signer.key.name} {value}\n"


def _id(key: Key) -> bytes:
    """Of the key as one that signs with a time: another one than for plain notes."""
    return key_id(key.name, key.public, COSIGNATURE)


def _parsed(request: str) -> tuple[int, list[bytes], Checkpoint]:
    """:raises NoteError: ``request_form`` and those of a checkpoint"""
    head, gap, note = request.partition("\n\n")
    first, *lines = head.split("\n")
    size = first.removeprefix("old ")
    if not gap or not first.startswith("old ") or not size.isascii() or not size.isdigit() or len(lines) > 63:
        raise NoteError("request_form", "A request is 'old' and a size, a proof, an empty line and a checkpoint.")
    path = [from_base64(line, "request_form") for line in lines]
    if any(len(node) != HASH for node in path):
        raise NoteError("request_form", "A proof is made of hashes of 32 bytes.")
    return int(size), path, parse_checkpoint(note)


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """An HTTP server that answers for this witness; ``serve_forever`` runs it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != "/add-checkpoint" or not 0 < length <= LONGEST:
                return self._send(Answer(404 if self.path != "/add-checkpoint" else 400, "\n"))
            try:
                request = self.rfile.read(length).decode("utf-8")
            except UnicodeDecodeError:
                return self._send(Answer(400, "Not UTF-8.\n"))
            return self._send(witness.add(request))

        def do_GET(self) -> None:
            is_there = self.path == "/checkpoint" and witness.seen.exists()
            self._send(Answer(200, witness.seen.read_text("utf-8")) if is_there else Answer(404, "\n"))

        def _send(self, answer: Answer) -> None:
            body = answer.text.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing of what went well."""

    return ThreadingHTTPServer((host, port), Handler)


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="its own folder: key, newest checkpoint")
    parser.add_argument("--key", required=True, type=Key.parse, help="the log's public key")
    parser.add_argument("--listen", default="127.0.0.1:8090", help="address and port")
    given = parser.parse_args(words)
    witness = Witness(given.folder, given.key)
    host, _, port = given.listen.rpartition(":")
    print(f"witness {witness.vkey()}\nlistening on {given.listen}", flush=True)
    server(witness, host, int(port)).serve_forever()


if __name__ == "__main__":
    main()
