"""Who applies: a person's profile, organizations, their verification and their members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ..audit import recording
from ..audit.events import Event
from . import filling, identities, keeping, rules, running, schema, showing
from .rules import ORGANIZATION, PERSON, Command, Party, Refusal, Role, State
from .running import Act

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

Shown = dict[str, Any]


@tk.side_effect_free
def anshan_applicant_show(context: Context, data_dict: DataDict) -> Shown:
    """The caller's own profile, and for whom they may apply (article 27); identities are masked, to them too.

    :returns: ``person`` (none while nothing is filled in; ``state``, ``name``, ``number``, ``phone``, ``is_readable``),
        ``organizations`` that they belong to or are invited to (each ``id``, ``name``, ``uscc``, ``kind``, ``state``,
        ``role``), ``parties`` that they may act for now (each ``kind`` and ``id`` of the party, ``name``, ``code``,
        ``applicant_kind``, ``is_representative``)
    :raises NotAuthorized: the caller has no account
    """
    tk.check_access("anshan_applicant_show", context, data_dict)
    return showing.own(_caller(context))


@tk.validate_action_data(schema.applicant_update)
def anshan_applicant_update(context: Context, data_dict: DataDict) -> Shown:
    """Fill in or change the caller's own profile as a person; what is left empty stays as it is.

    :param name: real name · :param number: resident ID number (GB 11643), with its check character
    :param phone: mobile, or landline with its area code
    :returns: as ``anshan_applicant_show``
    :raises NotAuthorized: the caller has no account
    :raises ValidationError: something is missing or wrong, another account has this number, an identity service told
        name and number, or the key that locks them isn't there
    """
    tk.check_access("anshan_applicant_update", context, data_dict)
    user_id = _caller(context)
    fields = [name for name in filling.PERSONAL if data_dict.get(name)]
    with running.whole():
        filling.save_person(user_id, data_dict)
        about = identities.about(Party(PERSON, user_id))
        recording.note(Event("applicant.profile", object=about, action="applicants", facts={"fields": fields}))
    return showing.own(user_id)


@tk.validate_action_data(schema.organization_create)
def anshan_applicant_organization_create(context: Context, data_dict: DataDict) -> Shown:
    """Enter an organization that the caller represents; ``anshan_applicant_organization_submit`` follows.

    :param kind: ``company``, ``public_institution``, ``university``, ``social_organization`` or ``other``
    :param name: as it is registered · :param uscc: unified social credit code (GB 32100); a wrong check character is
        a warning (``is_doubtful``), since some are registered so
    :param contact: name of the contact person · :param phone: theirs · :param email: theirs, may be empty
    :param upload: power of attorney: PDF, JPG or PNG, at most 10 MB; may follow
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller has no account
    :raises ValidationError: something is missing or wrong, or the organization is here already
    """
    tk.check_access("anshan_applicant_organization_create", context, data_dict)
    user_id, id = _caller(context), keeping.new_id()
    with running.whole():
        values = filling.of_new(id, data_dict)
        keeping.add_organization(id, {"state": State.UNVERIFIED.value, **values})
        keeping.join(id, user_id, Role.REPRESENTATIVE, user_id)
        keeping.note(id, Command.FOUND.value, user_id, "", State.UNVERIFIED.value, {})
        running.record(Party(ORGANIZATION, id), Command.FOUND, {})
    return showing.organization(id, running.person(context))


@tk.validate_action_data(schema.organization_update)
def anshan_applicant_organization_update(context: Context, data_dict: DataDict) -> Shown:
    """Change the particulars of an organization; what is left empty stays as it is.

    Another kind, name, code or power of attorney of a verified one makes the bureau look again: until then nobody acts
    for it.

    :param id: id of the organization · :param kind: another kind · :param name: another name
    :param uscc: another code · :param contact: who answers for it · :param phone: of the contact
    :param email: of the contact · :param upload: another power of attorney: all as in
        ``anshan_applicant_organization_create``
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller doesn't represent it, or there is no such organization
    :raises ValidationError: something is wrong, or it is barred
    """
    tk.check_access("anshan_applicant_organization_update", context, data_dict)
    return _done(context, Command.UPDATE, data_dict, filling.change)


@tk.validate_action_data(schema.organization_id)
def anshan_applicant_organization_submit(context: Context, data_dict: DataDict) -> Shown:
    """Submit an organization for verification by the data bureau.

    :param id: id of the organization · :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller doesn't represent it · :raises ValidationError: something is missing
    """
    tk.check_access("anshan_applicant_organization_submit", context, data_dict)
    return _done(context, Command.SUBMIT, data_dict | _there(data_dict["id"]), _submit)


def _submit(act: Act) -> None:
    if keeping.holder_of_code(act.row.uscc) not in ("", act.row.id):
        running.refuse(Refusal("code_taken"), "uscc")


def _there(id: str) -> dict[str, Any]:
    """What was filled in before, of what a submission needs."""
    row = keeping.organization_of(id)
    if row is None:
        return {}
    identity = identities.opened(Party(ORGANIZATION, id), row)
    return {"attorney": row.attorney, "contact": identity.get("contact"), "phone": identity.get("phone")}


@tk.side_effect_free
@tk.validate_action_data(schema.organization_id)
def anshan_applicant_organization_show(context: Context, data_dict: DataDict) -> Shown:
    """An organization, for its members and the data bureau; who is invited sees what it is called alone.

    :param id: id of the organization
    :returns: ``id``, ``name``, ``uscc``, ``kind``, ``state``, ``version``, ``is_doubtful`` (the code's check character
        is wrong), ``role`` of the caller, ``commands`` that they may do now; for members and the bureau also
        ``contact``, ``phone``, ``email`` (masked), ``attorney``, ``reason``, ``article``, ``until``, ``is_vouched`` (an
        identity service told this code of the representative), ``members``, ``former`` and ``events``
    :raises NotAuthorized: it is not theirs to see, or there is none
    """
    tk.check_access("anshan_applicant_organization_show", context, data_dict)
    if not running.sees(context, data_dict["id"]):
        running.refuse(Refusal("unknown"))
    return showing.organization(data_dict["id"], running.person(context))


@tk.side_effect_free
@tk.validate_action_data(schema.organization_list)
def anshan_applicant_organization_list(context: Context, data_dict: DataDict) -> Shown:
    """The organizations that apply, for the data bureau; of those that wait for it the longest waiting first.

    :param state: ``pending`` (default), another state, or ``all`` · :param q: part of a name, or a whole code
    :param limit: how many (default: 50, at most 200) · :param offset: how many to leave out before
    :returns: ``count``, ``counts`` by state, ``organizations`` (each ``id``, ``name``, ``uscc``, ``kind``, ``state``,
        ``submitted``, ``is_doubtful``)
    :raises NotAuthorized: the caller is no member of the data bureau; being sysadmin gives nothing
    """
    tk.check_access("anshan_applicant_organization_list", context, data_dict)
    _need_bureau(context)
    return showing.listed(data_dict["state"], data_dict["q"].strip(), data_dict["limit"], data_dict["offset"])


@tk.validate_action_data(schema.organization_contact)
def anshan_applicant_organization_contact(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Tell the data bureau the contact of an organization in full; that, and why, is on record.

    :param id: id of the organization · :param why: for the log
    :returns: ``name``, ``code``, ``contact``, ``phone``, ``email``
    :raises NotAuthorized: the caller is no member of the data bureau · :raises ObjectNotFound: there is none
    """
    tk.check_access("anshan_applicant_organization_contact", context, data_dict)
    who = _need_bureau(context)
    return identities.told(who.id, Party(ORGANIZATION, data_dict["id"]), data_dict["why"])


