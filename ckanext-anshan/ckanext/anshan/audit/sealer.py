"""The sealer as a process: ``python -m ckanext.anshan.audit.sealer FOLDER``, and what is done with its key.

The folder is the sealer's own: ``config.json`` (``database``, ``writer_key``), maybe
``witnesses.json`` and ``retention.json``, and what it makes there: ``key``, which
nobody else may read, and ``memory.json``. Its public key goes where ``config.json`` says (``verifier_key_file``), and
``former-keys`` beside that.
"""

from __future__ import annotations

import argparse
import json
import logging
import secrets
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from ..local import files
from . import archiving, beginning, elsewhere, notes, retention, stored, witnesses
from .archiving import Month, NotArchived
from .notes import Signer
from .offline import Key, NoteError
from .retention import Keeper
from .sealing import Refused, Sealer, anew
from .witnesses import Asked, Sender, WitnessError

log = logging.getLogger("anshan.sealer")

PAUSE = 1.0  # seconds between two looks
LONG = 30  # seconds from which an open transaction is told of
AGAIN = 60.0  # seconds between two times that the same is told
HOUR = 3600.0
LONGEST = 1000  # characters of a reason


@dataclass(frozen=True)
class Folder:
    path: Path

    @property
    def memory(self) -> Path:
        return self.path / "memory.json"

    @property
    def ready(self) -> Path:
        return self.path / "ready"

    @property
    def refused(self) -> Path:
        """Why nothing is sealed, for whoever waits for it."""
        return self.path / "refused"

    def config(self) -> dict[str, str]:
        return json.loads((self.path / "config.json").read_text("utf-8"))

    def signer(self) -> Signer:
        """The key; made at the very first start."""
        key = self.path / "key"
        if (self.path / beginning.FILE).exists():
            raise Refused(f"the log is being begun anew, and that isn't done: {anew(self.path)}")
        if not key.exists():
            if self.memory.exists() or self._key_file.exists():
                raise Refused(
                    f"{key} is gone, and the log was sealed with it: put it back from its copy. "
                    f"If there is none: {anew(self.path)}"
                )
            files.write(key, notes.generate(f"anshan-audit-{secrets.token_hex(4)}")[0] + "\n")
        signer = Signer.parse(key.read_text("utf-8"))
        files.write(self._key_file, signer.vkey + "\n", 0o644)
        return signer

    def formers(self) -> list[Key]:
        """The keys that the log had before."""
        return [Key.parse(one) for one in notes.formers(self._key_file)]

    @property
    def _key_file(self) -> Path:
        return Path(self.config()["verifier_key_file"])


def run(folder: Folder, stop: threading.Event) -> None:
    """Seal until told to stop; what goes wrong is told once a minute and tried again."""
    told = Told()
    while not stop.is_set():
        try:
            _work(folder, stop, told)
        except Refused as error:
            files.write(folder.refused, f"{error}\n")
            told.say("refused", f"NOTHING IS SEALED: {error}")
        except psycopg2.Error as error:
            told.say("database", f"the database can't be used, trying again every second: {error}")
        stop.wait(PAUSE)


def _work(folder: Folder, stop: threading.Event, told: Told) -> None:
    config = folder.config()
    formers = folder.formers()
    sealer = Sealer(config["database"], folder.signer(), config["writer_key"].encode(), folder.memory, formers)
    ended = threading.Event()
    try:
        sealer.begin()
        if folder.signer().key != sealer.signer.key:  # begun anew while this one waited
            raise Refused("the key was exchanged")
        _need_no_more(folder, sealer)
        folder.refused.unlink(missing_ok=True)
        folder.ready.touch()
        Sender(config["database"], [], ended, folder.path / witnesses.FILE).start()
        old = retention.Log(config["database"], sealer.signer.key, sealer.writer_key, formers)
        Keeper(old, folder.path / retention.FILE, ended, told.say).start()
        made = time.monotonic()
        while not stop.is_set():
            _look(sealer, told)
            if time.monotonic() - made > HOUR:
                sealer.months()
                made = time.monotonic()
            stop.wait(PAUSE)
    finally:
        ended.set()
        sealer.close()


