"""Writes a table as a file of each kind. The same table gives the same bytes."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

import xlsxwriter
import xlwt
from PIL import Image, ImageDraw
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table
from reportlab.platypus.tables import TableStyle

from .tables import Column

Rows = Sequence[Sequence[Any]]
Writer = Callable[[str, Sequence[Column], Rows], bytes]

FONT = "STSong-Light"  # part of every PDF reader, so no font travels with the portal
WHEN = datetime.datetime(2026, 10, 31)
PDF_ROWS, PDF_COLUMNS = 40, 8
NOTE = "演示数据：由程序生成，不反映真实情况。"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(_plain(value))


def _csv(columns: Sequence[Column], rows: Rows) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.title for column in columns])
    writer.writerows([_text(value) for value in row] for row in rows)
    return out.getvalue()


def csv_utf8(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    return _csv(columns, rows).encode("utf-8-sig")


def csv_gb18030(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    return _csv(columns, rows).encode("gb18030")


def xlsx(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": title, "comments": NOTE, "created": WHEN})
    sheet = book.add_worksheet("数据")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, [column.title for column in columns], book.add_format({"bold": True}))
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.write(at, column, value, day if isinstance(value, datetime.date) else None)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def xls(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("数据")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, one in enumerate(columns):
        sheet.write(0, column, one.title)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.write(at, column, value, *([day] if isinstance(value, datetime.date) else []))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _records(columns: Sequence[Column], rows: Rows) -> list[dict[str, Any]]:
    return [{column.title: _plain(value) for column, value in zip(columns, row, strict=True)} for row in rows]


def json_(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    return json.dumps(_records(columns, rows), ensure_ascii=False, indent=1).encode()


def geojson(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [record.pop("经度"), record.pop("纬度")]},
            "properties": record,
        }
        for record in _records(columns, rows)
    ]
    return json.dumps({"type": "FeatureCollection", "name": title, "features": features}, ensure_ascii=False).encode()


def xml(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    root = ElementTree.Element("dataset", {"title": title, "note": NOTE})
    for row in rows:
        record = ElementTree.SubElement(root, "record")
        for column, value in zip(columns, row, strict=True):
            ElementTree.SubElement(record, column.name, {"title": column.title}).text = _text(value)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def zip_(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("数据.csv", csv_utf8(title, columns, rows)), ("说明.txt", f"{title}\n{NOTE}\n".encode())):
            archive.writestr(zipfile.ZipInfo(name, WHEN.timetuple()[:6]), data)
    return out.getvalue()


def pdf(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    document = SimpleDocTemplate(out, pagesize=landscape(A4), invariant=1, title=title)
    shown = [[c.title for c in columns[:PDF_COLUMNS]]]
    shown += [[_text(value) for value in row[:PDF_COLUMNS]] for row in rows[:PDF_ROWS]]
    style = TableStyle([
        ("FONT", (0, 0), (-1, -1), FONT, 8),
        ("GRID", (0, 0), (-1, -1), 0.3, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
    ])  # fmt: skip
    document.build([_line(title, 16), _line(NOTE, 9), Spacer(1, 12), Table(shown, repeatRows=1, style=style)])
    return out.getvalue()


def _line(text: str, size: int) -> Paragraph:
    from reportlab.lib.styles import ParagraphStyle

    return Paragraph(text, ParagraphStyle(f"line{size}", fontName=FONT, fontSize=size, leading=size * 1.5))


def _picture(rows: Rows) -> Image.Image:
    """A plain drawing without letters: points where the table has places, bars of its last number elsewhere."""
    image = Image.new("RGB", (960, 600), "#f7f9fb")
    pen = ImageDraw.Draw(image)
    for at in range(0, 960, 60):
        pen.line((at, 0, at, 600), fill="#dde4ea")
        pen.line((0, at, 960, at), fill="#dde4ea")
    numbers = [[value for value in row if isinstance(value, float)] for row in rows[:200]]
    pairs = [found[:2] for found in numbers if len(found) >= 2]
    for x, y in _fit(pairs):
        pen.ellipse((x - 7, y - 7, x + 7, y + 7), fill="#1f6fb2", outline="white", width=2)
    return image


def _fit(pairs: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    if not pairs:
        return []
    (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*pairs, strict=True))
    return [
        (40 + 880 * (x - left) / ((right - left) or 1), 560 - 520 * (y - low) / ((high - low) or 1)) for x, y in pairs
    ]


def _image(kind: str) -> Writer:
    def write(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
        out = io.BytesIO()
        _picture(rows).save(out, kind)
        return out.getvalue()

    return write


WRITERS: Mapping[str, tuple[str, Writer]] = {
    "csv": ("csv", csv_utf8),
    "csv-gb": ("csv", csv_gb18030),
    "xlsx": ("xlsx", xlsx),
    "xls": ("xls", xls),
    "json": ("json", json_),
    "geojson": ("geojson", geojson),
    "xml": ("xml", xml),
    "zip": ("zip", zip_),
    "pdf": ("pdf", pdf),
    "png": ("png", _image("PNG")),
    "jpg": ("jpg", _image("JPEG")),
}
"""Kind of file in the data tables -> its ending and its writer."""


def write(kind: str, title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    return WRITERS[kind][1](title, columns, rows)