@tk.validate_action_data(schema.organization_verify)
def anshan_applicant_organization_verify(context: Context, data_dict: DataDict) -> Shown:
    """Verify an organization: its members may act for it from now on (article 27).

    :param id: id of the organization · :param version: that was looked at; another one is refused
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller is no member of the data bureau, or belongs to the organization
    :raises ValidationError: it isn't submitted, or was changed since
    """
    tk.check_access("anshan_applicant_organization_verify", context, data_dict)
    return _done(context, Command.VERIFY, data_dict | {"reason": ""}, filling.judge)


@tk.validate_action_data(schema.organization_judge)
def anshan_applicant_organization_refuse(context: Context, data_dict: DataDict) -> Shown:
    """Refuse to verify an organization, which may be changed and submitted again.

    :param id: id of the organization · :param version: that was looked at · :param reason: told to its members
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized, ValidationError: as ``anshan_applicant_organization_verify``
    """
    tk.check_access("anshan_applicant_organization_refuse", context, data_dict)
    return _done(context, Command.REFUSE, data_dict, filling.judge)


@tk.validate_action_data(schema.organization_bar)
def anshan_applicant_organization_bar(context: Context, data_dict: DataDict) -> Shown:
    """Bar a verified organization: nobody acts for it, and what it was granted ends.

    :param id: id of the organization · :param reason: told to its members · :param article: that it rests on
    :param until: last day of the bar (YYYY-MM-DD); empty: until it is lifted
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller is no member of the data bureau · :raises ValidationError: something is missing
    """
    tk.check_access("anshan_applicant_organization_bar", context, data_dict)
    return _done(context, Command.BAR, data_dict, filling.bar)


