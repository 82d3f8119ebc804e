"""``ckan anshan words`` and ``ckan anshan docs``: keep the catalogues of messages and the reference pages whole."""

from __future__ import annotations

from pathlib import Path

import click

from ..local import libraries as packages
from ..local.problems import Problem
from . import libraries as known
from . import options, printed
from . import words as catalogues

__all__ = ["docs", "libraries", "words"]

HOW_TO_MEND = {
    "missing": "write its msgstr",
    "fuzzy": "review it and remove the mark",
    "placeholders": "keep every %(name)s, {name} and tag of the original",
    "not_extracted": "run: ckan anshan words update",
    "unused": "run: ckan anshan words update",
    "not_compiled": "run: ckan anshan words compile",
}


@click.group(short_help="Keep the catalogues of messages whole.")
def words() -> None:
    """Keep the catalogues of messages whole, in Chinese and English."""


@words.command()
def update() -> None:
    """Bring the catalogues to the messages in the code; say which are still to be translated."""
    missing = catalogues.update()
    for msgid in missing:
        click.echo(msgid)
    click.echo(f"{len(missing)} to translate in {catalogues.po_path('zh_Hans_CN')}", err=True)


@words.command("compile")
def compile_() -> None:
    """Write the .mo files that the portal reads."""
    for path in catalogues.compile_all():
        click.echo(path)


@words.command()
def check() -> None:
    """Fail if a message is missing, fuzzy, unused, not compiled, or loses a placeholder."""
    findings = catalogues.check()
    for finding in findings:
        click.echo(f"{finding.locale}: {finding.code}: {finding.msgid!r} ({HOW_TO_MEND[finding.code]})")
    if findings:
        raise SystemExit(1)
    click.echo("Every message is there in both languages.")


@click.group(short_help="Keep the reference pages of docs/ true.")
def docs() -> None:
    """Keep the reference pages of docs/ true: they are printed from the code."""


@docs.command("update")
@click.pass_context
def update_docs(context: click.Context) -> None:
    """Print the reference pages anew."""
    for path in printed.update(context.meta["flask_app"]):
        click.echo(path)


@docs.command("check")
@click.pass_context
def check_docs(context: click.Context) -> None:
    """Fail if a reference page differs from the code."""
    stale = printed.stale(context.meta["flask_app"])
    for path in stale:
        click.echo(f"{path} differs from the code (run: ckan anshan docs update)")
    if stale:
        raise SystemExit(1)
    click.echo("Every page agrees with the code.")


@click.command(short_help="Fetch the script libraries of the previews.")
@click.option("--cache", type=click.Path(path_type=Path), help="Where packages are kept; beside the libraries without.")
def libraries(cache: Path | None) -> None:
    """Fetch the script libraries that the chart and the map are drawn with, as assets.lock pins them."""
    if not options.libraries():
        raise click.ClickException("Set ckanext.anshan.theme.libraries to the folder that they go to.")
    target = Path(options.libraries())
    try:
        for folder in packages.fetch(known.LOCK, cache or target / "packages", target):
            click.echo(folder)
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
