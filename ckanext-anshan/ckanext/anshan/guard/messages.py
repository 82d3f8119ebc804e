"""Why a request isn't answered, in words: what limit, how long to wait, how to get more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil

import ckan.plugins.toolkit as tk
from babel.dates import format_timedelta
from ckan.lib.helpers import lang

from . import options
from .counting import Refusal
from .rules import Kind, Name

WORDS: Mapping[str, Callable[[], str]] = {
    "too_many": lambda: tk._(
        "More than {amount} requests came from your network address in {span}, so this one isn't answered. "
        "Wait {wait}, then try again. Programs may ask more often with an API token; every account can make one."
    ),
    "too_many_of_account": lambda: tk._(
        "More than {amount} requests came from your account in {span}, so this one isn't answered. "
        "Wait {wait}, then try again. Whoever needs more often asks the data bureau."
    ),
    "too_many_logins": lambda: tk._(
        "More than {amount} attempts to log in came from your network address in {span}. Wait {wait}, then try again."
    ),
    "too_many_failures": lambda: tk._(
        "The password for this name was wrong {amount} times in {span}. So that nobody can guess it, no more are tried "
        "for {wait}. If you have forgotten it, choose a new one meanwhile."
    ),
    "too_many_registrations": lambda: tk._(
        "More than {amount} accounts were asked for from your network address in {span}. Wait {wait}, then try again."
    ),
    "too_many_resets": lambda: tk._(
        "A new password was asked for more than {amount} times in {span}. Look for the mail that was sent, also among "
        "the unwanted ones, or wait {wait} and try again."
    ),
}
CODES: Mapping[Name, str] = dict(
    zip(
        (Name.LOGINS, Name.FAILURES, Name.REGISTRATIONS, Name.RESETS),
        ("too_many_logins", "too_many_failures", "too_many_registrations", "too_many_resets"),
        strict=True,
    )
)
DAY, HOUR, MINUTE, SECOND = SIZES = (24 * 3600, 3600, 60, 1)
MINUTES_FROM = 120  # seconds; a shorter wait is told in seconds


def code(refusal: Refusal) -> str:
    """The code without its room."""
    of_account = refusal.caller.kind in (Kind.ACCOUNT, Kind.TOKEN)
    return CODES.get(refusal.name, "too_many_of_account" if of_account else "too_many")


def words(refusal: Refusal) -> str:
    """The sentence in the reader's language."""
    shown = {"amount": refusal.limit.amount, "span": span(refusal.limit.seconds), "wait": waiting(refusal.wait)}
    return WORDS[code(refusal)]().format(**shown)


def told(name: Name) -> str:
    """A limit in words, 600 in 1 minute; empty where there is none."""
    found = options.limit(name)
    return tk._("{amount} in {span}").format(amount=found.amount, span=span(found.get_expiry())) if found else ""


def span(seconds: int) -> str:
    """In the largest unit that divides it: 10 minutes, 1 小时."""
    return _told(seconds, next(size for size in SIZES if not seconds % size))


def waiting(seconds: int) -> str:
    """A time to wait, rounded up to minutes where it is long."""
    size = SECOND if seconds < MINUTES_FROM else MINUTE
    return _told(ceil(seconds / size) * size, size)


def _told(seconds: int, size: int) -> str:
    """In units of this size: a larger one would be less than the threshold."""
    return format_timedelta(seconds, threshold=seconds / size, locale=str(lang()))
