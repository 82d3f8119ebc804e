"""Feeds, sitemap, lists and JSON-LD are well-formed whatever the words are."""

from __future__ import annotations

import csv
import datetime
import io
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.catalogue import vocabularies
from ckanext.anshan.developers import feeds, listed, mapping, sitemap, structured, terms

BASE = "https://data.example.gov.cn"
NASTY = "标题 <b>&\"'</script><!-- \x00\x08 ]]>"
ATOM = "{http://www.w3.org/2005/Atom}"


def item(**more):
    file = feeds.File(f"{BASE}/data/x/v1/a.csv", "text/csv", 12)
    given = {
        "id": "5f0c2e1a-8d37-4b6e-9c51-2a7740e1b3f8",
        "title": "公交站点",
        "text": "全市公交站点",
        "url": f"{BASE}/dataset/x",
        "agency": "交通局",
        "issued": "2026-11-02",
        "modified": datetime.datetime(2026, 11, 2, 1, 2, 3, 4),
        "themes": ["交通运输"],
        "files": [file, file],
    }
    return feeds.Item(**{**given, **more})


def feed(*items):
    pages = {"first": f"{BASE}/feeds/dataset.atom", "next": f"{BASE}/feeds/dataset.atom?page=2"}
    return feeds.Feed("最新", "关于", f"{BASE}/feeds/dataset.atom", f"{BASE}/dataset/", "zh-Hans", items, pages)


def test_atom_names_title_dates_agency_theme_and_files():
    root = ElementTree.fromstring(feeds.write(feed(item()), "atom"))
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}id") == "urn:uuid:5f0c2e1a-8d37-4b6e-9c51-2a7740e1b3f8"
    assert entry.findtext(f"{ATOM}published") == "2026-11-02T00:00:00+08:00"
    assert entry.findtext(f"{ATOM}updated") == root.findtext(f"{ATOM}updated") == "2026-11-02T01:02:03+00:00"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "交通局"
    links = [(link.get("rel"), link.get("length")) for link in entry.iter(f"{ATOM}link")]
    assert links == [("alternate", None), ("enclosure", "12"), ("enclosure", "12")]
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")] == ["self", "alternate", "first", "next"]


def test_rss_is_dated_by_release_in_china():
    root = ElementTree.fromstring(feeds.write(feed(item()), "rss"))
    assert root.findtext("channel/item/pubDate") == "Mon, 02 Nov 2026 00:00:00 +0800"
    assert root.findtext("channel/item/category") == "交通运输"
    assert len(root.findall("channel/item/enclosure")) == 1


@pytest.mark.parametrize("kind", ["atom", "rss"])
@given(st.text(max_size=40))
def test_a_feed_of_any_words_is_well_formed(kind, words):
    ElementTree.fromstring(feeds.write(feed(item(title=words + NASTY, text=words, agency=words)), kind))


def test_a_feed_of_nothing_is_a_feed():
    assert ElementTree.fromstring(feeds.write(feed(), "atom")).findtext(f"{ATOM}title") == "最新"


@pytest.mark.parametrize(("count", "pages"), [(0, 0), (1, 1), (10_000, 1), (10_001, 2)])
def test_a_sitemap_has_pages_for_all(count, pages):
    assert sitemap.pages(count) == pages
    assert sitemap.index(BASE, count).count("<sitemap>") == pages + 1


def test_a_full_page_of_the_sitemap_is_within_the_protocol():
    bases = {"zh-Hans": BASE, "en": f"{BASE}/en"}
    paths = [(f"/dataset/{'x' * 100}", "2026-11-02")] * sitemap.PER_PAGE
    text = "".join(sitemap.page(paths, bases))
    assert text.count("<url>") == 2 * sitemap.PER_PAGE <= sitemap.MOST_URLS
    assert len(text.encode()) < 50 << 20


def test_each_address_names_its_other_languages():
    bases = {"zh-Hans": BASE, "en": f"{BASE}/en"}
    root = ElementTree.fromstring("".join(sitemap.page([("/dataset/a&b", "2026-11-02")], bases)))
    links = [link.attrib for link in root[0] if link.tag.endswith("link")]
    assert [link["hreflang"] for link in links] == ["zh-Hans", "en", "x-default"]
    assert [link["href"] for link in links] == [f"{BASE}/dataset/a&b", f"{BASE}/en/dataset/a&b", f"{BASE}/dataset/a&b"]


