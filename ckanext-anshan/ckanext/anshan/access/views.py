"""Where bytes leave the portal. No other route serves a file of the vault."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, abort, request

from . import door, handing, messages, picturing, refusing, tokens
from .handing import Asked
from .rules import Refusal

__all__ = ["data", "grant"]

data = Blueprint("anshan_data", __name__)

VAULT = "vault"


def answer(result: Response | Refusal) -> Response:
    """The file, or a page that says why not."""
    if not isinstance(result, Refusal):
        return result
    return abort(messages.STATUS[result.code], f"{messages.words(result)} (access.{result.code})")


@data.get("/data/<dataset>/v<int:version>/<path:name>")
def file(dataset: str, version: int, name: str) -> Response:
    """A file of one version, whole or in ranges, with its ETag."""
    return answer(door.released(dataset, version, name))


@data.get("/data/<dataset>/latest/<path:name>")
def latest(dataset: str, name: str) -> Response:
    """A file of the version that is published now."""
    result = door.latest(dataset, name)
    return answer(result) if isinstance(result, Refusal) else tk.redirect_to(result)


@data.before_app_request
def through_the_door() -> Response | None:
    """CKAN has a download route for every type of package and three for its file storages: they end here."""
    endpoint, given = request.endpoint or "", request.view_args or {}
    if endpoint.endswith("resource.download"):
        return resource_download(str(given["resource_id"]))
    if endpoint.startswith("file.") and given.get("storage_name") == VAULT:
        return answer(Refusal("no_such_file"))
    return None


def resource_download(resource_id: str) -> Response | None:
    """A dataset's resource leads to its address, an entry's file to those who work on it; a link is CKAN's."""
    address = door.address_of(resource_id)
    if address:
        return tk.redirect_to(address)
    return answer(door.working(resource_id)) if door.is_working(resource_id) else None


grant = Blueprint("anshan_grant", __name__)


@grant.before_request
def _never_kept() -> None:
    """Who asks decides what is shown."""
    request.environ["__no_cache__"] = True


@grant.errorhandler(tk.NotAuthorized)
@grant.errorhandler(tk.ObjectNotFound)
@grant.errorhandler(tk.ValidationError)
def _against(error: Exception) -> Any:
    return _told(refusing.refused() or Refusal("no_grant"))


@grant.get("/grant/<number>")
def show(number: str) -> str:
    """What may be used under a number, and what was used."""
    return tk.render("access/grant.html", _page(number))


@grant.post("/grant/<number>/token")
def make_token(number: str) -> Any:
    """Makes a token; it is shown on the page that follows, this once."""
    given = {name: request.form.get(name, "") for name in ("dataset", "name")}
    try:
        made = tk.get_action("anshan_grant_token_create")({}, {**given, "id": number})
    except tk.ValidationError as wrong:
        return tk.render("access/grant.html", {**_page(number), "errors": wrong.error_dict, "typed": given}), 400
    return tk.render("access/grant.html", {**_page(number), "made": made})


@grant.post("/grant/<number>/token/<token>/revoke")
def revoke_token(number: str, token: str) -> Any:
    """Makes a token worthless."""
    tk.get_action("anshan_grant_token_revoke")({}, {"id": number, "token": token})
    tk.h.flash_success(tk._("The token is revoked: nothing is handed out for it any more."))
    return tk.redirect_to("anshan_grant.show", number=number)


def _page(number: str) -> dict[str, Any]:
    told = tk.get_action("anshan_grant_show")({}, {"id": number})
    due = tk.get_action("anshan_application_show")({}, {"id": number})["report_due"]
    return picturing.page({**told, "report_due": due})


@grant.get("/grant/<number>/<dataset>/<path:name>", endpoint="file")
def granted_file(number: str, dataset: str, name: str) -> Any:
    """What was granted of a file: a table with the suffix of a format, another file as it is."""
    caller = tokens.caller(tk.current_user.name)
    sheet = request.args.get("sheet", "")
    result = caller if isinstance(caller, Refusal) else handing.hand_out(caller, Asked(number, dataset, name, sheet))
    return _told(result) if isinstance(result, Refusal) else result


def _told(refusal: Refusal) -> Any:
    """A visitor logs in and comes back, a reader reads a page, and a program JSON."""
    if not refusing.is_for_reader():
        return refusing.as_json(refusal)
    if tk.current_user.is_anonymous and refusal.code == "no_grant" and request.method == "GET":
        return tk.redirect_to("user.login", came_from=tk.h.anshan_here())
    return refusing.as_page(refusal)


@grant.after_app_request
def shaped(answer: Response) -> Response:
    """What the API says of a refusal, with its own status and code."""
    return refusing.shaped(answer)
