"""What a page of datasets shows: results, choices, and what to do when there are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from ckan.types import Context
from markupsafe import Markup

from ..access import downloads
from ..catalogue import vocabularies
from ..catalogue.rules import days_late
from ..workflow import clock
from . import asked as asking
from . import helpers, places, query, tally
from .asked import Asked, Step
from .places import Place

API = "API"
FEW = 5
"""Values of a facet that are shown before the rest is unfolded."""
TITLES: Mapping[str, Callable[[], str]] = {
    "opening_class": lambda: tk._("Opening class"),
    "groups": lambda: tk._("Themes"),
    "organization": lambda: tk._("Agencies"),
    "district": lambda: tk._("District"),
    "update_cycle": lambda: tk._("Update cycle"),
    "res_format": lambda: tk._("Formats"),
}
VOCABULARY = {"opening_class": "opening_classes", "groups": "themes", "district": "districts"} | {
    "update_cycle": "update_cycles"
}
IN_ORDER = ("opening_class", "update_cycle")
"""Facets whose values have an order of their own; the others begin with the most frequent."""


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    here: bool = False
    count: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    values: Sequence[Link]

    @property
    def shown(self) -> Sequence[Link]:
        """The first few; what is chosen is always among them."""
        chosen = [each for each in self.values[FEW:] if each.here]
        return [*self.values[:FEW], *chosen]

    @property
    def rest(self) -> Sequence[Link]:
        return [each for each in self.values[FEW:] if not each.here]


@dataclass(frozen=True)
class Result:
    title: str | Markup
    url: str
    opening_class: str
    notes: str | Markup
    items: Markup | None
    agency: str
    cycle: str
    days_late: int
    on_time: bool
    released: str
    downloads: int
    formats: Sequence[str]


@dataclass(frozen=True)
class Page:
    """All that the template says."""

    asked: Asked
    path: str
    count: int
    results: Sequence[Result]
    facets: Sequence[Facet]
    chips: Sequence[Link]
    orders: Sequence[Link]
    steps: Sequence[tuple[Step, str]]
    size: int
    whole: tally.Sum
    unfiltered: int
    place: Place | None = None
    corrected: str = ""
    """What was searched for in place of what was typed."""
    other_words: Sequence[Link] = field(default_factory=tuple)

    @property
    def first(self) -> int:
        return (self.asked.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        return min(self.asked.page * self.size, self.count)

    @property
    def pages(self) -> int:
        return -(-self.count // self.size)

    @property
    def previous(self) -> str:
        return self.url(self.asked.on(self.asked.page - 1)) if 1 < self.asked.page <= self.pages else ""

    @property
    def next(self) -> str:
        return self.url(self.asked.on(self.asked.page + 1)) if self.asked.page < self.pages else ""

    def url(self, asked: Asked) -> str:
        return asked.address(self.path)

    @property
    def open_only(self) -> Link | None:
        """What can be had at once, as one step; none where that is chosen or changes nothing."""
        values = next((facet.values for facet in self.facets if facet.name == "opening_class"), ())
        found = next((each for each in values if each.name == "unconditional"), None)
        return found if found and not found.here and (found.count or 0) < self.count else None

    @property
    def feed(self) -> str:
        """What comes into this search, as a feed."""
        place = (self.place.field, self.place.name) if self.place else ()
        filters = (*self.asked.filters, *((place,) if place else ()))
        return Asked(self.corrected or self.asked.q, filters).address(tk.h.url_for("feeds.custom"))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The fields that go with a new text."""
        return [pair for pair in self.asked.pairs() if pair[0] not in ("q", "page", "as_typed")]


def look(asked: Asked, place: Place | None = None) -> Page:
    """The page that was asked for, of all public datasets or of those of a place: two requests to Solr.

    A slip costs two more; so does a search that finds nothing, which looks for other words.
    """
    now = clock.today()
    clauses = asking.clauses(asked, now)
    fixed = asking.clause(place.field, [place.name], now) if place else ""
    text = "" if asked.q in query.EVERYTHING else query.bare(asked.q)
    filters = [*clauses.values(), *([fixed] if fixed else [])]
    found, corrected = _search(text, asked, filters)
    counted = tally.of_search(corrected or text, clauses, fixed, now)
    path = place.url if place else tk.h.url_for("dataset.search")
    size = int(tk.config["ckan.datasets_per_page"])
    facets = _facets(asked, counted, path, place)
    return Page(
        asked=asked,
        path=path,
        count=found["count"],
        results=_results(found["results"], now),
        facets=facets,
        chips=_chips(asked, facets, path),
        orders=_orders(asked, path),
        steps=[(at, asked.on(at).address(path) if at != "…" else "") for at in _steps(asked, found["count"], size)],
        size=size,
        whole=counted.whole,
        unfiltered=counted.unfiltered,
        place=place,
        corrected=corrected,
        other_words=_other_words(asked, path, fixed) if asked.q and not found["count"] else (),
    )


def _is(place: Place | None, name: str) -> bool:
    return place is not None and place.field == name


