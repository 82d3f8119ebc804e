"""The answer to who may ask for what is public anyway: everybody. The actions themselves tell nothing else."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context


@tk.auth_allow_anonymous_access
def everybody(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}
