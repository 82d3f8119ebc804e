"""Who may write entries: CKAN's own roles in the agency, with themes free for every writer."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from . import forms, themes

__all__ = [
    "anshan_catalogue_draft_discard",
    "anshan_catalogue_draft_save",
    "anshan_catalogue_draft_show",
    "anshan_catalogue_entry_list",
    "package_create",
    "package_update",
]


@tk.chained_auth_function
def package_create(next_auth: Any, context: Context, data_dict: DataDict | None) -> AuthResult:
    return next_auth(context, _without_themes(data_dict) if forms.is_entry(data_dict) else data_dict)


@tk.chained_auth_function
def package_update(next_auth: Any, context: Context, data_dict: DataDict | None) -> AuthResult:
    given = data_dict or {}
    package = context.get("package") or model.Package.get(given.get("id") or given.get("name"))
    entry = package is not None and package.type == forms.ENTRY
    return next_auth(context, _without_themes(data_dict) if entry else data_dict)


def _without_themes(data_dict: DataDict | None) -> DataDict:
    """CKAN asks for a role in each group; a theme is a label, not somebody's group."""
    data = dict(data_dict or {})
    groups = data.get("groups")
    if isinstance(groups, list):
        data["groups"] = [group for group in groups if not themes.is_theme(group)]
    return data


def anshan_catalogue_draft_save(context: Context, data_dict: DataDict | None) -> AuthResult:
    """Whoever may write the entry, or make one."""
    entry = (data_dict or {}).get("entry")
    try:
        if entry:
            tk.check_access("package_update", Context(user=context.get("user", "")), {"id": entry})
        else:
            tk.check_access("package_create", Context(user=context.get("user", "")), {"type": forms.ENTRY})
    except tk.NotAuthorized as denied:
        return {"success": False, "msg": str(denied.message)}
    return {"success": True}


anshan_catalogue_draft_discard = anshan_catalogue_draft_save
anshan_catalogue_draft_show = anshan_catalogue_draft_save


def anshan_catalogue_entry_list(context: Context, data_dict: DataDict | None) -> AuthResult:
    """Everybody with an account; the search shows each only what they may see."""
    return {"success": True}
