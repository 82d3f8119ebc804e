"""The pages on which datasets are found, and the route that the search box asks while somebody types."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, jsonify

from . import asked, offers, overview, places, results

__all__ = ["finding_pages", "search_pages"]

search_pages = Blueprint("anshan_search", __name__, url_prefix="/search")
finding_pages = Blueprint("anshan_finding", __name__)


@search_pages.get("/complete")
def complete() -> Response:
    """What a person who is typing may be looking for, as JSON, and what a screen reader says of it."""
    found = tk.get_action("anshan_search_complete")({}, {"q": tk.request.args.get("q", "")})
    told = tk.ungettext("{number} suggestion", "{number} suggestions", len(found)).format(number=len(found))
    return jsonify({"completions": [offers.shown(each) for each in found], "told": told})


@finding_pages.get("/dataset/", strict_slashes=False)
def datasets() -> str:
    """All public datasets: the search page. In place of CKAN's."""
    page = results.look(_asked())
    nothing = {} if page.count else {"phone": overview.bureau_phone(), "closed": overview.closed_alike(page.asked.q)}
    return tk.render("finding/search.html", {"page": page, **nothing})


@finding_pages.get("/organization/", strict_slashes=False)
def agencies() -> str:
    """The agencies, with how much each has published. In place of CKAN's."""
    return _list(places.ORGANIZATION)


@finding_pages.get("/organization/<id>")
def agency(id: str) -> str:
    """An agency: who answers there, how much is open, and its datasets. In place of CKAN's."""
    return _one(places.ORGANIZATION, id)


@finding_pages.get("/group/", strict_slashes=False)
def themes() -> str:
    """The themes, with how much is in each. In place of CKAN's."""
    return _list(places.GROUP)


@finding_pages.get("/group/<id>")
def theme(id: str) -> str:
    """A theme and its datasets. In place of CKAN's."""
    return _one(places.GROUP, id)


@finding_pages.get("/district/", strict_slashes=False)
def districts() -> str:
    """The districts, with how much tells of each."""
    return _list(places.DISTRICT)


@finding_pages.get("/district/<id>")
def district(id: str) -> str:
    """A district and its datasets."""
    return _one(places.DISTRICT, id)


def _list(kind: str) -> str:
    return tk.render("finding/places.html", {"kind": kind, "lines": overview.every(kind)})


def _one(kind: str, id: str) -> str:
    place = places.one(kind, id)
    if place is None:
        tk.abort(404)
    page = results.look(_asked(), place)
    return tk.render("finding/place.html", {"page": page, "line": overview.one(place, page.whole), "place": place})


def _asked() -> asked.Asked:
    return asked.read(tk.request.args.items(multi=True))
