"""Belief, and where somebody is to the metre (PIPL art. 28)."""

from __future__ import annotations

from ..tally import Column
from .table import Found, Table, answer, is_spelled


def religion(column: Column, table: Table) -> Found | None:
    if table.is_text:
        count = column.estimated("belief_of")
        return answer("religion", "religion.told", column, count, 0.75, "look:belief_of") if count else None
    of_places = table.organizations and not table.direct and not any(word in column.header for word in ("信仰", "信教"))
    if not (table.persons or table.mobiles) or of_places or column.has("organization", "count"):
        return None
    values, told = column.share("religion"), column.estimated("religion_told")
    if column.has("religion") and column.present and (values or not is_spelled(column)):
        return answer("religion", "religion.named", column, column.present, 0.95, "look:said")
    if told:
        return answer("religion", "religion.told", column, told, 0.85, "look:religion_told")
    if values >= 0.3 and not column.has("address"):
        return answer("religion", "religion.values", column, column.estimated("religion"), 0.85, "look:religion")
    return None


def coordinates(column: Column, table: Table) -> Found | None:
    """Positions of four decimals (about ten metres) in a table about persons or homes."""
    if table.is_text or not (table.persons or any("home_address" in kinds for kinds in table.found.values())):
        return None
    if table.organizations:
        return None
    for look, other in (("position", ""), ("longitude", "latitude"), ("latitude", "longitude")):
        told = not other or column.has(look) or _beside(column, table, other)
        if column.share(look) > 0.3 and told:
            count = column.estimated(look)
            return answer("coordinates", "coordinates.of_persons", column, count, 0.9, f"look:{look}")
    return None


def _beside(column: Column, table: Table, other: str) -> bool:
    return any(abs(one.number - column.number) == 1 and one.share(other) > 0.3 for one in table.columns)
