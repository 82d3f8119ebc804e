"""Puts packages into the search index many at a time, with the documents that CKAN itself would make of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pysolr
from ckan import logic
from ckan.lib import plugins as lib_plugins
from ckan.lib.navl.dictization_functions import MissingNullEncoder
from ckan.lib.search import SearchIndexError, make_connection
from ckan.lib.search.index import KEY_CHARS, PACKAGE_TYPE, RESERVED_FIELDS, TYPE_FIELD, escape_xml_illegal_chars
from ckan.types import Context
from dateutil.parser import ParserError, parse

from ..access import downloads
from ..cache import changes
from . import documents

Document = dict[str, Any]

BATCH = 500
UTF8 = json.JSONEncoder(ensure_ascii=False)
RESOURCE_FIELDS = {
    "name": "res_name",
    "description": "res_description",
    "format": "res_format",
    "url": "res_url",
    "resource_type": "res_type",
}
OWN_SHAPE = ("extras", "tags", "groups", "resources", "relationships_as_subject", "relationships_as_object")


def index(ids: Sequence[str], commit: bool = True) -> None:
    """Index these packages as they stand in the database; ids that aren't there leave the index.

    Reads a batch with seven SQL statements, posts it in one request, and makes the whole visible with one soft commit
    at the end. The caller commits what tells pages of it. Raises ``SearchIndexError``.
    """
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        post(make(batch))
    if commit:
        make_visible()


def remove(ids: Sequence[str], commit: bool = True) -> None:
    """Take these packages out of the index."""
    if ids:
        _solr(lambda solr: solr.delete(id=[_index_id(id) for id in ids], commit=False))
    if commit:
        make_visible()


def make(ids: Sequence[str]) -> list[Document]:
    """The Solr documents of these packages. What only CKAN can index is indexed by CKAN on the way."""
    batch = documents.read(ids)
    gone = set(ids) - {package.id for package in batch.packages}
    if tk.config["ckan.search.remove_deleted_packages"]:
        gone |= {package.id for package in batch.packages if package.state == "deleted"}
    if gone:
        remove(sorted(gone), commit=False)
    batch.packages = [package for package in batch.packages if package.id not in gone]
    uses = downloads.counted(ids)
    return list(_make(documents.show(batch), uses))


def _make(shown: Iterable[documents.Shown | model.Package], uses: Mapping[str, int]) -> Iterable[Document]:
    for one in shown:
        if isinstance(one, documents.Shown):
            yield document(one, uses.get(one.package.id, 0))
        else:
            logic.index_update_package(Context(ignore_auth=True), one.id, defer_commit=True)


def document(shown: documents.Shown, uses: int) -> Document:
    """The Solr document of one package, which was downloaded so many times."""
    default = shown.default
    doc: Document = {key: value for key, value in default.items() if key not in OWN_SHAPE}
    doc["data_dict"] = json.dumps(default, ensure_ascii=False)
    doc["validated_data_dict"] = json.dumps(shown.custom, ensure_ascii=False, cls=MissingNullEncoder)
    doc["title_string"] = default["title"]
    _add_extras(doc, default["extras"])
    doc["tags"] = [tag["name"] for tag in default["tags"]]
    doc["groups"] = [group["name"] for group in default["groups"]]
    doc["capacity"] = "private" if default["private"] else "public"
    doc["organization"] = default["organization"]["name"] if default["organization"] else None
    _add_resources(doc, default["resources"])
    doc |= {TYPE_FIELD: PACKAGE_TYPE, "dataset_type": default["type"], "use_count": uses}
    return _labelled(_ask_plugins(_clean(doc)), shown.package)


def _add_extras(doc: Document, extras: Iterable[Document]) -> None:
    own = {*RESERVED_FIELDS, *doc, "extras"}
    for extra in extras:
        key = _key(extra["key"])
        doc["extras_" + key] = extra["value"]
        if key not in own:
            doc[key] = extra["value"]


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return "".join(letter for letter in name if letter in KEY_CHARS)


def _add_resources(doc: Document, resources: Sequence[Document]) -> None:
    extras = {name: "res_extras_" + name for name in model.Resource.get_extra_columns()}
    if resources:
        for name, target in (RESOURCE_FIELDS | extras).items():
            doc[target] = [resource.get(name, "") for resource in resources]


def _clean(doc: Document) -> Document:
    cleaned: Document = {key: _date(value) if key.endswith("_date") else value for key, value in doc.items()}
    for key in [key for key, value in cleaned.items() if key.endswith("_date") and value is None]:
        del cleaned[key]
    for key in ("title", "notes", "title_string"):
        if cleaned.get(key):
            cleaned[key] = escape_xml_illegal_chars(cleaned[key])
    cleaned["title"] = (cleaned.get("title") or "").lstrip()
    cleaned["metadata_created"] += "Z"
    cleaned["metadata_modified"] += "Z"
    cleaned["site_id"] = tk.config["ckan.site_id"]
    cleaned["index_id"] = _index_id(cleaned["id"])
    return cleaned


@lru_cache(maxsize=4096)
def _date(value: str | None) -> str | None:
    try:
        date = parse(value) if value else None
    except ParserError:
        return None
    return date and date.isoformat() + ("" if date.tzinfo else "Z")


def _index_id(id: str) -> str:
    return hashlib.md5(f"{id}{tk.config['ckan.site_id']}".encode()).hexdigest()


def _ask_plugins(doc: Document) -> Document:
    for plugin in p.PluginImplementations(p.IPackageController):
        doc = plugin.before_dataset_index(doc)
    return doc


def _labelled(doc: Document, package: model.Package) -> Document:
    doc["permission_labels"] = lib_plugins.get_permission_labels().get_dataset_labels(package)
    return doc


def post(docs: Sequence[Document]) -> None:
    """Send documents to Solr; they are found after the next ``make_visible``."""
    if docs:
        _solr(lambda solr: solr.add(list(docs), commit=False))


def make_visible() -> None:
    """Let searches see what was posted (a soft commit: Solr's own log keeps it safe), and pages show it."""
    if tk.config["ckan.search.solr_commit"]:
        _solr(lambda solr: solr.add([], commit=False, softCommit=True))  # its commit() is always a hard one
    changes.seen()


def _solr(work: Any) -> None:
    try:
        solr = cast(pysolr.Solr, make_connection())
        solr.encoder = UTF8  # half the bytes for Chinese, and less to read for Solr
        work(solr)
    except pysolr.SolrError as error:
        raise SearchIndexError(f"Solr returned an error: {str(error)[:1000]}") from error
    except OSError as error:
        raise SearchIndexError(f"Solr cannot be reached: {error}") from error
