"""Sharing between agencies: its catalogue, feedback of errors, data to be returned to lower levels (art. 18, 20 to 24).

Data is shared by the actions of applications (``anshan_application_create`` with ``kind=sharing``) and of grants.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from . import listing, reporting, running, schema, showing, standing, stating
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

Told = dict[str, Any]


@tk.side_effect_free
@tk.validate_action_data(schema.catalogue)
def anshan_sharing_catalogue(context: Context, data_dict: DataDict) -> Told:
    """What agencies may have of each other, by title; what isn't shared comes last, with its legal basis (article 20).

    :param q: words of the title, summary or items · :param agency: id of the providing organization
    :param sharing_class: ``unconditional``, ``conditional`` or ``closed``
    :param limit: how many · :param offset: how many to leave out before
    :returns: ``count``; ``results``, each with ``name``, ``title``, ``agency_title``, ``sharing_class``,
        ``sharing_basis``, ``sharing_conditions``, ``used_under`` (numbers of the caller's applications), ``may_apply``;
        ``agencies`` and ``classes`` with their counts
    :raises NotAuthorized: for who belongs to no agency and no office, and for a sysadmin
    """
    tk.check_access("anshan_sharing_catalogue", context, data_dict)
    return listing.found(standing.Asker(context.get("user")), data_dict)


@tk.validate_action_data(schema.feedback_create)
def anshan_sharing_feedback_create(context: Context, data_dict: DataDict) -> Told:
    """Report a doubt or an error in data that one uses; the provider verifies it in time (article 23).

    :param application: number or id of the application under which the data is used
    :param dataset: name or id of one of its datasets · :param file: of the dataset · :param column: of the file
    :param row: which row, in words · :param text: what is wrong
    :returns: as ``anshan_sharing_feedback_show``
    :raises NotAuthorized: the caller doesn't use it
    :raises ValidationError: it isn't in use now, or the file or column isn't
    """
    tk.check_access("anshan_sharing_feedback_create", context, data_dict)
    return _feedback(context, reporting.report(context, data_dict))


@tk.side_effect_free
@tk.validate_action_data(schema.named)
def anshan_sharing_feedback_show(context: Context, data_dict: DataDict) -> Told:
    """A report of an error, for who made it, the provider and the data bureau.

    :param id: number or id
    :returns: ``number``, ``state``, ``title``, ``version``, ``file``, ``column``, ``row``, ``text``, ``reply``,
        ``correct_by``, ``corrected_version``, ``due``, ``commands`` (what the caller may do) and ``events``
    :raises NotAuthorized: for all others, who aren't told that it is there
    """
    tk.check_access("anshan_sharing_feedback_show", context, data_dict)
    return showing.full(FEEDBACK, data_dict["id"], context.get("user"))


@tk.side_effect_free
@tk.validate_action_data(schema.feedback_list)
def anshan_sharing_feedback_list(context: Context, data_dict: DataDict) -> Told:
    """Reports of errors that the caller made or whose data their agency provides; all of them for the data bureau.

    :param state: ``open``, ``confirmed``, ``unfounded``, ``corrected`` or ``withdrawn`` · :param q: words of the title
    :param limit: how many · :param offset: how many to leave out before
    :returns: ``count`` and ``results``, what is open first · :raises NotAuthorized: without an account, for a sysadmin
    """
    tk.check_access("anshan_sharing_feedback_list", context, data_dict)
    return showing.feedback_list(standing.Asker(context.get("user")), data_dict)


@tk.validate_action_data(schema.feedback_confirm)
def anshan_sharing_feedback_confirm(context: Context, data_dict: DataDict) -> Told:
    """Confirm an error, and say by when it is corrected (article 23).

    :param id: number or id · :param reply: to the user · :param correct_by: a day within a year
    :returns: as ``anshan_sharing_feedback_show``
    :raises NotAuthorized: not the provider's · :raises ValidationError: not now, no reply, no such day
    """
    tk.check_access("anshan_sharing_feedback_confirm", context, data_dict)
    return _feedback(context, running.run(context, FEEDBACK, FeedbackCommand.CONFIRM, data_dict))


@tk.validate_action_data(schema.feedback_reject)
def anshan_sharing_feedback_reject(context: Context, data_dict: DataDict) -> Told:
    """Say that there is no error, and why (article 23).

    :param id: number or id · :param reply: to the user
    :returns: as ``anshan_sharing_feedback_show``
    :raises NotAuthorized: not the provider's · :raises ValidationError: not now, no reply
    """
    tk.check_access("anshan_sharing_feedback_reject", context, data_dict)
    return _feedback(context, running.run(context, FEEDBACK, FeedbackCommand.REJECT, data_dict))


@tk.validate_action_data(schema.feedback_correct)
def anshan_sharing_feedback_correct(context: Context, data_dict: DataDict) -> Told:
    """Say in which version a confirmed error is corrected: a later one, which is published (article 23).

    :param id: number or id · :param version: its number
    :returns: as ``anshan_sharing_feedback_show``
    :raises NotAuthorized: not the provider's · :raises ValidationError: not now, no such version
    """
    tk.check_access("anshan_sharing_feedback_correct", context, data_dict)
    return _feedback(context, running.run(context, FEEDBACK, FeedbackCommand.CORRECT, data_dict))


@tk.validate_action_data(schema.named)
def anshan_sharing_feedback_withdraw(context: Context, data_dict: DataDict) -> Told:
    """Withdraw a report that wasn't answered yet.

    :param id: number or id
    :returns: as ``anshan_sharing_feedback_show``
    :raises NotAuthorized: not the user's · :raises ValidationError: not now
    """
    tk.check_access("anshan_sharing_feedback_withdraw", context, data_dict)
    return _feedback(context, running.run(context, FEEDBACK, FeedbackCommand.WITHDRAW, data_dict))


# data to be returned


@tk.validate_action_data(schema.return_create)
def anshan_sharing_return_create(context: Context, data_dict: DataDict) -> Told:
    """State which data an agency needs back of what lower levels collected and handed up (article 24).

    :param agency: name or id of the organization that needs it, where the caller writes for several
    :param dataset: name or id of a released dataset, or :param title: what is needed, in words
    :param description: more of it · :param district: id in districts · :param streets: ids in streets
    :param scope: which part, in words · :param purpose: what for · :param basis: legal
    :param cycle: id in update_cycles
    :returns: as ``anshan_sharing_return_show``
    :raises NotAuthorized: for who writes for no agency · :raises ValidationError: missing, or unknown
    """
    tk.check_access("anshan_sharing_return_create", context, data_dict)
    return _return(context, stating.state(context, data_dict))


@tk.side_effect_free
@tk.validate_action_data(schema.named)
def anshan_sharing_return_show(context: Context, data_dict: DataDict) -> Told:
    """A line of the list of data to be returned, for the members of agencies and offices.

    :param id: number or id
    :returns: ``number``, ``state``, ``title``, ``agency_title``, ``provider_title``, ``district``, ``streets``,
        ``scope``, ``purpose``, ``basis``, ``cycle``, ``how``, ``until``, ``reason``, ``article``, ``application``,
        ``merged_into``, ``due``, ``commands`` (what the caller may do) and ``events``
    :raises NotAuthorized: for all others; there is none
    """
    tk.check_access("anshan_sharing_return_show", context, data_dict)
    return showing.full(RETURN, data_dict["id"], context.get("user"))


@tk.side_effect_free
@tk.validate_action_data(schema.return_list)
def anshan_sharing_return_list(context: Context, data_dict: DataDict) -> Told:
    """The list of data to be returned to lower levels (返还需求目录, article 24), what is open first.

    :param q: words of the title, description or number · :param agency: id of who needs it
    :param provider: id of who has it · :param district: id in districts · :param state: of ``rules.ReturnState``
    :param limit: how many, 1000 at most · :param offset: how many to leave out before
    :returns: ``count``, ``results``, ``agencies`` (``id`` and ``title`` of those that are named in the list)
    :raises NotAuthorized: for who belongs to no agency and no office, and for a sysadmin
    """
    tk.check_access("anshan_sharing_return_list", context, data_dict)
    return showing.return_list(data_dict)


@tk.validate_action_data(schema.return_confirm)
def anshan_sharing_return_confirm(context: Context, data_dict: DataDict) -> Told:
    """Put a need on the list, and pass it on to whoever has the data.

    :param id: number or id · :param provider: id or name of that organization; known already where a dataset is named
    :returns: as ``anshan_sharing_return_show``
    :raises NotAuthorized: not the data bureau's · :raises ValidationError: not now, no such agency
    """
    tk.check_access("anshan_sharing_return_confirm", context, data_dict)
    return _answer(context, ReturnCommand.CONFIRM, data_dict, stating.about_provider)


@tk.validate_action_data(schema.return_merge)
def anshan_sharing_return_merge(context: Context, data_dict: DataDict) -> Told:
    """Merge a need into another open one.

    :param id: number or id · :param into: number or id of the other
    :returns: as ``anshan_sharing_return_show``
    :raises NotAuthorized: not the data bureau's · :raises ValidationError: not now, no such need
    """
    tk.check_access("anshan_sharing_return_merge", context, data_dict)
    return _answer(context, ReturnCommand.MERGE, data_dict, stating.about_other)


@tk.validate_action_data(schema.return_decline)
def anshan_sharing_return_decline(context: Context, data_dict: DataDict) -> Told:
    """Don't put a need on the list, and say why.

    :param id: number or id · :param reason: told to whoever stated it
    :returns: as ``anshan_sharing_return_show``
    :raises NotAuthorized: not the data bureau's · :raises ValidationError: not now, no reason
    """
    tk.check_access("anshan_sharing_return_decline", context, data_dict)
    return _answer(context, ReturnCommand.DECLINE, data_dict)


@tk.validate_action_data(schema.return_promise)
def anshan_sharing_return_promise(context: Context, data_dict: DataDict) -> Told:
    """Say how and by when the data is returned (article 24).

    :param id: number or id · :param how: in which way · :param until: a day within a year
    :returns: as ``anshan_sharing_return_show``
    :raises NotAuthorized: not the provider's · :raises ValidationError: not now, no such day
    """
    tk.check_access("anshan_sharing_return_promise", context, data_dict)
    return _answer(context, ReturnCommand.PROMISE, data_dict)


@tk.validate_action_data(schema.return_refuse)
def anshan_sharing_return_refuse(context: Context, data_dict: DataDict) -> Told:
    """Say that the data can't be returned, why, and which act forbids it.

    :param id: number or id · :param reason: told to whoever needs it · :param article: of the act that forbids it
    :returns: as ``anshan_sharing_return_show``
    :raises NotAuthorized: not the provider's · :raises ValidationError: not now, no reason
    """
    tk.check_access("anshan_sharing_return_refuse", context, data_dict)
    return _answer(context, ReturnCommand.REFUSE, data_dict)


@tk.validate_action_data(schema.return_return)
def anshan_sharing_return_return(context: Context, data_dict: DataDict) -> Told:
    """Say that the data is returned: the agency uses it under a sharing application.

    :param id: number or id · :param application: its number
    :returns: as ``anshan_sharing_return_show``
    :raises NotAuthorized: not the provider's · :raises ValidationError: not now, or nothing is shared under it
    """
    tk.check_access("anshan_sharing_return_return", context, data_dict)

    def about(row: Any, asked: DataDict) -> Told:
        return dict(stating.about_application(context, row, asked))

    return _answer(context, ReturnCommand.RETURN, data_dict, about)


@tk.validate_action_data(schema.named)
def anshan_sharing_return_withdraw(context: Context, data_dict: DataDict) -> Told:
    """Withdraw a need that is open.

    :param id: number or id
    :returns: as ``anshan_sharing_return_show``
    :raises NotAuthorized: not for that agency · :raises ValidationError: not now
    """
    tk.check_access("anshan_sharing_return_withdraw", context, data_dict)
    return _answer(context, ReturnCommand.WITHDRAW, data_dict)


def _feedback(context: Context, row: Any) -> Told:
    return showing.full(FEEDBACK, row.id, context.get("user"))


def _return(context: Context, row: Any) -> Told:
    return showing.full(RETURN, row.id, context.get("user"))


def _answer(context: Context, command: Command, asked: DataDict, about: Any = None) -> Told:
    facts = (lambda row: about(row, asked)) if about else None
    return _return(context, running.run(context, RETURN, command, asked, facts))
