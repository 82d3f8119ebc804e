"""The queue as its address asks for it, and what the forms for several submissions send. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from .checklists import NOT_APPLICABLE, YES

Row = Mapping[str, Any]

PAGE = 50
LAST_PAGE = 10**6
FILTERS = ("agency", "opening_class", "kind", "way", "scan", "due")
NAMES = ("mine", "q", *FILTERS)
FIRST = "waiting"
"""The list that somebody sees who asks for none."""


def asked(args: Mapping[str, str]) -> dict[str, str]:
    """What an address asks for; empty where it says nothing."""
    return {name: args.get(name, "").strip()[:200] for name in NAMES} | {"mine": args.get("mine") or FIRST}


def given(wanted: Mapping[str, str], page: int) -> dict[str, Any]:
    """The same as the list action takes it."""
    return {**wanted, "limit": PAGE, "offset": PAGE * (page - 1)}


def is_narrowed(wanted: Mapping[str, str]) -> bool:
    return any(wanted[name] for name in ("q", *FILTERS))


def query(wanted: Mapping[str, str], **changed: Any) -> str:
    """The end of an address that asks for this, with other values for some names; the shortest one."""
    wanted = {**wanted, **{name: str(value or "") for name, value in changed.items()}}
    told = [(name, value) for name, value in wanted.items() if value and (name, value) != ("mine", FIRST)]
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


def pages(number: int, shown: int, count: int) -> Pages:
    first = PAGE * (number - 1)
    before = number - 1 if number > 1 else None
    after = number + 1 if shown and first + shown < count else None
    return Pages(first + 1 if shown else 0, first + shown, count, before, after)


# several at once


class Shared(NamedTuple):
    """A question that is answered once for all that it is asked of."""

    id: str
    item: Row
    of: int  # how many of the chosen ask it


class Bulk(NamedTuple):
    """Several submissions that are to be signed or returned, and what was sent for them."""

    command: str  # sign or return
    fit: list[Row]  # those that may be
    others: list[Row]
    items: list[Shared]
    answers: Mapping[str, str]
    missing: list[str]  # ids of questions without an answer, numbers of returns without a reason
    form: Mapping[str, str]

    @property
    def chosen(self) -> list[Row]:
        return [*self.fit, *self.others]

    @property
    def is_complete(self) -> bool:
        return bool(self.chosen) and not self.missing

    @property
    def given(self) -> list[dict[str, Any]]:
        """What the action takes: each with the hash that was looked at and its own answers, or with its own reason.

        What can't be done any more goes along: the action says why.
        """
        return [self._signing(one) if self.command == "sign" else self._returning(one) for one in self.chosen]

    def _signing(self, row: Row) -> dict[str, Any]:
        own = {item["id"]: self.answers[item["id"]] for item in row["checklist"] if item["id"] in self.answers}
        return {"id": row["number"], "hash": self.form.get(f"hash.{row['number']}", ""), "answers": own}

    def _returning(self, row: Row) -> dict[str, Any]:
        remark = {"place": "", "at": "", "text": self.text(row["number"])}
        return {"id": row["number"], "remarks": [remark], "complex": f"complex.{row['number']}" in self.form}

    def text(self, number: str) -> str:
        """The reason that was typed for one of them."""
        return self.form.get(f"text.{number}", "").strip()


def bulk(form: Mapping[str, str], rows: Sequence[Row]) -> Bulk:
    """What a form says about these submissions."""
    command = "return" if form.get("command") == "return" else "sign"
    fit = [one for one in rows if command in one["commands"] and (command != "sign" or one["is_clean"])]
    items = _shared(fit) if command == "sign" else []
    told = Bulk(command, fit, [one for one in rows if one not in fit], items, _answers(form, items), [], form)
    open_items = [one.id for one in items if one.id not in told.answers]
    untold = [one["number"] for one in fit if command == "return" and not told.text(one["number"])]
    return told._replace(missing=open_items + untold)


def _shared(rows: Iterable[Row]) -> list[Shared]:
    """The questions of all these submissions, each once, in the order in which they come first."""
    found: dict[str, Shared] = {}
    for one in rows:
        for item in one["checklist"]:
            known = found.get(item["id"], Shared(item["id"], item, 0))
            found[item["id"]] = known._replace(of=known.of + 1)
    return list(found.values())


def _answers(form: Mapping[str, str], items: Iterable[Shared]) -> dict[str, str]:
    """What was answered, of those that may be."""
    told = {one.id: form.get(f"answer.{one.id}", "") for one in items}
    skips = {one.id for one in items if one.item["may_skip"]}
    return {id: answer for id, answer in told.items() if answer == YES or (answer == NOT_APPLICABLE and id in skips)}


def bulk_query(command: str, rows: Iterable[Row]) -> str:
    """The end of the address where these are signed or returned together."""
    return f"?{urlencode([('command', command), *(('id', one['number']) for one in rows)])}"


class Outcome(NamedTuple):
    """One of several, as it is now, and why it was refused, if it was."""

    row: Row
    refused: Row | None
    text: str  # the reason that was typed


def came_of_it(asked: Bulk, rows: Iterable[Row], told: Mapping[str, Any]) -> list[Outcome]:
    """What became of each; the refused ones first.

    :param rows: the same submissions as they are now · :param told: what the action answered
    """
    now, refused = {one["number"]: one for one in rows}, {one["id"]: one for one in told["refused"]}
    found = [
        Outcome(now.get(one["number"], one), refused.get(one["number"]), asked.text(one["number"]))
        for one in asked.chosen
    ]
    return sorted(found, key=lambda each: each.refused is None)
