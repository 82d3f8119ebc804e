"""Invented downloads of the demo's datasets: a few are wanted much, most a little, as in every portal."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Sequence

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..access import downloads
from ..search import usage
from ..workflow import clock

DAYS = 180
MOST = 40
"""Downloads of the most wanted dataset on an average day."""
Use = tuple[str, datetime.date, int]


def load() -> int:
    """Count invented downloads, unless any were counted already; returns how many datasets got some."""
    if downloads.counted():
        return 0
    ids = _unconditional()
    uses = list(invented(ids, clock.today()))
    downloads.record(uses)
    usage.refresh()
    return len({dataset_id for dataset_id, _, _ in uses})


def invented(ids: Sequence[str], today: datetime.date) -> Iterator[Use]:
    """Dataset, day, downloads; the same for the same datasets in the same order and the same day."""
    chance = random.Random("anshan")
    for rank, dataset_id in enumerate(chance.sample(list(ids), len(ids)), start=1):
        for days in range(DAYS):
            number = int(chance.expovariate(rank / MOST))
            if number:
                yield dataset_id, today - datetime.timedelta(days=days), number


def _unconditional() -> list[str]:
    asked = {"fq": "dataset_type:dataset +opening_class:unconditional", "rows": 1000, "fl": ["id"], "sort": "name asc"}
    anonymous = Context(user="", auth_user_obj=None, ignore_auth=False)
    return [row["id"] for row in tk.get_action("package_search")(anonymous, asked)["results"]]
