"""The pages of scans: an entry's files and their reports, one report, what a remedy would change, an agency's words."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ..theme.errors import error_page
from . import asking

__all__ = ["inspection"]

inspection = Blueprint("anshan_inspection", __name__)


@inspection.before_request
def _never_kept() -> None:
    """How far a scan is changes each second."""
    tk.request.environ["__no_cache__"] = True


@inspection.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; who may not even know of it reads that there is nothing."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    code, _, sentence = str(error.message).partition(" · ")
    return error_page(404 if code.endswith(".unknown") else 403, sentence or None)


@inspection.errorhandler(tk.ValidationError)
def _not_like_this(error: Any) -> Any:
    return error_page(400, _words(error))


def _words(error: Any) -> str:
    return " ".join(str(text) for name, texts in error.error_dict.items() if name != "code" for text in texts)


@inspection.get("/entry/<id>/scan")
def entry(id: str) -> str:
    """The files of an entry, what was found in each, and all scans of them."""
    return tk.render("inspection/entry.html", tk.get_action("anshan_scan_list")({}, {"package_id": id}))


@inspection.post("/entry/<id>/scan")
def start(id: str) -> Any:
    """Asks for the scan of a file and shows how it goes."""
    scan = tk.get_action("anshan_scan_start")({}, {"resource_id": tk.request.form.get("resource_id", "")})
    return tk.redirect_to("anshan_inspection.report", id=scan["entry"]["name"], scan=scan["id"])


@inspection.get("/entry/<id>/scan/<scan>")
def report(id: str, scan: str) -> str:
    """How far a scan is, or what it found and what can be done about it."""
    return tk.render("inspection/report.html", {"scan": tk.get_action("anshan_scan_show")({}, {"id": scan})})


@inspection.post("/entry/<id>/scan/<scan>/cancel")
def cancel(id: str, scan: str) -> Any:
    """Calls a scan off."""
    tk.get_action("anshan_scan_cancel")({}, {"id": scan})
    return tk.redirect_to("anshan_inspection.report", id=id, scan=scan)


@inspection.get("/entry/<id>/scan/<scan>/difference")
def difference(id: str, scan: str) -> Any:
    """What the chosen remedies would change, with masked examples; nothing is written."""
    found = tk.get_action("anshan_scan_show")({}, {"id": scan})
    picks = asking.picked(tk.request.args, found["findings"])
    asked = asking.asked(picks, found["findings"])
    try:
        told = tk.get_action("anshan_scan_difference")({}, {"id": scan, "asked": asked})
    except tk.ValidationError as wrong:
        return tk.render("inspection/report.html", {"scan": found, "picks": picks, "told": _words(wrong)}), 400
    return tk.render("inspection/difference.html", {**told, "picks": picks})


@inspection.post("/entry/<id>/scan/<scan>/remedy")
def remedy(id: str, scan: str) -> Any:
    """Makes the new file and shows its scan."""
    found = tk.get_action("anshan_scan_show")({}, {"id": scan})
    asked = asking.asked(asking.picked(tk.request.form, found["findings"]), found["findings"])
    made = tk.get_action("anshan_scan_remedy")({}, {"id": scan, "asked": asked})
    return tk.redirect_to("anshan_inspection.report", id=id, scan=made["id"])


@inspection.get("/organization/<id>/scan-words")
def words(id: str) -> str:
    """The words that an agency adds to what the scanner looks for."""
    found = tk.get_action("anshan_scan_words_show")({}, {"organization": id})
    return tk.render("inspection/words.html", {**found, "rows": found["words"], "errors": {}, "saved": False})


@inspection.post("/organization/<id>/scan-words")
def set_words(id: str) -> Any:
    """Keeps the words of an agency as they were typed."""
    typed = asking.words(tk.request.form)
    try:
        found = tk.get_action("anshan_scan_words_update")({}, {"organization": id, "words": typed})
    except tk.ValidationError as wrong:
        found = tk.get_action("anshan_scan_words_show")({}, {"organization": id})
        shown = {**found, "rows": typed, "errors": wrong.error_dict, "saved": False}
        return tk.render("inspection/words.html", shown), 400
    return tk.render("inspection/words.html", {**found, "rows": found["words"], "errors": {}, "saved": True})
