"""What is published is told to everyone; ``package_show`` and the releases say what that is."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["anshan_dataset_compare", "anshan_dataset_show"]


@tk.auth_allow_anonymous_access
def anshan_dataset_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def anshan_dataset_compare(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}
