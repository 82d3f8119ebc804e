"""Actions of CKAN that would change an entry past its form: chained, and refused inside, for sysadmins too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from . import forms, messages
from .rules import Problem


@tk.chained_action
def package_owner_org_update(original: Action, context: Context, data_dict: DataDict) -> Any:
    """CKAN calls this itself at each save, with the agency that the entry has."""
    package = model.Package.get(data_dict.get("id"))
    if package is not None and package.type == forms.ENTRY and data_dict.get("organization_id") != package.owner_org:
        _refuse(Problem("owner_org", "owner_fixed"))
    return original(context, data_dict)


@tk.chained_action
def package_update(original: Action, context: Context, data_dict: DataDict) -> Any:
    """CKAN would put another type back without a word. ``package_patch`` and ``package_revise`` come through here."""
    package = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    given = data_dict.get("type")
    if package is not None and package.type == forms.ENTRY and given and given != forms.ENTRY:
        tk.check_access("package_update", context, {"id": package.id})  # a stranger learns nothing of the entry
        _refuse(Problem("type", "type_fixed", {"value": str(given)[:60]}))
    return original(context, data_dict)


@tk.chained_action
def bulk_update_public(original: Action, context: Context, data_dict: DataDict) -> Any:
    ids = data_dict.get("datasets") or []
    if isinstance(ids, list) and any(_is_entry(id) for id in ids):
        _refuse(Problem("private", "always_private"))
    return original(context, data_dict)


FENCES = (package_owner_org_update, package_update, bulk_update_public)


def chained() -> dict[str, Callable[..., Any]]:
    return {action.__name__: action for action in FENCES}


def _is_entry(id: Any) -> bool:
    package = model.Package.get(id) if isinstance(id, str) else None
    return package is not None and package.type == forms.ENTRY


def _refuse(problem: Problem) -> None:
    raise tk.ValidationError(dict(messages.errors([problem])))
