"""Answers that programs fetch: lists, maps of the site, descriptions, feeds. The views hand them out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import Request, Response, current_app, make_response

from ..release import files as release
from . import addresses, datasets, dcat, feeds, listed, sitemap

PIECE = 64 << 10
"""Characters that are sent at a time."""
LONGEST = 10 << 20
"""Bytes of a body that is looked through for what no text may hold."""
PAGES = (
    "home.index", "dataset.search", "organization.index", "group.index", "anshan_pages.open_list",
    "anshan_pages.statistics", "anshan_developers.home", "anshan_pages.regulation", "anshan_pages.help", "home.about",
    "anshan_pages.accessibility",
)  # fmt: skip
"""The portal's own pages, as far as they are there."""


def streamed(lines: Iterable[str], kind: str, name: str = "") -> Response:
    """An answer that is sent while it is made; with a name it is kept as a file."""
    answer = Response(_pieces(lines), content_type=f"{kind}; charset=utf-8")
    if name:
        answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    kept: list[str] = []
    length = 0
    for line in lines:
        kept.append(line)
        length += len(line)
        if length >= PIECE:
            yield "".join(kept)
            kept, length = [], 0
    yield "".join(kept)


def full_json() -> Response:
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    lines = listed.as_json(datasets.all_public(), addresses.base(), release.readdressed, now)
    return streamed(_with_config(lines), "application/json")


def full_csv() -> Response:
    lines = listed.as_csv(datasets.all_public(), addresses.base(), release.readdressed)
    return streamed(_with_config(lines), "text/csv", "data.csv")


def _with_config(lines: Iterator[str]) -> Iterator[str]:
    """What is sent after the request is over still asks for the site's address."""
    app = current_app._get_current_object()  # pyright: ignore[reportAttributeAccessIssue]

    def made() -> Iterator[str]:
        with app.app_context():
            yield from lines

    return made()


def sitemap_index() -> Response:
    return _xml([sitemap.index(addresses.base(), datasets.count())])


def sitemap_page(number: int) -> Response | None:
    """Datasets by tens of thousands; None for a page that is not there."""
    found = datasets.names((number - 1) * sitemap.PER_PAGE, sitemap.PER_PAGE) if number else []
    if not found:
        return None
    return _xml(sitemap.page([(f"/dataset/{name}", changed) for name, changed in found], addresses.bases()))


def sitemap_pages() -> Response:
    known = [tk.h.url_for(name, locale="default") for name in PAGES if name in current_app.view_functions]
    root = tk.h.url_for("home.index", locale="default").rstrip("/")
    agencies = [f"/organization/{name}" for name in datasets.agencies()]
    themes = [f"/group/{name}" for name in tk.get_action("group_list")(_visitor(), {})]
    paths = [*(url.removeprefix(root) for url in known), *agencies, *themes]
    return _xml(sitemap.page([(path, "") for path in paths], addresses.bases()))


def _xml(lines: Iterable[str]) -> Response:
    return streamed(lines, "application/xml")


def feed(kind: str, found: feeds.Feed) -> Response:
    answer = make_response(feeds.write(found, kind))
    answer.headers["Content-Type"] = f"{feeds.TYPES[kind]}; charset=utf-8"
    return answer


def rdf_dataset(name: str, ending: str) -> Response:
    """Raises ``ObjectNotFound`` for what is no public dataset, whoever asks."""
    found = tk.get_action("package_show")(_visitor(), {"id": name})
    if found["type"] != "dataset":
        raise tk.ObjectNotFound
    return _rdf(dcat.of_dataset(found, ending), ending)


def rdf_catalogue(ending: str, page: int) -> Response:
    """A hundred datasets of the catalogue, and where the next are."""
    asked = {
        "q": "*:*",
        "fq": "dataset_type:dataset",
        "sort": "metadata_modified desc, id asc",
        "rows": dcat.PER_PAGE,
        "start": (page - 1) * dcat.PER_PAGE,
        "facet": "false",
    }
    found = tk.get_action("package_search")(_visitor(), asked)
    last = max(-(-found["count"] // dcat.PER_PAGE), 1)
    return _rdf(dcat.of_catalogue(found["results"], ending, _around(ending, page, last, found["count"])), ending)


def _around(ending: str, page: int, last: int, count: int) -> dict[str, Any]:
    def at(number: int) -> str:
        return addresses.of(f"/catalog.{ending}?page={number}")

    told: dict[str, Any] = {"current": at(page), "first": at(1), "last": at(last), "count": count}
    if page > 1:
        told["previous"] = at(page - 1)
    return told | ({"next": at(page + 1)} if page < last else {})


def _rdf(text: str, ending: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = f"{dcat.FORMATS[ending][1]}; charset=utf-8"
    return answer


def holds_nul(asked: Request) -> bool:
    """Whether the address, or a body of JSON, holds the one character that no text may."""
    if "\0" in asked.path or b"%00" in asked.query_string or b"\0" in asked.query_string:
        return True
    return asked.is_json and (asked.content_length or 0) < LONGEST and b"\\u0000" in asked.get_data()


def _visitor() -> Context:
    return Context(user="", auth_user_obj=None)


def found_or_404(make: Callable[[], Response | None]) -> Response:
    """What is asked for, or the page that says it isn't there; what can't be searched for is told as such."""
    try:
        answer = make()
    except (tk.ObjectNotFound, tk.NotAuthorized):
        answer = None
    return answer or tk.abort(404)
