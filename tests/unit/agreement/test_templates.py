"""The texts: none is edited once it is registered, both languages are whole, each place is a fact."""

from __future__ import annotations

import hashlib
import re

import pytest
import yaml

from ckanext.anshan.access.rules import Kind, Method
from ckanext.anshan.agreement import rules, templates
from ckanext.anshan.agreement.rules import Holder

FILES = sorted(path for path in templates.FOLDER.glob("*.yaml") if path.name != "versions.yaml")
VERSIONS = [templates.read(*one) for one in templates.known()]
TENS = "一二三四五六七八九十"
NAMES = [f"{one.id}-{one.version}" for one in VERSIONS]


def test_each_text_is_registered_and_the_other_way_round():
    registered = {f"{id}-{version}.yaml" for id, version in templates.known()}
    assert {path.name for path in FILES} == registered


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_registered_text_is_never_edited(path):
    id, _, version = path.stem.rpartition("-")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    assert found == templates.known()[id, int(version)], "people signed this text: write the next version instead"


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_text(kind):
    assert templates.current(kind).id == kind.value


def test_an_unknown_version_is_no_text():
    with pytest.raises(KeyError):
        templates.read("opening", 99)


def test_no_text_is_read_from_elsewhere():
    with pytest.raises(KeyError):
        templates.read("../scan/kinds", 1)


def rows(text):
    """Each row of a template that is written in two languages, and the list that it is repeated for."""
    for row in [*text["preamble"], *(row for clause in text["clauses"] for row in clause["paragraphs"])]:
        yield row, row.get("each")
    for row in (text["title"], text["note"], *(clause["heading"] for clause in text["clauses"])):
        yield row, None


@pytest.mark.parametrize("template", VERSIONS, ids=NAMES)
def test_each_place_is_a_known_fact(template):
    for row, each in rows(template.text):
        own = rules.OF_EACH[each] if each else frozenset()
        assert set(row) <= {"zh", "en", "each", "when", "unless"}
        for language in rules.LANGUAGES:
            assert rules.places(row[language]) <= rules.PLACES | own
    for row in template.text["schedule"]["rows"]:
        for language in rules.LANGUAGES:
            assert rules.places(row["value"][language]) <= rules.OF_SCHEDULE
            assert rules.places(template.text["schedule"]["heading"][language]) <= rules.OF_SCHEDULE


@pytest.mark.parametrize("template", VERSIONS, ids=NAMES)
def test_each_condition_is_a_known_fact(template):
    facts = set(rules.Facts.__dataclass_fields__) | {"several_holders"}
    for row, each in rows(template.text):
        assert {row.get("when"), row.get("unless")} - {None} <= facts
        assert each is None or each in rules.LISTS
    for row in template.text["schedule"]["rows"]:
        assert row.get("when", "title") in rules.Dataset.__dataclass_fields__


@pytest.mark.parametrize("template", VERSIONS, ids=NAMES)
def test_both_languages_name_the_same_facts(template):
    for row, _ in rows(template.text):
        zh, en = (rules.places(row[language]) - {"n", "numeral"} for language in rules.LANGUAGES)
        assert zh == en
        assert re.search(r"[\u4e00-\u9fff]", row["zh"]) or rules.places(row["zh"])
        assert row["en"].isascii()


@pytest.mark.parametrize("template", VERSIONS, ids=NAMES)
def test_words_name_each_code(template):
    wanted = {one.value for one in (*Method, *Holder)}
    assert wanted <= set(template.text["words"])


@pytest.mark.parametrize("template", VERSIONS, ids=NAMES)
def test_each_cited_article_exists_in_both_languages(template):
    articles = yaml.safe_load((templates.FOLDER.parent / "regulation" / "text.yaml").read_text("utf-8"))
    known = {
        rules.numeral(one["number"]): one["number"] for chapter in articles["chapters"] for one in chapter["articles"]
    }
    for row, _ in rows(template.text):
        zh = re.sub(r"《中华人民共和国[^》]*》第[^条]*条", "", row["zh"])
        en = re.sub(r"Law of the PRC, Article \d+", "", row["en"])
        cited = " ".join(re.findall(r"Articles? ([\d, andto]+)", en))
        assert {known[one] for one in re.findall(f"第([{TENS}]+)条", zh)} == set(map(int, re.findall(r"\d+", cited)))


def test_what_the_measures_ask_of_users_is_there():
    opening, sharing = (
        " ".join(row["zh"] for row, _ in rows(templates.current(kind).text)) for kind in (Kind.OPENING, Kind.SHARING)
    )
    for article in ("二十二", "二十九", "三十五", "三十六", "四十三", "四十六", "四十八"):
        assert f"第{article}条" in opening
    for article in ("二十一", "二十二", "二十三", "三十六", "四十三", "四十四", "四十六", "四十八"):
        assert f"第{article}条" in sharing
