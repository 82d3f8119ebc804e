"""What a submission changes in what was released: fields, information items, files, and the rows of their tables.

Values of columns in which a scan found something are told masked, here as everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..dataset import contents, differences
from ..dataset.contents import Contents
from ..release import rules as release_rules
from ..release import tables
from . import hiding
from .hiding import Cover, Findings

EXAMPLES = 5
"""Rows of each kind that are told."""
KEPT_SECONDS = 7 * 24 * 3600
KEY = "anshan:review:difference:1:{before}:{after}:{asked}"
SIZE_KEY = "anshan:review:size:1:{sha256}"
FLAGGED = frozenset(
    {
        "opening_class",
        "security_level",
        "opening_basis_title",
        "opening_basis_number",
        "opening_basis_article",
        "eligible_applicants",
        "sharing_class",
        "sharing_basis",
    }
)
"""Fields whose change changes who may have the data, and by which law."""
INTERNAL_COLUMNS = ("name",)
TYPES = {own: name for name, own in tables.TYPES.items()}
"""From the types of PostgreSQL to those of information items."""

Told = dict[str, Any]
Stored = Mapping[str, Any]
Scanned = Mapping[str, Findings | None]
"""The findings of the scan of each file by its SHA-256; None where the scan failed or isn't done."""


def difference(
    frozen: Stored, released: Stored | None, previous: Stored | None = None, scanned: Scanned | None = None
) -> Told:
    """What is different from a released version.

    :param frozen: what was submitted · :param released: as ``entries.last_version`` gives it; None of a first version
    :param previous: what was frozen when that version was submitted; without it internal fields aren't compared
    :returns: ``is_first``, ``before`` (of the released version), ``fields``, ``items``, ``files``, ``counts``, and
        ``with_internal``: whether the internal fields were compared
    """
    changes = _paired(differences.files(listed(released or {}), listed(frozen)))
    items = _items_of(frozen), released["metadata"]["information_items"] if released else ()
    told = [_file(change, items, scanned or {}) for change in changes]
    found = {
        "is_first": released is None,
        "with_internal": previous is not None,
        "before": {name: released[name] for name in ("version", "opening_class", "release_date")} if released else None,
        "fields": _fields(frozen, released, previous) if released else [],
        "items": _items(frozen, released, previous) if released else [],
        "files": told,
    }
    return found | {"counts": counts(found)}


def counts(found: Stored) -> dict[str, int]:
    """How much changed of each: what the head of the panel says."""
    tables_changed = [one["table"] for one in found["files"] if one["table"] and not one["table"].get("problem")]
    columns = ("columns_added", "columns_removed", "retyped")
    rows = ("added", "removed", "changed")
    return {
        "fields": len(found["fields"]),
        "items": len(found["items"]),
        "files": sum(one["code"] in ("added", "removed", "renamed") for one in found["files"]),
        "columns": sum(len(one[name]) for one in tables_changed for name in columns if name in one),
        "rows": sum(one[name] for one in tables_changed for name in rows if name in one),
    }


# what is said of the data


def _fields(frozen: Stored, released: Stored, previous: Stored | None) -> list[Told]:
    public = _changes(released["metadata"], release_rules.public_metadata(frozen["entry"]))
    internal = _changes(_internal(previous["entry"]), _internal(frozen["entry"])) if previous else []
    return [_field(one, False) for one in public] + [_field(one, True) for one in internal]


def _changes(before: Stored, after: Stored) -> list[differences.FieldChange]:
    found = differences.fields(_with_lists(before), _with_lists(after), alone=())
    has_themes = any(one.name == "themes" for one in found)
    return [one for one in found if not (has_themes and one.name == "groups")]  # they come of the themes


def _with_lists(metadata: Stored) -> Told:
    """Lists as the JSON that the lists among the fields are."""
    lists = ((name, metadata.get(name)) for name in ("tags", "groups"))
    return {**metadata, **{name: json.dumps(value, ensure_ascii=False) for name, value in lists if value}}


def _internal(entry: Stored) -> Told:
    """What of an entry never becomes public, in the shape of what does."""
    known = {*release_rules.public_fields(entry["extras"]), "information_items"}
    kept = {name: value for name, value in entry["extras"].items() if name not in known and value}
    return {**{name: entry.get(name) or "" for name in INTERNAL_COLUMNS}, "fields": kept}


def _field(change: differences.FieldChange, is_internal: bool) -> Told:
    return asdict(change) | {"internal": is_internal, "flagged": change.name in FLAGGED}


