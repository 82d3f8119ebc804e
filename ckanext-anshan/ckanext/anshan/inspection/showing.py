"""A report as a reader sees it: codes with their words, worst first, and what the reader may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import ckan.plugins.toolkit as tk

from . import messages, options, reports, rules, wording
from .rules import ATTEMPTS, Command, State, Step
from .standing import verdict
from .supervising import SEVERITIES

PLAIN = ("id", "resource_id", "package_id", "file_name", "size", "sha256", "scanner", "state", "progress", "part")
ALIKE = 5
"""Findings that differ in their place alone and still stand each for itself."""
MOST_ALSO = 200
"""Places that a finding is shown to have beside its own."""
COMMANDS = (Command.SCAN, Command.CANCEL, Command.REMEDY)


def short(row: Any, current: str = "") -> dict[str, Any]:
    """A report without what was found.

    :param current: SHA-256 of the file that the entry has now; empty where it has none
    """
    told = {name: getattr(row, name) for name in PLAIN}
    told |= {name: _moment(getattr(row, name)) for name in ("created", "started", "finished")}
    told |= {"severity": row.severity, "is_current": row.sha256 == current, "error": None}
    if row.error:
        told["error"] = {"code": f"inspection.{row.error}", "message": failure(row.error)}
    return told


def full(row: Any, user: Any, subject: reports.Subject) -> dict[str, Any]:
    """A report with its findings, the worst first, and what was mended before and after."""
    now = {one.resource_id: one.sha256 for one in reports.files_of(subject.id)}
    told = short(row, now.get(row.resource_id, ""))
    held = row.report or {}
    told |= {"type": held.get("type", ""), "readable": bool(held.get("readable", True))}
    told["findings"] = findings(held)
    told["counts"] = {name: sum(one["severity"] == name for one in told["findings"]) for name in SEVERITIES}
    told["entry"] = {"id": subject.id, "name": subject.name, "title": subject.title}
    told["before"] = reports.place_in_line(row) if row.state == State.QUEUED.value else 0
    told["mended"] = [mended(one) for one in reports.remedies_behind(row.resource_id, row.sha256)]
    told["commands"] = commands(row, user, subject.agency)
    return told


def commands(row: Any, user: Any, agency: str) -> list[str]:
    """What the reader may do now."""
    state = State(row.state)
    return [each.value for each in COMMANDS if isinstance(verdict(user, agency, each, state), Step)]


def failure(code: str) -> str:
    facts = {"minutes": options.seconds() // 60, "megabytes": options.memory() >> 20, "attempts": ATTEMPTS}
    return messages.failure(code, facts | {"reason": ""})


def findings(held: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a report found, with words beside its codes, the worst first."""
    found = [finding(number, one) for number, one in enumerate(held.get("findings", ()))]
    return sorted(found, key=lambda one: (SEVERITIES.index(one["severity"]), -one["confidence"]))


def finding(number: int, one: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as the scanner gave it, with words beside its codes."""
    return {
        **one,
        "number": number,
        "label": messages.kind(one["kind"]),
        "matters": messages.matters(one["kind"]),
        "where": wording.where(one),
        "why": wording.why(one),
        "confidence_words": messages.confidence(one["confidence"]),
        "law": [article(code) for code in one.get("articles", ())],
        "offers": offers(one),
    }


def folded(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings for a page: one stands for many that differ in their place alone, and ``also`` has the other places.

    Thousands of files in an archive may not be readable, all for the same reason.
    """
    alike: dict[Any, list[Mapping[str, Any]]] = {}
    for one in found:
        own = (one["kind"], one["rule"], one["severity"], one["number"] if one["offers"] else -1)
        alike.setdefault(own, []).append(one)
    return [shown for group in alike.values() for shown in (_as_one(group) if len(group) > ALIKE else _apart(group))]


def _as_one(group: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    places = [one["where"] for one in group[1:]]
    more = {"also": places[:MOST_ALSO], "also_of": len(places), "count": sum(one["count"] for one in group)}
    return [{**group[0], **more}]


def _apart(group: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "also": [], "also_of": 0} for one in group]


def offers(one: Mapping[str, Any]) -> list[dict[str, str]]:
    """The remedies of a finding, each with the column that it is done to."""
    found = [(name, at, place) for name in one.get("remedies", ()) for at, place in enumerate(rules.places(one, name))]
    return [
        {"value": f"{name}:{at}", "name": name, "column": place, "label": _offer(name, place, one["column"])}
        for name, at, place in found
    ]


def _offer(name: str, place: str, column: str) -> str:
    label = messages.remedy(name)
    return label if place == column else tk._("{remedy}: {column}").format(remedy=label, column=place)


def article(code: str) -> dict[str, str]:
    return {"code": code, "label": wording.article(code)}


def mended(row: Any) -> dict[str, Any]:
    """One step by which a file became what it is."""
    return {
        "from_sha256": row.from_sha256,
        "to_sha256": row.to_sha256,
        "report": row.report_id,
        "created": _moment(row.created),
        "changes": changes(row.changes.get("changes", ()), row.asked),
    }


def changes(made: Iterable[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was or would be changed, column by column, with the rule in words."""
    return [
        {
            **one,
            "where": wording.place(one),
            "label": messages.remedy(one.get("remedy", "")),
            "kind_label": messages.kind(one.get("kind", "")) if one.get("kind") else "",
            "rule_words": wording.rule(one),
            "examples": list(zip_longest(one.get("before") or (), one.get("after") or (), fillvalue="")),
            "is_asked": any((one.get("part"), one.get("column")) == (each["part"], each["column"]) for each in asked),
        }
        for one in made
    ]


def files(subject: reports.Subject) -> list[dict[str, Any]]:
    """Each file of an entry with its newest report, if there is one."""
    newest = reports.newest(subject.id)
    return [_file(one, newest.get(one.resource_id)) for one in reports.files_of(subject.id)]


def _file(one: reports.File, row: Any) -> dict[str, Any]:
    return {
        "resource_id": one.resource_id,
        "name": one.name,
        "sha256": one.sha256,
        "scan": short(row, one.sha256) if row is not None else None,
    }


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None
