"""The severity policy and the thresholds, read from ``config/scan``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .findings import Severity

FOLDER = Path(__file__).parents[1] / "config" / "scan"


@dataclass(frozen=True)
class Kind:
    severity: Severity
    articles: tuple[str, ...]
    remedies: tuple[str, ...]
    milder: Mapping[str, Severity]

    def weighs(self, rule: str) -> Severity:
        """How severe a finding by this rule is."""
        return self.milder.get(rule, self.severity)


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of finding with what follows from it."""
    return {
        name: Kind(Severity(row["severity"]), tuple(row["articles"]), tuple(row["remedies"]), _milder(row))
        for name, row in _read("kinds.yaml").items()
    }


def _milder(row: Mapping[str, Any]) -> dict[str, Severity]:
    return {rule: Severity(severity) for rule, severity in row.get("milder", {}).items()}


@cache
def thresholds() -> Mapping[str, Any]:
    return _read("thresholds.yaml")


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))