def _items(frozen: Stored, released: Stored, previous: Stored | None) -> list[Told]:
    """With the internal facts and the items that stay closed, if those of the version before are known."""
    if previous:
        old, new = _all_items(previous), _all_items(frozen)
    else:
        old, new = released["metadata"]["information_items"], _items_of(frozen)
    facts = [{one["name"]: one for one in listed} for listed in (old, new)]
    return [_item(one, *(known.get(one.name, {}) for known in facts)) for one in differences.items(old, new)]


def _item(change: differences.ItemChange, old: Stored, new: Stored) -> Told:
    what = [{"name": name, "before": old.get(name, ""), "after": new.get(name, "")} for name in change.what]
    return {"name": change.name, "code": change.code, "what": what, "type": (new or old).get("type", "")}


def _items_of(frozen: Stored) -> list[dict[str, str]]:
    return release_rules.public_metadata(frozen["entry"])["information_items"]


def _all_items(frozen: Stored) -> list[dict[str, str]]:
    listed = json.loads(frozen["entry"]["extras"].get("information_items") or "[]")
    return [{name: str(value) for name, value in one.items() if value} for one in listed if one.get("name")]


# the files


def listed(of: Stored) -> list[Told]:
    """Their formats spelled alike, in a submission as in a release."""
    return [
        {**one, "format": release_rules.kind(one["name"], one["mimetype"], one["format"])[0]}
        for one in of.get("files", ())
    ]


def _paired(changes: Sequence[differences.FileChange]) -> list[differences.FileChange]:
    """A file that is the only one gone of its format, and one that is the only new one, are the same, renamed."""
    gone = {change.name: change for change in changes if change.code == "removed"}
    new = [change for change in changes if change.code == "added"]
    pairs = {}
    for one in new:
        alike = [old for old in gone.values() if _format(old) == _format(one)]
        if len(alike) == 1 and sum(_format(other) == _format(one) for other in new) == 1:
            pairs[one.name] = replace(one, code="renamed", before=alike[0].before)
    lost = {str((one.before or {})["name"]) for one in pairs.values()}
    return [pairs.get(one.name, one) for one in changes if not (one.code == "removed" and one.name in lost)]


def _format(change: differences.FileChange) -> str:
    return str((change.after or change.before or {})["format"])


def _file(change: differences.FileChange, items: tuple[Any, Any], scanned: Scanned) -> Told:
    shown = change.after or change.before or {}
    facts = {"name": change.name, "code": change.code, "format": shown["format"], "size": shown["size"]}
    before = change.before or {}
    facts |= {"name_before": before.get("name", ""), "size_before": before.get("size"), "table": None}
    if change.code == "added":
        return facts | {"table": size(shown, items[0])}
    if change.before is None or change.after is None or change.before["sha256"] == change.after["sha256"]:
        return facts
    return facts | {"table": _table(change.before, change.after, items, scanned)}


def size(file: Stored, items: contents.Items) -> Told | None:
    """How many columns and rows a file has, or why that can't be said; None of what is no table."""
    if file["format"] not in tables.IS_TABLE:
        return None
    key = SIZE_KEY.format(sha256=file["sha256"])
    if known := contents.kept([key]):
        return known[key]
    try:
        table = contents.read(file, items, 1).table
    except contents.UNREADABLE as error:
        return {"problem": problem(error)}
    found = {"columns_of_file": len(table.columns), "rows": table.rows_of_file}
    contents.keep(key, found)
    return found


def _table(before: Stored, after: Stored, items: tuple[Any, Any], scanned: Scanned) -> Told | None:
    """What happened to a table, found once and then kept, with nothing in it that isn't told to a reviewer."""
    if after["format"] not in tables.IS_TABLE or before["format"] not in tables.IS_TABLE:
        return None
    asked = release_rules.digest([items, [_findings(scanned, one) for one in (before, after)]])
    key = KEY.format(before=before["sha256"], after=after["sha256"], asked=asked[:16])
    if known := contents.kept([key]):
        return known[key]
    try:
        new, old = contents.whole(after, items[0], wants_sheet=True), contents.whole(before, items[1], wants_sheet=True)
    except contents.UNREADABLE as error:
        return {"problem": problem(error)}
    found = compared(_old(old, before, after, scanned), Side(new.table, hiding.over(new, _findings(scanned, after))))
    contents.keep(key, found, KEPT_SECONDS)
    return found


def _findings(scanned: Scanned, file: Stored) -> Findings | None:
    return scanned.get(file["sha256"])


