"""The open list as files: rows come a thousand at a time, and nothing is held that was written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import ckan.plugins.toolkit as tk
import xlsxwriter

from .rules import harmless

AT_A_TIME = 1000
IN_MEMORY = 4 << 20  # bytes of a workbook before it goes to disk
WIDTHS = (48, 14, 48, 28, 12, 18, 8, 14, 60)
Rows = Iterable[Sequence[Any]]


def items(chosen: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every item of the open list, with three statements for each thousand."""
    start = 0
    while True:
        found = tk.get_action("anshan_open_list")({}, {**chosen, "start": start, "limit": AT_A_TIME})
        yield from found["items"]
        start += AT_A_TIME
        if start >= found["count"]:
            return


def item_rows(chosen: Mapping[str, str]) -> Iterator[list[Any]]:
    yield [
        tk._("Title"),
        tk._("Opening class"),
        tk._("Legal basis"),
        tk._("Providing agency"),
        tk._("Update cycle"),
        tk._("Formats"),
        tk._("Version"),
        tk._("Version date"),
        tk._("Address"),
    ]
    for item in items(chosen):
        yield [
            item["title"],
            _class(item["opening_class"]),
            item["basis"],
            item["agency_title"],
            item["update_cycle_title"],
            " ".join(item["formats"]),
            item["version"],
            item["release_date"],
            tk.h.url_for("dataset.read", id=item["name"], _external=True) if item["name"] else "",
        ]


def agency_rows() -> Iterator[list[Any]]:
    classes = ("unconditional", "conditional", "closed")
    yield [tk._("Providing agency"), *map(_class, classes), tk._("Total")]
    for agency in tk.get_action("anshan_open_counts")({}, {})["agencies"]:
        yield [agency["title"], *(agency[name] for name in classes), agency["total"]]


def as_csv(rows: Rows) -> Iterator[bytes]:
    """With a byte order mark, so that a spreadsheet reads Chinese."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue().encode()


def as_xlsx(sheets: Mapping[str, Rows], widths: Sequence[int] = WIDTHS) -> IO[bytes]:
    """A workbook with these sheets, their first rows as heads; at its beginning.

    :param widths: of the columns, in characters
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    )
    head = book.add_format({"bold": True, "bottom": 1})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row, None if number else head)
    book.close()
    file.seek(0)
    return file


def _class(name: str) -> str:
    known = tk.h.anshan_class(name)
    return known.label if known else name
