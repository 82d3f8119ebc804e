"""``ckan anshan applicants``: lock identities anew with another key."""

from __future__ import annotations

import click

from ..workflow.cli import in_portal
from . import messages, rekeying
from .locking import Locked
from .rules import Refusal

__all__ = ["applicants"]


@click.group(short_help="Who applies.")
def applicants() -> None:
    """Who applies."""


@applicants.command(short_help="Lock identities anew with the first key of the file.")
@click.pass_context
def rekey(context: click.Context) -> None:
    """Lock every identity anew with the first key of the file (ckanext.anshan.applicants.key_file).

    Write a new key as the first line, keep the old ones below it, run this, then take the old ones out; backups of
    before need them still. Exit status 1 when one can't be opened: nothing has changed then.
    """
    with in_portal(context):
        try:
            click.echo(f"{rekeying.rekey()} identities locked anew")
        except Locked as error:
            click.echo(messages.words(Refusal(error.code, error.facts)), err=True)
            context.exit(1)
