"""The three forms of a catalogue, and which of them a file is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from ..headings import LOOKED_AT, Header, find
from ..problems import FileRefused
from ..readers import Row, Sheet
from .drafts import Draft, Form
from .form_1272 import Form1272
from .own import Own
from .plan import Plan

FORMS: dict[str, Form] = {form.id: form for form in (Form1272(), Plan(), Own())}


@dataclass(frozen=True)
class Recognised:
    """A file's form, and its entries (to be read once, in order)."""

    form: Form
    sheet: str
    drafts: Iterator[Draft]


def recognise(sheets: Iterator[Sheet]) -> Recognised:
    """The first sheet that has one of the forms. Raises ``FileRefused`` when none has."""
    nearest: tuple[Form, Header] | None = None
    for sheet in sheets:
        top = list(islice(sheet.rows, LOOKED_AT))
        form, header = _best(top)
        if form and header and not header.missing:
            return Recognised(form, sheet.name, _drafts(form, header, chain(top[header.rows :], sheet.rows), sheets))
        if form and header and nearest is None:
            nearest = form, header
        for _ in sheet.rows:
            pass  # sheets come one after the other
    if nearest is None:
        raise FileRefused("unknown_form", forms=list(FORMS))
    raise FileRefused("missing_columns", form=nearest[0].id, columns=[column.zh for column in nearest[1].missing])


def _best(top: list[Row]) -> tuple[Form | None, Header | None]:
    """The form that misses fewest columns here; of two that miss as many, the one with more columns found."""
    found = [(form, find(form.columns, top, form.header_rows)) for form in FORMS.values()]
    there = [(form, header) for form, header in found if header]
    if not there:
        return None, None
    return min(there, key=lambda pair: (len(pair[1].missing), -len(pair[1].found)))


def _drafts(form: Form, header: Header, rows: Iterator[Row], sheets: Iterator[Sheet]) -> Iterator[Draft]:
    """Holds on to ``sheets`` until the last row: a workbook that nobody holds is closed."""
    yield from form.read(rows, header.found, header.titles)
    next(sheets, None)  # raises where the rows ended because their reader was killed
