"""Everything that a dataset's page tells, the data beside it, and what changed between two of its versions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..release import telling
from . import comparing, schema, showing

__all__ = ["anshan_dataset_compare", "anshan_dataset_show", "anshan_dataset_status"]


@tk.side_effect_free
@tk.validate_action_data(schema.show)
def anshan_dataset_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A published dataset as its page tells it: now, or as it was in an earlier version.

    :param id: id or name of the dataset
    :param version: number of a version; the published one when not given
    :returns: ``dataset`` as ``package_show`` has it (of an earlier version: as it was then), ``version``,
        ``latest_version``, ``approved``: by what (``basis``, ``signatures``, ``until``, ``message``), ``files``,
        ``withheld``: files that are suspended, ``versions`` with what changed in each, ``freshness``, ``citations``,
        ``downloads``, ``related``: up to five datasets alike in keywords, title, theme and agency; ``conditions`` of
        one that is open on conditions (article 27: who may apply, for what, how it is given, for how long, which of its
        items), ``answer``: until when an application of today is answered (``days``, ``by``)
    :raises ObjectNotFound: nothing is published of it, or it has no such version
    """
    tk.check_access("anshan_dataset_show", context, data_dict)
    return showing.show(context, data_dict["id"], data_dict.get("version"))


@tk.side_effect_free
@tk.validate_action_data(schema.status)
def anshan_dataset_status(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whether a dataset is public, and why it isn't any more; it can still be cited.

    :param id: id or name of the dataset
    :returns: ``state`` (published, suspended, retired, lapsed, or closed where earlier versions stay open),
        ``dataset_id``, ``name``, ``title``, ``agency`` and ``agency_name``, ``version`` and ``release_date`` of the
        newest version; ``since``, ``office``, ``reason`` and ``article`` of what isn't public; ``left``: versions
        whose files are still handed out, as ``anshan_release_list`` has them; ``citations``
    :raises ObjectNotFound: nothing was ever published of it
    """
    tk.check_access("anshan_dataset_status", context, data_dict)
    told = telling.status(data_dict["id"])
    if told is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    return told | {"citations": showing.cited(told["agency"], told["title"], told)}


@tk.side_effect_free
@tk.validate_action_data(schema.compare)
def anshan_dataset_compare(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What is different between two versions of a dataset: description, information items, files and their rows.

    :param id: id or name of the dataset
    :param before: number of the one version
    :param after: number of the other
    :returns: ``before`` and ``after`` (version and day), ``fields``, ``items`` and ``files``; of a file with a table
        ``rows``: how many were ``added``, ``removed`` and ``changed``, by which ``key``, with up to 20 examples of each
    :raises ObjectNotFound: nothing is published of it, or it has no such versions
    """
    tk.check_access("anshan_dataset_compare", context, data_dict)
    return comparing.compare(context, data_dict["id"], data_dict["before"], data_dict["after"])
