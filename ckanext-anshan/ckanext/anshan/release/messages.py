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
    "list_not_signed": lambda: tk._(
        "There is no list {number} that both offices have signed: propose it and have it signed first (article 28)."
    ),
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
    facts = {key: ", ".join(value) if isinstance(value, tuple) else value for key, value in refusal.facts.items()}
    return WORDS[refusal.code]().format(**facts)


def coded(refusal: Refusal) -> dict[str, Any]:
    """Code, facts and sentence, for programs."""
    return {"code": f"release.{refusal.code}", "message": words(refusal), **refusal.facts}


def note(code: str) -> str:
    """What was done to a column of a table."""
    notes = {"mixed_values": tk._("Not every value fits the declared type, so the column is text.")}
    return notes[code]


def unit(name: str) -> str:
    return tk._("Unit: {name}").format(name=name)
