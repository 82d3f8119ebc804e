"""What the page of a grant shows beside what the API tells: bars of its usage, addresses, examples to copy."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk

from ..workflow import clock
from .rules import Method
from .showing import DAYS, HOLDER

Told = dict[str, Any]

HIGH = 100  # of the tallest bar


def page(told: Told) -> Told:
    shown = {**told, "datasets": [_dataset(told, one) for one in told["datasets"]]}
    return {"told": shown, "bars": bars(told["usage"]), "examples": _examples(shown), "typed": {}, "errors": {}}


def _dataset(told: Told, one: Told) -> Told:
    may = told["side"] == HOLDER
    return {**one, "files": [{**file, "links": _links(told, one, file) if may else []} for file in one["files"]]}


def _links(told: Told, one: Told, file: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Format and address of each way to download a file."""
    if not file["may_download"]:
        return []
    named = {"number": told["number"], "dataset": one["dataset"]}
    ways = [(way["format"], f"{file['name']}{way['suffix']}") for way in file["formats"]]
    return [
        (format, str(tk.h.url_for("anshan_grant.file", **named, name=name)))
        for format, name in ways or [("", file["name"])]
    ]


def bars(usage: Sequence[Mapping[str, Any]]) -> list[Told]:
    """Of each of the last days, with those on which nothing was used: the newest last, as high as the most is full."""
    first = clock.today() - timedelta(DAYS - 1)
    days = [(first + timedelta(number)).isoformat() for number in range(DAYS)]
    found = {day: [one for one in usage if one["day"] == day] for day in days}
    counted = {day: sum(one["requests"] for one in each) for day, each in found.items()}
    most = max(counted.values(), default=0) or 1
    return [
        {
            "day": day,
            "requests": counted[day],
            "height": round(HIGH * counted[day] / most, 1),
            "is_unusual": any(one["is_unusual"] for one in found[day]),
        }
        for day in days
    ]


def _examples(told: Told) -> list[tuple[str, str]]:
    """How a program asks, in two languages, for what is granted; none where no API is."""
    one = next((one for one in told["datasets"] if Method.API.value in one["methods"] and one["columns"]), None)
    file = next((file["name"] for file in one["files"] if file["is_table"]), None) if one else None
    if one is None or file is None:
        return []
    asked = {"id": told["number"], "dataset": one["dataset"], "file": file, "columns": one["columns"][:2], "limit": 100}
    return [("curl", _curl(asked)), ("Python · ckanapi", _ckanapi(asked))]


def _curl(asked: Mapping[str, Any]) -> str:
    body = shlex.quote(json.dumps(asked, ensure_ascii=False))
    address = f"{_base()}/api/3/action/anshan_grant_query"
    return (
        f'curl -X POST {address} \\\n  -H "X-Grant-Token: $TOKEN" -H "Content-Type: application/json" \\\n  -d {body}'
    )


def _ckanapi(asked: Mapping[str, Any]) -> str:
    given = ",\n    ".join(f"{name}={value!r}" for name, value in asked.items())
    return (
        "import os\nfrom ckanapi import RemoteCKAN\n\n"
        f'portal = RemoteCKAN("{_base()}", apikey="Bearer " + os.environ["TOKEN"])\n'
        f"page = portal.action.anshan_grant_query(\n    {given},\n)\n"
        'for row in page["rows"]:\n    print(row)\n'
    )


def _base() -> str:
    return str(tk.config["ckan.site_url"]).rstrip("/")
