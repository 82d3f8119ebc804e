"""Homes of persons: addresses under a name for homes, in a table of persons, down to the flat, or told in a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..tally import Column
from .table import Found, Table, answer


def home_address(column: Column, table: Table) -> Found | None:
    if table.is_text:
        return _told_in_text(column)
    if flats := _flats(column, table):
        return flats
    settled = column.has("home_address") and column.share_of_shown("settlement") > 0.3
    if not column.share("address") and not settled:
        return None
    return next((found for rule in RULES if (found := rule(column, table))), None)


def _told_in_text(column: Column) -> Found | None:
    told = column.estimated("home_told")
    return answer("home_address", "home_address.told", column, told, 0.75, "look:home_told") if told else None


def _flats(column: Column, table: Table) -> Found | None:
    """Numbers of flats beside the estate, in a table of those who live or pay there."""
    named = any(word in column.header for word in ("房号", "室号", "门牌", "户号"))
    if not named or column.share("flat_number") < 0.5 or not (table.of_households or table.persons):
        return None
    count = column.estimated("flat_number")
    return answer("home_address", "home_address.named", column, count, 0.85, "look:flat_number")


def _named(column: Column, _: Table) -> Found | None:
    """The header says that it holds homes."""
    if not _is_named(column) or _is_of_business(column) or column.share_of_shown("address", "settlement") < 0.1:
        return None
    count = column.estimated("address", "settlement")
    return answer("home_address", "home_address.named", column, count, 0.95, "look:address", "look:settlement")


def _is_named(column: Column) -> bool:
    return column.has("home_address") and not column.has("business_address")


def _is_of_business(column: Column) -> bool:
    return "business" in column.about


def _is_elsewhere(column: Column) -> bool:
    """Whether the header speaks of where somebody works or something stands."""
    of_others = column.has("business_address", "employer", "school", "organization") or _is_of_business(column)
    return of_others and not _is_named(column)


def _of_persons(column: Column, table: Table) -> Found | None:
    """Addresses in a table whose rows are persons."""
    of_rows = column.has("address", "place") or column.share("detail") >= 0.3
    told = table.persons and not table.organizations and of_rows and column.share("address") >= 0.3
    if not told or _is_elsewhere(column) or (_beside_offices(table) and column.share("residence") < 0.3):
        return None
    return answer("home_address", "home_address.of_persons", column, column.estimated("address"), 0.85, "look:address")


def _beside_offices(table: Table) -> bool:
    """Whether names of organizations stand in the rows too: an address may be theirs."""
    return any(one.share("organization") > 0.5 and not one.has("employer", "school") for one in table.columns)


def _shaped(column: Column, table: Table) -> Found | None:
    """Addresses down to the flat, of which nothing says whose."""
    count = column.estimated("address")
    flats = column.share("address") >= 0.6 and column.share("flat") >= 0.5 and count >= 3
    named = column.has("address") and not any(one.has("organization") for one in table.columns)
    alone = not column.roles or named or table.of_households
    if _is_elsewhere(column) or not flats or not alone or table.organizations:
        return None
    return answer("home_address", "home_address.shape", column, count, 0.7, "look:address")


def _told(column: Column, table: Table) -> Found | None:
    """Texts that say that an address is somebody's home."""
    told, share = column.estimated("home_told"), column.share("home_told")
    of_place = column.has("address", "place") and share < 0.3
    if not told or _is_elsewhere(column) or of_place or (table.organizations and share < 0.05):
        return None
    count = max(told, column.estimated("detail"))
    return answer("home_address", "home_address.told", column, count, 0.75, "look:home_told", "look:detail")


RULES: Sequence[Callable[[Column, Table], Found | None]] = (_named, _of_persons, _shaped, _told)
"""The first that answers."""
