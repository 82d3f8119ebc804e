"""All rows of a view, streamed: what is shown of a table is what can be taken along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import parse_qs

import ckan.plugins.toolkit as tk

from . import messages, opened, rules, tables
from .rules import Problem

SECONDS = 60
"""Longer than for a page: the rows come as they are found."""


def lines(id: str, query: str) -> tuple[str, Iterator[list[str]]]:
    """The name of the file and its lines, the head first. Raises ``ObjectNotFound``."""
    file = opened.published(id)
    given = parse_qs(query, keep_blank_values=True)
    try:
        with tables.reading(id) as reader:
            columns = reader.describe(file.items).columns
    except tables.NoTable as error:
        raise tk.ObjectNotFound(messages.words(Problem("no_such_file"))) from error
    asked = rules.read(given, columns)
    stem = PurePosixPath(file.found.name).stem
    return f"{stem}.csv" if asked.is_plain else f"{stem}-view.csv", _lines(id, asked, columns)


def _lines(id: str, asked: rules.Asked, columns: Sequence[rules.Column]) -> Iterator[list[str]]:
    """Every column where none was chosen: a file has room for all."""
    taken = [column for column in columns if not asked.show or column.name in asked.show]
    yield [column.name for column in taken]
    with tables.reading(id, SECONDS) as reader:
        for row in reader.stream(asked, taken, columns):
            yield [tables.text(value) for value in row]
