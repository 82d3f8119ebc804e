"""``ckan anshan search …``"""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..workflow.cli import in_portal
from . import configset, usage

__all__ = ["search"]


@click.group(short_help="Chinese search.")
def search() -> None:
    """Chinese search."""


@search.command("configset", short_help="Write the Solr configuration set.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
def write_configset(out: Path) -> None:
    """Write the Solr configuration set, derived from the schema inside the installed CKAN."""
    for path in configset.write(out):
        click.echo(path)


@search.command("refresh", short_help="Bring the use of datasets into the index.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def refresh(context: click.Context, as_json: bool) -> None:
    """Index anew each dataset that was downloaded since it was indexed. The worker does it every hour."""
    with in_portal(context):
        count = usage.refresh()
    click.echo(json.dumps({"refreshed": count}) if as_json else f"{count} datasets indexed anew")
