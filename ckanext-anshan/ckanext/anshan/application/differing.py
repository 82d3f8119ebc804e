"""In what an application differs from the one that it renews or amends, for both sides to read. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..access.rules import Scope
from .forms import CHOICES, TEXTS


@dataclass(frozen=True)
class Side:
    """What one of the two says. ``scopes``: by the dataset's title; of the one before, what was granted."""

    content: Mapping[str, Any]
    starts: str
    ends: str
    scopes: Mapping[str, Scope] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """``dataset``: of which one it is, empty of the whole. What is listed has gone or come; a text was and is."""

    field: str
    dataset: str = ""
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    was: str = ""
    now: str = ""


def between(before: Side, after: Side) -> list[Changed]:
    """All that is different, scope first; nothing where it is only asked for once more."""
    titles = list(dict.fromkeys([*before.scopes, *after.scopes]))
    found = [
        one
        for title in titles
        for one in _scope(title, before.scopes.get(title, Scope()), after.scopes.get(title, Scope()))
    ]
    found += [
        Changed(name, was=was, now=now)
        for name, was, now in (("starts", before.starts, after.starts), ("ends", before.ends, after.ends))
        if was != now
    ]
    for name in (*CHOICES, *TEXTS):
        was, now = (str(one.content.get(name) or "") for one in (before, after))
        if was != now:
            found.append(Changed(name, was=was, now=now))
    return found


def _scope(title: str, before: Scope, after: Scope) -> list[Changed]:
    pairs = {
        "columns": (before.columns, after.columns),
        "files": (before.files | before.whole, after.files | after.whole),
        "methods": _methods(before, after),
        "rows": (_rows(before), _rows(after)),
        "aggregates": (_yes(before.aggregates), _yes(after.aggregates)),
    }
    return [
        Changed(name, title, tuple(sorted(was - now)), tuple(sorted(now - was)))
        for name, (was, now) in pairs.items()
        if was != now
    ]


def _methods(before: Scope, after: Scope) -> tuple[frozenset[str], frozenset[str]]:
    was, now = (frozenset(method.value for method in one.methods) for one in (before, after))
    return was, now


def _rows(scope: Scope) -> frozenset[str]:
    return frozenset(f"{one.column} = {'/'.join(one.values)}" for one in scope.rows)


def _yes(is_so: bool) -> frozenset[str]:
    return frozenset({"yes"}) if is_so else frozenset()
