"""In which encoding a text is written, and that each becomes the same UTF-8."""

from __future__ import annotations

import codecs
import io

import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan.reading import encoding

from .made import given

SIMPLIFIED = "姓名,住址,联系电话\n王建国,鞍山市铁东区解放路,暂无\n"
TRADITIONAL = "機關名稱,負責人,聯絡電話,備註說明\n區公所,陳淑芬,詳見網站,請於期限內辦理登記手續\n"
LINES = st.lists(st.text("姓名鞍山市铁东区abcXYZ019,;|\"' ", max_size=30), min_size=1, max_size=12)


def utf8(data: bytes, name: str | None = None) -> bytes:
    return b"".join(encoding.Utf8(io.BytesIO(data), name or encoding.detect(data)))


@pytest.mark.parametrize(
    ("name", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("gb18030", b"", "gb18030"),
        ("gbk", b"", "gb18030"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_an_encoding_is_told_by_its_mark_or_its_bytes(name, mark, found):
    data = mark + SIMPLIFIED.encode(name)
    assert encoding.detect(data) == found
    assert utf8(data) == SIMPLIFIED.encode()


def test_big5_is_told_from_gb18030_by_its_second_bytes():
    assert encoding.detect(TRADITIONAL.encode("big5")) == "big5hkscs"
    assert encoding.detect(SIMPLIFIED.encode("gb2312")) == "gb18030"
    assert utf8(TRADITIONAL.encode("big5")) == TRADITIONAL.encode()


@pytest.mark.parametrize("data", [b"", b"a", b"a,b\n1,2\n", b"\xe9", "é".encode("latin-1") * 3])
def test_any_few_bytes_have_an_encoding_that_python_knows(data):
    assert codecs.lookup(encoding.detect(data))


@given(st.text("姓名鞍山abc,\n", min_size=1), st.integers(0, 3))
def test_a_character_that_is_cut_at_the_end_does_no_harm(text, cut):
    data = ("头" + text).encode()
    assert encoding.is_utf8(data[: max(len(data) - cut, 0)])


@pytest.mark.parametrize("name", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_no_character_is_lost_at_the_border_of_two_chunks(name, chunk, monkeypatch):
    @given(LINES, tries=10)
    def tried(lines):
        text = "\n".join(lines)
        assert utf8(text.encode(name), name) == text.encode()

    monkeypatch.setattr(encoding, "CHUNK", chunk)
    tried()


@given(LINES, st.integers(1, 64))
def test_chunks_of_utf8_end_at_lines_unless_a_line_is_longer(lines, chunk):
    data = "\n".join(lines).encode()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encoding, "CHUNK", chunk)
        chunks = list(encoding.Utf8(io.BytesIO(data), "utf-8"))
    assert b"".join(chunks) == data
    for one in chunks[:-1]:
        assert one.endswith(b"\n") or len(one) >= chunk - 3
        one.decode()


@given(st.lists(st.tuples(st.sampled_from(["鞍山", "王建国"]), st.booleans()), min_size=1, max_size=10))
def test_lines_in_another_encoding_are_counted_and_read(lines):
    data = b"".join(text.encode("gb18030" if other else "utf-8") + b"\n" for text, other in lines)
    stream = encoding.Utf8(io.BytesIO(data), "utf-8")
    assert b"".join(stream).decode() == "".join(f"{text}\n" for text, _ in lines)
    assert stream.mixed == sum(other for _, other in lines)


def test_bytes_that_no_encoding_has_are_counted_and_shown_as_such():
    stream = encoding.Utf8(io.BytesIO(b"a,\xff\nb,c\n"), "utf-8")
    assert b"".join(stream) == "a,\ufffd\nb,c\n".encode() and stream.mixed == 1
    wide = encoding.Utf8(io.BytesIO(b"a\x00\x00\xd8b\x00"), "utf-16-le")
    assert b"".join(wide) == "a\ufffdb".encode() and wide.mixed == 1


@given(st.binary(max_size=200), tries=80)
def test_any_bytes_become_utf8(data):
    utf8(data).decode()


def test_a_mark_alone_is_an_empty_text():
    assert utf8(codecs.BOM_UTF8) == b"" and utf8(codecs.BOM_UTF16_LE) == b""


def test_how_far_the_file_is_read_is_counted_in_its_own_bytes():
    data = SIMPLIFIED.encode("utf-16")
    stream = encoding.Utf8(io.BytesIO(data), "utf-16")
    list(stream)
    assert stream.done == len(data)
