"""The word lists are well formed, and a text is found by the words that mean the same."""

from __future__ import annotations

from collections import Counter

import pytest

from ckanext.anshan.search import synonyms
from ckanext.anshan.search.synonyms import BadLine, groups, others, parse


def test_the_list_has_at_least_300_groups_each_with_a_reason():
    assert len(groups()) >= 300
    assert [group.line for group in groups() if len(group.reason) < 2] == []


def test_no_word_stands_in_two_equal_groups():
    words = Counter(word for group in groups() if not group.wider for word in group.words)
    assert [word for word, times in words.items() if times > 1] == []


def test_no_word_stands_twice_in_its_line():
    assert [g.line for g in groups() if len({*g.words, *g.wider}) != len(g.words) + len(g.wider)] == []


def test_no_errand_leads_to_a_word_that_means_the_same_anyway():
    same = {word: set(group.words) for group in groups() if not group.wider for word in group.words}
    wrong = [
        (group.line, other)
        for group in groups()
        for other in group.wider
        if all(other in same.get(one, ()) for one in group.words)
    ]
    assert wrong == []


def test_words_are_folded_so_that_a_text_can_hold_them():
    assert [word for group in groups() for word in group.words if word != synonyms.fold(word)] == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("城市公共汽车客运线路", "公交"),
        ("享受最低生活保障人员", "低保"),
        ("社会保障卡服务网点", "社保"),
        ("環境空氣質量日報", "air quality"),
        ("公交线路", "bus"),
    ],
)
def test_a_text_is_found_by_what_people_call_it(text: str, word: str):
    assert word in others(text).same


def test_an_errand_leads_one_way_only():
    assert "公墓" in others("关于建设殡仪馆的批复").leading
    assert "殡仪馆" not in others("公墓").leading


def test_a_latin_word_counts_as_a_whole_only():
    assert "公交" in others("city bus lines").same
    assert "公交" not in others("business").same


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("公交, 公共汽车", "source or reason"),
        ("公交 # 通称", "at least two words"),
        ("=> 公交 # 通称", "at least two words"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_how_to_mend_it(line: str, told: str):
    with pytest.raises(BadLine, match=f"line 2: .*{told}"):
        parse(["# 注释", line])
