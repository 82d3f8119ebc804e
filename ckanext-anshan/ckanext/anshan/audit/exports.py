"""What a search of the log finds, as rows of a table: a thousand events at a time, and nothing is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from itertools import islice
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..workflow import clock
from . import choosing, events, reading, recording, schema, telling
from .events import Event
from .readers import reader_of
from .seeing import Reader

MOST = 100_000
AT_A_TIME = 1000
WIDTHS = (20, 60, 24, 10, 24, 28, 18, 16, 24, 18, 14, 38, 40, 8, 20, 10, 38)


def rows(given: Mapping[str, str], format: str) -> Iterator[list[Any]]:
    """Decides and records at once; the rows come as they are asked for.

    :raises NotAuthorized, ValidationError: as ``anshan_audit_search``
    """
    context = cast(Context, {"user": tk.current_user.name})
    tk.check_access("anshan_audit_search", context, {})
    data, errors = tk.navl_validate(dict(given), schema.search(), context)
    if errors:
        raise tk.ValidationError(errors)
    asked, unknown = choosing.search(data)
    recording.happened(Event("log.exported", facts={**choosing.facts(data, asked), "format": format}))
    return _rows(asked, reader_of(context)) if not unknown else iter([_head()])


def _rows(asked: reading.Asked, reader: Reader) -> Iterator[list[Any]]:
    yield _head()
    batches = reading.batches(asked, AT_A_TIME)
    found = (event for rows in batches for event in telling.told(rows, reader, telling.names_of(rows)))
    yield from map(_row, islice(found, MOST))
    if next(found, None) is not None:
        yield [tk._("There are more than {number} events: narrow the search to take the rest.").format(number=MOST)]


def _head() -> list[str]:
    return [
        tk._("When"),
        tk._("What was done"),
        tk._("Kind"),
        tk._("Outcome"),
        tk._("Action"),
        tk._("Agency"),
        tk._("Role"),
        tk._("Account"),
        tk._("Reason"),
        tk._("From where"),
        tk._("Type"),
        tk._("Id"),
        tk._("Title"),
        tk._("Version"),
        tk._("State (SHA-256)"),
        tk._("Position"),
        tk._("Event"),
    ]


def _row(event: Mapping[str, Any]) -> list[Any]:
    about = event["object"] or {}
    return [
        local(event),
        event["sentence"],
        event["kind"],
        event["outcome"],
        event["action"],
        event["agency"],
        event["role"],
        event["account"],
        event["reason"],
        event["address"],
        about.get("type", ""),
        about.get("id", ""),
        about.get("title", ""),
        about.get("version") or "",
        about.get("state") or "",
        "" if event["position"] is None else event["position"],
        event["id"],
    ]


def local(event: Mapping[str, Any]) -> str:
    return events.written_at(event).astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M:%S")


def file_name(ending: str) -> str:
    return f"anshan-log-{tk.h.anshan_day(datetime.now(timezone.utc))}.{ending}"
