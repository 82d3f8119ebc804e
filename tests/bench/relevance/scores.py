"""The queries, and how well a list of results answers them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

AT = 10
QUERIES = Path(__file__).with_name("queries.jsonl")


@dataclass(frozen=True)
class Query:
    q: str
    kind: str
    split: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Score:
    query: Query
    ndcg: float
    recall: float
    empty: bool


def read(codes: Sequence[str], path: Path = QUERIES) -> list[Query]:
    """The graded queries; ``like`` and codes that end in ``*`` are written out."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    by_q = {row["q"]: row for row in rows}
    return [_query(row, by_q[row.get("like", row["q"])]["relevant"], codes) for row in rows]


def _query(row: Mapping[str, str], relevant: Mapping[str, int], codes: Sequence[str]) -> Query:
    grades: dict[str, int] = {}
    for code, grade in relevant.items():
        meant = [c for c in codes if c.startswith(code[:-1])] if code.endswith("*") else [code]
        grades.update({one.lower(): grade for one in meant})
    return Query(row["q"], row["kind"], row["split"], grades)


def score(query: Query, found: Sequence[str]) -> Score:
    """``found``: names of entries, best first."""
    gains = [query.grades.get(name, 0) for name in found[:AT]]
    best = sorted(query.grades.values(), reverse=True)[:AT]
    wanted = {name for name, grade in query.grades.items() if grade >= 2}
    hit = len(wanted.intersection(found[:AT]))
    return Score(query, _gain(gains) / _gain(best), hit / max(1, min(AT, len(wanted))), not found)


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))


def mean(values: Iterable[float]) -> float:
    known = list(values)
    return sum(known) / len(known) if known else 0.0
