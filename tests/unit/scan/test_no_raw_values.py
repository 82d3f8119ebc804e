"""No personal datum or secret of a file stands in the report on it; what must not is in the corpus's own truth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.pii import corpus

from .conftest import Scanned

SEPARATORS = re.compile(r"[\s\-–·.,;:/\\\"'()（）+_]")
LONG = 7
"""From so many signs on a number is looked for without what separates its parts too."""
MARKS = "secrecy_mark"
"""A mark such as 机密★5年 is no secret itself, and the sentence about it may say it."""


def _told(line: dict[str, Any]) -> str:
    """A report without its hash, size and version, whose digits are no one's."""
    return json.dumps({key: line[key] for key in line if key not in ("sha256", "size", "scanner")}, ensure_ascii=False)


def _raw(table: corpus.Table) -> Iterator[tuple[str, str]]:
    """The values that must not be told, with their kinds; not those that the file's own headers say aloud."""
    aloud = " ".join((table.path.name, *(f"{one.where} {one.sheet} {one.member}" for one in table.columns)))
    for column in table.columns:
        for kind, values in column.raw.items():
            yield from ((kind, value) for value in values if kind != MARKS and value not in aloud)


def test_no_raw_value_of_the_corpus_is_in_a_report(scanned: list[Scanned]) -> None:
    told = []
    for one in scanned:
        whole = "\n".join(map(_told, one.lines.values()))
        told += [f"{one.table.path.name}: {kind}" for kind, value in _raw(one.table) if value in whole]
    assert sorted(set(told)) == []


def test_no_raw_number_of_the_corpus_is_in_a_report_with_other_separators(scanned: list[Scanned]) -> None:
    told = []
    for one in scanned:
        joined = SEPARATORS.sub("", "\n".join(map(_told, one.lines.values())))
        for kind, value in _raw(one.table):
            bare = SEPARATORS.sub("", value)
            if len(bare) >= LONG and bare.isascii() and bare in joined:
                told.append(f"{one.table.path.name}: {kind}")
    assert sorted(set(told)) == []


@pytest.mark.parametrize("kind", ["resident_id", "mobile", "person_name", "home_address", "bank_card", "credential"])
def test_the_corpus_has_values_to_look_for(scanned: list[Scanned], kind: str) -> None:
    assert sum(found == kind for one in scanned for found, _ in _raw(one.table)) > 10


def test_a_value_would_be_seen(scanned: list[Scanned]) -> None:
    one = next(one for one in scanned if any(kind == "mobile" for kind, _ in _raw(one.table)))
    value = next(value for kind, value in _raw(one.table) if kind == "mobile")
    assert value in _told({**one.lines["en"], "findings": [{"examples_masked": [value]}]})
