"""What people are told about submissions, in sentences: one function for each kind of notice, see ``people.notices``.

A fact that wasn't given is left out. ``number``, ``title`` and ``agency`` (its title; empty for a list, which is the
bureau's) are of the submission.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from flask import has_request_context

from .rules import Key, Kind, State

__all__ = [
    "dataset_lifted",
    "dataset_suspended",
    "lift_waits",
    "review_cleared",
    "review_commented",
    "review_emergency",
    "review_lapsed",
    "review_late",
    "review_published",
    "review_rejected",
    "review_reminder",
    "review_returned",
    "review_sampled",
    "review_waits",
    "review_withdrawn",
    "vault_alarm",
]

Facts = Mapping[str, Any]
N = Callable[[], str]

KEYS: Mapping[str, N] = {
    Key.AGENCY.value: lambda: tk._("the head of the agency"),
    Key.CYBERSPACE.value: lambda: tk._("the cyberspace office"),
    Key.BUREAU.value: lambda: tk._("the data bureau"),
}
PUBLISHED: Mapping[str, N] = {
    Kind.OPENING.value: lambda: tk._("“{title}” is published (submission {number})."),
    Kind.RETIREMENT.value: lambda: tk._("“{title}” was taken back for good (submission {number})."),
    Kind.LIST.value: lambda: tk._("The list “{title}” is released (submission {number})."),
}


def review_waits(facts: Facts) -> str:
    """With ``due``."""
    said = tk._("“{title}” of {agency} waits for your signature (submission {number}).")
    return _join(_filled(said, facts), _due(facts))


def review_returned(facts: Facts) -> str:
    """With ``due`` and ``reason``."""
    said = tk._("“{title}” was returned for changes (submission {number}).")
    return _join(_filled(said, facts), _reason(facts), _due(facts))


def review_rejected(facts: Facts) -> str:
    """With ``reason``."""
    return _join(_filled(tk._("“{title}” was refused (submission {number})."), facts), _reason(facts))


def review_withdrawn(facts: Facts) -> str:
    """With ``reason``."""
    said = tk._("“{title}” of {agency} was withdrawn (submission {number}).")
    return _join(_filled(said, facts), _reason(facts))


def review_published(facts: Facts) -> str:
    """With ``kind``, as ``rules.Kind`` has it."""
    return _filled(PUBLISHED[facts.get("kind") or Kind.OPENING.value](), facts)


def review_commented(facts: Facts) -> str:
    return _filled(tk._("“{title}” of {agency} has a new remark (submission {number})."), facts)


def review_cleared(facts: Facts) -> str:
    """With ``reason``."""
    said = tk._("The cyberspace office let “{title}” be signed although its scan blocks (submission {number}).")
    return _join(_filled(said, facts), _reason(facts))


def review_emergency(facts: Facts) -> str:
    """With ``until``, by when it has to be confirmed, and ``reason``."""
    said = tk._("The data bureau opened “{title}” of {agency} in an emergency (submission {number}).")
    until = tk._("Sign or refuse it by {day}.").format(day=_day(facts["until"])) if facts.get("until") else ""
    return _join(_filled(said, facts), _reason(facts), until)


def review_lapsed(facts: Facts) -> str:
    return _filled(
        tk._("“{title}” of {agency} is no longer open: its emergency wasn't confirmed in time (submission {number})."),
        facts,
    )


def review_reminder(facts: Facts) -> str:
    """With ``due`` and ``days``, working days left until then."""
    if not facts.get("days"):
        return _filled(tk._("“{title}” of {agency} is due today (submission {number})."), facts)
    said = tk._("“{title}” of {agency} is due on the next working day (submission {number}).")
    return _join(_filled(said, facts), _due(facts))


def review_late(facts: Facts) -> str:
    """With ``days``, working days since it was due, ``keys``, whose are wanted, and ``state``."""
    days = int(facts.get("days") or 1)
    said = tk.ungettext(
        "“{title}” of {agency} is {days} working day late (submission {number}).",
        "“{title}” of {agency} is {days} working days late (submission {number}).",
        days,
    )
    return _join(_filled(said, {**facts, "days": days}), _waits_for(facts))


def review_sampled(facts: Facts) -> str:
    """With ``due``."""
    said = tk._("The routine update of “{title}” of {agency} was drawn for a later check (submission {number}).")
    return _join(_filled(said, facts), _due(facts))


def dataset_suspended(facts: Facts) -> str:
    """With ``title`` of the dataset, ``agency`` and ``reason``."""
    return _join(_filled(tk._("The dataset “{title}” of {agency} is suspended."), facts), _reason(facts))


def dataset_lifted(facts: Facts) -> str:
    """With ``title`` of the dataset, ``agency`` and ``reason``."""
    said = tk._("The suspension of the dataset “{title}” of {agency} is lifted.")
    return _join(_filled(said, facts), _reason(facts))


def lift_waits(facts: Facts) -> str:
    """With ``title`` of the dataset, ``agency`` and ``reason``."""
    said = tk._("Lifting the suspension of the dataset “{title}” of {agency} waits for your signature.")
    return _join(_filled(said, facts), _reason(facts))


def vault_alarm(facts: Facts) -> str:
    """With ``file`` and ``title`` of the dataset, where one is known to be wrong."""
    if not facts.get("file"):
        return tk._("A stored file is no longer what was released.")
    return _filled(tk._("The stored file {file} of “{title}” is no longer what was released."), facts)


class _Left(dict[str, Any]):
    """Facts; an empty text for those that weren't given."""

    def __missing__(self, name: str) -> str:
        return ""


def _filled(said: str, facts: Facts) -> str:
    return said.format_map(_Left({**facts, "agency": facts.get("agency") or KEYS[Key.BUREAU.value]()}))


def _is_english() -> bool:
    return has_request_context() and str(lang()) == "en"


def _join(*sentences: str) -> str:
    return (" " if _is_english() else "").join(filter(None, sentences))


def _day(value: Any) -> str:
    return tk.h.anshan_day_long(value) if has_request_context() else str(value)


def _due(facts: Facts) -> str:
    return tk._("Due {day}.").format(day=_day(facts["due"])) if facts.get("due") else ""


def _reason(facts: Facts) -> str:
    return tk._("Reason: {reason}").format(reason=facts["reason"]) if facts.get("reason") else ""


def _waits_for(facts: Facts) -> str:
    if facts.get("state") == State.RETURNED.value:
        return tk._("It was returned, and the agency hasn't submitted it again.")
    keys = [KEYS[key]() for key in facts.get("keys") or () if key in KEYS]
    return tk._("It waits for {who}.").format(who=(", " if _is_english() else "、").join(keys)) if keys else ""
