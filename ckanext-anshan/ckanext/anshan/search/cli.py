"""``ckan anshan search …``"""

from __future__ import annotations

from pathlib import Path

import click

from . import configset

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
