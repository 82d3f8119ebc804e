"""The labelled corpus, small, and what the scanner says of it: made once for all tests here that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ckanext.anshan.scan import messages
from ckanext.anshan.scan.__main__ import as_dict
from tests.bench.pii import corpus, measure

SEED, MOST = 11, 120


@dataclass(frozen=True)
class Scanned:
    table: corpus.Table
    found: list[measure.Found]
    lines: dict[str, dict[str, Any]]  # language → the report as ``--json`` prints it


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> list[Scanned]:
    made = []
    for table in corpus.make(tmp_path_factory.mktemp("corpus"), SEED, MOST):
        found, report = measure.scan(table.path)
        lines = {lang: as_dict(report, messages.translator(lang)) for lang in ("en", "zh_Hans_CN")}
        made.append(Scanned(table, found, lines))
    return made
