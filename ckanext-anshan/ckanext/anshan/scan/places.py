"""Names of the parts of a file that its reader named and not its author: comments, properties, page 3, ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .marking import N_

PARTS: Mapping[str, str] = {
    name: name
    for name in (
        N_("file name"), N_("file names"), N_("comments"), N_("comments and changes"), N_("comments, names, headers"),
        N_("properties"), N_("attributes"), N_("links"), N_("connections"), N_("macros"), N_("pivot cache"),
        N_("defined names"), N_("shared strings"), N_("shared strings left behind"), N_("headers and footers"),
        N_("annotations"), N_("bookmarks"), N_("attachment"), N_("head"), N_("text"),
    )
}  # fmt: skip
NUMBERED: Mapping[str, str] = {
    "page": N_("page {number}"),
    "slide": N_("slide {number}"),
    "table": N_("table {number}"),
}
COLUMN = N_("column {number}")
_NUMBERED = re.compile(r"(page|slide|table) (\d+)")


def said(place: str, translate: Callable[[str], str]) -> str:
    """A place as ``Finding.where`` or ``Finding.part`` has it, in the reader's language; an author's names stay."""
    return "!".join(_part(part, translate) for part in place.split("!"))


def _part(part: str, translate: Callable[[str], str]) -> str:
    if part in PARTS:
        return translate(PARTS[part])
    if found := _NUMBERED.fullmatch(part):
        return translate(NUMBERED[found.group(1)]).format(number=found.group(2))
    if re.fullmatch(r"#\d+", part):
        return translate(COLUMN).format(number=part[1:])
    return part
