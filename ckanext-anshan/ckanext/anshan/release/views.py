"""CKAN's forms for datasets, which say who writes datasets before anything is typed; and the page of suspensions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ..theme.errors import error_page
from . import messages
from .rules import Refusal
from .schema import PAGE

__all__ = ["forms", "suspension"]

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


# what is suspended

suspension = Blueprint("anshan_suspension", __name__)

FIELDS = ("id", "version", "file", "reason")
FURTHEST = 10**9
ADDRESS = re.compile(r"/dataset/([\w.-]+)")


@suspension.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    return error_page(403, str(error.message).partition(" · ")[2] or None)


@suspension.errorhandler(tk.ObjectNotFound)
def _not_there(error: Any) -> Any:
    return error_page(404, str(error) or None)


@suspension.get("/suspensions")
def suspensions() -> str:
    """What is suspended, and what was; for the offices with the forms to suspend and to lift."""
    typed = {name: request.args.get(name, "") for name in FIELDS}
    return _page(typed | {"id": typed["id"] or _named_in(request.referrer or "")})


@suspension.post("/suspensions")
def suspend() -> Any:
    """Takes a dataset, a version or a file off."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    typed["id"] = _named_in(typed["id"]) or typed["id"]
    try:
        done = tk.get_action("anshan_release_suspend")({}, {name: value for name, value in typed.items() if value})
    except tk.ValidationError as wrong:
        return _page(typed, wrong.error_dict), 400
    except tk.ObjectNotFound as wrong:
        return _page(typed, {"id": [str(wrong)]}), 404
    return tk.redirect_to("anshan_suspension.suspensions", _anchor=f"of-{done['id']}")


@suspension.post("/suspensions/<id>/lift")
def lift(id: str) -> Any:
    """Agrees to lift a suspension, or ends it as the second office."""
    reason = request.form.get("reason", "")
    try:
        tk.get_action("anshan_release_lift")({}, {"id": id, "reason": reason})
    except tk.ValidationError as wrong:
        found: dict[str, Any] = wrong.error_dict
        return _page({}, {id: found.get("reason") or found.get("id")}), 400
    return tk.redirect_to("anshan_suspension.suspensions", _anchor=f"of-{id}")


def _named_in(address: str) -> str:
    """The dataset that the address of a page is of: the reader came from there, or pasted it."""
    found = ADDRESS.search(address)
    return found[1] if found else ""


def _page(typed: Mapping[str, str], errors: Mapping[str, Any] | None = None) -> str:
    request.environ["__no_cache__"] = True
    page, is_all = max(1, request.args.get("page", 1, type=int)), "all" in request.args
    asked = {"limit": PAGE, "offset": min(PAGE * (page - 1), FURTHEST), "all": is_all}
    told = tk.get_action("anshan_suspension_list")({}, asked)
    more = {"page": page, "pages": -(-told["count"] // PAGE), "is_all": is_all}
    return tk.render("release/suspensions.html", {**told, **more, "typed": typed, "errors": errors or {}})
