"""What is different between two versions: fields, information items, files and their rows. Plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

EXAMPLES = 20
"""Rows of each kind that are shown."""
Cells = Sequence[str | None]


@dataclass(frozen=True)
class Table:
    """The columns and rows of a file, as texts."""

    columns: Sequence[str]
    rows: Sequence[Cells]


@dataclass
class Difference:
    """Between two tables. Rows are told apart by ``key``; without one a row is there or not, never changed."""

    key: str = ""
    columns_added: list[str] = field(default_factory=list)
    columns_removed: list[str] = field(default_factory=list)
    added: int = 0
    removed: int = 0
    changed: int = 0
    rows: int = 0  # of the newer one
    columns: list[str] = field(default_factory=list)  # that both have: those of the examples
    examples_added: Sequence[Cells] = field(default_factory=list)
    examples_removed: Sequence[Cells] = field(default_factory=list)
    examples_changed: Sequence[tuple[Cells, Cells]] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.changed or self.columns_added or self.columns_removed)


def between(before: Table, after: Table) -> Difference:
    """What happened to a table from one version to the next."""
    shared = [name for name in after.columns if name in set(before.columns)]
    found = Difference(
        columns_added=[name for name in after.columns if name not in shared],
        columns_removed=[name for name in before.columns if name not in shared],
        columns=shared,
        rows=len(after.rows),
    )
    old, new = (list(_taken(table, shared)) for table in (before, after))
    at = _key(shared, old, new)
    if at is None:
        _by_whole_rows(found, old, new)
    else:
        found.key = shared[at]
        _by_key(found, {row[at]: row for row in old}, {row[at]: row for row in new})
    return found


def _taken(table: Table, names: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
    places = [list(table.columns).index(name) for name in names]
    return (tuple(row[at] for at in places) for row in table.rows)


def _key(names: Sequence[str], old: Sequence[Cells], new: Sequence[Cells]) -> int | None:
    """The first column that tells every row apart, in both."""
    for at in range(len(names)):
        if _is_unique([row[at] for row in old]) and _is_unique([row[at] for row in new]):
            shared = {row[at] for row in old} & {row[at] for row in new}
            if shared or not old or not new:
                return at
    return None


def _is_unique(values: Sequence[str | None]) -> bool:
    return None not in values and len(set(values)) == len(values)


def _by_key(found: Difference, old: Mapping[Any, Cells], new: Mapping[Any, Cells]) -> None:
    added = [row for key, row in new.items() if key not in old]
    removed = [row for key, row in old.items() if key not in new]
    changed = [(old[key], row) for key, row in new.items() if key in old and old[key] != row]
    found.added, found.removed, found.changed = len(added), len(removed), len(changed)
    found.examples_added, found.examples_removed = added[:EXAMPLES], removed[:EXAMPLES]
    found.examples_changed = changed[:EXAMPLES]


def _by_whole_rows(found: Difference, old: Sequence[Cells], new: Sequence[Cells]) -> None:
    before, after = Counter(map(tuple, old)), Counter(map(tuple, new))
    added, removed = list((after - before).elements()), list((before - after).elements())
    found.added, found.removed = len(added), len(removed)
    found.examples_added, found.examples_removed = added[:EXAMPLES], removed[:EXAMPLES]


@dataclass(frozen=True)
class FileChange:
    """What happened to a file: added, removed, changed or same."""

    name: str
    code: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def files(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[FileChange]:
    """By name; the bytes are compared by their SHA-256."""
    old, new = ({one["name"]: one for one in listed} for listed in (before, after))
    names = [*new, *(name for name in old if name not in new)]
    return [FileChange(name, _file_code(old.get(name), new.get(name)), old.get(name), new.get(name)) for name in names]


def _file_code(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    if old is None or new is None:
        return "added" if old is None else "removed"
    return "same" if old["sha256"] == new["sha256"] else "changed"


@dataclass(frozen=True)
class FieldChange:
    name: str
    before: str
    after: str


ALONE = frozenset({"owner_org", "groups", "tags", "next_update_due"})
"""Fields that are told elsewhere, or that change with each version by their nature."""


def fields(before: Mapping[str, Any], after: Mapping[str, Any], alone: Collection[str] = ALONE) -> list[FieldChange]:
    """Of the metadata as published: title, summary and every field whose value isn't the same.

    :param alone: what is left out
    """
    old, new = _flat(before), _flat(after)
    return [
        FieldChange(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*new, *old])
        if name not in alone and old.get(name, "") != new.get(name, "")
    ]


def _flat(metadata: Mapping[str, Any]) -> dict[str, str]:
    top = {name: str(value) for name, value in metadata.items() if isinstance(value, str) and value}
    return top | {name: str(value) for name, value in metadata["fields"].items()}


@dataclass(frozen=True)
class ItemChange:
    """An information item that came, went or reads otherwise."""

    name: str
    code: str
    what: tuple[str, ...] = ()  # names of the facts that changed


def items(before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]) -> list[ItemChange]:
    old, new = ({one["name"]: one for one in listed} for listed in (before, after))
    found = []
    for name in dict.fromkeys([*new, *old]):
        if name not in old or name not in new:
            found.append(ItemChange(name, "added" if name in new else "removed"))
            continue
        what = tuple(key for key in dict.fromkeys([*new[name], *old[name]]) if new[name].get(key) != old[name].get(key))
        if what:
            found.append(ItemChange(name, "changed", what))
    return found
