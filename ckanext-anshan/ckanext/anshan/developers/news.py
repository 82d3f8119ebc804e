"""What a feed tells: the newest public datasets of the whole portal, an agency, a theme, a keyword or a search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..catalogue import vocabularies
from . import addresses, feeds

FILTERS = (
    "organization", "groups", "tags", "opening_class", "district", "update_cycle", "res_format", "license_id",
)  # fmt: skip
"""What a search can be narrowed by, as on the search page."""
LAST_PAGE = 200
NO_MORE = {
    f"include_{name}": False for name in ("datasets", "dataset_count", "extras", "users", "groups", "tags", "followers")
}

Given = Mapping[str, str]


def of_all(kind: str, given: Given) -> feeds.Feed:
    return _feed(tk._("Newest datasets"), f"/feeds/dataset.{kind}", "/dataset/", {}, given)


def of_search(kind: str, given: Given) -> feeds.Feed:
    """As the search page with these words and filters."""
    asked = {name: value for name in ("q", *FILTERS) if (value := given.get(name, "").strip())}
    title = tk._("Newest datasets for “{words}”").format(words=" ".join(asked.values()))
    return _feed(title, f"/feeds/custom.{kind}", "/dataset/", asked, given)


def of_agency(kind: str, name: str, given: Given) -> feeds.Feed:
    """Raises ``ObjectNotFound`` where there is no such agency."""
    found = tk.get_action("organization_show")(_visitor(), {"id": name, **NO_MORE})
    return _feed(
        found["title"], f"/feeds/organization/{found['name']}.{kind}", f"/organization/{found['name']}", {}, given,
        organization=found["name"],
    )  # fmt: skip


def of_theme(kind: str, name: str, given: Given) -> feeds.Feed:
    term = vocabularies.get("themes", name)
    if term is None:
        raise tk.ObjectNotFound(tk._("There is no such theme."))
    return _feed(
        term.label(str(tk.h.lang())), f"/feeds/group/{name}.{kind}", f"/group/{name}", {}, given, groups=name
    )  # fmt: skip


def of_keyword(kind: str, name: str, given: Given) -> feeds.Feed:
    return _feed(name, f"/feeds/tag/{name}.{kind}", f"/dataset/?{urlencode({'tags': name})}", {}, given, tags=name)


def _visitor() -> Context:
    """A feed is the same for everybody."""
    return Context(user="", auth_user_obj=None)


def _feed(title: str, path: str, page: str, asked: dict[str, str], given: Given, **narrowed: str) -> feeds.Feed:
    """One page of a feed: one search."""
    rows, number = tk.config["ckan.feeds.limit"], _page(given)
    found = _search({**asked, **narrowed}, rows, (number - 1) * rows)
    locale = _locale()
    here = _address(path, asked, number, locale)
    shown = f"{page}?{urlencode(asked)}" if asked else page
    return feeds.Feed(
        title=f"{title} · {tk.h.anshan_site_name()}",
        about=tk._("Public data, as it is released or brought up to date."),
        url=here,
        page=addresses.of(shown, locale),
        language=addresses.language(),
        items=[_item(each, locale) for each in found["results"]],
        pages={rel: _address(path, asked, n, locale) for rel, n in _others(number, -(-found["count"] // rows)).items()},
    )


def _search(asked: Given, rows: int, start: int) -> dict[str, Any]:
    narrowed = [f'{name}:"{_quoted(value)}"' for name, value in asked.items() if name != "q"]
    return tk.get_action("package_search")(
        _visitor(),
        {
            "q": asked.get("q") or "*:*",
            "fq": " ".join(("dataset_type:dataset", *narrowed)),
            "sort": "metadata_modified desc",
            "rows": rows,
            "start": start,
            "facet": "false",
        },
    )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _page(given: Given) -> int:
    number = given.get("page", "")
    return min(max(int(number), 1), LAST_PAGE) if number.isdecimal() and len(number) < 6 else 1


def _others(number: int, last: int) -> dict[str, int]:
    told = {"first": 1, "last": max(min(last, LAST_PAGE), 1)}
    if number > 1:
        told["previous"] = number - 1
    return told | ({"next": number + 1} if number < told["last"] else {})


def _address(path: str, asked: Given, number: int, locale: str) -> str:
    query = urlencode({**asked, **({"page": number} if number > 1 else {})})
    return addresses.of(path, locale) + (f"?{query}" if query else "")


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
