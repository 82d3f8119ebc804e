"""Whether data is late, which file comes first, how it is cited."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.anshan.dataset import citations, rules
from ckanext.anshan.dataset.citations import Cited

TODAY = date(2026, 11, 24)
CITED = Cited(
    author="鞍山市民政局",
    title="鞍山市养老机构信息",
    version=8,
    released=date(2026, 11, 2),
    portal="鞍山市公共数据开放平台",
    address="https://data.example.gov.cn/dataset/open-11210300/v8",
    today=TODAY,
    name="open-11210300",
)


@pytest.mark.parametrize(
    ("cycle", "due", "code", "facts"),
    [
        ("quarterly", "2026-11-24", "on_time", {"due": "2026-11-24", "cycle": "quarterly"}),
        ("quarterly", "2026-11-23", "late", {"days": 1, "due": "2026-11-23"}),
        ("yearly", "2025-11-24", "late", {"days": 365, "due": "2025-11-24"}),
        ("never", "2020-01-01", "not_updated", {}),
        ("irregular", "", "irregular", {"cycle": "irregular"}),
        ("monthly", "", "no_date", {"cycle": "monthly"}),
        ("monthly", "soon", "no_date", {"cycle": "monthly"}),
    ],
)
def test_data_is_late_from_the_day_after_it_was_due(cycle, due, code, facts):
    found = rules.freshness(TODAY, cycle, due)
    assert (found.code, found.facts, found.is_late) == (code, facts, code == "late")


def test_the_main_button_has_the_file_that_most_people_can_use():
    files = [{"name": name, "format": name.rpartition(".")[2]} for name in ("a.PDF", "a.GeoJSON", "a.XLSX")]
    assert (rules.best(files) or {})["name"] == "a.XLSX"
    assert (rules.seen_first(files) or {})["name"] == "a.XLSX"
    assert (rules.best(files[:1]) or {})["name"] == "a.PDF"
    assert rules.best([]) is None


def test_gb_t_7714_names_agency_version_and_both_days():
    assert citations.gb_t_7714(CITED) == (
        "鞍山市民政局. 鞍山市养老机构信息：第 8 版[DS/OL]. 鞍山市公共数据开放平台, 2026-11-02[2026-11-24]."
        " https://data.example.gov.cn/dataset/open-11210300/v8."
    )


def test_apa_says_when_it_was_retrieved():
    assert citations.apa(CITED).endswith(
        "鞍山市养老机构信息 (Version 8) [Data set]. 鞍山市公共数据开放平台. Retrieved November 24, 2026,"
        " from https://data.example.gov.cn/dataset/open-11210300/v8"
    )


def test_bibtex_has_a_key_of_its_own_for_each_version_and_escapes_signs():
    text = citations.bibtex(Cited(**{**CITED.__dict__, "title": "水电气 100% {月度}_统计"}))
    assert text.startswith("@dataset{open-11210300-v8,\n  author = {{鞍山市民政局}},\n")
    assert r"title = {{水电气 100\% \{月度\}\_统计}}" in text
    assert "urldate = {2026-11-24}" in text


def test_the_one_that_is_usual_here_comes_first():
    assert [one["style"] for one in citations.all_styles(CITED)] == ["GB/T 7714", "APA", "BibTeX"]
