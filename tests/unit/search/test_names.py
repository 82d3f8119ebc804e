"""Agencies are found by their short names, texts by how they are typed."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ckanext.anshan.search import agencies, complete, pinyin, query, synonyms

LETTERS = st.sampled_from(list("鐵东区局Ａa1 ,.&-()（）·éßﬁİﾊﾞ'")) | st.characters()
NAMES = st.text(alphabet=LETTERS, min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("鞍山市住房和城乡建设局", "住建局"),
        ("鞍山市铁东区卫生健康局", "卫健局"),
        ("某市卫生健康委员会", "卫健委"),
        ("某市自然资源和规划局某区分局", "规划局"),
        ("某市B区市场监督管理局（知识产权局）", "知识产权局"),
        ("某市B区市场监督管理局（知识产权局）", "市监局"),
        ("某市住房公积金管理中心", "公积金中心"),
        ("某市人民防空办公室", "人防办"),
        ("鞍山市残疾人联合会", "残联"),
        ("某市市政和园林局", "市政局"),
    ],
)
def test_an_agency_is_known_by_its_short_name(title: str, called: str):
    assert called in agencies.names(title)


def test_the_place_is_taken_off_but_nothing_of_the_name():
    assert "城市管理局" in agencies.names("鞍山市城市管理局")
    assert "社区矫正管理局" in agencies.names("鞍山市社区矫正管理局")
    assert not [name for name in agencies.names("鞍山市城市管理局") if name.startswith("管理")]


def test_every_rule_is_read():
    assert len(agencies.rules()) > 50


def test_polyphones_follow_the_word_they_stand_in():
    assert pinyin.syllables("重庆银行") == ("chong", "qing", "yin", "hang")


def test_a_title_is_typed_from_any_of_its_characters_on():
    forms = pinyin.typed("空气质量")
    assert {"kong'qi'zhi'liang'", "zhi'liang'", "kqzl", "zl"} <= forms


@pytest.mark.parametrize(("letters", "spelt"), [("kongqi", "kong'qi'"), ("xian", "xi'an'"), ("xian", "xian'")])
def test_letters_split_into_whole_syllables(letters: str, spelt: str):
    assert spelt in pinyin.spellings(letters)


@pytest.mark.parametrize("letters", ["bus", "noise", "kongq", ""])
def test_letters_that_are_no_pinyin_have_no_spelling(letters: str):
    assert pinyin.spellings(letters) == []


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=60))
def test_spellings_are_few_and_spell_what_was_typed(letters: str):
    found = pinyin.spellings(letters)
    assert len(found) <= pinyin.MOST_SPELLINGS
    assert {spelling.replace("'", "") for spelling in found} <= {letters}


def test_completion_knows_a_syllable_before_it_is_whole():
    assert "kong'q" in complete.beginnings("kongq")


def test_completion_finds_agencies_by_any_of_their_names():
    names = [complete.name("鞍山市住房和城乡建设局", "organization", "construction")]
    assert [complete.fitting(q, names, 3) for q in ("住建", "zhuj", "zjj", "鞍山市住")] == [names] * 4
    assert complete.fitting("教育", names, 3) == []


@settings(deadline=None)
@given(NAMES, st.integers(1, 60), st.sampled_from(["organization", "group"]))
@example("Lee, Ford and Williams", 6, "organization")
@example("鞍山市第 2 医院（铁东区）", 6, "organization")
@example("Straße", 5, "group")
@example("ΑΙΆͅ", 3, "group")
def test_any_beginning_of_a_name_finds_it(text: str, end: int, kind: str):
    typed = text[:end]
    names = [complete.name(text, kind, "x")]
    assert complete.fitting(typed, names, 1) == (names if synonyms.key(typed) else [])


@settings(deadline=None)
@given(NAMES, st.integers(1, 60))
def test_any_beginning_of_a_title_asks_for_what_the_title_is_stored_as(text: str, end: int):
    asked = complete.query(text[:end])
    start = synonyms.key(text[:end])
    assert synonyms.key(text).startswith(start)
    if start and query.words(text[:end]):
        assert asked is not None and asked.startswith(f"exact_title:{start}*")


@pytest.mark.parametrize("typed", ["lee, f", "LEE,F", "leef", "ＬＥＥ　Ｆ"])
def test_punctuation_spaces_capitals_and_width_make_no_difference_to_a_name(typed: str):
    names = [complete.name("Lee, Ford and Williams", "organization", "lee")]
    assert complete.fitting(typed, names, 1) == names
    assert complete.fitting("ford", names, 1) == []
