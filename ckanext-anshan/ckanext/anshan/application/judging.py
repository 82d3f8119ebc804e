"""The pages of those who answer applications and look after them: desk, several at once, one application, deputies."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ..people import roles
from ..theme.errors import error_page
from . import benching, desking, messages
from .desking import MOST_AT_ONCE

judging = Blueprint("anshan_judging", __name__)

COMMANDS = ("take", "assign", "recuse", "ask", "extend", "opine", "approve", "refuse", "suspend", "resume", "revoke")


@judging.before_request
def _never_kept() -> None:
    """Who looks decides what is shown."""
    tk.request.environ["__no_cache__"] = True


@judging.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; who may not even know of it reads that there is nothing."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    told = messages.told(error)
    return error_page(404 if told["code"].endswith(".unknown") else 403, told["message"])


@judging.errorhandler(tk.ValidationError)
def _not_like_this(error: Any) -> Any:
    return error_page(400, messages.told(error)["message"])


@judging.get("/applications/desk", strict_slashes=False)
def desk() -> Any:
    """What waits for an answer of the reader's agency, due soonest first; for the offices what they look after."""
    sides = benching.sides()
    if not sides:
        raise tk.NotAuthorized(benching.no_desk())
    asked, number = desking.asked(tk.request.args, sides), desking.page_number(tk.request.args.get("page", ""))
    found = tk.get_action("anshan_application_list")({}, desking.given(asked, number))
    pages = desking.pages(number, len(found["applications"]), found["count"])
    shown = {"found": found, "asked": asked, "pages": pages, "narrowed": desking.is_narrowed(asked), "sides": sides}
    return tk.render("application/desk.html", {**shown, **benching.choices(), "query": desking.query})


# several at once


@judging.get("/applications/bulk")
def bulk() -> str:
    """Where several applications are answered, each with its own reason."""
    asked = benching.pointed_out(desking.bulk(tk.request.args, _chosen(tk.request.args)))
    return tk.render("application/bulk.html", {"bulk": asked, "was_sent": False, **benching.choices()})


@judging.post("/applications/bulk")
def do_bulk() -> Any:
    """Answers each by itself and tells what came of it; what is missing is asked for before any is done."""
    form = tk.request.form
    asked = benching.pointed_out(desking.bulk(form, _chosen(form)))
    if asked.missing or not asked.fit:
        return tk.render("application/bulk.html", {"bulk": asked, "was_sent": True, **benching.choices()}), 400
    given = {"command": asked.command, "applications": [asked.given(one) for one in asked.fit]}
    told = tk.get_action("anshan_application_bulk")({}, given)
    outcome = desking.came_of_it(asked, _chosen(form), told)
    return tk.render("application/bulk_done.html", {"bulk": asked, "outcome": outcome, "done": len(told["done"])})


def _chosen(form: Any) -> list[dict[str, Any]]:
    """The applications that were ticked, of those that the reader's agencies answer."""
    ids = form.getlist("id")[:MOST_AT_ONCE]
    asked = {"side": "provider", "ids": ids, "limit": MOST_AT_ONCE}
    return tk.get_action("anshan_application_list")({}, asked)["applications"] if ids else []


# one application


@judging.get("/application/<number>/examine")
def examine(number: str) -> Any:
    """What is asked beside what is offered and what others got, and the answers that can be given."""
    return _examined(number)


@judging.get(f"/application/<number>/judge/<any({', '.join(COMMANDS)}, identify):command>")
def form(number: str, command: str) -> Any:
    """Leads to the form of a command on the page of its application."""
    return tk.redirect_to(f"{tk.url_for('anshan_judging.examine', number=number)}#judge-{command}")


@judging.post(f"/application/<number>/judge/<any({', '.join(COMMANDS)}):command>")
def act(number: str, command: str) -> Any:
    """Takes, gives on, asks, puts off, opines, approves or refuses; what can't be done is said beside what was typed.

    With ``check`` nothing is sent: the page comes back with what would be pointed out.
    """
    form = tk.request.form
    given = desking.decision(command, form)
    if "check" in form:
        return _examined(number, command, given, pointed_out=benching.remarks(number, command, given))
    try:
        done = tk.get_action(f"anshan_application_{command}")({}, {**given, "id": number})
    except (tk.ValidationError, tk.NotAuthorized) as error:
        wrong = benching.wrong(error)
        return _examined(number, command, given, wrong, benching.remarks(number, command, given))
    tk.h.flash_success(benching.acted(command))
    return tk.redirect_to("anshan_application.show", number=done["number"])


@judging.post("/application/<number>/judge/identify")
def identify(number: str) -> Any:
    """Who applies, in full; that it was read, and why, is on the log."""
    given = desking.decision("identify", tk.request.form)
    try:
        told = tk.get_action("anshan_application_identify")({}, {**given, "id": number})
    except tk.ValidationError as error:
        return _examined(number, "identify", given, benching.wrong(error))
    return _examined(number, "identify", given, told=told)


def _examined(
    number: str, command: str = "", given: Any = None, wrong: Any = None, pointed_out: Any = None, told: Any = None
) -> Any:
    made = tk.get_action("anshan_application_show")({}, {"id": number})
    typed = {**(given or {}), "command": command}
    judge = benching.page(made, typed, wrong, pointed_out, told)
    if judge is None:
        raise tk.NotAuthorized(benching.no_desk())
    return tk.render("application/examine.html", {"made": made, "judge": judge}), wrong["status"] if wrong else 200


# in the head's place


@judging.get("/applications/deputies")
def deputies() -> Any:
    """Who stands in for the head of an agency with applications."""
    return _deputies()


@judging.post("/applications/deputies")
def name_deputy() -> Any:
    """Names somebody from a day to a day."""
    form = tk.request.form
    given = {name: form.get(name, "").strip() for name in ("agency", "user", "starts", "ends")}
    try:
        tk.get_action("anshan_application_deputy_name")({}, given)
    except (tk.ValidationError, tk.NotAuthorized) as error:
        return _deputies(given, benching.wrong(error))
    tk.h.flash_success(tk._("Your deputy is named, and was told."))
    return tk.redirect_to("anshan_judging.deputies")


@judging.post("/applications/deputies/<int:id>/end")
def end_deputy(id: int) -> Any:
    """Takes the place back."""
    tk.get_action("anshan_application_deputy_end")({}, {"id": id})
    tk.h.flash_success(tk._("The deputy's place is taken back."))
    return tk.redirect_to("anshan_judging.deputies")


def _deputies(typed: Any = None, wrong: Any = None) -> Any:
    agencies = benching.headed(roles.of_reader())
    if not agencies:
        raise tk.NotAuthorized(benching.no_desk())
    shown = {"agencies": agencies, "typed": typed or {}, "wrong": wrong}
    return tk.render("application/deputies.html", shown), wrong["status"] if wrong else 200