def _old(found: Contents, before: Stored, after: Stored, scanned: Scanned) -> Side:
    """A version that was never scanned is hidden as the new one is, and by what its own values look like."""
    if before["sha256"] in scanned:
        return Side(found.table, hiding.over(found, _findings(scanned, before)))
    return Side(found.table, replace(hiding.over(found, _findings(scanned, after)), conceals=True))


def problem(error: Exception) -> str:
    """Why a table can't be told: too_large, no_table, unreadable or gone."""
    if not isinstance(error, tables.NotATable):
        return "gone"
    code = str(error)
    return {"too_large": "too_large", "too_long": "too_large", "no_table": "no_table"}.get(code, "unreadable")


# two tables


@dataclass(frozen=True)
class Side:
    """A table, and what hides its values."""

    table: tables.Table
    cover: Cover

    @property
    def titles(self) -> list[str]:
        return [column.title for column in self.table.columns]

    def column(self, title: str) -> Told:
        """A column that the other side hasn't."""
        at = self.titles.index(title)
        mark = self.cover.mark(at)
        return {
            "name": self.cover.titles(self.table)[at],
            "type": TYPES[self.table.columns[at].type],
            "filled": sum(row[at] is not None for row in self.table.rows),
            "finding": mark.severity if mark else "",
        }


def compared(old: Side, new: Side) -> Told:
    """Columns added, removed and retyped, rows added, removed and changed, with a few of them."""
    found = differences.between(*_spelled_alike(old, new))
    shown = dict(zip(new.titles, new.cover.titles(new.table), strict=True))
    marks = [hiding.together(title, ((one.titles, one.cover) for one in (old, new))) for title in found.columns]
    cover = Cover({at: mark for at, mark in enumerate(marks) if mark})
    old_cover = replace(cover, conceals=old.cover.conceals)
    return {
        "columns_added": [new.column(title) for title in found.columns_added],
        "columns_removed": [old.column(title) for title in found.columns_removed],
        "retyped": [one | {"name": shown[one["name"]]} for one in retyped(old.table, new.table)],
        "columns_of_file": len(new.titles),
        "rows": found.rows,
        "rows_before": len(old.table.rows),
        **{name: getattr(found, name) for name in ("added", "removed", "changed")},
        "key": shown.get(found.key, ""),
        "columns": [
            {"name": shown[title], "finding": mark.severity if mark else ""}
            for title, mark in zip(found.columns, marks, strict=True)
        ],
        "examples_added": [cover.row(row) for row in found.examples_added[:EXAMPLES]],
        "examples_removed": [old_cover.row(row) for row in found.examples_removed[:EXAMPLES]],
        "examples_changed": [
            {
                "before": old_cover.row(before),
                "after": cover.row(after),
                "changed": [at for at, cell in enumerate(after) if cell != before[at]],  # masks may be the same
            }
            for before, after in found.examples_changed[:EXAMPLES]
        ],
    }


def retyped(old: tables.Table, new: tables.Table) -> list[Told]:
    """The columns whose type is another one now, and how many of their earlier values don't fit it."""
    before = {column.title: at for at, column in reversed(list(enumerate(old.columns)))}
    found = []
    for column in new.columns:
        at = before.pop(column.title, None)
        if at is None or old.columns[at].type == column.type:
            continue
        facts = {"name": column.title, "before": TYPES[old.columns[at].type], "after": TYPES[column.type]}
        found.append(facts | {"unfit": _unfit(column.type, [row[at] for row in old.rows])})
    return found


def _unfit(type: str, values: Sequence[str | None]) -> int:
    fits = tables.FITS.get(type)
    return sum(1 for value in values if value is not None and not fits(value)) if fits else 0


def _spelled_alike(old: Side, new: Side) -> tuple[differences.Table, differences.Table]:
    """Where a column became a date, its earlier texts that are dates are read as such: only what they say counts."""
    changed = {one["name"]: one for one in retyped(old.table, new.table)}
    of_old = {name: tables.TYPES[one["after"]] for name, one in changed.items()}
    of_new = {name: tables.TYPES[one["before"]] for name, one in changed.items()}
    return _spelled(old, of_old), _spelled(new, of_new)


def _spelled(side: Side, types: Mapping[str, str]) -> differences.Table:
    clean = {side.titles.index(name): tables.CLEANED[own] for name, own in types.items() if own in tables.CLEANED}
    if not clean:
        return differences.Table(side.titles, side.table.rows)
    return differences.Table(side.titles, [_cleaned(row, clean) for row in side.table.rows])


def _cleaned(row: Sequence[str | None], clean: Mapping[int, Callable[[str | None], str | None]]) -> list[str | None]:
    return [clean[at](cell) or cell if at in clean else cell for at, cell in enumerate(row)]
