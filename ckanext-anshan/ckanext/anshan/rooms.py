"""Gathers what each room gives CKAN, and refuses a name given twice.

A room offers a name by listing it in ``__all__`` of the file of its kind (``actions.py``, ``auth.py``, ...).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click
from flask import Blueprint

ROOMS = (
    "guard",  # before all others: what it refuses costs no more
    "people",
    "applicants",
    "workflow",
    "audit",
    "cache",
    "store",
    "catalogue",
    "catalogue.exchange",
    "release",
    "access",
    "agreement",
    "application",
    "sharing",
    "inspection",
    "review",
    "preview",
    "dataset",
    "search",
    "pages",
    "theme",
    "developers",
    "demo",
)


def _modules(kind: str) -> list[Any]:
    names = [f"ckanext.anshan.{room}.{kind}" for room in ROOMS]
    return [import_module(name) for name in names if find_spec(name)]


def _gather(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in _modules(kind):
        for name in module.__all__:
            if name in found:
                raise RuntimeError(f"{kind}: {name} is given by two rooms")
            found[name] = getattr(module, name)
    return found


def actions() -> dict[str, Callable[..., Any]]:
    return _gather("actions")


def auth_functions() -> dict[str, Callable[..., Any]]:
    return _gather("auth")


def validators() -> dict[str, Callable[..., Any]]:
    return _gather("validators")


def helpers() -> dict[str, Callable[..., Any]]:
    return _gather("helpers")


def blueprints() -> list[Blueprint]:
    return list(_gather("views").values())


@cache
def jobs() -> dict[str, Callable[[dict[str, Any]], None]]:
    """Background work by its kind, see ``workflow.outbox``."""
    return _gather("jobs")


def repairs() -> dict[str, Callable[[], int]]:
    """What mends a room after a killed process, see ``workflow.repair``."""
    return _gather("repairs")


def secondly() -> dict[str, Callable[[], int]]:
    """What the worker does for a room once a second; none of it may take long, see ``workflow.worker``."""
    return _gather("secondly")


def minutely() -> dict[str, Callable[[], int]]:
    """What the worker does for a room once a minute, see ``workflow.worker``."""
    return _gather("minutely")


def hourly() -> dict[str, Callable[[], int]]:
    """What the worker does for a room once an hour, see ``workflow.worker``."""
    return _gather("hourly")


@cache
def notices() -> dict[str, Callable[[Mapping[str, Any]], str]]:
    """The sentence of each kind of notice, made of its facts, see ``people.notices``."""
    return _gather("notifying")


@cache
def leaving() -> dict[str, Callable[[dict[str, str], str | None, str], None]]:
    """What a room does, in the same transaction, when somebody can't act for a party any longer.

    Called with the party (``kind``, ``id``), the user (none: nobody can) and why: ``removed``, ``left``, ``barred`` or
    ``unverified``; see ``applicants.running``.
    """
    return _gather("leaving")


@cache
def withholding() -> dict[str, Callable[[str, bool, str], None]]:
    """What a room does, in the same transaction, when a dataset is suspended or a suspension of it is lifted.

    Called with the id of the dataset, whether it is suspended now, and the reason in the office's words.
    """
    return _gather("withholding")


def commands() -> list[click.Command]:
    @click.group(short_help="The public data portal of the city.")
    def anshan() -> None:
        """The public data portal of the city."""

    for command in _gather("cli").values():
        anshan.add_command(command)
    return [anshan]
