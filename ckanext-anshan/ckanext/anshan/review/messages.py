"""The words of the review: what it refuses, what its states, commands, keys and ways are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang

from . import options
from .rules import Command, Key, Kind, Refusal, Role, State, Way

N = Callable[[], str]

WORDS: Mapping[str, N] = {
    "unknown": lambda: tk._("There is no such entry or submission here."),
    "not_yours": lambda: tk._(
        "This is not yours to do: agencies submit, their heads and the two offices sign (articles 12, 28 and 30)."
    ),
    "not_now": lambda: tk._("This is not possible while the submission is “{state}”. Reload the page."),
    "missing": lambda: tk._("Something is missing: {names}."),
    "no_figures": lambda: tk._("Figures of the review are for the two offices, and for each agency those of its own."),
    "no_key": lambda: tk._("There is no key of yours under this submission."),
    "signed_already": lambda: tk._("This key was turned already. Reload the page to see by whom."),
    "own_submission": lambda: tk._(
        "You submitted this yourself, so somebody else signs it: three keys are three persons (articles 12, 28 and 30)."
    ),
    "signs_twice": lambda: tk._("You have signed this already with another key: three keys are three persons."),
    "same_organization": lambda: tk._(
        "Your organization has signed this already with another key: three keys are three organizations."
    ),
    "suspended": lambda: tk._(
        "The dataset is suspended. Both offices lift the suspension first, then this can be signed (article 46)."
    ),
    "scan_running": lambda: tk._("The scan of its files isn't done yet. It goes on by itself; sign when it is there."),
    "blocked": lambda: tk._(
        "The scan found what must not be opened. Return it to have that mended; only the cyberspace office may sign"
        " over it, with a reason (article 30)."
    ),
    "another_hash": lambda: tk._(
        "You looked at another draft than the one that lies here now. Reload the page, look at the difference, sign"
        " then."
    ),
    "reason_wanted": lambda: tk._("Say why this may be opened although something was found (article 30)."),
    "unanswered": lambda: tk._("Answer each item of the checklist before you sign: {items}."),
    "nothing_blocks": lambda: tk._("Nothing that was found blocks this; there is nothing to sign over."),
    "cleared_already": lambda: tk._("The cyberspace office has signed over these findings already."),
    "not_sampled": lambda: tk._("This update wasn't drawn for a later look."),
    "list_is_rejected": lambda: tk._("A list isn't returned: reject it, and have a corrected one proposed."),
    "keys_missing": lambda: tk._("Keys are missing: {keys}. Nothing opens without them (articles 12, 28 and 30)."),
    "same_person": lambda: tk._("Two of its keys are of one person or one organization, so it doesn't open."),
    "incomplete": lambda: tk._(
        "These fields of the entry are empty: {fields}. Fill them in, then submit (article 10)."
    ),
    "a_link": lambda: tk._(
        "“{name}” is a link, not an uploaded file: what lies elsewhere can change after it was signed. Upload the file."
    ),
    "same_name_twice": lambda: tk._("Two files are called “{name}”: give one of them another name."),
    "no_files": lambda: tk._("What is opened unconditionally has at least one file (article 27). Upload one."),
    "no_class": lambda: tk._("The entry has no opening class: choose one (article 27)."),
    "unchanged": lambda: tk._(
        "This is what version {version} has already: nothing was changed since. Change the entry or a file first."
    ),
    "nothing_published": lambda: tk._("Nothing of this entry is public, so nothing can be taken back."),
    "bad_days": lambda: tk._("Give 1 to {most} days: by then every key has to be there (article 20)."),
    "bad_place": lambda: tk._("“{place}” is no place of a remark: field, file, column or row."),
    "not_clean": lambda: tk._("Only submissions whose scan found nothing are signed together. Open “{number}” itself."),
    "damaged": lambda: tk._("A stored file is not the one that was submitted. Upload it again and submit anew."),
    "no_comparison": lambda: tk._("A list has no version before it: compare the entries in it, each by itself."),
    "no_version": lambda: tk._("Nothing was released as version {version} before this submission."),
    "no_such_file": lambda: tk._("There is no file “{name}” in this submission."),
}
"""Why something is refused, and what to do."""

STATES: Mapping[State, N] = {
    State.DRAFT: lambda: tk._("Draft"),
    State.SUBMITTED: lambda: tk._("With the agency's head"),
    State.IN_REVIEW: lambda: tk._("In review"),
    State.RETURNED: lambda: tk._("Returned to the agency"),
    State.RELEASED: lambda: tk._("Signed, being published"),
    State.PROVISIONAL: lambda: tk._("Open in an emergency"),
    State.PUBLISHED: lambda: tk._("Published"),
    State.REJECTED: lambda: tk._("Rejected"),
    State.WITHDRAWN: lambda: tk._("Withdrawn"),
    State.SUPERSEDED: lambda: tk._("Replaced by a newer one"),
    State.LAPSED: lambda: tk._("Closed: not confirmed in time"),
}

COMMANDS: Mapping[Command, N] = {
    Command.SUBMIT: lambda: tk._("Submit"),
    Command.PROPOSE: lambda: tk._("Propose a list"),
    Command.OPEN_AT_ONCE: lambda: tk._("Open at once"),
    Command.SIGN: lambda: tk._("Sign"),
    Command.CLEAR: lambda: tk._("Sign over what blocks"),
    Command.RETURN: lambda: tk._("Return"),
    Command.REJECT: lambda: tk._("Reject"),
    Command.WITHDRAW: lambda: tk._("Withdraw"),
    Command.SUPERSEDE: lambda: tk._("Replace"),
    Command.COMMENT: lambda: tk._("Comment"),
    Command.PUBLISH: lambda: tk._("Publish"),
    Command.LAPSE: lambda: tk._("Close, since not confirmed"),
    Command.CHECK: lambda: tk._("Look at it afterwards"),
}

DONE: Mapping[Command, N] = {
    Command.SUBMIT: lambda: tk._("submitted it"),
    Command.PROPOSE: lambda: tk._("proposed the list"),
    Command.OPEN_AT_ONCE: lambda: tk._("opened it at once"),
    Command.SIGN: lambda: tk._("signed"),
    Command.CLEAR: lambda: tk._("signed over what blocks"),
    Command.RETURN: lambda: tk._("returned it"),
    Command.REJECT: lambda: tk._("rejected it"),
    Command.WITHDRAW: lambda: tk._("withdrew it"),
    Command.SUPERSEDE: lambda: tk._("replaced it by a newer one"),
    Command.COMMENT: lambda: tk._("commented"),
    Command.PUBLISH: lambda: tk._("Published"),
    Command.LAPSE: lambda: tk._("Closed: not confirmed in time"),
    Command.CHECK: lambda: tk._("looked at it afterwards"),
}
"""What somebody did, after their name."""

KEYS: Mapping[Key, tuple[N, N]] = {
    Key.AGENCY: (lambda: tk._("Head of the agency"), lambda: tk._("agency")),
    Key.CYBERSPACE: (lambda: tk._("Cyberspace office"), lambda: tk._("cyberspace")),
    Key.BUREAU: (lambda: tk._("Data bureau"), lambda: tk._("bureau")),
}
"""In full, and short for table heads."""

KINDS: Mapping[Kind, N] = {
    Kind.OPENING: lambda: tk._("Opening"),
    Kind.RETIREMENT: lambda: tk._("Taking back"),
    Kind.LIST: lambda: tk._("List"),
}

CHANGES: Mapping[str, N] = {
    "first": lambda: tk._("First version"),
    "update": lambda: tk._("Update"),
    "class": lambda: tk._("Another class"),
}
"""What an opening changes in what is public."""

WAYS: Mapping[Way, N] = {
    Way.FULL: lambda: tk._("Full review"),
    Way.ROUTINE: lambda: tk._("Routine update"),
    Way.EMERGENCY: lambda: tk._("Emergency"),
}

ROLES: Mapping[Role, N] = {
    Role.EDITOR: lambda: tk._("Publisher"),
    Role.HEAD: lambda: tk._("Head of the agency"),
    Role.CYBERSPACE: lambda: tk._("Cyberspace office"),
    Role.BUREAU: lambda: tk._("Data bureau"),
    Role.PUBLISHING: lambda: tk._("The portal"),
    Role.CLOCK: lambda: tk._("The portal"),
}

FIELDS: Mapping[str, N] = {
    "reason": lambda: tk._("the reason"),
    "article": lambda: tk._("the article"),
    "remarks": lambda: tk._("at least one remark"),
    "answers": lambda: tk._("the checklist"),
    "text": lambda: tk._("the text"),
    "days": lambda: tk._("the number of days"),
    "manifest": lambda: tk._("the list itself"),
}
"""What a command may lack."""

ACTED: Mapping[Command, N] = {
    Command.SUBMIT: lambda: tk._("Submitted. Its files are being scanned."),
    Command.OPEN_AT_ONCE: lambda: tk._("Opened at once. The other keys follow within the days given (article 20)."),
    Command.SIGN: lambda: tk._("Signed."),
    Command.CHECK: lambda: tk._("Signed as looked at."),
    Command.CLEAR: lambda: tk._("Signed over. The keys are turned with a reason from now on."),
    Command.RETURN: lambda: tk._("Returned to the agency with the remarks."),
    Command.REJECT: lambda: tk._("Rejected. The agency was told the reason."),
    Command.WITHDRAW: lambda: tk._("Withdrawn."),
    Command.COMMENT: lambda: tk._("The comment stands in the history."),
}
"""What somebody reads after they did it."""

ROUTINE: Mapping[str, N] = {
    "never_reviewed": lambda: tk._("Three keys have not opened a version of this entry yet."),
    "no_policy": lambda: tk._("The last full review did not let updates pass on the agency's key alone."),
    "other_opening_class": lambda: tk._("The opening class is another one than in the last full review."),
    "other_level": lambda: tk._("The security level is another one than in the last full review."),
    "other_items": lambda: tk._("The information items are others than in the last full review."),
    "other_conditions": lambda: tk._("Who may have the data, or how, is different from the last full review."),
    "scan_is_worse": lambda: tk._("The scan found what it had not found in the last full review."),
}
"""Why an update takes the full way."""

PLACES: Mapping[str, N] = {
    "": lambda: tk._("The whole"),
    "field": lambda: tk._("Field"),
    "file": lambda: tk._("File"),
    "column": lambda: tk._("Column"),
    "row": lambda: tk._("Row"),
}
"""What a remark hangs on."""

SCANS: Mapping[str, N] = {
    "running": lambda: tk._("Being scanned"),
    "clean": lambda: tk._("Nothing found"),
    "inform": lambda: tk._("To be known"),
    "reason": lambda: tk._("Reason wanted"),
    "block": lambda: tk._("Blocks"),
}
"""What came of the scan, by its worst finding."""

DUES: Mapping[str, N] = {
    "late": lambda: tk._("Late"),
    "today": lambda: tk._("Due today"),
    "week": lambda: tk._("Due this week"),
}
NAMED: Mapping[str, Mapping[str, N]] = {"scan": SCANS, "due": DUES}


def short_keys() -> list[str]:
    return [short() for _, short in KEYS.values()]


def choices() -> dict[str, list[tuple[str, str]]]:
    """What a list of submissions can be narrowed to: of each filter the values, with their words."""
    kinds = [(one.value, word()) for one, word in KINDS.items()]
    ways = [(one.value, word()) for one, word in WAYS.items()]
    named = {name: [(value, word()) for value, word in table.items()] for name, table in NAMED.items()}
    return {"kind": kinds, "way": ways, **named}


def list_title(first: str, more: int) -> str:
    return tk.ungettext("“{first}” and {more} more", "“{first}” and {more} more", more).format(first=first, more=more)


def words(refusal: Refusal) -> str:
    """The sentence, in the reader's language."""
    return WORDS[refusal.code]().format(**_facts(refusal))


