"""What people are told about feedback and needs: one function for each kind of notice, see ``people.notices``.

``number`` and ``title`` are of what it is about; a fact that wasn't given is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

Facts = Mapping[str, Any]


def _said(sentence: Callable[[], str]) -> Callable[[Facts], str]:
    """A notice of one sentence, with the words and the day that were given."""

    def notice(facts: Facts) -> str:
        days = {name: tk.h.anshan_day_long(facts[name]) if facts.get(name) else "" for name in ("correct_by", "until")}
        parts = [sentence().format(**{"number": "", "title": "", "version": "", "into": "", **facts, **days})]
        words = facts.get("reply") or facts.get("reason") or facts.get("how")
        parts += [tk._("In their words: {reason}").format(reason=str(words)[:200])] if words else []
        parts += [tk._("Due: {day}.").format(day=tk.h.anshan_day_long(facts["due"]))] if _is_owed(facts) else []
        return " ".join(parts)

    return notice


def _is_owed(facts: Facts) -> bool:
    """The day by which somebody answers; that of a promise is in the sentence."""
    return bool(facts.get("due")) and not (facts.get("correct_by") or facts.get("until"))


sharing_feedback_create = _said(lambda: tk._("A user of “{title}” reports an error: {number}. Verify it (article 23)."))
sharing_feedback_confirm = _said(
    lambda: tk._("The error in “{title}”, {number}, is confirmed. Corrected by {correct_by}.")
)
sharing_feedback_reject = _said(lambda: tk._("“{title}”, {number}: the agency verified it and finds no error."))
sharing_feedback_correct = _said(lambda: tk._("The error in “{title}”, {number}, is corrected in version {version}."))
sharing_feedback_withdraw = _said(lambda: tk._("The report of an error in “{title}”, {number}, was withdrawn."))
sharing_feedback_due = _said(lambda: tk._("The report of an error in “{title}”, {number}, waits for your agency."))
sharing_feedback_late = _said(lambda: tk._("The report of an error in “{title}”, {number}, is overdue."))

sharing_return_create = _said(lambda: tk._("An agency states a need for data to be returned: {number}, “{title}”."))
sharing_return_confirm = _said(lambda: tk._("“{title}”, {number}, is on the list of data to be returned."))
sharing_return_merge = _said(lambda: tk._("“{title}”, {number}, was merged into {into}."))
sharing_return_decline = _said(lambda: tk._("“{title}”, {number}, wasn't put on the list of data to be returned."))
sharing_return_promise = _said(lambda: tk._("“{title}”, {number}, will be returned by {until}."))
sharing_return_refuse = _said(lambda: tk._("“{title}”, {number}, can't be returned."))
sharing_return_return = _said(lambda: tk._("“{title}”, {number}, is returned: your agency uses it."))
sharing_return_withdraw = _said(lambda: tk._("The need for “{title}”, {number}, was withdrawn."))
sharing_return_due = _said(lambda: tk._("The need for “{title}”, {number}, waits for you."))
sharing_return_late = _said(lambda: tk._("The need for “{title}”, {number}, is overdue."))

__all__ = [
    "sharing_feedback_confirm",
    "sharing_feedback_correct",
    "sharing_feedback_create",
    "sharing_feedback_due",
    "sharing_feedback_late",
    "sharing_feedback_reject",
    "sharing_feedback_withdraw",
    "sharing_return_confirm",
    "sharing_return_create",
    "sharing_return_decline",
    "sharing_return_due",
    "sharing_return_late",
    "sharing_return_merge",
    "sharing_return_promise",
    "sharing_return_refuse",
    "sharing_return_return",
    "sharing_return_withdraw",
]
