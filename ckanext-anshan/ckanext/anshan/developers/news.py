"""What a feed tells: the newest public datasets of the whole portal, an agency, a theme, a keyword or a search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..catalogue import vocabularies
from ..search import asked as asking
from ..search.asked import Asked
from ..workflow import clock
from . import addresses, feeds

NO_MORE = {
    f"include_{name}": False for name in ("datasets", "dataset_count", "extras", "users", "groups", "tags", "followers")
}

Fields = Iterable[tuple[str, str]]


def of_all(kind: str, fields: Fields) -> feeds.Feed:
    return _feed(tk._("Newest datasets"), f"/feeds/dataset.{kind}", "/dataset/", _only_page(fields))


def of_search(kind: str, fields: Fields) -> feeds.Feed:
    """As the search page with these words and filters."""
    asked = replace(asking.read(fields), sort="", as_typed=False)
    words = " ".join(filter(None, (asked.q, *(value for _, value in asked.filters))))
    title = tk._("Newest datasets for “{words}”").format(words=words)
    return _feed(title, f"/feeds/custom.{kind}", "/dataset/", asked)


def of_agency(kind: str, name: str, fields: Fields) -> feeds.Feed:
    """Raises ``ObjectNotFound`` where there is no such agency."""
    found = tk.get_action("organization_show")(_visitor(), {"id": name, **NO_MORE})
    name = found["name"]
    path, page = f"/feeds/organization/{name}.{kind}", f"/organization/{name}"
    return _feed(found["title"], path, page, _only_page(fields), ("organization", name))


def of_theme(kind: str, name: str, fields: Fields) -> feeds.Feed:
    term = vocabularies.get("themes", name)
    if term is None:
        raise tk.ObjectNotFound(tk._("There is no such theme."))
    path, page = f"/feeds/group/{name}.{kind}", f"/group/{name}"
    return _feed(term.label(str(tk.h.lang())), path, page, _only_page(fields), ("groups", name))


def of_keyword(kind: str, name: str, fields: Fields) -> feeds.Feed:
    path, page = f"/feeds/tag/{quote(name)}.{kind}", Asked(filters=(("tags", name),)).address("/dataset/")
    return _feed(name, path, page, _only_page(fields), ("tags", name))


def _only_page(fields: Fields) -> Asked:
    return Asked(page=asking.read(fields).page)


def _visitor() -> Context:
    """A feed is the same for everybody."""
    return Context(user="", auth_user_obj=None)


def _feed(title: str, path: str, page: str, asked: Asked, *place: tuple[str, str]) -> feeds.Feed:
    """One page of a feed: one search, within what the feed is of."""
    rows, locale = tk.config["ckan.feeds.limit"], _locale()
    found = _search(replace(asked, filters=(*place, *asked.filters)), rows)
    others = _others(asked.page, -(-found["count"] // rows))
    return feeds.Feed(
        title=f"{title} · {tk.h.anshan_site_name()}",
        about=tk._("Public data, as it is released or brought up to date."),
        url=addresses.of(asked.address(path), locale),
        page=addresses.of(asked.on(1).address(page), locale),
        language=addresses.language(),
        items=[_item(each, locale) for each in found["results"]],
        pages={rel: addresses.of(asked.on(number).address(path), locale) for rel, number in others.items()},
    )


def _search(asked: Asked, rows: int) -> dict[str, Any]:
    clauses = asking.clauses(asked, clock.today()).values()
    return tk.get_action("package_search")(
        _visitor(),
        {
            "q": asked.q or "*:*",
            "fq": " ".join(f"+{each}" for each in ("dataset_type:dataset", *clauses)),
            "sort": "metadata_modified desc",
            "rows": rows,
            "start": (asked.page - 1) * rows,
            "facet": "false",
        },
    )


def _others(number: int, last: int) -> dict[str, int]:
    told = {"first": 1, "last": max(min(last, asking.LAST_PAGE), 1)}
    if number > 1:
        told["previous"] = number - 1
    return told | ({"next": number + 1} if number < told["last"] else {})


def _locale() -> str:
    here = str(tk.h.lang())
    return "default" if here == tk.config["ckan.locale_default"] else here


def _item(found: Mapping[str, Any], locale: str) -> feeds.Item:
    lang = str(tk.h.lang())
    return feeds.Item(
        id=found["id"],
        title=found["title"],
        text=found.get("notes") or "",
        url=addresses.dataset(found["name"], locale),
        agency=(found.get("organization") or {}).get("title", ""),
        issued=found.get("release_date", ""),
        modified=datetime.fromisoformat(found["metadata_modified"]),
        themes=[vocabularies.label("themes", each["name"], lang) for each in found.get("groups", ())],
        files=[
            feeds.File(each["url"], each.get("mimetype") or "application/octet-stream", each.get("size") or 0)
            for each in found.get("resources", ())
        ],
    )
