"""What the scanner is asked, and which version of it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from . import options, words

JOB, REMEDY = "--job", "--remedy"


def version_for(organization_id: str) -> str:
    """The version of the scanner with the words of an agency: another one may find other things in the same file."""
    own = words.version(words.of(organization_id))
    return f"{version()}+{own}" if own else version()


@cache
def version() -> str:
    """As the scanner writes it into its reports: of the code, and a hash of policy and dictionaries."""
    from ..scan import scanning  # with its libraries, which a process that asks for no scan does without

    return scanning.version()


def job(path: Path, row: Any, own: Sequence[Mapping[str, str]], joins: Mapping[str, Any]) -> dict[str, Any]:
    """The request for a scan of the file of a report.

    :param own: the agency's words · :param joins: as ``sketches.joins`` gives it
    """
    return {
        "path": str(path),
        "name": row.file_name,
        "words": [{"word": one["word"], "kind": one["kind"]} for one in own],
        **joins,
        **limits(),
    }


def remedy(path: Path, row: Any, asked: Sequence[Mapping[str, Any]], to: Path | None) -> dict[str, Any]:
    """The request for a changed file, or without ``to`` for a look at what would be changed."""
    goal = {"to": str(to)} if to else {"preview": True}
    return {"path": str(path), "name": row.file_name, "asked": [dict(one) for one in asked], **goal, **limits()}


def limits() -> dict[str, int]:
    return {"memory": options.memory(), "seconds": options.seconds()}
