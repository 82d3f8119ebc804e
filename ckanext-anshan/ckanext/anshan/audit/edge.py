"""What happens at the edge of the portal and in no action: refused pages, log-ins and log-outs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import signals
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from . import ahead, recording, rules
from .events import LONGEST_NAME, Event, Object, about
from .wrapping import REFUSED

REFUSALS = {401, 403}
RECORD_THEMSELVES = {"anshan_data.file"}  # with what of the file goes out


def watch(app: Flask) -> None:
    """Record the refused requests of this application; log-ins and log-outs of every one."""
    app.after_request(_answered)
    app.wsgi_app = ahead.around(app.wsgi_app)
    app.teardown_request(lambda _: ahead.finish(request.environ))  # a request that a command or a test makes, too
    handle = app.handle_user_exception
    app.handle_user_exception = lambda e: (_look_behind(e), handle(e))[1]
    for signal, receive in (
        (signals.user_logged_in, _logged_in),
        (signals.user_logged_out, _logged_out),
        (signals.failed_login, _failed_login),
        (signals.request_password_reset, _reset_asked),
        (signals.perform_password_reset, _reset),
    ):
        signal.connect(receive)


def _look_behind(error: BaseException) -> None:
    """A refusal is on record before its page is made; so is the page that says 404 to who may not see what is there."""
    status = error.code if isinstance(error, HTTPException) else None
    if status in REFUSALS or _is_disguised(error):
        _refused(status or HTTPStatus.FORBIDDEN)


def _is_disguised(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, tk.NotAuthorized):
        error = error.__context__
    return error is not None


def _answered(response: Response) -> Response:
    how = rules.page(request.endpoint or "", changes=False) if response.status_code == HTTPStatus.OK else None
    if isinstance(how, rules.Event) and request.endpoint not in RECORD_THEMSELVES and request.method == "GET":
        recording.happened(Event(how.kind, object=_about(how), action=request.endpoint or "", facts=_asked()))
    if response.status_code in REFUSALS:
        _refused(response.status_code)
    return response


def _refused(status: int) -> None:
    """Once in a request: an action says more of its refusal than the page that tells of it."""
    if not g.get(REFUSED):
        setattr(g, REFUSED, True)
        facts = {"method": request.method, "page": request.endpoint or "", **_asked()}
        recording.refused("access.refused", code=f"status_{status}", facts=facts)


def _about(how: rules.Event) -> Object | None:
    return about(how.object_type, (request.view_args or {}).get(how.parameter))


def _asked() -> dict[str, Any]:
    """What the address named."""
    return {"asked": {name: str(value)[:LONGEST_NAME] for name, value in (request.view_args or {}).items()}}


def _logged_in(_: Any, user: Any = None, **more: Any) -> None:
    _account("account.logged_in", user)


def _logged_out(_: Any, user: Any = None, **more: Any) -> None:
    _account("account.logged_out", user)


def _failed_login(name: Any, **more: Any) -> None:
    recording.refused("account.login_failed", code="login_failed", account=str(name)[:LONGEST_NAME])


def _reset_asked(_: Any, user: Any = None, **more: Any) -> None:
    _account("account.reset_asked", user)


def _reset(_: Any, user: Any = None, **more: Any) -> None:
    _account("account.reset", user)


def _account(kind: str, user: Any) -> None:
    who = about("account", getattr(user, "id", None))
    recording.happened(Event(kind, object=who, action=request.endpoint or ""))
