"""The pages of the review: the queue, one submission with all that decides about it, and submitting an entry."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ..access import door
from ..access import messages as access_messages
from ..access.rules import Refusal
from ..pages.exports import as_csv
from ..theme.errors import error_page
from . import asking, figures, messages, queueing, submitting, workbench
from .rules import Command
from .schema import MOST_AT_ONCE

__all__ = ["review"]

review = Blueprint("anshan_review", __name__)


@review.before_request
def _never_kept() -> None:
    """Who looks decides what is shown."""
    tk.request.environ["__no_cache__"] = True


@review.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; who may not even know of it reads that there is nothing."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    code, _, sentence = str(error.message).partition(" · ")
    return error_page(404 if code.endswith(".unknown") else 403, sentence or None)


@review.errorhandler(tk.ObjectNotFound)
def _not_there(error: Any) -> Any:
    return error_page(404)


@review.errorhandler(tk.ValidationError)
def _not_like_this(error: Any) -> Any:
    return error_page(400, messages.told(error)["message"])


@review.get("/review", strict_slashes=False)
def queue() -> str:
    """What waits for the reader, due soonest first; with ``mine`` other lists of what they see."""
    asked, number = queueing.asked(tk.request.args), queueing.page_number(tk.request.args.get("page", ""))
    found = tk.get_action("anshan_submission_list")({}, queueing.given(asked, number))
    pages = queueing.pages(number, len(found["submissions"]), found["count"])
    shown = {"found": found, "asked": asked, "pages": pages, "narrowed": queueing.is_narrowed(asked)}
    words = {"choices": messages.choices(), "keys": messages.short_keys()}
    return tk.render("review/queue.html", {**shown, **words, "query": queueing.query})


@review.get("/review/bulk")
def bulk() -> str:
    """Where several submissions are signed or returned: one checklist for all, or each with its own reason."""
    asked = queueing.bulk(tk.request.args, _chosen(tk.request.args))
    return tk.render("review/bulk.html", {"bulk": asked, "was_sent": False, "query": queueing.bulk_query})


@review.post("/review/bulk")
def do_bulk() -> Any:
    """Signs or returns each by itself and tells what came of it; what is missing is asked for before any is done."""
    form = tk.request.form
    asked = queueing.bulk(form, _chosen(form))
    if not asked.is_complete:
        shown = {"bulk": asked, "was_sent": True, "query": queueing.bulk_query}
        return tk.render("review/bulk.html", shown), 400
    told = tk.get_action("anshan_submission_bulk")({}, {"command": asked.command, "submissions": asked.given})
    outcome = queueing.came_of_it(asked, _chosen(form), told)
    return tk.render("review/bulk_done.html", {"bulk": asked, "outcome": outcome, "done": len(told["done"])})


def _chosen(form: Any) -> list[dict[str, Any]]:
    """The submissions that were ticked, of those that the reader sees."""
    ids = form.getlist("id")[:MOST_AT_ONCE]
    asked = {"mine": "all", "ids": ids, "checklist": True, "limit": MOST_AT_ONCE}
    return tk.get_action("anshan_submission_list")({}, asked)["submissions"] if ids else []


@review.get("/review/suspensions")
def suspensions() -> Any:
    """To what is suspended, and the forms for that."""
    return tk.redirect_to("anshan_suspension.suspensions")


@review.get("/review/statistics")
def statistics() -> Any:
    """What the review did in a period: time per step, returns by reason, each agency."""
    asked = _given("since", "until", "agency")
    try:
        found, errors = tk.get_action("anshan_review_statistics")({}, asked), {}
    except tk.ValidationError as wrong:
        found, errors = None, wrong.error_dict
    shown = {"found": found, "errors": errors, "asked": asked, "tables": figures.tables(found) if found else {}}
    return tk.render("review/statistics.html", shown), 400 if errors else 200


@review.get("/review/statistics/<name>.csv")
def statistics_csv(name: str) -> Any:
    """The numbers of one of its tables."""
    found = tk.get_action("anshan_review_statistics")({}, _given("since", "until", "agency"))
    table = figures.tables(found).get(name)
    if table is None:
        return tk.abort(404)
    answer = Response(as_csv(table.cells()), content_type="text/csv; charset=utf-8")  # type: ignore[arg-type]
    file = f"review-{name}-{found['since']}-{found['until']}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=file)
    return answer


@review.get("/review/<number>/clock")
def clock(number: str) -> str:
    """How the dates of a submission were counted, day by day."""
    return tk.render("review/clock.html", {"told": tk.get_action("anshan_submission_clock")({}, {"id": number})})


# submitting an entry


@review.get("/entry/<id>/submit")
def submit(id: str) -> Any:
    """What would be frozen if an entry were submitted now, what stands against it, and what it changes."""
    return _submitting(id)


@review.post("/entry/<id>/submit")
def send(id: str) -> Any:
    """Submits an entry, or opens it at once, and leads to its submission."""
    form = tk.request.form
    action, given = submitting.given(form)
    try:
        made = tk.get_action(action)({}, {**given, "id": id})
    except (tk.ValidationError, tk.NotAuthorized) as error:
        return _submitting(id, form.to_dict(), workbench.wrong(error))
    is_at_once = action == "anshan_submission_open_at_once"
    tk.h.flash_success(messages.ACTED[Command.OPEN_AT_ONCE if is_at_once else Command.SUBMIT]())
    return tk.redirect_to("anshan_review.submission", number=made["number"])


def _submitting(id: str, typed: dict[str, str] | None = None, wrong: dict[str, Any] | None = None) -> Any:
    shown = {**submitting.page(id), "typed": typed or {}, "wrong": wrong}
    return tk.render("review/submit.html", shown), wrong["status"] if wrong else 200


# one submission


@review.get("/review/<number>")
def submission(number: str) -> Any:
    """Everything about one submission that decides whether it opens, and what the reader may do about it."""
    return _workbench(number)


@review.get(f"/review/<number>/<any({', '.join(workbench.ACTS)}):command>")
def form(number: str, command: str) -> Any:
    """Leads to the form of a command on the page of its submission."""
    return tk.redirect_to(f"{tk.url_for('anshan_review.submission', number=number)}#act-{command}")


@review.post(f"/review/<number>/<any({', '.join(workbench.ACTS)}):command>")
def act(number: str, command: str) -> Any:
    """Signs, clears, returns, rejects, withdraws, comments on or checks a submission; what can't be done is said there
    beside what was typed."""
    asked = tk.request.form
    given = asking.given(command, asked, tk.request.files)
    typed = {**given, "command": command}
    if "more" in asked:
        made = tk.get_action("anshan_submission_show")({}, {"id": number})
        typed["remarks"] = workbench.noted(made, given.get("remarks", []), asked["more"])
        return _workbench(number, typed)
    try:
        done = tk.get_action(f"anshan_submission_{command}")({}, {**given, "id": number})
    except (tk.ValidationError, tk.NotAuthorized) as error:
        return _workbench(number, typed, error)
    tk.h.flash_success(messages.ACTED[Command(command)]())
    return tk.redirect_to("anshan_review.submission", number=done["number"])


def _workbench(number: str, typed: dict[str, Any] | None = None, error: Any = None) -> Any:
    made = tk.get_action("anshan_submission_show")({}, {"id": number})
    wrong = workbench.wrong(error) if error else None
    shown = workbench.page(made, tk.request.args, typed, wrong)
    return tk.render("review/show.html", shown), wrong["status"] if wrong else 200


@review.get("/review/<number>/file/<path:name>")
def file(number: str, name: str) -> Any:
    """A file as it was submitted."""
    return _handed_out(workbench.file(tk.get_action("anshan_submission_show")({}, {"id": number}), name))


@review.get("/review/<number>/attachment/<int:id>")
def attachment(number: str, id: int) -> Any:
    """A file beside a comment; beside an internal one, for the two offices alone."""
    return _handed_out(workbench.attachment(tk.get_action("anshan_submission_show")({}, {"id": number}), id))


def _handed_out(asked: workbench.Asked | None) -> Any:
    answer = door.private(*asked) if asked else Refusal("no_such_file")
    if isinstance(answer, Refusal):
        return error_page(access_messages.STATUS[answer.code], access_messages.words(answer))
    return answer


def _given(*names: str) -> dict[str, str]:
    return {name: tk.request.args[name].strip() for name in names if tk.request.args.get(name, "").strip()}