@tk.validate_action_data(schema.organization_unbar)
def anshan_applicant_organization_unbar(context: Context, data_dict: DataDict) -> Shown:
    """Lift the bar of an organization before its last day.

    :param id: id of the organization · :param reason: for the record
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller is no member of the data bureau · :raises ValidationError: it isn't barred
    """
    tk.check_access("anshan_applicant_organization_unbar", context, data_dict)
    return _done(context, Command.UNBAR, data_dict, filling.unbar)


@tk.validate_action_data(schema.member)
def anshan_applicant_member_invite(context: Context, data_dict: DataDict) -> Shown:
    """Invite somebody to act for an organization; they accept or decline.

    :param id: id of the organization · :param user: name of their account
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller doesn't represent it
    :raises ValidationError: there is no such account, it belongs to it already, or the organization is barred
    """
    tk.check_access("anshan_applicant_member_invite", context, data_dict)
    return _done(context, Command.INVITE, filling.user_named(data_dict), filling.invite)


@tk.validate_action_data(schema.organization_id)
def anshan_applicant_member_accept(context: Context, data_dict: DataDict) -> Shown:
    """Accept an invitation to act for an organization.

    :param id: id of the organization · :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller isn't invited
    """
    tk.check_access("anshan_applicant_member_accept", context, data_dict)
    return _done(context, Command.ACCEPT, data_dict, filling.accept)


@tk.validate_action_data(schema.organization_id)
def anshan_applicant_member_decline(context: Context, data_dict: DataDict) -> Shown:
    """Decline an invitation to act for an organization.

    :param id: id of the organization · :returns: as ``anshan_applicant_show``
    :raises NotAuthorized: the caller isn't invited
    """
    tk.check_access("anshan_applicant_member_decline", context, data_dict)
    running.run(context, data_dict["id"], Command.DECLINE, data_dict, filling.decline)
    return showing.own(_caller(context))


@tk.validate_action_data(schema.member)
def anshan_applicant_member_remove(context: Context, data_dict: DataDict) -> Shown:
    """Remove a member, or take an invitation back; what they were granted for the organization ends.

    :param id: id of the organization · :param user: name of their account
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller doesn't represent it
    :raises ValidationError: they don't belong to it, or are the representative
    """
    tk.check_access("anshan_applicant_member_remove", context, data_dict)
    return _done(context, Command.REMOVE, filling.user_there(data_dict), filling.remove)


@tk.validate_action_data(schema.organization_id)
def anshan_applicant_member_leave(context: Context, data_dict: DataDict) -> Shown:
    """Leave an organization; its representative hands that over first.

    :param id: id of the organization · :returns: as ``anshan_applicant_show``
    :raises NotAuthorized: the caller is no member
    """
    tk.check_access("anshan_applicant_member_leave", context, data_dict)
    running.run(context, data_dict["id"], Command.LEAVE, data_dict, filling.leave)
    return showing.own(_caller(context))


@tk.validate_action_data(schema.member)
def anshan_applicant_member_hand_over(context: Context, data_dict: DataDict) -> Shown:
    """Make a member the representative; who was it stays a member. The data bureau does so where nobody else can.

    :param id: id of the organization · :param user: name of their account
    :returns: as ``anshan_applicant_organization_show``
    :raises NotAuthorized: the caller neither represents it nor is a member of the data bureau
    :raises ValidationError: they are no member
    """
    tk.check_access("anshan_applicant_member_hand_over", context, data_dict)
    return _done(context, Command.HAND_OVER, filling.user_named(data_dict), filling.hand_over)


def _done(context: Context, command: Command, given: Any, change: Callable[[Act], None]) -> Shown:
    id = running.run(context, given["id"], command, given, change)
    return showing.organization(id, running.person(context))


def _caller(context: Context) -> str:
    """Who asks; nobody else can be named, and ``ignore_auth`` gives no account."""
    found = running.person(context)
    return found.id or running.refuse(Refusal("not_yours"))


def _need_bureau(context: Context) -> rules.Person:
    who = running.person(context)
    return who if who.is_bureau else running.refuse(Refusal("not_yours"))
