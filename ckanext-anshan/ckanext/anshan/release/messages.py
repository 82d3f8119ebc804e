"""The words for what releases refuse or note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from .rules import Refusal

WORDS: Mapping[str, Callable[[], str]] = {
    "not_yours": lambda: tk._("Releases are published by the publishing job alone, after every signature."),
    "not_now": lambda: tk._("A release in state {state} cannot be changed in this way."),
    "missing": lambda: tk._("The release lacks: {names}."),
    "published_only": lambda: tk._(
        "Datasets are written by publishing alone, whoever asks (article 28). Change the entry; what is approved of it"
        " becomes the next version."
    ),
    "tables_only": lambda: tk._(
        "Tables are written by publishing alone, whoever asks (article 28). Change the file in the entry; what is"
        " approved of it becomes the next version."
    ),
    "vault_only": lambda: tk._("The vault takes files of entries alone: upload the file to an entry."),
    "in_use": lambda: tk._("Public datasets hang on it: it can go when no dataset uses it any more."),
    "bad_file_name": lambda: tk._(
        "The file name “{name}” cannot be used: give a plain name without folders, control characters or any of"
        ' / \\ : * ? " < > | .'
    ),
    "long_file_name": lambda: tk._("The file name “{name}…” is longer than {bytes} bytes: shorten it."),
    "bad_path": lambda: tk._(
        "The path “{path}” leads out of the manifest's folder: give a path below it, with / between its parts."
    ),
    "missing_file": lambda: tk._("There is no file “{path}” beside the manifest: check the path and its case."),
    "same_name_twice": lambda: tk._("Two files are called “{name}”: give one of them another name."),
    "not_json": lambda: tk._("This line is not JSON: {reason}"),
    "not_a_line": lambda: tk._(
        'A line is an object such as {{"code": "…", "files": [{{"path": "data.csv"}}]}}: “{name}” is missing or wrong.'
    ),
    "bad_date": lambda: tk._("The date “{date}” is not a day written as YYYY-MM-DD."),
    "unknown_entry": lambda: tk._("There is no entry “{entry}”: import the catalogue first, or correct the code."),
    "no_class": lambda: tk._("The entry has no opening class: choose one in the entry (article 27)."),
    "no_files": lambda: tk._("An unconditionally open entry is released with at least one file (article 27)."),
    "suspends_not": lambda: tk._(
        "Only a member of the cyberspace office takes something off (article 8); being system administrator is not"
        " enough."
    ),
    "not_an_office": lambda: tk._(
        "A suspension is lifted by a member of the cyberspace office and one of the data bureau (articles 6 and 8)."
    ),
    "nothing_public": lambda: tk._("There is no dataset of this name or id: nothing was published of it."),
    "no_such_version": lambda: tk._("This dataset has no version {version}."),
    "no_such_file": lambda: tk._("Version {version} of this dataset has no file “{name}”: check its name."),
    "suspended_already": lambda: tk._("This is suspended already, and stays so until both offices lift it."),
    "no_such_suspension": lambda: tk._("There is no such suspension: check its id in the list of suspensions."),
    "lifted_already": lambda: tk._("This suspension is lifted already."),
    "office_lifted_already": lambda: tk._("Your office has agreed already: the other one's agreement is missing."),
    "lifts_twice": lambda: tk._("Nobody agrees for both offices: somebody of the other office has to."),
    "reason_missing": lambda: tk._("Give a reason: it is shown with what is suspended, or kept with what is lifted."),
    "no_list_given": lambda: tk._(
        "Releases come from a list that both offices have signed: give its number with --list. Propose it with `ckan"
        " anshan release propose {manifest} --user NAME`; both offices sign it in their queue (article 28)."
    ),
    "no_list": lambda: tk._(
        "There is no list {number}. Propose it with `ckan anshan release propose MANIFEST --user NAME`; both offices"
        " sign it in their queue (article 28)."
    ),
    "list_not_signed": lambda: tk._(
        "List {number} is not signed by both offices yet, so nothing of it is released: it waits in their queue"
        " (article 28)."
    ),
    "list_ended": lambda: tk._(
        "List {number} was rejected or withdrawn, so nothing of it is released. Propose a new one with `ckan anshan"
        " release propose MANIFEST --user NAME`."
    ),
    "list_is_done": lambda: tk._(
        "List {number} was released already, and a list is released once. Propose a new one to release this again."
    ),
    "not_in_list": lambda: tk._(
        "“{entry}” is not in the list that was signed, or is there fewer times: propose a list that has it."
    ),
    "changed_since_signed": lambda: tk._(
        "“{entry}” is not what was signed: another {what}. Bring back what was signed, or propose the list again and"
        " have it signed."
    ),
    "newer_than_list": lambda: tk._(
        "Version {version} was reviewed and published after the list was signed, and stays. Leave this line out, or"
        " propose it anew."
    ),
    "not_the_bureau": lambda: tk._(
        "“{name}” is no account of a member of the data bureau: only they propose a list (articles 6 and 28)."
    ),
    "vault_lacks": lambda: tk._("The vault doesn't hold the file “{name}” with this hash and size: store it first."),
    "nothing_to_propose": lambda: tk._("No line of the manifest can be released, so no list is proposed."),
    "demo_not_alone": lambda: tk._(
        "The demo is released on a portal that holds nothing else: here, data was released that somebody approved."
    ),
    "suspended_dataset": lambda: tk._(
        "“{name}” is suspended: nothing is published of it before both offices lift that (articles 8 and 46)."
    ),
    "no_manifest": lambda: tk._("The manifest “{path}” cannot be read: {reason}"),
    "vault_failed": lambda: tk._("The vault cannot take “{name}”: {reason} Make room or mend the storage, run again."),
    "batch_failed": lambda: tk._("The lines {first} to {last} were not released: {reason} Run the same command again."),
}


def words(refusal: Refusal) -> str:
    """Code and sentence, in the reader's language."""
    facts: dict[str, Any] = dict(refusal.facts)
    if "what" in facts:
        facts["what"] = tuple(PARTS[name]() if name in PARTS else name for name in facts["what"])
    facts = {key: ", ".join(value) if isinstance(value, tuple) else value for key, value in facts.items()}
    return WORDS[refusal.code]().format(**facts)


PARTS: Mapping[str, Callable[[], str]] = {
    "opening_class": lambda: tk._("opening class"),
    "metadata": lambda: tk._("metadata"),
    "sharing": lambda: tk._("what is shared between agencies"),
    "release_date": lambda: tk._("release date"),
    "files": lambda: tk._("order of its files"),
}
"""What of a line may be another one than was signed."""


def coded(refusal: Refusal) -> dict[str, Any]:
    """Code, facts and sentence, for programs."""
    return {"code": f"release.{refusal.code}", "message": words(refusal), **refusal.facts}


def note(code: str) -> str:
    """What was done to a column of a table."""
    notes = {"mixed_values": tk._("Not every value fits the declared type, so the column is text.")}
    return notes[code]


def unit(name: str) -> str:
    return tk._("Unit: {name}").format(name=name)
