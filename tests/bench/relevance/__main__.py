"""How well people find a catalogue's entries, beside plain CKAN: same Solr, same data, same run.

    ./portal bench relevance --catalogue FILE [--worst N] [--json]

Two cores are laid beside the portal's own and taken away again: one with our configuration set and the documents of our
hooks, one with the schema inside the installed CKAN and CKAN's documents. Both are asked through CKAN's own
``PackageSearchQuery``; ours gets its parameters from our hook, as a search on the portal does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ckan.common import config
from ckan.lib.search.query import PackageSearchQuery

from ckanext.anshan.search import hooks

from . import catalogue, scores
from .cores import Core, cores

Params = dict[str, Any]
Row = tuple[str, dict[str, float], dict[str, float]]


def plain(params: Params) -> Params:
    return params


def ask(core: Core, q: str, hook: Callable[[Params], Params]) -> list[str]:
    """The names that CKAN's own search finds in this core."""
    config.update({"solr_url": core.url, "ckan.site_id": "bench", "search.facets.limit": 50, "solr_timeout": 60})
    config.update({"solr_user": None, "solr_password": None, "ckan.search.solr_allowed_query_parsers": []})
    params = hook({"q": q, "rows": scores.AT, "df": "text", "fq": ""})
    params.pop("extras", None)
    params["sort"] = params.get("sort") or "score desc, metadata_modified desc"
    search = PackageSearchQuery()
    search.run({**params, "fl": "name"})
    return [row if isinstance(row, str) else row["name"] for row in search.results]


def measure(core: Core, queries: Sequence[scores.Query], hook: Callable[[Params], Params]) -> list[scores.Score]:
    return [scores.score(query, ask(core, query.q, hook)) for query in queries]


def figures(found: Sequence[scores.Score]) -> dict[str, float]:
    return {
        "queries": len(found),
        "ndcg10": scores.mean(each.ndcg for each in found),
        "recall10": scores.mean(each.recall for each in found),
        "zero": scores.mean(each.empty for each in found),
    }


def by(found: Sequence[scores.Score], key: Callable[[scores.Query], str]) -> dict[str, list[scores.Score]]:
    groups: dict[str, list[scores.Score]] = {}
    for each in found:
        groups.setdefault(key(each.query), []).append(each)
    return groups


def report(ours: Sequence[scores.Score], theirs: Sequence[scores.Score]) -> Iterable[Row]:
    yield "all", figures(ours), figures(theirs)
    for key in (lambda query: query.split, lambda query: query.kind):
        other = by(theirs, key)
        for name, group in by(ours, key).items():
            yield name, figures(group), figures(other[name])


def show(rows: Iterable[Row]) -> None:
    print(f"{'':14}{'':>5} {'nDCG@10':>16} {'recall@10':>16} {'no result':>16}")
    print(f"{'':14}{'':>5} {'ours   plain':>16} {'ours   plain':>16} {'ours   plain':>16}")
    for name, own, other in rows:
        pairs = (f"{own[key]:7.3f} {other[key]:8.3f}" for key in ("ndcg10", "recall10", "zero"))
        print(f"{name:14}{own['queries']:5.0f} {' '.join(pairs)}")


def run(options: argparse.Namespace) -> int:
    entries = catalogue.read(options.catalogue)
    queries = scores.read([entry["code"] for entry in entries])
    documents = list(catalogue.documents(entries))
    with cores(options.data, options.solr) as (own, other):
        other.add(documents)
        own.add([hooks.before_dataset_index(dict(document)) for document in documents])
        ours = measure(own, queries, hooks.before_dataset_search)
        theirs = measure(other, queries, plain)
    rows = list(report(ours, theirs))
    if options.json:
        print(json.dumps([{"of": name, "ours": own, "plain": other} for name, own, other in rows], ensure_ascii=False))
        return 0
    print(f"{len(entries)} entries, {len(queries)} graded queries (tests/bench/relevance/README.md)\n")
    show(rows)
    print(f"\nThe {options.worst} that ours answers worst:")
    for each in sorted(ours, key=lambda each: each.ndcg)[: options.worst]:
        print(f"  {each.ndcg:.2f}  {each.query.q}  ({each.query.kind}, {each.query.split})")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="./portal bench relevance", description="Measure the search.")
    parser.add_argument("--data", type=Path, help="data folder of the running portal")
    parser.add_argument("--solr", help="address of Solr, up to /solr; the portal's own if left out")
    parser.add_argument("--catalogue", type=Path, default=os.environ.get("ANSHAN_BENCH_CATALOGUE"))
    parser.add_argument("--worst", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.catalogue or not Path(options.catalogue).is_file():
        print("Name the catalogue that the queries are graded on: --catalogue catalogue-1272.csv", file=sys.stderr)
        return 2
    options.catalogue = Path(options.catalogue)
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
