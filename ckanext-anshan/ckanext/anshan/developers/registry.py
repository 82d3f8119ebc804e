"""The actions that this portal answers over HTTP, read from CKAN's own registry while it runs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, cast

import ckan.authz as authz
import ckan.plugins.toolkit as tk
from ckan import logic, model
from ckan.types import Context

from . import docstrings, schemas

FAMILIES = ("anshan", "datastore")
CORE = "ckan"
OF_PARTIAL = inspect.getdoc(partial)

Schema = dict[str, Any]


@dataclass(frozen=True)
class Param:
    name: str
    text: str
    schema: Schema
    is_required: bool


@dataclass(frozen=True)
class Action:
    """One action: what it is called, what it does, what it takes, and who may call it without a token."""

    name: str
    family: str
    summary: str
    about: str
    returns: str
    reads: bool  # answers GET too, and changes nothing
    is_public: bool  # may be called without a token
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return "GET" if self.reads else "POST"


@cache
def actions() -> tuple[Action, ...]:
    """What a visitor may read first, then what else reads, then what changes something; each by name."""
    found = [_action(name, tk.get_action(name)) for name in _names()]
    return tuple(sorted(found, key=lambda each: (not (each.reads and each.is_public), not each.reads, each.name)))


def find(name: str) -> Action | None:
    return next((each for each in actions() if each.name == name), None)


def _names() -> list[str]:
    tk.get_action("package_search")  # whoever asks first makes CKAN gather them
    return sorted(logic._actions)


def _action(name: str, function: Callable[..., Any]) -> Action:
    docs = [doc for doc in map(inspect.getdoc, schemas.chain(function)) if doc and doc != OF_PARTIAL]
    told = docstrings.read(docs[-1] if docs else "")
    fences = [docstrings.read(doc).about for doc in docs[:-1]]
    reads = bool(getattr(function, "side_effect_free", False))
    notes = [note for note in dict.fromkeys(fences) if note and note != told.about]
    family = next((each for each in FAMILIES if name.startswith(f"{each}_")), CORE)
    about = "\n\n".join([told.about, *notes])
    return Action(name, family, told.summary, about, told.returns, reads, _is_public(name), _params(told, function))


def _params(told: docstrings.Doc, function: Callable[..., Any]) -> dict[str, Param]:
    """By the validators where the action has them, else by its docstring; the words are the docstring's."""
    checked = schemas.of_action(function)
    found = {name: Param(name, _text(told, name), each.schema, each.is_required) for name, each in checked.items()}
    written = {name: Param(name, each.text, each.schema, each.is_required) for name, each in told.params.items()}
    return found or written


def _text(told: docstrings.Doc, name: str) -> str:
    return told.params[name].text if name in told.params else ""


def _is_public(name: str) -> bool:
    """Whether CKAN lets somebody without a token call it; what depends on the object asked for counts as allowed."""
    nobody = cast(Context, {"user": "", "auth_user_obj": None, "model": model, "session": model.Session})
    try:
        return bool(authz.is_authorized(name, nobody, {}).get("success"))
    except tk.NotAuthorized:
        return False
    except ValueError:  # no auth function: open to all
        return True
    except Exception:  # it looks for an object that {} doesn't name
        return bool(getattr(authz._AuthFunctions.get(name), "auth_allow_anonymous_access", False))
