"""The words of the applicants: what is refused and how to mend it, what states, commands and kinds are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang

from ..catalogue import vocabularies
from .rules import INDIVIDUAL, Command, PersonState, Refusal, Role, State

N = Callable[[], str]
VOCABULARY = "applicant_kinds"

WORDS: Mapping[str, N] = {
    "unknown": lambda: tk._("There is no such organization here."),
    "not_yours": lambda: tk._(
        "This is not yours to do: its representative leads an organization, and the data bureau verifies it."
    ),
    "not_now": lambda: tk._("This is not possible while the organization is “{state}”. Reload the page."),
    "missing": lambda: tk._("Something is missing: {names}."),
    "own_organization": lambda: tk._("You belong to this organization, so somebody else of the bureau judges it."),
    "another_version": lambda: tk._("The organization was changed since you looked. Reload the page and look again."),
    "is_member_already": lambda: tk._("They belong to the organization already, or are invited."),
    "needs_representative": lambda: tk._(
        "An organization is never without a representative: hand that over to another member first."
    ),
    # who may act for whom
    "no_account": lambda: tk._("This account is not active."),
    "no_profile": lambda: tk._("Fill in who you are first: your applicant profile is empty."),
    "not_a_member": lambda: tk._("They are no member of this organization."),
    "not_verified": lambda: tk._("The data bureau has not verified this organization, or looks at a change of it."),
    "barred": lambda: tk._("The data bureau has barred this organization from applying."),
    # what somebody types
    "empty": lambda: tk._("Fill this in."),
    "no_name": lambda: tk._("Give a name of at most {most} characters, without control characters."),
    "id_shape": lambda: tk._("A resident ID number has 17 digits and then a digit or X. Compare it with the card."),
    "id_date": lambda: tk._("Digits 7 to 14 are no day of birth. Compare the number with the card."),
    "id_check": lambda: tk._("The last character doesn't fit the other 17. Compare the number with the card."),
    "id_taken": lambda: tk._(
        "Another account has a profile with this ID number. Log in with that one, or ask the data bureau."
    ),
    "identified": lambda: tk._("The identity service told name and ID number: they can't be changed here."),
    "code_shape": lambda: tk._(
        "A unified social credit code has 18 characters: digits and capitals without I, O, S, V and Z."
    ),
    "code_taken": lambda: tk._(
        "This organization is here already. Ask its representative to invite you, or the data bureau if you don't know"
        " who that is."
    ),
    "phone": lambda: tk._("Give a mobile number, or a landline with its area code."),
    "mail": lambda: tk._("This is no e-mail address."),
    "no_kind": lambda: tk._("Choose one of the kinds of organizations."),
    "attorney_type": lambda: tk._("Send the power of attorney as a PDF, JPG or PNG file."),
    "attorney_content": lambda: tk._(
        "The file is not what its ending says. Save it as PDF, JPG or PNG and send it again."
    ),
    "attorney_empty": lambda: tk._("The file is empty."),
    "attorney_size": lambda: tk._("The file is larger than {size} MB."),
    "attorney_name": lambda: tk._("Give the file a plain name without special characters."),
    "no_such_user": lambda: tk._("There is no active account called “{name}”."),
    "bad_until": lambda: tk._("Give a day after today, as YYYY-MM-DD, or leave it empty: then until it is lifted."),
    # keys
    "key_unnamed": lambda: tk._(
        "Identities can't be kept or read: no file of keys is named (ckanext.anshan.applicants.key_file). Nothing is"
        " lost; the administrator names it."
    ),
    "key_unreadable": lambda: tk._(
        "Identities can't be kept or read: the file of their keys can't be read. Nothing is lost; the administrator"
        " brings it back."
    ),
    "key_malformed": lambda: tk._(
        "Identities can't be kept or read: a line of the file of their keys is not “id: 32 bytes in base64”, or an id"
        " is there twice. Nothing is lost; the administrator mends it."
    ),
    "key_missing": lambda: tk._(
        "Identities can't be kept or read: the file of their keys is empty. Nothing is lost; the administrator brings"
        " the keys back."
    ),
    "key_unknown": lambda: tk._(
        "This identity can't be read: the key {key}, which locked it, is not in the file of keys. Nothing is lost; the"
        " administrator puts it back."
    ),
    "key_wrong": lambda: tk._(
        "This identity can't be read: the key {key} in the file is another one than that which locked it, or the row"
        " was moved. Nothing is lost; the administrator puts the right key back."
    ),
    # logging in with an identity service
    "oidc_off": lambda: tk._("This portal has no identity service to log in with."),
    "oidc_away": lambda: tk._("The identity service can't be reached. Try again later, or log in with a password."),
    "oidc_refused": lambda: tk._(
        "The identity service's answer was not accepted. Begin to log in again; if that doesn't help, tell the"
        " administrator."
    ),
    "oidc_bare": lambda: tk._(
        "The identity service has an address that anybody on the way could read, so nobody logs in with it. Log in with"
        " a password; the operators give it an https address."
    ),
    "oidc_denied": lambda: tk._("The identity service did not confirm you. Begin to log in again."),
    "oidc_other": lambda: tk._(
        "The identity service confirmed somebody else than the account that you are logged in with. Nothing was signed."
    ),
    "oidc_not_anew": lambda: tk._(
        "The identity service didn't ask you anew who you are, so nothing was signed. Try again, and log in there."
    ),
    "oidc_inactive": lambda: tk._("The account of this identity is not active. Ask the administrator."),
}
"""Why something is refused, and what to do."""

FIELDS: Mapping[str, N] = {
    "name": lambda: tk._("Name"),
    "number": lambda: tk._("Resident ID number"),
    "phone": lambda: tk._("Phone"),
    "kind": lambda: tk._("Kind"),
    "uscc": lambda: tk._("Unified social credit code"),
    "contact": lambda: tk._("Contact person"),
    "email": lambda: tk._("Email"),
    "attorney": lambda: tk._("Power of attorney"),
    "user": lambda: tk._("Username"),
    "reason": lambda: tk._("Reason"),
    "article": lambda: tk._("Article"),
    "until": lambda: tk._("Until"),
    "version": lambda: tk._("Version"),
}

STATES: Mapping[State, N] = {
    State.UNVERIFIED: lambda: tk._("Not yet submitted"),
    State.PENDING: lambda: tk._("With the data bureau"),
    State.VERIFIED: lambda: tk._("Verified"),
    State.REFUSED: lambda: tk._("Not verified"),
    State.BARRED: lambda: tk._("Barred"),
}
PERSON_STATES: Mapping[PersonState, N] = {
    PersonState.DECLARED: lambda: tk._("Declared by yourself"),
    PersonState.IDENTIFIED: lambda: tk._("Confirmed by the identity service"),
}
ROLES: Mapping[Role, N] = {
    Role.REPRESENTATIVE: lambda: tk._("Representative"),
    Role.MEMBER: lambda: tk._("Member"),
    Role.INVITED: lambda: tk._("Invited"),
    Role.BUREAU: lambda: tk._("Data bureau"),
}
HAPPENED: Mapping[Command, N] = {
    Command.FOUND: lambda: tk._("Entered the organization"),
    Command.UPDATE: lambda: tk._("Changed the particulars"),
    Command.SUBMIT: lambda: tk._("Submitted it for verification"),
    Command.VERIFY: lambda: tk._("Verified it"),
    Command.REFUSE: lambda: tk._("Refused it"),
    Command.BAR: lambda: tk._("Barred it"),
    Command.UNBAR: lambda: tk._("Lifted the bar"),
    Command.INVITE: lambda: tk._("Invited a member"),
    Command.ACCEPT: lambda: tk._("Accepted the invitation"),
    Command.DECLINE: lambda: tk._("Declined the invitation"),
    Command.REMOVE: lambda: tk._("Removed a member"),
    Command.LEAVE: lambda: tk._("Left the organization"),
    Command.HAND_OVER: lambda: tk._("Handed the representation over"),
}
ACTED: Mapping[Command, N] = {
    Command.FOUND: lambda: tk._("The organization is entered. Submit it now, so that the data bureau verifies it."),
    Command.UPDATE: lambda: tk._("The changes are saved."),
    Command.SUBMIT: lambda: tk._("The organization is with the data bureau now."),
    Command.VERIFY: lambda: tk._("The organization is verified."),
    Command.REFUSE: lambda: tk._("The organization is refused, and its members are told why."),
    Command.BAR: lambda: tk._("The organization is barred, and its members are told why."),
    Command.UNBAR: lambda: tk._("The bar is lifted."),
    Command.INVITE: lambda: tk._("The invitation is sent."),
    Command.ACCEPT: lambda: tk._("You belong to the organization now."),
    Command.DECLINE: lambda: tk._("The invitation is declined."),
    Command.REMOVE: lambda: tk._("The member is removed."),
    Command.LEAVE: lambda: tk._("You have left the organization."),
    Command.HAND_OVER: lambda: tk._("The representation is handed over."),
}


def words(refusal: Refusal) -> str:
    """What is wrong, and how to mend it."""
    facts = dict(refusal.facts)
    if "state" in facts:
        facts["state"] = STATES[State(facts["state"])]()
    if "names" in facts:
        facts["names"] = tk._(", ").join(FIELDS[name]() for name in facts["names"])
    return WORDS[refusal.code]().format(**facts)


def code(refusal: Refusal) -> str:
    return f"applicants.{refusal.code}"


def coded(refusal: Refusal) -> str:
    """The code that never changes, and the sentence."""
    return f"{code(refusal)} · {words(refusal)}"


def kind(id: str) -> str:
    """What a kind of applicant is called in the reader's language."""
    found = vocabularies.load(VOCABULARY).by_id.get(id)
    return found.label(str(lang())) if found else id


def kinds() -> dict[str, str]:
    """The kinds of organizations, by id."""
    return {one.id: one.label(str(lang())) for one in vocabularies.load(VOCABULARY).terms if one.id != INDIVIDUAL}


def states() -> dict[str, str]:
    """What each state of an organization is called, by its value."""
    return {state.value: words() for state, words in STATES.items()}


def told(error: Any) -> dict[str, str]:
    """Code and sentence of a refusal, as somebody reads it."""
    if isinstance(error, tk.NotAuthorized):
        found, _, sentence = str(error.message).partition(" · ")
        return {"code": found, "message": sentence or str(error.message)}
    given = error.error_dict
    found = str(given.get("code", [""])[0])
    rest = [str(one) for name, many in given.items() if name != "code" for one in many]
    return {"code": found, "message": " ".join(rest)}
