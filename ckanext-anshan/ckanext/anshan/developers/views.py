"""The developers' pages, and the addresses that programs fetch."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from flask import Blueprint, Response, request

from . import console as consoles
from . import dcat, description, files, news, portal

__all__ = ["developers"]

developers = Blueprint("anshan_developers", __name__)

ENDINGS = f"any({','.join(dcat.FORMATS)})"
FEEDS = {
    "feeds.general": news.of_all,
    "feeds.custom": news.of_search,
    "feeds.organization": news.of_agency,
    "feeds.group": news.of_theme,
    "feeds.tag": news.of_keyword,
}


@developers.get("/developers")
def home() -> str:
    """The developers' home: keys, how to call, examples, limits, errors, versions."""
    return tk.render("developers/home.html", {"page": portal.page()})


@developers.get("/developers/keys")
def keys() -> Response:
    """To the reader's own API keys, by way of logging in where that is needed."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", next=tk.h.url_for("anshan_developers.keys"))
    return tk.redirect_to("user.api_tokens", id=tk.current_user.name)


@developers.get("/developers/console")
def console() -> str:
    """Any action with its parameters, to be tried in the page."""
    found = consoles.show(request.args.to_dict())
    return tk.render("developers/console.html", {"console": found}) if found else tk.abort(404)


@developers.get("/openapi.json")
def openapi_json() -> Response:
    """The action API as an OpenAPI 3.1 document, made from the actions that are registered."""
    return Response(description.as_json(), content_type="application/json; charset=utf-8")


@developers.get("/openapi.yaml")
def openapi_yaml() -> Response:
    """The same as YAML."""
    return Response(description.as_yaml(), content_type="application/yaml; charset=utf-8")


@developers.get("/data.json")
def full_json() -> Response:
    """Every public dataset with its files, as JSON after Project Open Data."""
    return files.full_json()


@developers.get("/data.csv")
def full_csv() -> Response:
    """Every public dataset with its files, as a table."""
    return files.full_csv()


@developers.get("/sitemap.xml")
def sitemap() -> Response:
    """The index of the sitemap."""
    return files.sitemap_index()


@developers.get("/sitemap-pages.xml")
def sitemap_pages() -> Response:
    """The portal's own pages, agencies and themes, in every language."""
    return files.sitemap_pages()


@developers.get("/sitemap-<int:number>.xml")
def sitemap_page(number: int) -> Response:
    """Ten thousand datasets in every language."""
    return files.found_or_404(lambda: files.sitemap_page(number))


@developers.get(f"/dataset/<id>.<{ENDINGS}:ending>")
def dataset(id: str, ending: str) -> Response:
    """A public dataset as DCAT-AP: Turtle, RDF/XML, JSON-LD or N3 by the ending."""
    return files.found_or_404(lambda: files.rdf_dataset(id, ending))


@developers.get(f"/catalog.<{ENDINGS}:ending>")
def catalogue(ending: str) -> Response:
    """The catalogue as DCAT-AP, a hundred datasets a page (`page`)."""
    return files.rdf_catalogue(ending, max(request.args.get("page", 1, int), 1))


@developers.get("/feeds/dataset.rss")
def rss_general() -> Response:
    """The newest datasets as RSS; CKAN's address ending in `.atom` gives the same as Atom."""
    return feed("feeds.general", "rss")


@developers.get("/feeds/custom.rss")
def rss_custom() -> Response:
    """The newest datasets of a search (`q` and the filters of the search page) as RSS."""
    return feed("feeds.custom", "rss")


@developers.get("/feeds/organization/<id>.rss")
def rss_organization(id: str) -> Response:
    """The newest datasets of an agency as RSS."""
    return feed("feeds.organization", "rss", id)


@developers.get("/feeds/group/<id>.rss")
def rss_group(id: str) -> Response:
    """The newest datasets of a theme as RSS."""
    return feed("feeds.group", "rss", id)


@developers.get("/feeds/tag/<id>.rss")
def rss_tag(id: str) -> Response:
    """The newest datasets with a keyword as RSS."""
    return feed("feeds.tag", "rss", id)


@developers.before_app_request
def readable() -> Response | None:
    """No text that PostgreSQL keeps holds a NUL; CKAN would answer one with an error of the server."""
    if not files.holds_nul(request):
        return None
    if (request.endpoint or "").startswith("api."):
        return Response(json.dumps("Bad request: NUL in a value"), 400, content_type="application/json")
    return tk.abort(400)


@developers.before_app_request
def atom() -> Response | None:
    """CKAN's own feeds name neither date nor agency and lead to the API: theirs are the addresses, ours the answers."""
    endpoint = request.endpoint or ""
    return feed(endpoint, "atom", *(request.view_args or {}).values()) if endpoint in FEEDS else None


def feed(endpoint: str, kind: str, *named: str) -> Response:
    fields = list(request.args.items(multi=True))
    try:
        return files.found_or_404(lambda: files.feed(kind, FEEDS[endpoint](kind, *named, fields)))
    except (SearchError, tk.ValidationError):
        return tk.abort(400)
