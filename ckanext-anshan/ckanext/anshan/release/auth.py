"""What is published, and what is suspended, is told to everyone. The offices suspend and lift; ``rules`` decides."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ..people.everybody import everybody
from . import messages, rules, suspending
from .rules import Refusal

__all__ = [
    "anshan_release_lift",
    "anshan_release_list",
    "anshan_release_show",
    "anshan_release_suspend",
    "anshan_suspension_list",
]

anshan_release_list = anshan_release_show = anshan_suspension_list = everybody


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_release_suspend(context: Context, data_dict: DataDict) -> AuthResult:
    by = suspending.person(context.get("user"))
    return _as_auth(None if rules.may_suspend(by.offices) else Refusal("suspends_not"))


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_release_lift(context: Context, data_dict: DataDict) -> AuthResult:
    """Whether the caller is of an office at all; whether this one may be lifted by them, the action asks."""
    return _as_auth(None if suspending.person(context.get("user")).offices else Refusal("not_an_office"))


def _as_auth(refusal: Refusal | None) -> AuthResult:
    if refusal is None:
        return {"success": True}
    return {"success": False, "msg": f"release.{refusal.code} · {messages.words(refusal)}"}
