"""One city for the tests of the developers' room: datasets of both classes, and an entry that nobody may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ckan.tests.helpers import _get_test_app

from ..support import agency, entry, published, release, upload, work

LONG = "鞍山市城区公共自行车租赁站点、停车泊位与公交首末站换乘设施信息（含历史调整记录）"
SECRET = "zqxunseen"


@dataclass(frozen=True)
class City:
    owner: dict[str, Any]
    open: dict[str, Any]  # unconditional, with a table
    conditional: dict[str, Any]
    entry: dict[str, Any]  # not released


@cache
def made(folder: Path) -> City:
    owner = agency()
    more = {"themes": ["transport"], "district": "210381", "time_start": "2025-01-01", "time_end": "2026-06-30"}
    contact = {"provider_office": "数据科", "provider_phone": "0412-0000001", "license_id": "cc-by"}
    open_ = entry("unconditional", owner, title=LONG, tag_string="公交,站点", **more, **contact)
    conditional = entry("conditional", owner, title="公交刷卡记录", themes=["transport"])
    hidden = entry("unconditional", owner, title=SECRET, notes=SECRET)
    upload(owner, hidden, f"{SECRET}.csv", b"a\n1\n")
    release(folder, open_, {"站点 一.csv": "name,n\n鞍山站,12\n"})
    release(folder, conditional, {f"{SECRET}-files.csv": "name,n\n鞍山站,12\n"})
    work()
    return City(owner, published(open_), published(conditional), hidden)


@cache
def one_app():
    return _get_test_app()


@pytest.fixture
def app(with_plugins):
    """One portal for all tests of this room, which change nothing in it; each has a browser of its own."""
    found = one_app()
    found.client = found.test_client()
    return found


@pytest.fixture
def city(with_plugins, tmp_path_factory) -> City:
    return made(tmp_path_factory.getbasetemp())
