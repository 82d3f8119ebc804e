"""The workbench: what the page of one submission holds beside the submission itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ..audit.events import Object
from ..release.files import Found
from ..scan.findings import Severity
from ..workflow import clock
from . import asking, finding, messages, rules, running, wording
from .rules import OPEN, PLACES, Kind, State

Told = dict[str, Any]
Made = Mapping[str, Any]
Asked = tuple[Found, Object, bool]

SEVERITIES = tuple(one.value for one in Severity)
ACTS = ("sign", "check", "clear", "return", "reject", "withdraw", "comment")
"""Commands that have a form on the page."""
OFFICES = frozenset(role.value for role in rules.OFFICES)
AGENCY = frozenset(role.value for role in rules.AGENCY)
SIGNING = frozenset({"sign", "check"})
ABOUT_THEM = ("review.own_submission", "review.signs_twice", "review.same_organization")
"""Refusals that say why it is somebody else's to sign."""


def page(made: Made, asked: Mapping[str, str], typed: Told | None = None, wrong: Told | None = None) -> Told:
    """What the template shows.

    :param asked: of the address: ``file`` and ``found`` choose the preview, ``note`` a finding to be written into a
        return
    :param typed: what was sent and couldn't be done: ``command`` and its fields · :param wrong: ``message`` and
        ``code`` of why
    """
    changes = _difference(made)
    typed = typed or _noted(made, asked.get("note", ""))
    return {
        "made": made,
        "wrong": wrong,
        "typed": typed,
        "remarks": [_choice(one) for one in typed.get("remarks") or [asking.remark("")]],
        "scans": scans(made),
        "counts": counts(made),
        "changes": changes,
        "preview": _preview(made, asked),
        "facts": wording.facts(made["frozen"]["entry"]) if made["entry_id"] else [],
        "places": places(made),
        "note": note,
        "newer": _newer(made),
        "line": line(made),
        "earlier": [one | {"reasons": _placed(one["reasons"])} for one in made["earlier"]],
        "bar": bar(made, typed.get("answers") or {}),
        "near": _neighbours(made),
        "is_office": bool(OFFICES & set(made["roles"])),
        "is_agency": bool(AGENCY & set(made["roles"])),
        "is_open": State(made["state"]) in OPEN,
    }


def wrong(error: Any) -> Told:
    """Why something couldn't be done, for the form in which it was asked: ``message``, ``code`` and ``status``.

    :raises NotAuthorized: whoever may not even know of the submission isn't told more
    """
    if isinstance(error, tk.NotAuthorized):
        told = messages.told(error)
        if told["code"].endswith(".unknown"):
            raise error
        return {**told, "status": 403}
    return {**messages.told(error), "status": 400}


# what was found


def scans(made: Made) -> list[Told]:
    """The scans of the files, the worst first, each with its findings as a page lists them."""
    told = [{**one, "shown": tk.h.anshan_scan_folded(one["findings"])} for one in made["scans"]]
    return sorted(told, key=lambda one: SEVERITIES.index(one["severity"]) if one["severity"] else len(SEVERITIES))


def counts(made: Made) -> dict[str, int]:
    """How many findings there are of each severity; a file that couldn't be scanned counts as one that blocks."""
    found = [one["severity"] for scan in made["scans"] for one in scan["findings"]]
    found += ["block" for scan in made["scans"] if scan["state"] == "failed"]
    return {name: found.count(name) for name in SEVERITIES}


def note(scan: Made, one: Made) -> dict[str, str]:
    """A finding as a remark that asks the agency to mend it."""
    at = f"column:{scan['file']}/{one['column']}" if one["column"] else f"file:{scan['file']}"
    offers = messages.listed(offer["label"] for offer in one["offers"])
    facts = {"where": one["where"] or scan["file"], "what": one["label"], "count": one["count"], "offers": offers}
    words = tk._("{where}: {what}, found {count} times. Mend it, for example: {offers}.")
    plain = tk._("{where}: {what}, found {count} times. Mend it in the file and upload that again.")
    return asking.remark(at, "", (words if offers else plain).format(**facts))


def _noted(made: Made, asked: str) -> Told:
    """The remark that the address asks for."""
    found = asking.found(asked, made["scans"]) if asked else None
    return {"remarks": [note(*found)]} if found else {}


def noted(made: Made, remarks: Sequence[dict[str, str]], asked: str) -> list[dict[str, str]]:
    """The remarks that were typed and one more: of a finding, or an empty one."""
    found = asking.found(asked, made["scans"])
    kept = [one for one in remarks if one["text"].strip()] if found else list(remarks)
    return [*kept, note(*found) if found else asking.remark("")]


# what it is about


