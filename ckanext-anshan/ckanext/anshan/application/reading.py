"""What the pages show of applications to whoever applied: the list with what waits, one with what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from . import filling, forms, messages
from .rules import Command, Ground, Result, State
from .schema import PAGE

Told = dict[str, Any]

TABS = ("all", "mine", "under_way", "in_use", "over")
FURTHEST = 10**6

WANTS: Mapping[str, tuple[str, ...]] = {
    Command.JOIN.value: (),
    Command.DISCARD.value: (),
    Command.ANSWER.value: ("answer",),
    Command.WITHDRAW.value: ("reason",),
    Command.MESSAGE.value: ("text",),
    Command.REPORT.value: ("text", "products"),
    Command.END.value: ("declaration",),
    Command.DESTROY.value: ("declaration",),
}
"""What each command of the applicant's side takes; accepting has a page of its own."""
OWN = tuple(Command(name) for name in WANTS)
MUST = frozenset({"answer", "text", "declaration"})
DANGEROUS = frozenset({"withdraw", "discard", "end"})
MAIN = frozenset({"answer", "join"})


def asked(args: Any) -> Told:
    """Tab, words, page and the one whose course is shown."""
    tab = args.get("group", "all")
    page = min(max(1, args.get("page", 1, type=int)), FURTHEST)
    return {
        "group": tab if tab in TABS else "all",
        "q": args.get("q", "")[:200],
        "page": page,
        "shown": args.get("shown", "")[:60],
    }


def listed(asked: Mapping[str, Any]) -> Told:
    group = "" if asked["group"] == "all" else asked["group"]
    page = {"limit": PAGE, "offset": PAGE * (asked["page"] - 1), "shown": asked["shown"] or "first"}
    return {"side": "applicant", "group": group, "q": asked["q"], **page}


