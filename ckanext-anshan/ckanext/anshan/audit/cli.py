"""``ckan anshan audit``: check the log, take it away, prove one event, forget one person."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import click
from ckan import model

from ..workflow.cli import in_portal
from . import exporting, forgetting, offline, options, permissions, proving

__all__ = ["audit"]


@click.group(short_help="The log of everything: check it, take it away, prove an event.")
def audit() -> None:
    """The log of everything: check it, take it away, prove an event."""


@audit.command(short_help="Check the whole log and every recorded object.")
@click.option("--key", help="Public key to trust; without it the one that the sealer wrote.")
@click.option("--witness", "witnesses", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def verify(context: click.Context, key: str | None, witnesses: tuple[Path, ...], as_json: bool) -> None:
    """Check tree, signatures, gaps, and each object's state against its last event.

    The same as an export and the offline verifier after it, which needs no portal. Exit status 1 when something was
    found, 2 when it could not be checked.
    """
    with in_portal(context), tempfile.TemporaryDirectory(prefix="anshan-audit-") as folder:
        trusted = key or options.verifier_key()
        if not trusted:
            click.echo("There is no key: the sealer has not run yet. Start it, or name a key with --key.", err=True)
            context.exit(2)
        exporting.write(Path(folder) / "export")
        words = [str(Path(folder) / "export"), "--key", trusted, *(["--json"] if as_json else [])]
        for former in options.former_keys():
            words += ["--former", former]
        for one in witnesses:
            words += ["--witness", str(one)]
        code = offline.main(words)
    context.exit(code)


@audit.command(short_help="Write the log into a folder that the offline verifier reads.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_context
def export(context: click.Context, folder: Path) -> None:
    """Write the log, the checkpoints and the state of every recorded object into a new FOLDER.

    With it goes ``offline.py``, the verifier: one file that needs Python and the package cryptography.
    """
    with in_portal(context):
        try:
            done = exporting.write(folder)
        except FileExistsError:
            click.echo(f"{folder} is there already: name a new folder.", err=True)
            context.exit(2)
    (folder / "offline.py").write_text(Path(offline.__file__).read_text("utf-8"), "utf-8")
    click.echo(f"{done.events} events, {done.pending} not sealed yet, {done.objects} objects: {folder}")


@audit.command(short_help="Prove that one event stands in the log.")
@click.argument("id")
@click.option("--private", is_flag=True, help="Also open who did it, from where and why.")
@click.pass_context
def prove(context: click.Context, id: str, private: bool) -> None:
    """Print a proof for the event ID, as the offline verifier checks it with --proof."""
    with in_portal(context):
        proof = proving.prove(id, private)
    if proof is None:
        click.echo("There is no such event, or it is not sealed yet: try again in a few seconds.", err=True)
        context.exit(1)
    click.echo(json.dumps(proof, ensure_ascii=False, indent=1))


@audit.command(short_help="Make what the log says about one account unreadable for good.")
@click.argument("account")
@click.option("--reason", required=True, help="Why, and on whose demand; kept with the record of it.")
@click.pass_context
def forget(context: click.Context, account: str, reason: str) -> None:
    """Take the key of ACCOUNT (name or id) away: its name, addresses and reasons can never be read again.

    The events stay, and the tree stays whole. The account itself is not deleted.
    """
    with in_portal(context):
        user = model.User.get(account)
        if user is None:
            click.echo(f"There is no account {account}.", err=True)
            context.exit(1)
        forgetting.forget(user.id, reason)
    click.echo("Forgotten.")


@audit.command("permissions", short_help="Print the SQL that takes the log out of the web processes' hands.")
@click.option("--web", default="", help="Role of the web processes; without it that of sqlalchemy.url.")
def print_permissions(web: str) -> None:
    """Print the SQL that a superuser runs in the portal's database after the migrations."""
    assert model.meta.engine
    sys.stdout.write(permissions.sql(web or str(model.meta.engine.url.username)))
