"""Downloads order what is equally good, and reach the index by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.cli.cli import ckan as command_line
from ckan.lib import search
from ckan.tests.helpers import call_action

from ckanext.anshan import rooms
from ckanext.anshan.access import downloads
from ckanext.anshan.search import usage
from ckanext.anshan.store import index
from ckanext.anshan.workflow import clock, worker

from ..support import CSV, agency, as_user, entry, release, work

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")
VISITOR = {"name": ""}
TITLE = "瑶琳洞公共自行车租还次数"


@pytest.fixture
def twins(tmp_path: Path) -> list[dict[str, Any]]:
    """Two datasets that differ in their numbers alone."""
    owner = agency()
    made = [entry("unconditional", owner, title=TITLE, notes="次数") for _ in range(2)]
    for one in made:
        (tmp_path / one["id"]).mkdir()
        assert release(tmp_path / one["id"], one, {"次数.csv": CSV}).problems == []
    work()
    return [as_user(VISITOR, "package_search", fq=f'code:"{one["code"]}"')["results"][0] for one in made]


def order(twins: list[dict[str, Any]]) -> list[str]:
    codes = " OR ".join(f'code:"{one["code"]}"' for one in twins)
    return [row["id"] for row in as_user(VISITOR, "package_search", q=TITLE, fq=f"({codes})")["results"]]


def download(dataset: dict[str, Any], times: int) -> None:
    for _ in range(times):
        downloads.record([(dataset["id"], clock.today(), 1)])


def indexed(dataset: dict[str, Any]) -> int:
    found = call_action("package_search", q=f"id:{dataset['id']}", fl=["id", "use_count"])["results"]
    return int(found[0]["use_count"])


def test_what_is_downloaded_more_comes_first_among_equals(twins):
    second = next(one for one in twins if one["id"] == order(twins)[1])
    download(second, 30)
    usage.refresh()
    assert order(twins)[0] == second["id"]


def test_a_refresh_touches_only_what_was_downloaded_since(twins):
    download(twins[0], 2)
    assert usage.refresh() >= 1
    assert (indexed(twins[0]), indexed(twins[1])) == (2, 0)
    assert usage.refresh() == 0


def test_single_and_batched_indexing_count_alike(twins):
    download(twins[0], 3)
    index.index([twins[0]["id"]])
    assert indexed(twins[0]) == 3
    download(twins[0], 1)
    search.rebuild(twins[0]["id"])
    assert indexed(twins[0]) == 4


def test_downloads_of_what_is_no_longer_there_are_passed_over(twins):
    downloads.record([("no-such-dataset", clock.today(), 1)])
    usage.refresh()
    assert usage.refresh() == 0


def test_the_worker_refreshes_at_its_start_and_an_hour_later(twins, monkeypatch):
    hourly = worker.Regular(worker.HOUR, rooms.hourly)
    download(twins[0], 1)
    hourly.run()
    assert indexed(twins[0]) == 1
    download(twins[0], 1)
    hourly.run()
    assert indexed(twins[0]) == 1
    hourly.last -= worker.HOUR
    hourly.run()
    assert indexed(twins[0]) == 2
    assert "search_refresh" in rooms.hourly()


def test_the_command_says_how_many(twins, cli):
    download(twins[0], 1)
    answer = cli.invoke(command_line, ["anshan", "search", "refresh", "--json"])
    assert answer.exit_code == 0 and '"refreshed"' in answer.output
    model.Session.remove()
    assert indexed(twins[0]) == 1
