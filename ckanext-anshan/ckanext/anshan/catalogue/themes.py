"""Themes (领域) as CKAN groups, so that CKAN's own facet and pages serve them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from . import vocabularies


def ensure(names: Collection[str] | None = None) -> dict[str, str]:
    """Group ids by theme; makes the groups that are missing, in the caller's transaction."""
    wanted = set(vocabularies.load("themes").by_id) if names is None else set(names)
    found = _existing(wanted)
    for name in sorted(wanted - set(found)):
        found[name] = _make(name)
    return found


def is_theme(group: Any) -> bool:
    """Whether a group of a package dict, or a reference to one, is a theme."""
    name = group.get("name") if isinstance(group, Mapping) else group
    if not name and isinstance(group, Mapping) and group.get("id"):
        found = model.Group.get(group["id"])
        name = found.name if found else None
    return name in vocabularies.load("themes").by_id


def of_groups(groups: Any) -> list[str]:
    """The themes among the groups of a package dict."""
    named = [str(group.get("name")) for group in groups or () if isinstance(group, Mapping)]
    return [name for name in named if name in vocabularies.load("themes").by_id]


def of_package(package_id: str) -> list[str]:
    """The themes that a package is in now."""
    query = _memberships(package_id).where(model.Member.state == "active")
    return [name for _, name in model.Session.execute(query.with_only_columns(model.Member.id, model.Group.name))]


def assign(package_id: str, names: Collection[str]) -> None:
    """Puts a package into these themes and no others, whoever writes it: CKAN asks for a role in each group."""
    wanted = ensure(names) if names else {}
    for member, name in model.Session.execute(_memberships(package_id)).all():
        member.state = "active" if wanted.pop(name, None) else "deleted"
    for id in wanted.values():
        package = {"table_id": package_id, "table_name": "package", "capacity": "public"}
        model.Session.add(model.Member(group=model.Group.get(id), state="active", **package))
    model.Session.flush()


def _memberships(package_id: str) -> Any:
    query = sa.select(model.Member, model.Group.name).join(model.Group, model.Member.group_id == model.Group.id)
    query = query.where(model.Member.table_id == package_id, model.Member.table_name == "package")
    return query.where(model.Group.name.in_(vocabularies.load("themes").by_id), model.Member.capacity == "public")


def _existing(names: Collection[str]) -> dict[str, str]:
    query = sa.select(model.Group.name, model.Group.id).where(model.Group.name.in_(names))
    return {row.name: row.id for row in model.Session.execute(query)}


def _make(name: str) -> str:
    term = vocabularies.load("themes").by_id[name]
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    context: Context = {"ignore_auth": True, "user": site_user["name"], "defer_commit": True}
    group = {"name": name, "title": term.zh, "description": term.en}
    return tk.get_action("group_create")(context, group)["id"]