def places(made: Made) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a remark may hang on, in groups: the value of each choice and its words."""
    files = [one["name"] for one in made["files"]]
    columns = dict.fromkeys((scan["file"], one["column"]) for scan in made["scans"] for one in scan["findings"])
    named = [(f"column:{file}/{column}", f"{file} › {column}") for file, column in columns if column]
    words = messages.PLACES
    return [
        (words["field"](), [(f"field:{one['name']}", one["label"]) for one in _fields(made)]),
        (words["file"](), [(f"file:{name}", name) for name in files]),
        (words["column"](), [*named, *_items(made, files)]),
        (words["row"](), [(f"row:{name}", name) for name in files]),
    ]


def _fields(made: Made) -> list[Told]:
    return wording.fields() if made["entry_id"] else []


def _items(made: Made, files: Sequence[str]) -> list[tuple[str, str]]:
    """The information items; where there is one file, their columns are in that."""
    before = f"{files[0]}/" if len(files) == 1 else ""
    found = wording.columns(made["frozen"]["entry"]) if made["entry_id"] else []
    return [(f"column:{before}{column}", f"{name} ({column})" if name != column else name) for name, column in found]


def _choice(told: Mapping[str, str]) -> Told:
    return {"where": asking.where(told), "row": asking.row(told), "text": told["text"]}


def _placed(remarks: Sequence[Told]) -> list[Told]:
    return [one | {"where": place_words(one)} for one in remarks]


def place_words(told: Mapping[str, str]) -> str:
    """Where a remark hangs, in words: ``place`` and ``at_place`` as a submission shows them."""
    if told["place"] not in PLACES - {""}:
        return ""
    at = wording.label(told["at_place"]) if told["place"] == "field" else told["at_place"]
    if told["place"] == "row" and "#" in at:
        file, _, number = at.rpartition("#")
        return tk._("{file}, row {number}").format(file=file, number=number)
    return tk._("{place} “{name}”").format(place=messages.PLACES[told["place"]](), name=at)


def file(made: Made, name: str) -> Asked | None:
    """A submitted file, for the one door."""
    one = next((one for one in made["files"] if one["name"] == name), None)
    return _asked(made, one, _agency(made)) if one else None


def attachment(made: Made, id: int) -> Asked | None:
    """What hangs on a comment; made of an internal one, it is no agency's."""
    one = next((one for one in made["remarks"] if one["id"] == id and one["attachment"]), None)
    return _asked(made, one["attachment"], "" if one["internal"] else _agency(made)) if one else None


def _agency(made: Made) -> str:
    return made["agency"]["id"] if made["agency"] else ""


def _asked(made: Made, one: Made, agency: str) -> Asked:
    facts = {"agency": agency, "entry_id": made["entry_id"]}
    found = Found(one["sha256"], one["name"], one["size"], one["mimetype"], **facts)
    return found, running.about(made["id"], made["entry_id"]), bool(OFFICES & {*made["roles"]})


def _difference(made: Made) -> Told | None:
    if made["kind"] != Kind.OPENING.value:
        return None
    return tk.get_action("anshan_submission_difference")({}, {"id": made["id"]})


def _preview(made: Made, asked: Mapping[str, str]) -> Told | None:
    names = [one["name"] for one in made["files"]]
    if not names:
        return None
    worst = [one["file"] for one in scans(made) if one["file"] in names]
    name = asked["file"] if asked.get("file") in names else (worst or names)[0]
    given = {"id": made["id"], "file": name, "only_found": bool(asked.get("found"))}
    return tk.get_action("anshan_submission_preview")({}, given)


def _newer(made: Made) -> str:
    """The number of the submission that took its place, or came after it."""
    later = [one["number"] for one in made["previous"] if one["number"] > made["number"]]
    return later[0] if later else ""


def _neighbours(made: Made) -> dict[str, str]:
    """The numbers of those before and after it in the reader's queue."""
    who = finding.desk(tk.current_user)
    return dict(zip(("before", "after"), finding.neighbours(who, made["id"], clock.today()), strict=True))


# what happened, and what comes


def line(made: Made) -> list[Told]:
    """Events and comments, the newest first; a return with its remarks."""
    returned: dict[int, list[Told]] = {}
    remarks = _placed(made["remarks"])
    for one in remarks:
        if one["event"]:
            returned.setdefault(one["event"], []).append(one)
    events = [one | {"remarks": returned.get(one["id"], [])} for one in made["events"] if one["command"] != "comment"]
    comments = [one | {"command": "comment", "remarks": []} for one in remarks if not one["event"]]
    return sorted([*events, *comments], key=lambda one: one["at"], reverse=True)


def waits(made: Made) -> list[Told]:
    """The keys that are still wanted."""
    return [key for key in made["keys"] if key["state"] in ("yours", "waits")] if _is_signed(made) else []


def _is_signed(made: Made) -> bool:
    return made["state"] in (State.SUBMITTED.value, State.IN_REVIEW.value, State.PROVISIONAL.value)


def bar(made: Made, answers: Mapping[str, str]) -> Told:
    """Why the reader can't sign yet, what is missing, or whose turn it is; and which act is the likely next."""
    mine = SIGNING & set(made["commands"])
    is_mine = any(key["state"] == "yours" for key in made["keys"])
    against = made["against"] or {}
    told: Told = {"can_sign": bool(mine), "is_mine": is_mine, "open": 0, "against": "", "likely": ""}
    if mine or is_mine or against.get("code") in ABOUT_THEM:
        told["against"] = against.get("message", "")
        told["open"] = sum(answers.get(one["id"]) not in ("yes", "not_applicable") for one in made["checklist"])
    told["blocks"] = against.get("code") == "review.blocked" and bool(told["against"])
    return told | {"likely": _likely(made, bool(mine)), "waits": waits(made)}


def _likely(made: Made, can_sign: bool) -> str:
    if can_sign and made["severity"] != "block":
        return "sign"
    return next((name for name in ("return", "clear") if name in made["commands"]), "sign" if can_sign else "")
