"""Where bytes leave the portal. No other route serves a file of the vault."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, abort, request

from . import door, messages
from .rules import Refusal

__all__ = ["data"]

data = Blueprint("anshan_data", __name__)

VAULT = "vault"


def answer(result: Response | Refusal) -> Response:
    """The file, or a page that says why not."""
    if not isinstance(result, Refusal):
        return result
    return abort(messages.STATUS[result.code], f"{messages.words(result)} (access.{result.code})")


@data.get("/data/<dataset>/v<int:version>/<path:name>")
def file(dataset: str, version: int, name: str) -> Response:
    """A file of one version, whole or in ranges, with its ETag."""
    return answer(door.released(dataset, version, name))


@data.get("/data/<dataset>/latest/<path:name>")
def latest(dataset: str, name: str) -> Response:
    """A file of the version that is published now."""
    result = door.latest(dataset, name)
    return answer(result) if isinstance(result, Refusal) else tk.redirect_to(result)


@data.before_app_request
def through_the_door() -> Response | None:
    """CKAN has a download route for every type of package and three for its file storages: they end here."""
    endpoint, given = request.endpoint or "", request.view_args or {}
    if endpoint.endswith("resource.download"):
        return resource_download(str(given["resource_id"]))
    if endpoint.startswith("file.") and given.get("storage_name") == VAULT:
        return answer(Refusal("no_such_file"))
    return None


def resource_download(resource_id: str) -> Response | None:
    """A dataset's resource leads to its address, an entry's file to those who work on it; a link is CKAN's."""
    address = door.address_of(resource_id)
    if address:
        return tk.redirect_to(address)
    return answer(door.working(resource_id)) if door.is_working(resource_id) else None
