"""The background worker: ``ckan anshan worker`` where the extension has it, else CKAN's own."""

from __future__ import annotations

import os
from typing import Any

import click
from ckan.cli.cli import ckan

INI = os.environ["CKAN_INI"]


def has(*path: str) -> bool:
    """Whether the CKAN command line knows this command, once the plugins have been loaded."""
    command: Any = ckan
    for name in path:
        command = command.commands.get(name) if isinstance(command, click.Group) else None
    return command is not None


def main() -> None:
    with ckan.make_context("ckan", ["-c", INI, "jobs", "worker"]) as context:
        words = ["anshan", "worker"] if has("anshan", "worker") else ["jobs", "worker"]
        name, command, rest = ckan.resolve_command(context, words)
        assert command is not None
        with command.make_context(name, rest, parent=context) as inner:
            command.invoke(inner)


if __name__ == "__main__":
    main()
