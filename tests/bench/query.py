"""How fast a grant's data is read: ``./portal bench query [--rows 1000000]``, on a running portal.

A table of 12 columns, of which the engine reads a columnar copy and CKAN's DataStore a table of its own. The same
questions are put to both in this process, in turns, each time with other values: a page of 100 rows with the number of
all that fit. The first is what the target is about. Then what other questions, the making of the copy and whole files
take, and how much memory this process has at the end. No request and no decision are in it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TARGET = 50.0  # ms, p50 of a filtered page
HEADER = ["受理编号", "申请人", "编码", "申请日期", "单位地址", "金额", "类别", "部门", "状态", "次数", "备注", "经度"]
TYPES = ["text", "text", "text", "date", "text", "numeric", "text", "text", "text", "int8", "text", "numeric"]
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "伟芳娜敏静强磊军洋勇艳杰娟涛超兰霞平刚桂"
KINDS, DISTRICTS = ("低保", "特困", "临时救助"), ("铁东区", "铁西区", "立山区", "千山区")
KEY = b"key of a grant .."

Question = Callable[[random.Random], dict[str, Any]]


def rows(count: int) -> Iterator[tuple[str, ...]]:
    made = random.Random(1)
    for number in range(count):
        yield (
            f"AS{20_230_000_000 + number}",
            made.choice(SURNAMES) + made.choice(GIVEN) + made.choice(GIVEN),
            f"{made.randrange(10**8):08d}",
            f"202{made.randint(0, 5)}-{made.randint(1, 12):02}-{made.randint(1, 28):02}",
            f"鞍山市{made.choice(DISTRICTS)}胜利路{made.randint(1, 999)}号",
            f"{made.random() * 10_000:.2f}",
            made.choice(KINDS),
            f"鞍山市{made.choice(('民政局', '人社局', '交通局'))}",
            made.choice(("已发放", "待审核", "通过")),
            str(made.randint(1, 99)),
            "经街道社区核实情况属实同意按标准发放",
            f"{122 + made.random():.6f}",
        )


def by_two(chosen: random.Random) -> dict[str, Any]:
    return {"次数": chosen.randint(1, 99), "类别": chosen.choice(KINDS)}


def by_one(chosen: random.Random) -> dict[str, Any]:
    return {"类别": chosen.choice(KINDS)}


def by_number(count: int) -> Question:
    return lambda chosen: {"受理编号": f"AS{20_230_000_000 + chosen.randrange(count)}"}


def ours(scope: Any, question: Question, **more: Any) -> Callable[[random.Random], Any]:
    from ckanext.anshan.access import querying

    def ask(chosen: random.Random) -> Any:
        filters = [{"column": name, "value": value} for name, value in question(chosen).items()]
        return querying.ask(scope, {"filters": filters, "limit": 100, **more}, KEY)

    return ask


def theirs(table: str, question: Question, **more: Any) -> Callable[[random.Random], Any]:
    import ckan.plugins.toolkit as tk

    def ask(chosen: random.Random) -> Any:
        given = {"resource_id": table, "filters": question(chosen), "limit": 100, **more}
        return tk.get_action("datastore_search")({"ignore_auth": True}, given)

    return ask


def measured(ways: Sequence[Callable[[random.Random], Any]], runs: int) -> list[tuple[float, float]]:
    """p50 and p95 in milliseconds of each way, asked in turns after one that doesn't count."""
    chosen = [random.Random(7) for _ in ways]
    taken: list[list[float]] = [[] for _ in ways]
    for one in range(runs + 1):
        for at, ask in enumerate(ways):
            began = time.perf_counter()
            ask(chosen[at])
            if one:
                taken[at].append((time.perf_counter() - began) * 1000)
    return [(sorted(each)[len(each) // 2], sorted(each)[int(len(each) * 0.95)]) for each in taken]


@contextmanager
def in_datastore(path: Path) -> Iterator[str]:
    """The rows as a table of the DataStore, as publishing loads it."""
    import sqlalchemy as sa
    from ckanext.datastore.backend.postgres import get_write_engine, identifier

    from ckanext.anshan.release import datastore
    from ckanext.anshan.release.tables import Column

    name = str(uuid.uuid4())
    datastore._create(name, [Column(title, title, type) for title, type in zip(HEADER, TYPES, strict=True)])
    try:
        connection = get_write_engine().raw_connection()
        columns = ", ".join(map(identifier, HEADER))
        with path.open(encoding="utf-8") as text:
            text.readline()
            connection.cursor().copy_expert(f"COPY {identifier(name)} ({columns}) FROM STDIN WITH (FORMAT csv)", text)
        connection.commit()
        connection.close()
        with get_write_engine().begin() as analysing:
            analysing.execute(sa.text(f"ANALYZE {identifier(name)}"))
        yield name
    finally:
        datastore._drop(name)


def memory() -> float:
    """MiB that this process has just now."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def copied(path: Path) -> tuple[str, float]:
    """The table's SHA-256 in the vault, and how long its copy took."""
    from ckan import model

    from ckanext.anshan.access import copying
    from ckanext.anshan.release import vault

    with path.open("rb") as stream:
        sha256 = vault.put(stream, mimetype="text/csv").sha256
    model.Session.execute(copying.copy.delete().where(copying.copy.c.sha256 == sha256))
    model.Session.commit()
    began = time.perf_counter()
    copying.make(sha256, path.name, "CSV")
    return sha256, time.perf_counter() - began


def told(name: str, found: list[tuple[float, float]]) -> str:
    said = f"{name}: p50 {found[0][0]:.1f} ms, p95 {found[0][1]:.1f} ms"
    if len(found) == 1:
        return said
    return f"{said}; datastore_search {found[1][0]:.1f}, {found[1][1]:.1f} ({found[1][0] / found[0][0]:.1f} times)"


def compared(scope: Any, table: str, count: int, runs: int) -> dict[str, list[tuple[float, float]]]:
    newest = {"sort": [{"column": "金额", "desc": True}]}
    asked: dict[str, list[Callable[[random.Random], Any]]] = {
        "two columns, one row in 300": [ours(scope, by_two), theirs(table, by_two)],
        "one column, one row in 3": [ours(scope, by_one), theirs(table, by_one)],
        "one row": [ours(scope, by_number(count)), theirs(table, by_number(count))],
        "no filter, page 5,000": [
            ours(scope, lambda _: {}, offset=500_000),
            theirs(table, lambda _: {}, offset=500_000),
        ],
        "one row in 300, sorted": [ours(scope, by_two, **newest), theirs(table, by_two, sort="金额 desc")],
        "counted by two columns": [
            ours(scope, lambda _: {}, group_by=["部门", "状态"], aggregates=[{"function": "sum", "column": "金额"}])
        ],
    }
    found = {}
    for name, ways in asked.items():
        found[name] = measured(ways, runs)
        print(told(name, found[name]), flush=True)
    return found


def delivered(scope: Any) -> None:
    from ckanext.anshan.access import delivering

    for format in ("CSV", "JSON", "Parquet"):
        began = time.perf_counter()
        found = delivering.stream(scope, format, KEY, lambda: None)
        size = sum(map(len, found.bytes)) if isinstance(found, delivering.Delivery) else 0
        print(f"the whole as {format}: {size / 1e6:,.0f} MB in {time.perf_counter() - began:.1f} s", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="./portal bench query", description="Measure how fast granted data is read.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the portal")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=60, help="of each question")
    asked = parser.parse_args(argv)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    from ckanext.anshan.local.lifecycle import portal_of

    app = make_app(load_config(str(portal_of(asked.data).layout.ini)))
    with app._wsgi_app.test_request_context(), tempfile.TemporaryDirectory() as folder:  # pyright: ignore[reportAttributeAccessIssue]
        return run(Path(folder) / "table.csv", asked.rows, asked.runs)


def run(path: Path, count: int, runs: int) -> int:
    from ckanext.anshan.access import copying
    from ckanext.anshan.access.querying import TableScope

    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([HEADER])
        csv.writer(text).writerows(rows(count))
    sha256, seconds = copied(path)
    (copy,) = copying.copies_of(sha256)
    sizes = f"{path.stat().st_size / 1e6:,.0f} MB of CSV, {copy.size / 1e6:,.0f} MB of Parquet"
    print(f"{count:,} rows of {len(HEADER)} columns, {sizes}; made in {seconds:.1f} s", flush=True)
    scope = TableScope(sha256, frozenset(HEADER), may_aggregate=True)
    before = memory()
    with in_datastore(path) as table:
        found = compared(scope, table, count, runs)
    print(f"memory of this process: {before:,.0f} MiB before the first question, {memory():,.0f} after the last")
    delivered(scope)
    print(f"and {memory():,.0f} MiB after whole files")
    first = found["two columns, one row in 300"]
    print(
        json.dumps(
            {"p50_ms": first[0][0], "p95_ms": first[0][1], "times": first[1][0] / first[0][0], "target_ms": TARGET}
        )
    )
    return 0 if first[0][0] < TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
