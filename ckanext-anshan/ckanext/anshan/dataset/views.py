"""The page of a dataset, of one of its versions, of its files, and what it hands out beside them."""

from __future__ import annotations

import csv
import io
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views import dataset as of_ckan
from ckan.views import resource as file_of_ckan
from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from ..theme.errors import error_page
from . import absent, dictionary, looking

__all__ = ["datasets"]

datasets = Blueprint("anshan_dataset", __name__)

Page = str | Answer

SIDE_PAGES = frozenset(
    {
        "dataset.groups",
        "dataset.followers",
        "activity.package_activity",
        "activity.package_history",
        "activity.package_changes",
    }
)
"""Pages of CKAN beside a dataset's own. Versions, themes and what changed stand on that one."""


@datasets.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """As where nothing is: who may not see a dataset isn't told that there is one."""
    return error_page(404, tk._("There is no such dataset."))


@datasets.before_app_request
def one_page() -> Page | None:
    """Lead from the side pages of a published dataset to its page; those of other packages stay."""
    if request.endpoint not in SIDE_PAGES or request.method != "GET":
        return None
    try:
        told = tk.get_action("anshan_release_list")({}, {"id": str((request.view_args or {})["id"])})
    except tk.ObjectNotFound:
        return None
    return tk.redirect_to("anshan_dataset.read", id=told[0]["name"], _anchor="versions")


def _absent(id: str, version: int | None = None) -> Response | None:
    """The page that says why a dataset or a version isn't there any more; nothing where that isn't so."""
    try:
        told = tk.get_action("anshan_dataset_status")({}, {"id": id})
    except tk.ObjectNotFound:
        return None
    found = told if told["state"] != absent.PUBLISHED else version and absent.of_version(told, version)
    if not found:
        return None
    return Response(tk.render("dataset/absent.html", {"told": found}), absent.STATUS[found["state"]])


@datasets.get("/dataset/<id>")
def read(id: str) -> Page:
    """A dataset as it is published now; what is no dataset is left to CKAN's page."""
    try:
        told = tk.get_action("anshan_dataset_show")({}, {"id": id})
    except tk.ObjectNotFound:
        return _absent(id) or of_ckan.read("dataset", id)
    if id != told["dataset"]["name"]:
        return tk.redirect_to("anshan_dataset.read", id=told["dataset"]["name"], **request.args)
    return _page(told)


@datasets.get("/dataset/<id>/v<int:version>")
def version(id: str, version: int) -> Page:
    """A dataset as it was in one of its versions: the address that a citation names."""
    try:
        told = tk.get_action("anshan_dataset_show")({}, {"id": id, "version": version})
    except tk.ObjectNotFound as error:
        return _absent(id, version) or tk.abort(404, str(error))
    return _page(told)


def _page(told: dict[str, Any]) -> Page:
    asked = looking.asked(told["files"], request.args)
    if asked.moved_to is not None:
        return redirect(asked.moved_to)  # without a host: a script follows it under the address that the reader used
    return tk.render(
        "dataset/page.html", told | {"pkg": told["dataset"], "preview": asked.preview, "chosen": asked.file}
    )


@datasets.get("/dataset/<id>/resource/<resource_id>")
def file(id: str, resource_id: str) -> Page:
    """A file of a dataset: its page is the dataset's, with this file chosen."""
    try:
        told = tk.get_action("anshan_dataset_show")({}, {"id": id})
    except tk.ObjectNotFound:
        return _absent(id) or file_of_ckan.read("dataset", id, resource_id)
    if resource_id not in {one["id"] for one in told["files"]}:
        return tk.abort(404, tk._("There is no such file: it was withdrawn, or the address is not right."))
    name = told["dataset"]["name"]
    return tk.redirect_to("anshan_dataset.read", id=name, resource=resource_id, _anchor="preview")


@datasets.get("/dataset/<id>/items.csv")
def items(id: str) -> Response:
    """The information items of a dataset as CSV."""
    try:
        package = tk.get_action("package_show")({}, {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return _absent(id) or tk.abort(404, tk._("There is no such dataset."))
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    csv.writer(text).writerows(dictionary.lines(package.get("information_items") or []))
    answer = Response(text.getvalue(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{package['name']}-items.csv")
    return answer


@datasets.get("/dataset/<id>/versions")
def versions(id: str) -> Page:
    """What is different between two versions of a dataset; of the newest two where none are named."""
    try:
        told = looking.compared(id, request.args)
    except tk.ObjectNotFound as error:
        return _absent(id) or tk.abort(404, str(error))
    return tk.render("dataset/versions.html", told)
