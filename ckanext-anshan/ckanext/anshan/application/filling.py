"""What the pages of the form send, as the actions take it, and what they show. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from . import forms, lasting
from .forms import STEPS

Told = dict[str, Any]
SEPARATORS = str.maketrans({"，": "\n", "、": "\n", ",": "\n", ";": "\n", "；": "\n"})
MISSING = frozenset({"missing", "file_missing", "no_columns", "no_files", "necessity_missing", "answer_missing"}) | {
    "answer_file_missing"
}
"""Problems of what was never typed: they are told once somebody wants to go on, not while they still fill in."""
FIRST, LAST = "party", "check"
TEXTS = {step: [name for name in fields if name in forms.FIELDS] for step, fields in STEPS.items()}


def content(step: str, form: Mapping[str, str]) -> dict[str, str]:
    """The fields of the base that this page has."""
    return {name: form[name] for name in TEXTS[step] if name in form}


def items(step: str, datasets: Sequence[Mapping[str, Any]], form: Any) -> list[Told]:
    """What the page says of each dataset; what isn't on the page stays as it is."""
    if step == "scope":
        return [_scope(one, form) for one in datasets if f"{one['dataset_id']}/there" in form]
    if step == "safeguards":
        return [_answers(one, form) for one in datasets if one["questions"]]
    return []


def _scope(one: Mapping[str, Any], form: Any) -> Told:
    id = one["dataset_id"]
    filters = [
        {"column": column, "values": values}
        for column in form.getlist(f"{id}/filters")
        if (values := values_of(form.get(f"{id}/values/{column}", "")))
    ]
    named = ("files", "columns", "whole", "methods")
    scope = {name: form.getlist(f"{id}/{name}") for name in named}
    needed = [key.removeprefix(f"{id}/why/") for key in form if key.startswith(f"{id}/why/")]
    return {
        "dataset_id": id,
        "scope": {**scope, "rows": filters, "aggregates": form.get(f"{id}/aggregates", "")},
        "necessity": {column: form.get(f"{id}/why/{column}", "") for column in needed},
    }


def values_of(text: str) -> list[str]:
    """
    >>> values_of("铁东区、立山区\\n 铁东区")
    ['铁东区', '立山区']
    """
    return list(dict.fromkeys(part.strip() for part in text.translate(SEPARATORS).splitlines() if part.strip()))


def _answers(one: Mapping[str, Any], form: Any) -> Told:
    id = one["dataset_id"]
    asked = [each["id"] for each in one["questions"] if each["kind"] != "file"]
    return {
        "dataset_id": id,
        "answers": {name: form[f"{id}/answer/{name}"] for name in asked if f"{id}/answer/{name}" in form},
    }


def partners(parties: Sequence[Mapping[str, Any]], form: Any) -> list[str]:
    """Those who apply beside the applicant, without the one whose button was pressed."""
    gone = form.get("leave_out", "")
    return [key for one in parties[1:] if (key := f"{one['kind']}:{one['id']}") != gone]


def states(made: Mapping[str, Any], current: str) -> list[Told]:
    """The steps with what is known of each: ``done``, ``open`` (something is missing) or ``wrong``."""
    found = []
    for number, step in enumerate(STEPS, 1):
        own = [one for one in made["problems"] if one["step"] == step]
        wrong = [one for one in own if not is_missing(one)]
        state = "wrong" if wrong else "open" if own or step == LAST else "done"
        found.append({"name": step, "number": number, "state": state, "is_now": step == current, "problems": len(own)})
    return found


def is_missing(problem: Mapping[str, Any]) -> bool:
    return str(problem["code"]).removeprefix("application.") in MISSING


def beside(step: str) -> tuple[str, str]:
    """The step before and the one after; empty at the ends."""
    names = list(STEPS)
    at = names.index(step)
    return names[at - 1] if at else "", names[at + 1] if at + 1 < len(names) else ""


def shown(made: Mapping[str, Any], step: str, *, all_of_it: bool) -> list[Told]:
    """The problems that a page tells: on the last one all; else its own, what is missing once it was looked for."""
    own = sorted((one for one in made["problems"] if step in (LAST, one["step"])), key=_order)
    return own if all_of_it or step == LAST else [one for one in own if not is_missing(one)]


ORDER = [name for fields in STEPS.values() for name in fields]


def _order(problem: Mapping[str, Any]) -> int:
    """As the fields stand on the pages."""
    return ORDER.index(problem["field"]) if problem["field"] in ORDER else len(ORDER)


def place(problem: Mapping[str, Any], made: Mapping[str, Any]) -> str:
    """Id of the element beside which a problem is told."""
    field, dataset, facts = problem["field"], problem["dataset"], problem.get("facts") or {}
    if field == "answers":
        asked = next((one["questions"] for one in made["items"] if one["dataset_id"] == dataset), ())
        id = next((one["id"] for one in asked if one["label"] == facts.get("question")), "")
        return f"{dataset}/answer/{id}"
    if field == "necessity":
        return f"{dataset}/why/{_column(made, dataset, str(facts.get('column')))}"
    if field == "rows":
        return f"{dataset}/values/{facts.get('column')}"
    return f"{dataset}/{field}" if dataset else field


def _column(made: Mapping[str, Any], dataset: str, name: str) -> str:
    offered = next((one["offer"] for one in made["items"] if one["dataset_id"] == dataset), None) or {"columns": ()}
    return next((one["header"] for one in offered["columns"] if one["name"] == name), name)


