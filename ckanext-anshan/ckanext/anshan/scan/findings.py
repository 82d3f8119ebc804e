"""What a scan finds, and the report that it becomes. Nothing in here holds a raw value of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Severity(Enum):
    BLOCK = "block"  # nobody opens it unconditionally, unless the cyberspace office signs with a reason
    REASON = "reason"  # a reviewer opens it with a reason
    INFORM = "inform"  # to be known

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


@dataclass(frozen=True)
class Finding:
    """One kind of thing at one place. ``facts`` fill the sentence that says why; ``rule`` names the sentence."""

    where: str
    kind: str
    rule: str
    count: int
    severity: Severity
    confidence: float  # 0 to 1
    share: float | None = None  # of the cells there that are not empty; None where nothing can be divided by
    examples: tuple[str, ...] = ()  # masked
    remedies: tuple[str, ...] = ()  # names of remedies.REMEDIES
    articles: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""  # the place without the column, as ``str(Place)``
    column: str = ""  # the header, or "#3" for the third column of a table without one

    def as_dict(self, why: str) -> dict[str, Any]:
        """As ``docs/scan-report.schema.json`` has it."""
        return {
            "where": self.where,
            "kind": self.kind,
            "count": self.count,
            "share": None if self.share is None else round(self.share, 4),
            "severity": self.severity.value,
            "confidence": round(self.confidence, 2),
            "examples_masked": list(self.examples),
            "why": why,
            "remedies": list(self.remedies),
            "rule": self.rule,
            "articles": list(self.articles),
            "part": self.part,
            "column": self.column,
            "facts": dict(self.facts),
        }


@dataclass
class Report:
    """A file, whole. ``readable`` is false where nothing of it could be read."""

    file: str
    sha256: str
    size: int
    type: str  # by the content: "csv", "xlsx", "pdf", ... or "unknown"
    readable: bool
    scanner: str  # version of the code, and hash of policy and dictionaries
    findings: list[Finding] = field(default_factory=list)

    @property
    def severity(self) -> Severity | None:
        return min((one.severity for one in self.findings), key=lambda one: one.rank, default=None)
