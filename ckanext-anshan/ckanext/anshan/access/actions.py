"""What was granted: asked, shown, counted, and the tokens for it (articles 20 to 22 and 27)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from . import asking, refusing, schema, showing, tokening
from .rules import Refusal

__all__ = [
    "anshan_grant_list",
    "anshan_grant_query",
    "anshan_grant_show",
    "anshan_grant_token_create",
    "anshan_grant_token_list",
    "anshan_grant_token_revoke",
    "anshan_grant_usage",
]

Told = dict[str, Any]


@tk.side_effect_free
@tk.validate_action_data(schema.grant_query)
def anshan_grant_query(context: Context, data_dict: DataDict) -> Told:
    """Rows of a table under a grant, as far as it goes: filtered, sorted, page by page, or counted (article 27).

    With the account or API token of somebody who acts for a holder, or with a token of the grant, sent as
    ``X-Grant-Token: anshan_g_…`` or ``Authorization: Bearer anshan_g_…``. Each answer is one request of the day's quota
    and on record. Without ``sort`` rows stand in an order of the grant's own, the same from page to page.

    :param id: number of the application · :param dataset: its name or id, where several were granted
    :param file: name of the table, where several were granted · :param sheet: of a workbook; the first one otherwise
    :param columns: list of names; all that are granted otherwise
    :param filters: list of ``column``, ``op`` (eq, ne, lt, le, gt, ge, in, contains, starts, is_null) and ``value``
    :param sort: list of ``column`` and ``desc`` · :param limit: rows, 100 otherwise and 1000 at most
    :param offset: rows before the first
    :param group_by: list of columns, where the grant covers counting
    :param aggregates: list of ``function`` (count, sum, avg, min, max) and ``column``
    :returns: ``columns`` (``name`` and ``type``), ``rows`` (lists of values), ``total``, ``version``, ``left_today``
    :raises ObjectNotFound: no such grant for the caller (``access.no_grant``)
    :raises NotAuthorized: what is asked for isn't covered, or the token isn't good (401)
    :raises ValidationError: wrong query (409); not now (410, 429 with ``Retry-After``, 451, 503)
    """
    tk.check_access("anshan_grant_query", context, data_dict)
    return asking.query(context, data_dict)


@tk.side_effect_free
@tk.validate_action_data(schema.grant_show)
def anshan_grant_show(context: Context, data_dict: DataDict) -> Told:
    """What may be used under a number, and what was used: for its holders, its provider and the offices.

    :param id: number of the application
    :returns: ``datasets`` (files, columns, rows, methods, quota, and in ``against`` what stands against it just now),
        ``starts``, ``ends``, ``holders``, ``tokens`` (for holders), ``usage`` (of 30 days), ``deliveries``,
        ``commands``
    :raises ObjectNotFound: no such grant for the caller · :raises NotAuthorized: the token isn't good (401)
    """
    tk.check_access("anshan_grant_show", context, data_dict)
    return _or_refuse(showing.full(data_dict["id"], asking.caller(context)))


@tk.side_effect_free
@tk.validate_action_data(schema.grant_list)
def anshan_grant_list(context: Context, data_dict: DataDict) -> Told:
    """The grants of the caller, the newest first: those they hold, or those to the data that they provide.

    :param side: ``holder``, ``provider`` or ``office`` (all, for the offices); both of the first two otherwise
    :param limit: how many, 20 otherwise and 100 at most · :param offset: how many before the first
    :returns: ``count`` and ``results`` (``number``, ``dataset``, ``title``, ``state``, ``starts``, ``ends``,
        ``holders``, ``methods``)
    :raises NotAuthorized: without an account
    """
    tk.check_access("anshan_grant_list", context, data_dict)
    given = {name: data_dict[name] for name in ("side", "limit", "offset")}
    return showing.listed(asking.caller(context), **given)


@tk.side_effect_free
@tk.validate_action_data(schema.grant_usage)
def anshan_grant_usage(context: Context, data_dict: DataDict) -> list[Told]:
    """What was used each day under the caller's own grants, or of the data that they provide.

    :param id: number of one application; all of them otherwise · :param days: how many, 30 otherwise and 400 at most
    :returns: list of ``day``, ``number``, ``dataset``, ``requests``, ``calls``, ``downloads``, ``refused``, ``rows``,
        ``bytes`` and ``is_unusual``; days without any are left out
    :raises ObjectNotFound: no such grant for the caller · :raises NotAuthorized: without an account
    """
    tk.check_access("anshan_grant_usage", context, data_dict)
    return _or_refuse(showing.usage(data_dict["id"], asking.caller(context), data_dict["days"]))


@tk.validate_action_data(schema.token_create)
def anshan_grant_token_create(context: Context, data_dict: DataDict) -> Told:
    """Make a token with which a program asks for what one grant covers, until the grant ends.

    It works while whoever made it acts for a holder, and is worth nothing anywhere else in the portal.

    :param id: number of the application · :param dataset: name or id, where several were granted
    :param name: what it is for, in words
    :returns: ``token``, told this once, and what ``anshan_grant_token_list`` tells of it
    :raises ObjectNotFound: no such grant for the caller · :raises NotAuthorized: the API isn't covered
    :raises ValidationError: too many tokens already, or the grant isn't in use
    """
    tk.check_access("anshan_grant_token_create", context, data_dict)
    return tokening.create(asking.caller(context), data_dict["id"], data_dict["dataset"], data_dict["name"])


@tk.side_effect_free
@tk.validate_action_data(schema.grant_show)
def anshan_grant_token_list(context: Context, data_dict: DataDict) -> list[Told]:
    """The tokens of the grants under a number, for their holders.

    :param id: number of the application
    :returns: list of ``id``, ``name``, ``dataset``, ``made_by``, ``created``, ``expires``, ``used``, ``revoked`` and
        ``is_good``
    :raises ObjectNotFound: no such grant for the caller
    """
    tk.check_access("anshan_grant_token_list", context, data_dict)
    return tokening.listed(asking.caller(context), data_dict["id"])


@tk.validate_action_data(schema.token_revoke)
def anshan_grant_token_revoke(context: Context, data_dict: DataDict) -> Told:
    """Make a token worthless at once, whoever of the holders made it.

    :param id: number of the application · :param token: id of the token
    :returns: what ``anshan_grant_token_list`` tells of it
    :raises ObjectNotFound: no such grant for the caller, or no such token
    """
    tk.check_access("anshan_grant_token_revoke", context, data_dict)
    return tokening.revoke(asking.caller(context), data_dict["id"], data_dict["token"])


def _or_refuse(found: Any) -> Any:
    return refusing.refuse(found) if isinstance(found, Refusal) else found
