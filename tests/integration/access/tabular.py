"""Tables in the vault with their copies, for the tests of what is read under grants."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from functools import cache
from typing import Any

from ckan import model

from ckanext.anshan.access import copying
from ckanext.anshan.access.querying import TableScope
from ckanext.anshan.release import vault

HEADER = ("编号", "姓名", "区", "金额", "日期", "次数", "备注")
KEY = b"sixteen bytes ok"
PUBLIC = frozenset({"编号", "区", "金额", "日期", "次数"})


@cache
def rows(count: int = 3000) -> tuple[tuple[str, ...], ...]:
    made = random.Random(5)
    return tuple(
        (
            f"{number:06}",
            f"canary-{number}",
            made.choice(("铁东区", "铁西区", "立山区")),
            f"{made.random() * 1000:.2f}",
            f"2026-{made.randint(1, 12):02}-{made.randint(1, 28):02}",
            str(made.randint(1, 9)) if number % 10 else "",
            made.choice(("=1+1", "", "平常", '引"号', "换\n行")),
        )
        for number in range(count)
    )


def text(header: Sequence[str], found: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([header, *found])
    return written.getvalue().encode("gb18030")


def stored(content: bytes, format: str = "CSV") -> str:
    """The SHA-256 of a file in the vault, of which copies were made."""
    sha256 = vault.put(io.BytesIO(content), durable=False).sha256
    copying.make(sha256, "表", format)
    return sha256


@cache
def table(count: int = 3000) -> str:
    return stored(text(HEADER, rows(count)))


def scope(count: int = 3000, **more: Any) -> TableScope:
    given: dict[str, Any] = {"columns": PUBLIC, **more}
    return TableScope(table(count), **given)


def forget(sha256: str) -> None:
    model.Session.execute(copying.copy.delete().where(copying.copy.c.sha256 == sha256))
    model.Session.commit()
