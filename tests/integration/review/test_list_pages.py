"""The pages show both offices what a list opens before they sign it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..support import agency, entry
from .test_lists import CSV, line, manifest, propose, sign_both
from .town import Town

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def made(app: Any, town: Town, tmp_path: Path) -> dict[str, Any]:
    with app.flask_app.test_request_context():
        found = entry("unconditional", agency(), title="早已开放的数据")
        return propose(town.bureau, manifest(tmp_path, line(tmp_path, found, a=CSV)), severity="inform")


def get(app: Any, user: Any, path: str, status: int = 200) -> str:
    return app.get(path, headers={"Authorization": user["token"]}, status=status).body


def test_the_page_of_a_list_shows_its_lines_files_and_findings(app: Any, town: Town, made: dict[str, Any]):
    for user in (town.cyberspace, town.bureau):
        page = get(app, user, f"/en/review/{made['number']}")
        sha256 = made["frozen"]["lines"][0]["files"][0]["sha256"]
        for shown in ("早已开放的数据", "a.csv", sha256[:8], "电话"):
            assert shown in page, shown
    get(app, town.head, f"/en/review/{made['number']}", 404)


def test_the_queue_leads_to_it_and_it_stays_readable_once_it_is_released(app: Any, town: Town, made: dict[str, Any]):
    assert f"/review/{made['number']}" in get(app, town.cyberspace, "/en/review?kind=list")
    with app.flask_app.test_request_context():
        sign_both(town, made, reason="")
    assert "早已开放的数据" in get(app, town.bureau, f"/en/review/{made['number']}")
    assert made["number"] in get(app, town.bureau, f"/en/review/{made['number']}/clock")
