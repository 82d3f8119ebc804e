"""How long the months of the log stay in the database, and what the sealer does with those that are older.

``retention.json`` says it: ``{"months": 24, "archives": "/folder", "trim": true}``. Without it nothing is archived and
nothing leaves. A month goes by itself, in one transaction, when its archive was read back and proved itself; wherever
that was broken off, it is begun again.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import psycopg2

from ..local import files
from ..local.problems import N_, Problem
from . import archiving, stored
from .archiving import Busy, Month, NotArchived, NotWhole
from .offline import Key, proof_of
from .witnesses import state_of

log = logging.getLogger(__name__)

FILE = "retention.json"
LEAST, MOST = 6, 1200  # months; logs of a network stay six at least (Cybersecurity Law, article 21)
PAUSE = 1.0  # seconds between two looks at the file
AGAIN, HOUR = 60.0, 3600.0  # seconds until it is tried again: where somebody held the table, else
NAME = re.compile(r"anshan_audit_event_(\d{4})_(\d{2})")

PARTITIONS = """
SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'anshan_audit_event'::regclass ORDER BY relname
"""
HAS_EVENTS = "SELECT EXISTS (SELECT FROM anshan_audit_event WHERE at >= %s AND at < %s)"
TELL = """
INSERT INTO anshan_audit_retention (one, months, trim, at, failing) VALUES (true, %s, %s, now(), %s)
ON CONFLICT (one) DO UPDATE SET months = EXCLUDED.months, trim = EXCLUDED.trim, at = EXCLUDED.at,
    failing = EXCLUDED.failing
"""
UNTELL = "DELETE FROM anshan_audit_retention"


@dataclass(frozen=True)
class Policy:
    months: int  # full months that stay, beside the current one
    archives: Path
    trim: bool = False

    def first(self, today: date) -> date:
        """The first day that stays."""
        number = today.year * 12 + today.month - 1 - self.months
        return date(number // 12, number % 12 + 1, 1)

    def as_json(self) -> dict[str, Any]:
        return {"months": self.months, "archives": str(self.archives), "trim": self.trim}


def load(path: Path) -> Policy | None:
    """The policy; none where nobody has set one.

    :raises Problem: it can't be read, or is none
    """
    try:
        given = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        what, mend = N_("{place} can't be read: {reason}"), N_("Set it anew with ./portal retention set, or off.")
        raise Problem(what, mend, place=path, reason=error) from error
    return parse(given)


def parse(given: Any) -> Policy:
    """:raises Problem: it is no policy"""
    known = {"months", "archives", "trim"}
    if not isinstance(given, dict) or not given.keys() <= known or not {"months", "archives"} <= given.keys():
        what = N_("A policy has months and archives, maybe trim, and nothing else.")
        raise Problem(what, N_("Set it anew with ./portal retention set, or off."))
    months, archives, trim = given["months"], given["archives"], given.get("trim", False)
    if type(months) is not int or not LEAST <= months <= MOST:
        what = N_("{months} is no number of months.")
        mend = N_("Give one from {least} to {most}: the law wants logs kept for six.")
        raise Problem(what, mend, months=months, least=LEAST, most=MOST)
    if type(archives) is not str or not os.path.isabs(archives):
        what, mend = N_("{place} is no folder for archives."), N_("Name it by its whole path, from / on.")
        raise Problem(what, mend, place=archives)
    if type(trim) is not bool:
        raise Problem(N_("{trim} doesn't say whether months are taken out."), N_("Write true or false."), trim=trim)
    return Policy(months, Path(archives), trim)


def need_folder(folder: Path) -> None:
    """:raises Problem: archives can't be written there"""
    mend = N_("Make the folder, or have its disk mounted, and let the portal's account write to it.")
    if not folder.is_dir():
        raise Problem(N_("The folder for archives {place} isn't there."), mend, place=folder)
    trial = folder / f".anshan-{os.getpid()}"
    try:
        files.write(trial, "")
        trial.unlink()
    except OSError as error:
        what = N_("The folder for archives {place} can't be written to: {reason}")
        raise Problem(what, mend, place=folder, reason=error.strerror or error) from error


