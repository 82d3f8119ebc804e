"""Both languages are whole: nothing missing, no placeholder lost, one word for one thing."""

import re
from functools import cache

import pytest

from ckanext.anshan.theme import words

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKUP = re.compile(r"<[^>]*>|%\(\w+\)[sdr]|\{[^{}]*\}|https?://\S+")


def _glossary(heading: str) -> list[list[str]]:
    part = (words.I18N / "GLOSSARY.md").read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ")[0]
    rows = [line.strip("| \n").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


@cache
def chinese() -> dict[str, str]:
    catalogue = words.read(words.po_path("zh_Hans_CN"), "zh_Hans_CN")
    return {words.singular(message): " ".join(words.forms(message)) for message in words.messages(catalogue)}


def test_both_catalogues_are_whole():
    assert words.check() == [], "run: ./portal ckan anshan words check"


def test_chinese_is_chinese():
    """A text of two English words or more that was only copied would pass for translated."""
    plain = {msgid: MARKUP.sub("", text) for msgid, text in chinese().items()}
    copied = [
        msgid for msgid, text in plain.items() if re.search(r"[a-z]{2,} [a-z]{2,}", text) and not CHINESE.search(text)
    ]
    assert copied == []


@pytest.mark.parametrize("row", _glossary("Words to use"), ids=lambda row: row[0])
def test_one_word_for_one_thing(row):
    english, word = row[0], row[1]
    told = re.compile(rf"\b{english}s?\b", re.IGNORECASE)
    other = {
        msgid[:40]
        for msgid, text in chinese().items()
        if told.search(MARKUP.sub("", msgid)) and word not in text and not _is_another_thing(english, text)
    }
    assert other == EXCUSED.get(english, set())


def _is_another_thing(english: str, text: str) -> bool:
    """A resource view is no file, to release is a verb too, the code of an entry is the 目录代码, and an organization
    that applies is no agency."""
    other = {
        "resource": ("视图",),
        "release": ("发布",),
        "entry": ("条目", "目录代码"),
        "organization": ("单位", "非法人组织"),
    }.get(english, ())
    return any(word in text for word in other)


ABOUT_CKAN = "<p>CKAN is the world’s leading open-sour"
EXCUSED = {  # by the first 40 characters; one that isn't needed any more fails too
    "dataset": {"eg. my-dataset"},  # part of an address
    "organization": {  # organizations in general; CKAN's slip
        ABOUT_CKAN,
        "<p><strong>Admin:</strong> Can edit grou",
    },
    "group": {  # of users, of rows, of persons
        ABOUT_CKAN,
        "Group by",
        "Compare it with the agreement sign by si",
        "This would take too much memory. Ask for",
        "This grant doesn't cover counting and ad",
        "By {column} together, {count} of {rows} ",
        "In {groups} groups with equal {column}, ",
    },
    "resource": {"Uniform resource identifier (URL or URN)"},
    "tag": {"Site Tag Line"},
    "release": {  # a verb; a command
        "The <i>data license</i> you select above",
        "It is not handed out. Find out who chang",
        "There is no list {number}. Propose it wi",
    },
}


@pytest.mark.parametrize("row", _glossary("Words to avoid"), ids=lambda row: row[0])
def test_words_to_avoid_are_avoided(row):
    assert [(msgid, text) for msgid, text in chinese().items() if row[0] in text.replace("非法人", "")] == []
