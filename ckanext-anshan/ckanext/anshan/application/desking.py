"""The desk as its address asks for it, and what the forms of the judges send. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

Row = Mapping[str, Any]
Told = dict[str, Any]

PAGE = 50
LAST_PAGE = 10**6
MOST_AT_ONCE = 100
FILTERS = ("state", "kind", "handler", "dataset")
NAMES = ("side", "group", "due", "q", *FILTERS)
SIDES = ("provider", "offices")
GROUPS = ("mine", "waiting", "under_way", "in_use", "over", "all")
FIRST = "mine"
"""The list that somebody sees who asks for none."""
COMMANDS = ("refuse", "approve", "ask", "extend")
REASONS: Mapping[str, tuple[str, ...]] = {
    "refuse": ("ground", "article", "explanation", "redress"),
    "ask": ("question",),
    "extend": ("reason",),
    "approve": (),
}
"""What each of several applications is given by itself."""


def asked(args: Mapping[str, str], sides: Sequence[str]) -> dict[str, str]:
    """What an address asks for; empty where it says nothing.

    :param sides: that the reader is on; one of them is always shown
    """
    said = {name: args.get(name, "").strip()[:200] for name in NAMES}
    side = said["side"] if said["side"] in sides else next(iter(sides), SIDES[0])
    group = said["group"] if said["group"] in GROUPS else FIRST
    return {**said, "side": side, "group": group}


def given(wanted: Mapping[str, str], page: int) -> dict[str, Any]:
    """The same as the list action takes it; what is due is owed by those who answer, whatever the group."""
    group = "" if wanted["group"] == "all" or wanted["due"] else wanted["group"]
    return {**wanted, "group": group, "limit": PAGE, "offset": PAGE * (page - 1)}


def is_narrowed(wanted: Mapping[str, str]) -> bool:
    return any(wanted[name] for name in ("q", *FILTERS))


def query(wanted: Mapping[str, str], **changed: Any) -> str:
    """The end of an address that asks for this, with other values for some names; the shortest one."""
    wanted = {**wanted, **{name: str(value or "") for name, value in changed.items()}}
    told = [(name, value) for name, value in wanted.items() if value and (name, value) != ("group", FIRST)]
    return f"?{urlencode(told)}" if told else ""


class Pages(NamedTuple):
    """Where in a list a page of it stands: numbers from 1, none where there is no such page."""

    first: int
    last: int
    total: int
    before: int | None
    after: int | None


def page_number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LAST_PAGE))
    return max(1, int(text)) if is_number else 1


def pages(number: int, shown: int, count: int, size: int = PAGE) -> Pages:
    first = size * (number - 1)
    before = number - 1 if number > 1 else None
    after = number + 1 if shown and first + shown < count else None
    return Pages(first + 1 if shown else 0, first + shown, count, before, after)


# an answer, as its form sends it


def decision(command: str, form: Any) -> Told:
    """What an action takes, of what a form sent. ``form`` is a MultiDict."""
    if command == "approve":
        return approval(form)
    named = {
        "refuse": REASONS["refuse"],
        "ask": ("question",),
        "extend": ("reason",),
        "recuse": ("reason",),
        "assign": ("handler",),
        "opine": ("opinion", "reason"),
        "suspend": ("reason", "article"),
        "resume": ("reason",),
        "revoke": ("reason", "article", "redress"),
        "identify": ("reason",),
    }.get(command, ())
    told: Told = {name: form.get(name, "").strip() for name in named}
    return {**told, "seen": seen(form)} if command == "refuse" else told


def seen(form: Mapping[str, str], end: str = "") -> dict[str, str]:
    """Why all the same, beside each point that was made; ``end`` is that of the field's name."""
    start = "seen."
    return {
        name.removeprefix(start).removesuffix(end): value.strip()
        for name, value in form.items()
        if name.startswith(start) and name.endswith(end) and value.strip()
    }


