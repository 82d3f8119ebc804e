"""Pages of entries beside CKAN's own: the list that an agency works with, drafts, and items out of a spreadsheet."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.common import g
from ckan.lib.pagination import Page
from flask import Blueprint, Response, jsonify

from ..people import roles, rules
from . import drafts, filling, intake, pasting, schema
from .exchange import columns

__all__ = ["anshan_entry"]

anshan_entry = Blueprint("anshan_entry", __name__, url_prefix="/entry")
FILTERS = ("q", "opening_class", "organization", "theme", "state")


@anshan_entry.errorhandler(tk.NotAuthorized)
def _denied(error: Any) -> Any:
    return jsonify(error=tk._("You are logged out. Log in in another window, then go on here.")), 403


@anshan_entry.errorhandler(tk.ObjectNotFound)
def _absent(error: Any) -> Any:
    return jsonify(error=tk._("There is no such entry.")), 404


@anshan_entry.errorhandler(tk.ValidationError)
def _wrong(error: Any) -> Any:
    return jsonify(error=" ".join(str(text) for texts in error.error_dict.values() for text in texts)), 409


@anshan_entry.get("/", strict_slashes=False)
def entries() -> str:
    """The entries that the reader may see: what is missing, what was released, what is due."""
    page = max(tk.h.get_page_number(tk.request.args), 1)
    asked = {name: tk.request.args.get(name, "") for name in FILTERS}
    if asked["state"] not in schema.STATES:
        asked["state"] = ""
    found = tk.get_action("anshan_catalogue_entry_list")({}, {**asked, "offset": (page - 1) * schema.PAGE})
    pager = Page(collection=found["entries"], page=page, item_count=found["count"], items_per_page=schema.PAGE)
    found_roles, mine = roles.roles_of(tk.current_user), roles.agencies_of(tk.current_user)
    given = {"found": found, "asked": asked, "pager": pager, "mine": mine, "may_import": rules.may_import(found_roles)}
    sees_all = bool({rules.Role.BUREAU, rules.Role.CYBERSPACE, rules.Role.SYSADMIN} & found_roles)
    sees_any = sees_all or bool(mine) or found["count"] > 0
    return tk.render("entry/list.html", {**given, "sees_all": sees_all, "sees_any": sees_any})


@anshan_entry.post("/draft")
def keep_draft() -> Any:
    """Keeps the form as it is; answers a script with what to show, and a form with the form."""
    form = tk.request.form
    typed = drafts.of_form(form)
    given = {"entry": form.get("draft_of", ""), "typed": typed, "based_on": form.get(intake.BASED_ON, "")}
    saved = tk.get_action("anshan_catalogue_draft_save")({}, {**given, "version": form.get("draft_version", 0)})
    if "application/json" not in tk.request.headers.get("Accept", ""):
        return _back(form.get("draft_of", ""))
    shown = filling.of(typed)
    told = {"version": saved["version"], "changed": saved["changed"], "saved": tk.h.anshan_moment(saved["saved"])}
    parts = {
        name: tk.render_snippet(f"entry/snippets/{name}.html", {"form": shown}) for name in ("nav", "preview", "counts")
    }
    return jsonify(**told, parts=parts, forbidden=shown.forbidden)


@anshan_entry.post("/draft/discard")
def discard_draft() -> Response:
    """Throws the draft away and shows the form as it was."""
    entry = tk.request.form.get("draft_of", "")
    tk.get_action("anshan_catalogue_draft_discard")({}, {"entry": entry})
    return _back(entry)


def _back(entry: str) -> Any:
    return tk.redirect_to("entry.edit", id=entry) if entry else tk.redirect_to("entry.new")


@anshan_entry.post("/items")
def items() -> Response:
    """Information items out of pasted text, or out of a file's head line."""
    tk.check_access("anshan_catalogue_draft_save", {"user": g.user}, {"entry": tk.request.form.get("draft_of", "")})
    file = tk.request.files.get("file")
    found = columns.items(file) if file else pasting.from_text(tk.request.form.get("text", ""))
    return jsonify(items=found)
