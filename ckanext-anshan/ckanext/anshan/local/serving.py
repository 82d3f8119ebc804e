"""One service in the foreground, for whoever looks after processes himself: a container, systemd."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from . import files, keys, lifecycle
from .layout import Layout
from .lifecycle import Wish
from .problems import N_, Problem
from .service import Portal, Service
from .solr import Solr
from .state import State
from .steps import Steps
from .web import AtWork, Sealer, Web, Worker

CKAN: dict[str, type[Service]] = {"web": Web, "worker": Worker, "sealer": Sealer}
NAMES = (*CKAN, "solr")
SOLR_PORT = 8983
EVERYWHERE = "0.0.0.0"


def serve(data: Path, name: str, wish: Wish) -> NoReturn:
    """Bring the portal up to date, then become this service."""
    Layout(data).make()
    if name in CKAN and isinstance(begun := CKAN[name](lifecycle.portal_of(data)), AtWork):
        begun.forget()
    service = _solr(data) if name == "solr" else CKAN[name](_ready(data, wish))
    words = service.command()
    os.execve(words[0], words, service.env())


def is_well(data: Path, name: str) -> bool:
    """For a health check beside it, in the same container: whether it runs, the container knows."""
    if name == "solr":
        return _solr_of(data).healthy()
    service = CKAN[name](lifecycle.portal_of(data))
    return service.works() if isinstance(service, AtWork) else service.healthy()


def _ready(data: Path, wish: Wish) -> Portal:
    """Databases, tables, accounts and index as this version needs them; web, worker and sealer wait for each other."""
    with files.alone(data / "up.lock", wait=True):
        portal = lifecycle.configure(data, wish, Steps(0, quiet=True))
        _need_outside(portal)
        lifecycle.start_stores(portal, lifecycle.CORES)
        if not Solr(portal).documents():  # a new index, or one whose disk was lost
            lifecycle.mark_as(portal, index="empty")
        lifecycle.prepare(portal, everybody=False)
    return portal


def _need_outside(portal: Portal) -> None:
    missing = [kind.name for kind in lifecycle.STORES if not kind(portal).outside]
    if missing:
        raise Problem(
            N_("Nobody has said where these services are: {services}."),
            N_("Give their addresses, for example ANSHAN_SOLR_URL."),
            services=", ".join(missing),
        )


def _solr(data: Path) -> Solr:
    """The index keeps its documents until the image brings another configuration."""
    layout = Layout(data)
    solr, wanted = _solr_of(data), files.digest(layout.configset)
    if solr.portal.state.marks.get("configset") != wanted:
        solr.put_core("ckan", layout.configset)
        lifecycle.mark_as(solr.portal, configset=wanted)
    return solr


def _solr_of(data: Path) -> Solr:
    state = State.load(data)
    state.ports["solr"] = SOLR_PORT
    solr = Solr(Portal(Layout(data), state, {}))
    solr.listen = EVERYWHERE
    return solr


def hand_out_secrets(data: Path, folder: Path) -> None:
    """Write the secrets of PostgreSQL and Redis where their containers read them."""
    Layout(data).make()
    with files.alone(data / "up.lock", wait=True):
        keys.hand_out(keys.load(data), folder)
