"""``ckan anshan demo``: fill a portal with a city that was made up."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..release.importing import Refused
from ..workflow.cli import in_portal
from . import load as loading
from .generate import generate

__all__ = ["demo"]


@click.group(short_help="A made-up city to try the portal with.")
def demo() -> None:
    """A made-up city of agencies, entries and files to try the portal with."""


@demo.command(short_help="Load the demo.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_context
def load(context: click.Context, as_json: bool) -> None:
    """Load the demo's agencies, entries and releases. A second run changes nothing; an interrupted one goes on.

    Exit status 2, and nothing is loaded, where anything else was ever released.
    """
    with in_portal(context):
        try:
            loaded = loading.load(lambda line: click.echo(line, err=True))
        except Refused as refused:
            click.echo(str(refused), err=True)
            context.exit(2)
    if as_json:
        click.echo(json.dumps(loaded.as_dict()))
    else:
        click.echo(f"Loaded in {loaded.seconds} s; {loaded.work_waiting} jobs are left to the worker.")
    context.exit(1 if loaded.entries_refused or loaded.releases_refused else 0)


@demo.command(short_help="Write the demo's files.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def files(folder: Path) -> None:
    """Write the demo's catalogue, files and manifest below FOLDER, for the two import commands."""
    made = generate(folder)
    click.echo(f"{made.entries} entries in {made.catalogue}, {made.files} files named by {made.manifest}")
