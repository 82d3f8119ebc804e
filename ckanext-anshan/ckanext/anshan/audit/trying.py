"""Tries the place of a new witness before anything is changed, and says in plain words why it can't be one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

import requests

from ..local.problems import N_, Problem
from . import witnesses
from .offline import NoteError
from .stored import Sealed
from .witnesses import Asked, Witness, WitnessError

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SHOWN = 300  # characters of an answer


@dataclass(frozen=True)
class Known:
    """What the sealer has signed last, and the public key of that; nothing before its first start."""

    note: str = ""
    size: int = 0
    key: str = ""


def try_out(witness: Witness, known: Known) -> None:
    """:raises Problem: the place can't be a witness of this log; nothing was changed"""
    TRIALS[witness.kind](witness, known)


def is_here(witness: Witness, data: Path) -> bool:
    """Whether it lies on the disk or the machine of the portal's data: whoever holds that holds both."""
    if witness.kind != "file":
        return urlsplit(witness.url.removeprefix("rfc3161+")).hostname in LOOPBACK
    folder = witness.path.parent
    return folder.exists() and folder.stat().st_dev == data.stat().st_dev


def _file(witness: Witness, known: Known) -> None:
    path = witness.path
    if urlsplit(witness.url).netloc or not path.is_absolute() or path.is_dir():
        what, mend = N_("{url} names no file."), N_("Write it as file:///folder/checkpoints.jsonl, with three strokes.")
        raise Problem(what, mend, url=witness.url)
    if not path.parent.is_dir():
        mend = N_("Make the folder, or have the share mounted that it lies on, then run the command again.")
        raise Problem(N_("The folder {folder} isn't there."), mend, folder=path.parent)
    was_there = path.exists()
    try:
        path.open("a").close()
    except OSError as error:
        what, mend = N_("{path} can't be written to: {reason}"), N_("Let the portal's account write there.")
        raise Problem(what, mend, path=path, reason=error.strerror or error) from error
    if not was_there:
        os.unlink(path)


def _witness(witness: Witness, known: Known) -> None:
    answer = _asked(witness, known, known.size)
    if witnesses.names_size(answer):
        answer = _of_its_size(witness, known, answer)
    if answer.status_code in (403, 404):
        what = N_("The witness at {url} doesn't know this log: it answers {status}.")
        mend = N_("Check the address; if it is right, give its operator the log's public key: {key}")
        raise Problem(what, mend, url=witness.url, status=answer.status_code, key=known.key or "/audit/about")
    expected = (200, 409) if known.note else (200, 400, 409)
    if answer.status_code not in expected:
        what, mend = N_("{url} doesn't answer like a witness: {answer}"), N_("Check the address with its operator.")
        raise Problem(what, mend, url=witness.url, answer=f"{answer.status_code} {answer.text[:SHOWN]}".strip())
    if answer.status_code == 200 and known.note:
        _check(witness, known.note, answer.text)


def _of_its_size(witness: Witness, known: Known, answer: requests.Response) -> requests.Response:
    """A new one has nothing, and signs at once; from where another one stands, the sealer gives it the proof."""
    its = int(answer.text) if answer.text.strip().isdecimal() else -1
    if its > known.size:
        what = N_("The witness at {url} has seen {its} events of this log, here are {size}.")
        mend = N_("Let the portal go on until it has as many; if it never will, the log has lost events.")
        raise Problem(what, mend, url=witness.url, its=its, size=known.size)
    return _asked(witness, known, 0) if its == 0 else answer


def _asked(witness: Witness, known: Known, old: int) -> requests.Response:
    try:
        return witnesses.post(witness, old, (), known.note)
    except (requests.RequestException, ValueError) as error:
        raise _away(witness, error) from error


def _away(witness: Witness, error: object) -> Problem:
    what = N_("{url} doesn't answer: {reason}")
    mend = N_("Check the address, and that this machine may reach it (firewall, proxy), then run the command again.")
    return Problem(what, mend, url=witness.url, reason=str(error)[:SHOWN])


def _check(witness: Witness, note: str, answer: str) -> None:
    try:
        witnesses.check(witness, note, answer)
    except NoteError as error:
        what = N_("The witness at {url} signs with another key than the one given: {reason}")
        mend = N_("Ask its operator for its key again, by another way than this address.")
        raise Problem(what, mend, url=witness.url, reason=str(error)[:SHOWN]) from error


def _authority(witness: Witness, known: Known) -> None:
    last = Sealed(known.size, b"", datetime.now(timezone.utc), known.note or "trial\n", "", "")
    try:
        witnesses.send(witness, Asked(last, 0, lambda *_: []))
    except WitnessError as error:
        if isinstance(error.__cause__, (requests.ConnectionError, requests.Timeout)):
            raise _away(witness, error) from error
        what = N_("{url} gives no time stamp: {reason}")
        mend = N_("Check with its operator that a time stamp authority (RFC 3161) is there.")
        raise Problem(what, mend, url=witness.url, reason=str(error)[:SHOWN]) from error


TRIALS = {
    "file": _file,
    "http": _witness,
    "https": _witness,
    "rfc3161+http": _authority,
    "rfc3161+https": _authority,
}
