"""How far the form of an entry is filled: its sections, what is missing, what can't be chosen and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan import model

from . import drafts, intake, messages, rules, tidy, vocabularies

Errors = Mapping[str, Any]
GIVEN = frozenset({"code", "owner_org", "name"})
"""Fields that say nothing of whether a section was begun."""


class Section(NamedTuple):
    id: str
    label: Mapping[str, str]
    fields: Sequence[Mapping[str, Any]]
    state: str  # empty, begun, wrong or done
    number: int  # of what is to be corrected, or still missing
    article: int  # of the regulation; 0 where none is in point
    only_for: Mapping[str, Sequence[str]] = {}  # the classes with which it matters, if not with all


@dataclass(frozen=True)
class Filling:
    """The form as it stands: ``data`` as typed, ``entry`` as it would be understood."""

    data: Mapping[str, Any]
    errors: Errors
    schema: Mapping[str, Any]
    entry: Mapping[str, Any] = field(default_factory=dict)
    draft: drafts.Draft | None = None
    changed: bool = False
    sections: Sequence[Section] = ()
    wanted: int = 0
    filled: int = 0
    sensitive: Sequence[str] = ()
    forbidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def items(self) -> list[Mapping[str, Any]]:
        return rules.rows(self.entry)

    @property
    def agency(self) -> str:
        """The title of the providing agency."""
        found = model.Group.get(self.entry.get("owner_org") or "")
        return (found.title or found.name) if found else ""


def of(data: Mapping[str, Any], errors: Errors | None = None, **more: Any) -> Filling:
    """What was typed, and what the rules say of it."""
    schema = tk.h.scheming_get_dataset_schema("entry")
    entry = tidy.tidy(intake.unfold_items(data))
    entry["owner_org"] = entry.get("owner_org") or entry.get("group_id") or _only_agency()
    gaps = missing(entry)
    return Filling(
        data=data,
        errors=errors or {},
        schema=schema,
        entry=entry,
        sections=[_section(each, schema, entry, gaps, errors or {}) for each in schema["sections"]],
        wanted=_wanted(entry),
        filled=_wanted(entry) - sum(gaps.values()),
        sensitive=[str(item.get("name") or "") for item in rules.rows(entry) if item.get("sensitive") == "yes"],
        forbidden={kind: _reason(entry, kind) for kind in vocabularies.load("opening_classes").by_id},
        **more,
    )


def shown(data: Mapping[str, Any], errors: Errors, is_new: bool, asked: bool) -> Filling:
    """The form to show: what the reader left there unsaved, unless this is the answer to what they sent.

    :param asked: whether the form is asked for, rather than sent
    """
    user = tk.current_user
    draft = drafts.find(user.id, "" if is_new else data["id"]) if asked and user.is_authenticated else None
    changed = bool(draft and not is_new and draft.based_on != data.get("metadata_modified"))
    return of({**data, **draft.typed} if draft else data, errors, draft=draft, changed=changed)


def _only_agency() -> str:
    agencies = tk.h.organizations_available("create_dataset") if tk.current_user else []
    return agencies[0]["id"] if len(agencies) == 1 else ""


def _wanted(entry: Mapping[str, Any]) -> int:
    items = max(len(rules.rows(entry)), 1) * len(rules.wanted_of_item())
    return len(rules.wanted(entry)) + 1 + items


def missing(entry: Mapping[str, Any]) -> dict[str, int]:
    """Which fields that must be there are not; of the information items how many of their cells."""
    found = {name: 1 for name in ("owner_org", *rules.wanted(entry)) if not entry.get(name)}
    rows, names = rules.rows(entry), rules.wanted_of_item()
    cells = sum(not row.get(name) for row in rows for name in names) if rows else len(names)
    return found | ({intake.ITEMS: cells} if cells else {})


def _section(
    section: Mapping[str, Any],
    schema: Mapping[str, Any],
    entry: Mapping[str, Any],
    gaps: Mapping[str, int],
    errors: Errors,
) -> Section:
    fields = [one for one in schema["dataset_fields"] if one.get("section") == section["id"]]
    names = [one["field_name"] for one in fields]
    lacks = sum(gaps.get(name, 0) for name in names)
    wrong = sum(map(_count, (errors.get(name) for name in names))) if errors else _broken(entry, names)
    begun = any(entry.get(name) for name in names if name not in GIVEN)
    state = "wrong" if wrong else "empty" if not begun else "begun" if lacks else "done"
    article, only_for = section.get("article", 0), section.get("only_for", {})
    return Section(section["id"], section["label"], fields, state, wrong or lacks, article, only_for)


def _count(told: Any) -> int:
    """Errors of a field; those of information items stand row by row."""
    if not told:
        return 0
    return sum(len(each) if isinstance(each, Mapping) else 1 for each in ([told] if isinstance(told, str) else told))


def _broken(entry: Mapping[str, Any], names: Sequence[str]) -> int:
    found = rules.check({"title": "-", **entry})
    return sum(not (p.warning or rules.is_gap(p) or p.code == "missing") and p.field in names for p in found)


def _reason(entry: Mapping[str, Any], kind: str) -> str:
    return " ".join(messages.text(problem) for problem in rules.why_not(entry, kind))