def due(ask: stored.Ask, policy: Policy, today: date) -> list[Month]:
    """The months in the table that are too old for the policy, oldest first."""
    found = [NAME.fullmatch(name) for (name,) in ask(PARTITIONS, ())]
    months = [Month(date(int(one[1]), int(one[2]), 1)) for one in found if one]
    old = [month for month in months if month.first < policy.first(today)]
    return [month for month in old if ask(HAS_EVENTS, month.bounds)[0][0]]


@dataclass(frozen=True)
class Log:
    """The log as a policy is carried out on it."""

    url: str  # of the database, as the sealer's role
    key: Key  # of its checkpoints
    writer_key: bytes
    formers: Sequence[Key] = ()  # keys that the log had before

    def carry_out(self, policy: Policy, stop: Callable[[], bool] = lambda: False) -> list[NotArchived | OSError]:
        """Archive what is too old, and take it out where the policy says so; why some of it stays, oldest first.

        :raises Problem: the folder for archives can't be used
        """
        need_folder(policy.archives)
        with closing(psycopg2.connect(self.url, application_name="anshan-retention")) as connection:
            months = due(stored.asking(connection), policy, datetime.now(timezone.utc).date())
        wrong: list[NotArchived | OSError] = []
        for month in months:
            if stop():
                break
            try:
                self._keep(month, policy)
            except Busy as error:  # whoever waits for the table waits behind this, too: not once more for each month
                return [*wrong, error]
            except (NotArchived, OSError) as error:
                wrong.append(error)
        return wrong

    def _keep(self, month: Month, policy: Policy) -> None:
        path = archiving.path_of(month, policy.archives)
        if not archiving.is_written(path):
            archiving.archive(self.url, month, policy.archives)
        if policy.trim:
            try:
                self._trim(month, path)
            except NotWhole:
                _put_aside(path)
                self._trim(month, archiving.archive(self.url, month, policy.archives))

    def _trim(self, month: Month, path: Path) -> None:
        gone = archiving.trim(self.url, month, path, self.key, self.writer_key, "job", self.formers)
        log.warning("%s events of %s are out of the table: %s has them", gone, month, path)


def _put_aside(path: Path) -> None:
    """A damaged archive is kept: it may tell what happened to it."""
    stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    log.error("%s doesn't prove itself: it is kept as %s.damaged-%s and written anew", path, path.name, stamp)
    for one in (path, proof_of(path)):
        os.replace(one, one.with_name(f"{one.name}.damaged-{stamp}"))


class Keeper(threading.Thread):
    """Carries the policy out beside the sealing: at the start, once an hour, and when it is changed."""

    def __init__(self, log: Log, path: Path, stop: threading.Event, say: Callable[[str, str], None]) -> None:
        """:param path: of ``retention.json`` · :param say: tells of something: what about, a sentence"""
        super().__init__(name="retention", daemon=True)
        self.log, self.path, self.stop, self.say = log, path, stop, say
        self.seen: object = ()
        self.next = float("-inf")

    def run(self) -> None:
        while not self.stop.is_set():
            if state_of(self.path) != self.seen or time.monotonic() >= self.next:
                self.look()
            self.stop.wait(PAUSE)

    def look(self) -> None:
        """Do what the policy asks for, and leave word of how that went."""
        self.seen, self.next = state_of(self.path), time.monotonic() + HOUR
        try:
            policy = load(self.path)
            self._tell(policy, self._wrong(policy) if policy else "")
        except Problem as problem:
            self._tell(None, str(problem))
        except psycopg2.Error as error:
            self.next = time.monotonic() + AGAIN
            self.say("retention", f"the database can't be used for old months, trying again in a minute: {error}")

    def _wrong(self, policy: Policy) -> str:
        try:
            wrong = self.log.carry_out(policy, self.stop.is_set)
        except Problem as problem:
            return str(problem)
        if any(isinstance(one, Busy) for one in wrong):
            self.next = time.monotonic() + AGAIN
        return "\n".join(map(str, wrong))

    def _tell(self, policy: Policy | None, failing: str) -> None:
        if failing:
            self.say("retention", f"OLD MONTHS STAY WHERE THEY ARE: {failing}")
        with closing(psycopg2.connect(self.log.url, application_name="anshan-retention")) as connection:
            with connection.cursor() as cursor:
                if policy or failing:
                    cursor.execute(TELL, (policy and policy.months, bool(policy and policy.trim), failing))
                else:
                    cursor.execute(UNTELL)
            connection.commit()
