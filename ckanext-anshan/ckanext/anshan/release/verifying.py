"""Takes the hash of every released file anew."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from .damages import problem_of
from .model import file, run


def verify() -> dict[str, Any]:
    """
    :returns: ``files``, ``bytes`` and ``problems``, a list of ``sha256`` and ``problem`` (``missing`` or ``damaged``)
    """
    rows = list(run(sa.select(file.c.sha256, file.c.size).distinct().order_by(file.c.sha256)))
    problems = [{"sha256": row.sha256, "problem": problem} for row in rows if (problem := problem_of(row.sha256))]
    return {"files": len(rows), "bytes": sum(row.size for row in rows), "problems": problems}
