"""The pages of sharing: its catalogue, reports of errors, and the list of data to be returned; none is public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, send_file, stream_with_context

from ..catalogue import vocabularies
from ..pages import exports
from ..theme.errors import error_page
from ..workflow import clock
from . import messages
from .rules import FeedbackCommand, FeedbackState, ReturnCommand, ReturnState
from .schema import CLASSES, LONGEST, MOST, PAGE

__all__ = ["sharing"]

sharing = Blueprint("anshan_sharing", __name__, url_prefix="/sharing")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FURTHEST = 10**6
WIDTHS = (18, 40, 28, 14, 28, 40, 14, 28, 16, 16, 40)
FEEDBACK_COMMANDS = ", ".join(one.value for one in FeedbackCommand)
RETURN_COMMANDS = ", ".join(one.value for one in ReturnCommand)
RETURN_FIELDS = ("agency", "dataset", "title", "description", "district", "scope", "purpose", "basis", "cycle")
RETURN_CHOICES = ("q", "agency", "provider", "district", "state")


@sharing.before_request
def _never_kept() -> None:
    """Who looks decides what is shown."""
    tk.request.environ["__no_cache__"] = True


@sharing.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; who may not even know of it reads that there is nothing."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    told = messages.told(error)
    return error_page(404 if told["code"].endswith(".unknown") else 403, told["message"])


@sharing.errorhandler(tk.ValidationError)
def _not_like_this(error: Any) -> Any:
    return error_page(400, messages.told(error)["message"])


# the catalogue


@sharing.get("/", strict_slashes=False)
def catalogue() -> str:
    """What agencies may have of each other, on what conditions, and what the reader's agency uses already."""
    chosen = _chosen("q", "agency", "sharing_class")
    chosen |= {"sharing_class": chosen["sharing_class"] if chosen["sharing_class"] in CLASSES else ""}
    return _list("anshan_sharing_catalogue", "sharing/catalogue.html", chosen)


# reports of errors


@sharing.get("/feedback")
def feedback_list() -> str:
    """Reports that the reader made, and those that their agency verifies."""
    states = {one.value: messages.STATES[one]() for one in FeedbackState}
    chosen = _chosen("q", "state")
    chosen |= {"state": chosen["state"] if chosen["state"] in states else ""}
    return _list("anshan_sharing_feedback_list", "sharing/feedback_list.html", chosen, states=states)


@sharing.get("/feedback/new")
def feedback_new() -> str:
    """Where an error is reported in data that is used under an application."""
    return _feedback_form(tk.request.args)[0]


@sharing.post("/feedback/new")
def feedback_create() -> Any:
    """Sends the report to the provider; what is wrong is said above the form, as it was typed."""
    form = tk.request.form
    given = {name: form.get(name, "") for name in ("application", "dataset", "file", "column", "row", "text")}
    try:
        made = tk.get_action("anshan_sharing_feedback_create")({}, given)
    except tk.ValidationError as wrong:
        return _feedback_form(form, messages.told(wrong)["message"])
    tk.h.flash_success(tk._("The report {number} is sent to the provider.").format(number=made["number"]))
    return tk.redirect_to("anshan_sharing.feedback", number=made["number"])


def _feedback_form(typed: Any, wrong: str = "") -> tuple[str, int]:
    tk.check_access("anshan_sharing_feedback_create", {}, {})
    used = tk.get_action("anshan_application_show")({}, {"id": typed.get("application", "")})
    shown = {"used": used, "typed": typed, "wrong": wrong, "longest": LONGEST}
    return tk.render("sharing/feedback_new.html", shown), 400 if wrong else 200


@sharing.get("/feedback/<number>")
def feedback(number: str) -> str:
    """A report of an error, what came of it, and what the reader may do now."""
    return _one("feedback", number)[0]


@sharing.post(f"/feedback/<number>/<any({FEEDBACK_COMMANDS}):command>")
def feedback_act(number: str, command: str) -> Any:
    """Does what the reader may do with it; what can't be done is said there, with what was typed."""
    return _act("feedback", number, command)


# data to be returned


@sharing.get("/returns")
def returns() -> str:
    """The list of data to be returned to lower levels."""
    return _list("anshan_sharing_return_list", "sharing/returns.html", _return_choices(), **_words())


@sharing.get("/returns.csv")
def returns_csv() -> Response:
    """The list with the same choices."""
    tk.check_access("anshan_sharing_return_list", {}, {})
    lines = stream_with_context(exports.as_csv(_rows(_return_choices())))
    answer = Response(lines, content_type="text/csv; charset=utf-8")  # type: ignore[arg-type]
    answer.headers.set("Content-Disposition", "attachment", filename=_named("csv"))
    return answer


@sharing.get("/returns.xlsx")
def returns_xlsx() -> Response:
    """The list with the same choices."""
    tk.check_access("anshan_sharing_return_list", {}, {})
    book = exports.as_xlsx({tk._("Data to be returned"): _rows(_return_choices())}, WIDTHS)
    return send_file(book, mimetype=XLSX, as_attachment=True, download_name=_named("xlsx"))


@sharing.get("/returns/new")
def return_new() -> str:
    """Where an agency states what it needs back."""
    return _return_form(tk.request.args)[0]


