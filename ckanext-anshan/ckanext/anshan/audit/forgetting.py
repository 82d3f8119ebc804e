"""Takes away what the log says about people: the events stay, and nobody can tell any longer whose they were."""

from __future__ import annotations

from ckan import model

from . import options, persons, recording
from .events import Event, Object


def forget(account_id: str, reason: str) -> bool:
    """Make every word about an account unreadable, and record that this was done; whether there was any.

    Personal Information Protection Law, article 47.
    """
    gone = persons.forget(persons.ACCOUNT, account_id)
    recording.note(Event("person.forgotten", object=Object("account", account_id), reason=reason[:2000]))
    recording.touch("account", [account_id])
    model.Session.commit()
    return gone


def forget_old_addresses() -> int:
    """Make unreadable from which addresses was done what lies further back than the law wants it known; how many."""
    gone = persons.forget_old_addresses(options.address_days())
    if gone:
        recording.note(Event("person.forgotten", facts={"addresses": gone, "days": options.address_days()}))
    model.Session.commit()
    return gone
