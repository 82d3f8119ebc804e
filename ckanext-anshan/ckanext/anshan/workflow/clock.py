"""The portal's time: a day begins and ends where the city is, wherever the machine stands.

The city's zone is ``ckan.display_timezone``.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ckan.lib.helpers import get_display_timezone


def zone() -> ZoneInfo:
    """CKAN's own answer is a zone of pytz, which is minutes wrong in ``replace`` and in ``datetime(..., tzinfo=)``."""
    return ZoneInfo(str(get_display_timezone()))


def now() -> datetime:
    return datetime.now(zone())


def today() -> date:
    return now().date()
