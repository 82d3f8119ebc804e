"""The field dictionary of a dataset as lines of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ..catalogue import vocabularies


def lines(items: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    """The head, then a line for each information item."""
    yield [tk._("Item"), tk._("Column"), tk._("Type"), tk._("Length"), tk._("Unit"), tk._("Meaning")]
    lang = str(tk.h.lang())
    for item in items:
        kind = vocabularies.label("item_types", str(item.get("type") or ""), lang)
        rest = (str(item.get(name) or "") for name in ("length", "unit", "meaning"))
        yield [str(item.get("name") or ""), str(item.get("column") or ""), kind, *rest]
