"""How fast the scanner reads and judges, beside what reading the same file costs by itself.

    ./portal bench scan [--mib 512] [--cells 1000000] [--runs 3]

Writes a CSV and a workbook of an agency's table (names, resident IDs, dates, addresses, amounts, remarks), and a CSV of
as many bytes whose quotes are broken in every row. Scans each in a process of its own that may use one core, and has
polars and calamine read the well-formed ones under the same condition. Tells too what patterns on each cell would cost.
Prints the processor's time, since others may use the machine meanwhile, and the most memory that the process took.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from ckanext.anshan.scan.recognising.checks import id_check

SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "伟芳娜敏静强磊军洋勇艳杰娟涛超兰霞平刚桂"
HEADER = ("受理编号", "申请人", "证件号码", "申请日期", "单位地址", "金额", "类别", "部门", "状态", "次数", "备注")
BLOCK = 30_000
"""Different rows; a larger file repeats them."""


def rows(count: int) -> Iterator[tuple[str, ...]]:
    made = random.Random(1)
    for number in range(count):
        born = f"{made.randint(1950, 2005)}{made.randint(1, 12):02}{made.randint(1, 28):02}"
        body = f"2103{made.choice(('02', '03', '04', '11'))}{born}{made.randint(0, 999):03}"
        yield (
            f"AS{20_230_000_000 + number}",
            made.choice(SURNAMES) + made.choice(GIVEN) + made.choice(GIVEN),
            body + id_check(body),
            f"2023-{made.randint(1, 12):02}-{made.randint(1, 28):02}",
            f"鞍山市{made.choice(('铁东区', '铁西区', '立山区'))}胜利路{made.randint(1, 999)}号",
            f"{made.random() * 10_000:.2f}",
            made.choice(("低保", "特困", "临时救助")),
            f"鞍山市{made.choice(('民政局', '人社局'))}",
            made.choice(("已发放", "待审核", "通过")),
            str(made.randint(1, 9)),
            "经街道社区核实情况属实同意按标准发放",
        )


def write_csv(path: Path, mib: int) -> None:
    block = "".join(f"{','.join(row)}\n" for row in rows(BLOCK)).encode()
    with path.open("wb") as file:
        file.write(f"{','.join(HEADER)}\n".encode())
        while file.tell() < mib << 20:
            file.write(block)


def write_broken(path: Path, mib: int) -> None:
    """In each row a quote that closes too early, one that stands for inches, and one that is never closed."""
    block = "".join(f'{row[0]},"{row[1]}" {row[8]},5" 管,{row[4]},"{row[10]}\n' for row in rows(BLOCK)).encode()
    with path.open("wb") as file:
        while file.tell() < mib << 20:
            file.write(block)


def write_xlsx(path: Path, cells: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    block = list(rows(min(BLOCK, cells // len(HEADER))))
    for number in range(cells // len(HEADER)):
        row = block[number % len(block)]
        sheet.write_row(number + 1, 0, [*row[:5], float(row[5]), *row[6:9], int(row[9]), row[10]])
    book.close()


SCAN = (
    "from ckanext.anshan.scan import memory, scanning; memory.keep_freed();"
    " found = [one.kind for one in scanning.scan(path)]"
)
POLARS = "import polars; found = [str(polars.read_csv(path, infer_schema=False).shape)]"
PATTERNS = [
    r"[1-9]\d{16}[0-9Xx]", r"1[3-9]\d{9}", r"0\d{2,3}-?\d{7,8}", r"\d{16,19}", r"[\w.+-]+@[\w-]+\.[\w.]+", r"[EG]\d{8}",
]  # fmt: skip
EACH_CELL = (
    f"import csv, re; patterns = [re.compile(one) for one in {PATTERNS}]; rows = csv.reader(open(path, newline=''));"
    " found = [str(sum(1 for row in rows for cell in row for one in patterns if one.search(cell))) + ' matches']"
)
EACH_COLUMN = (
    f"import polars; table = polars.read_csv(path, infer_schema=False); found = [str(sum(int(column.str.contains(one)"
    f".sum()) for column in table for one in {PATTERNS})) + ' matches']"
)
CALAMINE = (
    "import python_calamine; book = python_calamine.load_workbook(path);"
    " found = [str(sum(map(len, book.get_sheet_by_index(0).iter_rows())))]"
)
PROGRAM = """
import json, os, resource, sys, time
from pathlib import Path
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
path = Path(sys.argv[1])
began = time.process_time()
%s
print(json.dumps({"seconds": time.process_time() - began, "found": found,
    "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def measured(work: str, path: Path, runs: int) -> dict[str, Any]:
    """The fastest of some runs, each in a process of its own on one core."""
    env = os.environ | {"POLARS_MAX_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    found = []
    for _ in range(runs):
        command = [sys.executable, "-c", PROGRAM % work, str(path)]
        answer = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        found.append(json.loads(answer))
    return min(found, key=lambda one: one["seconds"])


def said(name: str, ours: dict[str, Any], amount: float, unit: str, beside: str = "") -> str:
    return (
        f"{name}: {amount / ours['seconds']:,.0f} {unit}/s a core, {ours['seconds']:.1f} s, {ours['mib']:,.0f} MiB;"
        f"{beside} found {', '.join(dict.fromkeys(ours['found']))}"
    )


def beside(reader: str, ours: dict[str, Any], theirs: dict[str, Any], amount: float, unit: str) -> str:
    times = ours["seconds"] / theirs["seconds"]
    return f" {reader} alone {amount / theirs['seconds']:,.0f} {unit}/s ({times:.1f} times);"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="./portal bench scan", description="Measure the scanner's speed.")
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)  # every bench is told it; this one needs no portal
    parser.add_argument("--mib", type=int, default=512, help="size of the CSV; 2048 shows the memory of a large one")
    parser.add_argument("--cells", type=int, default=1_000_000, help="of the workbook")
    parser.add_argument("--runs", type=int, default=3, help="the fastest of so many is told")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        table, book = Path(folder) / "table.csv", Path(folder) / "book.xlsx"
        write_csv(table, asked.mib)
        size = table.stat().st_size / 1e6
        ours, polars = measured(SCAN, table, asked.runs), measured(POLARS, table, asked.runs)
        print(said(f"CSV of {size:,.0f} MB", ours, size, "MB", beside("polars", ours, polars, size, "MB")), flush=True)
        write_csv(table, max(asked.mib // 16, 1))
        size = table.stat().st_size / 1e6
        for way, work in (("csv and re on each cell", EACH_CELL), ("polars on each column", EACH_COLUMN)):
            print(said(f"Six patterns, {way}, {size:,.0f} MB", measured(work, table, 1), size, "MB"), flush=True)
        write_broken(table, asked.mib)
        size = table.stat().st_size / 1e6
        print(said(f"CSV of broken quotes, {size:,.0f} MB", measured(SCAN, table, 1), size, "MB"), flush=True)
        table.unlink()
        write_xlsx(book, asked.cells)
        ours, calamine = measured(SCAN, book, asked.runs), measured(CALAMINE, book, asked.runs)
        more = beside("calamine", ours, calamine, asked.cells, "cells")
        print(said(f"XLSX of {asked.cells:,} cells", ours, asked.cells, "cells", more), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
