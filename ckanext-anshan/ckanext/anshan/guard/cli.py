"""``ckan anshan guard …``"""

from __future__ import annotations

import click
import redis

from ..workflow.cli import in_portal
from . import lifting

__all__ = ["guard"]


@click.group(short_help="Limits of requests and log-ins.")
def guard() -> None:
    """Limits of requests and log-ins."""


@guard.command(short_help="Let somebody who has reached a limit ask again at once.")
@click.argument("who", metavar="ADDRESS_OR_ACCOUNT")
@click.option("--reason", default="", help="Why; kept with the record of it.")
@click.pass_context
def lift(context: click.Context, who: str, reason: str) -> None:
    """Lift every limit that an address on the net or an account (name, id or e-mail address) has reached.

    With an account also the wrong passwords that were typed for it, wherever that was. What was lifted is recorded in
    the log. Exit status 1 when there is no such account or Redis can't be asked.
    """
    with in_portal(context):
        try:
            lifted = lifting.lift(who.strip(), reason.strip())
        except lifting.Unknown:
            click.echo(f"{who} is no address, and there is no such account.", err=True)
            context.exit(1)
        except redis.RedisError as error:
            click.echo(f"Redis can't be asked, so nothing was lifted and nothing is limited: {error}", err=True)
            context.exit(1)
    for one in lifted:
        click.echo(f"Lifted: {one.name.value}, {one.seconds} seconds early.")
    if not lifted:
        click.echo(f"{who} has reached no limit: there was nothing to lift.")
