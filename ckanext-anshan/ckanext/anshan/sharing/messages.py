"""Codes of sharing to words: what is wrong, where, and how to mend it; and what things are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang

from .rules import Command, FeedbackCommand, FeedbackState, Refusal, ReturnCommand, ReturnState, Role, State

N = Callable[[], str]

STATES: Mapping[State, N] = {
    FeedbackState.OPEN: lambda: tk._("Being verified"),
    FeedbackState.CONFIRMED: lambda: tk._("Error confirmed"),
    FeedbackState.UNFOUNDED: lambda: tk._("No error"),
    FeedbackState.CORRECTED: lambda: tk._("Corrected"),
    FeedbackState.WITHDRAWN: lambda: tk._("Withdrawn"),
    ReturnState.STATED: lambda: tk._("With the data bureau"),
    ReturnState.CONFIRMED: lambda: tk._("With the provider"),
    ReturnState.MERGED: lambda: tk._("Merged"),
    ReturnState.DECLINED: lambda: tk._("Not on the list"),
    ReturnState.PROMISED: lambda: tk._("To be returned"),
    ReturnState.IMPOSSIBLE: lambda: tk._("Can't be returned"),
    ReturnState.RETURNED: lambda: tk._("Given back"),
    ReturnState.WITHDRAWN: lambda: tk._("Withdrawn"),
}
COMMANDS: Mapping[Command, N] = {
    FeedbackCommand.CONFIRM: lambda: tk._("Confirm the error"),
    FeedbackCommand.REJECT: lambda: tk._("There is no error"),
    FeedbackCommand.CORRECT: lambda: tk._("It is corrected"),
    FeedbackCommand.WITHDRAW: lambda: tk._("Withdraw it"),
    ReturnCommand.CONFIRM: lambda: tk._("Put it on the list"),
    ReturnCommand.MERGE: lambda: tk._("Merge it into another"),
    ReturnCommand.DECLINE: lambda: tk._("Don't put it on the list"),
    ReturnCommand.PROMISE: lambda: tk._("We will return it"),
    ReturnCommand.REFUSE: lambda: tk._("It can't be returned"),
    ReturnCommand.RETURN: lambda: tk._("It is returned"),
    ReturnCommand.WITHDRAW: lambda: tk._("Withdraw it"),
}
"""Buttons."""
HAPPENED: Mapping[str, N] = {
    "feedback_create": lambda: tk._("An error was reported"),
    "feedback_confirm": lambda: tk._("The error was confirmed"),
    "feedback_reject": lambda: tk._("No error was found"),
    "feedback_correct": lambda: tk._("The error was corrected"),
    "feedback_withdraw": lambda: tk._("The report was withdrawn"),
    "return_create": lambda: tk._("The need was stated"),
    "return_confirm": lambda: tk._("Put on the list"),
    "return_merge": lambda: tk._("Merged into another"),
    "return_decline": lambda: tk._("Not put on the list"),
    "return_promise": lambda: tk._("The provider will return it"),
    "return_refuse": lambda: tk._("The provider can't return it"),
    "return_return": lambda: tk._("The data was returned"),
    "return_withdraw": lambda: tk._("The need was withdrawn"),
}
ROLES: Mapping[Role, N] = {
    Role.USER: lambda: tk._("Using agency"),
    Role.PROVIDER: lambda: tk._("Provider"),
    Role.BUREAU: lambda: tk._("Data bureau"),
}
FIELDS: Mapping[str, N] = {
    "reply": lambda: tk._("Reply"),
    "correct_by": lambda: tk._("Corrected by"),
    "version": lambda: tk._("Version"),
    "provider": lambda: tk._("Provider"),
    "into": lambda: tk._("Merged into"),
    "reason": lambda: tk._("Reason"),
    "article": lambda: tk._("Article"),
    "how": lambda: tk._("How it is returned"),
    "until": lambda: tk._("Returned by"),
    "application": lambda: tk._("Application"),
    "title": lambda: tk._("Data that is needed"),
}
HINTS: Mapping[str, N] = {
    "version": lambda: tk._("The number of the published version without the error."),
    "provider": lambda: tk._("The agency that has the data and answers."),
    "into": lambda: tk._("The number of the need that is the same, such as FH-2026-000012."),
    "article": lambda: tk._("Which act forbids it, for example “Act on such-and-such, Article 10”."),
    "how": lambda: tk._("For example: every month, by the shared dataset “…”."),
    "application": lambda: tk._("The number of the sharing application that is in use, such as SQ-2026-000012."),
    "correct_by": lambda: tk._("The user is told this day; after it the data bureau is told that it is late."),
    "until": lambda: tk._("The agency is told this day; after it the data bureau is told that it is late."),
}

WORDS: Mapping[str, N] = {
    "unknown": lambda: tk._("There is nothing of this number. Check it, or look into the list."),
    "not_yours": lambda: tk._("Another side does this. The page says whose turn it is."),
    "own_matter": lambda: tk._("Your own agency asked for this: somebody else has to answer it."),
    "no_agency": lambda: tk._(
        "Agencies share data among themselves: you belong to none. The head of your agency can add you."
    ),
    "which_agency": lambda: tk._("You write for several agencies. Choose for which one."),
    "not_now": lambda: tk._("This can't be done now; the state is “{state}”. Reload the page."),
    "missing": lambda: tk._("Fill in: {names}."),
    "bad_day": lambda: tk._("“{name}” is today or a later day, {last} at the latest. Choose such a day."),
    "no_later_version": lambda: tk._(
        "The error is in version {version}; published is version {published}. Publish the corrected version first, then"
        " name its number."
    ),
    "unknown_provider": lambda: tk._("Choose the agency that has the data: there is none of this name."),
    "own_data": lambda: tk._("This is data of the same agency. Choose data of another."),
    "no_other": lambda: tk._("There is no other open need of this number. Look into the list for the right one."),
    "not_shared": lambda: tk._(
        "Under this number nothing of this provider is in use by the agency. The agency applies for it in the sharing"
        " catalogue first; then name that application."
    ),
    "not_in_use": lambda: tk._("The data of this application isn't in use. An error is reported by who uses the data."),
    "no_such_dataset": lambda: tk._("There is no such dataset here. Choose one of those that are listed."),
    "no_such_file": lambda: tk._("The file “{file}” isn't in use under this application. Choose another one."),
    "no_such_column": lambda: tk._("The column “{column}” isn't in use under this application. Choose another one."),
    "other_district": lambda: tk._("A street is in another district. Choose streets of one district."),
}


def words(refusal: Refusal) -> str:
    return WORDS[refusal.code]().format(**{name: _said(value) for name, value in refusal.facts.items()})


def coded(refusal: Refusal) -> str:
    """With its code, as an exception of CKAN carries one text."""
    return f"sharing.{refusal.code} · {words(refusal)}"


def _said(value: Any) -> Any:
    if isinstance(value, Enum):
        return STATES[value]()  # pyright: ignore[reportArgumentType]
    if isinstance(value, date):
        return tk.h.anshan_day_long(value.isoformat())
    if isinstance(value, tuple):
        return ("、" if str(lang()).startswith("zh") else ", ").join(FIELDS[one]() for one in value)
    return FIELDS[value]() if value in FIELDS else value


def told(error: Any) -> dict[str, str]:
    """Code and sentence of a refusal that an action raised."""
    if not isinstance(error, tk.ValidationError):
        code, _, sentence = str(error.message).partition(" · ")
        return {"code": code, "message": sentence or code}
    texts: dict[str, Any] = dict(error.error_dict)
    code = texts.pop("code", ["sharing.invalid"])
    return {"code": str(code[0]), "message": " ".join(str(text) for many in texts.values() for text in many)}
