"""Who may read the log. ``seeing`` decides; being sysadmin helps nobody."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ..people.everybody import everybody
from . import choosing
from .readers import reader_of

__all__ = [
    "anshan_audit_checkpoint_list",
    "anshan_audit_history",
    "anshan_audit_proof",
    "anshan_audit_search",
]

anshan_audit_checkpoint_list = everybody


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def anshan_audit_history(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever ``seeing.scope`` lets see something of it."""
    seen = context.get("anshan_audit_seen")
    return _answer(choosing.history(reader_of(context), data_dict).scope is not None if seen is None else seen)


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def anshan_audit_proof(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever sees the event in the history of what it is about."""
    seen = context.get("anshan_audit_seen")
    return _answer(choosing.sees_event(reader_of(context), data_dict["id"]) if seen is None else seen)


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def anshan_audit_search(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The data bureau and the cyberspace office."""
    seen = context.get("anshan_audit_seen")
    return _answer(reader_of(context).inspects if seen is None else seen)


def _answer(may: Any) -> AuthResult:
    return {"success": True} if may else {"success": False, "msg": choosing.nothing()}
