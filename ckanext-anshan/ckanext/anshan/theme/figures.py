"""Dates, numbers and sizes in the reader's habit."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timezone

from babel.dates import format_date
from babel.numbers import format_decimal
from ckan.lib.helpers import lang

from ..workflow import clock

LONG = {"en": "d MMM yyyy", "zh": "yyyy年M月d日"}
SHORT = {"en": "d MMM", "zh": "M月d日"}
DAY_LENGTH = len("2026-11-02")
UNITS = ("B", "KB", "MB", "GB", "TB")


def day(value: object) -> date | None:
    """The day of a date, a time (UTC without a zone, as CKAN keeps it) or an ISO text, in the portal's time zone."""
    there = moment(value)
    if there:
        return there.date()
    if isinstance(value, str) and len(value) == DAY_LENGTH:
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value if isinstance(value, date) else None


def anshan_day(value: object) -> str:
    """2026-11-02; what is no date stays as it is."""
    found = day(value)
    return found.isoformat() if found else str(value or "")


def anshan_day_long(value: object) -> str:
    """2026年11月2日, 2 Nov 2026."""
    return _written(value, LONG)


def anshan_day_short(value: object) -> str:
    """11月2日, 2 Nov."""
    return _written(value, SHORT)


def anshan_moment(value: object) -> str:
    """14:32 of today; with the day before it of another one."""
    there = moment(value)
    if there is None:
        return str(value or "")
    at = there.strftime("%H:%M")
    return at if there.date() == clock.today() else f"{anshan_day_short(there.date())} {at}"


def moment(value: object) -> datetime | None:
    """A time (UTC without a zone) or an ISO text in the portal's time zone; None for anything else, days among it."""
    if isinstance(value, str) and len(value) != DAY_LENGTH:
        with suppress(ValueError):
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).astimezone(clock.zone())


def written(value: object, hours: str = "") -> str:
    """2026年11月2日 14:32, 2 Nov 2026 14:32; the day alone without a format of hours, nothing for what is no date."""
    if not day(value):
        return ""
    there = moment(value)
    return anshan_day_long(value) + (there.strftime(f" {hours}") if there and hours else "")


def anshan_weekday(value: object) -> str:
    """星期一, Monday."""
    return _written(value, {"en": "EEEE", "zh": "EEEE"})


def _written(value: object, patterns: dict[str, str]) -> str:
    found = day(value)
    language = "en" if _locale() == "en" else "zh"
    return format_date(found, patterns[language], locale=_locale()) if found else str(value or "")


def anshan_number(value: object) -> str:
    """12,345; what is no number stays as it is."""
    return format_decimal(value, locale=_locale()) if isinstance(value, (int, float)) else str(value or "")


def anshan_bytes(value: object) -> str:
    """A size in bytes as people say it: 46 KB, 1.2 MB."""
    try:
        size = float(str(value))
    except ValueError:
        return ""
    unit = 0
    while size >= 1024 and unit < len(UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{format_decimal(round(size, 0 if size >= 10 or unit == 0 else 1), locale=_locale())} {UNITS[unit]}"


def _locale() -> str:
    return "en" if str(lang()) == "en" else "zh_Hans_CN"
