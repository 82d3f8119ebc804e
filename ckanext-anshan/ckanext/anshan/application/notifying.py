"""What people are told about applications, in sentences: one function for each kind of notice, see ``people.notices``.

``number`` and ``titles`` are of the application; a fact that wasn't given is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from . import messages

Facts = Mapping[str, Any]


def _said(sentence: Callable[[], str]) -> Callable[[Facts], str]:
    """A notice of one sentence, with the reason and the day that are named."""

    def notice(facts: Facts) -> str:
        given = {"number": "", "titles": "", **facts}
        parts = [sentence().format(**given)]
        reason = facts.get("reason") or facts.get("question") or facts.get("explanation")
        parts += [tk._("In their words: {reason}").format(reason=str(reason)[:200])] if reason else []
        parts += [tk._("Due: {day}.").format(day=tk.h.anshan_day_long(facts["due"]))] if facts.get("due") else []
        return " ".join(parts)

    return notice


application_submit = _said(lambda: tk._("An application was sent: {number}, “{titles}”."))
application_join = _said(lambda: tk._("A co-applicant has agreed: {number}, “{titles}”."))
application_assign = _said(lambda: tk._("An application was given to you: {number}, “{titles}”."))
application_recuse = _said(lambda: tk._("A colleague stepped back from {number}, “{titles}”."))
application_ask = _said(lambda: tk._("A supplement is wanted for {number}, “{titles}”."))
application_answer = _said(lambda: tk._("The supplement to {number}, “{titles}”, is there."))
application_extend = _said(lambda: tk._("The answer to {number}, “{titles}”, is put off."))
application_opine = _said(lambda: tk._("The cyberspace office gave its opinion on {number}, “{titles}”."))
application_approve = _said(lambda: tk._("{number}, “{titles}”, is approved. Read and accept the agreement."))
application_refuse = _said(lambda: tk._("{number}, “{titles}”, is not approved."))
application_withdraw = _said(lambda: tk._("{number}, “{titles}”, was withdrawn."))
application_accept = _said(lambda: tk._("The agreement of {number}, “{titles}”, was accepted."))
application_countersign = _said(
    lambda: tk._("The agreement of {number}, “{titles}”, is in force: the data can be used.")
)
application_message = _said(lambda: tk._("There is a message about {number}, “{titles}”."))
application_report = _said(lambda: tk._("There is a use report about {number}, “{titles}”."))
_suspended = _said(lambda: tk._("The use under {number}, “{titles}”, is suspended."))


def application_suspend(facts: Facts) -> str:
    """With ``reason``, in somebody's words, or a code of ``messages.CLOSINGS`` where the portal did it."""
    reason = str(facts.get("reason") or "")
    return _suspended({**facts, "reason": messages.closing(reason)})


application_resume = _said(lambda: tk._("What was granted under {number}, “{titles}”, can be used again."))
application_revoke = _said(lambda: tk._("The grant under {number}, “{titles}”, is revoked."))
application_end = _said(lambda: tk._("The grant under {number}, “{titles}”, was given back."))
application_destroy = _said(
    lambda: tk._("The destruction of what was received under {number}, “{titles}”, was declared.")
)
application_expire = _said(lambda: tk._("The term of {number}, “{titles}”, is over. Destroy the data and declare it."))
application_lapse = _said(lambda: tk._("{number}, “{titles}”, was closed: what was due didn't come in time."))


def application_closed(facts: Facts) -> str:
    """With ``reason``, a code of ``messages.CLOSINGS``."""
    said = tk._("{number}, “{titles}”, was closed.").format(**{"number": "", "titles": "", **facts})
    return f"{said} {messages.closing(str(facts.get('reason') or ''))}".strip()


application_reminder = _said(lambda: tk._("The answer to {number}, “{titles}”, is due."))


def application_late(facts: Facts) -> str:
    """With ``agency``, and ``days``, working days since it was due."""
    days = int(facts.get("days") or 1)
    said = tk.ungettext(
        "{agency} is {days} working day late with {number}, “{titles}”.",
        "{agency} is {days} working days late with {number}, “{titles}”.",
        days,
    )
    return said.format(**{"number": "", "titles": "", "agency": "", **facts, "days": days})


application_deputy = _said(lambda: tk._("You stand in for the head of your agency with applications."))

application_withheld = _said(
    lambda: tk._("The data of {number}, “{titles}”, can't be used for now: the dataset is suspended.")
)
application_given_back = _said(
    lambda: tk._("The data of {number}, “{titles}”, can be used again: the dataset is no longer suspended.")
)
application_member_left = _said(
    lambda: tk._("Somebody who acted for the applicant of {number}, “{titles}”, doesn't any more.")
)
application_holder_waits = _said(
    lambda: tk._("A holder of {number}, “{titles}”, can't use the data until the data bureau lets it.")
)
application_owed = _said(lambda: tk._("{number}, “{titles}”, waits for you; without it, it is closed."))
application_use_report_due = _said(lambda: tk._("A use report about {number}, “{titles}”, is due."))
application_use_report_late = _said(lambda: tk._("The use report about {number}, “{titles}”, is late."))
application_destruction_due = _said(
    lambda: tk._("Declare the destruction of what was received under {number}, “{titles}”.")
)
application_destruction_late = _said(
    lambda: tk._("The destruction of what was received under {number}, “{titles}”, is not declared; it is late.")
)
application_misuse = _said(lambda: tk._("Somebody reports a misuse of data: “{titles}”."))
application_misuse_answered = _said(lambda: tk._("Your report of a misuse of “{titles}” is answered."))
application_report_answered = _said(lambda: tk._("The provider answers your report about {number}, “{titles}”."))


def application_ends(facts: Facts) -> str:
    """With ``days`` until the last one, ``ends``."""
    days = int(facts.get("days") or 0)
    said = tk.ungettext(
        "The term of {number}, “{titles}”, ends in {days} day, on {day}. It can be renewed.",
        "The term of {number}, “{titles}”, ends in {days} days, on {day}. It can be renewed.",
        days,
    )
    day = tk.h.anshan_day_long(facts["ends"]) if facts.get("ends") else ""
    return said.format(**{"number": "", "titles": "", **facts, "days": days, "day": day})


__all__ = [
    "application_accept",
    "application_answer",
    "application_approve",
    "application_ask",
    "application_assign",
    "application_closed",
    "application_countersign",
    "application_deputy",
    "application_destroy",
    "application_destruction_due",
    "application_destruction_late",
    "application_end",
    "application_ends",
    "application_expire",
    "application_extend",
    "application_given_back",
    "application_holder_waits",
    "application_join",
    "application_lapse",
    "application_late",
    "application_member_left",
    "application_message",
    "application_misuse",
    "application_misuse_answered",
    "application_opine",
    "application_owed",
    "application_recuse",
    "application_refuse",
    "application_reminder",
    "application_report",
    "application_report_answered",
    "application_resume",
    "application_revoke",
    "application_submit",
    "application_suspend",
    "application_use_report_due",
    "application_use_report_late",
    "application_withdraw",
    "application_withheld",
]
