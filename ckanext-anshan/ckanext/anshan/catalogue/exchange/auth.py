"""Who may import and export the catalogue: the data bureau; CKAN lets sysadmins pass."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ...people import roles, rules

__all__ = [
    "anshan_catalogue_export",
    "anshan_catalogue_import",
    "anshan_catalogue_import_list",
    "anshan_catalogue_import_show",
    "anshan_catalogue_import_start",
    "anshan_catalogue_template",
]


def anshan_catalogue_import(context: Context, data_dict: DataDict) -> AuthResult:
    if rules.may_import(roles.roles_of(context.get("user"))):
        return {"success": True}
    return {"success": False, "msg": tk._("Only members of the data bureau import and export the catalogue.")}


def anshan_catalogue_export(context: Context, data_dict: DataDict) -> AuthResult:
    """An agency's own entries for its editors too."""
    agency = (data_dict or {}).get("organization")
    if agency and rules.may_write_entry(roles.capacity_in(context.get("user"), agency)):
        return {"success": True}
    return anshan_catalogue_import(context, data_dict)


anshan_catalogue_import_list = anshan_catalogue_import
anshan_catalogue_import_show = anshan_catalogue_import
anshan_catalogue_import_start = anshan_catalogue_import
anshan_catalogue_template = anshan_catalogue_import
