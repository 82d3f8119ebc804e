"""``ckan anshan catalogue import | export | template``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from . import exporting, faults, importing, messages, report, templates
from .forms import FORMS
from .problems import FileRefused

__all__ = ["catalogue"]

SHOWN = 20
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
language = click.option("--lang", default="zh_Hans_CN", show_default=True, help="Language of messages and report.")


@contextmanager
def _speaking(context: click.Context, lang: str) -> Iterator[None]:
    with context.meta["flask_app"].test_request_context(), messages.spoken(lang):
        yield


@click.group(short_help="Import and export the catalogue.")
def catalogue() -> None:
    """Import and export the catalogue of entries."""


@catalogue.command("import", short_help="Import a CSV, XLSX or XLS file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--create-agencies", is_flag=True, help="Make the organizations that are missing.")
@click.option("--dry-run", is_flag=True, help="Check the file and write nothing.")
@click.option("--report", "report_to", type=click.Path(path_type=Path), help="Where to list the problems, row by row.")
@click.option("--user", help="Name of the user who becomes the entries' creator.")
@as_json
@language
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    create_agencies: bool,
    dry_run: bool,
    report_to: Path | None,
    user: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Import the 1272 template, an open plan, or the portal's own template; which of them, the headings tell.

    A row with an error is reported and left out, the rest goes in. The same file once more changes nothing, and goes
    on where an interrupted import ended. Exit code 1: the file was refused; 2: rows were left out.
    """
    with _speaking(context, lang):
        try:
            with _progress(not as_json) as progress:
                outcome = importing.run(
                    file,
                    create_agencies=create_agencies,
                    dry_run=dry_run,
                    user=user,
                    report_to=report_to,
                    progress=progress,
                )
        except FileRefused as error:
            _refuse(error, as_json)
        told = outcome.as_dict()
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else messages.summary(told))
        if not as_json and not report_to:
            _list(outcome)
    sys.exit(2 if outcome.refused else 0)


@contextmanager
def _progress(wanted: bool) -> Iterator[importing.Progress | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


def _refuse(error: FileRefused, as_json: bool) -> NoReturn:
    if as_json:
        told = {"code": error.code, "facts": error.facts, "message": messages.refusal(error)}
        click.echo(json.dumps({"error": told}, ensure_ascii=False))
    else:
        click.secho(messages.refusal(error), fg="red", err=True)
    sys.exit(1)


def _list(outcome: importing.Outcome) -> None:
    for one in outcome.problems[:SHOWN]:
        told = report.as_dict(one)
        click.echo(f"{one.row:>7}  {messages.level(one.level.value)}  {one.column}  {told['reason']}", err=True)
    more = len(outcome.problems) - SHOWN
    if more > 0:
        click.echo(messages.more(more), err=True)


@catalogue.command(short_help="Export all entries.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--form", type=click.Choice(list(FORMS)), default="own", show_default=True, help="Which template.")
@as_json
@language
@click.pass_context
def export(context: click.Context, file: Path, form: str, as_json: bool, lang: str) -> None:
    """Write all entries to FILE: XLSX by that ending, else CSV."""
    with _speaking(context, lang):
        try:
            count = exporting.write(file, form)
        except FileRefused as error:
            _refuse(error, as_json)
        result: dict[str, Any] = {"file": str(file), "form": form, "entries": count}
        click.echo(json.dumps(result) if as_json else messages.exported(count, str(file)))


@catalogue.command(short_help="Write the empty template.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
@language
@click.pass_context
def template(context: click.Context, file: Path, as_json: bool, lang: str) -> None:
    """Write the portal's own template to FILE: XLSX with drop-downs, an example and help, or CSV."""
    with _speaking(context, lang):
        try:
            with faults.told(file):
                templates.write(file)
        except FileRefused as error:
            _refuse(error, as_json)
        click.echo(json.dumps({"file": str(file)}) if as_json else str(file))