def _search(text: str, asked: Asked, filters: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Results, and the words that were searched for where those typed were a slip."""
    found = _package_search(text, asked, filters)
    if not text or asked.as_typed:
        return found, ""
    meant = found.get("did_you_mean") or (helpers.anshan_search_did_you_mean(text, []) if not found["count"] else None)
    better = _package_search(meant, asked, filters) if meant else found
    return (better, str(meant)) if meant and better["count"] else (found, "")


def _package_search(text: str, asked: Asked, filters: Sequence[str]) -> dict[str, Any]:
    """As a visitor sees it, whoever looks: nobody else's dataset is public."""
    size = int(tk.config["ckan.datasets_per_page"])
    wanted = {
        "q": text,
        "fq": " ".join(f"+{each}" for each in ("dataset_type:dataset", *filters)),
        "sort": asking.ORDERS[asked.sort],
        "rows": size,
        "start": (asked.page - 1) * size,
        "facet": "false",
    }
    return tk.get_action("package_search")(Context(user="", auth_user_obj=None, ignore_auth=False), wanted)


def _steps(asked: Asked, count: int, size: int) -> list[Step]:
    pages = -(-count // size)
    return asking.steps(min(asked.page, pages), pages) if pages > 1 else []


def _facets(asked: Asked, counted: tally.Tally, path: str, place: Place | None) -> list[Facet]:
    agencies = {*counted.facets["organization"], *asked.chosen("organization")}
    titles = places.titles(agencies) if not _is(place, "organization") else {}
    found = []
    for name in asking.FACETS:
        numbers = {**dict.fromkeys(asked.chosen(name), 0), **counted.facets[name]}
        if numbers and not _is(place, name):
            values = [_value(asked, name, value, count, path, titles) for value, count in _sorted(name, numbers)]
            found.append(Facet(name, TITLES[name](), values))
    return found


def _sorted(name: str, numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    order = list(vocabularies.load(VOCABULARY[name]).by_id) if name in IN_ORDER else []
    place = {value: at for at, value in enumerate(order)}
    return sorted(numbers.items(), key=lambda each: (place.get(each[0], len(order)), -each[1]))


def _value(asked: Asked, name: str, value: str, count: int, path: str, titles: Mapping[str, str]) -> Link:
    chosen = value in asked.chosen(name)
    url = asked.toggled(name, value).address(path) + "#filters"
    return Link(label(name, value, titles), url, chosen, count, value)


def label(name: str, value: str, titles: Mapping[str, str]) -> str:
    """What a value of a filter is called."""
    if name == asking.PUNCTUAL:
        return tk._("Update overdue")
    if name in VOCABULARY:
        return vocabularies.label(VOCABULARY[name], value, str(lang()))
    return titles.get(value, value)


def _chips(asked: Asked, facets: Sequence[Facet], path: str) -> list[Link]:
    known = {(facet.name, each.name): each.label for facet in facets for each in facet.values}
    return [
        Link(known.get((name, value)) or label(name, value, {}), asked.toggled(name, value).address(path), name=value)
        for name, value in asked.filters
    ]


def _orders(asked: Asked, path: str) -> list[Link]:
    words = {
        "": tk._("Relevance") if asked.q else tk._("Last change"),
        asking.BY_DATE: tk._("Release date"),
        asking.BY_USE: tk._("Downloads"),
    }
    return [Link(words[sort], asked.sorted_by(sort).address(path), sort == asked.sort) for sort in asking.ORDERS]


def _results(packages: Sequence[dict[str, Any]], now: date) -> list[Result]:
    counted = downloads.counted([each["id"] for each in packages]) if packages else {}
    return [_result(each, now, counted.get(each["id"], 0)) for each in packages]


def _result(package: dict[str, Any], now: date, times: int) -> Result:
    cycle = vocabularies.get("update_cycles", package.get("update_cycle") or "")
    late = days_late(package.get("next_update_due"), now)
    return Result(
        title=helpers.anshan_search_marked(package, "title") or package["title"],
        url=tk.h.url_for("dataset.read", id=package["name"]),
        opening_class=package.get("opening_class", ""),
        notes=helpers.anshan_search_marked(package, "notes") or package.get("notes") or "",
        items=helpers.anshan_search_marked(package, "information_items"),
        agency=(package.get("organization") or {}).get("title", ""),
        cycle=cycle.label(str(lang())) if cycle else "",
        days_late=late,
        on_time=bool(cycle and (cycle.days or cycle.months) and package.get("next_update_due") and not late),
        released=package.get("release_date", ""),
        downloads=times,
        formats=_formats(package),
    )


def _formats(package: Mapping[str, Any]) -> list[str]:
    """Each once, in the order of the files; that tables can be read by programs comes last."""
    resources = package.get("resources", ())
    found = list(dict.fromkeys(each["format"] for each in resources if each.get("format")))
    return [*found, API] if any(each.get("datastore_active") for each in resources) else found


def _other_words(asked: Asked, path: str, fixed: str) -> list[Link]:
    """Parts of what was typed, and words that mean the same, for which there is something; the longest first."""
    candidates = query.parts(asked.q)
    counted = tally.of_words(candidates, fixed)
    found: list[str] = []
    for each in candidates:
        if counted[each] and len(found) < 3 and not any(set(each) & set(other) for other in found):
            found.append(each)
    return [Link(each, Asked(each).address(path), count=counted[each]) for each in found]
