"""``ckan anshan access trace``: whose copy a file that has come to light is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ..workflow.cli import in_portal
from . import leaks

__all__ = ["access"]

WHY_NOT = {
    "no_grants": "There is no such dataset, or nothing of it was ever granted.",
    "no_table": "The file can't be read as a table (CSV, XLSX, JSON or Parquet).",
    "nothing_to_compare": "Nothing of this dataset was handed out that the file could be laid beside.",
}
SAYS = {
    "same_file": "This very file was handed out, byte for byte:",
    "found": "The order of its rows is the one of one grant, beyond doubt:",
    "several": "It holds rows of several grants, each beyond doubt:",
    "sorted": "The order of its rows was lost. These grants could have had its columns and rows:",
    "too_few": "Too few of its rows are found in the file for a certain answer. The likeliest first:",
    "no_match": "None of its rows is found in what was handed out.",
}


@click.group(short_help="What is handed out under grants.")
def access() -> None:
    """What is handed out under grants."""


@access.command(short_help="Find by which grant a file that has come to light was handed out.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", required=True, help="Name or id of the dataset that it comes from.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def trace(context: click.Context, file: Path, dataset: str, as_json: bool) -> None:
    """Find by which grant FILE (CSV, XLSX, JSON or Parquet) was handed out, the likeliest first, and why.

    A file that is the same byte for byte is told by its hash. Else it is laid beside every released file of the dataset
    that was handed out: the order of its rows is compared with the one of each grant. ``chance`` says how likely
    another grant agrees so well. Exit status 1 when there is nothing to compare it with.
    """
    with in_portal(context):
        try:
            found = leaks.trace(file, dataset)
        except leaks.Unknown as error:
            click.echo(WHY_NOT[str(error)], err=True)
            context.exit(1)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _words(found))


def _words(found: dict[str, Any]) -> str:
    ranked = [one for one in found["ranked"] if found["says"] != "sorted" or one["could_have"]]
    return "\n".join([SAYS[found["says"]], *(f"  {_line(one)}" for one in ranked)])


def _line(one: dict[str, Any]) -> str:
    who = f"{one['number']}  {', '.join(one['holders'])}"
    if "chance" not in one:
        return f"{who}  {one['file']}, version {one['version']}, {one['format']}, handed out {one['at']}"
    sure = "sure" if one["is_sure"] else "not sure"
    could = "" if one["could_have"] else ", never had these columns or rows"
    return f"{who}  {sure}: {one['share']:.1%} of {one['pairs']} pairs agree, chance {one['chance']:.1e}{could}"
