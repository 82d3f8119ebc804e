"""Counts what is used under grants, a day and a method at a time; a quota is never gone beyond, however many ask."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import has_request_context, request

from ..guard import counting as guard
from ..workflow import clock
from . import options
from .model import usage
from .rules import Method, Refusal

TAKE = sa.text("""
INSERT INTO anshan_access_usage AS used (grant_id, day, method, requests)
SELECT :grant, :day, 'api', 1 WHERE :quota > 0
ON CONFLICT (grant_id, day, method) DO UPDATE SET requests = used.requests + 1 WHERE used.requests < :quota
RETURNING requests
""")
NOTE = sa.text("""
INSERT INTO anshan_access_usage AS used (grant_id, day, method, requests, refused, rows, bytes, addresses)
VALUES (:grant, :day, :method, :requests, :refused, :rows, :bytes,
    CASE WHEN :network = '' THEN '[]'::jsonb ELSE jsonb_build_array(CAST(:network AS text)) END)
ON CONFLICT (grant_id, day, method) DO UPDATE SET requests = used.requests + excluded.requests,
    refused = used.refused + excluded.refused, rows = used.rows + excluded.rows, bytes = used.bytes + excluded.bytes,
    addresses = CASE WHEN used.addresses @> excluded.addresses OR jsonb_array_length(used.addresses) >= :most
        THEN used.addresses ELSE used.addresses || excluded.addresses END
""")
MOST_NETWORKS = 200  # that are kept of a day
IPV4_PREFIX, IPV6_PREFIX = 24, 64  # bits of a network
DIGEST = 16  # characters
RATE = "grant"


@dataclass(frozen=True)
class Used:
    """What is added to the usage of today."""

    requests: int = 0
    refused: int = 0
    rows: int = 0
    bytes: int = 0


def take(row: Any) -> Refusal | None:
    """Count one request of the API, unless the quota of the day is used up; committed at once."""
    given = {"grant": row.id, "day": clock.today(), "quota": row.daily_quota}
    taken = model.Session.execute(TAKE, given).scalar()
    model.Session.commit()
    return None if taken else Refusal("quota_used", {"quota": row.daily_quota})


def too_often(grant_id: str, token_id: str = "") -> Refusal | None:
    """Count a call of this minute, unless so many were made with this token, or without one under this grant."""
    item = options.calls_a_minute()
    wait = guard.counters().more(item, RATE, token_id or grant_id) if item else 0
    return Refusal("too_many_calls", {"most": item.amount, "wait": wait}) if item and wait else None


def note(grant_id: str, method: Method, used: Used) -> None:
    """Add to the usage of today, in the caller's transaction."""
    counted = {name: getattr(used, name) for name in Used.__dataclass_fields__}
    day = clock.today()
    given = {"grant": grant_id, "day": day, "method": method.value, "network": network(grant_id, day)}
    model.Session.execute(NOTE, given | counted | {"most": MOST_NETWORKS})


def refused(grant_id: str, method: Method) -> None:
    """Count that a holder was refused; committed."""
    note(grant_id, method, Used(refused=1))
    model.Session.commit()


def until_tomorrow() -> int:
    """Seconds until the quota is whole again."""
    now = clock.now()
    tomorrow = datetime.combine(now.date() + timedelta(1), time(), clock.zone())
    return max(1, int((tomorrow - now).total_seconds()) + 1)


def network(grant_id: str, day: date) -> str:
    """Tells the networks of a day apart without naming one: another for each grant and each day."""
    address = request.remote_addr if has_request_context() else None
    found = _network(address or "")
    said = f"{grant_id} {day.isoformat()} {found}".encode()
    return hmac.new(_key(), said, sha256).hexdigest()[:DIGEST] if found else ""


def _network(text: str) -> str:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    bits = IPV4_PREFIX if address.version == 4 else IPV6_PREFIX
    return str(ip_network(f"{address}/{bits}", strict=False))


def _key() -> bytes:
    return str(tk.config["SECRET_KEY"]).encode()


def days(grant_ids: Sequence[str], since: date) -> list[Any]:
    """Rows of the usage of these grants since a day, the oldest first."""
    query = sa.select(usage).where(usage.c.grant_id.in_(list(grant_ids)), usage.c.day >= since)
    return list(model.Session.execute(query.order_by(usage.c.day, usage.c.grant_id, usage.c.method)))
