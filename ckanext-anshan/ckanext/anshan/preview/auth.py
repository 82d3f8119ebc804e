"""Previews are for everyone: the actions themselves ask whether the file is open now."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["anshan_preview_places", "anshan_preview_show"]


@tk.auth_allow_anonymous_access
def anshan_preview_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def anshan_preview_places(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}
