"""``ckan anshan worker`` and ``ckan anshan repair``."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import Any

import click

from . import repair as repairing
from . import worker as working

__all__ = ["repair", "worker"]


def in_portal(context: click.Context) -> AbstractContextManager[Any]:
    """The portal's own application and request context, which actions and addresses need."""
    return context.meta["flask_app"].test_request_context()


@click.command(short_help="Do background work until told to stop.")
@click.option("--pause", default=working.PAUSE, show_default=True, help="Seconds between two looks at the queues.")
@click.pass_context
def worker(context: click.Context, pause: float) -> None:
    """Do the queued work of the portal and of CKAN until SIGTERM or SIGINT."""
    with in_portal(context):
        working.run(pause)


@click.command(short_help="Finish what a killed process left half done.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def repair(context: click.Context, as_json: bool) -> None:
    """Finish or take back what a killed process left half done. Safe to repeat."""
    with in_portal(context):
        result = repairing.run()
    click.echo(json.dumps(result) if as_json else ", ".join(f"{name}: {count}" for name, count in result.items()))
