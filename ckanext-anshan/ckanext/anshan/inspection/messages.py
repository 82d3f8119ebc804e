"""The words for what a scan finds, refuses and fails at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from .rules import Refusal

N = Callable[[], str]

WORDS: Mapping[str, N] = {
    "unknown": lambda: tk._("There is no such entry, file or scan here."),
    "not_yours": lambda: tk._("Only the agency's own publishers and its head do this; the offices read the reports."),
    "not_now": lambda: tk._("This is not possible now: the scan is in another state. Reload the page."),
    "missing": lambda: tk._("Choose at least one remedy first."),
    "no_file": lambda: tk._("This resource has no uploaded file. Upload one, then scan it."),
    "no_such_remedy": lambda: tk._(
        "The report offers no remedy “{remedy}” for “{where}”. Choose one that stands beside the finding."
    ),
    "file_changed": lambda: tk._("The file was changed after this scan. Scan the new file, then mend that one."),
    "no_reviewer": lambda: tk._("Findings are signed over by reviewers alone (article 30)."),
    "cyberspace_only": lambda: tk._(
        "A finding that blocks can be signed over by the cyberspace office alone, with a reason (article 30)."
    ),
    "reason_wanted": lambda: tk._("Say why this may be opened although something was found (article 30)."),
}
"""Why something is refused."""

FAILURES: Mapping[str, N] = {
    "too_long": lambda: tk._(
        "The scan was ended after {minutes} minutes. Split the file, or scan it at your own desk"
        " with the command ckan anshan scan."
    ),
    "too_big": lambda: tk._(
        "The scan needed more than {megabytes} MB of memory. Split the file, or save it as CSV, and scan that."
    ),
    "crashed": lambda: tk._(
        "The scan broke off on this file. Open the file, save it anew and upload that; if it stays like this, tell the"
        " data bureau the file's hash."
    ),
    "interrupted": lambda: tk._("The scan was broken off {attempts} times by a stop of the portal. Scan it again."),
    "damaged": lambda: tk._("The stored file is not the one that was uploaded. Upload it again."),
    "file_gone": lambda: tk._("The stored file is gone. Upload it again."),
    "cancelled": lambda: tk._("Somebody of the agency called this scan off. Scan again whenever you like."),
    "refused": lambda: tk._("This file cannot be changed here: {reason}"),
}
"""Why a scan or a remedy came to nothing, and what to do."""

KINDS: Mapping[str, tuple[N, N]] = {
    "resident_id": (
        lambda: tk._("Resident ID numbers"),
        lambda: tk._("They name exactly one person for life, with the birthday and the home district in them."),
    ),
    "mobile": (
        lambda: tk._("Mobile numbers"),
        lambda: tk._("They reach one person directly and are the key to most of that person's accounts."),
    ),
    "landline": (
        lambda: tk._("Landline numbers"),
        lambda: tk._("An office's number may be public; the number of a home leads to a family."),
    ),
    "bank_card": (
        lambda: tk._("Bank card numbers"),
        lambda: tk._("Whoever has them can try to draw money or to pass for the owner."),
    ),
    "passport": (
        lambda: tk._("Passport and travel permit numbers"),
        lambda: tk._("They name exactly one person and are asked for at borders and counters."),
    ),
    "plate": (
        lambda: tk._("Number plates"),
        lambda: tk._("They lead to the owner of the car, and to where and when it was seen."),
    ),
    "email": (
        lambda: tk._("E-mail addresses"),
        lambda: tk._("A personal address reaches one person and often holds the name; an office's own may be public."),
    ),
    "person_name": (
        lambda: tk._("Names of persons"),
        lambda: tk._("With anything else in the row they tell who it is about."),
    ),
    "home_address": (
        lambda: tk._("Home addresses"),
        lambda: tk._("They tell where somebody lives, down to the door."),
    ),
    "medical": (
        lambda: tk._("Facts about health"),
        lambda: tk._("Illness and treatment are sensitive: once known they can't be taken back."),
    ),
    "religion": (
        lambda: tk._("Religious belief"),
        lambda: tk._("Belief is sensitive: it can bring discrimination to whoever is named."),
    ),
    "minor": (
        lambda: tk._("Facts about minors"),
        lambda: tk._("Everything about a child under 14 is sensitive and needs the parents' consent."),
    ),
    "coordinates": (
        lambda: tk._("Exact places of persons"),
        lambda: tk._("Coordinates to the metre tell which house and so which household."),
    ),
    "uscc": (
        lambda: tk._("Credit code where a person's number stands"),
        lambda: tk._("A company's code is public; in a column for persons it may be a self-employed person's."),
    ),
    "secrecy_mark": (
        lambda: tk._("Secrecy marks"),
        lambda: tk._("What is marked as secret or internal is not opened until its mark is lifted by whoever set it."),
    ),
    "credential": (
        lambda: tk._("Passwords and keys"),
        lambda: tk._("Whoever reads them can get into a system. Take them out and change them there as well."),
    ),
    "partial_mask": (
        lambda: tk._("Masked on some rows only"),
        lambda: tk._("The rows that were forgotten give away what the others hide."),
    ),
    "formula": (
        lambda: tk._("Formulas that reach out or run something"),
        lambda: tk._("Opened in a spreadsheet, they can send data away or start a program on the reader's machine."),
    ),
    "link": (
        lambda: tk._("Links to files and machines inside"),
        lambda: tk._("They tell names of inner machines, folders and people, and lead nowhere for a reader."),
    ),
    "hidden": (
        lambda: tk._("Hidden contents"),
        lambda: tk._("Whoever made the file doesn't see them; whoever downloads it can."),
    ),
    "author": (
        lambda: tk._("Names in the file's properties"),
        lambda: tk._("The file says who made it, and on which machine."),
    ),
    "picture_place": (
        lambda: tk._("Place in a picture"),
        lambda: tk._("The picture says where it was taken, to the metre."),
    ),
    "type_mismatch": (
        lambda: tk._("Content that isn't what the name says"),
        lambda: tk._("Readers can't open it, and what is inside may have been overlooked."),
    ),
    "malformed": (
        lambda: tk._("Faults in the file"),
        lambda: tk._("Readers may see other values than you do."),
    ),
    "unreadable": (
        lambda: tk._("What could not be read"),
        lambda: tk._("Nobody knows what is in it, so nobody can answer for opening it."),
    ),
    "k_anonymity": (
        lambda: tk._("Persons who can be told apart"),
        lambda: tk._("Few persons share these facts, so whoever knows some of them finds the rest of the row."),
    ),
    "l_diversity": (
        lambda: tk._("People alike in a secret"),
        lambda: tk._("All of them have the same value, so knowing that somebody is among them tells it."),
    ),
    "small_cells": (
        lambda: tk._("Very small counts"),
        lambda: tk._("A count of one or two is about persons whom their neighbours know."),
    ),
    "join_risk": (
        lambda: tk._("Can be joined with what is public"),
        lambda: tk._("Put beside a published dataset by this column, it says more about somebody than either does."),
    ),
}
"""Each kind of finding: what it is called, and why it matters."""

_REMEDIES: tuple[tuple[str, N], ...] = (
    ("drop", lambda: tk._("Remove the column")),
    ("mask", lambda: tk._("Mask the values")),
    ("month", lambda: tk._("Shorten dates to the month")),
    ("street", lambda: tk._("Shorten addresses to the street")),
    ("round", lambda: tk._("Round coordinates to 3 decimals")),
    ("suppress", lambda: tk._("Write small counts as “<5”")),
    ("plain", lambda: tk._("Keep the plain values only")),
)
REMEDIES: Mapping[str, N] = dict(_REMEDIES)

_SEVERITIES: tuple[tuple[str, N, N], ...] = (
    ("block", lambda: tk._("Blocks"), lambda: tk._("This must go before the data can be opened to everybody.")),
    ("reason", lambda: tk._("Reason wanted"), lambda: tk._("A reviewer who lets this pass says why.")),
    ("inform", lambda: tk._("To be known"), lambda: tk._("This needs no answer.")),
)
SEVERITIES: Mapping[str, N] = {name: label for name, label, _ in _SEVERITIES}
MEANINGS: Mapping[str, N] = {name: meaning for name, _, meaning in _SEVERITIES}

_CONFIDENCE: tuple[tuple[float, N], ...] = (
    (0.95, lambda: tk._("certain")),
    (0.8, lambda: tk._("very likely")),
    (0.6, lambda: tk._("likely")),
    (0.0, lambda: tk._("possible")),
)


def words(refusal: Refusal) -> str:
    return WORDS[refusal.code]().format(**refusal.facts)


def coded(refusal: Refusal) -> str:
    """Code and sentence, as a refusal to somebody reads."""
    return f"inspection.{refusal.code} · {words(refusal)}"


def failure(code: str, facts: Mapping[str, Any]) -> str:
    return FAILURES.get(code, FAILURES["crashed"])().format(**facts)


def kind(name: str) -> str:
    return KINDS[name][0]() if name in KINDS else name


def matters(name: str) -> str:
    return KINDS[name][1]() if name in KINDS else ""


def remedy(name: str) -> str:
    return REMEDIES[name]() if name in REMEDIES else name


def severity(name: str) -> str:
    return SEVERITIES[name]() if name in SEVERITIES else tk._("Nothing found")


def meaning(name: str) -> str:
    return MEANINGS[name]()


def confidence(share: float) -> str:
    return next(word for least, word in _CONFIDENCE if share >= least or least == 0)()
