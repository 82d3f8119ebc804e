"""``ckan anshan release``: propose what was open before, import it once both offices have signed, verify the vault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan.types import Context

from ..review import lists as signed_lists
from ..workflow.cli import in_portal
from . import importing, messages, proposing, verifying
from .lists import Allowed
from .rules import Refusal

__all__ = ["release"]


@click.group(short_help="Releases and their files.")
def release() -> None:
    """Releases and their files."""


@release.command(short_help="Propose what a manifest names, for both offices to sign.")
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--user", required=True, help="Name of the account that proposes it: a member of the data bureau.")
@click.option("--title", default="", help="What the list is called in the queue; from its entries when not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def propose(context: click.Context, manifest: Path, user: str, title: str, as_json: bool) -> None:
    """Propose the entries that MANIFEST names as a list, a JSON object on each line:

    {"code" or "entry": "…", "files": [{"path": "…", "name": "…", "format": "…"}], "release_date": "YYYY-MM-DD"}

    Paths are below the manifest's folder. The files go into the vault and are scanned; both offices then sign the list
    in their queue, by two persons, neither of them who proposed it. The same list is proposed once. Exit status 1 when
    a line was refused, 2 when nothing was proposed.
    """
    with in_portal(context):
        try:
            report, told = _propose(manifest, user, title)
        except importing.Refused as refused:
            _refuse(refused.refusal, as_json)
            context.exit(2)
        except tk.NotAuthorized:
            _refuse(Refusal("not_the_bureau", {"name": user}), as_json)
            context.exit(2)
        except tk.ValidationError as error:
            _tell(error, as_json)
            context.exit(2)
        _print_proposal(report, told, as_json)
    context.exit(1 if report.refused else 0)


def _propose(manifest: Path, user: str, title: str) -> tuple[importing.Report, dict[str, Any]]:
    """What became of each line, and the list; who may not propose is told before anything is stored."""
    tk.check_access("anshan_submission_propose", Context(user=user), {})
    found = proposing.read(manifest, progress=_show_read)
    if not found.lines:
        refusal = Refusal("nothing_to_propose", {"problems": found.report.problems})
        raise importing.Refused(refusal)
    given = {"manifest": found.manifest, "title": title, "lines": found.lines}
    return found.report, tk.get_action("anshan_submission_propose")(Context(user=user), given)


def _print_proposal(report: importing.Report, told: dict[str, Any], as_json: bool) -> None:
    click.echo("", err=True)
    if as_json:
        kept = {name: told[name] for name in ("number", "state", "hash", "title")}
        lines = len(told["frozen"]["lines"])
        return click.echo(json.dumps({**kept, "listed": lines, **asdict(report)}, ensure_ascii=False))
    _print_problems(report)
    return click.echo(f"{told['number']} · {told['state_label']} · {told['hash']}")


@release.command("import", short_help="Release what a signed list names.")
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--list", "number", default="", help="Number of the list that both offices signed.")
@click.option("--dry-run", is_flag=True, help="Say what would be released, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def import_manifest(context: click.Context, manifest: Path, number: str, dry_run: bool, as_json: bool) -> None:
    """Release and publish the entries that MANIFEST names, as the list was signed by both offices.

    Each line is held against the signed one: another byte of a file, other metadata or another class is refused. A
    second run changes nothing; an interrupted one is finished by the same command. Exit status 1 when a line was
    refused, 2 when nothing could be done: without a list that both offices signed, nothing is released.
    """
    with in_portal(context):
        try:
            report = importing.run(manifest, _allowed(number, manifest), dry_run=dry_run, progress=_show)
        except importing.Refused as refused:
            _refuse(refused.refusal, as_json)
            context.exit(2)
        _print(report, as_json)
    context.exit(1 if report.refused else 0)


def _allowed(number: str, manifest: Path) -> Allowed:
    if not number.strip():
        raise importing.Refused(Refusal("no_list_given", {"manifest": str(manifest)}))
    return signed_lists.signed(number.strip())


def _show(report: importing.Report) -> None:
    click.echo(f"\r{report.lines} lines, {report.released} released, {report.refused} refused", err=True, nl=False)


def _show_read(report: importing.Report) -> None:
    click.echo(f"\r{report.lines} lines read, {report.refused} refused", err=True, nl=False)


def _refuse(refusal: Refusal, as_json: bool) -> None:
    coded = messages.coded(refusal)
    for problem in [] if as_json else coded.get("problems", ()):
        click.echo(_problem(problem), err=True)
    click.echo(json.dumps({"error": coded}, ensure_ascii=False) if as_json else coded["message"], err=not as_json)


def _tell(error: tk.ValidationError, as_json: bool) -> None:
    told: dict[str, Any] = dict(error.error_dict)
    code = (told.pop("code", None) or ["review.invalid"])[0]
    sentence = " ".join(str(text) for texts in told.values() for text in texts)
    coded = {"error": {"code": code, "message": sentence}}
    click.echo(json.dumps(coded, ensure_ascii=False) if as_json else sentence, err=not as_json)


def _print(report: importing.Report, as_json: bool) -> None:
    click.echo("", err=True)
    if as_json:
        return click.echo(json.dumps(asdict(report), ensure_ascii=False))
    _print_problems(report)
    counts = f"{report.released} released, {report.unchanged} unchanged, {report.refused} refused"
    more = f", {report.left} of the list left" if report.left else ""
    kind = " (dry run)" if report.dry_run else ""
    return click.echo(f"{report.lines} lines: {counts}{more}, {report.seconds} s{kind}")


def _print_problems(report: importing.Report) -> None:
    for problem in report.problems:
        click.echo(_problem(problem))


def _problem(problem: Mapping[str, Any]) -> str:
    return f"line {problem['line']}: {problem['code']} · {problem['message']}"


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
