"""Brings the use of datasets into the index, where it orders what is equally good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ckan.plugins.toolkit as tk
from ckan.lib.search import make_connection

from ..access import downloads
from ..store import index

BATCH = 500


def refresh() -> int:
    """Index anew each dataset that was downloaded since it was indexed; returns how many.

    One SQL statement for the counts, one request to Solr for 500 datasets, and no work for those that agree.
    """
    counted = downloads.counted()
    stale = list(_stale(counted))
    if stale:
        index.index(stale)
    return len(stale)


def _stale(counted: Mapping[str, int]) -> Iterable[str]:
    ids = sorted(counted)
    for start in range(0, len(ids), BATCH):
        known = _indexed(ids[start : start + BATCH])
        yield from (id for id, uses in known.items() if uses != counted[id])


def _indexed(ids: Sequence[str]) -> dict[str, int]:
    """What the index says of these datasets; one that isn't in it isn't named."""
    site = f'+site_id:"{tk.config["ckan.site_id"]}"'
    found = make_connection().search("{!terms f=id}" + ",".join(ids), fq=site, fl="id,use_count", rows=len(ids))
    return {row["id"]: row.get("use_count", 0) for row in found.docs}