def told(problems: Sequence[Mapping[str, Any]], made: Mapping[str, Any]) -> dict[str, list[str]]:
    """By place what is told there."""
    found: dict[str, list[str]] = {}
    for one in problems:
        found.setdefault(place(one, made), []).append(one["message"])
    return found


def table(item: Mapping[str, Any]) -> list[Told]:
    """The columns of a dataset as the scope step lists them: those that are offered first."""
    offer = item["offer"]
    if offer is None:
        return []
    chosen, why = set(item["asked"]["columns"]), item["answers"].get("necessity") or {}
    rows = [
        {
            **one,
            "is_chosen": one["header"] in chosen,
            "why": why.get(one["header"], ""),
            "sample": _sample(offer["sample"], one),
            "may": one["can_be_applied_for"],
        }
        for one in offer["columns"]
    ]
    return sorted(rows, key=lambda row: not row["may"])


def _sample(sample: Mapping[str, Any] | None, one: Mapping[str, Any]) -> str:
    """The first value that the agency's sample has; of what isn't provided none."""
    found = _samples(sample, one)
    return found[0] if found and one["can_be_applied_for"] else ""


def _samples(sample: Mapping[str, Any] | None, one: Mapping[str, Any]) -> list[str]:
    if not sample:
        return []
    at = next((n for n, name in enumerate(sample["columns"]) if name in (one["column"], one["name"])), None)
    if at is None:
        return []
    return list(dict.fromkeys(row[at] for row in sample["rows"] if len(row) > at and row[at]))


def filters(item: Mapping[str, Any]) -> list[Told]:
    """The columns by whose values rows may be chosen, with what was chosen and what the sample has.

    Values of the data itself aren't proposed: before a grant nobody gets one of them.
    """
    if item["offer"] is None:
        return []
    chosen = {one["column"]: one["values"] for one in item["asked"]["rows"]}
    offered = [one for one in item["offer"]["columns"] if one["filterable"]]
    return [
        {"column": one["header"], "name": one["name"], "values": chosen.get(one["header"], [])}
        | {"samples": _samples(item["offer"]["sample"], one)}
        for one in offered
    ]


def term(made: Mapping[str, Any], today: date) -> Told:
    """The longest term of all datasets in it, and the last day that it allows from the first day named."""
    months = [one["offer"]["longest_term_months"] for one in made["items"] if one["offer"]]
    starts = forms.day_of(made["content"].get("starts")) or today
    least = min(months) if months else 0
    return {"months": least, "last": forms.last_day(max(starts, today), least).isoformat() if least else ""}


def proposed(made: Mapping[str, Any], today: date) -> dict[str, str]:
    """The days that an empty form proposes: from the day after the latest answer is too much to know; from today."""
    starts = made["content"].get("starts") or today.isoformat()
    return {"starts": starts, "ends": made["content"].get("ends") or ""}


RENEWABLE = timedelta(days=30)


def follow_ups(made: Mapping[str, Any], today: date) -> list[str]:
    """What may follow one that is in use: an amendment at any time, a renewal in the last days of its term."""
    ends = forms.day_of(made["ends"])
    if made["state"] == "expired" and ends and today - ends <= lasting.RENEWABLE:
        return ["renewal"]
    if made["state"] != "active":
        return []
    return ["renewal", "amendment"] if ends and ends - today <= RENEWABLE else ["amendment"]


LEAVE = "leave"
OPEN_TO_CHANGES = ("draft", "supplement")


def given(made: Mapping[str, Any], step: str, form: Any) -> Told:
    """As the update takes it; empty where this page keeps nothing."""
    found: Told = {}
    if said := content(step, form):
        found["content"] = said
    if asked := items(step, made["items"], form):
        found["items"] = asked
    if step == FIRST and made["state"] == "draft":
        added = [form["partner"]] if form.get("partner", "").strip() else []
        if added or form.get("leave_out"):
            found["partners"] = [*partners(made["parties"], form), *added]
    return found


def uploads(files: Any) -> list[tuple[str, Any]]:
    """Field and file of each that was chosen."""
    named = [(key.removeprefix("file/"), upload) for key, upload in files.items(multi=True) if key.startswith("file/")]
    return [(field, upload) for field, upload in named if upload.filename]


def next_page(made: Mapping[str, Any], step: str, go: str) -> tuple[bool, str]:
    """Whether what is missing is to be told, and the page that a button leads to."""
    if go in STEPS:
        return False, go
    if go == LEAVE:
        return False, LEAVE
    if go == "stay":
        return False, step
    has_problems = any(one["step"] == step for one in made["problems"])
    return has_problems, step if has_problems else beside(step)[1] or LAST


def view(made: Mapping[str, Any], step: str, look: bool, today: date) -> Told:
    """What a page of the form shows beside the application."""
    problems = shown(made, step, all_of_it=look)
    before, after = beside(step)
    return {
        "steps": states(made, step),
        "problems": [{**one, "place": place(one, made)} for one in problems],
        "told": told([one for one in problems if one["step"] == step], made),
        "looked": look,
        "before": before,
        "after": after,
        "tables": {one["dataset_id"]: table(one) for one in made["items"]},
        "filters": {one["dataset_id"]: filters(one) for one in made["items"]},
        "term": term(made, today),
        "files": files_of(made),
        "today": today.isoformat(),
        "columns": sum(len(one["asked"]["columns"]) for one in made["items"]),
    }


def files_of(made: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in made["attachments"]:
        found.setdefault(one["field"], []).append(one)
    return found
