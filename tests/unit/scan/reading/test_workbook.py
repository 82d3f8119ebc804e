"""Workbooks: numbers as a person sees them, whoever wrote the XML, and everything beside the cells."""

from __future__ import annotations

import datetime
import io
import struct
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from ckanext.anshan.scan.pieces import Limits
from ckanext.anshan.scan.reading import sheet_cells
from ckanext.anshan.scan.reading.sheet_cells import Seen, Strings, Styles

from .samples import SAMPLES, with_part, zipped
from .seen import Seen as Found
from .seen import see

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
Values = list[list[str | int | float | bool | None]]


def _cells(sheet: str, strings: tuple[str, ...] = (), styles: Styles | None = None) -> dict[tuple[int, int], str]:
    listed = "".join(f"<si><t>{one}</t></si>" for one in strings)
    shared = Strings.of(io.BytesIO(f"<sst>{listed}</sst>".encode()))
    found = {}
    stream = io.BytesIO(sheet.encode())
    for batch in sheet_cells.cells(stream, shared, styles or Styles(), Seen(), 10_000_000):
        for cell in range(len(batch)):
            at = sheet_cells.np.array([cell])
            found[int(batch.rows(at)[0]), int(batch.columns(at)[0])] = batch.text(cell)
    return found


def _written(rows: Values, tmp_path: Path, in_cells: bool = False) -> Path:
    path = tmp_path / "made.xlsx"
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "constant_memory": in_cells})
    sheet = book.add_worksheet("表")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    book.close()
    return path


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x1f_\ufffe\uffff"), min_size=1)
CELLS = st.one_of(st.none(), st.integers(-(10**14), 10**14), st.booleans(), TEXTS)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=12), in_cells=st.booleans())
def test_every_cell_that_was_written_is_read_where_it_stands(
    rows: Values, in_cells: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = _written(rows, tmp_path_factory.mktemp("book"), in_cells)
    found = [one for one in see(path).tables if one.place == "表"]
    expected = {
        (number, column): str(value).upper() if isinstance(value, bool) else str(value)
        for number, row in enumerate(rows)
        for column, value in enumerate(row)
        if value is not None
    }
    cells = {at: text for one in found for at, text in one.cells.items() if text}
    assert {at: text.replace("\x1f", " ") for at, text in expected.items()} == cells


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        *[("1", "1"), ("1.0", "1"), ("-3", "-3"), ("0.1", "0.1"), ("0.30000000000000004", "0.3"), ("1E-3", "0.001")],
        *[("1.5E+3", "1500"), ("123456789012345", "123456789012345"), ("13900000000", "13900000000")],
        *[("2.103021990010112E+17", "210302199001011200"), ("-1.5", "-1.5"), ("0", "0"), ("nonsense", "nonsense")],
    ],
)
def test_numbers_read_as_a_spreadsheet_shows_them(stored: str, shown: str) -> None:
    for cell in (f'<c r="A1"><v>{stored}</v></c>', f'<c s="0" r="A1" ><v>{stored}</v></c>'):
        assert _cells(SHEET.format(f'<row r="1">{cell}</row>')) == {(0, 0): shown}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B3" t="s"><v>1</v></c>',
        '<c t="s" r="B3"><v>1</v></c>',
        "<c r='B3' t='s'><v>1</v></c>",
        '<c r="B3" s="4" t="s"><v>1</v></c>',
        '<c r="B3" s="4" t="s" cm="1"><v>1</v></c>',
        '<c r="B3" t="inlineStr"><is><t>乙 &amp; 丙</t></is></c>',
        '<c r="B3" t="inlineStr"><is><r><t>乙 </t></r><r><rPr/><t xml:space="preserve">&amp; 丙</t></r></is></c>',
        '<c r="B3" t="str"><f>A1</f><v>乙 &amp; 丙</v></c>',
        '<c r="B3" t="str"><f>A1</f><v>乙 &#38; 丙</v></c>',
        '<c r="B3" t="str"><v><![CDATA[乙 & 丙]]></v></c>',
        '<c r="A3"/><c t="s"><v> 1 </v></c>',
    ],
)
def test_a_cell_reads_the_same_however_its_xml_is_written(cell: str) -> None:
    strings = ("甲", "乙 &amp; 丙")
    rows = f'<row r="1"><c r="A1"><v>7</v></c></row><row r="3" spans="1:2">{cell}</row>'
    expected = {(0, 0): "7", (2, 1): "乙 & 丙"}
    assert _cells(SHEET.format(rows), strings) == expected
    prefixed = SHEET.format(rows).replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    if "CDATA" not in cell:
        assert _cells(prefixed.replace("xmlns=", "xmlns:x="), strings) == expected


