"""Logging in at the identity service and coming back, as pages."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.common import session
from ckan.lib.helpers import url_is_local
from ckan.views.user import next_page_or_default, regenerate_session, rotate_token

from ..audit import recording
from . import connecting, messages, proving
from .connecting import Refused

NEXT = "anshan_oidc_next"


def begin(came_from: str) -> Any:
    if tk.current_user.is_authenticated:
        return next_page_or_default(None)
    _remember(came_from)
    try:
        return connecting.begin(_callback())
    except Refused as refused:
        return _back(refused)


def again(came_from: str) -> Any:
    """Somebody who is logged in shows again who they are, to sign something."""
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=came_from if url_is_local(came_from) else "")
    _remember(came_from)
    proving.ask(tk.current_user.id)
    try:
        return connecting.begin(_callback(), again=True)
    except Refused as refused:
        return _not_proved(refused)


def _remember(came_from: str) -> None:
    session[NEXT] = came_from if url_is_local(came_from) else ""


def _callback() -> str:
    return tk.url_for("anshan_applicant.oidc_callback", qualified=True, locale="default")


def _proved(user: Any) -> Any:
    try:
        connecting.prove(user.id, proving.asked(user.id))
    except Refused as refused:
        return _not_proved(refused)
    proving.mark(user.id)
    return next_page_or_default(session.pop(NEXT, "") or None)


def _not_proved(refused: Refused) -> Any:
    """To the page that they came from, which says why."""
    recording.refused("account.login_failed", code=messages.code(refused.refusal), action="oidc")
    tk.h.flash_error(messages.words(refused.refusal))
    return next_page_or_default(session.pop(NEXT, "") or None)


def end() -> Any:
    if tk.current_user.is_authenticated:
        return _proved(tk.current_user) if proving.is_asked() else next_page_or_default(None)
    came_from = session.pop(NEXT, "")
    try:
        found = connecting.end()
    except Refused as refused:
        return _back(refused)
    regenerate_session()
    tk.login_user(found)
    rotate_token()
    return next_page_or_default(came_from or None)


def _back(refused: Refused) -> Any:
    """To the log-in page, which says why; the log has it too."""
    recording.refused("account.login_failed", code=messages.code(refused.refusal), action="oidc")
    tk.h.flash_error(messages.words(refused.refusal))
    return tk.redirect_to("user.login")
