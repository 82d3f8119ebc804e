"""The desk of whoever is logged in, their API tokens, and the plain page of an account."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ..theme.errors import error_page
from . import desk as desks
from .schema import LIST

__all__ = ["people"]

people = Blueprint("anshan_people", __name__)
FURTHEST = 10**9  # of notices that are left out before those shown


@people.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; nobody else is told more than that."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    return error_page(403)


@people.errorhandler(tk.ObjectNotFound)
def _not_there(error: Any) -> Any:
    return error_page(404)


@people.get("/desk")
def desk() -> str:
    """Where somebody lands after logging in: who they are here, what waits for them, and the ways on."""
    if tk.current_user.is_anonymous:
        raise tk.NotAuthorized
    return tk.render("people/desk.html", {"desk": desks.of(tk.current_user)})


@people.get("/notices")
def notice_list() -> str:
    """What the portal told whoever is logged in, newest first."""
    only, page = "unread" in tk.request.args, max(1, tk.request.args.get("page", 1, type=int))
    asked = {"limit": LIST, "offset": min(LIST * (page - 1), FURTHEST), "only_unread": only}
    found = tk.get_action("anshan_notice_list")({}, asked)
    pages = -(-found["count"] // LIST)
    return tk.render("people/notices.html", {"found": found, "only_unread": only, "page": page, "pages": pages})


@people.post("/notices/read")
def read_notices() -> Any:
    """Marks notices as read: those named, or all."""
    asked = {"ids": tk.request.form.getlist("ids"), "all": tk.request.form.get("all", False)}
    return _changed("anshan_notice_read", asked)


@people.post("/notices/mail")
def mail_notices() -> Any:
    """Switches the daily mail on or off."""
    return _changed("anshan_notice_mail", {"wanted": tk.request.form.get("wanted", "")})


def _changed(action: str, asked: dict[str, Any]) -> Any:
    """Does what a form of the list asks for, and shows the list."""
    try:
        tk.get_action(action)({}, asked)
    except tk.ValidationError as wrong:
        for told in wrong.error_summary.values():
            tk.h.flash_error(told)
    return tk.redirect_to("anshan_people.notice_list")


@people.get("/dashboard/", strict_slashes=False)
@people.get("/dashboard/datasets")
@people.get("/dashboard/groups")
@people.get("/dashboard/organizations")
def dashboard() -> Any:
    """To the desk, from where CKAN has it."""
    return tk.redirect_to("anshan_people.desk")


@people.get("/user/<id>")
def account(id: str) -> Any:
    """The plain page of somebody else's account; one's own is the desk."""
    found = tk.get_action("user_show")({}, {"id": id})
    if found["id"] == getattr(tk.current_user, "id", ""):
        return tk.redirect_to("anshan_people.desk")
    duties = desks.duties_of(found["id"]) if getattr(tk.current_user, "sysadmin", False) else None
    return tk.render("people/account.html", {"user_dict": found, "duties": duties})


@people.get("/user/<id>/organizations")
@people.get("/user/<id>/groups")
@people.get("/user/followers/<id>")
@people.get("/user/activity/<id>")
def nothing_more(id: str) -> Any:
    """To the account, which says all that there is of it."""
    return tk.redirect_to("user.read", id=id)


@people.get("/user/<id>/api-tokens")
def tokens(id: str) -> Any:
    """The API tokens of an account, and a form for another."""
    return _tokens(id)


@people.post("/user/<id>/api-tokens")
def make_token(id: str) -> Any:
    """Makes a token, and shows it this once."""
    name = tk.request.form.get("name", "").strip()
    try:
        made = tk.get_action("api_token_create")({}, {"user": id, "name": name})
    except tk.ValidationError as wrong:
        return _tokens(id, typed=name, errors=wrong.error_dict)
    return _tokens(id, made={**made, "name": name})


@people.post("/user/<id>/api-tokens/revoke")
def revoke_tokens(id: str) -> Any:
    """Revokes tokens, once whoever asked for it has said yes."""
    wanted = tk.request.form.getlist("token")
    found = [token for token in _known(id) if token["id"] in wanted]
    if found and "sure" not in tk.request.form:
        return tk.render("people/revoke.html", {"user": _shown(id), "tokens": found})
    for token in found:
        tk.get_action("api_token_revoke")({}, {"jti": token["id"]})
        tk.h.flash_success(tk._("The token “{name}” is revoked.").format(name=token["name"]))
    return tk.redirect_to("user.api_tokens", id=id)


def _tokens(id: str, **given: Any) -> str:
    shown = {"user": _shown(id), "tokens": _known(id)[::-1], "typed": "", "errors": {}, "made": None}
    return tk.render("people/tokens.html", {**shown, **given})


def _known(id: str) -> list[dict[str, Any]]:
    """The tokens of an account, for whoever may know of them."""
    return tk.get_action("api_token_list")({}, {"user_id": id})


def _shown(id: str) -> dict[str, Any]:
    return tk.get_action("user_show")({}, {"id": id})
