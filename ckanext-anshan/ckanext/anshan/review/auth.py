"""Who may ask for an action of the review. The decision itself is taken inside the action, on the locked row."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from . import finding, freezing, rules, standing, statistics, submissions
from .rules import NOBODY, Case, Command, Kind, Refusal, State

__all__ = [
    "anshan_review_statistics",
    "anshan_submission_bulk",
    "anshan_submission_check",
    "anshan_submission_clear",
    "anshan_submission_clock",
    "anshan_submission_comment",
    "anshan_submission_create",
    "anshan_submission_difference",
    "anshan_submission_list",
    "anshan_submission_open_at_once",
    "anshan_submission_preview",
    "anshan_submission_propose",
    "anshan_submission_reject",
    "anshan_submission_return",
    "anshan_submission_show",
    "anshan_submission_sign",
    "anshan_submission_withdraw",
]


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_submission_create(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_entry(context, data_dict, Command.SUBMIT)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_submission_open_at_once(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_entry(context, data_dict, Command.OPEN_AT_ONCE)


def _of_entry(context: Context, data_dict: DataDict, command: Command) -> AuthResult:
    entry = freezing.entry_of(data_dict["id"])
    person = standing.person(context.get("user"), entry["owner_org"] or "") if entry else NOBODY
    return standing.as_auth(rules.decide(Case(State.DRAFT), command, person))


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_submission_propose(context: Context, data_dict: DataDict) -> AuthResult:
    person = standing.person(context.get("user"), "")
    return standing.as_auth(rules.decide(Case(State.DRAFT, Kind.LIST), Command.PROPOSE, person))


def _of_submission(command: Command) -> AuthFunction:
    """Whoever may do this to the submission named."""

    @tk.auth_sysadmins_check
    @tk.auth_disallow_anonymous_access
    def may(context: Context, data_dict: DataDict) -> AuthResult:
        return standing.as_auth(standing.verdict(context, data_dict["id"], command))

    return may


anshan_submission_sign = _of_submission(Command.SIGN)
anshan_submission_check = _of_submission(Command.CHECK)
anshan_submission_clear = _of_submission(Command.CLEAR)
anshan_submission_return = _of_submission(Command.RETURN)
anshan_submission_reject = _of_submission(Command.REJECT)
anshan_submission_withdraw = _of_submission(Command.WITHDRAW)
anshan_submission_comment = _of_submission(Command.COMMENT)


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_submission_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has a part in it."""
    row = submissions.find(data_dict["id"])
    person = standing.person(context.get("user"), row.agency) if row else NOBODY
    return {"success": True} if standing.may_see(person) else standing.as_auth(Refusal("unknown"))


anshan_submission_difference = anshan_submission_preview = anshan_submission_clock = anshan_submission_show


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_review_statistics(context: Context, data_dict: DataDict) -> AuthResult:
    """The offices, and whoever writes for an agency."""
    found = statistics.scope(context.get("user"), data_dict.get("agency") or "")
    return standing.as_auth(found) if isinstance(found, Refusal) else {"success": True}


@tk.auth_sysadmins_check
@tk.auth_disallow_anonymous_access
def anshan_submission_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Publishers and heads of an agency, and the offices."""
    who = finding.desk(context.get("user"))
    has_part = bool(who.writes) or who.is_office or who.deputy
    return {"success": True} if has_part else standing.as_auth(Refusal("not_yours"))


anshan_submission_bulk = anshan_submission_list  # each of them is asked for by itself
