"""What is told of files that are no tables: never more than a page shows, whatever their encoding."""

from __future__ import annotations

import io
import json
import zipfile

from ckanext.anshan.preview import texts


def test_json_is_laid_out_and_cut():
    short = texts.beginning(io.BytesIO('{"站名":["鞍山站"]}'.encode()), 30, is_json=True)
    assert short == texts.Text('{\n  "站名": [\n    "鞍山站"\n  ]\n}', is_whole=True)
    data = json.dumps(["公交站点"] * 40_000).encode()
    cut = texts.beginning(io.BytesIO(data), len(data), is_json=True)
    assert (len(cut.text), cut.is_whole) == (texts.MOST_TEXT, False)


def test_what_is_no_json_is_shown_as_it_is():
    assert texts.beginning(io.BytesIO(b'{"a": '), 6, is_json=True).text == '{"a": '


def test_gb18030_is_read_and_a_cut_character_does_no_harm():
    assert texts.decoded("鞍山市养老机构".encode("gb18030")) == "鞍山市养老机构"
    assert texts.decoded("鞍山市".encode()[:-1]) == "鞍山"


def packed(names: list[str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in names:
            file.writestr(name, b"x" * 10)
    return data.getvalue()


def test_a_zip_tells_names_and_sizes_without_being_unpacked():
    found = texts.listing(io.BytesIO(packed(["数据/养老机构.csv", "说明.pdf"])))
    assert found is not None
    assert [one.name for one in found.files] == ["数据/养老机构.csv", "说明.pdf"]
    assert (found.total, found.size) == (2, 20)


def test_only_so_many_names_are_listed():
    found = texts.listing(io.BytesIO(packed([f"{at}.csv" for at in range(texts.MOST_NAMES + 5)])))
    assert found is not None and (len(found.files), found.total) == (texts.MOST_NAMES, texts.MOST_NAMES + 5)


def test_names_of_chinese_windows_are_read():
    info = zipfile.ZipInfo("a.csv")
    info.orig_filename = "站点.csv".encode("gb18030").decode("cp437")
    assert texts._name(info) == "站点.csv"


def test_what_is_no_zip_has_no_listing():
    assert texts.listing(io.BytesIO(b"not a zip at all")) is None
    assert texts.listing(io.BytesIO(packed(["a"])[:-30])) is None


def test_a_directory_that_claims_to_be_huge_is_not_read():
    raw = bytearray(packed(["a"]))
    at = raw.rfind(texts.END)
    raw[at + 12 : at + 16] = (2**31).to_bytes(4, "little")
    assert texts.listing(io.BytesIO(bytes(raw))) is None