def test_rows_and_cells_without_numbers_are_counted() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    assert _cells(SHEET.format(rows)) == {(0, 0): "1", (0, 1): "2", (1, 0): "3"}


def test_chunks_may_be_cut_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="C{n}" t="s"><v>0</v></c></row>' for n in range(1, 60))
    whole = _cells(SHEET.format(rows), ("甲",))
    for size in (7, 64, 500, 1001):
        monkeypatch.setattr(sheet_cells, "CHUNK", size)
        assert _cells(SHEET.format(rows), ("甲",)) == whole
    assert len(whole) == 118


def test_dates_are_iso_and_times_keep_their_seconds(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    moment = datetime.datetime(2024, 2, 29, 13, 5, 7)
    sheet.append([datetime.date(2020, 1, 2), moment, datetime.time(8, 30)])
    sheet.append([43831, 0.5])
    sheet["A2"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["B2"].number_format = "0.00"
    book.save(tmp_path / "a.xlsx")
    rows = see(tmp_path / "a.xlsx").tables[0].rows
    assert rows == [["2020-01-02", "2024-02-29 13:05:07", "08:30:00"], ["2020-01-01", "0.5", ""]]


def test_numbers_that_have_lost_their_last_digits_are_told(tmp_path: Path) -> None:
    path = _written([["证号"], [210302199001010000], [1234567890123456], [123456789012345]], tmp_path)
    assert see(path).notice("malformed.long_number_as_number").count == 2


def _full(tmp_path: Path) -> Path:
    """A workbook with one of everything beside the cells."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    for number in range(1, 6):
        sheet.append([f"第{number}行", number, number * 2])
    sheet.row_dimensions[2].hidden = sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["A1"].comment = Comment("批注里的话", "审校人")
    sheet["D1"] = '=HYPERLINK("http://example.com/?"&A1,"看")'
    sheet["D2"] = "=SUM(B1:B5)"
    sheet["E1"].hyperlink = "file:///D:/work/list.xls"
    sheet["E2"].hyperlink = "https://example.com/"
    assert sheet.oddHeader is not None and sheet.oddHeader.center is not None
    sheet.oddHeader.center.text = "内部资料页眉"
    book.create_sheet("暗").sheet_state = "veryHidden"
    book["暗"]["A1"] = "暗处的字"
    book.create_sheet("藏").sheet_state = "hidden"
    book["藏"]["A1"] = "藏着的字"
    book.defined_names["某名"] = DefinedName("某名", attr_text='"名称里的话"')
    book.properties.creator = "编表人"
    book.properties.lastModifiedBy = "改表人"
    book.properties.keywords = "关键词里的话"
    path = tmp_path / "full.xlsx"
    book.save(path)
    return path


@pytest.fixture
def full(tmp_path: Path) -> Found:
    return see(_full(tmp_path))


def test_hidden_sheets_rows_and_columns_are_told_and_read(full: Found) -> None:
    assert {str(one.place) for one in full.notices if one.rule == "hidden.sheet"} == {"暗", "藏"}
    assert full.at("暗").lines == ["暗处的字"] and full.at("藏").lines == ["藏着的字"]
    assert full.notice("hidden.rows").count == 2 and full.notice("hidden.columns").count == 1
    assert [row[0] for row in full.at("表").rows] == [f"第{number}行" for number in range(1, 6)]


@pytest.mark.parametrize(
    "words", ["批注里的话", "审校人", "内部资料页眉", "名称里的话", "编表人", "改表人", "关键词里的话"]
)
def test_words_beside_the_cells_are_read(full: Found, words: str) -> None:
    assert words in full.words


def test_authors_are_counted_but_never_named_in_a_notice(full: Found) -> None:
    notice = full.notice("author.property")
    assert notice.count == 2 and not notice.facts


def test_only_formulas_and_links_that_reach_out_are_told(full: Found) -> None:
    assert full.notice("formula.function").count == 1
    assert full.notice("link.hyperlink_scheme").count == 1


@pytest.mark.parametrize(
    ("formula", "reaches"),
    [
        *[("HYPERLINK(A1)", True), ("hyperlink (A1)", True), ("WEBSERVICE(A1)", True), ("cmd|' /C calc'!A0", True)],
        *[("_xlfn.WEBSERVICE(A1)", True), ("+DDE(A1)", True), ("SUM(A1:A9)", False), ('IF(A1="a|b",1,2)', False)],
        *[("A1+B1", False), ('"see HYPERLINK"', False), ("VLOOKUP(A1,B:C,2,0)", False)],
    ],
)
def test_a_formula_is_suspect_for_what_it_calls(formula: str, reaches: bool) -> None:
    assert sheet_cells.suspect(formula) is reaches


def test_a_plain_workbook_gives_no_notice(tmp_path: Path) -> None:
    assert see(_written([["名称", "数量"], ["甲", 1]], tmp_path)).notices == []


@pytest.mark.parametrize(
    ("part", "content", "rule", "words"),
    [
        ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", "hidden.macro", ""),
        (
            "xl/pivotCache/pivotCacheRecords1.xml",
            '<pivotCacheRecords><r><s v="缓存里的字"/><n v="5"/></r></pivotCacheRecords>',
            "hidden.pivot_cache",
            "缓存里的字",
        ),
        (
            "xl/threadedComments/threadedComment1.xml",
            "<ThreadedComments><threadedComment><text>回复里的话</text></threadedComment></ThreadedComments>",
            "hidden.comments",
            "回复里的话",
        ),
        (
            "xl/connections.xml",
            '<connections><connection id="1"><dbPr connection="Server=db;Uid=a"/></connection></connections>',
            "link.connection",
            "Server=db;Uid=a",
        ),
        (
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            '<Relationships><Relationship Id="r1" TargetMode="External" Target="file:///D:/a.xlsx"'
            ' Type="http://x/externalLinkPath"/></Relationships>',
            "link.external_workbook",
            "",
        ),
        ("xl/model/item.data", b"\x01\x02", "unreadable.data_model", ""),
        ("xl/embeddings/list.csv", "甲,乙\n嵌入的字,2\n".encode(), "", "嵌入的字"),
        ("xl/embeddings/oleObject1.bin", bytes(range(256)), "unreadable.no_type", ""),
        ("customXml/item1.xml", "<a><b>自定义里的字</b></a>", "", "自定义里的字"),
        (
            "xl/drawings/drawing1.xml",
            "<d><txBody><p><r><t>文本</t></r><r><t>框的字</t></r></p></txBody></d>",
            "",
            "文本框的字",
        ),
        ("xl/media/image1.jpeg", SAMPLES["jpg"](), "author.exif", "Someone"),
        ("xl/drawings/drawing1.xml", "<d><broken", "unreadable.part", ""),
        ("xl/charts/chart1.xml", '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "unreadable.entities", ""),
    ],
)
def test_parts_that_no_cell_shows_are_told_or_read(
    part: str, content: str | bytes, rule: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_part(SAMPLES["xlsx"](), {part: content}))
    seen = see(path)
    assert not rule or rule in seen.rules
    assert words in seen.words
    assert seen.tables[0].rows[0] == ["名称", "数量"]


def test_texts_that_no_cell_shows_any_more_are_read(tmp_path: Path) -> None:
    shared = "<sst><si><t>名称</t></si>" + "".join(f"<si><t>留下的{n}</t></si>" for n in range(9)) + "</sst>"
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_part(SAMPLES["xlsx"](), {"xl/sharedStrings.xml": shared}))
    assert "留下的8" in see(path).at("shared strings left behind").lines


def test_a_sheet_that_the_workbook_does_not_name_is_told_and_read(tmp_path: Path) -> None:
    extra = SHEET.format('<row r="1"><c r="A1" t="inlineStr"><is><t>没有名的表</t></is></c></row>')
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_part(SAMPLES["xlsx"](), {"xl/worksheets/sheet9.xml": extra}))
    seen = see(path)
    assert seen.at("sheet9.xml").lines == ["没有名的表"] and "hidden.sheet" in seen.rules


def test_a_sheet_cut_off_is_told_and_its_beginning_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    cut = SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>')[:-30]
    path.write_bytes(with_part(SAMPLES["xlsx"](), {"xl/worksheets/sheet1.xml": cut}))
    seen = see(path)
    assert "unreadable.damaged" in seen.rules and seen.tables[0].cells[0, 0] == "1"


def test_more_cells_than_the_limit_are_told(tmp_path: Path) -> None:
    path = _written([[1, 2]] * 100, tmp_path)
    assert see(path, limits=Limits(cells=50)).notice("unreadable.limit_cells").facts == {"limit": 50}


def test_old_workbooks_keep_their_places_and_tell_what_is_hidden(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("甲")
    sheet.write(2, 1, "名称")
    sheet.write(3, 2, 1.0)
    sheet.write(4, 2, datetime.date(2020, 1, 2), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.row(3).hidden = True
    sheet.col(2).hidden = True
    book.add_sheet("乙").visibility = 2
    book.save(str(tmp_path / "a.xls"))
    seen = see(tmp_path / "a.xls")
    cells = seen.at("甲").cells
    assert (cells[2, 1], cells[3, 2], cells[4, 2]) == ("名称", "1", "2020-01-02")
    assert {"hidden.rows", "hidden.columns", "hidden.sheet"} <= set(seen.rules)


OLD_CELLS = st.one_of(
    st.none(), st.integers(-(10**8), 10**14), st.floats(-1e9, 1e9, allow_subnormal=False), st.booleans(), TEXTS
)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(OLD_CELLS, max_size=6), max_size=12))
def test_old_workbooks_read_as_another_reader_reads_them(
    rows: Values, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("book") / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    book.save(str(path))
    found = {at: text for one in see(path).tables if one.place == "表" for at, text in one.cells.items()}
    other = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("表")
    expected = {
        (number, column): value
        for number, row in enumerate(other.to_python(skip_empty_area=False))
        for column, value in enumerate(row)
        if value != ""
    }
    assert found.keys() == expected.keys()
    for at, value in expected.items():
        if isinstance(value, bool):
            assert found[at] == str(value).upper()
        elif isinstance(value, int | float):
            assert float(found[at]) == pytest.approx(value, rel=1e-14)
        else:
            assert found[at] == str(value).replace("\x1f", " ")


def test_old_workbooks_with_more_strings_than_a_record_holds_lose_none(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    texts = [f"第{number}个比较长的文字" + ("宽" if number % 3 else "narrow") * (number % 40) for number in range(3000)]
    for number, text in enumerate(texts):
        sheet.write(number, 0, text)
    book.save(str(tmp_path / "a.xls"))
    assert see(tmp_path / "a.xls").at("表").lines == texts


def _record(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    return head + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _binary_workbook() -> bytes:
    """One hidden sheet with a cell of each type, and a hidden row."""
    at = struct.Struct("<II")  # column; style
    shared = _record(159, struct.pack("<II", 1, 1)) + _record(19, b"\0" + _wide("共享")) + _record(160, b"")
    row = struct.pack("<IIHBBBI", 2, 0, 300, 0, 0x10, 0, 0)
    cells = [
        _record(7, at.pack(0, 0) + struct.pack("<I", 0)),
        _record(6, at.pack(1, 0) + _wide("直写")),
        _record(5, at.pack(2, 0) + struct.pack("<d", 1.25)),
        _record(2, at.pack(3, 0) + struct.pack("<I", 1234 << 2 | 3)),
        _record(4, at.pack(4, 0) + b"\1"),
        _record(5, at.pack(5, 1) + struct.pack("<d", 43832.0)),
    ]
    extent = _record(148, struct.pack("<IIII", 2, 2, 0, 5))
    sheet = _record(129, b"") + extent + _record(145, b"") + _record(0, row) + b"".join(cells)
    sheet += _record(146, b"") + _record(130, b"")
    format_of = struct.Struct("<HH12x")
    styles = _record(278, b"") + _record(617, struct.pack("<I", 2)) + _record(47, format_of.pack(0, 0))
    styles += _record(47, format_of.pack(0, 14)) + _record(618, b"") + _record(279, b"")
    book = _record(131, b"") + _record(153, bytes(8) + _wide("")) + _record(143, b"")
    book += _record(156, struct.pack("<II", 1, 1) + _wide("rId1") + _wide("表")) + _record(144, b"") + _record(132, b"")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    targets = [("rId1", "worksheet", "worksheets/sheet1.bin"), ("rId2", "styles", "styles.bin")]
    targets.append(("rId3", "sharedStrings", "sharedStrings.bin"))
    relations = "".join(f'<Relationship Id="{a}" Type="{office}/{b}" Target="{c}"/>' for a, b, c in targets)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{space}">{relations}</Relationships>',
            "xl/worksheets/sheet1.bin": sheet,
            "xl/sharedStrings.bin": shared,
            "xl/styles.bin": styles,
        }
    )


def test_binary_workbooks_are_read_with_what_is_hidden(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsb"
    path.write_bytes(_binary_workbook())
    seen = see(path)
    expected = ["共享", "直写", "1.25", "12.34", "TRUE", "2020-01-02"]
    assert seen.at("表").cells == {(2, column): text for column, text in enumerate(expected)}
    assert seen.rules == ["hidden.sheet", "hidden.rows"]
    other = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("表").to_python()
    assert other == [["共享", "直写", 1.25, 12.34, True, datetime.date(2020, 1, 2)]]
