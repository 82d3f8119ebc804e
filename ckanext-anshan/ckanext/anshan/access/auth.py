"""Who may ask for an action of grants. What is granted to whom, each action decides itself, at that moment.

A program asks with the token of one grant, so that CKAN knows nobody; and a stranger is told the same as of a number
that doesn't exist, which only the action can say.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

__all__ = [
    "anshan_grant_list",
    "anshan_grant_query",
    "anshan_grant_show",
    "anshan_grant_token_create",
    "anshan_grant_token_list",
    "anshan_grant_token_revoke",
    "anshan_grant_usage",
]


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def anshan_grant_query(context: Context, data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def anshan_grant_show(context: Context, data_dict: DataDict) -> AuthResult:
    return {"success": True}


def _with_account() -> AuthFunction:
    """Whoever is logged in, whatever they hold; a token of a grant is no log-in."""

    @tk.auth_sysadmins_check
    @tk.auth_disallow_anonymous_access
    def function(context: Context, data_dict: DataDict) -> AuthResult:
        return {"success": bool(context.get("user"))}

    return function


anshan_grant_list = _with_account()
anshan_grant_token_create = _with_account()
anshan_grant_token_list = _with_account()
anshan_grant_token_revoke = _with_account()
anshan_grant_usage = _with_account()
