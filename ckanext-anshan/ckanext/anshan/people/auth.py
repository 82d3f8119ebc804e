"""Who may see notices: whoever has an account, and only their own."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

__all__ = ["anshan_notice_list", "anshan_notice_mail", "anshan_notice_read"]


@tk.auth_disallow_anonymous_access
def anshan_notice_list(context: Context, data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_disallow_anonymous_access
def anshan_notice_read(context: Context, data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_disallow_anonymous_access
def anshan_notice_mail(context: Context, data_dict: DataDict) -> AuthResult:
    return {"success": True}
