"""Each rule that the code can name has a sentence, and each sentence is filled by what goes with it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ckanext.anshan.scan import messages, notices, policy
from ckanext.anshan.scan.reading import WITHOUT_A_READER

from .conftest import Scanned

SCAN = Path(messages.__file__).parent
SENTENCES = {**messages.RULES, **notices.WORDS}
RULE = re.compile(rf"(?:{'|'.join(policy.kinds())})\.[a-z_]+")
ALWAYS = {"count", "column"}


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(SCAN.rglob("*.py")):
        if path.name not in ("messages.py", "notices.py"):
            yield path.name, ast.parse(path.read_text("utf-8"))


@cache
def named_rules() -> set[str]:
    """All that stand in the code, and those of ``Unreadable("…")``."""
    found = {f"unreadable.{why}" for why in WITHOUT_A_READER.values()}
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and RULE.fullmatch(node.value):
                found.add(node.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Unreadable":
                found |= {f"unreadable.{one.value}" for one in node.args if isinstance(one, ast.Constant)}
    return found


@cache
def words_of_code() -> set[str]:
    """Names of arguments and texts, which facts are given by."""
    found: set[str] = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg:
                found.add(node.arg)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_each_rule_in_the_code_has_a_sentence():
    assert named_rules() - SENTENCES.keys() == set()


def test_each_sentence_is_of_a_rule_that_the_code_names():
    built = {"unreadable.damaged", "unreadable.too_large", "unreadable.too_deep", "own_word", "file_name"}
    assert SENTENCES.keys() - named_rules() - built == set()
    assert built <= SENTENCES.keys()


@pytest.mark.parametrize("rule", sorted(SENTENCES))
def test_what_a_sentence_asks_for_is_a_fact_that_the_code_gives(rule):
    assert places(SENTENCES[rule]) - ALWAYS <= words_of_code()


@pytest.mark.parametrize("rule", sorted(SENTENCES))
def test_a_translation_asks_for_the_same_facts(rule):
    translated = messages.translator("zh_Hans_CN")(SENTENCES[rule])
    assert places(translated) == places(SENTENCES[rule])


def test_each_finding_of_the_corpus_fills_its_sentence(scanned: list[Scanned]):
    gaps = {
        (finding["rule"], name)
        for one in scanned
        for finding in one.lines["en"]["findings"]
        for name in places(SENTENCES[finding["rule"]])
        if name not in ALWAYS and name not in finding["facts"]
    }
    assert gaps == set()


@pytest.mark.parametrize("kind", sorted(policy.kinds()))
def test_each_kind_of_the_policy_is_one_that_a_rule_can_give(kind):
    assert [rule for rule in named_rules() if rule.startswith(f"{kind}.")]


@pytest.mark.parametrize("kind", sorted(policy.kinds()))
def test_each_kind_says_how_to_mend_it(kind):
    from_notices = [rule for rule in notices.WORDS if rule.startswith(f"{kind}.")]
    assert kind in messages.MEND or (
        from_notices and not [rule for rule in messages.RULES if rule.startswith(f"{kind}.")]
    )


@pytest.mark.parametrize("code", sorted({article for kind in policy.kinds().values() for article in kind.articles}))
def test_each_article_of_the_policy_is_cited_in_words(code):
    assert code.partition(":")[2] in messages.article(code)


def finding(**more):
    return {
        "rule": "mobile.named",
        "kind": "mobile",
        "count": 7,
        "where": "电话",
        "column": "电话",
        "articles": ["regulation:30"],
        "facts": {"rate": 90},
    } | more


def test_a_finding_is_told_with_its_number_its_mending_and_its_article():
    told = messages.why(finding())
    assert "7" in told and "90 %" in told and messages.MEND["mobile"] in told and "art. 30 of the regulation" in told


def test_a_rule_that_nobody_knows_any_more_is_still_told():
    assert messages.why(finding(rule="mobile.of_an_older_version", articles=[])) == "“电话”: 7 places."


def test_a_fact_that_an_older_report_lacks_is_a_question_mark():
    assert "? %" in messages.why(finding(facts={}))


def test_a_place_stands_for_a_column_where_there_is_none():
    assert "sheet1" in messages.why(finding(column="", where="sheet1"))
