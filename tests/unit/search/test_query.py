"""Whatever is typed becomes a query without syntax of its own; other searches are left alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ckanext.anshan.search import query

HOSTILE = st.text(
    alphabet=st.sampled_from(list("公交车场a1 \\+-&|!(){}[]^\"~*?:/,.;<>=#$%@'`\n\t\x00：＂（｛")) | st.characters()
)
LEFT = re.compile(
    r'typed_(?:title|more|notes):[a-z\']+\*\^=\d+|(?:exact_\w+|zh_\w+|title|notes):(?:"[^"]*"|\([^)]*\)|\w+)(?:\^=?[\d.]+)?|"[^"]*"\^1\.5'
)


@settings(deadline=None)
@given(HOSTILE)
@example("{!bool must=x}")
@example('_query_："*" OR \' AND NOT')
@example("a" * 5000)
def test_no_input_raises_and_none_keeps_syntax(q: str):
    built = query.build(q)
    if not query.words(q):
        assert built == {"q": query.NOTHING}
        return
    plain = LEFT.sub("", built["q"]).replace(" OR ", " ")
    assert not set(plain) & set('\\+&|!(){}[]^"~*?:/'), built["q"]
    assert int(built["mm"]) >= 1
    assert len(built["q"]) < 20_000


@pytest.mark.parametrize("q", ["", "  ", "*:*", "title:公交", "*", '""', None, 5])
def test_searches_with_syntax_of_their_own_go_ckans_way(q: object):
    assert not query.ours({"q": q})


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("title:公交", ["title"]),
        ("+title:公交 -(notes:x OR res_format:CSV)", ["title", "notes", "res_format"]),
        ("*:*", []),
        (":", []),
        ('title:"a:b"', ["title"]),
        ("metadata_modified:[2024-01-01T00:00:00Z TO NOW]", ["metadata_modified"]),
        (r"exact_code:a\:b", ["exact_code"]),
        ("时间:2024", ["时间"]),
        ("a:b:c", ["a", "b"]),
    ],
)
def test_the_fields_of_a_query_are_told_from_other_colons(q: str, names: list[str]):
    assert query.fields(q) == names


@pytest.mark.parametrize(("q", "text"), [("title:(公交", "公交"), ("+notes:a[ title:", "a"), (":", "-"), ("((", "-")])
def test_a_query_that_cannot_be_read_is_its_words_without_the_fields(q: str, text: str):
    assert query.unread(q) == text


@pytest.mark.parametrize("q", ["<b>公交</b>", "公交 OR", "公交 2024 a"])
def test_what_stands_by_the_way_excludes_nothing(q: str):
    assert query.build(q)["mm"] == "1"


def test_words_that_only_say_that_data_is_wanted_may_be_missing():
    asked = query.build("高新企业名单")["q"]
    assert "zh_title_words:(高新企业名单)" in asked and "zh_title_words:(高新企业)" in asked
    assert '""' not in query.build("名单")["q"] and "()" not in query.build("信息")["q"]


@pytest.mark.parametrize("name", query.TAKEN)
def test_a_caller_who_says_how_to_search_is_left_alone(name: str):
    assert not query.ours({"q": "公交", name: "x"})


def test_chinese_is_asked_for_in_pairs_and_as_a_whole():
    built = query.build("停车场")
    assert built["q"].startswith("停车 OR 车场 OR ")
    assert '"停车场"^1.5' in built["q"]
    assert built["mm"] == "1"


def test_operators_that_were_typed_are_words():
    assert query.words("公交 AND NOT 地铁") == "公交 and not 地铁"


def test_width_case_and_traditional_characters_make_no_difference():
    assert query.build("空氣質量ＡＰＩ") == query.build("空气质量api")


def test_a_code_is_asked_for_exactly():
    assert query.build("11320600014208013B000000000000001")["q"] == "exact_code:11320600014208013b000000000000001"


@pytest.mark.parametrize("q", ["11320600 014208013B 000000000000001", "11320600014208013b/000000000000001"])
def test_a_code_may_be_typed_in_groups(q: str):
    assert query.build(q)["q"] == "exact_code:11320600014208013b000000000000001"


def test_long_pinyin_is_no_code():
    assert "typed_title:gong'gong'jiao'tong'*" in query.build("gonggongjiaotong")["q"]
    assert "exact_code" not in query.build("covid 19 vaccination 2024 2025")["q"]


def test_a_year_beside_words_is_wanted_and_not_required():
    assert query.build("公交 2024")["mm"] == "1" and "2024" in query.build("公交 2024")["q"]


def test_pinyin_beside_other_words_is_asked_for_too():
    assert "typed_title:gong'jiao'*" in query.build("gongjiao 2024")["q"]


def test_letters_are_asked_for_as_english_pinyin_and_initials():
    asked = query.build("kongqi")["q"]
    assert "OR kongqi OR" in asked and "typed_title:kong'qi'*" in asked
    assert "typed_title:kqzl*" in query.build("kqzl")["q"]
    assert "typed_title" not in query.build("noise")["q"]


def test_an_agency_beside_other_words_says_whose_data_is_wanted():
    asked = query.build("民政局 养老")["q"]
    assert 'exact_agency:"民政局"' in asked and "民政 OR" not in asked


def test_the_question_keeps_what_decides_who_sees_what():
    assert set(query.build("公交")) == {"q", "defType", "qf", "mm", "tie", "boost"}
