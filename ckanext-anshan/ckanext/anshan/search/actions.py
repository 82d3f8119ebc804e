"""Completion while typing, and a search that no text breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import SearchError, SearchQueryError
from ckan.types import Action, Context
from sqlalchemy import select

from . import complete, query, schema, tally

__all__ = ["anshan_search_complete", "package_search"]

TITLES = 7
NAMES = 3
ITEMS = 2
FRESH_SECONDS = 60
FIELD = {"organization": "organization", "group": "groups"}

_names: tuple[float, Sequence[complete.Name], Mapping[str, Mapping[str, int]]] = (0.0, (), {})


@tk.side_effect_free
@tk.validate_action_data(schema.complete)
def anshan_search_complete(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """What a person who has typed ``q`` may be looking for: themes, agencies, public datasets and what is in them.

    The same for everybody, sysadmins included: what is not public is not offered to anyone.

    :param q: what was typed so far: Chinese, pinyin or initials
    :returns: at most twelve of ``kind``, ``text`` and ``name``: ``group`` and ``organization``, with the number of
        their ``datasets``; ``dataset``, with its ``opening_class`` and the title of its ``agency``; ``item``, the name
        of an information item (without a ``name``), with the number of ``datasets`` that have it
    """
    tk.check_access("anshan_search_complete", context, data_dict)
    q = str(data_dict.get("q") or "")
    known, counted = _known_names()
    names = complete.fitting(q, known, NAMES)
    agencies = {each.name: each.text for each in known if each.kind == "organization"}
    return [_name(each, counted) for each in names] + _titles(q, agencies) + _items(q)


def _name(found: complete.Name, counted: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    many = counted.get(FIELD[found.kind], {}).get(found.name, 0)
    return {"kind": found.kind, "text": found.text, "name": found.name, "datasets": many}


def _items(q: str) -> list[dict[str, Any]]:
    found = tally.of_items(q, ITEMS) if complete.query(q) else {}
    return [{"kind": "item", "text": text, "name": "", "datasets": many} for text, many in found.items()]


@tk.chained_action
@tk.side_effect_free
def package_search(original: Action, context: Context, data_dict: dict[str, Any]) -> Any:
    """As in CKAN; a ``q`` that Solr can't read as a query is searched for by its words.

    :returns: as in CKAN
    :raises SearchQueryError: a filter, the order or another parameter is one that the search can't read
    """
    try:
        return original(context, data_dict)
    except SearchError:
        q = data_dict.get("q")
        if not isinstance(q, str) or query.ours(data_dict):
            raise _unreadable() from None
    try:
        return original(context, {**data_dict, "q": query.unread(q)})
    except SearchError:
        raise _unreadable() from None


def _unreadable() -> SearchQueryError:
    """Without Solr's own words: they hold the whole query, and with it what a user may see."""
    return SearchQueryError(
        tk._("A filter, the order or another parameter of this search can't be read. Search again without it.")
    )


def _titles(q: str, agencies: Mapping[str, str]) -> list[dict[str, Any]]:
    wanted = complete.query(q)
    if wanted is None:
        return []
    fields = ["title", "name", "organization", "extras_opening_class"]
    asked = {"q": wanted, "fq": "dataset_type:dataset", "fl": fields, "rows": TITLES * 4, "facet": "false"}
    anonymous = Context(user="", auth_user_obj=None, ignore_auth=False)
    rows = tk.get_action("package_search")(anonymous, asked)["results"]
    return [_title(row, agencies) for row in complete.distinct(rows, TITLES)]


def _title(row: Mapping[str, Any], agencies: Mapping[str, str]) -> dict[str, Any]:
    more = {"opening_class": row.get("opening_class", ""), "agency": agencies.get(row.get("organization", ""), "")}
    return {"kind": "dataset", "text": row["title"], "name": row["name"], **more}


def _known_names() -> tuple[Sequence[complete.Name], Mapping[str, Mapping[str, int]]]:
    """Themes and agencies, and how many datasets each has, read again once a minute."""
    global _names
    if monotonic() - _names[0] > FRESH_SECONDS or not _names[1]:
        query = select(model.Group.title, model.Group.type, model.Group.name).where(model.Group.state == "active")
        rows = model.Session.execute(query.order_by(model.Group.type, model.Group.title)).all()
        known = [complete.name(title or name, kind, name) for title, kind, name in rows]
        _names = (monotonic(), known, tally.of_values(*FIELD.values()))
    return _names[1:]
