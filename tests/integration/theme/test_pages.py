"""The public pages of a dataset: what they show, and what they don't."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import changed_config

from ..support import CSV, agency, entry, published, release, work

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


@pytest.fixture
def owner():
    return agency()


def page(app, path: str) -> BeautifulSoup:
    return BeautifulSoup(app.get(path).body, "html.parser")


def text(soup: BeautifulSoup, selector: str) -> str:
    """What the first such element says; nothing where there is none."""
    return next((element.get_text(" ", strip=True) for element in soup.select(selector)), "")


def pairs(soup: BeautifulSoup) -> dict[str, str]:
    """Each name with its value, of all lists of facts on the page."""
    words = [element.get_text(" ", strip=True) for element in soup.select(".anshan-list dt, .anshan-list dd")]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_a_dataset_shows_what_is_filled_and_nothing_empty(app, owner, tmp_path):
    found = entry("unconditional", owner, themes=["transport"], industry="G", district="210300")
    release(tmp_path, found, {"a.csv": CSV})
    work()
    soup = page(app, f"/en/dataset/{published(found)['name']}")
    shown = pairs(soup)
    assert all(shown.values())
    assert (shown["Themes"], shown["Update cycle"], shown["Code"]) == ("Transport", "Yearly", found["code"])
    assert "Street or town" not in shown and "Opening conditions" not in shown
    assert soup.select_one("a[href$='/group/transport']")
    assert text(soup, ".anshan-class") == "Open unconditionally"
    assert "article 27" in text(soup, ".anshan-opening")


def test_terms_are_in_the_language_of_the_page(app, owner, tmp_path):
    found = entry("unconditional", owner, themes=["transport"])
    release(tmp_path, found, {"a.csv": CSV})
    work()
    shown = pairs(page(app, f"/zh_Hans_CN/dataset/{published(found)['name']}"))
    assert (shown["领域"], shown["更新周期"]) == ("交通运输", "每年")


def test_every_version_is_listed_with_its_date_and_files(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    release(tmp_path, found, {"a.csv": CSV + "新站,7\n"})
    work()
    name = published(found)["name"]
    rows = page(app, f"/zh_Hans_CN/dataset/{name}").select(".anshan-versions tbody tr")
    links = [str(a["href"]).partition("/data/")[2] for row in rows for a in row.select("a")]
    assert links == [f"{name}/v2/a.csv", f"{name}/v1/a.csv"]
    assert all(row.select("time[datetime]") for row in rows)


def test_a_conditional_dataset_says_how_it_is_opened_and_links_to_no_file(app, owner, tmp_path):
    found = entry("conditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    work()
    soup = page(app, f"/zh_Hans_CN/dataset/{published(found)['name']}")
    shown = pairs(soup)
    assert (shown["开放方式"], shown["使用要求"], shown["安全保障措施"]) == ("接口", "只用于研究", "签订协议")
    assert "某某条例（第1号） 第一条" in text(soup, ".anshan-opening")
    assert not [a for a in soup.select("a[href]") if "/data/" in a["href"] or "/resource/" in a["href"]]


def test_a_cut_table_says_so_and_a_whole_one_does_not(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"long.csv": "name,n\n" + "站,1\n" * 8, "short.csv": CSV})
    with changed_config("ckanext.anshan.release.longest_table", 3):
        work()
    public = published(found)
    path = f"/en/dataset/{public['name']}"
    told = {
        one["name"]: text(page(app, f"{path}/resource/{one['id']}"), ".module-resource .alert")
        for one in public["resources"]
    }
    assert told["long.csv"] == "The preview and the data API have the first 3 of 8 rows. The download is whole."
    assert told["short.csv"] == ""


def test_the_bytes_of_a_file_are_named_by_their_hash(app, owner, tmp_path):
    found = entry("unconditional", owner)
    release(tmp_path, found, {"a.csv": CSV})
    work()
    public = published(found)
    one = public["resources"][0]
    shown = pairs(page(app, f"/zh_Hans_CN/dataset/{public['name']}/resource/{one['id']}"))
    assert shown["SHA-256"] == one["hash"].removeprefix("sha256:")
