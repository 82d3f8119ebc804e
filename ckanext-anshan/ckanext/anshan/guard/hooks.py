"""Bodies of what stands before and after every request of CKAN's application."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.lib import signals
from flask import Response, g, has_request_context, jsonify, make_response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from ..audit import recording
from ..theme.errors import error_page
from . import headers, messages, options, rules
from .counting import Counters, Refusal, counters
from .rules import Caller, Kind, Name, Use

log = logging.getLogger(__name__)

LONGEST_NAME = 200  # characters kept of what somebody typed


def secure_cookies(config: CKANConfig) -> None:
    """No cookie of a portal that is reached by HTTPS is ever sent without it."""
    config["SESSION_COOKIE_HTTPONLY"] = config["REMEMBER_COOKIE_HTTPONLY"] = True
    config["REMEMBER_COOKIE_SAMESITE"] = config["SESSION_COOKIE_SAMESITE"]
    if options.is_https():
        config["SESSION_COOKIE_SECURE"] = config["REMEMBER_COOKIE_SECURE"] = True


def behind_proxies(application: Any) -> Any:
    """The WSGI application that knows by whom and how it was asked: told by as many proxies as are said to be there."""
    options.check()
    signals.failed_login.connect(note_failure)
    signals.user_logged_in.connect(note_login)
    number = options.proxies()
    # each adds the address that asked it, but only the nearest says by what it was asked
    return ProxyFix(application, x_for=number, x_proto=1, x_host=0, x_prefix=0) if number else application


def add_headers(answer: Response) -> Response:
    """What the door or a view has said for itself stays."""
    is_file = request.endpoint == "static" and answer.status_code < HTTPStatus.BAD_REQUEST  # uploads among them
    is_page = not is_file and (answer.content_type or "").startswith("text/html")
    allowed = _page_policy() if is_page else ""
    for name, value in headers.of(is_page, request.blueprint or "", options.is_https(), allowed).items():
        answer.headers.setdefault(name, value)
    return answer


def _page_policy() -> str:
    asks = request.endpoint in headers.ASKS_WHETHER_HUMAN and options.has_recaptcha()
    return headers.page_policy(options.images(), asks)


def refuse() -> Response | None:
    """The answer to whoever has reached a limit; None lets the request through."""
    if _is_unlimited():
        return None
    found = _first_refusal(counters(), _use())
    return _answer(found) if found else None


def note_failure(login: Any, **_: Any) -> None:
    """A password was wrong."""
    name = rules.typed(str(login or ""))
    if name and has_request_context() and not _is_unlimited():
        found = counters()
        found.hit(Name.FAILURES, found.named(name, here()))


def note_login(_: Any, **__: Any) -> None:
    """Somebody has logged in by the form."""
    name = _typed()
    if name and _use() is Use.LOGIN and not _is_unlimited():
        counters().remember(name, here())


def here() -> Caller:
    return Caller(Kind.ADDRESS, rules.neighbourhood(request.remote_addr or ""))


def _caller() -> Caller:
    user = tk.current_user
    if user.is_anonymous:
        return here()
    return Caller(Kind.TOKEN if g.get("login_via_auth_header") else Kind.ACCOUNT, user.id)


def _first_refusal(found: Counters, use: Use) -> Refusal | None:
    name = _typed() if use in (Use.LOGIN, Use.RESET) else None
    for limit, caller in rules.counted(use, _caller(), here(), name):
        refusal = found.hit(limit, caller)
        if refusal:
            return refusal
    return found.peek(Name.FAILURES, found.named(name, here())) if name and use is Use.LOGIN else None


def _use() -> Use:
    action = (request.view_args or {}).get("logic_function", "") if request.endpoint == "api.action" else ""
    tries = request.endpoint == "user.edit" and bool(request.form.get("old_password"))
    return rules.use_of(request.endpoint or "", request.method, bool(action) and _only_reads(action), tries)


def _only_reads(action: str) -> bool:
    try:
        return getattr(tk.get_action(action), "side_effect_free", False)
    except KeyError:
        return False


def _typed() -> Caller | None:
    """The name in the form of the login or of a new password; one's own where the password of an account changes."""
    if request.endpoint == "user.edit":
        return rules.typed(tk.current_user.name)
    return rules.typed(request.form.get("user" if request.endpoint == "user.request_reset" else "login", ""))


def _is_unlimited() -> bool:
    return rules.is_in(request.remote_addr or "", options.unlimited())


def _answer(refusal: Refusal) -> Response:
    _record(refusal)
    request.environ["__no_cache__"] = True
    code, words = f"guard.{messages.code(refusal)}", messages.words(refusal)
    if request.path.startswith("/api/"):
        told = {"__type": "Rate Limit Error", "message": words, "code": code, "retry_after": refusal.wait}
        answer = make_response(jsonify({"success": False, "error": told}), HTTPStatus.TOO_MANY_REQUESTS)
    else:
        answer = make_response(error_page(HTTPStatus.TOO_MANY_REQUESTS, f"{words} ({code})"))
    answer.headers["Retry-After"] = str(refusal.wait)
    return answer


def _record(refusal: Refusal) -> None:
    """Write the first refusal of a caller in a while into the log of the portal; the answer doesn't depend on it."""
    before = counters().refused(refusal)
    if before is None:
        return
    code = f"guard.{messages.code(refusal)}"
    facts = {
        "limit": refusal.name.value,
        "amount": refusal.limit.amount,
        "seconds": refusal.limit.seconds,
        "by": refusal.caller.kind.value,
        "refused_before": before,
    }
    typed = _typed() if refusal.name in (Name.LOGINS, Name.FAILURES, Name.RESETS) else None
    try:
        recording.refused("guard.too_many", code=code, facts=facts, account=typed.name[:LONGEST_NAME] if typed else "")
    except Exception:
        log.exception("a refusal could not be recorded: %s %s", code, facts)
