"""Documents, pages, pictures, trees and archives: what is seen, what is hidden, and what leads outside."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import docx
import pptx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from ckanext.anshan.scan.pieces import Limits
from ckanext.anshan.scan.reading import json_tree

from .samples import SAMPLES, with_part, zipped
from .seen import Seen, see


def _see(content: bytes | str, name: str, folder: Path, limits: Limits | None = None) -> Seen:
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return see(path, name, limits)


# DOCX, PPTX


def _document() -> bytes:
    document = docx.Document()
    document.add_paragraph("看得见的正文")
    document.add_paragraph().add_run("隐藏的字").font.hidden = True
    runs = "".join(f"<w:r><w:delText>{one}</w:delText></w:r>" for one in ("删掉", "的字"))
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}><w:del w:author='改稿人'>{runs}</w:del></w:p>"))
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "外格"
    table.cell(0, 1).add_table(1, 1).cell(0, 0).text = "内格"
    document.sections[0].header.paragraphs[0].text = "页眉的字"
    document.core_properties.author = "写稿人"
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_hidden_and_deleted_text_of_a_document_is_told_and_read(tmp_path: Path) -> None:
    seen = _see(_document(), "a.docx", tmp_path)
    assert {"hidden.text", "hidden.deleted_text", "author.reviewer", "author.property"} <= set(seen.rules)
    assert seen.at("deleted text").lines == ["删掉的字"] and seen.at("hidden text").lines == ["隐藏的字"]
    for words in ("看得见的正文", "页眉的字", "写稿人", "改稿人"):
        assert words in seen.words
    assert "删掉" not in "".join(next(one for one in seen.tables if one.place == "").lines)


def test_a_table_in_a_table_is_one_of_its_own(tmp_path: Path) -> None:
    seen = _see(_document(), "a.docx", tmp_path)
    assert seen.at("table 1").rows == [["外格", ""]] and seen.at("table 2").rows == [["内格"]]


@pytest.mark.parametrize("part", ["footnotes", "endnotes", "comments", "footer1"])
def test_words_beside_the_text_of_a_document_are_read(part: str, tmp_path: Path) -> None:
    xml = f"<w:x {nsdecls('w')}><w:comment><w:p><w:r><w:t>旁边的话</w:t></w:r></w:p></w:comment></w:x>"
    seen = _see(with_part(SAMPLES["docx"](), {f"word/{part}.xml": xml}), "a.docx", tmp_path)
    assert seen.at(part).lines == ["旁边的话"]
    assert ("hidden.comments" in seen.rules) == (part == "comments")


def test_links_that_load_or_start_something_are_told(tmp_path: Path) -> None:
    relations = "".join(
        f'<Relationship Id="r{n}" Type="http://x/{kind}" Target="{target}" TargetMode="External"/>'
        for n, (kind, target) in enumerate(
            [
                ("hyperlink", "file:///D:/a"),
                ("hyperlink", "https://example.com"),
                ("attachedTemplate", "http://x/a.dotm"),
            ]
        )
    )
    rels = {"word/_rels/footer9.xml.rels": f"<Relationships>{relations}</Relationships>"}
    seen = _see(with_part(SAMPLES["docx"](), rels), "a.docx", tmp_path)
    assert (seen.notice("link.hyperlink_scheme").count, seen.notice("link.outside").count) == (1, 1)


def test_hidden_slides_and_notes_are_told_and_read(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    notes = slide.notes_slide.notes_text_frame
    assert notes is not None
    notes.text = "备注里的话"
    slide.shapes.add_table(1, 1, 0, 0, 100, 100).table.cell(0, 0).text = "格里的字"  # type: ignore[arg-type]
    slide._element.set("show", "0")
    made = io.BytesIO()
    show.save(made)
    seen = _see(made.getvalue(), "a.pptx", tmp_path)
    assert seen.notice("hidden.slides").count == 1
    assert seen.at("slide 1 table 1").rows == [["格里的字"]] and "备注里的话" in seen.words


# PDF


def _pdf(tmp_path: Path) -> Path:
    page = canvas.Canvas(str(tmp_path / "a.pdf"))
    page.setAuthor("Somebody")
    page.drawString(100, 700, "first line")
    page.drawString(100, 680, "second line")
    page.showPage()
    page.drawImage(ImageReader(Image.new("RGB", (9, 9))), 10, 10)
    page.showPage()
    page.acroForm.textfield(name="field", value="a filled field")
    page.textAnnotation("a sticky note", (0, 0, 10, 10))
    page.drawString(1, 1, "third page")
    page.save()
    return tmp_path / "a.pdf"


def test_pages_are_read_line_by_line_and_pages_without_text_are_told(tmp_path: Path) -> None:
    seen = see(_pdf(tmp_path))
    assert seen.at("page 1").lines == ["first line", "second line"]
    assert (seen.notice("unreadable.scanned_pages").count, seen.notice("unreadable.scanned_pages").facts) == (
        1,
        {"pages": "2"},
    )


@pytest.mark.parametrize("words", ["a filled field", "a sticky note", "Somebody"])
def test_forms_notes_and_properties_of_a_pdf_are_read(words: str, tmp_path: Path) -> None:
    assert words in see(_pdf(tmp_path)).words


# pictures


def _jpeg(gps: bool, person: str) -> bytes:
    exif = Image.Exif()
    if person:
        exif[0x9C9D] = person.encode("utf-16-le")
    if gps:
        place = exif.get_ifd(0x8825)
        place[1], place[2], place[3], place[4] = "N", (41.0, 6.0, 28.0), "E", (122.0, 59.0, 40.0)
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "JPEG", exif=exif)
    return made.getvalue()


@pytest.mark.parametrize(("gps", "person"), [(True, ""), (False, "拍照人"), (True, "拍照人"), (False, "")])
def test_a_picture_tells_its_place_and_its_owner_only_where_it_has_them(gps: bool, person: str, tmp_path: Path) -> None:
    seen = _see(_jpeg(gps, person), "a.jpg", tmp_path)
    assert ("picture_place.gps" in seen.rules, "author.exif" in seen.rules) == (gps, bool(person))
    assert person in seen.words and not any(one.facts for one in seen.notices)


def test_text_chunks_of_a_picture_are_read(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_itxt("Comment", "图里的话")
    info.add_itxt("Author", "画图人")
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG", pnginfo=info)
    seen = _see(made.getvalue(), "a.png", tmp_path)
    assert seen.at("properties").lines == ["图里的话", "画图人"] and seen.rules == ["author.exif"]


def test_a_place_in_the_packet_of_an_editor_is_told(tmp_path: Path) -> None:
    packet = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="41,6N"/><dc:title>words</dc:title></x:xmpmeta>'
    assert _see(SAMPLES["jpg"]() + packet, "a.jpg", tmp_path).rules == ["picture_place.gps", "author.exif"]


# JSON

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(min_size=1).filter(lambda one: "\x1f" not in one))
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20
)


def _leaves(tree: object) -> list[str]:
    if isinstance(tree, dict):
        return [leaf for one in tree.values() for leaf in _leaves(one)]
    if isinstance(tree, list):
        return [leaf for one in tree for leaf in _leaves(one)]
    return [] if tree is None else [str(tree).lower() if isinstance(tree, bool) else str(tree)]


@settings(max_examples=150, deadline=None)
@given(tree=TREES, whole=st.booleans())
def test_every_value_of_a_tree_is_in_some_cell(
    tree: object, whole: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")
    seen = _see(content, "a.json", tmp_path_factory.mktemp("json"), Limits(whole=1 << 20 if whole else 0))
    assert not [one for one in seen.notices if one.kind == "unreadable"]
    words = seen.words
    assert all(leaf in words for leaf in _leaves(tree))


@pytest.mark.parametrize("whole", [1 << 20, 1])
def test_digits_of_a_long_number_stay_and_a_key_given_twice_is_read_twice(whole: int, tmp_path: Path) -> None:
    content = '[{"证号": 210302199001010006, "a": 1.50, "a": "第二"}]'
    table = _see(content, "a.json", tmp_path, Limits(whole=whole)).tables[0]
    assert (table.header, table.rows) == (["证号", "a", "a[2]"], [["210302199001010006", "1.50", "第二"]])


@pytest.mark.parametrize("whole", [1 << 20, 1])
def test_geometries_become_the_longitude_and_latitude_of_their_first_point(whole: int, tmp_path: Path) -> None:
    shapes = [[122.9, 41.1], [[122.9, 41.1], [1, 2]], [[[122.9, 41.1], [1, 2]]]]
    kinds = ["Point", "LineString", "Polygon"]
    features = [
        {"type": "Feature", "properties": {"名称": kind}, "geometry": {"type": kind, "coordinates": shape}}
        for kind, shape in zip(kinds, shapes, strict=True)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    table = _see(content, "a.geojson", tmp_path, Limits(whole=whole)).at("features")
    assert table.header == ["type", "名称", "geometry.type", "geometry.lng", "geometry.lat"]
    assert [row[3:] for row in table.rows] == [["122.9", "41.1"]] * 3


def test_lists_in_records_have_a_column_for_each_value(tmp_path: Path) -> None:
    table = _see('[{"电话": ["1", "2"], "内": {"x": 3}}]', "a.json", tmp_path).tables[0]
    assert (table.header, table.rows) == (["电话", "电话[2]", "内.x"], [["1", "2", "3"]])


def test_objects_under_keys_are_records_with_the_keys_as_a_column(tmp_path: Path) -> None:
    table = _see(json.dumps({f"k{n}": {"v": n} for n in range(6)}), "a.json", tmp_path).tables[0]
    assert table.header == [json_tree.KEY, "v"] and table.rows[5] == ["k5", "5"]


def test_broken_json_is_told_and_read_as_text(tmp_path: Path) -> None:
    seen = _see('{"a": 1, "b": oops NEEDLE', "a.json", tmp_path)
    assert seen.notice("malformed.not_parsed").facts == {"type": "JSON"} and "NEEDLE" in seen.words


# XML, HTML


def test_words_outside_of_the_rows_of_xml_are_text(tmp_path: Path) -> None:
    xml = '<a v="属性"><t>标题</t><r id="1"><n>甲</n><n>乙</n></r><!-- 注释 --><r id="2"><n>丙</n></r>尾巴</a>'
    seen = _see('<?xml version="1.0"?>' + xml, "a.xml", tmp_path)
    assert (seen.at("r").header, seen.at("r").rows) == (["id", "n", "n[2]"], [["1", "甲", "乙"], ["2", "丙", ""]])
    assert seen.at("text").lines == ["属性", "标题", "注释", "尾巴"]


def test_tables_of_a_page_and_what_it_does_not_show_are_read(tmp_path: Path) -> None:
    page = (
        "<html><body><p>前言</p><table><tr><td>外<table><tr><td>内</td></tr></table></td></tr></table>"
        '<!-- 注释 --><input type="hidden" value="暗值"></body></html>'
    )
    seen = _see(page, "a.html", tmp_path)
    assert seen.at("table 2").rows == [["内"]] and seen.at("text").lines == ["前言"]
    assert "注释" in seen.at("comments").lines[0] and seen.at("attributes").lines == ["暗值"]


# archives


def test_names_of_members_in_the_encoding_of_chinese_windows_are_read(tmp_path: Path) -> None:
    packed = zipped({"XXXX.csv": "a,b\n1,2\n"}).replace(b"XXXX", "数据".encode("gb18030"))
    seen = _see(packed, "a.zip", tmp_path)
    assert seen.at("file names").lines == ["数据.csv"] and seen.at("数据.csv").rows == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.txt", "/etc/x.txt", "C:\\x.txt", "a\nb.txt"])
def test_a_member_with_a_hostile_name_is_read_like_any_other(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(made := io.BytesIO(), "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "words")
    assert "words" in _see(made.getvalue(), "a.zip", tmp_path).words
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_members_of_every_kind_of_archive_are_read_through_each_other(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("里面.csv.gz")
    packed = gzip.compress("甲,乙\n1,2\n".encode())
    entry.size = len(packed)
    with tarfile.open(fileobj=(made := io.BytesIO()), mode="w") as inner:
        inner.addfile(entry, io.BytesIO(packed))
    seen = _see(zipped({"a.tgz": gzip.compress(made.getvalue())}), "a.zip", tmp_path)
    assert ["1", "2"] in [one.rows[-1] for one in seen.tables if one.rows]


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (Limits(members=3), "unreadable.limit_members"),
        (Limits(unpacked=50), "unreadable.limit_unpacked"),
        (Limits(depth=0), "unreadable.limit_depth"),
    ],
)
def test_each_limit_of_an_archive_is_told_with_its_figure(limits: Limits, rule: str, tmp_path: Path) -> None:
    inner = zipped({"a.txt": "a" * 40})
    seen = _see(zipped({f"{n}.zip": inner for n in range(4)}), "a.zip", tmp_path, limits)
    assert "limit" in seen.notice(rule).facts


def test_members_beyond_the_limit_are_counted(tmp_path: Path) -> None:
    seen = _see(zipped({f"{n}.txt": "a" for n in range(10)}), "a.zip", tmp_path, Limits(members=4))
    assert seen.notice("unreadable.limit_members").count == 6


def test_a_name_given_twice_is_told_and_both_are_read(tmp_path: Path) -> None:
    packed = zipped({"a.txt": "first words", "b.txt": "second words"}).replace(b"b.txt", b"a.txt")
    seen = _see(packed, "a.zip", tmp_path)
    assert "malformed.names_twice" in seen.rules
    assert "first words" in seen.words and "second words" in seen.words


def test_links_in_an_archive_are_told_and_not_followed(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("a")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/hostname"
    with tarfile.open(fileobj=(made := io.BytesIO()), mode="w") as archive:
        archive.addfile(entry)
    assert "unreadable.not_a_file" in _see(made.getvalue(), "a.tar", tmp_path).rules
