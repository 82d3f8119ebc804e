"""What an entry says about the conditions of its use: typed into the form, released with a version, told in public."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.anshan.catalogue.conditions import Conditions
from ckanext.anshan.workflow import clock, options, workdays
from tests.unit.catalogue.entries import item

from ..support import agency as new_agency
from ..support import as_user, published, release, work
from ..support import entry as new_entry
from .conftest import Agency
from .test_views import as_user as logged_in
from .test_views import page, typed

pytestmark = pytest.mark.usefixtures("with_plugins")

SAID: dict[str, Any] = {
    "eligible_applicants": ["company", "university"],
    "eligibility_note": "近三年无行政处罚",
    "allowed_uses": "学术研究",
    "access_methods": ["download", "api"],
    "longest_term": "24",
    "daily_quota": "500",
    "second_opinion": "yes",
    "report_cycle": "3",
    "destruction_days": "5",
    "allows_aggregates": "yes",
    "sample_rows": "站名,人数\n样例站,1",
}
CLOSED = {"opening_class": "closed", "closed_reason": "商业秘密"}
ITEMS = [
    {"name": "站名", "column": "name", "type": "text", "sensitive": "no", "filterable": "yes"},
    {"name": "人数", "column": "n", "type": "integer", "sensitive": "no", "necessity": "yes"},
    {"name": "单价", "column": "secret_price", "type": "number", "sensitive": "yes", **CLOSED},
    {"name": "内部编号", "column": "secret_code", "type": "text", "sensitive": "no", "opening_class": "closed"},
]


def test_the_form_takes_what_the_page_will_say(app: Any, agency: Agency):
    answer = app.post(
        "/entry/new", data=typed(agency, "conditional", information_items=ITEMS, **SAID), **logged_in(agency.publisher)
    )
    assert answer.status_code == 302, page(answer).find(class_="error-summary")
    stored = call_action("package_show", id=answer.headers["Location"].rsplit("/", 1)[-1])
    assert {name: stored[name] for name in SAID} == SAID
    assert stored["information_items"] == ITEMS
    shown = page(app.get(f"/entry/edit/{stored['name']}", **logged_in(agency.publisher)))
    ticked = shown.select('input[name="eligible_applicants"][checked]')
    assert [one["value"] for one in ticked] == ["company", "university"]
    assert shown.find("textarea", {"name": "sample_rows"}).text == SAID["sample_rows"]


def test_the_form_has_a_part_of_its_own_that_names_nothing_as_required(app: Any, agency: Agency):
    shown = page(app.get("/en/entry/new", **logged_in(agency.publisher)))
    part = shown.find(id="section-conditions")
    assert part["data-either"] == "conditional" and part.find("h2").text == "Conditions of use"
    assert part.select(".must") == []
    names = {control["name"] for control in part.select("[name]")}
    assert names == set(SAID)


def test_what_is_wrong_stands_beside_its_field(app: Any, agency: Agency):
    data = typed(agency, "conditional", longest_term="61", sample_rows="别的\n1", information_items=[item()])
    shown = page(app.post("/en/entry/new", data=data, **logged_in(agency.publisher)))
    beside = {
        name: shown.find(id=f"field-{name}").find_parent(class_="field").find(class_="why").get_text(" ", strip=True)
        for name in ("longest_term", "sample_rows")
    }
    assert "from 1 to 60" in beside["longest_term"] and "别的" in beside["sample_rows"]
    assert shown.find(id="field-longest_term")["value"] == "61"


@pytest.fixture
def owner():
    return new_agency()


def made(owner: Any, folder: Path) -> dict[str, Any]:
    found = new_entry("conditional", owner, information_items=ITEMS, **SAID)
    release(folder, found, {"a.csv": "name,n,secret_price\n真实站,7,99\n"})
    work()
    return found


@cache
def _made_once() -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        return made(new_agency(), Path(folder))


@pytest.fixture
def opened():
    """One for all tests that only look."""
    return _made_once()


def shown_of(app: Any, name: str, language: str = "en") -> BeautifulSoup:
    return BeautifulSoup(app.get(f"/{language}/dataset/{name}").body, "html.parser")


def words(soup: Any, selector: str) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in soup.select(selector)]


def test_the_page_says_who_for_what_how_and_how_long(app: Any, opened: Any):
    told = words(shown_of(app, published(opened)["name"]), ".conditions dd")
    for at, said in enumerate(
        (
            ("Company", "University", "近三年无行政处罚"),
            ("学术研究", "只用于研究"),
            ("Download", "at most 500 requests a day", "count, sum and average", "24 months"),
            ("within 5 days", "cyberspace office"),
            ("every 3 months",),
        )
    ):
        assert [one for one in said if one not in told[at]] == [], told[at]
    assert "Individual" not in told[0]


def test_the_page_names_what_can_be_applied_for_and_why_the_rest_cannot(app: Any, opened: Any):
    soup = shown_of(app, published(opened)["name"])
    rows = {line.split()[0]: line for line in words(soup, "#items tbody tr")}
    assert list(rows) == ["站名", "人数", "单价"]
    assert "can be applied for" in rows["人数"] and "why you need it" in rows["人数"]
    assert "not provided" in rows["单价"] and "商业秘密" in rows["单价"]
    assert words(soup, "#sample td") == ["样例站", "1"]


def test_of_closed_items_and_of_files_nothing_else_is_there(app: Any, opened: Any):
    name = published(opened)["name"]
    bodies = [app.get(path).body for path in (f"/dataset/{name}", f"/api/3/action/package_show?id={name}")]
    bodies += [app.get(f"/api/3/action/anshan_dataset_show?id={name}").body, app.get(f"/dataset/{name}/items.csv").body]
    for body in bodies:
        assert not [word for word in ("secret_price", "内部编号", "secret_code", "真实站") if word in body]


def test_the_last_day_of_an_answer_counts_working_days(app: Any, opened: Any):
    told = tk.get_action("anshan_dataset_show")({}, {"id": published(opened)["id"]})["answer"]
    days = options.days_to_answer()
    assert told == {"days": days, "by": workdays.after(clock.today(), days).isoformat()}
    assert str(int(told["by"][-2:])) in words(shown_of(app, published(opened)["name"]), ".ask-day b")[0]


def test_a_version_keeps_the_conditions_that_it_was_released_with(app: Any, owner: Any, tmp_path: Any):
    opened = made(owner, tmp_path)
    changed = {"eligible_applicants": ["individual"], "longest_term": "6", "sample_rows": ""}
    as_user(owner["publisher"], "package_patch", id=opened["id"], **changed)
    release(tmp_path, opened, {"a.csv": "name,n\n真实站,8\n"}, approval="2号")
    work()
    id = published(opened)["id"]
    now, before = (tk.get_action("anshan_dataset_show")({}, {"id": id, "version": at})["conditions"] for at in (2, 1))
    assert (now["eligible"], now["longest_term_months"], now["sample"]) == (["individual"], 6, None)
    assert (before["eligible"], before["longest_term_months"]) == (["company", "university"], 24)
    metadata = tk.get_action("anshan_release_show")({}, {"id": id, "version": 1})["metadata"]
    assert Conditions.of(metadata).eligible == {"company", "university"}
    body = " ".join(words(BeautifulSoup(app.get(f"/en/dataset/{id}/versions?a=1&b=2").body, "html.parser"), "main"))
    assert "Company, University or research institute" in body and '["' not in body


def test_conditions_of_sharing_alone_are_nowhere_in_public(owner: Any, tmp_path: Any):
    shared = {"sharing_class": "conditional", "sharing_basis": "某某规定", "sharing_conditions": "书面申请"}
    items = [{**one, "filterable": "yes"} for one in ITEMS[:2]]
    marked = {**SAID, "eligibility_note": "仅限部门", "allowed_uses": "仅限部门"}
    found = new_entry("unconditional", owner, information_items=items, **marked, **shared)
    release(tmp_path, found, {"a.csv": "name,n\n鞍山站,12\n"})
    work()
    public = json.dumps(tk.get_action("package_show")({}, {"id": published(found)["id"]}), ensure_ascii=False)
    assert "仅限部门" not in public and "filterable" not in public and "样例站" not in public
