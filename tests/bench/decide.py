"""How long the decision over what is granted takes: ``python -m tests.bench.decide``. Under a millisecond is wanted."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

from ckanext.anshan.access.rules import Use, decide_use
from tests.unit.access.test_uses import GRANT, NOW, SCOPE, USE

ROUNDS, EACH = 50, 2000
WIDE = frozenset(f"column {number}" for number in range(500))


def timed(grant, use, now) -> float:
    """Microseconds of one decision, the median of many rounds."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(EACH):
            decide_use(grant, use, now)
        rounds.append((time.perf_counter() - begun) / EACH)
    return statistics.median(rounds) * 1e6


def main() -> None:
    wide = replace(GRANT, scope=replace(SCOPE, columns=WIDE | SCOPE.columns))
    cases = {
        "allowed": (GRANT, USE, NOW),
        "a stranger": (GRANT, USE, replace(NOW, holds=False)),
        "quota used": (GRANT, USE, replace(NOW, used_today=10)),
        "500 columns, all asked for": (wide, Use(USE.method, USE.file, WIDE), replace(NOW, offered=WIDE | NOW.offered)),
    }
    for name, given in cases.items():
        print(f"{name:28} {timed(*given):8.2f} µs")


if __name__ == "__main__":
    main()
