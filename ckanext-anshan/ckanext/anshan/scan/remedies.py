"""Makes a new file in which what a finding names is gone, masked or coarser, and lists what changed.

The original is never touched. A remedy on a workbook leaves its values alone, and nothing else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from .pieces import Limits, Reading
from .reading import kind_of
from .rewriting import REMEDIES, Asked, Change, Changes, Refused, delimited, json_tree, workbook

__all__ = ["REMEDIES", "WRITERS", "Asked", "Change", "Changes", "Refused", "apply", "preview"]

WRITERS: dict[str, ModuleType] = {
    "csv": delimited,
    "tsv": delimited,
    "json": json_tree,
    "geojson": json_tree,
    "ndjson": json_tree,
    "xlsx": workbook,
    "xlsb": workbook,
    "xls": workbook,
    "et": workbook,
    "ods": workbook,
}
"""Which module writes a file of a kind anew; other kinds are refused."""


def apply(
    path: Path,
    name: str,
    asked: Sequence[Asked],
    to: Path,
    limits: Limits | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Changes:
    """Writes the new file to ``to``, whole or not at all.

    :param path: where the bytes are · :param name: what the file is called
    :param asked: with part, column and kind as in the finding
    :returns: the new file's name, hash and size, and each change with masked examples
    :raises Refused: with a code of ``remedy_words.WORDS``
    """
    writer = _writer(path, name, asked)
    changes: Changes = writer.apply(path, name, asked, to, Reading(limits or Limits(), progress))
    return changes


def preview(path: Path, name: str, asked: Sequence[Asked], rows: int = 5) -> Changes:
    """What ``apply`` would change: as many examples as asked for, and counts as far as the file was read for them."""
    changes: tuple[Change, ...] = _writer(path, name, asked).preview(path, asked, rows)
    return Changes("", "", 0, changes)


def _writer(path: Path, name: str, asked: Sequence[Asked]) -> ModuleType:
    for one in asked:
        if one.remedy not in REMEDIES:
            raise Refused("no_such_remedy", remedy=one.remedy)
    if not asked:
        raise Refused("nothing_asked")
    kind = kind_of(path, name)
    if kind == "encrypted_office":
        raise Refused("encrypted")
    if kind not in WRITERS:
        raise Refused("format", type=kind)
    return WRITERS[kind]
