"""New files without what a finding names: every remedy in every format, and nothing else changed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.anshan.scan import generalising, policy, remedies, remedy_words, scanning
from ckanext.anshan.scan.findings import Finding
from ckanext.anshan.scan.pieces import Limits, Reading
from ckanext.anshan.scan.remedies import Asked, Changes, Refused, apply, preview
from ckanext.anshan.scan.rewriting import delimited
from ckanext.anshan.scan.suppressing import suppression

HEADER = ["序号", "姓名", "身份证号", "手机", "出生日期", "住址", "经纬度", "备注"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RANDOM = random.Random(6)


def an_id() -> str:
    day = date(RANDOM.randint(1950, 1999), RANDOM.randint(1, 12), RANDOM.randint(1, 28))
    body = f"210302{day:%Y%m%d}{RANDOM.randint(0, 999):03}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def a_row(number: int) -> list[str]:
    number_of_mobile = f"139{RANDOM.randint(10**7, 10**8 - 1)}"
    return [
        str(number),
        RANDOM.choice("王李张刘陈") + RANDOM.choice(["建国", "淑兰", "伟"]),
        an_id(),
        number_of_mobile,
        f"19{RANDOM.randint(50, 99)}-{RANDOM.randint(1, 12):02}-{RANDOM.randint(1, 28):02}",
        f"鞍山市铁东区解放路{RANDOM.randint(100, 999)}号{RANDOM.randint(1, 9)}单元",
        f"122.{RANDOM.randint(10**5, 10**6 - 1)},41.{RANDOM.randint(10**5, 10**6 - 1)}",
        f"已于上午致电{number_of_mobile}说明情况，本人表示同意按照规定的时间到窗口办理相关手续。",
    ]


ROWS = [a_row(number) for number in range(1, 61)]
REMEDY_OF = {
    "姓名": ("mask", "person_name"),
    "身份证号": ("mask", "resident_id"),
    "手机": ("mask", "mobile"),
    "出生日期": ("month", "k_anonymity"),
    "住址": ("street", "home_address"),
    "经纬度": ("round", "coordinates"),
    "备注": ("mask", "mobile"),
}
SECRETS = {
    "姓名": [row[1] for row in ROWS],
    "身份证号": [row[2] for row in ROWS],
    "手机": [row[3] for row in ROWS],
    "出生日期": [row[4] for row in ROWS],
    "住址": [re.sub(r".*路", "路", row[5]) for row in ROWS],
    "经纬度": [row[6].split(",")[0] for row in ROWS],
    "备注": [row[3] for row in ROWS],
}


def as_csv(
    rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL
) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode(encoding)


def a_book() -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "名单"
    return book, sheet


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book, sheet = a_book()
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def as_xls(rows: Sequence[Sequence[str]]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名单")
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            sheet.write(number, at, cell)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def as_records(rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def as_json(rows: Sequence[Sequence[str]]) -> bytes:
    return json.dumps({"总数": len(rows) - 1, "名单": as_records(rows)}, ensure_ascii=False, indent=2).encode()


def as_lines(rows: Sequence[Sequence[str]]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in as_records(rows)).encode()


def as_geojson(rows: Sequence[Sequence[str]]) -> bytes:
    features = [
        {"type": "Feature", "properties": one, "geometry": {"type": "Point", "coordinates": [122.9945678, 41.1086543]}}
        for one in as_records(rows)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


FORMATS = {
    "a.csv": (as_csv, ""),
    "a.tsv": (lambda rows: as_csv(rows, delimiter="\t"), ""),
    "a.xlsx": (as_xlsx, "名单"),
    "a.xls": (as_xls, "名单"),
    "a.et": (as_xls, "名单"),
    "a.json": (as_json, "名单"),
    "a.ndjson": (as_lines, ""),
    "a.geojson": (as_geojson, "features"),
}


def remedied(folder: Path, name: str, data: bytes, *asked: Asked) -> tuple[Changes, bytes]:
    source, to = folder / "source", folder / "new"
    source.write_bytes(data)
    changes = apply(source, name, asked, to)
    assert source.read_bytes() == data
    new = to.read_bytes()
    assert (changes.sha256, changes.size) == (hashlib.sha256(new).hexdigest(), len(new))
    assert sorted(one.name for one in folder.iterdir()) == ["new", "source"]
    return changes, new


def unpacked(data: bytes) -> str:
    """All text of a file, also of each part of an XLSX."""
    if not data.startswith(b"PK"):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "\n".join(package.read(part).decode("utf-8", "replace") for part in package.namelist())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("column", REMEDY_OF)
@pytest.mark.parametrize("drop", [False, True])
def test_no_raw_value_of_a_remedied_column_is_in_the_new_file(tmp_path, name, column, drop):
    make, part = FORMATS[name]
    remedy, kind = REMEDY_OF[column]
    only = [[cell for at, cell in enumerate(row) if HEADER[at] in ("序号", column)] for row in [HEADER, *ROWS]]
    changes, new = remedied(tmp_path, name, make(only), Asked(part, column, "drop" if drop else remedy, kind))
    text = unpacked(new)
    assert [value for value in SECRETS[column] if value in text] == []
    assert (column in text) != drop
    assert (changes.changes[0].cells, changes.changes[0].column) == (len(ROWS), column)


@pytest.mark.parametrize("name", FORMATS)
def test_no_raw_value_is_in_the_list_of_changes(tmp_path, name):
    make, part = FORMATS[name]
    asked = [Asked(part, column, remedy, kind) for column, (remedy, kind) in REMEDY_OF.items()]
    changes, _ = remedied(tmp_path, name, make([HEADER, *ROWS]), *asked)
    told = json.dumps(changes.as_dict(), ensure_ascii=False)
    secrets = [value for values in SECRETS.values() for value in values]
    assert [value for value in secrets if value in told] == []


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_change_of_the_same_file_has_the_same_hash(tmp_path, name):
    make, part = FORMATS[name]
    data = make([HEADER, *ROWS])
    asked = Asked(part, "姓名", "mask", "person_name")
    assert remedied(tmp_path, name, data, asked) == remedied(tmp_path, name, data, asked)


@pytest.mark.parametrize("name", FORMATS)
def test_a_preview_tells_the_first_changes_of_the_whole(tmp_path, name):
    make, part = FORMATS[name]
    asked = Asked(part, "手机", "mask", "mobile")
    changes, _ = remedied(tmp_path, name, make([HEADER, *ROWS]), asked)
    (shown,) = [one for one in preview(tmp_path / "source", name, [asked], rows=2).changes if one.column]
    assert shown.before == changes.changes[0].before[:2] == ("139********",) * 2
    assert shown.after == ("139********",) * 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5hkscs"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_other_columns_keep_their_bytes_and_the_file_its_encoding(tmp_path, encoding, quoting):
    rows = [["編號", "電話", "說明"], *[[str(at), f"1380000{at:04}", f'第{at}行，"引號",和\n換行'] for at in range(50)]]
    data = as_csv(rows, encoding, quoting=quoting)
    _, new = remedied(tmp_path, "a.csv", data, Asked("", "電話", "mask", "mobile"))
    masked = [[row[0], "138********" if at else row[1], row[2]] for at, row in enumerate(rows)]
    assert new == as_csv(masked, encoding, quoting=quoting)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("columns", [(0,), (1,), (3,), (0, 1), (0, 2), (1, 3), (0, 1, 2), (1, 2, 3)])
def test_dropped_columns_leave_a_table_of_the_others(tmp_path, delimiter, columns):
    rows = [["甲", "乙", "丙", "丁"], *[[f"{at}{name}" for name in ("a", 'b"', "c\nc", "d")] for at in range(30)]]
    asked = [Asked("", rows[0][at], "drop", "k_anonymity") for at in columns]
    _, new = remedied(tmp_path, "a.csv", as_csv(rows, delimiter=delimiter), *asked)
    assert new == as_csv(
        [[cell for at, cell in enumerate(row) if at not in columns] for row in rows], delimiter=delimiter
    )


def test_short_and_blank_rows_stay_what_they_are_when_columns_are_dropped(tmp_path):
    data = "甲,乙,丙\n1,2,3\n1\n\n1,2\n1,2,3,4".encode()
    _, new = remedied(tmp_path, "a.csv", data, Asked("", "甲", "drop", "k_anonymity"))
    assert new.decode() == "乙,丙\n2,3\n\n\n2\n2,3,4"


def test_titles_above_the_header_stay(tmp_path):
    rows = [["2025年救助对象名单", "", ""], ["序号", "姓名", "手机"], *[[row[0], row[1], row[3]] for row in ROWS]]
    changes, new = remedied(tmp_path, "a.csv", as_csv(rows), Asked("", "姓名", "mask", "person_name", header_row=1))
    assert new.startswith("2025年救助对象名单,,\r\n序号,姓名,手机\r\n".encode())
    assert changes.changes[0].cells == len(ROWS)


def test_a_numbered_column_of_a_table_without_header_is_changed_from_its_first_row(tmp_path):
    rows = [[row[0], row[3]] for row in ROWS]
    changes, new = remedied(tmp_path, "a.csv", as_csv(rows), Asked("", "#2", "mask", "mobile"))
    assert changes.changes[0].cells == len(ROWS)
    assert ROWS[0][3] not in new.decode()


def test_two_columns_of_one_name_are_both_changed(tmp_path):
    rows = [["手机", "姓名", "手机"], *[[row[3], "某", row[3]] for row in ROWS]]
    _, new = remedied(tmp_path, "a.csv", as_csv(rows), Asked("", "手机", "mask", "mobile"))
    assert not [row[3] for row in ROWS if row[3] in new.decode()]


def test_files_of_many_chunks_are_changed_throughout(tmp_path):
    row = ",".join(ROWS[0][:4])
    data = (",".join(HEADER[:4]) + "\n" + (row + "\n") * 60_000).encode()
    changes, new = remedied(
        tmp_path, "a.csv", data, Asked("", "手机", "mask", "mobile"), Asked("", "序号", "drop", "uscc")
    )
    assert [change.cells for change in changes.changes] == [60_000, 60_000]
    assert new.count(b"139********") == 60_000
    assert new.count(b"\n") == 60_001


CELLS = st.text(st.sampled_from('甲乙a1,"\n\r ='), max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=3, max_size=12))
def test_whatever_stands_in_other_columns_is_read_as_before(tmp_path_factory, rows):
    table = [["说明", "手机", "其他"], *[[left, "13800001234", right] for left, right in rows]]
    _, new = remedied(
        tmp_path_factory.mktemp("any"),
        "a.csv",
        as_csv(table, quoting=csv.QUOTE_ALL),
        Asked("", "手机", "mask", "mobile"),
    )
    masked = [[left, middle if not at else "138********", right] for at, (left, middle, right) in enumerate(table)]
    assert new == as_csv(masked, quoting=csv.QUOTE_ALL)


@settings(max_examples=150, deadline=None)
@given(st.text('甲a,"\n\r;\t =', min_size=1, max_size=60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_a_file_without_a_value_to_change_keeps_every_byte_however_broken_it_is(tmp_path_factory, text, encoding):
    folder = tmp_path_factory.mktemp("same")
    (folder / "source").write_bytes(("甲,乙\n" + text).encode(encoding))
    delimited.apply(folder / "source", "a.csv", [Asked("", "#1", "mask", "mobile")], folder / "new", Reading())
    assert (folder / "new").read_bytes() == (folder / "source").read_bytes()


def as_ods(rows: Sequence[Sequence[str]]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>' for one in row
        )
        + "</table:table-row>"
        for row in rows
    )
    of = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{of}:office:1.0" xmlns:table="{of}:table:1.0" '
        f'xmlns:text="{of}:text:1.0"><office:body><office:spreadsheet><table:table table:name="名单">{cells}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{of}:manifest:1.0"/>')
    return data.getvalue()


def test_a_sheet_of_open_document_becomes_an_xlsx(tmp_path):
    asked = Asked("名单", "身份证号", "mask", "resident_id")
    changes, new = remedied(tmp_path, "a.ods", as_ods([HEADER, *ROWS]), asked)
    assert (changes.name, changes.changes[0].cells) == ("a.xlsx", len(ROWS))
    assert [value for value in SECRETS["身份证号"] if value in unpacked(new)] == []


def persons() -> list[list[str]]:
    return [["年龄", "出生日期", "住址"], *[[str(20 + at), row[4], row[5]] for at, row in enumerate(ROWS)]]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.json"])
def test_of_a_combination_only_the_columns_that_fit_the_remedy_are_changed(tmp_path, name):
    make, part = FORMATS[name]
    asked = [Asked(part, "年龄 + 出生日期 + 住址", remedy, "k_anonymity") for remedy in ("month", "street")]
    _, new = remedied(tmp_path, name, make(persons()), *asked)
    text = unpacked(new)
    assert [value for column in ("出生日期", "住址") for value in SECRETS[column] if value in text] == []
    assert all(str(20 + at) in text for at in range(len(ROWS)))


def test_a_remedy_that_fits_no_column_of_a_combination_is_refused(tmp_path):
    rows = [["年龄", "职业"], *[[str(20 + at), "工人"] for at in range(20)]]
    with pytest.raises(Refused) as refused:
        remedied(tmp_path, "a.csv", as_csv(rows), Asked("", "年龄 + 职业", "month", "k_anonymity"))
    assert refused.value.code == "nothing_fits"


def test_of_groups_that_are_alike_the_sensitive_column_is_dropped(tmp_path):
    rows = [["住址", "年龄", "病种"], *[[row[5], str(20 + at), "肝炎"] for at, row in enumerate(ROWS)]]
    _, new = remedied(tmp_path, "a.csv", as_csv(rows), Asked("", "住址 + 年龄 + 病种", "drop", "l_diversity"))
    assert new == as_csv([row[:2] for row in rows])


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.json"])
def test_columns_are_found_by_the_name_that_the_report_tells(tmp_path, name):
    make, part = FORMATS[name]
    rows = [["序号", "经办人 电话13900001234"], *[[row[0], row[3]] for row in ROWS]]
    asked = Asked(part, scanning.safe(rows[0][1]), "mask", "mobile")
    assert "13900001234" not in asked.column
    _, new = remedied(tmp_path, name, make(rows), asked)
    assert [value for value in SECRETS["手机"] if value in unpacked(new)] == []


def test_in_running_text_only_the_addresses_are_changed(tmp_path):
    rows = [
        ["序号", "说明"],
        *[[row[0], f"来电反映，家住{row[5]}，要求尽快处理路面积水的问题并且给予答复。"] for row in ROWS],
    ]
    _, new = remedied(tmp_path, "a.csv", as_csv(rows), Asked("", "说明", "street", "home_address"))
    text = new.decode()
    assert [value for value in SECRETS["住址"] if value in text] == []
    assert text.count("铁东区解放路，要求尽快处理路面积水的问题并且给予答复。") == len(ROWS)


def test_numbers_of_a_workbook_are_masked_like_texts(tmp_path):
    book, sheet = a_book()
    sheet.append(["序号", "手机"])
    for row in ROWS:
        sheet.append([int(row[0]), int(row[3])])
    _, new = remedied(tmp_path, "a.xlsx", saved(book), Asked("名单", "手机", "mask", "mobile"))
    rows = list(openpyxl.load_workbook(io.BytesIO(new))["名单"].values)
    assert rows[1:] == [(int(row[0]), "139********") for row in ROWS]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("column", ["身份证号", "手机", "姓名", "住址"])
def test_a_scan_of_the_new_file_finds_what_it_found_no_more(tmp_path, name, column):
    make, _ = FORMATS[name]
    only = [[cell for at, cell in enumerate(row) if HEADER[at] in ("序号", column)] for row in [HEADER, *ROWS]]
    (tmp_path / "source").write_bytes(make(only))
    (found,) = [one for one in scanned(tmp_path / "source", name) if one.kind == REMEDY_OF[column][1]]
    for remedy in found.remedies:
        changes = apply(
            tmp_path / "source", name, [Asked(found.part, found.column, remedy, found.kind)], tmp_path / "new"
        )
        assert [one.kind for one in scanned(tmp_path / "new", changes.name) if one.kind == found.kind] == []


def scanned(path: Path, name: str) -> list[Finding]:
    return list(scanning.Scan(path, name, scanning.Asked()))


@pytest.mark.parametrize(
    ("cell", "new"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|'/C calc'!A0", "'+cmd|'/C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("-12.5", "-12.5"),
        ("+8%", "+8%"),
        ("--", "--"),
        ("a=b", "a=b"),
    ],
)
def test_cells_of_text_that_would_run_get_an_apostrophe(tmp_path, cell, new):
    rows = [["名称", "值"], ["甲", cell], ["乙", "1"]]
    changes, data = remedied(tmp_path, "a.csv", as_csv(rows), Asked("", "", "plain", "formula"))
    assert data == as_csv([["名称", "值"], ["甲", new], ["乙", "1"]])
    assert changes.changes[0].cells == (cell != new)


def hiding_workbook() -> bytes:
    book, sheet = a_book()
    sheet.append(["名称", "姓名", "值", "手机"])
    sheet.append(["甲", "张三", "=1+1", "13800001234"])
    sheet.append(["乙", "李四", 5, "13800005678"])
    sheet.append(["丙", "王五", 6, "13800009999"])
    sheet["A1"].comment = Comment("批注里的赵六", "钱七")
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[4].hidden = True
    sheet["A2"].hyperlink = "file:///secret"
    secret = book.create_sheet("底稿")
    secret.append(["孙八"])
    secret.sheet_state = "hidden"
    book.properties.creator = "周九"
    return saved(book)


def test_a_new_workbook_holds_values_alone(tmp_path):
    changes, new = remedied(tmp_path, "名单.xlsx", hiding_workbook(), Asked("", "", "plain", "hidden"))
    text = unpacked(new)
    assert [
        word
        for word in ("赵六", "钱七", "孙八", "周九", "secret", "1+1", "底稿", "13800001234", "王五")
        if word in text
    ] == []
    assert "张三" in text
    assert changes.name == "名单.xlsx"
    told = [(change.rule, change.cells) for change in changes.changes]
    assert told == [
        ("plain.workbook", 0),
        ("plain.hidden_sheets", 1),
        ("plain.hidden_rows", 1),
        ("plain.hidden_columns", 1),
    ]


def test_a_remedy_on_a_workbook_keeps_numbers_and_dates_as_such(tmp_path):
    book, sheet = a_book()
    sheet.append(["姓名", "出生日期", "登记日期", "金额"])
    for number in range(10):
        sheet.append(["张三", datetime(1980, 5, 17), datetime(2023, 1, 2), number + 0.5])
    asked = (Asked("名单", "姓名", "mask", "person_name"), Asked("名单", "出生日期", "month", "k_anonymity"))
    _, new = remedied(tmp_path, "a.xlsx", saved(book), *asked)
    rows = list(openpyxl.load_workbook(io.BytesIO(new))["名单"].values)
    assert rows[1] == ("张*", "1980-05", datetime(2023, 1, 2), 0.5)


def test_an_old_workbook_becomes_an_xlsx(tmp_path):
    changes, new = remedied(tmp_path, "名单.et", as_xls([HEADER, *ROWS]), Asked("名单", "姓名", "drop", "person_name"))
    assert changes.name == "名单.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(new)).sheetnames == ["名单"]


def test_json_keeps_its_form_its_digits_and_its_double_keys(tmp_path):
    number = '  "甲": 1.50,\n  "甲": 12345678901234567890,\n'
    text = "{\n" + number + '  "名单": [\n    {\n      "手机": "13800001234"\n    }\n  ]\n}\n'
    _, new = remedied(tmp_path, "a.json", text.encode(), Asked("名单", "手机", "mask", "mobile"))
    assert new.decode() == text.replace("13800001234", "138********")


@pytest.mark.parametrize("column", ["geometry.lng", "geometry.coordinates"])
def test_geometries_are_rounded_and_nothing_else(tmp_path, column):
    data = as_geojson([HEADER, *ROWS[:3]])
    _, new = remedied(tmp_path, "a.geojson", data, Asked("features", column, "round", "coordinates"))
    assert new == data.replace(b"122.9945678", b"122.995").replace(b"41.1086543", b"41.109")


def test_a_dropped_geometry_stays_as_nothing(tmp_path):
    data = as_geojson([HEADER, *ROWS[:3]])
    _, new = remedied(tmp_path, "a.geojson", data, Asked("features", "geometry", "drop", "coordinates"))
    assert all(one["geometry"] is None for one in json.loads(new)["features"])


def test_lines_of_json_larger_than_what_is_read_whole_are_streamed(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(as_lines([HEADER, *ROWS]) * 50)
    apply(source, "a.ndjson", [Asked("", "手机", "mask", "mobile")], tmp_path / "new", Limits(whole=10_000))
    assert (tmp_path / "new").read_bytes().count(b"139********") >= 50 * len(ROWS)


@pytest.mark.parametrize(
    ("name", "data", "asked", "code"),
    [
        ("a.pdf", b"%PDF-1.7\n", Asked("", "姓名", "mask", "person_name"), "format"),
        ("a.xml", b"<?xml version='1.0'?><a><b>1</b></a>", Asked("", "b", "drop", "mobile"), "format"),
        ("a.csv", as_csv([HEADER, *ROWS]), Asked("", "没有这一列", "drop", "mobile"), "no_such_column"),
        ("a.csv", as_csv([HEADER, *ROWS]), Asked("", "#99", "drop", "mobile"), "no_such_column"),
        ("a.csv", as_csv([HEADER, *ROWS]), Asked("a.zip/a.csv", "姓名", "drop", "mobile"), "no_such_part"),
        ("a.xlsx", as_xlsx([HEADER, *ROWS]), Asked("没有", "姓名", "drop", "mobile"), "no_such_part"),
        ("a.xlsx", as_xlsx([HEADER, *ROWS]), Asked("名单", "没有", "drop", "mobile"), "no_such_column"),
        ("a.json", as_json([HEADER, *ROWS]), Asked("名单", "没有", "drop", "mobile"), "no_such_column"),
        ("a.json", b'{"a": [1, 2', Asked("", "a", "drop", "mobile"), "unreadable"),
        (
            "a.csv",
            as_csv([["姓名"], *[[row[1]] for row in ROWS]]),
            Asked("", "姓名", "drop", "person_name"),
            "nothing_left",
        ),
        ("a.csv", as_csv([HEADER, *ROWS]), Asked("", "姓名", "burn", "person_name"), "no_such_remedy"),
    ],
)
def test_what_cannot_be_done_is_refused_and_leaves_nothing(tmp_path, name, data, asked, code):
    (tmp_path / "source").write_bytes(data)
    with pytest.raises(Refused) as refused:
        apply(tmp_path / "source", name, [asked], tmp_path / "new")
    assert refused.value.code == code
    assert remedy_words.WORDS[code].format(**refused.value.facts)
    assert [one.name for one in tmp_path.iterdir()] == ["source"]


def test_a_whole_tree_larger_than_what_is_read_whole_is_refused(tmp_path):
    (tmp_path / "source").write_bytes(as_json([HEADER, *ROWS]))
    with pytest.raises(Refused) as refused:
        apply(
            tmp_path / "source",
            "a.json",
            [Asked("名单", "手机", "mask", "mobile")],
            tmp_path / "new",
            Limits(whole=1000),
        )
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("remedy", remedies.REMEDIES)
def test_every_remedy_and_every_kind_states_its_rule(remedy):
    for kind in policy.kinds():
        assert remedies.delimited.Editor(Asked("", "", remedy, kind)).rule in remedy_words.WORDS


@pytest.mark.parametrize("kind", policy.kinds())
def test_the_policy_names_no_remedy_that_does_not_exist(kind):
    assert set(policy.kinds()[kind].remedies) <= set(remedies.REMEDIES)


@pytest.mark.parametrize(
    ("value", "month"),
    [
        ("2023-05-17", "2023-05"),
        ("2023/5/7", "2023-05"),
        ("2023.5.7", "2023-05"),
        ("20230517", "2023-05"),
        ("20230517093000", "2023-05"),
        ("2023年5月17日", "2023-05"),
        ("2023年5月17日 9时30分", "2023-05"),
        ("二〇二三年五月十七日", "2023-05"),
        ("2023-05-17 09:30:00", "2023-05"),
        ("2023-05-17T09:30:00.000+08:00", "2023-05"),
        ("17/05/2023", "2023-05"),
        ("5/6/2023", "2023"),
        ("45063", "2023-05"),
        ("2023-05-17至2023-06-01", "2023-05至2023-06"),
        ("２０２３－０５－１７", "2023-05"),
        ("2023-05", "2023-05"),
        ("2023年5月", "2023-05"),
        ("2023", "2023"),
        ("1990年生", "1990年生"),
        ("不详", "不详"),
        ("17日", ""),
        ("210302199001011234", ""),
    ],
)
def test_dates_of_any_spelling_become_months(value, month):
    assert generalising.month(value) == month


@given(
    st.dates(min_value=date(1900, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%d/%m/%Y", "%Y.%m.%d %H:%M:%S"]),
)
def test_no_day_survives_in_a_month(day, form):
    if day.year < 2200:
        shown = generalising.month(day.strftime(form))
        assert re.fullmatch(r"\d{4}(-\d{2})?", shown)
        assert shown == day.strftime("%Y-%m")[: len(shown)]
        assert generalising.month(shown) == shown


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("辽宁省鞍山市铁东区解放路12号3单元", "辽宁省鞍山市铁东区解放路"),
        ("铁东区长甸街道光明社区5栋", "铁东区长甸街道"),
        ("海城市腾鳌镇某村5组12号", "海城市腾鳌镇"),
        ("岫岩满族自治县三家子镇5号", "岫岩满族自治县三家子镇"),
        ("铁东区二一九路镇安小区3号", "铁东区二一九路"),
        ("鞍山市铁西区锦绣花园3号楼", "鞍山市铁西区"),
        ("沈阳市和平区南京南街5号", "沈阳市和平区南京南街"),
        ("锦绣花园3号楼502", "***"),
        ("赵钱孙家住铁东区解放路12号", "铁东区解放路"),
        ("赵钱孙说他每天都要走过一条路", "***"),
        ("鞍山市", "鞍山市"),
        ("", ""),
    ],
)
def test_addresses_end_with_the_street(address, street):
    assert generalising.street(address) == street
    assert generalising.street(street) == street


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("122.9945678", "122.995"),
        ("122.9945678,41.1086543", "122.995,41.109"),
        ("POINT(122.9945678 41.1086543)", "POINT(122.995 41.109)"),
        ("-0.00049", "-0.000"),
        ("41.1", "41.1"),
        ("122°59'40.4\"", "122.995"),
        ("41512345.678", "41512300"),
        ("122994567", "122995000"),
        ("无", "无"),
    ],
)
def test_coordinates_have_three_decimals(value, rounded):
    assert generalising.rounded(value) == rounded
    assert generalising.rounded(rounded) == rounded


def hidden(table: Sequence[Sequence[object]], *columns: int) -> list[list[str]]:
    rows = [[str(cell) for cell in row] for row in table]
    signs = suppression(rows, rows[0], columns, 1, 5)
    return [[signs.get((number, at), cell) for at, cell in enumerate(row)] for number, row in enumerate(rows)][1:]


def test_small_counts_without_totals_are_hidden_alone():
    assert hidden([["区", "人数"], ["甲", 3], ["乙", 0], ["丙", 5], ["丁", 41]], 1) == [
        ["甲", "<5"],
        ["乙", "0"],
        ["丙", "5"],
        ["丁", "41"],
    ]


def test_a_printed_total_gives_no_single_hidden_count_back():
    found = hidden([["区", "人数"], ["甲", 3], ["乙", 9], ["丙", 30], ["合计", 42]], 1)
    assert found == [["甲", "<5"], ["乙", "*"], ["丙", "30"], ["合计", "42"]]


def test_hidden_counts_whose_sum_leaves_one_way_are_protected_too():
    assert hidden([["区", "人数"], ["甲", 1], ["乙", 1], ["丙", 30], ["合计", 32]], 1)[2] == ["丙", "*"]
    assert hidden([["区", "人数"], ["甲", 3], ["乙", 4], ["丙", 30], ["合计", 37]], 1)[2] == ["丙", "30"]


def test_a_total_column_nobody_asked_for_is_thought_of():
    found = hidden([["区", "男", "女", "合计"], ["甲", 2, 20, 22], ["乙", 30, 40, 70], ["丙", 50, 65, 115]], 1)
    assert found[0] in (["甲", "<5", "*", "22"], ["甲", "<5", "20", "*"])
    assert found[1:] == [["乙", "30", "40", "70"], ["丙", "50", "65", "115"]]


COUNTS = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=3, max_size=4)


@settings(max_examples=150, deadline=None)
@given(COUNTS)
def test_no_small_count_can_be_computed_from_totals_of_both_ways(counts):
    table = [["区", "一", "二", "三", "合计"]]
    table += [[f"第{at}区", *row, sum(row)] for at, row in enumerate(counts)]  # type: ignore[list-item]
    table += [["合计", *map(sum, zip(*counts, strict=True)), sum(map(sum, counts))]]  # type: ignore[list-item]
    shown = hidden(table, 1, 2, 3, 4)
    small = [(row, at) for row in range(len(counts)) for at in range(3) if 1 <= counts[row][at] < 5]
    assert all(shown[row][at + 1] == "<5" for row, at in small)
    unknown = {(row, at) for row, cells in enumerate(shown) for at, cell in enumerate(cells) if cell in ("<5", "*")}
    assert all(is_on_a_circle((row, at + 1), unknown) for row, at in small)


def is_on_a_circle(cell: tuple[int, int], unknown: set[tuple[int, int]]) -> bool:
    """Whether its column is reached from its row by other hidden cells: only then it can be more than one number."""
    rows, columns = {cell[0]}, set[int]()
    for _ in unknown:
        columns |= {at for row, at in unknown - {cell} if row in rows}
        rows |= {row for row, at in unknown - {cell} if at in columns}
    return cell[1] in columns


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.json"])
def test_small_counts_are_hidden_in_every_format(tmp_path, name):
    table = [["区", "人数"], ["甲", "3"], ["乙", "9"], ["丙", "30"], ["合计", "42"]]
    make, part = FORMATS[name]
    changes, new = remedied(tmp_path, name, make(table), Asked(part, "人数", "suppress", "small_cells"))
    assert changes.changes[0].cells == 2
    assert "&lt;5" in unpacked(new) or "<5" in unpacked(new)
    assert set(changes.changes[0].after) == {"<5", "*"}
