"""Who may ask for an action of applications. The decision itself is taken inside the action, on the locked row."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from . import examining, forming, reporting, standing
from .rules import Command

__all__ = [
    "anshan_agreement_show",
    "anshan_agreement_verify",
    "anshan_application_accept",
    "anshan_application_answer",
    "anshan_application_approve",
    "anshan_application_ask",
    "anshan_application_assign",
    "anshan_application_attach",
    "anshan_application_bulk",
    "anshan_application_clock",
    "anshan_application_countersign",
    "anshan_application_create",
    "anshan_application_deputy_end",
    "anshan_application_deputy_list",
    "anshan_application_deputy_name",
    "anshan_application_destroy",
    "anshan_application_detach",
    "anshan_application_discard",
    "anshan_application_end",
    "anshan_application_examine",
    "anshan_application_extend",
    "anshan_application_figures",
    "anshan_application_form_show",
    "anshan_application_form_update",
    "anshan_application_identify",
    "anshan_application_join",
    "anshan_application_list",
    "anshan_application_message",
    "anshan_application_opine",
    "anshan_application_recuse",
    "anshan_application_refuse",
    "anshan_application_register",
    "anshan_application_remarks",
    "anshan_application_report",
    "anshan_application_resume",
    "anshan_application_revoke",
    "anshan_application_show",
    "anshan_application_submit",
    "anshan_application_suspend",
    "anshan_application_take",
    "anshan_application_update",
    "anshan_application_withdraw",
    "anshan_misuse_report",
    "anshan_report_answer",
    "anshan_report_list",
]


def _has_account(context: Context) -> AuthResult:
    """CKAN lets a visitor pass whatever answers yes."""
    return {"success": bool(context.get("user")), "msg": tk._("Log in first.")}


def _of_application(command: Command) -> AuthFunction:
    """Whoever may do this to the application named."""

    @tk.auth_sysadmins_check
    @tk.auth_disallow_anonymous_access
    def function(context: Context, data_dict: DataDict) -> AuthResult:
        return standing.as_auth(standing.verdict(context, str(data_dict.get("id") or ""), command))

    return function


anshan_application_accept = _of_application(Command.ACCEPT)
anshan_application_answer = _of_application(Command.ANSWER)
anshan_application_approve = _of_application(Command.APPROVE)
anshan_application_ask = _of_application(Command.ASK)
anshan_application_assign = _of_application(Command.ASSIGN)
anshan_application_attach = _of_application(Command.EDIT)
anshan_application_countersign = _of_application(Command.COUNTERSIGN)
anshan_application_destroy = _of_application(Command.DESTROY)
anshan_application_detach = _of_application(Command.EDIT)
anshan_application_discard = _of_application(Command.DISCARD)
anshan_application_end = _of_application(Command.END)
anshan_application_extend = _of_application(Command.EXTEND)
anshan_application_join = _of_application(Command.JOIN)
anshan_application_message = _of_application(Command.MESSAGE)
anshan_application_opine = _of_application(Command.OPINE)
anshan_application_recuse = _of_application(Command.RECUSE)
anshan_application_refuse = _of_application(Command.REFUSE)
anshan_application_report = _of_application(Command.REPORT)
anshan_application_resume = _of_application(Command.RESUME)
anshan_application_revoke = _of_application(Command.REVOKE)
anshan_application_submit = _of_application(Command.SUBMIT)
anshan_application_suspend = _of_application(Command.SUSPEND)
anshan_application_take = _of_application(Command.TAKE)
anshan_application_update = _of_application(Command.EDIT)
anshan_application_withdraw = _of_application(Command.WITHDRAW)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account; for whom they act is asked inside."""
    return _has_account(context)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has a part in it; the others are told inside that there is none."""
    return _has_account(context)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_clock(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has a part in it; the others are told inside that there is none."""
    return _has_account(context)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Each sees their own, and nothing of others'."""
    return _has_account(context)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_bulk(context: Context, data_dict: DataDict) -> AuthResult:
    """Each one is decided by itself."""
    return _has_account(context)


@tk.auth_allow_anonymous_access
def anshan_application_form_show(context: Context, data_dict: DataDict) -> AuthResult:
    """What an agency asks of applicants is public, as its conditions are."""
    return {"success": True}


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_form_update(context: Context, data_dict: DataDict) -> AuthResult:
    return standing.as_auth(forming.verdict(context, str(data_dict.get("dataset") or "")))


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_deputy_name(context: Context, data_dict: DataDict) -> AuthResult:
    return standing.as_auth(forming.heads(context, str(data_dict.get("agency") or "")))


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_deputy_end(context: Context, data_dict: DataDict) -> AuthResult:
    """Asked inside: the deputy's row says of which agency it is."""
    return _has_account(context)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_application_deputy_list(context: Context, data_dict: DataDict) -> AuthResult:
    return standing.as_auth(forming.heads(context, str(data_dict.get("agency") or "")))


def _for_judges() -> AuthFunction:
    """Whoever answers the application named, or looks after it; the others are told that there is none."""

    @tk.auth_sysadmins_check
    @tk.auth_disallow_anonymous_access
    def function(context: Context, data_dict: DataDict) -> AuthResult:
        return standing.as_auth(examining.verdict(context, str(data_dict.get("id") or "")))

    return function


anshan_application_examine = _for_judges()
anshan_application_identify = _for_judges()
anshan_application_remarks = _for_judges()


@tk.auth_allow_anonymous_access
def anshan_application_register(context: Context, data_dict: DataDict) -> AuthResult:
    """Public: how applications are answered is everybody's business, who applied is not."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def anshan_application_figures(context: Context, data_dict: DataDict) -> AuthResult:
    """Public, as the register is."""
    return {"success": True}


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_agreement_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has a part in it; the others are told inside that there is none."""
    return _has_account(context)


@tk.auth_allow_anonymous_access
def anshan_agreement_verify(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever holds an agreement may check it."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def anshan_misuse_report(context: Context, data_dict: DataDict) -> AuthResult:
    """Anybody may tell of what they saw."""
    return {"success": True}


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_report_list(context: Context, data_dict: DataDict) -> AuthResult:
    return standing.as_auth(reporting.verdict(context))


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_report_answer(context: Context, data_dict: DataDict) -> AuthResult:
    return standing.as_auth(reporting.verdict(context))
