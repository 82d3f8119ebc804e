"""The pages of import and export."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, send_file

from ...theme.errors import error_page
from . import messages, options, report, runs, schema
from .forms import FORMS

__all__ = ["anshan_import"]

anshan_import = Blueprint("anshan_import", __name__, url_prefix="/catalogue")
HEADROOM = 1 << 16
"""Bytes that a form has beside its file."""


@anshan_import.errorhandler(tk.NotAuthorized)
def _denied(error: Exception) -> Any:
    return error_page(403, tk._("Only members of the data bureau import and export the catalogue."))


@anshan_import.errorhandler(tk.ObjectNotFound)
def _absent(error: Any) -> Any:
    return error_page(404, error.message or tk._("There is no such import."))


@anshan_import.get("/import")
def form(errors: Any = None, status: int = 200) -> tuple[str, int]:
    """The data bureau's page: a form for a file, the latest imports, templates and exports."""
    tk.check_access("anshan_catalogue_import", {"user": tk.current_user.name})
    latest = tk.get_action("anshan_catalogue_import_list")({}, {})
    given = {"runs": latest, "errors": errors or {}, "max_mb": options.max_mb(), "forms": list(FORMS)}
    return tk.render("catalogue/import.html", given), status


@anshan_import.post("/import")
def start() -> Any:
    """Takes a file and begins its import."""
    limit = options.max_mb() * options.MEGABYTE + HEADROOM
    if (size := tk.request.content_length or 0) > limit:
        facts = {"megabytes": size >> 20, "limit": options.max_mb()}
        return form({"upload": [messages.refused("too_big", facts)]}, 413)
    given = {"upload": tk.request.files.get("upload"), "plan": "plan" in tk.request.form}
    given["create_agencies"] = "create_agencies" in tk.request.form
    try:
        run = tk.get_action("anshan_catalogue_import")({}, given)
    except tk.ValidationError as error:
        return form(error.error_dict, 400)
    return tk.redirect_to("anshan_import.show", id=run["id"])


@anshan_import.post("/import/<id>")
def begin(id: str) -> Any:
    """Carries out what was planned."""
    tk.get_action("anshan_catalogue_import_start")({}, {"id": id})
    return tk.redirect_to("anshan_import.show", id=id)


@anshan_import.get("/import/<id>")
def show(id: str) -> str:
    """How an import goes, and what it found row by row."""
    page = max(tk.h.get_page_number(tk.request.args), 1)
    asked = {"id": id, "offset": (page - 1) * schema.PAGE, "limit": schema.PAGE}
    run = tk.get_action("anshan_catalogue_import_show")({}, asked)
    return tk.render("catalogue/import_show.html", {"run": run, "page": page, "per_page": schema.PAGE})


@anshan_import.get("/import/<id>/report.csv")
def findings(id: str) -> Response:
    """Everything that an import found, as CSV."""
    tk.get_action("anshan_catalogue_import_show")({}, {"id": id, "limit": 0})
    text = io.StringIO()
    report.write_csv(runs.problems(id), text)
    headers = {"Content-Disposition": f"attachment; filename=import-{id[:8]}.csv"}
    return Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers=headers)


@anshan_import.get("/template.<format>")
def template(format: str) -> Response:
    """The portal's own template, as CSV or as XLSX with drop-downs."""
    return _sent(tk.get_action("anshan_catalogue_template")({}, {"format": format}), f"template.{format}")


@anshan_import.get("/export/<form>.<format>")
def export(form: str, format: str) -> Response:
    """All entries, or those of one agency, in one of the three forms."""
    asked = {"form": form, "format": format, "organization": tk.request.args.get("organization", "")}
    made = tk.get_action("anshan_catalogue_export")({}, asked)
    return _sent(made, f"catalogue-{form}.{format}")


@anshan_import.errorhandler(tk.ValidationError)
def _wrong(error: Any) -> Any:
    return error_page(400, "; ".join(text for texts in error.error_dict.values() for text in texts))


def _sent(made: dict[str, Any], name: str) -> Response:
    path = Path(made["path"])
    content = io.BytesIO(path.read_bytes())
    shutil.rmtree(path.parent)
    return send_file(content, as_attachment=True, download_name=name)
