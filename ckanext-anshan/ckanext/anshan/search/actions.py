"""Completion while typing, and a search that no text breaks."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import SearchError, SearchQueryError
from ckan.types import Action, Context
from sqlalchemy import select

from . import complete, query, schema

__all__ = ["anshan_search_complete", "package_search"]

TITLES = 7
NAMES = 3
FRESH_SECONDS = 60

_names: tuple[float, Sequence[complete.Name]] = (0.0, ())


@tk.side_effect_free
@tk.validate_action_data(schema.complete)
def anshan_search_complete(context: Context, data_dict: dict[str, Any]) -> list[dict[str, str]]:
    """What a person who has typed ``q`` may be looking for: themes, agencies, and titles of public datasets.

    The same for everybody, sysadmins included: what is not public is not offered to anyone.

    :param q: what was typed so far: Chinese, pinyin or initials
    :returns: at most ten of ``kind`` (``group``, ``organization``, ``dataset``), ``text`` and ``name``
    """
    tk.check_access("anshan_search_complete", context, data_dict)
    q = str(data_dict.get("q") or "")
    names = complete.fitting(q, _known_names(), NAMES)
    return [{"kind": each.kind, "text": each.text, "name": each.name} for each in names] + _titles(q)


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


def _titles(q: str) -> list[dict[str, str]]:
    wanted = complete.query(q)
    if wanted is None:
        return []
    asked = {"q": wanted, "fq": "dataset_type:dataset", "fl": ["title", "name"], "rows": TITLES * 4, "facet": "false"}
    anonymous = Context(user="", auth_user_obj=None, ignore_auth=False)
    rows = tk.get_action("package_search")(anonymous, asked)["results"]
    return [{"kind": "dataset", "text": row["title"], "name": row["name"]} for row in complete.distinct(rows, TITLES)]


def _known_names() -> Sequence[complete.Name]:
    """Themes and agencies, read again once a minute."""
    global _names
    if monotonic() - _names[0] > FRESH_SECONDS or not _names[1]:
        query = select(model.Group.title, model.Group.type, model.Group.name).where(model.Group.state == "active")
        rows = model.Session.execute(query.order_by(model.Group.type, model.Group.title)).all()
        _names = (monotonic(), [complete.name(title or name, kind, name) for title, kind, name in rows])
    return _names[1]
