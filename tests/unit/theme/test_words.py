"""The small judgements behind ``ckan anshan words check``."""

import pytest
from babel.messages.catalog import Message

from ckanext.anshan.theme import words


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("%(count)s of %(all)s", "%(all)s 中的 %(count)s"),
        ("Row {row} of {file}", "{file} 第 {row} 行"),
        ('<a href="%(url)s">here</a>', '见<a href="%(url)s">这里</a>'),
        (("{n} row", "{n} rows"), ("{n} 行",)),
        (("one character", "%(num)d characters"), ("%(num)d 个字符",)),
    ],
)
def test_a_translation_with_every_slot_is_accepted(msgid, msgstr):
    assert words.keeps_slots(Message(msgid, msgstr))


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("%(count)s rows", "若干行"),
        ("Row {row}", "第 {line} 行"),
        ("<strong>No</strong>", "否"),
        ("%s and %s", "%s"),
        (("{n} row", "{n} rows"), ("行",)),
    ],
)
def test_a_translation_that_loses_or_renames_a_slot_is_found(msgid, msgstr):
    assert not words.keeps_slots(Message(msgid, msgstr))


@pytest.mark.parametrize(("msgid", "msgstr"), [("Row", ""), (("row", "rows"), ("行", "")), (("row", "rows"), ())])
def test_a_message_with_an_empty_form_is_not_translated(msgid, msgstr):
    assert not words.is_translated(Message(msgid, msgstr))


def test_every_kind_of_finding_says_how_to_mend_it():
    from ckanext.anshan.theme.cli import HOW_TO_MEND

    assert set(HOW_TO_MEND) == {"missing", "fuzzy", "placeholders", "not_extracted", "unused", "not_compiled"}
