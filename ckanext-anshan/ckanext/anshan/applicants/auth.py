"""Who may ask for an action of the applicants. The decision itself is taken inside the action, on the locked row."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from . import running
from .rules import Command, Refusal

__all__ = [
    "anshan_applicant_member_accept",
    "anshan_applicant_member_decline",
    "anshan_applicant_member_hand_over",
    "anshan_applicant_member_invite",
    "anshan_applicant_member_leave",
    "anshan_applicant_member_remove",
    "anshan_applicant_organization_bar",
    "anshan_applicant_organization_contact",
    "anshan_applicant_organization_create",
    "anshan_applicant_organization_list",
    "anshan_applicant_organization_refuse",
    "anshan_applicant_organization_show",
    "anshan_applicant_organization_submit",
    "anshan_applicant_organization_unbar",
    "anshan_applicant_organization_update",
    "anshan_applicant_organization_verify",
    "anshan_applicant_show",
    "anshan_applicant_update",
]


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_applicant_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account, and only their own."""
    return {"success": True}


anshan_applicant_update = anshan_applicant_organization_create = anshan_applicant_show


def _of_organization(command: Command) -> AuthFunction:
    """Whoever may do this to the organization named."""

    @tk.auth_sysadmins_check
    @tk.auth_disallow_anonymous_access
    def may(context: Context, data_dict: DataDict) -> AuthResult:
        return running.as_auth(running.verdict(context, data_dict["id"], command))

    return may


anshan_applicant_organization_update = _of_organization(Command.UPDATE)
anshan_applicant_organization_submit = _of_organization(Command.SUBMIT)
anshan_applicant_organization_verify = _of_organization(Command.VERIFY)
anshan_applicant_organization_refuse = _of_organization(Command.REFUSE)
anshan_applicant_organization_bar = _of_organization(Command.BAR)
anshan_applicant_organization_unbar = _of_organization(Command.UNBAR)
anshan_applicant_member_invite = _of_organization(Command.INVITE)
anshan_applicant_member_accept = _of_organization(Command.ACCEPT)
anshan_applicant_member_decline = _of_organization(Command.DECLINE)
anshan_applicant_member_remove = _of_organization(Command.REMOVE)
anshan_applicant_member_leave = _of_organization(Command.LEAVE)
anshan_applicant_member_hand_over = _of_organization(Command.HAND_OVER)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_applicant_organization_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Members, those who are invited, and the bureau."""
    return running.as_auth(None if running.sees(context, data_dict["id"]) else Refusal("unknown"))


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_applicant_organization_list(context: Context, data_dict: DataDict) -> AuthResult:
    """The bureau, which verifies them (article 6)."""
    return running.as_auth(None if running.person(context).is_bureau else Refusal("not_yours"))


anshan_applicant_organization_contact = anshan_applicant_organization_list
