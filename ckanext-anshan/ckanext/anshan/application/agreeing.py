"""The agreement of an application as its sides read it: how it stands, who signed; as page, as PDF, and for whoever
checks one by its code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..agreement import printing, showing
from ..agreement import rules as agreements
from ..agreement.rules import Side, Signature, Standing
from ..agreement.rules import State as Stands
from ..applicants import parties
from ..guard import trying
from ..workflow import clock
from . import applications, messages, options, rules, signing, standing
from .rules import PROVIDER, PROVIDER_PARTY, USERS, Command, Refusal, State, Step

Told = dict[str, Any]

HEAD = "部门负责人"
"""Who countersigned, as the applicants read it: a post, no name."""
OVER: Mapping[State, Stands] = {
    State.SUSPENDED: Stands.SUSPENDED,
    State.REVOKED: Stands.REVOKED,
    State.EXPIRED: Stands.ENDED,
    State.CLOSED: Stands.ENDED,
}
HASH = re.compile(r"[0-9a-f]{64}")
KEPT = 64  # PDFs in one process
TRIES = "agreement"


def show(context: Context, id: str) -> Told:
    """For whoever has a part in the application: the page of its text, and what they may sign now."""
    row, person = _seen(context, id)
    found = signing.agreement(row)
    given, stands = signatures(row, found), standing_of(row, found)
    page = showing.page(found.document, given, stands)
    case = standing.case_of(row)
    return {
        "number": row.number,
        "titles": row.titles,
        "state": row.state,
        "state_words": messages.STATES[State(row.state)](),
        "due": row.due.isoformat() if row.due else "",
        "page": {**page, "signatures": [asdict(one) for one in page["signatures"]]},
        "signs": [_offered(case, command, person) for command in (Command.ACCEPT, Command.COUNTERSIGN)],
        "may_print": bool(person.roles & (USERS | PROVIDER)),
        "roles": sorted(role.value for role in person.roles),
    }


def _seen(context: Context, id: str) -> tuple[Any, rules.Person]:
    row = applications.find(id)
    person = standing.person(context.get("user"), row) if row else rules.NOBODY
    if not person.roles:
        standing.refuse(Refusal("unknown"))
    return row, person


def _offered(case: rules.Case, command: Command, person: rules.Person) -> Told:
    """Whether this is theirs to sign, and now; why not."""
    decision = rules.decide(case, command, person)
    is_possible = isinstance(decision, Step)
    is_theirs = is_possible or decision.code not in (*standing.REFUSED, "not_now")
    why = "" if is_possible else messages.words(decision)
    return {"command": command.value, "is_theirs": is_theirs, "is_possible": is_possible, "why_not": why}


def signatures(row: Any, found: Any) -> list[Signature]:
    """As both sides may read them: of a person a masked name, of the provider its post."""
    signed = [one for one in applications.signatures_of([row.id])[row.id] if one.agreement == found.hash]
    keys = [f"{one.kind}:{one.party_id}" for one in applications.parties_of([row.id])[row.id]]
    masked = parties.shown({("person", one.user_id) for one in signed if one.party != PROVIDER_PARTY})
    facts = found.document["facts"]
    made = []
    for one in signed:
        if one.party == PROVIDER_PARTY:
            made.append(Signature(Side.AGENCY, facts["agency"]["name"], HEAD, one.created, found.hash))
        elif one.party in keys:
            at = keys.index(one.party)
            who = masked.get(("person", one.user_id), {}).get("name") or _acting(one.party)
            made.append(Signature(Side.HOLDER, facts["holders"][at]["name"], who, one.created, found.hash, at))
    return made


def _acting(party: str) -> str:
    """Of whoever has no profile of their own."""
    return "经办人" if party.startswith("agency:") else "代表人"


def standing_of(row: Any, found: Any) -> Standing | None:
    """How it stands because of what happened to the application; None where its signatures alone say it."""
    state = State(row.state)
    if state is State.ACTIVE and row.ends < clock.today():
        return Standing(Stands.ENDED)
    if state not in OVER and state not in rules.FINAL:
        return None
    events = applications.events_of(row.id)
    last = next((one for one in reversed(events) if one.after == state.value and one.before != state.value), None)
    was_used = any(one.after == State.ACTIVE.value for one in events)
    stands = OVER[state] if was_used and state in OVER else Stands.VOID
    if last is None:
        return Standing(stands)
    is_told = last.command in (Command.SUSPEND.value, Command.REVOKE.value) and last.role != rules.Role.CLOCK.value
    reason = str(last.facts.get("reason") or "") if is_told else ""
    return Standing(stands, last.created, reason, str(last.facts.get("article") or "") if is_told else "")


def pdf(context: Context, id: str) -> tuple[str, bytes]:
    """Number and bytes of the PDF, for its own sides. :raises fonts.NoFont: the font wasn't fetched"""
    row, person = _seen(context, id)
    if not person.roles & (USERS | PROVIDER):
        standing.refuse(Refusal("not_yours"))
    found = signing.agreement(row)
    given = tuple(signatures(row, found))
    return row.number, _made(found.hash, given, standing_of(row, found), address(found.code))


@lru_cache(maxsize=KEPT)
def _made(hash: str, given: Sequence[Signature], stands: Standing | None, url: str) -> bytes:
    """The same bytes for the same agreement with the same signatures that stands the same."""
    return printing.pdf(applications.agreement_of(hash).document, given, url, stands)


def address(code: str) -> str:
    """Where everybody can check an agreement; the QR on its PDF leads there."""
    return tk.url_for("anshan_agreement.verify_code", code=code, qualified=True, locale="default")


# for whoever checks one


def verify(asked: Mapping[str, str]) -> Told:
    """What a code says, and whether a hash is that of its agreement; of who applied only the kind.

    Wrong codes are counted for the address that they come from: nobody finds agreements by trying.
    """
    wait = trying.is_reached(options.tries(), TRIES)
    if wait:
        standing.refuse(Refusal("too_many_reports", {"seconds": wait}))
    code = agreements.read_code(asked["code"])
    found = applications.agreement_by_code(code) if code else None
    if found is None:
        trying.too_often(options.tries(), TRIES)
        return {"is_code": code is not None, "is_found": False, "code": code or ""}
    return {"is_code": True, "is_found": True, **_told(applications.find(found.application_id), found, asked)}


def _told(row: Any, found: Any, asked: Mapping[str, str]) -> Told:
    page = showing.page(found.document, signatures(row, found), standing_of(row, found))
    facts = found.document["facts"]
    given = HASH.search(asked.get("hash", "").lower().replace(" ", ""))
    return {
        "code": found.code,
        "number": row.number,
        "hash": found.hash,
        "is_same": given[0] == found.hash if given else None,
        "provider": facts["agency"]["name"],
        "kinds": [one["kind"] for one in facts["holders"]],
        "starts": facts["starts"],
        "ends": facts["ends"],
        "state": page["state"],
        "is_in_force": page["is_in_force"],
        "is_late": page["is_late"],
        "mark": page["mark"],
        "signed": [{"side": one.side.value, "at": one.at.isoformat()} for one in signatures(row, found)],
    }
