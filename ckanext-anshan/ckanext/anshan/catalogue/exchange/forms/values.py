"""Reads and writes the cells that are not plain text: terms, lists, dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from ... import vocabularies
from ..problems import Level
from .drafts import Draft

NOTHING = {"", "*", "**", "无", "无。", "-", "--", "—", "——", "/", "\\", "无无", "null", "none", "n/a"}
"""How agencies leave a required cell empty."""
SEPARATORS = re.compile(r"[、，,;；\n]+")
PART = re.compile(r"""[\s、，,;；]*(?:("(?:[^"]|"")+")\s*(?=[、，,;；\n]|\Z)|([^、，,;；\n]+))""")
"""One part of a list: in quotes to the next separator, or without."""
KEYWORD = re.compile(r"[\w \-.]{2,100}")
DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?(?:\s.*)?")
JOINT = "、"


def given(cell: str) -> str:
    """The cell, or nothing where it only says that there is nothing."""
    return "" if cell.casefold() in NOTHING else cell


def term(draft: Draft, column: str, cell: str, vocabulary: str, row: int = 0, level: Level = Level.ERROR) -> str:
    """The id of the cell's term; an unknown one is a problem of the draft."""
    if not cell:
        return ""
    found = vocabularies.term(vocabulary, cell)
    if found is None:
        draft.add("unknown_term", column, cell, row, level, vocabulary=vocabulary)
    return found or ""


def terms(draft: Draft, column: str, cell: str, vocabulary: str, level: Level = Level.ERROR) -> list[str]:
    """The ids of a list of terms, each once, in the order given."""
    found = [term(draft, column, part, vocabulary, level=level) for part in parts(cell)]
    return list(dict.fromkeys(filter(None, found)))


def word(vocabulary: str, id: str) -> str:
    """What a person reads for this id and the reader takes back as the same id."""
    label = vocabularies.label(vocabulary, id)
    return label if vocabularies.term(vocabulary, label) == id else id


def words(vocabulary: str, ids: Iterable[str]) -> str:
    return JOINT.join(word(vocabulary, id) for id in ids)


def parts(cell: str) -> list[str]:
    """The parts of a list: the ideographic comma, commas, semicolons and line ends part them, but not in quotes."""
    found = (quoted[1:-1].replace('""', '"') if quoted else plain for quoted, plain in PART.findall(cell))
    return [part for each in found if (part := each.strip())]


def keywords(draft: Draft, column: str, cell: str) -> list[str]:
    """A list of keywords; one that CKAN would not take is a problem of the draft."""
    found = parts(cell)
    for word in found:
        if not KEYWORD.fullmatch(word):
            draft.add("keyword_malformed", column, word)
    return found


def joined(values: Iterable[str]) -> str:
    """A list as ``parts`` reads it: a value that holds a separator stands in quotes."""
    return JOINT.join(_quoted(value) if value[:1] == '"' or SEPARATORS.search(value) else value for value in values)


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def date(draft: Draft, column: str, cell: str) -> str:
    """A date as ``YYYY-MM-DD``; ``2024年5月1日``, ``2024/5/1`` are understood."""
    if not cell:
        return ""
    match = DATE.fullmatch(cell) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", cell)
    try:
        return datetime.date(*map(int, match.groups())).isoformat() if match else _bad_date(draft, column, cell)
    except ValueError:
        return _bad_date(draft, column, cell)


def _bad_date(draft: Draft, column: str, cell: str) -> str:
    draft.add("not_a_date", column, cell)
    return ""
