"""On what conditions data is given to those who ask for it (articles 20, 22, 27), typed, with defaults.

Plain Python. Reads a release's metadata, a dataset or an entry as ``package_show`` gives it, and an entry's row with
its extras. What an entry doesn't say isn't guessed: equal opening to all kinds of applicants, download alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import samples, vocabularies

DOWNLOAD, API = "download", "api"
LONGEST_TERM_MONTHS = 12
DAILY_QUOTA = 2000
REPORT_MONTHS = 6
DESTRUCTION_DAYS = 10
CLOSED = "closed"
GIVEN = ("unconditional", "conditional")  # what is of another class is given to nobody


@dataclass(frozen=True)
class Item:
    """An information item as an applicant may ask for it."""

    name: str
    column: str  # in the file; empty where the entry names none
    type: str  # id in item_types
    unit: str
    can_be_applied_for: bool
    why_not: str  # in the agency's words; empty where it gave none
    needs_necessity: bool  # an applicant says why they need it
    filterable: bool  # rows may be granted by its values
    sensitive: bool

    @property
    def headers(self) -> tuple[str, ...]:
        """Under which it may stand in a file: agencies write the column's code or the item's name."""
        return tuple(dict.fromkeys(one for one in (self.column, self.name) if one))


@dataclass(frozen=True)
class Conditions:
    """``kind``: the opening or sharing class that they belong to."""

    kind: str
    eligible: frozenset[str]  # ids in applicant_kinds; empty for sharing, where agencies ask
    eligibility_note: str
    allowed_uses: str
    methods: frozenset[str]  # ids in access_methods
    longest_term_months: int
    daily_quota: int  # requests of the API a day
    second_opinion: bool  # nothing is approved without the cyberspace office's signature
    report_months: int  # between two use reports; 0: none is due
    destruction_days: int  # after the end of the term
    allows_aggregates: bool  # the API may sum and count what was granted
    items: tuple[Item, ...]
    sample: samples.Sample | None = None
    is_sharing: bool = False

    @classmethod
    def of(cls, metadata: Mapping[str, Any], *, sharing: bool = False) -> Conditions:
        """What ``metadata`` says for the public, or for agencies among themselves.

        :param sharing: go by the sharing classes; a release has them in its ``sharing``, not in its metadata
        """
        said = _flat(metadata)
        field = "sharing_class" if sharing else "opening_class"
        kind = str(said.get(field)) if said.get(field) in GIVEN else CLOSED
        return cls(
            kind=kind,
            eligible=frozenset() if sharing else _some(said.get("eligible_applicants"), "applicant_kinds"),
            eligibility_note=str(said.get("eligibility_note") or ""),
            allowed_uses=str(said.get("allowed_uses") or ""),
            methods=_known(said.get("access_methods"), "access_methods") or frozenset({DOWNLOAD}),
            longest_term_months=_whole(said.get("longest_term"), LONGEST_TERM_MONTHS),
            daily_quota=_whole(said.get("daily_quota"), DAILY_QUOTA),
            second_opinion=said.get("second_opinion") == "yes",
            report_months=_whole(said.get("report_cycle"), REPORT_MONTHS),
            destruction_days=_whole(said.get("destruction_days"), DESTRUCTION_DAYS),
            allows_aggregates=said.get("allows_aggregates") == "yes",
            items=(*_items(said, kind, field), *_closed(said)),
            sample=None if sharing else samples.read(str(said.get("sample_rows") or "")),
            is_sharing=sharing,
        )

    @property
    def is_for_all(self) -> bool:
        """Whether every kind of applicant may ask (equal opening, article 27)."""
        return self.eligible == _all("applicant_kinds")

    @property
    def applicable(self) -> tuple[Item, ...]:
        """The items that can be applied for."""
        return tuple(item for item in self.items if item.can_be_applied_for)

    @property
    def named(self) -> tuple[Item, ...]:
        """The items that whoever applies is told of; what the public sees names its closed ones, sharing doesn't."""
        return self.applicable if self.is_sharing else self.items

    @property
    def headers(self) -> frozenset[str]:
        """Of files: those that can be applied for, and none under which a closed item might stand."""
        closed = {one for item in self.items if not item.can_be_applied_for for one in item.headers}
        return frozenset(one for item in self.applicable for one in item.headers) - closed

    def headed(self, header: str) -> Item | None:
        """The item that can be applied for under this header of a file."""
        return next((item for item in self.applicable if header in item.headers), None)

    def item(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name), None)


def _flat(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields in one mapping, wherever this kind of metadata keeps them."""
    for inner in ("fields", "extras"):
        if isinstance(metadata.get(inner), Mapping):
            return {**metadata, **metadata[inner]}
    return metadata


def _list(value: Any) -> list[Any]:
    """A list, or the JSON that an extra holds of one."""
    if isinstance(value, str):
        try:
            value = json.loads(value or "[]")
        except ValueError:
            return []
    return value if isinstance(value, list) else []


def _all(vocabulary: str) -> frozenset[str]:
    return frozenset(vocabularies.load(vocabulary).by_id)


def _known(value: Any, vocabulary: str) -> frozenset[str]:
    return frozenset(one for one in _list(value) if isinstance(one, str)) & _all(vocabulary)


def _some(value: Any, vocabulary: str) -> frozenset[str]:
    """What was chosen; where nothing was, all. A choice that nobody knows opens nothing."""
    return _known(value, vocabulary) if _list(value) else _all(vocabulary)


def _whole(value: Any, otherwise: int) -> int:
    text = str(value if value is not None else "").strip()
    return int(text) if text.isascii() and text.isdigit() else otherwise


def _items(said: Mapping[str, Any], kind: str, field: str) -> tuple[Item, ...]:
    listed = _list(said.get("information_items"))
    return tuple(_item(one, kind, field) for one in listed if isinstance(one, Mapping) and one.get("name"))


def _closed(said: Mapping[str, Any]) -> tuple[Item, ...]:
    """Of what is public: the items that it only names, because they aren't given to anybody."""
    listed = (one for one in _list(said.get("closed_items")) if isinstance(one, Mapping))
    return tuple(
        Item(str(one.get("name")), "", "", "", False, str(one.get("reason") or ""), False, False, False)
        for one in listed
    )


def _item(item: Mapping[str, Any], kind: str, field: str) -> Item:
    can = CLOSED not in (kind, item.get(field))
    return Item(
        name=str(item["name"]),
        column=str(item.get("column") or ""),
        type=str(item.get("type") or ""),
        unit=str(item.get("unit") or ""),
        can_be_applied_for=can,
        why_not="" if can or field != "opening_class" else str(item.get("closed_reason") or ""),
        needs_necessity=item.get("necessity") == "yes",
        filterable=can and item.get("filterable") == "yes",
        sensitive=item.get("sensitive") == "yes",
    )
