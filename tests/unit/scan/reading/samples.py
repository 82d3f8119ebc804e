"""One small sound file of each format, made by the libraries that people's programs are made of."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import docx
import openpyxl
import pptx
import xlwt
from PIL import Image
from reportlab.pdfgen import canvas

ROWS = [["名称", "数量"], ["甲", "1"], ["乙", "2"]]
TEXT = "名称,数量\n甲,1\n乙,2\n"


def csv() -> bytes:
    return TEXT.encode("gb18030")


def txt() -> bytes:
    return "第一行\n第二行\n".encode()


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    return _saved(book.save)


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for number, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    return _saved(book.save)


def ods() -> bytes:
    row = "<table:table-row>{}</table:table-row>"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(row.format("".join(map(cell.format, one))) for one in ROWS)
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def docx_file() -> bytes:
    document = docx.Document()
    document.add_paragraph("第一段")
    table = document.add_table(len(ROWS), 2)
    for number, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            table.cell(number, column).text = cell
    return _saved(document.save)


def pptx_file() -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    title = slide.shapes.title
    assert title is not None
    title.text = "标题"
    return _saved(show.save)


def pdf() -> bytes:
    made = io.BytesIO()
    page = canvas.Canvas(made)
    page.drawString(100, 700, "First line")
    page.save()
    return made.getvalue()


def json_file() -> bytes:
    header, *rows = ROWS
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows], ensure_ascii=False).encode()


def ndjson() -> bytes:
    return b'{"a": 1}\n{"a": 2}\n'


def geojson() -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"名称": "甲"},
        "geometry": {"type": "Point", "coordinates": [122.99461, 41.10783]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def xml() -> bytes:
    rows = "".join(f"<row><名称>{a}</名称><数量>{b}</数量></row>" for a, b in ROWS[1:])
    return f'<?xml version="1.0"?><data>{rows}</data>'.encode()


def html() -> bytes:
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in ROWS)
    return f"<html><meta charset=utf-8><body><p>前言</p><table>{rows}</table></body></html>".encode()


def jpeg() -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Someone"
    Image.new("RGB", (8, 8)).save(made, "JPEG", exif=exif)
    return made.getvalue()


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    return made.getvalue()


def zip_file() -> bytes:
    return zipped({"数据.csv": TEXT})


def tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        entry = tarfile.TarInfo("数据.csv")
        entry.size = len(TEXT.encode())
        archive.addfile(entry, io.BytesIO(TEXT.encode()))
    return made.getvalue()


def gz() -> bytes:
    return gzip.compress(TEXT.encode())


def dbf() -> bytes:
    fields = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([10, 0]) + bytes(14)
    head = struct.pack("<BBBBIHH", 3, 126, 1, 1, 2, 32 + 32 + 1, 11) + bytes(20)
    return head + fields + b"\r" + b" " + "甲".encode("gb18030").ljust(10) + b"*" + b"gone".ljust(10) + b"\x1a"


def mail() -> bytes:
    return b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nA letter.\r\n"


SAMPLES: dict[str, Callable[[], bytes]] = {
    "csv": csv,
    "txt": txt,
    "xlsx": xlsx,
    "xls": xls,
    "ods": ods,
    "docx": docx_file,
    "pptx": pptx_file,
    "pdf": pdf,
    "json": json_file,
    "ndjson": ndjson,
    "geojson": geojson,
    "xml": xml,
    "html": html,
    "jpg": jpeg,
    "png": png,
    "zip": zip_file,
    "tar": tar,
    "gz": gz,
    "dbf": dbf,
    "eml": mail,
}
"""Extension to maker."""


def zipped(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_part(package: bytes, changes: Mapping[str, str | bytes]) -> bytes:
    """The same Office file with some parts put in or exchanged."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
    return zipped({**members, **changes})


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    made = io.BytesIO()
    save(made)
    return made.getvalue()