def _need_no_more(folder: Folder, sealer: Sealer) -> None:
    """A sealer without a memory asks those who have one: a backup may have been put back."""
    ask = stored.asking(sealer.connection)
    if not folder.memory.exists() and (last := stored.last(ask)):
        try:
            known = witnesses.load(folder.path / witnesses.FILE)
        except WitnessError as error:
            raise Refused(str(error)) from error
        elsewhere.need_no_more(folder.path, known, Asked(last, last.size, stored.reader(ask)), sealer.signer.key)
    sealer.connection.rollback()


def _look(sealer: Sealer, told: Told) -> None:
    done = sealer.seal()
    if done.strange:
        told.say("strange", f"NOT WRITTEN BY THE PORTAL, left unsealed: events {', '.join(done.strange[:20])}")
    for pid, role, program, seconds in sealer.long_transactions(LONG):
        what = f"{role} ({program or 'no name'}, process {pid})"
        told.say(f"long {pid}", f"a transaction of {what} is open for {seconds} s: what it records is sealed after it")


class Told:
    """Says the same thing once a minute."""

    def __init__(self) -> None:
        self.last: dict[str, float] = {}

    def say(self, about: str, sentence: str) -> None:
        if time.monotonic() - self.last.get(about, float("-inf")) > AGAIN:
            self.last[about] = time.monotonic()
            log.error(sentence)


def archive(folder: Folder, given: argparse.Namespace) -> int:
    """Write a month's archive, or take out the month that one holds."""
    config, signer = folder.config(), folder.signer()
    try:
        month = Month.parse(given.month)
        if given.command == "archive":
            print(archiving.archive(config["database"], month, given.to))
        else:
            key = config["writer_key"].encode()
            formers = folder.formers()
            gone = archiving.trim(config["database"], month, given.archive, signer.key, key, formers=formers)
            print(f"{gone} events of {month} are out of the table; {given.archive} is now the only place that has them")
    except (NotArchived, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def begin(folder: Folder, given: argparse.Namespace) -> int:
    """Give the key up and go on under another one, and say what has to be done elsewhere."""
    try:
        plan = beginning.begin(folder.path, folder.config(), given.reason, given.former)
    except (Refused, NoteError, WitnessError, OSError, psycopg2.Error) as error:
        print(f"Not begun anew: {error}", file=sys.stderr)
        return 1
    print(f"The log goes on after {plan.size} events; {plan.lost} that somebody remembers are lost.")
    print(f"New key: {Signer.parse(plan.private).vkey}")
    print("Tell it to everybody who checks the log. A witness is started with it as --key; the former keys are:")
    print("\n".join(plan.formers))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    commands = parser.add_subparsers(dest="command")
    write = commands.add_parser("archive", help="write a month that is over into a file that proves itself")
    write.add_argument("month", help="2026-01")
    write.add_argument("--to", type=Path, default=Path(), help="folder for the file and its proof")
    trim = commands.add_parser("trim", help="take a month out of the table whose archive is in a safe place")
    trim.add_argument("month", help="2026-01")
    trim.add_argument("--archive", type=Path, required=True, help="its archive, which is checked first")
    begun = commands.add_parser("begin", help="after events or the key were lost for good: go on under another key")
    begun.add_argument("--reason", required=True, type=_reason, help="what happened; stands in the log for everybody")
    about = "a public key that signed this log and isn't here any more"
    begun.add_argument("--former", action="append", default=[], metavar="VKEY", help=about)
    return parser


def _reason(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > LONGEST:
        raise argparse.ArgumentTypeError(f"say in 1 to {LONGEST} characters what happened")
    return text.strip()


def main(words: list[str] | None = None) -> int:
    logging.basicConfig(format="%(asctime)s %(levelname)-5.5s [%(name)s] %(message)s", level=logging.WARNING)
    given = _parser().parse_args(words)
    folder, stop = Folder(given.folder), threading.Event()
    if given.command:
        return begin(folder, given) if given.command == "begin" else archive(folder, given)
    folder.ready.unlink(missing_ok=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(folder, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
