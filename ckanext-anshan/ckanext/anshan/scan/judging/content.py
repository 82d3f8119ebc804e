"""Marks of secrecy, keys, an agency's own words; and masks and formulas: how the file was made."""

from __future__ import annotations

from collections.abc import Iterator

from ..tally import Column
from .table import Found, Table, answer


def secrecy_mark(column: Column, table: Table) -> Found | None:
    count = column.signals["secrecy_mark"]
    return answer("secrecy_mark", "secrecy_mark.word", column, count, 0.9, "secrecy_mark") if count else None


def credential(column: Column, table: Table) -> Found | None:
    count = column.signals["credential"]
    named = column.estimated("password") if column.has("password") and not table.is_text else 0
    if named and column.share("password") >= 0.3:
        return answer("credential", "credential.named", column, max(named, count), 0.9, "look:password", "credential")
    if column.share("strong_password") >= 0.6 and column.shown >= 3 and not table.is_text:
        strong = max(column.estimated("strong_password"), count)
        return answer("credential", "credential.shape", column, strong, 0.75, "look:strong_password", "credential")
    return answer("credential", "credential.pattern", column, count, 0.95, "credential") if count else None


def partial_mask(column: Column, table: Table) -> Found | None:
    """Some rows are masked, others of the same column hold the value."""
    masked = column.share("masked")
    whole = max(column.present - column.estimated("masked"), 0)
    kinds = table.found.get(column.number, set()) & {
        "resident_id",
        "mobile",
        "landline",
        "bank_card",
        "person_name",
        "email",
        "plate",
        "passport",
        "home_address",
    }
    some = column.looks["masked_value"] >= 2 or (column.looks["masked"] >= 2 and masked >= 0.02)
    if table.is_text or not kinds or not some or not whole:
        return None
    return answer(
        "partial_mask", "partial_mask.some", column, whole, 0.9, "look:masked", masked=column.estimated("masked")
    )


def formula(column: Column, table: Table) -> Found | None:
    count = column.signals["formula"]
    return answer("formula", "formula.cell", column, count, 0.9, "formula") if count and not table.is_text else None


def own_words(column: Column) -> Iterator[Found]:
    """What an agency put on its list, each kind for itself."""
    for signal, count in column.signals.items():
        if signal.startswith("own:"):
            yield answer(signal.removeprefix("own:"), "own_word", column, count, 0.9, signal)
