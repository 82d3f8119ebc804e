"""Writes what an import found, row by row, for people (CSV) and for programs (JSON lines)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import ckan.plugins.toolkit as tk

from . import messages
from .problems import Problem


def write(problems: Iterable[Problem], path: Path) -> None:
    """Write a report; ``.jsonl`` and ``.ndjson`` are JSON lines, everything else is CSV that a spreadsheet opens."""
    if path.suffix in (".jsonl", ".ndjson"):
        with path.open("w", encoding="utf-8") as file:
            file.writelines(lines(problems))
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            write_csv(problems, file)


def write_csv(problems: Iterable[Problem], file: IO[str]) -> None:
    writer = csv.writer(file)
    writer.writerow([tk._("Row"), tk._("Column"), tk._("Value"), tk._("Result"), tk._("Reason"), tk._("Code")])
    for one in problems:
        told = as_dict(one)
        writer.writerow([one.row, one.column, one.value, messages.level(one.level.value), told["reason"], one.code])


def lines(problems: Iterable[Problem]) -> Iterator[str]:
    for one in problems:
        yield json.dumps(as_dict(one), ensure_ascii=False) + "\n"


def as_dict(one: Problem) -> dict[str, Any]:
    """A finding with its sentence."""
    told = {"row": one.row, "column": one.column, "value": one.value, "level": one.level.value, "code": one.code}
    return told | {"reason": messages.problem(one), "facts": dict(one.facts)}
