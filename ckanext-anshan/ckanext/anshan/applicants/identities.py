"""Who somebody is: kept locked, shown masked, and told in full to who judges, on record."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ..audit import recording
from ..audit.events import Event, Object
from . import keeping, locking, messages
from .locking import Locked, Place, Sealed
from .model import organization, person
from .rules import ORGANIZATION, PERSON, Party, Refusal, masked

log = logging.getLogger(__name__)

NOTHING_SHOWN = {"name": "***", "number": "", "phone": "", "contact": "", "email": ""}
"""Where no key opens it: the pages go on."""
OBJECTS = {PERSON: "account", ORGANIZATION: "applicant"}
"""What the log calls a party: a person is known by their account."""


def about(party: Party) -> Object:
    return Object(OBJECTS[party.kind], party.id)


def place(party: Party) -> Place:
    return Place((person if party.kind == PERSON else organization).name, party.id)


def lock(party: Party, identity: Mapping[str, str]) -> dict[str, Any]:
    """The columns that keep an identity. :raises ValidationError: no key is there, and nothing was kept"""
    try:
        sealed = locking.lock(place(party), identity)
    except Locked as error:
        raise not_now(error) from error
    return {"identity": sealed.locked, "key": sealed.key}


def opened(party: Party, row: Any) -> dict[str, str]:
    """What a row keeps, in full. :raises ValidationError: it can't be opened, and nothing is lost"""
    try:
        return locking.unlock(place(party), Sealed(row.key, bytes(row.identity)))
    except Locked as error:
        raise not_now(error) from error


def shown(party: Party, row: Any) -> dict[str, str]:
    """What a row keeps, masked; where no key opens it, nothing of it."""
    try:
        return masked(locking.unlock(place(party), Sealed(row.key, bytes(row.identity))))
    except Locked as error:
        log.error("the identity of %s %s can't be opened: %s", party.kind, party.id, error.code)
        return dict(NOTHING_SHOWN)


def is_readable(party: Party, row: Any) -> bool:
    try:
        locking.unlock(place(party), Sealed(row.key, bytes(row.identity)))
    except Locked:
        return False
    return True


def not_now(error: Locked) -> tk.ValidationError:
    """Said to whoever asks, and in the log file to whoever runs the portal."""
    log.error("identities can't be locked or opened: %s %s", error.code, error.facts)
    refusal = Refusal(error.code, error.facts)
    return tk.ValidationError({"identity": [messages.words(refusal)], "code": [messages.code(refusal)]})


def told(context_user: str, party: Party, why: str) -> dict[str, str]:
    """Who a party is, in full, for somebody who judges about it; on record before it is told.

    The caller has decided that they judge. Of a person ``name``, ``number`` and ``phone``; of an organization ``name``,
    ``code``, ``contact``, ``phone`` and ``email``.

    :param context_user: id or name of who reads · :param why: for the log, such as the number of an application
    :raises NotAuthorized: that is a visitor, a sysadmin or an account that isn't active
    :raises ObjectNotFound: there is no such party · :raises ValidationError: no key opens it
    """
    reader = model.User.get(context_user) if context_user else None
    if reader is None or reader.state != "active" or reader.sysadmin:
        raise tk.NotAuthorized(messages.coded(Refusal("not_yours")))
    row = keeping.find(party)
    if row is None:
        raise tk.ObjectNotFound(messages.words(Refusal("unknown")))
    identity = opened(party, row)
    fields = sorted(identity)
    facts = {"party": party.kind, "fields": fields}
    recording.happened(Event("applicant.read", object=about(party), action="applicants", reason=why, facts=facts))
    return identity if party.kind == PERSON else {"name": row.name, "code": row.uscc, **identity}
