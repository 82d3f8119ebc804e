"""The background worker: repairs what a crash has left, then works.

``ckan anshan worker`` where the extension has it, else CKAN's own.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pysolr
from ckan.cli.cli import ckan
from ckan.lib.search.common import make_connection

INI = os.environ["CKAN_INI"]


def has(*path: str) -> bool:
    """Whether the CKAN command line knows this command, once the plugins have been loaded."""
    command: Any = ckan
    for name in path:
        command = command.commands.get(name) if isinstance(command, click.Group) else None
    return command is not None


def call(context: click.Context, *words: str) -> None:
    """Run a command of the CKAN command line inside this process."""
    name, command, rest = ckan.resolve_command(context, list(words))
    assert command is not None
    with command.make_context(name, rest, parent=context) as inner:
        try:
            command.invoke(inner)
        except click.exceptions.Exit as end:
            if end.exit_code:
                raise SystemExit(f"{' '.join(words)} ended with {end.exit_code}") from end


def wait_for_solr(seconds: float = 60) -> None:
    """Solr may still be starting: what is to be repaired may need it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(pysolr.SolrError, OSError):
            make_connection(decode_dates=False).search("*:*", rows=0)
            return
        time.sleep(0.3)


def main() -> None:
    with ckan.make_context("ckan", ["-c", INI, "jobs", "worker"]) as context:
        wait_for_solr()
        if has("anshan", "repair"):
            call(context, "anshan", "repair")
        (Path(INI).parent / "run" / "worker.ready").touch()
        words = ["anshan", "worker"] if has("anshan", "worker") else ["jobs", "worker"]
        call(context, *words)


if __name__ == "__main__":
    main()
