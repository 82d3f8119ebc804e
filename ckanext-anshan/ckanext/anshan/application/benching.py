"""What the pages of the judges hold: who has a desk, what one application is answered with, what is pointed out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ..people import notices, roles
from ..people.roles import Membership
from ..people.rules import Role as Duty
from ..workflow import clock
from . import messages, redress, rules, showing, standing
from .desking import SIDES, Bulk
from .rules import Command, Ground, Kind, Refusal, State

Told = dict[str, Any]
Made = Mapping[str, Any]

JUDGES = frozenset(role.value for role in rules.PROVIDER | rules.OFFICES)
ACTS = ("take", "ask", "extend", "assign", "recuse", "opine", "approve", "refuse", "suspend", "resume", "revoke")
LISTED = (*(state for state in State if state is not State.DRAFT),)


def sides() -> list[str]:
    """The desks that the reader has: of the agencies that they answer for, of the office that they are in."""
    if _is_nobody():
        return []
    duties = {duty for one in roles.of_reader() for duty in one.roles}
    found = {"provider": duties & set(standing.DUTIES), "offices": duties & set(standing.OFFICES)}
    return [side for side in SIDES if found[side]]


def _is_nobody() -> bool:
    """A visitor, or a sysadmin, who answers nothing whatever organization they are in."""
    return tk.current_user.is_anonymous or bool(getattr(tk.current_user, "sysadmin", False))


def no_desk() -> str:
    return messages.coded(Refusal("not_yours"))


def choices() -> Told:
    """Words of the filters and of the grounds."""
    return {
        "states": [(state.value, messages.STATES[state]()) for state in LISTED],
        "kinds": [(kind.value, messages.KINDS[kind]()) for kind in Kind],
        "grounds": [(ground.value, messages.GROUNDS[ground]()) for ground in Ground],
        "today": clock.today().isoformat(),
        "articles": {kind.value: redress.measures(27 if kind is Kind.OPENING else 21) for kind in Kind},
        "redress": {kind.value: redress.of(kind) for kind in Kind},
    }


# one application


def page(
    made: Made, typed: Told | None = None, wrong: Told | None = None, found: Any = None, told: Any = None
) -> Told | None:
    """What the judges' part of a page shows; None for whoever doesn't judge.

    :param typed: what was sent: ``command`` and its fields · :param found: what is pointed out for it
    :param told: the parties in full, for whoever asked for them
    """
    if not JUDGES & set(made["roles"]):
        return None
    beside = tk.get_action("anshan_application_examine")({}, {"id": made["id"]})
    typed = typed or {}
    commands = {one["command"]: one for one in made["commands"] if one["command"] in ACTS}
    return {
        "beside": beside,
        "typed": typed,
        "wrong": wrong,
        "told": told,
        "can": {name: one for name, one in commands.items() if one["is_possible"]},
        "cannot": [one for one in commands.values() if not one["is_possible"]],
        "acts": [name for name in ACTS if name in commands],
        "granted": _granted(made, typed),
        "remarks": _remarks(beside, typed, found),
        "is_checked": found is not None,
        "purposes": {id: words() for id, words in messages.PURPOSES.items()},
        "results": {one.value: words() for one, words in messages.RESULTS.items()},
        "grounds": {one.value: words() for one, words in messages.GROUNDS.items()},
    }


def _granted(made: Made, typed: Mapping[str, Any]) -> dict[str, Told | None]:
    """By dataset, what its boxes show: as it was typed, otherwise as it is asked."""
    asked = {one["dataset_id"]: one["asked"] for one in made["items"]}
    if typed.get("command") != "approve":
        return dict(asked)
    return {id: typed["scopes"].get(id) for id in asked}


def _remarks(beside: Told, typed: Mapping[str, Any], found: Any) -> dict[str, list[Told]]:
    command = typed.get("command")
    return {name: found if command == name and found is not None else own for name, own in beside["remarks"].items()}


def remarks(number: str, command: str, given: Told) -> list[Told] | None:
    """What would be pointed out for what was typed; None where nothing ever is, or where it can't be asked now."""
    if command not in ("approve", "refuse"):
        return None
    asked = {"id": number, "command": command}
    more = {"scopes": given["scopes"]} if command == "approve" else {"ground": given["ground"]}
    try:
        return tk.get_action("anshan_application_remarks")({}, {**asked, **more})
    except (tk.ValidationError, tk.NotAuthorized):
        return None


def wrong(error: Any) -> Told:
    """Why something couldn't be done, for the form in which it was asked: ``message``, ``code`` and ``status``.

    :raises NotAuthorized: whoever may not even know of the application isn't told more
    """
    told = messages.told(error)
    if isinstance(error, tk.NotAuthorized):
        if told["code"].endswith(".unknown"):
            raise error
        return {**told, "status": 403}
    return {**told, "status": 400}


def acted(command: str) -> str:
    said = messages.COMMANDS[Command(command)]()
    return tk._("Done: {what}.").format(what=said)


def pointed_out(asked: Bulk) -> Bulk:
    """With what would be pointed out for each of several."""
    if asked.command not in ("approve", "refuse"):
        return asked
    found = {one["number"]: _of_one(asked, one) for one in asked.fit}
    return asked._replace(remarks={number: said for number, said in found.items() if said})


def _of_one(asked: Bulk, row: Made) -> Sequence[Told]:
    """Of a refusal without a ground yet, what is said of any."""
    given = {"id": row["number"], "command": asked.command, "ground": asked.text("ground", row["number"])}
    return tk.get_action("anshan_application_remarks")({}, given)


# in the head's place


def headed(members: Collection[Membership]) -> list[Told]:
    """The agencies of which the reader is head, each with its deputies and with who may be named."""
    own = [] if _is_nobody() else [one for one in members if Duty.AGENCY_HEAD in one.roles]
    return [_headed(one) for one in own]


def _headed(one: Membership) -> Told:
    named = showing.names(notices.members(one.org_id, ["editor"]))
    people = sorted(({"id": id, "name": name} for id, name in named.items()), key=lambda each: each["name"])
    deputies = tk.get_action("anshan_application_deputy_list")({}, {"agency": one.org_id})
    return {"id": one.org_id, "title": one.org_title or one.org_name, "people": people, "deputies": deputies}
