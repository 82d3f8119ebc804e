"""What a reader asks of a page of datasets: words, filters, order, page. It is the page's address, and nothing else is.

Plain Python. Several values of one filter widen it, several filters narrow the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from urllib.parse import quote, urlencode

FACETS = ("opening_class", "groups", "organization", "district", "update_cycle", "res_format")
"""The filters that a page lists with counts, in this order."""
PUNCTUAL = "punctuality"
FILTERS = (*FACETS, "tags", "license_id", PUNCTUAL)

BY_DATE, BY_USE = "release_date desc", "use_count desc"
ORDERS: Mapping[str, str] = {
    "": "score desc, metadata_modified desc",
    BY_DATE: "release_date desc, metadata_modified desc",
    BY_USE: "use_count desc, release_date desc",
}
"""What may stand in the address, and what it means to Solr; an order that nobody offered is the first."""

LONGEST = 200
SIGNS = re.compile(r'[\\"{:]')
MOST_FILTERS = 30
LAST_PAGE = 500


@dataclass(frozen=True)
class Asked:
    q: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    sort: str = ""
    page: int = 1
    as_typed: bool = False
    """Not corrected: the reader said that this is what was meant."""

    def chosen(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.filters if key == name)

    def toggled(self, name: str, value: str) -> Asked:
        """With this filter, or without it where it is chosen; from the first page on."""
        rest = tuple(each for each in self.filters if each != (name, value))
        return replace(self, filters=rest if rest != self.filters else (*rest, (name, value)), page=1)

    def sorted_by(self, sort: str) -> Asked:
        return replace(self, sort=sort, page=1)

    def on(self, page: int) -> Asked:
        return replace(self, page=page)

    def unfiltered(self) -> Asked:
        return replace(self, filters=(), page=1)

    def saying(self, q: str, as_typed: bool = False) -> Asked:
        return replace(self, q=q, page=1, as_typed=as_typed)

    def pairs(self) -> list[tuple[str, str]]:
        """As the fields of an address; what is usual is left out."""
        usual = (("q", self.q), *self.filters, ("sort", self.sort))
        more = (("page", str(self.page) if self.page > 1 else ""), ("as_typed", "1" if self.as_typed else ""))
        return [(name, value) for name, value in (*usual, *more) if value]

    def address(self, path: str) -> str:
        query = urlencode(self.pairs(), quote_via=quote)
        return f"{path}?{query}" if query else path


def read(fields: Iterable[tuple[str, str]]) -> Asked:
    """What the fields of an address ask; what isn't known or can't be is left out.

    >>> read([("q", " 公交 "), ("groups", "transport"), ("x", "1"), ("page", "0"), ("sort", "name asc")])
    Asked(q='公交', filters=(('groups', 'transport'),), sort='', page=1, as_typed=False)
    """
    pairs = [(name, value.strip()[:LONGEST]) for name, value in fields]
    given = dict(reversed(pairs))
    filters = dict.fromkeys((name, value) for name, value in pairs if name in FILTERS and value)
    page = given.get("page", "")
    return Asked(
        q=given.get("q", ""),
        filters=tuple(filters)[:MOST_FILTERS],
        sort=given["sort"] if given.get("sort") in ORDERS else "",
        page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdecimal() else 1,
        as_typed=given.get("as_typed") == "1",
    )


def clauses(asked: Asked, today: date) -> dict[str, str]:
    """Each filter in Solr's words, by its name."""
    names = dict.fromkeys(name for name, _ in asked.filters)
    return {name: clause(name, asked.chosen(name), today) for name in names}


def clause(name: str, values: Iterable[str], today: date) -> str:
    """
    >>> clause("organization", ["a", 'b"'], date(2026, 11, 25))
    'organization:("a" OR "b\\\\"")'
    """
    if name == PUNCTUAL:
        return late(today)
    return f"{name}:({' OR '.join(map(_quoted, values))})"


def late(today: date) -> str:
    """Whose next update was due before today. The dates are texts, and sort like dates."""
    return f'next_update_due:["0000" TO "{(today - timedelta(days=1)).isoformat()}"]'


def _quoted(value: str) -> str:
    """Also without what CKAN refuses wherever it stands: parsers ({!…}) and magic fields (_query_:)."""
    return '"' + SIGNS.sub(r"\\\g<0>", value) + '"'


Step = int | Literal["…"]


def steps(page: int, pages: int) -> list[Step]:
    """The pages to offer: the first, the last, those around this one, and a gap where some are left out.

    >>> steps(1, 8), steps(5, 9), steps(1, 1)
    ([1, 2, 3, '…', 8], [1, '…', 4, 5, 6, '…', 9], [1])
    """
    near = {1, pages, *range(page - 1, page + 2), *((2, 3) if page == 1 else ())}
    shown = sorted(each for each in near if 1 <= each <= pages)
    found: list[Step] = []
    for before, each in zip([0, *shown], shown, strict=False):
        if each - before == 2:
            found.append(each - 1)
        elif each - before > 2:
            found.append("…")
        found.append(each)
    return found
