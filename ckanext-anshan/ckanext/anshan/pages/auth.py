"""What the open list tells is for everyone (article 25); the actions themselves tell nothing else."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["anshan_open_counts", "anshan_open_list", "anshan_open_statistics"]


@tk.auth_allow_anonymous_access
def anshan_open_counts(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def anshan_open_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def anshan_open_statistics(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}