def approval(form: Any) -> Told:
    datasets = form.getlist("dataset")
    return {
        "hash": form.get("hash", ""),
        "scopes": {id: scope(form, id) for id in datasets if form.get(f"grant.{id}")},
        "ends": form.get("ends", "").strip(),
        "conditions": lines(form.get("conditions", "")),
        "seen": seen(form),
    }


def scope(form: Any, id: str) -> Told:
    """What is granted of one dataset."""
    columns = form.getlist(f"row.{id}")
    return {
        "files": form.getlist(f"file.{id}"),
        "whole": form.getlist(f"whole.{id}"),
        "columns": form.getlist(f"column.{id}"),
        "methods": form.getlist(f"method.{id}"),
        "aggregates": bool(form.get(f"aggregates.{id}")),
        "rows": [
            {"column": column, "values": values}
            for at, column in enumerate(columns)
            if (values := [*form.getlist(f"value.{id}.{at}"), *words(form.get(f"values.{id}.{at}", ""))])
        ],
    }


def lines(text: str) -> list[str]:
    """One condition a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def words(text: str) -> list[str]:
    """Values, separated by commas of either script or new lines."""
    for mark in "，、;；\n":
        text = text.replace(mark, ",")
    return [one.strip() for one in text.split(",") if one.strip()]


# several at once


class Bulk(NamedTuple):
    """Several applications that are to be answered, each with its own reason, and what was sent for them."""

    command: str
    fit: list[Row]  # those that can be
    others: list[Row]
    form: Mapping[str, str]
    remarks: Mapping[str, Sequence[Row]] = {}  # by number: what is pointed out

    @property
    def names(self) -> tuple[str, ...]:
        return REASONS[self.command]

    def text(self, name: str, number: str) -> str:
        return self.form.get(f"{name}.{number}", "").strip()

    def seen(self, number: str) -> dict[str, str]:
        return seen(self.form, f".{number}")

    @property
    def missing(self) -> list[tuple[str, str]]:
        """Names of fields, with the number of the application, that nothing was typed into."""
        typed = [(name, one["number"]) for one in self.fit for name in self.names if not self.text(name, one["number"])]
        return typed + [
            (f"seen.{remark['code']}", number)
            for number, found in self.remarks.items()
            for remark in found
            if not self.seen(number).get(remark["code"])
        ]

    def given(self, row: Row) -> Told:
        """What the action takes for one of them."""
        number = row["number"]
        own: Told = {"id": number, **{name: self.text(name, number) for name in self.names}}
        if self.command == "approve":
            own |= {"hash": self.form.get(f"hash.{number}", ""), "conditions": lines(self.text("conditions", number))}
        return own | ({"seen": self.seen(number)} if self.command in ("approve", "refuse") else {})


def bulk(form: Mapping[str, str], rows: Sequence[Row]) -> Bulk:
    command = form.get("command", "")
    fit = [one for one in rows if one["state"] == "submitted"]
    return Bulk(command if command in COMMANDS else COMMANDS[0], fit, [one for one in rows if one not in fit], form)


class Outcome(NamedTuple):
    """One of several, as it is now, and why it was refused, if it was."""

    row: Row
    refused: Row | None
    text: str  # what was typed


def came_of_it(asked: Bulk, rows: Iterable[Row], told: Mapping[str, Any]) -> list[Outcome]:
    """What became of each; the refused ones first.

    :param rows: the same applications as they are now · :param told: what the action answered
    """
    now, refused = {one["number"]: one for one in rows}, {one["id"]: one for one in told["refused"]}
    found = [
        Outcome(now.get(one["number"], one), refused.get(one["number"]), _typed(asked, one["number"]))
        for one in asked.fit
    ]
    return sorted(found, key=lambda each: each.refused is None)


def _typed(asked: Bulk, number: str) -> str:
    named = {"refuse": "explanation", "approve": "conditions"}.get(asked.command, next(iter(asked.names), ""))
    return asked.text(named, number)
