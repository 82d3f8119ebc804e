"""The portal's actions with the record around them: who called which, and what was refused."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context
from flask import g, has_request_context

from .. import rooms
from . import calls, recording, rules
from .events import Event, Object, about

REFUSED = "anshan_refused"  # in flask.g: this request's refusal is on record
PLUGINS = {"activity": ("activity", "dashboard", "send_email"), "datastore": ("datastore",)}


def actions() -> dict[str, Callable[..., Any]]:
    """The actions of all rooms, and those of CKAN that change something, all recorded."""
    ours = rooms.actions()
    theirs = {name: _chain(name) for name in rules.ACTIONS if name not in ours and _is_there(name)}
    return {name: _around(name, action) for name, action in ours.items()} | theirs


def _is_there(action: str) -> bool:
    owner = next((plugin for plugin, stems in PLUGINS.items() if action.startswith(stems)), None)
    return owner is None or p.plugin_loaded(owner)


def _chain(name: str) -> Callable[..., Any]:
    @tk.chained_action
    def passed_on(original: Action, context: Context, data_dict: Any) -> Any:
        return original(context, data_dict)

    return _around(name, passed_on)


def _around(name: str, action: Callable[..., Any]) -> Callable[..., Any]:
    is_chained = getattr(action, "chained_action", False)

    @functools.wraps(action)
    def recorded(*given: Any) -> Any:
        first = 1 if is_chained else 0
        with _on_record(name, given[first], (given[first + 1 :] or ({},))[0] or {}):
            return action(*given)

    recorded.__name__ = name
    return recorded


@contextmanager
def _on_record(name: str, context: Context, data: Mapping[str, Any]) -> Iterator[None]:
    with calls.under(calls.Call(name, context.get("user") or "")) as outermost:
        noted = _noted(name, data) if outermost else None
        try:
            yield
        except BaseException as error:
            if noted:
                recording.take_back(noted)
            if outermost and isinstance(error, tk.NotAuthorized):
                _refused(name, data, error)
            raise
        if noted and recording.waits(noted) and not context.get("defer_commit"):
            model.Session.commit()


def _noted(name: str, data: Mapping[str, Any]) -> Event | None:
    how = rules.ACTIONS.get(name)
    if not isinstance(how, rules.Event):
        return None
    event = Event(how.kind, object=_about(how.object_type, data.get(how.parameter)), action=name)
    recording.note(event)
    return event


def _about(type: str, id: Any) -> Object | None:
    return about(type, id) if isinstance(id, str) else None


def _refused(name: str, data: Mapping[str, Any], error: tk.NotAuthorized) -> None:
    if has_request_context():
        setattr(g, REFUSED, True)
    recording.refused("access.refused", code=_code(error), about=_about("named", data.get("id")), action=name)


def _code(error: Exception) -> str:
    """The code at the head of one of the portal's refusals; CKAN's have none."""
    head = str(error).partition(" · ")[0]
    return head if "." in head and " " not in head else "not_authorized"
