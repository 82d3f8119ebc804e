"""The open list, statistics, the regulation, and what helps to use the portal."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, send_file, stream_with_context

from . import exports, front, rules
from . import regulation as measures
from . import statistics as figures
from .actions import CHOICES, PAGE

__all__ = ["pages"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
pages = Blueprint("anshan_pages", __name__)


@pages.get("/")
def home() -> str:
    """Search first; then what there is, by class, theme, age and use."""
    counts = tk.get_action("anshan_open_counts")({}, {})
    return tk.render("home/index.html", {"counts": counts, "front": front.front()})


@pages.get("/open-list")
def open_list() -> str:
    """What is open and what is not, by agency, class and theme (article 25)."""
    chosen, page = _chosen(), _page()
    found = tk.get_action("anshan_open_list")({}, {**chosen, "start": (page - 1) * PAGE, "limit": PAGE})
    counts = tk.get_action("anshan_open_counts")({}, {})
    last = rules.last_page(found["count"], PAGE)
    return tk.render(
        "pages/open_list.html",
        {
            "found": found,
            "counts": counts,
            "chosen": chosen,
            "chosen_only": {name: value for name, value in chosen.items() if value},
            "page": page,
            "last": last,
            "beside": rules.pages_beside(min(page, last), last),
        },
    )


@pages.get("/open-list.csv")
def open_list_csv() -> Response:
    """The open list with the same choices, or with ``by=agency`` its numbers."""
    by_agency = tk.request.args.get("by") == "agency"
    rows = exports.agency_rows() if by_agency else exports.item_rows(_chosen())
    return _csv("open-list-agencies" if by_agency else "open-list", rows)


@pages.get("/open-list.xlsx")
def open_list_xlsx() -> Response:
    """The open list with the same choices, and its numbers on a second sheet."""
    book = exports.as_xlsx(
        {tk._("Open list"): exports.item_rows(_chosen()), tk._("By agency"): exports.agency_rows()},
    )
    return send_file(book, mimetype=XLSX, as_attachment=True, download_name=_named("open-list", "xlsx"))


@pages.get("/statistics")
def statistics() -> str:
    """The portal's figures as pictures and tables."""
    found = tk.get_action("anshan_open_statistics")({}, {})
    return tk.render("pages/statistics.html", {"found": found, "tables": figures.tables(found)})


@pages.get("/statistics/<name>.csv")
def statistics_csv(name: str) -> Response:
    """The numbers of one picture."""
    table = figures.tables(tk.get_action("anshan_open_statistics")({}, {})).get(name)
    return _csv(f"statistics-{name}", table.cells()) if table else tk.abort(404)


@pages.get("/regulation")
def regulation() -> str:
    """The Measures with what this portal does for each article."""
    return tk.render("pages/regulation.html", {"chapters": measures.chapters(), "states": measures.by_state()})


@pages.get("/help")
def help() -> str:
    """How to find, look, download, cite and ask."""
    return tk.render("pages/help.html")


@pages.get("/accessibility")
def accessibility() -> str:
    """What is done for people with disabilities, what isn't, and where help is."""
    return tk.render("pages/accessibility.html")


def _chosen() -> dict[str, str]:
    given = tk.request.args
    return {name: given.get(name, "")[:100].replace("\0", "") for name in CHOICES}


def _page() -> int:
    page = tk.request.args.get("page", "1")
    return max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1


def _csv(name: str, rows: Any) -> Response:
    lines = stream_with_context(exports.as_csv(rows))
    answer = Response(lines, content_type="text/csv; charset=utf-8")  # type: ignore[arg-type]
    answer.headers.set("Content-Disposition", "attachment", filename=_named(name, "csv"))
    return answer


def _named(name: str, ending: str) -> str:
    """As a file on somebody's disk: with the day, since the list changes."""
    return f"anshan-{name}-{tk.h.anshan_day(datetime.now(timezone.utc))}.{ending}"
