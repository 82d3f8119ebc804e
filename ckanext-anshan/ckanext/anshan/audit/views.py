"""The pages of the log: the history of an object, the search of the two offices, and what everybody may check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request, send_file, stream_with_context

from ..pages.exports import as_csv, as_xlsx
from ..theme.errors import error_page
from . import choosing, exports, offline, trusting

__all__ = ["audit"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FOR_EVER = "public, max-age=31536000, immutable"
KEPT = {"anshan_audit.tile"}
EDGES = ("before", "after")

audit = Blueprint("anshan_audit", __name__, url_prefix="/audit")


@audit.before_request
def _never_old() -> None:
    """What the log says now, even to visitors; the tiles alone never change."""
    if request.endpoint not in KEPT:
        request.environ["__no_cache__"] = True


@audit.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; anybody else reads what is said of what isn't there."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    return error_page(404, choosing.nothing())


@audit.errorhandler(tk.ObjectNotFound)
def _not_there(error: Any) -> Any:
    return error_page(404, str(error.message or choosing.nothing()))


@audit.errorhandler(tk.ValidationError)
def _not_understood(error: Any) -> Any:
    return error_page(404, choosing.nothing())


@audit.get("/history/<type>/<id>")
def history(type: str, id: str) -> str:
    """What was done to an object, newest first."""
    asked = {"group": request.args.get("group", ""), **_given(EDGES)}
    found = tk.get_action("anshan_audit_history")({}, {"type": type, "id": id, **asked})
    return tk.render("audit/history.html", {"found": found, "group": asked["group"], "at": {"type": type, "id": id}})


@audit.get("/")
def search() -> str:
    """The whole log, for the data bureau and the cyberspace office."""
    chosen = _given(choosing.FILTERS)
    try:
        found, errors = tk.get_action("anshan_audit_search")({}, {**chosen, **_given(EDGES)}), {}
    except tk.ValidationError as wrong:
        found, errors = None, wrong.error_dict
    return tk.render("audit/search.html", {"found": found, "errors": errors, "chosen": chosen, "most": exports.MOST})


@audit.get("/export.csv")
def export_csv() -> Response:
    """What a search finds, as CSV; 100,000 events at the most."""
    lines = stream_with_context(as_csv(exports.rows(_given(choosing.FILTERS), "csv")))
    answer = Response(lines, content_type="text/csv; charset=utf-8")  # type: ignore[arg-type]
    answer.headers.set("Content-Disposition", "attachment", filename=exports.file_name("csv"))
    return answer


@audit.get("/export.xlsx")
def export_xlsx() -> Response:
    """What a search finds, as a workbook; 100,000 events at the most."""
    book = as_xlsx({tk._("Log"): exports.rows(_given(choosing.FILTERS), "xlsx")}, exports.WIDTHS)
    return send_file(book, mimetype=XLSX, as_attachment=True, download_name=exports.file_name("xlsx"))


@audit.get("/about")
def about() -> str:
    """What is recorded and why, how far it is sealed, and how anybody checks it."""
    found = tk.get_action("anshan_audit_checkpoint_list")({}, {})
    return tk.render("audit/about.html", {"found": found})


@audit.get("/checkpoint")
def checkpoint() -> Response:
    """The newest signed checkpoint (C2SP tlog-checkpoint)."""
    note = trusting.newest_note()
    answer = Response(note or "", 200 if note else 404, content_type="text/plain; charset=utf-8")
    answer.cache_control.no_store = True
    return answer


@audit.get("/tile/<path:path>")
def tile(path: str) -> Response:
    """256 hashes of the tree, or as many as there are (C2SP tlog-tiles)."""
    hashes = trusting.tile(path)
    if hashes is None:
        request.environ["__no_cache__"] = True  # it may come
        return Response("", 404, content_type="text/plain; charset=utf-8")
    return Response(hashes, content_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})


@audit.get("/offline.py")
def verifier() -> Response:
    """The program that checks the log without the portal."""
    path = Path(offline.__file__)
    return send_file(path, mimetype="text/x-python", as_attachment=True, download_name="offline.py")


@audit.get("/proof/<id>")
def proof(id: str) -> Response:
    """What shows that one event stands in the log, as JSON."""
    found = tk.get_action("anshan_audit_proof")({}, {"id": id})
    answer = Response(choosing.printed(found), mimetype="application/json")
    answer.headers.set("Content-Disposition", "inline", filename=f"proof-{id}.json")
    return answer


def _given(names: tuple[str, ...]) -> dict[str, str]:
    """What the address says of these, without what is empty."""
    return {name: value for name in names if (value := request.args.get(name, "").replace("\0", "").strip())}
