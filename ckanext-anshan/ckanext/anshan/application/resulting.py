"""The public pages of the register of applications: a page, and the same as files (申请结果公示)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, send_file, stream_with_context

from ..pages.exports import as_csv, as_xlsx
from ..workflow import clock
from . import desking, messages

results = Blueprint("anshan_results", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOICES = ("dataset", "agency", "result", "year")
PAGE = 50
AT_A_TIME = 10_000
WIDTHS = (48, 30, 20, 20, 12, 18, 48, 14, 10)
Chosen = Mapping[str, str]


@results.get("/applications/results")
def register() -> Any:
    """Which applications there were, how they were answered and in how many days; nobody is named."""
    chosen, page = _chosen(), desking.page_number(tk.request.args.get("page", ""))
    try:
        found = _ask(chosen, PAGE, PAGE * (page - 1))
    except tk.ValidationError:
        return tk.redirect_to("anshan_results.register")
    shown = {"found": found, "chosen": chosen, "chosen_only": {name: one for name, one in chosen.items() if one}}
    pages = desking.pages(page, len(found["applications"]), found["count"], PAGE)
    words = {"results": messages.register_results(), "purposes": {id: said() for id, said in messages.PURPOSES.items()}}
    return tk.render("application/results.html", {**shown, "pages": pages, "page": page, **words})


@results.get("/applications/results.csv")
def register_csv() -> Any:
    """The register with the same choices."""
    lines = stream_with_context(as_csv(_rows(_chosen())))
    answer = Response(lines, content_type="text/csv; charset=utf-8")  # type: ignore[arg-type]
    answer.headers.set("Content-Disposition", "attachment", filename=_named("csv"))
    return answer


@results.get("/applications/results.xlsx")
def register_xlsx() -> Any:
    """The register with the same choices as a workbook."""
    book = as_xlsx({tk._("Results of applications"): _rows(_chosen())}, WIDTHS)
    return send_file(book, mimetype=XLSX, as_attachment=True, download_name=_named("xlsx"))


def _chosen() -> dict[str, str]:
    return {name: tk.request.args.get(name, "").strip()[:100].replace("\0", "") for name in CHOICES}


def _ask(chosen: Chosen, limit: int, offset: int, *, figures: bool = True) -> dict[str, Any]:
    asked = {**chosen, "figures": figures, "limit": limit, "offset": offset}
    return tk.get_action("anshan_application_register")({}, asked)


def _rows(chosen: Chosen) -> Iterator[list[Any]]:
    yield [
        tk._("Datasets"),
        tk._("Agency"),
        tk._("Kind of applicant"),
        tk._("Kind of purpose"),
        tk._("Sent in"),
        tk._("Answer"),
        tk._("Ground"),
        tk._("Working days"),
        tk._("Late"),
    ]
    start = 0
    while True:
        rows = _ask(chosen, AT_A_TIME, start, figures=False)["applications"]
        yield from map(_row, rows)
        start += AT_A_TIME
        if len(rows) < AT_A_TIME:
            return


def _row(one: Mapping[str, Any]) -> list[Any]:
    purpose = messages.PURPOSES.get(one["purpose_kind"])
    return [
        " ".join(each["title"] for each in one["datasets"]),
        one["agency_title"],
        tk.h.anshan_term("applicant_kinds", one["applicant_kind"]) if one["applicant_kind"] else "",
        purpose() if purpose else "",
        one["month"],
        messages.register_results()[one["result"]],
        one["ground_words"],
        one["days"] if one["days"] is not None else "",
        tk._("Yes") if one["is_late"] else tk._("No"),
    ]


def _named(ending: str) -> str:
    """As a file on somebody's disk: with the day, since the register changes."""
    return f"anshan-application-results-{clock.today().isoformat()}.{ending}"