def _facts(refusal: Refusal) -> dict[str, Any]:
    facts: dict[str, Any] = dict(refusal.facts)
    if "state" in facts:
        facts["state"] = STATES[State(facts["state"])]()
    if "keys" in facts:
        facts["keys"] = listed(KEYS[Key(key)][0]() for key in facts["keys"])
    if "names" in facts:
        facts["names"] = listed(FIELDS[name]() for name in facts["names"])
    if refusal.code == "bad_days":
        facts["most"] = options.longest_emergency()
    return {name: listed(value) if isinstance(value, tuple) else value for name, value in facts.items()}


def listed(parts: Any) -> str:
    return ("、" if str(lang()).startswith("zh") else ", ").join(parts)


def coded(refusal: Refusal) -> str:
    """Code and sentence, as refusals to people who may not are told."""
    return f"review.{refusal.code} · {words(refusal)}"


def told(error: Any) -> dict[str, str]:
    """Code and sentence of a refusal that an action raised: ``NotAuthorized`` or ``ValidationError``."""
    if isinstance(error, tk.NotAuthorized):
        code, _, message = str(error.message).partition(" · ")
        return {"code": code, "message": message or code}
    texts: dict[str, Any] = dict(error.error_dict)
    code = _many(texts.pop("code", "review.invalid"))
    return {"code": str(code[0]), "message": " ".join(str(text) for many in texts.values() for text in _many(many))}


def _many(texts: Any) -> list[Any]:
    return texts if isinstance(texts, list) else [texts]
