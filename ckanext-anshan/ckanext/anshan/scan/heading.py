"""Where a table's columns get their names: the row that holds them, or two rows, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import headers
from .recognising import patterns
from .recognising.names import is_name

LOOKED_AT = 40
"""Rows at the beginning of a table among which its header is looked for."""
DEEPEST = 12
LONGEST_TITLE = 14  # characters of a name in a header of two rows
DATA = re.compile(r"[+-]?[\d.,:/\- ]{4,}%?|\d+(?:\.\d+)?|.*\d{5,}.*|.*@.*\..*|\d{4}年\d{1,2}月(\d{1,2}日)?|.*[*]{2,}.*")


VALUE = re.compile(r"\d{7}|@|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
"""What stands in values and in no name of a column."""


SAID = re.compile(r"\S[：:]\s*[^\s：:]")
"""As in 填报单位：民政局; in brackets behind a name it is a remark on it."""


@dataclass(frozen=True)
class Heading:
    names: Sequence[str]  # of the columns
    first: int  # row of the data's first; 0: there is no header
    row: int = 0  # the last row of the header


def find(rows: Sequence[Sequence[str]]) -> Heading:
    """:param rows: the first rows, blank ones included"""
    width = _usual_width(rows)
    for number, row in enumerate(rows[:DEEPEST]):
        if not _is_header(row, width, rows[number + 1 :]):
            if _filled(row) >= max(2, 0.6 * width) and _data_share(row) > 0.3:
                break  # data has begun
            continue
        below = rows[number + 1] if number + 1 < len(rows) else ()
        if _continues(row, below, rows[number + 2 :]):
            return Heading(_joined(row, below), number + 2, number + 1)
        if number and _are_groups(rows[number - 1], row):
            return Heading(_joined(rows[number - 1], row), number + 1, number)
        return Heading([cell.strip() for cell in row], number + 1, number)
    return Heading((), 0)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    widths = sorted(_filled(row) for row in rows if _filled(row))
    return widths[int(len(widths) * 0.7)] if widths else 0


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _is_header(row: Sequence[str], width: int, below: Sequence[Sequence[str]]) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled or len(filled) < min(max(2, 0.5 * width), max(width, 1)):
        return False
    if _data_share(row) > 0.25 or any(
        patterns.spans("resident_id", cell) or patterns.spans("mobile", cell) for cell in filled
    ):
        return False
    if any(VALUE.search(patterns.tidy(cell)) or _is_said(cell) for cell in filled):
        return False
    known = sum(1 for cell in filled if headers.roles(cell))
    if len(filled) == 1:
        text = filled[0]
        return (
            width <= 1
            and len(text) <= 12
            and (bool(known) or _is_above_numbers(text, below) or _is_above_names(text, below))
        )
    if known >= max(1, 0.25 * len(filled)) and not _looks_like_below(filled, below):
        return True
    if len(set(filled)) < 0.8 * len(filled):
        return False
    return _is_unlike(row, below)


def _is_said(cell: str) -> bool:
    text = patterns.tidy(cell)
    return bool(SAID.search(headers.BRACKETED.sub("", text).strip() or text))


def _is_above_numbers(text: str, below: Sequence[Sequence[str]]) -> bool:
    """Whether no digit stands in it, and some in nearly every line below."""
    lines = [patterns.tidy(row[0]) for row in below if _filled(row)]
    numbered = sum(1 for line in lines if re.search(r"\d{5}", line))
    return bool(lines) and not re.search(r"\d", text) and numbered > 0.7 * len(lines)


def _is_above_names(text: str, below: Sequence[Sequence[str]]) -> bool:
    lines = [row[0].strip() for row in below if _filled(row)]
    return bool(lines) and not is_name(text) and sum(map(is_name, lines)) > 0.7 * len(lines)


def _data_share(row: Sequence[str]) -> float:
    filled = [patterns.tidy(cell).strip() for cell in row if cell.strip()]
    return sum(
        1 for cell in filled if DATA.fullmatch(cell) and not re.fullmatch(r"(?:19|20)\d\d年?(?:\d+月)?", cell)
    ) / max(len(filled), 1)


def _looks_like_below(filled: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether cells of this row are values too: a person's name, or words that come again in the same column."""
    again = {cell.strip() for row in below for cell in row}
    return sum(1 for cell in filled if cell in again or (is_name(cell) and not headers.roles(cell))) > 0.4 * len(filled)


def _is_unlike(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether numbers or dates stand in some column below, but words in this row; or nothing tells of values."""
    body = [one for one in below if _filled(one)][:20]
    if not body:
        return True
    for column, cell in enumerate(row):
        values = [patterns.tidy(one[column]).strip() for one in body if column < len(one) and one[column].strip()]
        if cell.strip() and values and sum(1 for value in values if DATA.fullmatch(value)) > 0.7 * len(values):
            return True
    again = {cell.strip() for one in body for cell in one}
    return not any(cell.strip() in again or is_name(cell.strip()) for cell in row if cell.strip())


def _continues(row: Sequence[str], below: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the row below belongs to the header: this one has gaps (merged cells) that it fills with names."""
    gaps = _gaps(row)
    given = [column for column, cell in enumerate(below) if cell.strip()]
    if not gaps or not given or _data_share(below) > 0.2 or any(VALUE.search(patterns.tidy(cell)) for cell in below):
        return False
    if any(len(below[column].strip()) > LONGEST_TITLE for column in given):
        return False
    named = [column for column in given if is_name(below[column].strip()) and not headers.roles(below[column])]
    if len(named) > 0.3 * len(given):
        return False
    filling = [column for column in gaps if column in given]
    if not filling or len(filling) < 0.5 * len(gaps):
        return False
    named_below = any(headers.roles(below[column]) for column in given)
    return named_below or (_has_names(row) and all(_is_above_values(column, body) for column in filling))


def _gaps(row: Sequence[str]) -> list[int]:
    """The columns over which the cell to their left reaches: empty, or with the same text once more."""
    cells = [cell.strip() for cell in row]
    return [column for column, cell in enumerate(cells) if not cell or (column and cell == cells[column - 1])]


def _has_names(row: Sequence[str]) -> bool:
    return any(headers.roles(cell) for cell in row if cell.strip())


def _is_above_values(column: int, body: Sequence[Sequence[str]]) -> bool:
    values = [patterns.tidy(row[column]).strip() for row in body if column < len(row) and row[column].strip()]
    return bool(values) and sum(1 for value in values if DATA.fullmatch(value)) > 0.7 * len(values)


def _are_groups(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether titles of groups of columns stand in a row. One that stands alone at its beginning is the table's."""
    filled = [column for column, cell in enumerate(row) if cell.strip()]
    if not filled or filled == [0] or len(filled) >= _filled(below) or not _has_names(row) or _data_share(row):
        return False
    if any(len(cell.strip()) > LONGEST_TITLE or _is_said(cell) or VALUE.search(patterns.tidy(cell)) for cell in row):
        return False
    return any(column < len(below) and below[column].strip() for column in _gaps(row) if column > filled[0])


def _joined(row: Sequence[str], below: Sequence[str]) -> list[str]:
    names, above = [], ""
    for column in range(max(len(row), len(below))):
        top = row[column].strip() if column < len(row) else ""
        own = below[column].strip() if column < len(below) else ""
        above = top or (above if own else "")
        names.append(own if own and (not above or own == above) else f"{above}/{own}" if own else above)
    return names
