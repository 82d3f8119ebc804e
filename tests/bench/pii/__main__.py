"""How well the scanner finds personal data and secrets in files, and how seldom it cries wolf.

    ./portal bench pii [--seed N] [--only table] [--show] [--folder F] [--most N]

Makes the labelled corpus (README.md beside this file) with one seed or three, scans every file of it, and prints
precision and recall for each kind, of columns and of values.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from . import corpus, measure

SEEDS = (1, 2, 3)
TARGET = 0.98
SHOWN = 8


def run(folder: Path, seed: int, options: argparse.Namespace) -> measure.Scores:
    tables = corpus.make(folder, seed, options.most)
    chosen = [table for table in tables if options.only in table.path.name]
    scores = measure.measure(chosen)
    columns = sum(len(table.columns) for table in chosen)
    dirt = frozenset().union(*(table.dirt for table in chosen))
    print(f"\nSeed {seed}: {len(chosen)} files, {columns} columns, {len(dirt)} kinds of dirt\n")
    print("\n".join(measure.lines(scores)))
    if options.show:
        for title, names in (("Wrongly found", scores.wrong), ("Missed", scores.missed), ("Other rows", scores.loose)):
            print(f"\n{title}:", *_shown(names), sep="\n  ")
    return scores


def _shown(names: Sequence[str]) -> Iterator[str]:
    """In order, and of each kind in a file no more than a reader can use."""
    for of, same in groupby(sorted(names), key=lambda name: name.split(" · ")[0]):
        every = list(same)
        yield from every[:SHOWN]
        if len(every) > SHOWN:
            yield f"{of} · and {len(every) - SHOWN} more"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./portal bench pii", description="Measure the scanner.")
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)  # every bench is told it; this one needs no portal
    parser.add_argument("--seed", type=int, help="of the corpus; three of them if left out")
    parser.add_argument("--only", default="", help="files whose name holds this")
    parser.add_argument("--show", action="store_true", help="name what is wrong and what is missed")
    parser.add_argument("--most", type=int, help="records in a table")
    parser.add_argument("--folder", type=Path, help="keep the corpus there")
    options = parser.parse_args()
    every = measure.Scores()
    for seed in (options.seed,) if options.seed is not None else SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            every.add(run((options.folder or Path(folder)) / str(seed), seed, options))
    columns = measure.total(every.columns.values())
    print(f"\nColumns: precision {columns.precision:.4f}, recall {columns.recall:.4f} (wanted: {TARGET} each)")
    return 0 if min(columns.precision, columns.recall) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
