"""What is in a published file: a page of its table, a chart, its places, or the beginning of its text."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from . import mapped, opened, schema, shown

__all__ = ["anshan_preview_places", "anshan_preview_show"]


@tk.side_effect_free
@tk.validate_action_data(schema.preview)
def anshan_preview_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A view of a file of the published version of an open dataset.

    :param id: id of the resource
    :param query: what is asked of it, written as in the address of its page: ``view`` (table, chart, map or text),
        ``sort`` (a column; ``-`` before it turns the order), ``where.COLUMN`` (a value; ``=``, ``>=`` or ``<=`` before
        it says how), ``show`` (a column, repeated), ``rows`` and ``page``; of a chart ``by``, ``of`` and ``how``
    :returns: ``kind`` and what belongs to it: ``columns``, ``rows`` and ``pages`` of a table, ``chart``, ``map``,
        ``text`` or ``archive``; ``kinds`` that there are; ``problems`` with what the query asked in vain
    :raises ObjectNotFound: no such file is open now
    """
    tk.check_access("anshan_preview_show", context, data_dict)
    return shown.show(opened.published(data_dict["id"]), data_dict["id"], data_dict.get("query") or "")


@tk.side_effect_free
@tk.validate_action_data(schema.preview)
def anshan_preview_places(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Where the rows of a published table lie, for a map.

    :param id: id of the resource
    :param query: as of ``anshan_preview_show``; its conditions choose the rows
    :returns: ``points`` (longitude, latitude, number of rows, number of the first row, its facts), at most 5,000: more
        rows are put together by a grid, of very many by a sample of them (``is_estimate``); ``facts`` names the
        columns; ``shapes`` and ``outline`` are GeoJSON
    :raises ObjectNotFound: no such file is open now, or it has no places
    """
    tk.check_access("anshan_preview_places", context, data_dict)
    return mapped.places_of(opened.published(data_dict["id"]), data_dict["id"], data_dict.get("query") or "")