@sharing.post("/returns/new")
def return_create() -> Any:
    """Sends the need to the data bureau; what is wrong is said above the form, as it was typed."""
    form = tk.request.form
    given = {name: form.get(name, "") for name in RETURN_FIELDS} | {"streets": form.getlist("streets")}
    try:
        made = tk.get_action("anshan_sharing_return_create")({}, given)
    except tk.ValidationError as wrong:
        return _return_form(form, messages.told(wrong)["message"])
    tk.h.flash_success(tk._("The need {number} is with the data bureau.").format(number=made["number"]))
    return tk.redirect_to("anshan_sharing.return_show", number=made["number"])


def _return_form(typed: Any, wrong: str = "") -> tuple[str, int]:
    tk.check_access("anshan_sharing_return_create", {}, {})
    own = tk.h.organizations_available("create_dataset")
    streets = vocabularies.load("streets").terms
    chosen = set(typed.getlist("streets"))
    shown = {"typed": typed, "chosen": chosen, "own": own, "wrong": wrong, "longest": LONGEST, "streets": streets}
    return tk.render("sharing/return_new.html", shown | _words()), 400 if wrong else 200


@sharing.get("/returns/<number>")
def return_show(number: str) -> str:
    """A line of the list, what came of it, and what the reader may do now."""
    return _one("return", number)[0]


@sharing.post(f"/returns/<number>/<any({RETURN_COMMANDS}):command>")
def return_act(number: str, command: str) -> Any:
    """Does what the reader may do with it; what can't be done is said there, with what was typed."""
    return _act("return", number, command)


# what they share


def _chosen(*names: str) -> dict[str, str]:
    return {name: tk.request.args.get(name, "")[:200].replace("\0", "") for name in names}


def _return_choices() -> dict[str, str]:
    chosen = _chosen(*RETURN_CHOICES)
    return chosen | {"state": chosen["state"] if chosen["state"] in {one.value for one in ReturnState} else ""}


def _words() -> dict[str, Any]:
    return {
        "states": {one.value: messages.STATES[one]() for one in ReturnState},
        "districts": vocabularies.load("districts").terms,
        "cycles": vocabularies.load("update_cycles").terms,
    }


def _list(action: str, template: str, chosen: Mapping[str, str], **more: Any) -> str:
    given = tk.request.args.get("page", "1")
    number = min(max(1, int(given)), FURTHEST) if given.isdecimal() and len(given) < 8 else 1
    found = tk.get_action(action)({}, {**chosen, "limit": PAGE, "offset": PAGE * (number - 1)})
    only = {name: value for name, value in chosen.items() if value}
    pages = {"page": number, "pages": max(1, -(-found["count"] // PAGE))}
    return tk.render(template, {"found": found, "chosen": chosen, "chosen_only": only, **pages, **more})


def _one(kind: str, number: str, typed: Mapping[str, Any] | None = None, wrong: str = "") -> tuple[str, int]:
    made = tk.get_action(f"anshan_sharing_{kind}_show")({}, {"id": number})
    shown = {"made": made, "typed": typed or {}, "wrong": wrong}
    words = {"fields": messages.FIELDS, "hints": messages.HINTS, "today": clock.today().isoformat()}
    return tk.render(f"sharing/{kind}.html", {**shown, **words}), 400 if wrong else 200


def _act(kind: str, number: str, command: str) -> Any:
    form = tk.request.form
    given = {name: form[name] for name in messages.FIELDS if name in form}
    try:
        made = tk.get_action(f"anshan_sharing_{kind}_{command}")({}, {**given, "id": number})
    except tk.ValidationError as wrong:
        return _one(kind, number, {**given, "command": command}, messages.told(wrong)["message"])
    tk.h.flash_success(messages.HAPPENED[f"{kind}_{command}"]())
    return tk.redirect_to(
        f"anshan_sharing.{'feedback' if kind == 'feedback' else 'return_show'}", number=made["number"]
    )


def _rows(chosen: Mapping[str, str]) -> Iterator[list[Any]]:
    yield [
        tk._("Number of the need"),
        tk._("Data that is needed"),
        tk._("Needed by"),
        tk._("District"),
        tk._("Streets"),
        tk._("Purpose"),
        tk._("Cycle"),
        tk._("Provider"),
        tk._("State"),
        tk._("Returned by"),
        tk._("Answer"),
    ]
    start, count = 0, 1
    while start < count:
        asked = {**chosen, "limit": MOST, "offset": start}
        found = tk.get_action("anshan_sharing_return_list")({}, asked)
        yield from (_row(one) for one in found["results"])
        start, count = start + MOST, found["count"]


def _row(one: Mapping[str, Any]) -> list[Any]:
    streets = "、".join(tk.h.anshan_term("streets", id) for id in one["streets"])
    answer = one["how"] or " ".join(part for part in (one["reason"], one["article"]) if part)
    return [
        one["number"],
        one["title"],
        one["agency_title"],
        tk.h.anshan_term("districts", one["district"]) if one["district"] else "",
        streets,
        one["purpose"],
        tk.h.anshan_term("update_cycles", one["cycle"]),
        one["provider_title"],
        one["state_words"],
        one["until"],
        one["application"] or one["merged_into"] or answer,
    ]


def _named(ending: str) -> str:
    """As a file on somebody's disk: with the day, since the list changes."""
    return f"anshan-returns-{tk.h.anshan_day(clock.now())}.{ending}"
