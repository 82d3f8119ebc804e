"""Keeps every action but publishing off the datasets, their tables and the vault.

The refusal is inside the action, so it holds for sysadmins and for code that runs with ``ignore_auth``. Publishing
itself uses none of these actions: there is no key to get past.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib import plugins as lib_plugins
from ckan.types import Action, Context

from . import messages, vault
from .model import run
from .rules import Refusal
from .writers import GUARDED, Guard, keys, may_write

Data = Mapping[str, Any]

PACKAGES = "SELECT 1 FROM package WHERE type = 'dataset' AND (id = ANY(:ids) OR name = ANY(:ids))"
OTHERS = "SELECT 1 FROM package WHERE type <> 'dataset' AND (id = ANY(:ids) OR name = ANY(:ids))"
RESOURCES = (
    "SELECT 1 FROM resource JOIN package ON package.id = package_id WHERE type = 'dataset' AND resource.id = ANY(:ids)"
)
VIEWS = (
    "SELECT 1 FROM resource_view JOIN resource ON resource.id = resource_id JOIN package ON package.id = package_id"
    " WHERE type = 'dataset' AND resource_view.id = ANY(:ids)"
)
GROUPS = (
    "SELECT 1 FROM package JOIN member ON table_id = package.id AND table_name = 'package' AND member.state = 'active'"
    " JOIN \"group\" ON \"group\".id = group_id WHERE package.type = 'dataset' AND package.state = 'active'"
    ' AND ("group".id = ANY(:ids) OR "group".name = ANY(:ids))'
)
TAGS = (
    "SELECT 1 FROM package JOIN package_tag ON package_id = package.id JOIN tag ON tag.id = tag_id"
    " WHERE package.type = 'dataset' AND (tag.id = ANY(:ids) OR tag.name = ANY(:ids))"
)


def chained() -> dict[str, Callable[..., Any]]:
    """The guarded actions, as CKAN chains them; the plugin ``datastore`` has to be on."""
    return {name: _chain(name) for name in GUARDED}


def _chain(name: str) -> Callable[..., Any]:
    @tk.chained_action
    def guarded(original: Action, context: Context, data_dict: dict[str, Any]) -> Any:
        refusal = refuse(name, data_dict or {})
        if refusal:
            raise tk.NotAuthorized(f"release.{refusal.code} · {messages.words(refusal)}")
        return original(context, data_dict)

    functools.update_wrapper(guarded, guarded, updated=())
    guarded.__name__ = name
    guarded.__doc__ = f"Refuses what publishing alone may do: {GUARDED[name].value}."
    return guarded


def refuse(action: str, data: Data) -> Refusal | None:
    """Why this call must not be; nothing when it may."""
    return CHECKS[GUARDED[action]](action, data)


def _named(action: str, data: Data) -> list[str]:
    """Ids and names that the call gives for what it writes to."""
    return [one for key in keys(action) for one in _ids(data.get(key))]


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        value = value.get("id")
    for one in value if isinstance(value, (list, tuple)) else [value]:
        if one:
            yield str(one).replace("\0", "")


def _finds(statement: str, ids: list[str]) -> bool:
    return bool(ids) and run(sa.text(statement + " LIMIT 1"), {"ids": ids}).first() is not None


def _if_found(statement: str, code: str = "published_only") -> Callable[[str, Data], Refusal | None]:
    def check(action: str, data: Data) -> Refusal | None:
        return Refusal(code) if _finds(statement, _named(action, data)) else None

    return check


def _package(action: str, data: Data) -> Refusal | None:
    """CKAN never changes the type of a package that is there; for an entry the catalogue says so under ``type``."""
    if _finds(PACKAGES, _named(action, data)):
        return Refusal("published_only")
    writes = action in ("package_update", "package_patch") and data.get("type")
    return _type(action, data) if writes and not _finds(OTHERS, _named(action, data)) else None


def _type(action: str, data: Data) -> Refusal | None:
    type = data.get("type") or "dataset"
    return None if may_write(str(type), _other_types()) else Refusal("published_only")


def _other_types() -> frozenset[str]:
    return frozenset(lib_plugins._package_plugins)


def _member(action: str, data: Data) -> Refusal | None:
    is_package = data.get("object_type") == "package"
    return Refusal("published_only") if is_package and _finds(PACKAGES, list(_ids(data.get("object")))) else None


def _packages(action: str, data: Data) -> Refusal | None:
    return Refusal("published_only") if data.get("packages") else None


def _storage(action: str, data: Data) -> Refusal | None:
    storage = data.get("storage") or tk.config["ckan.files.default_storages.default"]
    return Refusal("vault_only") if storage == vault.NAME else None


def _always(action: str, data: Data) -> Refusal | None:
    return Refusal("tables_only" if action.startswith("datastore") else "published_only")


CHECKS: Mapping[Guard, Callable[[str, Data], Refusal | None]] = {
    Guard.PACKAGE: _package,
    Guard.TYPE: _type,
    Guard.RESOURCE: _if_found(RESOURCES),
    Guard.VIEW: _if_found(VIEWS),
    Guard.MEMBER: _member,
    Guard.GROUP: _if_found(GROUPS, "in_use"),
    Guard.PACKAGES: _packages,
    Guard.TAG: _if_found(TAGS, "in_use"),
    Guard.STORAGE: _storage,
    Guard.ALWAYS: _always,
}
