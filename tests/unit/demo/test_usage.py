"""The invented downloads."""

from __future__ import annotations

import datetime
from collections import Counter

from ckanext.anshan.demo import usage

TODAY = datetime.date(2026, 11, 24)


def test_the_same_datasets_get_the_same_downloads_on_the_same_day():
    ids = [f"d{n}" for n in range(50)]
    assert list(usage.invented(ids, TODAY)) == list(usage.invented(ids, TODAY))


def test_a_few_are_wanted_much_and_most_a_little():
    total: Counter[str] = Counter()
    for dataset_id, day, number in usage.invented([f"d{n}" for n in range(100)], TODAY):
        assert number > 0 and datetime.timedelta(0) <= TODAY - day < datetime.timedelta(days=usage.DAYS)
        total[dataset_id] += number
    ranked = [number for _, number in total.most_common()]
    assert sum(ranked[:10]) > sum(ranked[10:])