FILE = {
    "id": "f",
    "name": "a.csv",
    "format": "CSV",
    "mimetype": "text/csv",
    "size": 1,
    "hash": "sha256:ab",
    "url": "u",
}


def row(**more):
    given = {
        "id": "1",
        "name": "open-1",
        "title": NASTY,
        "notes": "两\n行",
        "license_id": "cc-by",
        "metadata_modified": datetime.datetime(2026, 11, 2),
        "extras": {"code": "11210300MB0000000X000000000000001", "opening_class": "unconditional"},
        "agency_name": "traffic",
        "agency_title": "交通局",
        "files": [FILE],
        "keywords": ["公交", "站点"],
        "themes": ["transport"],
    }
    return {**given, **more}


def test_the_list_as_json_can_be_read_whole():
    text = "".join(listed.as_json([row(), row(files=None, themes=None, keywords=None)], BASE, str.upper, "2026"))
    found = json.loads(text)["dataset"]
    assert found[0]["title"] == NASTY
    assert found[0]["distribution"][0]["downloadURL"] == "U"
    assert found[0]["accessLevel"] == "public"
    assert found[0]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found[1]["distribution"] == []


def test_the_list_of_nothing_is_json():
    assert json.loads("".join(listed.as_json([], BASE, str, "2026")))["dataset"] == []


def test_the_list_as_csv_has_a_row_for_each_dataset():
    text = "".join(listed.as_csv([row(), row(extras={"opening_class": "conditional"}, files=[])], BASE, str))
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [each["opening_class"] for each in rows] == ["无条件开放", "有条件开放"]
    assert (rows[0]["agency_code"], rows[0]["keywords"], rows[0]["sha256"]) == (
        "11210300MB0000000X",
        "公交\n站点",
        "ab",
    )
    assert rows[1]["files"] == ""


@pytest.mark.parametrize(
    ("cell", "told"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-1.5", "-1.5"), ("-x", "'-x"), ("公交", "公交"), ("", "")],
)
def test_a_spreadsheet_runs_nothing_of_the_list(cell, told):
    assert listed.harmless(cell) == told


def public(**more):
    given = {
        "id": "1",
        "name": "open-1",
        "title": NASTY,
        "notes": NASTY,
        "metadata_modified": "2026-11-02T01:02:03",
        "code": "11210300MB0000000X000000000000001",
        "opening_class": "unconditional",
        "district": "210381",
        "time_start": "2026-01-01",
        "organization": {"name": "traffic", "title": "交通局"},
        "groups": [{"name": "transport"}],
        "resources": [{"id": "f", "name": "a.csv", "url": "u", "mimetype": "text/csv", "size": 3, "hash": "sha256:ab"}],
    }
    return {**given, **more}


def test_json_ld_cannot_leave_its_script():
    text = structured.script(public(), BASE, "平台")
    assert not {"<", ">", "&"} & set(text)
    assert json.loads(text)["name"] == NASTY


def test_json_ld_says_who_where_when_and_which_file():
    told = structured.dataset(public(), BASE, "平台")
    assert told["spatialCoverage"] == [{"@type": "Place", "name": "海城市"}]
    assert told["temporalCoverage"] == "2026-01-01/.."
    assert told["publisher"]["identifier"] == "11210300MB0000000X"
    assert told["distribution"] == [
        {
            "@type": "DataDownload",
            "name": "a.csv",
            "contentUrl": "u",
            "encodingFormat": "text/csv",
            "contentSize": "3 B",
            "sha256": "ab",
        }
    ]


def test_a_dataset_without_files_has_no_distribution():
    assert "distribution" not in structured.dataset(public(resources=[]), BASE, "平台")
    assert mapping.dataset(public(resources=[]), BASE)["resources"] == []


@pytest.mark.parametrize(
    ("vocabulary", "known"),
    [("themes", terms.THEMES), ("update_cycles", terms.FREQUENCIES)],
)
def test_every_term_of_ours_has_one_of_dcat_ap(vocabulary, known):
    assert {term.id for term in vocabularies.load(vocabulary).terms} == set(known)


def test_every_theme_leads_to_a_known_data_theme():
    assert set(terms.THEMES.values()) <= set(terms.DATA_THEMES)
