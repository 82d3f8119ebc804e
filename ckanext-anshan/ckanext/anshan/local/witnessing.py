"""What the launcher says of the log's witnesses: who they are, and what they have."""

from __future__ import annotations

import json
from typing import Any

from . import files
from .postgres import Postgres
from .problems import N_, Problem, beside
from .service import Portal

FOUND = """
SELECT coalesce(json_agg(json_build_object('name', name, 'size', size, 'failing', failing,
    'seconds', extract(epoch FROM now() - answered)::bigint) ORDER BY name), '[]') FROM anshan_audit_witness
"""


def listed(portal: Portal) -> list[str]:
    """The names in ``witnesses.json``; none where that can't be read."""
    found = files.read_json(portal.data / "sealer" / "witnesses.json", [])
    entries = found if isinstance(found, list) else []
    return [str(one["name"]) for one in entries if isinstance(one, dict) and "name" in one]


def status(portal: Portal) -> list[dict[str, Any]]:
    """Of each witness ``name``, and where it is known ``size`` (events), ``seconds`` since it answered, ``failing``."""
    names = listed(portal)
    known = {one["name"]: one for one in _known(portal)} if names else {}
    unknown = {"size": None, "failing": None, "seconds": None}
    return [known.get(name, {"name": name} | unknown) for name in names]


def _known(portal: Portal) -> list[dict[str, Any]]:
    postgres = Postgres(portal)
    if not postgres.healthy():
        return []
    try:
        return json.loads(postgres.sql(FOUND, "ckan"))
    except Problem:  # the tables aren't there yet
        return []


def warning(portal: Portal) -> str:
    """A line for whoever starts a portal whose log nobody else keeps; nothing where there is a witness."""
    if listed(portal):
        return ""
    what = N_("Nobody outside keeps the log's checkpoints yet: ./portal witness add NAME URL (see README)")
    return beside(what) + "\n"


def line(one: dict[str, Any]) -> str:
    """One witness of ``status``, for people."""
    health = "-" if one["failing"] is None else "failing" if one["failing"] else "ok"
    size = "-" if one["size"] is None else f"{one['size']} events"
    return f"{one['name']}  {health}  {size}  {age(one['seconds'])}"


def age(seconds: int | None) -> str:
    """As ``12 s ago``, ``3 h ago``; nothing known is ``never``."""
    if seconds is None:
        return "never"
    for limit, unit, size in ((120, "s", 1), (7200, "min", 60), (172_800, "h", 3600)):
        if seconds < limit:
            return f"{seconds // size} {unit} ago"
    return f"{seconds // 86_400} d ago"
