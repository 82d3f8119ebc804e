"""How many public datasets there are of each kind: Solr counts, one request whatever is asked.

``package_search`` can't leave a filter out of the counts of that same filter, which is what makes a list of choices
useful after the first choice. So the counts are asked here, of what every visitor may see and of nothing else: no
syntax that a reader typed gets in, the words come from ``query`` and the filters from ``asked``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, make_connection
from pysolr import SolrError

from . import asked as asking
from . import query
from .synonyms import key

PUBLIC = ("+dataset_type:dataset", "+capacity:public", "+state:active", "+permission_labels:public")
MOST = 200
"""Values of one facet: agencies are the most, and no city has more."""
MATCH = "{{!edismax{tag} v=${v} qf=${v}_qf mm=${v}_mm}}"

Json = dict[str, Any]
Numbers = Mapping[str, int]


@dataclass(frozen=True)
class Sum:
    """What some datasets are together."""

    count: int = 0
    classes: Numbers = field(default_factory=dict)
    late: int = 0
    newest: str = ""
    agencies: int = 0


@dataclass(frozen=True)
class Tally:
    facets: Mapping[str, Numbers]
    """For each facet its values with their counts, as if nothing of that facet were chosen."""
    unfiltered: int
    """Results for the words alone."""
    whole: Sum
    """The place as a whole: all that the page is about, without words and filters."""


def of_search(q: str, clauses: Mapping[str, str], place: str, today: date) -> Tally:
    """
    :param clauses: the chosen filters by name, as ``asked.clauses`` makes them · :param place: the filter that stays
    """
    params, own = _words({"words": q} if q else {}, tag=True)
    tagged = [f"{{!tag={name}}}{clause}" for name, clause in clauses.items()]
    everything = [*clauses, *(["words"] if own else [])]
    facets: Json = {name: _terms(name, excludeTags=name) for name in asking.FACETS}
    facets["unfiltered"] = _all({"excludeTags": list(clauses)})
    facets["whole"] = _all({"excludeTags": everything}) | {"facet": _sums(today)}
    found = _ask(facets, [*own, *tagged, *([place] if place else [])], params)
    counts = {name: _counts(found.get(name)) for name in asking.FACETS}
    return Tally(counts, _count(found, "unfiltered"), _sum(found.get("whole") or {}))


def of_places(name: str, today: date) -> dict[str, Sum]:
    """For each value of a facet what its datasets are together."""
    found = _ask({"places": _terms(name) | {"facet": _sums(today)}}, [], {})
    return {row["val"]: _sum(row) for row in _buckets(found.get("places"))}


def of_words(words: Sequence[str], place: str) -> dict[str, int]:
    """How many results each of these searches would have."""
    params, own = _words({f"w{at}": each for at, each in enumerate(words)})
    facets = {f"w{at}": {"type": "query", "q": each} for at, each in enumerate(own)}
    found = _ask(facets, [place] if place else [], params) if words else {}
    return {each: _count(found, f"w{at}") for at, each in enumerate(words)}


def of_items(begun: str, most: int) -> dict[str, int]:
    """Names of information items that begin so, each with the number of its datasets."""
    start = key(begun)
    return _counts(_ask({"items": _terms("exact_item") | {"prefix": start, "limit": most}}, [], {}).get("items"))


def of_values(*names: str) -> dict[str, Numbers]:
    """For each of these fields how many datasets have each value."""
    found = _ask({name: _terms(name) for name in names}, [], {})
    return {name: _counts(found.get(name)) for name in names}


def _words(texts: Mapping[str, str], tag: bool = False) -> tuple[dict[str, str], list[str]]:
    """The parameters that hold what was typed, and the filters that name them."""
    params: dict[str, str] = {}
    found = []
    for name, text in texts.items():
        built = query.build(text)
        if "qf" in built:
            params |= {name: built["q"], f"{name}_qf": built["qf"], f"{name}_mm": built["mm"]}
            found.append(MATCH.format(v=name, tag=f" tag={name}" if tag else ""))
        else:
            found.append((f"{{!tag={name}}}" if tag else "") + query.NOTHING)
    return params, found


def _terms(name: str, **domain: Any) -> Json:
    return {"type": "terms", "field": name, "limit": MOST} | ({"domain": domain} if domain else {})


def _all(domain: Json) -> Json:
    return {"type": "query", "q": "*:*", "domain": domain}


def _sums(today: date) -> Json:
    late = {"type": "query", "q": asking.late(today)}
    more = {"newest": "max(release_date)", "agencies": "unique(organization)"}
    return {"classes": _terms("opening_class"), "late": late, **more}


def _ask(facets: Json, filters: Sequence[str], params: Mapping[str, str]) -> Json:
    site = f'+site_id:"{tk.config["ckan.site_id"]}"'
    asked = {"fq": [*PUBLIC, site, *filters], "rows": 0, "q.op": "AND", "json.facet": json.dumps(facets), **params}
    try:
        return make_connection(decode_dates=False).search("*:*", **asked).raw_response.get("facets", {})
    except SolrError as error:
        raise SearchError("The counts of a search could not be made") from error


def _sum(row: Json) -> Sum:
    newest = str(row.get("newest") or "")[:10]
    return Sum(
        int(row.get("count", 0)), _counts(row.get("classes")), _count(row, "late"), newest, int(row.get("agencies", 0))
    )


def _buckets(facet: Json | None) -> list[Json]:
    return (facet or {}).get("buckets", [])


def _counts(facet: Json | None) -> dict[str, int]:
    return {str(row["val"]): int(row["count"]) for row in _buckets(facet)}


def _count(found: Json, name: str) -> int:
    return int((found.get(name) or {}).get("count", 0))
