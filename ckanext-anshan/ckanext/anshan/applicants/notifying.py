"""What people are told about organizations that apply: one function for each kind of notice, see ``people.notices``.

``name`` is of the organization, ``who`` the account that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

__all__ = [
    "applicant_barred",
    "applicant_declined",
    "applicant_handed_over",
    "applicant_invited",
    "applicant_joined",
    "applicant_left",
    "applicant_refused",
    "applicant_removed",
    "applicant_unbarred",
    "applicant_verified",
    "applicant_waits",
]

Facts = Mapping[str, Any]


class _Given(dict[str, Any]):
    """What was given; anything else is left out."""

    def __missing__(self, name: str) -> str:
        return ""


def applicant_waits(facts: Facts) -> str:
    return tk._("“{name}” waits for the data bureau to verify it.").format_map(_Given(facts))


def applicant_verified(facts: Facts) -> str:
    return tk._("“{name}” is verified: its members may apply for it now.").format_map(_Given(facts))


def applicant_refused(facts: Facts) -> str:
    """With ``reason``."""
    return tk._("“{name}” was not verified: {reason} Change what is wrong and submit it again.").format_map(
        _Given(facts)
    )


def applicant_barred(facts: Facts) -> str:
    """With ``reason``, ``article`` and maybe ``until``."""
    said = tk._("“{name}” is barred from applying: {reason} ({article})").format_map(_Given(facts))
    return said + (
        " " + tk._("To {day}.").format(day=tk.h.anshan_day_long(facts["until"])) if facts.get("until") else ""
    )


def applicant_unbarred(facts: Facts) -> str:
    return tk._("“{name}” is no longer barred: its members may apply for it again.").format_map(_Given(facts))


def applicant_invited(facts: Facts) -> str:
    return tk._("{who} invites you to act for “{name}”. Accept or decline.").format_map(_Given(facts))


def applicant_joined(facts: Facts) -> str:
    return tk._("{who} belongs to “{name}” now.").format_map(_Given(facts))


def applicant_declined(facts: Facts) -> str:
    return tk._("{who} declined the invitation to “{name}”.").format_map(_Given(facts))


def applicant_left(facts: Facts) -> str:
    return tk._("{who} has left “{name}” and acts for it no longer.").format_map(_Given(facts))


def applicant_removed(facts: Facts) -> str:
    return tk._("You belong to “{name}” no longer and don't act for it any more.").format_map(_Given(facts))


def applicant_handed_over(facts: Facts) -> str:
    return tk._("You represent “{name}” from now on.").format_map(_Given(facts))
