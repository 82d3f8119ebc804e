"""What somebody sees before they submit an entry: what would be frozen, what stands against it, what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ..release import entries
from ..release.rules import OpeningClass
from . import freezing, looking, messages, options, showing, standing, submissions
from .rules import Kind, Refusal, State

Told = dict[str, Any]
EMERGENCY = "emergency"  # beside the kinds, what the form of an opening at once sends
STRICTER = list(OpeningClass)
PUBLIC = ("published", "suspended")


def page(id: str) -> Told:
    """What the template shows.

    :raises NotAuthorized: the caller neither works for its agency nor is of the bureau · :raises ObjectNotFound:
    """
    shown = tk.get_action("package_show")({}, {"id": id})
    entry = freezing.entry_of(shown["id"])
    if entry is None:
        raise tk.ObjectNotFound()
    ready = showing.preparing(shown, tk.current_user)
    if not ready["may_submit"] and not ready["may_open_at_once"]:
        standing.refuse(Refusal("not_yours"))
    public = entries.standing(entry["id"])
    frozen = _frozen(entry)
    return {
        **ready,
        "pkg": shown,
        "against": messages.words(frozen) if isinstance(frozen, Refusal) and frozen.code != "incomplete" else "",
        "files": [] if isinstance(frozen, Refusal) else frozen["files"],
        "changes": None if isinstance(frozen, Refusal) else looking.before_submitting(entry["id"], frozen),
        "public": public if public is not None and public.state in PUBLIC else None,
        "gets_stricter": _gets_stricter(entry, public),
        "longest": options.longest_emergency(),
        "opens_files": opens_files(entry),
    }


def _frozen(entry: entries.Entry) -> freezing.Frozen | Refusal:
    if not entry["extras"].get("opening_class"):
        return Refusal("no_class")
    return freezing.opening(entry, {})


def _gets_stricter(entry: entries.Entry, public: entries.Standing | None) -> bool:
    """Whether versions that are open now would be closed by the new class."""
    own = entry["extras"].get("opening_class")
    if public is None or public.state not in PUBLIC or not own:
        return False
    return STRICTER.index(OpeningClass(own)) > STRICTER.index(OpeningClass(public.opening_class))


def opens_files(entry: entries.Entry) -> bool:
    """Whether its class has files at all."""
    return entry["extras"].get("opening_class") != OpeningClass.CLOSED.value


def given(form: Mapping[str, str]) -> tuple[str, Told]:
    """The action that the form asks for, and what it takes."""
    kind = form.get("kind", Kind.OPENING.value)
    reasons = {name: form[name] for name in ("reason", "article") if name in form}
    if kind == EMERGENCY:
        return "anshan_submission_open_at_once", {**reasons, "days": form.get("days") or 0}
    chosen = {name: form[name] for name in ("routine", "old_versions") if name in form}
    return "anshan_submission_create", {"kind": kind, **reasons, **chosen}


def of(entry: Mapping[str, Any]) -> Told | None:
    """How it stands with the review of an entry, for whoever has a part in it: ``open``, the submission under way;
    ``last``, what was decided last; ``may_submit``."""
    person = standing.person(tk.current_user, entry.get("owner_org") or "")
    if not standing.may_see(person):
        return None
    rows = submissions.of_entry(entry["id"])
    open_ones = [row for row in rows if row.state in submissions.OPEN_STATES]
    decided = [row for row in rows if row.state not in (*submissions.OPEN_STATES, State.SUPERSEDED.value)]
    ready = showing.may_submit(person)
    return {**ready, "open": _short(open_ones), "last": _short(decided)}


def _short(rows: list[Any]) -> Told | None:
    if not rows:
        return None
    row = rows[0]
    told = {"number": row.number, "state": row.state, "kind": row.kind, "at": row.changed.isoformat()}
    return told | {"state_label": messages.STATES[State(row.state)](), "due": row.due.isoformat() if row.due else None}
