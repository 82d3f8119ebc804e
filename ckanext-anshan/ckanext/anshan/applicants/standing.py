"""Who may act for whom now: what other rooms ask of the applicants. None of it grows in statements with its input."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..workflow import clock
from . import identities, keeping, rules
from .rules import INDIVIDUAL, ORGANIZATION, PERSON, Party, Refusal, Role, Standing, State

__all__ = ["Acting", "Party", "Refusal", "acts_for", "gone", "parties_of", "shown", "standings", "users_of"]


@dataclass(frozen=True)
class Acting:
    """A party that a user may act for."""

    party: Party
    name: str  # of a person masked
    code: str  # ID number, masked; unified social credit code, which is public
    kind: str  # of the vocabulary applicant_kinds
    is_representative: bool  # a person is their own


def parties_of(user_id: str) -> list[Acting]:
    """For whom a user may act now: themselves with their profile, and the verified organizations of which they are."""
    rows = [row for row in keeping.places_of(user_id) if row.since]
    wanted = [Party(PERSON, user_id), *(Party(ORGANIZATION, row.id) for row in rows)]
    found = standings([(user_id, party) for party in wanted])
    mine = [party for party in wanted if found[user_id, party] is None]
    leads = {row.id for row in rows if row.role == Role.REPRESENTATIVE.value}
    named = shown(mine)
    return [
        Acting(party, **named[party], is_representative=party.kind == PERSON or party.id in leads) for party in mine
    ]


def acts_for(user_id: str, party: Party) -> Refusal | None:
    """Why a user may not act for a party now: ``no_account``, ``no_profile``, ``not_a_member``, ``not_verified``,
    ``barred`` (with ``until``); nothing where they may. ``messages.words`` says it."""
    party = Party(*party)
    return standings([(user_id, party)])[user_id, party]


def standings(pairs: Collection[tuple[str, Party]]) -> dict[tuple[str, Party], Refusal | None]:
    """The same for many: four statements, however many there are."""
    asked = [(user, Party(*party)) for user, party in pairs]
    users, ids = {user for user, _ in asked}, {party.id for _, party in asked if party.kind == ORGANIZATION}
    own = {user for user, party in asked if party == Party(PERSON, user)}
    accounts, profiles = keeping.active(users), set(keeping.persons_of(own))
    organizations, members = keeping.organizations_of(ids), keeping.pairs(users, ids)

    def standing(user: str, party: Party) -> Standing:
        if party.kind == PERSON:
            return Standing(user in accounts, user == party.id and user in profiles)
        row = organizations.get(party.id)
        state = State(row.state) if row else State.UNVERIFIED
        is_member = row is not None and (user, party.id) in members
        return Standing(user in accounts, is_member=is_member, state=state, until=row.until if row else None)

    today = clock.today()
    return {(user, party): rules.acts_for(standing(user, party), today) for user, party in asked}


def gone(parties: Collection[Party]) -> dict[Party, Refusal]:
    """Those of these parties for whom nobody acts any longer, and why; three statements.

    An organization that the bureau looks at anew isn't among them: its people wait.
    """
    wanted = {Party(*party) for party in parties}
    people = {party.id for party in wanted if party.kind == PERSON}
    accounts, profiles = keeping.active(people), set(keeping.persons_of(people))
    rows = keeping.organizations_of({party.id for party in wanted if party.kind == ORGANIZATION})
    today = clock.today()

    def standing(party: Party) -> Standing:
        if party.kind == PERSON:
            return Standing(party.id in accounts, party.id in profiles)
        row = rows.get(party.id)
        state = State(row.state) if row else State.UNVERIFIED
        waits = state is State.PENDING
        return Standing(
            True, is_member=True, state=State.VERIFIED if waits else state, until=row.until if row else None
        )

    found = {party: rules.acts_for(standing(party), today) for party in wanted}
    return {party: refusal for party, refusal in found.items() if refusal}


def shown(parties: Collection[Party]) -> dict[Party, dict[str, str]]:
    """``name``, ``code`` and ``kind`` of each party that there is, as they may be shown; two statements."""
    wanted = {Party(*party) for party in parties}
    persons = keeping.persons_of({party.id for party in wanted if party.kind == PERSON})
    rows = keeping.organizations_of({party.id for party in wanted if party.kind == ORGANIZATION})
    found: dict[Party, dict[str, str]] = {}
    for id, row in persons.items():
        identity = identities.shown(Party(PERSON, id), row)
        found[Party(PERSON, id)] = {"name": identity["name"], "code": identity["number"], "kind": INDIVIDUAL}
    for id, row in rows.items():
        found[Party(ORGANIZATION, id)] = {"name": row.name, "code": row.uscc, "kind": row.kind}
    return found


def users_of(party: Party) -> list[str]:
    """Ids of the accounts that are told what concerns a party."""
    party = Party(*party)
    return keeping.users_of(party.id) if party.kind == ORGANIZATION else sorted(keeping.active({party.id}))
