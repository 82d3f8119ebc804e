"""The pages of applicants: one's own profile, an organization with its members, the bureau's list; the other log-in."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ..theme.errors import error_page
from . import arriving, asking, attorneys, messages
from .rules import Command
from .schema import PAGE

__all__ = ["applicant"]

applicant = Blueprint("anshan_applicant", __name__)

ORGANIZATION = "/applicant/organization/<id>"
COMMANDS = [one.value for one in Command if one not in (Command.FOUND, Command.UPDATE)]


@applicant.before_request
def _never_kept() -> None:
    """Who looks decides what is shown."""
    tk.request.environ["__no_cache__"] = True


@applicant.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; who may not even know of it reads that there is nothing."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    told = messages.told(error)
    return error_page(404 if told["code"] == "applicants.unknown" else 403, told["message"])


@applicant.errorhandler(tk.ObjectNotFound)
def _not_there(error: Any) -> Any:
    return error_page(404)


@applicant.get("/applicant")
def profile() -> str:
    """Who the reader is when they apply, and for which organizations."""
    return _profile()[0]


@applicant.post("/applicant")
def save() -> Any:
    """Keeps the profile of a person; what is wrong is said beside what was typed."""
    given = asking.texts(tk.request.form, asking.PERSON)
    try:
        tk.get_action("anshan_applicant_update")({}, given)
    except tk.ValidationError as wrong:
        return _profile(given, wrong)
    tk.h.flash_success(tk._("Your profile is saved."))
    return tk.redirect_to("anshan_applicant.profile")


def _profile(typed: dict[str, Any] | None = None, wrong: Any = None) -> tuple[str, int]:
    shown = {"found": tk.get_action("anshan_applicant_show")({}, {}), "editing": "change" in tk.request.args}
    return tk.render("applicants/profile.html", {**shown, **_errors(typed, wrong)}), 400 if wrong else 200


@applicant.get("/applicant/organization/new")
def new() -> str:
    """A form for an organization that the reader represents."""
    tk.check_access("anshan_applicant_organization_create", {}, {})
    return _form(None)[0]


@applicant.post("/applicant/organization/new")
def found() -> Any:
    """Enters an organization and leads to its page."""
    given = asking.organization(tk.request.form, tk.request.files)
    try:
        made = tk.get_action("anshan_applicant_organization_create")({}, given)
    except tk.ValidationError as wrong:
        return _form(None, given, wrong)
    tk.h.flash_success(messages.ACTED[Command.FOUND]())
    return tk.redirect_to("anshan_applicant.organization", id=made["id"])


@applicant.get(f"{ORGANIZATION}/edit")
def edit(id: str) -> str:
    """A form for what is written about an organization."""
    tk.check_access("anshan_applicant_organization_update", {}, {"id": id})
    return _form(_shown(id))[0]


@applicant.post(f"{ORGANIZATION}/edit")
def update(id: str) -> Any:
    """Keeps what was changed of an organization."""
    given = asking.organization(tk.request.form, tk.request.files)
    try:
        tk.get_action("anshan_applicant_organization_update")({}, {**given, "id": id})
    except tk.ValidationError as wrong:
        return _form(_shown(id), given, wrong)
    tk.h.flash_success(messages.ACTED[Command.UPDATE]())
    return tk.redirect_to("anshan_applicant.organization", id=id)


def _form(made: Any, typed: dict[str, Any] | None = None, wrong: Any = None) -> tuple[str, int]:
    shown = {"made": made, "kinds": messages.kinds(), **_errors(typed, wrong)}
    return tk.render("applicants/form.html", shown), 400 if wrong else 200


@applicant.get(ORGANIZATION)
def organization(id: str) -> str:
    """An organization: its particulars, its members, what happened, and what the reader may do."""
    return _organization(id)[0]


@applicant.post(f"{ORGANIZATION}/<any({', '.join(COMMANDS)}):command>")
def act(id: str, command: str) -> Any:
    """Submits, verifies, refuses, bars an organization, or changes its members; what can't be done is said there."""
    given = asking.texts(tk.request.form, asking.ACT)
    try:
        tk.get_action(asking.action(command))({}, {**given, "id": id})
    except tk.ValidationError as wrong:
        return _organization(id, {**given, "command": command}, wrong)
    tk.h.flash_success(messages.ACTED[Command(command)]())
    gone = command in (Command.LEAVE.value, Command.DECLINE.value)
    return (
        tk.redirect_to("anshan_applicant.profile") if gone else tk.redirect_to("anshan_applicant.organization", id=id)
    )


@applicant.post(f"{ORGANIZATION}/contact")
def contact(id: str) -> Any:
    """Tells the bureau the contact of an organization in full; that is on record."""
    why = tk.request.form.get("why", "")
    try:
        told = tk.get_action("anshan_applicant_organization_contact")({}, {"id": id, "why": why})
    except tk.ValidationError as wrong:
        return _organization(id, {"why": why, "command": "contact"}, wrong)
    return _organization(id, told=told)[0]


def _organization(id: str, typed: Any = None, wrong: Any = None, told: Any = None) -> tuple[str, int]:
    shown = {"made": _shown(id), "told": told, **_errors(typed, wrong)}
    return tk.render("applicants/organization.html", shown), 400 if wrong else 200


@applicant.get(f"{ORGANIZATION}/attorney")
def attorney(id: str) -> Any:
    """The power of attorney, for the bureau and the organization's own members."""
    return attorneys.handed_out(_shown(id))


@applicant.get("/applicants")
def queue() -> str:
    """The organizations that apply, for the bureau; those first that wait for it longest."""
    asked = asking.asked(tk.request.args)
    found = tk.get_action("anshan_applicant_organization_list")({}, asking.listed(asked))
    pages = -(-found["count"] // PAGE)
    return tk.render(
        "applicants/queue.html", {"found": found, "asked": asked, "pages": pages, "states": messages.states()}
    )


@applicant.get("/user/oidc/login")
def oidc_login() -> Any:
    """To the identity service, and back with a log-in."""
    return arriving.begin(tk.request.args.get("came_from", ""))


@applicant.get("/user/oidc/again")
def oidc_again() -> Any:
    """To the identity service once more, for somebody who is logged in and signs something."""
    return arriving.again(tk.request.args.get("came_from", ""))


@applicant.get("/user/oidc/callback")
def oidc_callback() -> Any:
    """Where the identity service sends its people back to; logs them in."""
    return arriving.end()


def _shown(id: str) -> dict[str, Any]:
    return tk.get_action("anshan_applicant_organization_show")({}, {"id": id})


def _errors(typed: Any, wrong: Any) -> dict[str, Any]:
    """What was typed and what is wrong with it, for a page."""
    errors = dict(wrong.error_dict) if wrong else {}
    errors.pop("code", None)
    told = messages.told(wrong)["message"] if wrong else ""
    return {"typed": typed or {}, "errors": errors, "wrong": told}
