"""``ckan anshan scan``: the scanner at somebody's own desk."""

from __future__ import annotations

import sys

import click

__all__ = ["scan"]


@click.command(short_help="Scan files for personal data, secrets and persons who can be told apart.")
@click.argument("file", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one object a line for each file.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of the sentences.")
def scan(file: tuple[str, ...], as_json: bool, lang: str) -> None:
    """Scan FILE… as the portal does, and say what was found, where, how often, and what to do about it.

    With --json each line is one object as docs/scan-report.schema.json has it. Values are masked in either form.
    Ends with 0 when nothing blocks opening, with 1 when something does.
    """
    from ..scan.__main__ import main

    sys.exit(main([*file, *(["--json"] if as_json else []), "--lang", lang]))
