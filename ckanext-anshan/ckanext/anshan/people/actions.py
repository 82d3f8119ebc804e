"""What the portal told the caller: listed, marked as read, mailed or not."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from . import mailing, notices, schema

__all__ = ["anshan_notice_list", "anshan_notice_mail", "anshan_notice_read"]


@tk.side_effect_free
@tk.validate_action_data(schema.notice_list)
def anshan_notice_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What the portal told the caller, newest first: nobody sees another's, sysadmins neither.

    :param limit: how many (default: 20, at most 100) · :param offset: how many to leave out before
    :param only_unread: leave out what was read
    :returns: ``count`` of all that are asked for, ``unread``, ``is_mailed`` (whether a mail a day is sent of what is
        unread) and ``notices``: each with ``id``, ``kind``, ``sentence`` in the caller's language, ``link`` (path in
        the portal), ``about``, ``created`` and ``read`` (empty while it is unread)
    :raises NotAuthorized: the caller has no account
    """
    tk.check_access("anshan_notice_list", context, data_dict)
    user, only = _user(context), data_dict["only_unread"]
    count, unread = notices.counts(user.id)
    rows = notices.of(user.id, data_dict["limit"], data_dict["offset"], only)
    found = {"count": unread if only else count, "unread": unread, "is_mailed": mailing.wants(user)}
    return {**found, "notices": [_told(row) for row in rows]}


@tk.validate_action_data(schema.notice_read)
def anshan_notice_read(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Mark notices of the caller as read; those of others are left as they are.

    :param ids: as ``anshan_notice_list`` gives them · :param all: all of them instead
    :returns: ``unread``: how many are left
    :raises NotAuthorized: the caller has no account · :raises ValidationError: neither ids nor all
    """
    tk.check_access("anshan_notice_read", context, data_dict)
    ids = data_dict.get("ids")
    if not ids and not data_dict["all"]:
        raise tk.ValidationError({"ids": [tk._("Name the notices that are read, or say all.")]})
    user = _user(context)
    notices.mark_read(user.id, None if data_dict["all"] else ids)
    model.Session.commit()
    return {"unread": notices.unread(user.id)}


@tk.validate_action_data(schema.notice_mail)
def anshan_notice_mail(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say whether the caller wants one mail a day of what they haven't read; they get it until they say no.

    :param wanted: true or false · :returns: ``is_mailed``
    :raises NotAuthorized: the caller has no account
    """
    tk.check_access("anshan_notice_mail", context, data_dict)
    user = _user(context)
    mailing.set_wanted(user, data_dict["wanted"])
    model.Session.commit()
    return {"is_mailed": mailing.wants(user)}


def _user(context: Context) -> model.User:
    """Who asks; nobody else can be named, and ``ignore_auth`` gives no account."""
    found = model.User.get(context.get("user"))
    if found is None:
        raise tk.NotAuthorized(tk._("Log in to see what the portal told you."))
    return found


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "sentence": notices.sentence(row),
        "link": row.link,
        "about": row.about,
        "created": row.created.isoformat(),
        "read": row.read.isoformat() if row.read else "",
    }
