"""The desk of whoever is logged in, their API tokens, and the plain page of an account."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from . import desk as desks

__all__ = ["people"]

people = Blueprint("anshan_people", __name__)


@people.errorhandler(tk.NotAuthorized)
def _not_yours(error: Any) -> Any:
    """A visitor logs in and comes back; nobody else is told more than that."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    return tk.abort(403)


@people.errorhandler(tk.ObjectNotFound)
def _not_there(error: Any) -> Any:
    return tk.abort(404)


@people.get("/desk")
def desk() -> str:
    """Where somebody lands after logging in: who they are here, what waits for them, and the ways on."""
    if tk.current_user.is_anonymous:
        raise tk.NotAuthorized
    return tk.render("people/desk.html", {"desk": desks.of(tk.current_user)})


@people.get("/dashboard/", strict_slashes=False)
@people.get("/dashboard/datasets")
@people.get("/dashboard/groups")
@people.get("/dashboard/organizations")
def dashboard() -> Any:
    """To the desk, from where CKAN has it."""
    return tk.redirect_to("anshan_people.desk")
