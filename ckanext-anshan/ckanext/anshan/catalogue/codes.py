"""Gives each entry a code of its own: the provider's USCC and a 15-digit serial, unique for ever.

All work is done in the caller's transaction. Whoever asks for a provider's codes holds that provider's row until the
transaction ends, so two at once get different ones, and a transaction that fails gives its codes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from .model import code as codes
from .model import serial as serials

DIGITS = 15
LARGEST_STEP = 1_000_000  # a code brought along from elsewhere moves the count at most so far


def give(uscc: str, count: int = 1) -> list[str]:
    """New codes of a provider, written into the register without an entry yet."""
    given: list[str] = []
    while len(given) < count:
        given += _register(_next(uscc, count - len(given)))
    return given


def claim(code: str, entry_id: str) -> bool:
    """Whether ``code`` is now this entry's; False where another entry has it or ever had it."""
    return not claim_all({code: entry_id})


def claim_all(wanted: Mapping[str, str]) -> set[str]:
    """Give each code to its entry; returns the codes that belong to others. One statement for any number.

    An entry that has a code keeps it: asking for a second one counts as the code of another.
    """
    if not wanted:
        return set()
    owned = _owned(list(wanted.values()))
    possible = {code: id for code, id in wanted.items() if owned.get(id, code) == code}
    return set(wanted) - _claimed(possible)


def code_of(entry_id: str) -> str | None:
    return _owned([entry_id]).get(entry_id)


def owners(wanted: Sequence[str]) -> dict[str, str | None]:
    """The entry of each code that was ever given."""
    rows = model.Session.execute(sa.select(codes.c.code, codes.c.entry_id).where(codes.c.code.in_(wanted)))
    return {row.code: row.entry_id for row in rows}


def _next(uscc: str, count: int) -> list[str]:
    statement = insert(serials).values(uscc=uscc, last=count)
    statement = statement.on_conflict_do_update(index_elements=["uscc"], set_={"last": serials.c.last + count})
    last = model.Session.execute(statement.returning(serials.c.last)).scalar_one()
    if last >= 10**DIGITS:
        raise OverflowError(uscc)
    return [f"{uscc}{number:0{DIGITS}d}" for number in range(last - count + 1, last + 1)]


def _register(wanted: list[str]) -> list[str]:
    statement = insert(codes).values([{"code": code} for code in wanted]).on_conflict_do_nothing()
    return sorted(model.Session.execute(statement.returning(codes.c.code)).scalars())


def _owned(entry_ids: list[str]) -> dict[str, str]:
    rows = model.Session.execute(sa.select(codes.c.entry_id, codes.c.code).where(codes.c.entry_id.in_(entry_ids)))
    return {row.entry_id: row.code for row in rows}


def _claimed(wanted: Mapping[str, str]) -> set[str]:
    if not wanted:
        return set()
    _raise_serials(wanted)
    statement = insert(codes).values([{"code": code, "entry_id": id} for code, id in sorted(wanted.items())])
    statement = statement.on_conflict_do_update(
        index_elements=["code"],
        set_={"entry_id": statement.excluded.entry_id},
        where=sa.or_(codes.c.entry_id.is_(None), codes.c.entry_id == statement.excluded.entry_id),
    )
    return set(model.Session.execute(statement.returning(codes.c.code)).scalars())


def _raise_serials(wanted: Mapping[str, str]) -> None:
    """Later codes of the same providers start behind those that were brought along."""
    highest: dict[str, int] = {}
    for code in wanted:
        highest[code[:-DIGITS]] = max(highest.get(code[:-DIGITS], 0), int(code[-DIGITS:]))
    statement = insert(serials).values(
        [{"uscc": uscc, "last": min(last, LARGEST_STEP)} for uscc, last in sorted(highest.items())]
    )
    behind = sa.and_(serials.c.last < statement.excluded.last)
    statement = statement.on_conflict_do_update(
        index_elements=["uscc"], set_={"last": statement.excluded.last}, where=behind
    )
    model.Session.execute(statement)
