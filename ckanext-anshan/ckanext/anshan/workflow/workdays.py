"""Working days by the official calendar: statutory holidays, and the weekends that are worked instead.

Which days are swapped with weekends the State Council says a year ahead at most. For a year that it said nothing about,
as far as the package knows, holidays are those of the law and no weekend is worked; outside the package's years there
are weekends alone. The log says either once. A date that was told to somebody is stored, so another calendar never
moves it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

log = logging.getLogger(__name__)

COUNTRY = "CN"
DAY = timedelta(days=1)

WORKING = "working"
WEEKEND = "weekend"
HOLIDAY = "holiday"
SWAPPED = "swapped"  # a weekday that is free because a weekend is worked
MAKE_UP = "make_up"  # a weekend day that is worked
REASONS = (WORKING, WEEKEND, HOLIDAY, SWAPPED, MAKE_UP)


@dataclass(frozen=True)
class Day:
    """A day of a term: whether it counts, and why."""

    date: date
    counts: bool
    why: str  # of REASONS
    name: str = ""  # of the holiday


@dataclass(frozen=True)
class Year:
    holidays: Mapping[date, str]
    swapped: frozenset[date]
    make_up: frozenset[date]


def is_working_day(day: date) -> bool:
    return _why(day) in (WORKING, MAKE_UP)


def after(start: date, days: int) -> date:
    """The last day of a term of so many working days; its first is the day after ``start``."""
    day = start
    while days > 0:
        day += DAY
        days -= is_working_day(day)
    return day


def between(start: date, end: date) -> int:
    """Working days from the day after ``start`` to ``end``, both of them as ``after`` counts."""
    return sum(is_working_day(day) for day in _days(start, end))


def left(today: date, due: date) -> int:
    """Working days left: 0 on the last day, negative when it is over, be it only since a weekend began."""
    return between(today, due) if today <= due else -max(1, between(due, today))


def explain(start: date, due: date, language: str = "zh_CN") -> list[Day]:
    """The days of a term from the day after ``start``, each with its reason.

    :param language: of the holidays' names, ``zh_CN`` or ``en_US``
    """
    return [_explained(day, language) for day in _days(start, due)]


def is_known(year: int) -> bool:
    """Whether the State Council's days of that year are known: none was without a weekend that is worked."""
    return bool(_quiet(year).make_up)


def _days(start: date, end: date) -> Iterator[date]:
    return (start + number * DAY for number in range(1, (end - start).days + 1))


def _why(day: date) -> str:
    year = _year(day.year)
    if day in year.make_up:
        return MAKE_UP
    if day in year.swapped:
        return SWAPPED
    if day in year.holidays:
        return HOLIDAY
    return WEEKEND if day.weekday() >= 5 else WORKING


def _explained(day: date, language: str) -> Day:
    why = _why(day)
    name = _quiet(day.year, language).holidays[day] if why == HOLIDAY else ""
    return Day(day, why in (WORKING, MAKE_UP), why, name)


@cache
def _year(number: int) -> Year:
    """The calendar of a year; kept, so that what is missing is told once."""
    found = _quiet(number)
    if not found.holidays:
        log.warning("No holiday of %s is known: its working days are Monday to Friday", number)
    elif not is_known(number):
        log.warning(
            "The package holidays has no days of the State Council for %s yet: holidays are those of the law, and no "
            "weekend is worked. Update it once it has them",
            number,
        )
    return found


@cache
def _quiet(number: int, language: str = "zh_CN") -> Year:
    found = holidays.country_holidays(COUNTRY, years=[number], language=language)
    swap = found.tr(str(found.substituted_label)).partition("%s")[0]
    days = {day: name for day, name in found.items() if day.year == number}
    return Year(
        days,
        frozenset(day for day, name in days.items() if name.startswith(swap)),
        frozenset(day for day in found.weekend_workdays if day.year == number),
    )
