"""CKAN's forms for datasets: they say who writes datasets, before anything is typed into them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from . import messages
from .rules import Refusal

__all__ = ["forms"]

forms = Blueprint("anshan_release", __name__)

PAGES = frozenset(
    {
        "dataset.new",
        "dataset.edit",
        "dataset.delete",
        "dataset.resources",
        "dataset.groups",
        "dataset.collaborators_read",
        "dataset.new_collaborator",
        "dataset_resource.new",
        "dataset_resource.edit",
        "dataset_resource.delete",
        "dataset_resource.views",
        "dataset_resource.edit_view",
        "dataset_resource.delete_view",
        "datastore.dictionary",
    }
)
READ_BY_ALL = frozenset({"dataset.groups"})  # only its POST writes


@forms.before_app_request
def written_by_publishing() -> tuple[str, int] | None:
    """Answer the forms with a page that says what to do instead."""
    endpoint = request.endpoint or ""
    if endpoint not in PAGES or (endpoint in READ_BY_ALL and request.method == "GET"):
        return None
    message = messages.words(Refusal("published_only"))
    return tk.render("release/written_by_publishing.html", {"message": message}), 403
