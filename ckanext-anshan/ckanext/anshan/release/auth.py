"""What is published is told to everyone; the actions themselves tell nothing else."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["anshan_release_list", "anshan_release_show"]


@tk.auth_allow_anonymous_access
def anshan_release_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def anshan_release_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}
