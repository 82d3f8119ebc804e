"""Tells people that something is wrong with the log: by mail, on record, and on the pages of those who look after it.

Each cause is told once by whichever worker sees it first, again every day while it lasts, and once when it is over.
What was told is kept in Redis, which forgets it by itself: without that it is told once more.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
import redis
from ckan import model
from ckan.lib import mailer
from ckan.lib.redis import connect_to_redis

from ..workflow import mails
from . import calls, options, recording, watching
from .events import Event
from .watching import DAMAGED, LATE, STRANGE, WITNESS, Cause, Looked

log = logging.getLogger(__name__)

DAY = 24 * 3600  # seconds from one time that a cause is told to the next
AGAIN = 600  # seconds until what failed is tried again
CALM = 180  # seconds without a cause after which it is over: what comes and goes is told once
KEPT = 30 * DAY  # seconds for which what was found is kept
SHOWN = 20  # events that a mail names
N = Callable[[], str]


class Words(NamedTuple):
    title: str
    more: str
    todo: str


WRONG: Mapping[str, tuple[N, N]] = {
    LATE: (
        lambda: tk._("The log is no longer sealed."),
        lambda: tk._(
            "Whoever runs the portal asks ./portal status how the sealer is and ./portal logs sealer why; ./portal up "
            "starts it again."
        ),
    ),
    WITNESS: (
        lambda: tk._("The witness {witness} does not take the checkpoints of the log."),
        lambda: tk._(
            "Ask those who run it whether it is there. What it answered stands in ./portal logs sealer. Until it "
            "answers, nobody there could tell if what is recorded now were changed."
        ),
    ),
    STRANGE: (
        lambda: tk._("Somebody wrote into the log past the portal."),
        lambda: tk._(
            "Whoever did has a password of the database: find out who, give it a new one, and check everything with "
            "./portal ckan anshan audit verify."
        ),
    ),
    DAMAGED: (
        lambda: tk._("A released file is not the one that was signed."),
        lambda: tk._(
            "It is not handed out. Find out who changed the vault, put the file back from a backup, and check "
            "everything with ./portal ckan anshan release verify."
        ),
    ),
}
"""What is wrong, and what to do."""
WELL: Mapping[str, N] = {
    LATE: lambda: tk._("The log is sealed again."),
    WITNESS: lambda: tk._("The witness {witness} takes the checkpoints of the log again."),
    STRANGE: lambda: tk._("Nothing that was written past the portal is left in the log."),
    DAMAGED: lambda: tk._("Every released file is the one that was signed again."),
}


def words(cause: Cause) -> Words:
    """In the language of the reader."""
    title, todo = WRONG[cause.kind]
    return Words(title().format(witness=cause.witness), _more(cause), todo())


def _more(cause: Cause) -> str:
    if cause.kind == STRANGE:
        count = len(cause.events)
        told = tk.ungettext(
            "{count} event was left unsealed, since no process of the portal wrote it.",
            "{count} events were left unsealed, since no process of the portal wrote them.",
            count,
        )
        return told.format(count=count)
    if cause.kind == DAMAGED:
        return _damaged(cause)
    if cause.at is None:
        return tk._("It has never answered.")
    told = (
        tk._("It last answered on {time}.")
        if cause.kind == WITNESS
        else tk._(
            "The oldest event that is not sealed was recorded on {time}. What is recorded meanwhile is kept and will "
            "be sealed; until then nothing proves it."
        )
    )
    return told.format(time=tk.h.render_datetime(cause.at, with_hours=True))


def _damaged(cause: Cause) -> str:
    count = len(cause.files)
    told = tk.ungettext(
        "{count} file in the vault is missing or has other bytes; that was first seen on {time}.",
        "{count} files in the vault are missing or have other bytes; that was first seen on {time}.",
        count,
    )
    return told.format(count=count, time=tk.h.render_datetime(cause.at, with_hours=True))


def shown() -> list[Words]:
    """What is wrong just now, for a page; what the sealer passed over as the worker last saw it."""
    try:
        strange = Memory(connect_to_redis()).looked().strange
    except redis.RedisError:
        strange = ()
    return [words(one) for one in watching.causes(strange)]


def check() -> int:
    """Look whether anything is wrong, and tell; how many causes there are."""
    memory = Memory(connect_to_redis())
    looked = watching.passed_over(memory.looked())
    memory.keep(looked)
    found = {one.key: one for one in watching.causes(looked.strange)}
    model.Session.rollback()
    with calls.working("audit_alarm"):
        for cause in found.values():
            memory.lasts(cause)
            _alarm(memory, cause)
        for cause in memory.calm(found):
            if memory.ends(cause):
                recording.happened(Event("log.well", action="audit_alarm", facts=watching.facts(cause)))
                for address in options.alarm_to():
                    _send(address, cause, is_well=True)
    return len(found)


def _alarm(memory: Memory, cause: Cause) -> None:
    event = Event("log.alarm", action="audit_alarm", facts=watching.facts(cause))
    memory.once(f"recorded/{cause.key}", lambda: _record(event))
    for address in options.alarm_to():
        memory.once(f"mailed/{cause.key}/{address}", lambda address=address: _send(address, cause))


def _record(event: Event) -> bool:
    recording.happened(event)
    return True


class Memory:
    """What was told, shared by all workers."""

    def __init__(self, connection: Any) -> None:
        self.redis = connection
        self.prefix = f"anshan:{tk.config['ckan.site_id']}:audit"

    def looked(self) -> Looked:
        kept = self.redis.get(f"{self.prefix}/looked")
        if kept is None:
            return Looked()
        snapshot, cluster, strange = json.loads(kept)
        return Looked(snapshot, cluster, tuple(strange))

    def keep(self, looked: Looked) -> None:
        self.redis.set(f"{self.prefix}/looked", json.dumps(looked), ex=KEPT)

    def once(self, what: str, tell: Callable[[], bool]) -> None:
        """By one worker alone, and not again for a day; soon again where it failed or was killed meanwhile."""
        key = f"{self.prefix}/{what}"
        if self.redis.set(key, 1, nx=True, ex=AGAIN) and tell():
            self.redis.expire(key, DAY)

    def lasts(self, cause: Cause) -> None:
        at = cause.at and cause.at.isoformat()
        told = {"kind": cause.kind, "witness": cause.witness, "at": at, "seen": time.time()}
        self.redis.hset(f"{self.prefix}/lasting", cause.key, json.dumps(told))
        self.redis.expire(f"{self.prefix}/lasting", KEPT)

    def calm(self, found: Mapping[str, Cause]) -> Iterator[Cause]:
        """What was told of, and hasn't been there for a while."""
        for key, kept in self.redis.hgetall(f"{self.prefix}/lasting").items():
            told = json.loads(kept)
            if key.decode() not in found and time.time() - told["seen"] >= CALM:
                yield Cause(told["kind"], told["witness"], told["at"] and datetime.fromisoformat(told["at"]))

    def ends(self, cause: Cause) -> bool:
        """Forget that it was told; whether nobody else has done so."""
        is_first = bool(self.redis.hdel(f"{self.prefix}/lasting", cause.key))
        told = (f"mailed/{cause.key}/{address}" for address in options.alarm_to())
        self.redis.delete(*(f"{self.prefix}/{one}" for one in (f"recorded/{cause.key}", *told)))
        return is_first


# mail


def _send(address: str, cause: Cause, is_well: bool = False) -> bool:
    """Whether the mail server took it; nothing else depends on it."""
    try:
        subject, body = _mail(cause, is_well)
        with mails.patience():
            mailer.mail_recipient("", address, subject, body)
    except Exception as error:  # whatever CKAN's mailer lets through, down to an assertion
        log.error("THE ALARM ABOUT THE LOG COULD NOT BE SENT to %s (%s): %s", address, cause.key, error)
        return False
    return True


def _mail(cause: Cause, is_well: bool) -> tuple[str, str]:
    """Subject and text in both languages."""
    told = []
    for language in mails.LANGUAGES:
        with mails.spoken(language):
            told.append(_well(cause) if is_well else words(cause))
    subject = " · ".join(one.title for one in told)
    url = f"{tk.config['ckan.site_url'].rstrip('/')}/audit/about"
    names = "\n".join((*cause.events, *cause.files)[:SHOWN])
    parts = ["\n".join(filter(None, one)) for one in told]
    return subject, "\n\n".join(filter(None, [*parts, names, url])) + "\n"


def _well(cause: Cause) -> Words:
    return Words(WELL[cause.kind]().format(witness=cause.witness), "", "")