def page(found: Mapping[str, Any], asked: Mapping[str, Any], today: date) -> Told:
    rows = [{**one, **_row(one, today)} for one in found["applications"]]
    shown = found["shown"]
    number = shown["number"] if shown else ""
    return {
        "rows": rows,
        "asked": asked,
        "count": found["count"],
        "counts": found["counts"],
        "pages": -(-found["count"] // PAGE),
        "chosen": next(({**one, **shown} for one in rows if one["number"] == number), None),
        "tabs": [(tab, messages.TABS[tab](), found["counts"][tab]) for tab in TABS],
        "waits": [one for one in rows if one["turn"]] if asked["page"] == 1 else [],
        "words": messages,
    }


def _row(one: Mapping[str, Any], today: date) -> Told:
    state = State(one["state"])
    return {
        "turn": turn(one),
        "icon": ICONS[state],
        "follow_ups": filling.follow_ups(one, today),
        "days_to_end": _days_to_end(one, today),
        "method_words": [messages.METHODS[name]() for name in one["methods"] if name in messages.METHODS],
    }


ICONS: Mapping[State, str] = {
    State.DRAFT: "pen",
    State.SUBMITTED: "hourglass",
    State.SUPPLEMENT: "pen",
    State.APPROVED: "pen",
    State.SIGNED: "hourglass",
    State.ACTIVE: "check-lg",
    State.SUSPENDED: "pause-circle",
    State.EXPIRED: "calendar-x",
    State.REFUSED: "x-circle",
    State.WITHDRAWN: "arrow-counterclockwise",
    State.REVOKED: "x-circle",
    State.CLOSED: "archive",
}


def turn(one: Mapping[str, Any]) -> str:
    """What waits for the applicant: ``fill_in``, ``supplement``, ``accept``, ``destroy``; empty where nothing does."""
    waits = {State.DRAFT: "fill_in", State.SUPPLEMENT: "supplement", State.APPROVED: "accept"}
    state = State(one["state"])
    if state in (State.EXPIRED, State.REVOKED) and one["starts"] and not one["destroyed"]:
        return "destroy"
    return waits.get(state, "")


def _days_to_end(one: Mapping[str, Any], today: date) -> int | None:
    ends = forms.day_of(one["ends"])
    return (ends - today).days if ends and one["state"] == State.ACTIVE.value else None


def one(made: Mapping[str, Any], today: date) -> Told:
    """Beside what the action told: what differs between asked and decided, the answer, and forms of the commands."""
    commands = {one["command"]: one for one in made["commands"]}
    return {
        "icon": ICONS[State(made["state"])],
        "turn": turn(made),
        "is_applicant": bool({"applicant", "partner"} & set(made["roles"])),
        "is_inside": bool({"handler", "head", "cyberspace", "bureau"} & set(made["roles"])),
        "forms": [_form(commands[name]) for name in WANTS if name in commands and name != Command.MESSAGE.value],
        "message": commands.get(Command.MESSAGE.value),
        "edits": Command.EDIT.value in commands,
        "accepts": Command.ACCEPT.value in commands,
        "answer": answer(made),
        "question": question(made),
        "datasets": [_dataset(item) for item in made["items"]],
        "follow_ups": filling.follow_ups(made, today),
        "days_to_end": _days_to_end(made, today),
        "texts": [(name, messages.FIELDS[name](), said(made, name)) for name in TOLD if said(made, name)],
        "files": {one["field"]: one for one in made["attachments"]},
        "today": today.isoformat(),
    }


TOLD = ("purpose_kind", "purpose", "basis_kind", "basis", "product", "starts", "ends", "requests")
TOLD += ("storage", "people", "safeguards", "retention", "destruction", "processor")


def said(made: Mapping[str, Any], name: str) -> str:
    """What the application says in a field of the base, in words where it was chosen."""
    value = str(made["content"].get(name) or "")
    words = {"purpose_kind": messages.PURPOSES, "basis_kind": messages.BASES}.get(name, {})
    return words[value]() if value in words else value


def _form(command: Mapping[str, Any]) -> Told:
    name = command["command"]
    fields = [(field, messages.FIELDS[field](), field in MUST) for field in WANTS[name]]
    look = "btn-danger" if name in DANGEROUS else "btn-ink" if name in MAIN else ""
    return {
        **command,
        "fields": fields,
        "look": look,
        "help": messages.BEFORE[name]() if name in messages.BEFORE else "",
    }


def answer(made: Mapping[str, Any]) -> Told | None:
    """The newest answer: what was decided, and of a refusal ground, article, explanation and redress."""
    wanted = (Command.REFUSE.value, Command.APPROVE.value, Command.REVOKE.value, Command.SUSPEND.value)
    event = next((one for one in reversed(made["events"]) if one["command"] in wanted), None)
    if event is None:
        return None
    facts = event["facts"]
    ground = facts.get("ground")
    return {
        "command": event["command"],
        "words": messages.RESULTS[Result(made["result"])]() if _is_approval(event, made) else event["happened"],
        "day": event["created"],
        "ground": messages.GROUNDS[Ground(ground)]() if ground in {one.value for one in Ground} else "",
        **{name: facts.get(name, "") for name in ("article", "explanation", "redress", "reason", "ends")},
        "conditions": facts.get("conditions") or [],
    }


def question(made: Mapping[str, Any]) -> Told | None:
    """What the agency asked last, while the applicant owes it."""
    if made["state"] != State.SUPPLEMENT.value:
        return None
    event = next((one for one in reversed(made["events"]) if one["command"] == Command.ASK.value), None)
    return {"text": event["facts"].get("question", ""), "due": made["due"]} if event else None


def _is_approval(event: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    return event["command"] == Command.APPROVE.value and bool(made["result"])


def _dataset(item: Mapping[str, Any]) -> Told:
    """What was asked of a dataset beside what was granted of it."""
    asked, decided = item["asked"], item["decided"]
    names = {one["header"]: one["name"] for one in (item["offer"] or {"columns": ()})["columns"]}
    granted = set((decided or asked)["columns"])
    lost = [column for column in asked["columns"] if column not in granted]
    return {
        **item,
        "granted": [(column, names.get(column, column)) for column in asked["columns"] if column in granted],
        "refused": [(column, names.get(column, column)) for column in lost],
        "methods": _methods(asked["methods"], (decided or asked)["methods"]),
        "rows": [(names.get(one["column"], one["column"]), one["values"]) for one in (decided or asked)["rows"]],
        "why": [(names.get(column, column), why) for column, why in _needed(item)],
        "said": [(one["label"], _answered(item, one["id"])) for one in item["questions"] if one["kind"] != "file"],
        "is_refused": decided is not None and not (decided["files"] or decided["whole"]),
    }


def _methods(asked: Sequence[str], granted: Sequence[str]) -> list[tuple[str, bool]]:
    return [(messages.METHODS[name](), name in granted) for name in asked if name in messages.METHODS]


def _needed(item: Mapping[str, Any]) -> list[tuple[str, str]]:
    why = item["answers"].get("necessity") or {}
    return [(column, text) for column, text in why.items() if text and column in item["asked"]["columns"]]


def _answered(item: Mapping[str, Any], id: str) -> str:
    return str((item["answers"].get("answers") or {}).get(id) or "")
