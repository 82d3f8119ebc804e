"""Loads the demo the way an agency's data comes in: agencies, a catalogue import, an import of releases.

Each part leaves alone what it finds done, so an interrupted load is finished by the same command, and a second changes
nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context

from ..catalogue import themes
from ..catalogue.exchange import importing as catalogue_importing
from ..people import options as people_options
from ..release import importing as release_importing
from ..release import lists
from ..workflow import outbox
from . import usage
from .city import Agency, Demo, agencies
from .generate import generate

APPROVAL = "鞍数发〔2026〕演示1号"
PATIENCE_SECONDS = 60
"""How long a load goes on with the tables of its files; the worker does the rest."""

Told = Callable[[str], None]


@dataclass
class Loaded:
    """What a load did; all but the first two are 0 when everything was there already."""

    entries: int = 0
    files: int = 0
    agencies_written: int = 0
    entries_written: int = 0
    entries_refused: int = 0
    releases_written: int = 0
    releases_refused: int = 0
    work_waiting: int = 0
    seconds: float = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def load(told: Told = lambda line: None, chosen: Sequence[Demo] | None = None) -> Loaded:
    """Load the demo, or a part of it; ``told`` gets a line for each step.

    :raises release_importing.Refused: something else was released here; nothing is loaded
    """
    started, loaded = time.monotonic(), Loaded()
    check_alone()
    with TemporaryDirectory(prefix="anshan-demo-") as folder:
        made = generate(Path(folder), chosen)
        loaded.entries, loaded.files = made.entries, made.files
        told(f"{made.entries} entries and {made.files} files made")
        loaded.agencies_written = _agencies({demo.agency for demo in chosen} if chosen else set(agencies()))
        told(f"{loaded.agencies_written} agencies written")
        _catalogue(made.catalogue, loaded)
        told(f"{loaded.entries_written} entries written")
        _releases(made.manifest, loaded)
        told(f"{loaded.releases_written} releases published")
    loaded.work_waiting = _settle()
    told(f"{usage.load()} datasets with downloads")
    loaded.seconds = round(time.monotonic() - started, 1)
    return loaded


def _catalogue(path: Path, loaded: Loaded) -> None:
    outcome = catalogue_importing.run(path, file_name="demo.csv")
    loaded.entries_written = outcome.created + outcome.updated
    loaded.entries_refused = outcome.refused


def check_alone() -> None:
    """The demo comes into a portal that holds nothing else: where data was released, it would stand beside it."""
    refusal = release_importing.against_demo()
    if refusal:
        raise release_importing.Refused(refusal)


def allowed(manifest: Path) -> lists.Allowed:
    """By what the demo is released."""
    return lists.demo(APPROVAL)


def _releases(manifest: Path, loaded: Loaded) -> None:
    report = release_importing.run(manifest, allowed(manifest))
    loaded.releases_written = report.released
    loaded.releases_refused = report.refused


def _settle() -> int:
    """Make the tables and the index of what was released; returns what is left to the worker."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and outbox.drain(limit=50, within=5):
        pass
    return outbox.waiting()


def _agencies(wanted: set[Agency]) -> int:
    """Have the themes and these agencies as CKAN has groups and organizations; returns how many were written."""
    themes.ensure()
    model.repo.commit()
    there = _there()
    different = [one for one in sorted(wanted, key=lambda one: one.uscc) if there.get(name_of(one)) != _facts(one)]
    for agency in different:
        _write(agency, name_of(agency) in there)
    return len(different)


def name_of(agency: Agency) -> str:
    """The two offices bear the names that the portal's options give them."""
    offices = {"data-bureau": people_options.bureau_org(), "cyberspace-office": people_options.cyberspace_org()}
    return offices.get(agency.id, agency.id)


def _facts(agency: Agency) -> dict[str, str]:
    return {"title": agency.name, "uscc": agency.uscc, "phone": agency.phone}


def _there() -> dict[str, dict[str, str]]:
    table = model.group_table
    columns = (table.c["name"], table.c["title"], table.c["extras"])
    active = table.c["is_organization"] & (table.c["state"] == "active")
    rows = model.Session.execute(sa.select(*columns).where(active))
    return {row.name: _stored(row.title, row.extras or {}) for row in rows}


def _stored(title: str, extras: Mapping[str, str]) -> dict[str, str]:
    return {"title": title, "uscc": extras.get("uscc", ""), "phone": extras.get("phone", "")}


def _write(agency: Agency, exists: bool) -> None:
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context: Context = {"ignore_auth": True, "user": site_user}
    facts = _facts(agency)
    if exists:
        tk.get_action("organization_patch")(context, {"id": name_of(agency), **facts})
    else:
        tk.get_action("organization_create")(context, {"name": name_of(agency), **facts})
