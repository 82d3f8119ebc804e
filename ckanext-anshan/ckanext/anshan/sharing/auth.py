"""Who may ask for an action of sharing. The decision itself is taken inside the action, on the locked row."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from . import standing
from .keeping import FEEDBACK, RETURN
from .rules import Command, FeedbackCommand, ReturnCommand

__all__ = [
    "anshan_sharing_catalogue",
    "anshan_sharing_feedback_confirm",
    "anshan_sharing_feedback_correct",
    "anshan_sharing_feedback_create",
    "anshan_sharing_feedback_list",
    "anshan_sharing_feedback_reject",
    "anshan_sharing_feedback_show",
    "anshan_sharing_feedback_withdraw",
    "anshan_sharing_return_confirm",
    "anshan_sharing_return_create",
    "anshan_sharing_return_decline",
    "anshan_sharing_return_list",
    "anshan_sharing_return_merge",
    "anshan_sharing_return_promise",
    "anshan_sharing_return_refuse",
    "anshan_sharing_return_return",
    "anshan_sharing_return_show",
    "anshan_sharing_return_withdraw",
]


def _of_row(kind: str, command: Command) -> AuthFunction:
    """Whoever may do this to the one that is named."""

    @tk.auth_sysadmins_check
    @tk.auth_disallow_anonymous_access
    def function(context: Context, data_dict: DataDict) -> AuthResult:
        return standing.as_auth(standing.verdict(context, kind, str(data_dict.get("id") or ""), command))

    return function


anshan_sharing_feedback_confirm = _of_row(FEEDBACK, FeedbackCommand.CONFIRM)
anshan_sharing_feedback_correct = _of_row(FEEDBACK, FeedbackCommand.CORRECT)
anshan_sharing_feedback_reject = _of_row(FEEDBACK, FeedbackCommand.REJECT)
anshan_sharing_feedback_withdraw = _of_row(FEEDBACK, FeedbackCommand.WITHDRAW)
anshan_sharing_return_confirm = _of_row(RETURN, ReturnCommand.CONFIRM)
anshan_sharing_return_decline = _of_row(RETURN, ReturnCommand.DECLINE)
anshan_sharing_return_merge = _of_row(RETURN, ReturnCommand.MERGE)
anshan_sharing_return_promise = _of_row(RETURN, ReturnCommand.PROMISE)
anshan_sharing_return_refuse = _of_row(RETURN, ReturnCommand.REFUSE)
anshan_sharing_return_return = _of_row(RETURN, ReturnCommand.RETURN)
anshan_sharing_return_withdraw = _of_row(RETURN, ReturnCommand.WITHDRAW)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_sharing_feedback_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever uses the data; that is asked inside."""
    return {"success": True}


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_sharing_feedback_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Each sees their own, and nothing of others'."""
    return {"success": True}


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_sharing_feedback_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has a part in it; the others are told inside that there is none."""
    return {"success": True}


def _members() -> AuthFunction:
    """The members of agencies and offices."""

    @tk.auth_sysadmins_check
    @tk.auth_disallow_anonymous_access
    def function(context: Context, data_dict: DataDict) -> AuthResult:
        return standing.as_auth(standing.is_member(context))

    return function


anshan_sharing_catalogue = _members()
anshan_sharing_return_list = _members()
anshan_sharing_return_show = _members()


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_sharing_return_create(context: Context, data_dict: DataDict) -> AuthResult:
    return standing.as_auth(standing.writes(context))
