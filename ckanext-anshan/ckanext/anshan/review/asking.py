"""What the forms of the review send, as its actions take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Form = Any  # of werkzeug: a field may be there many times
Given = dict[str, Any]

ANSWER = "answer-"
MOST_ROWS = 50


def given(command: str, form: Form, files: Mapping[str, Any]) -> Given:
    """What was typed into the form of a command.

    :param command: of ``rules.Command``
    """
    if command in ("sign", "check"):
        return {"hash": form.get("hash", ""), "answers": answers(form), "reason": form.get("reason", "")}
    if command == "return":
        return {"remarks": remarks(form), "complex": form.get("complex", "")}
    if command == "comment":
        upload = files.get("upload")
        told = {"text": form.get("text", ""), "internal": form.get("internal", "")}
        return told | ({"upload": upload} if upload and upload.filename else {})
    return {name: form[name] for name in ("reason", "article") if name in form}


def answers(form: Form) -> dict[str, str]:
    return {name.removeprefix(ANSWER): value for name, value in form.items() if name.startswith(ANSWER)}


def remarks(form: Form) -> list[dict[str, str]]:
    """The rows of a return, also those without a text: where it is about, and what is to be mended there."""
    rows = zip(form.getlist("where"), form.getlist("row"), form.getlist("text"), strict=False)
    return [remark(where, row, text) for where, row, text in list(rows)[:MOST_ROWS]]


def remark(where: str, row: str = "", text: str = "") -> dict[str, str]:
    """A remark at a place.

    >>> remark("column:名单.csv/电话", "", "请打码")["at"]
    '名单.csv/电话'
    >>> remark("row:名单.csv", "12")["at"]
    '名单.csv#12'
    """
    place, _, at = where.partition(":")
    numbered = f"{at}#{row.strip()}" if place == "row" and row.strip() else at
    return {"place": place, "at": numbered, "text": text}


def where(told: Mapping[str, str]) -> str:
    """A place as the choices of the form name it."""
    if not told["place"]:
        return ""
    at = told["at"].rpartition("#")[0] if told["place"] == "row" and "#" in told["at"] else told["at"]
    return f"{told['place']}:{at}"


def row(told: Mapping[str, str]) -> str:
    return told["at"].rpartition("#")[2] if told["place"] == "row" and "#" in told["at"] else ""


def found(note: str, scans: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """The scan and its finding that are to be written into a return; ``note`` is ``<id of the scan>:<number>``."""
    id, _, number = note.partition(":")
    each = ((scan, one) for scan in scans for one in scan["findings"])
    return next((pair for pair in each if (pair[0]["id"], str(pair[1]["number"])) == (id, number)), None)
