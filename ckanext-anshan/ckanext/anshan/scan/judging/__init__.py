"""What the counts of a piece mean. Each kind has one function that looks at a column and its table, and answers once.

A number that random digits would give too is judged by its column: of codes with a day of birth inside one in eleven
has the right check character, of resident IDs nearly all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..tally import Column, Tally
from . import groups
from .children import minor
from .content import credential, formula, own_words, partial_mask, secrecy_mark
from .health import medical
from .homes import home_address
from .numbers import bank_card, email, landline, mobile, passport, plate, resident_id, uscc
from .persons import person_name
from .sensitive import coordinates, religion
from .table import Found, Table, rows_of

__all__ = ["Found", "Table", "judge", "rows_of"]

Judge = Callable[[Column, Table], Found | None]

FIRST: Sequence[Judge] = (resident_id, mobile, landline, bank_card, email, plate, passport, uscc, person_name)
THEN: Sequence[Judge] = (
    home_address, medical, religion, minor, coordinates, secrecy_mark, credential,
    partial_mask, formula,
)  # fmt: skip


def judge(tally: Tally) -> list[Found]:
    """Everything that the columns of a piece are found to hold, each and together."""
    table = Table(tally)
    found: list[Found] = []
    for judges in (FIRST, THEN):
        for column in table.columns:
            for one in judges:
                if made := one(column, table):
                    found.append(made)
                    table.found.setdefault(column.number, set()).add(made.kind)
    own = (one for column in table.columns for one in own_words(column))
    return [*found, *own, *groups.judge(table)]
