"""What each field of an entry may hold: one table for form, API and import. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import vocabularies


@dataclass(frozen=True)
class Field:
    longest: int = 200
    required: bool = False
    article: int = 0
    vocabulary: str = ""
    many: bool = False
    date: bool = False
    whole: tuple[int, int] | None = None  # a whole number from the one to the other


def _term(name: str, *, required: bool = False, article: int = 0, many: bool = False) -> Field:
    return Field(100, required, article, vocabularies.OF_FIELD[name], many)


def _whole(least: int, most: int, *, article: int = 27) -> Field:
    return Field(20, article=article, whole=(least, most))


ENTRY: Mapping[str, Field] = {
    "title": Field(300, required=True, article=10),
    "notes": Field(5000, required=True, article=10),
    "classification": _term("classification", required=True, article=11),
    "classification_sub": _term("classification_sub", article=11),
    "related_entries": Field(33, many=True),
    "collecting_agency": Field(article=10),
    "approving_agency": Field(article=10),
    "provider_office": Field(),
    "provider_phone": Field(50),
    "source_system": Field(),
    "collection_basis": Field(2000, article=15),
    "approval_result": Field(500),
    "data_form": _term("data_form", required=True, article=10),
    "data_formats": _term("data_formats", many=True),
    "themes": _term("themes", many=True),
    "industry": _term("industry"),
    "district": _term("district"),
    "street": _term("street"),
    "time_start": Field(10, date=True),
    "time_end": Field(10, date=True),
    "update_cycle": _term("update_cycle", required=True, article=10),
    "next_update_due": Field(10, article=12, date=True),
    "sharing_class": _term("sharing_class", required=True, article=20),
    "sharing_basis": Field(2000, article=20),
    "sharing_conditions": Field(2000, article=20),
    "sharing_scope": Field(500, article=10),
    "sharing_method": Field(500),
    "opening_class": _term("opening_class", required=True, article=27),
    "opening_basis_title": Field(300, article=27),
    "opening_basis_number": Field(100, article=27),
    "opening_basis_article": Field(100, article=27),
    "opening_conditions": Field(2000),
    "opening_method": Field(500, article=27),
    "opening_requirements": Field(2000, article=27),
    "opening_safeguards": Field(2000, article=27),
    "eligible_applicants": _term("eligible_applicants", article=27, many=True),
    "eligibility_note": Field(2000, article=27),
    "allowed_uses": Field(2000, article=27),
    "access_methods": _term("access_methods", article=27, many=True),
    "longest_term": _whole(1, 60),
    "daily_quota": _whole(1, 1_000_000),
    "second_opinion": _term("second_opinion", article=27),
    "report_cycle": _whole(0, 60),
    "destruction_days": _whole(0, 365),
    "allows_aggregates": _term("allows_aggregates", article=27),
    "sample_rows": Field(5000),
    "security_level": _term("security_level", required=True, article=10),
    "license_id": _term("license_id"),
}

ITEM: Mapping[str, Field] = {
    "name": Field(required=True, article=10),
    "column": Field(),
    "type": _term("type", required=True),
    "length": Field(20),
    "unit": Field(50),
    "meaning": Field(1000),
    "sensitive": _term("sensitive", required=True),
    "sharing_class": _term("sharing_class"),
    "opening_class": _term("opening_class"),
    "filterable": _term("filterable"),
    "necessity": _term("necessity"),
    "closed_reason": Field(300, article=27),
}

MOST_ITEMS = 1000
MOST_VALUES = 100
