"""``ckan anshan release``: import what was open before, verify the vault."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ..workflow.cli import in_portal
from . import importing, lists, verifying

__all__ = ["release"]


@click.group(short_help="Releases and their files.")
def release() -> None:
    """Releases and their files."""


@release.command("import", short_help="Release what a manifest names.")
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--list", "number", required=True, help="Number of the list that both offices signed.")
@click.option("--dry-run", is_flag=True, help="Say what would be released, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def import_manifest(context: click.Context, manifest: Path, number: str, dry_run: bool, as_json: bool) -> None:
    """Release and publish the entries that MANIFEST names, a JSON object on each line:

    {"code" or "entry": "…", "files": [{"path": "…", "name": "…", "format": "…"}], "release_date": "YYYY-MM-DD"}

    Paths are below the manifest's folder. A second run changes nothing; an interrupted one is finished by the same
    command. Exit status 1 when a line was refused, 2 when nothing could be done.
    """
    with in_portal(context):
        try:
            report = importing.run(manifest, lists.approved(number), dry_run=dry_run, progress=_show)
        except importing.Refused as refused:
            _refuse(refused, as_json)
            context.exit(2)
        _print(report, as_json)
    context.exit(1 if report.refused else 0)


def _show(report: importing.Report) -> None:
    click.echo(f"\r{report.lines} lines, {report.released} released, {report.refused} refused", err=True, nl=False)


def _refuse(refused: importing.Refused, as_json: bool) -> None:
    coded = importing.messages.coded(refused.refusal)
    click.echo(json.dumps({"error": coded}, ensure_ascii=False) if as_json else coded["message"], err=not as_json)


def _print(report: importing.Report, as_json: bool) -> None:
    click.echo("", err=True)
    if as_json:
        return click.echo(json.dumps(asdict(report), ensure_ascii=False))
    for problem in report.problems:
        click.echo(f"line {problem['line']}: {problem['code']} · {problem['message']}")
    counts = f"{report.released} released, {report.unchanged} unchanged, {report.refused} refused"
    return click.echo(f"{report.lines} lines: {counts}, {report.seconds} s{' (dry run)' if report.dry_run else ''}")


@release.command(short_help="Take the hash of every released file anew.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def verify(context: click.Context, as_json: bool) -> None:
    """Take the hash of every released file in the vault anew. Exit status 1 when one is missing or damaged."""
    with in_portal(context):
        found: dict[str, Any] = verifying.verify()
    click.echo(json.dumps(found) if as_json else f"{found['files']} files, {found['bytes']} bytes")
    for problem in [] if as_json else found["problems"]:
        click.echo(f"{problem['sha256']}: {problem['problem']}")
    context.exit(1 if found["problems"] else 0)
