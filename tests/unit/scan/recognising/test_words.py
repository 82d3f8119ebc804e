"""Words found in one pass over the bytes, and the marks, keys and passwords that they lead to."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan.pieces import Batch
from ckanext.anshan.scan.recognising import known, secrets, words

from ..made import given

KEY = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=16, max_size=16)
LONG = st.text("abcdefghijkmnpqrstuvwxyzABCDEF0123456789", min_size=36, max_size=36)
CELLS = st.lists(
    st.sampled_from(["", "秘密★10年", "普通", "password=1", "护照", "辽C", "13912345678", "机密", "１２"]),
    min_size=1,
    max_size=12,
)


@given(CELLS)
def test_each_cell_with_a_word_is_told_once_and_in_order(cells):
    batch = Batch.of_rows([[cell] for cell in cells])
    found = {group: list(numbers) for group, numbers in words.find(batch, words.automaton())}
    assert found.get("passport", []) == [number for number, cell in enumerate(cells) if "护照" in cell]
    assert found.get("plate", []) == [number for number, cell in enumerate(cells) if "辽C" in cell]
    assert found.get("secrecy", []) == [number for number, cell in enumerate(cells) if "密" in cell]
    assert found.get("unusual", []) == [number for number, cell in enumerate(cells) if "１" in cell]


def test_words_of_an_agency_are_looked_for_beside_the_others():
    batch = Batch.of_rows([["甲工程代号"], ["代号乙"], ["护照"]])
    found = {group: list(numbers) for group, numbers in words.find(batch, words.automaton((("代号", "secrecy_mark"),)))}
    assert found == {"own:secrecy_mark": [0, 1], "passport": [2], "name": [2]}


def test_no_words_in_no_cells():
    assert list(words.find(Batch.of_rows([[""]]), words.automaton())) == []


@pytest.mark.parametrize("mark", ["绝密", "机密", "秘密"])
@pytest.mark.parametrize(
    "form", ["{}★", "{}★10年", "{}☆5年", "{}＊长期", "密级：{}", "密级:{}", "【{}】", "{}", " {} ", "（{}）"]
)
def test_a_mark_of_secrecy_is_one_in_any_form(mark, form):
    assert words.is_secrecy_mark(form.format(mark))


@pytest.mark.parametrize(
    "text",
    [
        "商业秘密保护条例",
        "市国家保密局",
        "秘密花园",
        "保守国家秘密法宣传周",
        "不属于国家秘密",
        "机密性要求",
        "非涉密文件资料",
        "内部使用面积（平方米）",
        "公开募集",
        "已解密文件",
        "保密工作先进单位",
        "",
    ],
)
def test_a_sentence_about_secrets_is_no_mark(text):
    assert not words.is_secrecy_mark(text)


@pytest.mark.parametrize(
    "text", ["内部资料，请勿外传", "仅供内部使用", "未经批准不得转载", "本文件不对外公开", "工作秘密，阅后收回"]
)
def test_a_phrase_that_keeps_a_file_inside_is_a_mark(text):
    assert words.is_secrecy_mark(text)


@given(KEY, tries=20)
def test_keys_of_clouds_are_keys(key):
    assert secrets.find(f"key AKIA{key}") and secrets.find(f"LTAI{key}") and not secrets.find(f"XXAKIA{key}X")


@given(LONG, tries=20)
def test_tokens_are_keys(token):
    for text in (
        f"ghp_{token}",
        f"sk-{token}",
        f"Bearer {token}",
        f"glpat-{token[:20]}",
        f"eyJ{token[:10]}.eyJ{token[:10]}.{token[:12]}",
    ):
        assert words.is_credential(text), text


@pytest.mark.parametrize(
    "text",
    [
        "password=Ab12345!",
        'pwd: "s3cret9"',
        "api_key=abcdef123",
        "密码：Ab12345",
        "口令是 admin88",
        "mysql://root:pa55word@10.0.0.1/db",
        "ftp://user:pass1@files.example.org",
        "-----BEGIN RSA PRIVATE KEY-----",
        "access_token=9f8e7d6c5b",
    ],
)
def test_a_password_in_a_text_is_found(text):
    first, last = secrets.find(text) or (0, 0)
    assert last > first


@pytest.mark.parametrize(
    "text",
    [
        "password",
        "密码：",
        "请妥善保管密码",
        "忘记密码请致电窗口",
        "password=******",
        "token: <token>",
        "https://example.org/a:b",
        "mysql://localhost/db",
        "sk-short",
        "secret garden",
        "user@example.org",
        "",
    ],
)
def test_a_text_about_passwords_holds_none(text):
    assert secrets.find(text) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Ab12345", True),
        ("abcd", True),
        ("abc", False),
        ("******", False),
        ("NULL", False),
        ("是", False),
        ("N/A", False),
        ("2022-01-01", False),
        ("x" * 513, False),
    ],
)
def test_a_cell_under_a_header_of_passwords_is_one_or_a_mask(text, is_one):
    assert secrets.is_password(text) == is_one


@given(st.text(max_size=80), tries=80)
def test_any_text_can_be_asked_for_secrets(text):
    span = secrets.find(text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)
    assert isinstance(words.is_secrecy_mark(text), bool)


@pytest.mark.parametrize("name", ["surnames.txt", "given_names.txt", "not_names.txt"])
def test_a_dictionary_is_read_without_its_comments(name):
    assert known.words(name) and not any(word.startswith("#") for word in known.words(name))


@pytest.mark.parametrize(("ranges", "numbers"), [([62, "3528-3530"], [62, 3528, 3529, 3530]), ([], []), (["7-7"], [7])])
def test_a_range_is_spread(ranges, numbers):
    assert known.spread(ranges) == numbers


def test_every_beginning_of_a_card_has_a_length():
    assert set(known.cards()) == {16, 17, 18, 19} and all(known.cards().values())


def test_no_surname_is_longer_than_two_characters():
    assert {len(word) for word in known.words("surnames.txt")} <= {1, 2}
    assert {len(word) for word in known.words("given_names.txt")} == {1}
