"""Who may have files scanned: the agency's own people; being sysadmin gives nothing. ``rules`` decides."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from . import reports
from .rules import TABLE, Command
from .standing import as_auth, verdict

__all__ = [
    "anshan_scan_cancel",
    "anshan_scan_difference",
    "anshan_scan_list",
    "anshan_scan_remedy",
    "anshan_scan_show",
    "anshan_scan_start",
    "anshan_scan_words_show",
    "anshan_scan_words_update",
]


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_scan_start(context: Context, data_dict: DataDict) -> AuthResult:
    subject = reports.subject_of(data_dict["resource_id"])
    return as_auth(verdict(context.get("user"), subject.agency if subject else "", Command.SCAN))


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_scan_list(context: Context, data_dict: DataDict) -> AuthResult:
    subject = reports.subject(data_dict["package_id"])
    return as_auth(verdict(context.get("user"), subject.agency if subject else "", Command.SEE))


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_scan_show(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_report(context, data_dict, Command.SEE)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_scan_cancel(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_report(context, data_dict, Command.CANCEL)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_scan_remedy(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_report(context, data_dict, Command.REMEDY)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_scan_difference(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_report(context, data_dict, Command.REMEDY)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_scan_words_show(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_agency(context, data_dict, Command.SEE_WORDS)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_scan_words_update(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_agency(context, data_dict, Command.SET_WORDS)


def _of_report(context: Context, data_dict: DataDict, command: Command) -> AuthResult:
    """Whether the caller may at all; whether now, the action asks."""
    row = reports.find(data_dict["id"])
    subject = reports.subject(row.package_id) if row else None
    when = next(iter(TABLE[command].when or ()), None)
    return as_auth(verdict(context.get("user"), subject.agency if subject else "", command, when))


def _of_agency(context: Context, data_dict: DataDict, command: Command) -> AuthResult:
    agency = model.Group.get(data_dict["organization"])
    return as_auth(verdict(context.get("user"), agency.id if agency else "", command))
