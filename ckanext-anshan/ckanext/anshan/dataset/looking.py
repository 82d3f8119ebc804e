"""What the address of a page asks for: which file to look into and how, which versions to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from flask import request
from werkzeug.datastructures import MultiDict

from . import rules

Told = dict[str, Any]
FORM = ("column", "sign", "value")


@dataclass(frozen=True)
class Look:
    """The file that is looked into, with its view; or where the same view has its own address."""

    file: Mapping[str, Any] | None = None
    preview: Told | None = None
    moved_to: str | None = None


def asked(files: Sequence[Told], given: MultiDict[str, str]) -> Look:
    """The file that the address names, else the one whose preview says most."""
    there = [one for one in files if one["id"]]
    file = next((one for one in there if one["id"] == given.get("resource")), None) or rules.seen_first(there)
    if file is None:
        return Look()
    try:
        shown = tk.get_action("anshan_preview_show")({}, {"id": file["id"], "query": request.query_string.decode()})
    except tk.ObjectNotFound:
        return Look(file)
    if any(given.get(name) for name in FORM) and not shown["problems"]:
        return Look(file, shown, f"{request.path}?resource={file['id']}&{shown['query']}#preview")
    return Look(file, shown)


def compared(id: str, given: Mapping[str, str]) -> Told:
    """The two versions that an address names, the older one first, with what changed."""
    listed = tk.get_action("anshan_release_list")({}, {"id": id})
    versions = [one for one in listed if one["state"] in ("published", "superseded")]
    if not versions:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    numbers = [one["version"] for one in versions]
    newest = _number(given.get("b"), numbers) or numbers[0]
    earlier = [number for number in numbers if number < newest]
    before = _number(given.get("a"), numbers) or (earlier or [newest])[0]
    before, after = sorted((before, newest))
    told = tk.get_action("anshan_dataset_compare")({}, {"id": id, "before": before, "after": after})
    package = tk.get_action("package_show")({}, {"id": versions[0]["dataset_id"]})
    return told | {"pkg": package, "versions": versions}


def _number(text: str | None, known: Sequence[int]) -> int | None:
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None
    return number if number in known else None
