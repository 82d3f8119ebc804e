"""The versions of a dataset, and the guards on CKAN's own actions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from . import guards, model, schema, suspending, telling
from .rules import Refusal, State

_guards = guards.chained()
globals().update(_guards)

__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "anshan_release_lift",
    "anshan_release_list",
    "anshan_release_show",
    "anshan_release_suspend",
    "anshan_suspension_list",
    *_guards,
]


@tk.side_effect_free
@tk.validate_action_data(schema.release_list)
def anshan_release_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The versions of a dataset, newest first. Of one that is suspended or withdrawn they say so, and name no files.

    :param id: id or name of the dataset
    :returns: of each: ``dataset_id``, ``name``, ``version``, ``state`` (published, superseded, suspended, retired,
        lapsed), ``opening_class``, ``release_date``, ``published``, ``approval``, ``basis`` (review, routine,
        emergency, list, demo, earlier), ``signatures`` (``key``, ``organization``, ``time``), ``until`` (open in an
        emergency until then, not confirmed yet), ``suspended`` (``since``, ``office``, ``reason``), ``metadata_hash``
        and ``files`` (``name``, ``format``, ``mimetype``, ``size`` in bytes, ``sha256``, ``url``): those that are
        handed out to everybody; ``withheld``: files that are suspended themselves (``name``, ``since``, ``office``,
        ``reason``)
    :raises ObjectNotFound: nothing is published of it
    """
    tk.check_access("anshan_release_list", context, data_dict)
    return telling.releases(_head(data_dict["id"]))


@tk.side_effect_free
@tk.validate_action_data(schema.release_show)
def anshan_release_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One version of a dataset, with its metadata.

    :param id: id or name of the dataset
    :param version: its number; the published one when not given
    :returns: as ``anshan_release_list``, and ``metadata`` as published, whose SHA-256 is ``metadata_hash``; none of a
        version that is suspended or withdrawn
    :raises ObjectNotFound: nothing is published of it, or it has no such version
    """
    tk.check_access("anshan_release_show", context, data_dict)
    head = _head(data_dict["id"])
    wanted = data_dict.get("version") or head.version
    shown = next((one for one in telling.releases(head) if one["version"] == wanted), None)
    if shown is None:
        raise tk.ObjectNotFound(tk._("This dataset has no version {version}.").format(version=wanted))
    row = next(row for row in model.versions(head.dataset_id) if row.version == wanted)
    return shown | {"metadata": row.metadata if _is_public(row, head) else None}


def _head(dataset: str) -> Any:
    head = model.head_of(dataset)
    if head is None or not telling.is_told(head):
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    return head


def _is_public(row: Any, head: Any) -> bool:
    """A later suspension of the newest version leaves the earlier ones as they are; that of the dataset doesn't."""
    if State(head.state) in (State.RETIRED, State.LAPSED):
        return False
    return telling.covering(row, model.suspensions([row.dataset_id])) is None


@tk.validate_action_data(schema.release_suspend)
def anshan_release_suspend(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take a dataset, a version or a file off at once (articles 8 and 46): its page, files, table, previews, search.

    :param id: id or name of the dataset
    :param version: only this version (default: the dataset)
    :param file: only this file, by its name in the version or the newest one: its bytes, in every version of the
        dataset, also in one that is published later
    :param reason: shown to everybody
    :returns: the suspension as ``anshan_suspension_list`` has it
    :raises NotAuthorized: the caller is no member of the cyberspace office; being sysadmin gives nothing
    :raises ObjectNotFound: nothing was published of it · :raises ValidationError: it is suspended already, was
        withdrawn, has no such version or file, or there is no reason
    """
    tk.check_access("anshan_release_suspend", context, data_dict)
    by = suspending.person(context.get("user"))
    found = suspending.suspend(by, data_dict)
    if isinstance(found, Refusal):
        raise suspending.refuse(found)
    return _suspension(by, found)


@tk.validate_action_data(schema.release_lift)
def anshan_release_lift(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Agree to lift a suspension. It takes a member of the cyberspace office and one of the data bureau: the first
    is kept, the second brings back what was suspended.

    :param id: id of the suspension · :param reason: kept for the offices and on the log
    :returns: the suspension as ``anshan_suspension_list`` has it, with ``lifted`` once both agreed
    :raises NotAuthorized: the caller is in neither office; being sysadmin gives nothing
    :raises ObjectNotFound: there is no such suspension · :raises ValidationError: it is lifted already, the caller's
        office or the caller agreed already, or there is no reason
    """
    tk.check_access("anshan_release_lift", context, data_dict)
    by = suspending.person(context.get("user"))
    found = suspending.lift(by, data_dict)
    if isinstance(found, Refusal):
        raise suspending.refuse(found)
    return _suspension(by, data_dict["id"])


@tk.side_effect_free
@tk.validate_action_data(schema.suspension_list)
def anshan_suspension_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What is suspended, the latest first.

    :param id: only this one, or those of this dataset (id or name)
    :param all: also those that are lifted (default: false)
    :param limit: how many (default: 50, at most 500) · :param offset: how many to leave out first
    :returns: ``count``, ``may_suspend``: whether the caller may, and ``suspensions``: each with ``id``,
        ``dataset_id``, ``name``, ``title``, ``scope`` (dataset, version or file), ``version``, ``file`` (empty where
        its name was never public), ``since``, ``lifted``, ``office``, ``reason`` and ``lifts`` (``office``,
        ``organization``, ``time``); for the two offices also ``by``, ``sha256``, ``agreed`` and ``may_lift``
    """
    tk.check_access("anshan_suspension_list", context, data_dict)
    return telling.suspensions(suspending.person(context.get("user")), data_dict)


def _suspension(by: suspending.Person, id: str) -> dict[str, Any]:
    asked = {"id": id, "all": True, "limit": 1, "offset": 0}
    return telling.suspensions(by, asked)["suspensions"][0]
