"""Who may."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["anshan_search_complete"]


@tk.auth_allow_anonymous_access
def anshan_search_complete(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everybody: only what everybody sees is offered."""
    return {"success": True}
