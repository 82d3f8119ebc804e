"""Writes sheets of cells as the files in which agencies hand them in."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape, quoteattr

import docx
import xlsxwriter
import xlwt
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from .drafts import Cell

OLD_LIMIT = 65_536  # rows of an XLS sheet


@dataclass
class Sheet:
    name: str
    rows: list[list[Cell]]
    keys: list[str]  # of the columns, for formats that name them at every record
    first: int = 0  # row of the first record
    hidden: bool = False
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, last row, first column, last

    @property
    def records(self) -> list[dict[str, str]]:
        return [dict(zip(self.keys, (made.text for made in row), strict=False)) for row in self.rows[self.first :]]


def _field(text: str, sign: str) -> str:
    if any(mark in text for mark in (sign, "\n", "\r")) or text.startswith('"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def delimited(sheet: Sheet, sign: str = ",", end: str = "\r\n") -> str:
    return "".join(sign.join(_field(made.text, sign) for made in row) + end for row in sheet.rows)


def delimited_writer(
    encoding: str, sign: str = ",", end: str = "\r\n"
) -> Callable[[Path, Sequence[Sheet], Random], None]:
    def write(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
        path.write_bytes(delimited(sheets[0], sign, end).encode(encoding, "replace"))

    return write


def workbook(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name[:31])
            if sheet.hidden:
                page.hide()
            covered = {
                (row, column)
                for top, low, left, right in sheet.merges
                for row in range(top, low + 1)
                for column in range(left, right + 1)
            }
            for top, low, left, right in sheet.merges:
                page.merge_range(top, left, low, right, sheet.rows[top][left].text)
            for number, row in enumerate(sheet.rows):
                for column, made in enumerate(row):
                    if (number, column) in covered:
                        continue
                    if made.raw is None:
                        page.write_string(number, column, made.text)
                    elif hasattr(made.raw, "year"):
                        page.write_datetime(number, column, made.raw, day)
                    else:
                        page.write_number(number, column, made.raw)


def old_workbook(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        page = book.add_sheet(sheet.name[:31])
        page.visibility = int(sheet.hidden)
        for number, row in enumerate(sheet.rows[:OLD_LIMIT]):
            for column, made in enumerate(row):
                if made.text:
                    page.write(number, column, made.text if made.raw is None or hasattr(made.raw, "year") else made.raw)
    book.save(str(path))


def html_table(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    """What many systems call an export to Excel."""
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(made.text)}</td>" for made in row) + "</tr>" for row in sheets[0].rows
    )
    head = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head><body>'
    path.write_text(f"{head}<table border=1>\n{rows}\n</table></body></html>", "utf-8")


def json_records(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    records = sheets[0].records
    shape = rng.choice(("plain", "wrapped", "pretty"))
    tree = (
        {"code": 200, "msg": "success", "data": {"total": len(records), "rows": records}}
        if shape == "wrapped"
        else records
    )
    path.write_text(json.dumps(tree, ensure_ascii=rng.random() < 0.3, indent=2 if shape == "pretty" else None), "utf-8")


def json_lines(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in sheets[0].records), "utf-8")


def element(key: str) -> str:
    name = re.sub(r"[^\w]", "", key, flags=re.UNICODE)
    return name if name and not name[0].isdigit() else f"f{name}"


def xml_records(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<DATA>\n']
    for one in sheets[0].records:
        parts.append(
            "<ROW>"
            + "".join(f"<{element(key)}>{escape(text)}</{element(key)}>" for key, text in one.items())
            + "</ROW>\n"
        )
    path.write_text("".join(parts) + "</DATA>\n", "utf-8")


def xml_attributes(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    lines = (
        "<row " + " ".join(f"{element(key)}={quoteattr(text)}" for key, text in one.items()) + "/>\n"
        for one in sheets[0].records
    )
    path.write_text('<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n' + "".join(lines) + "</rows>\n", "utf-8")


def letter(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    """A DOCX in which the table stands between two paragraphs."""
    paper = docx.Document()
    paper.core_properties.author = ""
    paper.add_paragraph(sheets[0].name)
    rows = sheets[0].rows
    width = max(len(row) for row in rows)
    table = paper.add_table(rows=len(rows), cols=width)
    cells = table._cells  # one look-up for all: Table.cell() counts the grid anew at every call
    for number, row in enumerate(rows):
        for column, made in enumerate(row):
            cells[number * width + column].text = re.sub(r"[\x00-\x08\x0b-\x1f]", "", made.text)
    paper.add_paragraph("以上名单公示期为五个工作日。")
    paper.save(str(path))


LINES = 34  # on a page of a PDF


def pages(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(path), pagesize=landscape(A4))
    rows = sheets[0].rows
    width = 780 / max(len(row) for row in rows)
    for start in range(0, len(rows), LINES):
        page.setFont("STSong-Light", 8)
        for line, row in enumerate(rows[start : start + LINES]):
            for column, made in enumerate(row):
                page.drawString(30 + column * width, 560 - line * 15, made.text)
        page.showPage()
    page.save()


def archive(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    """Each sheet as a CSV of its own; half the zippers of offices write names in GBK without saying so."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as into:
        for sheet in sheets:
            into.writestr(
                f"{sheet.name}.csv",
                delimited(sheet).encode("gb18030" if rng.random() < 0.5 else "utf-8-sig", "replace"),
            )


def excel_in_csv(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    made = io.BytesIO()
    workbook(made, sheets, rng)  # type: ignore[arg-type]
    path.write_bytes(made.getvalue())


def quoted(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    """Every field in quotes, as databases export."""
    lines = (",".join('"' + made.text.replace('"', '""') + '"' for made in row) + "\n" for row in sheets[0].rows)
    path.write_text("".join(lines), "utf-8")


def broken(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    """GB18030 in which some transfer has cut a sign in half here and there; never in the first lines."""
    lines = delimited(sheets[0]).encode("gb18030", "replace").split(b"\r\n")
    for number in range(9, len(lines), 40):
        lines[number] += b"\x81"
    path.write_bytes(b"\r\n".join(lines))


def big_endian(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    path.write_bytes(b"\xfe\xff" + delimited(sheets[0]).encode("utf-16-be"))


def packed(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    path.write_bytes(gzip.compress(delimited(sheets[0]).encode("utf-8"), mtime=0))


def archive_of_workbooks(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as into:
        for sheet in sheets:
            made = io.BytesIO()
            workbook(made, [sheet], rng)  # type: ignore[arg-type]
            into.writestr(f"附件/{sheet.name}.xlsx", made.getvalue())


MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def open_document(path: Path, sheets: Sequence[Sheet], rng: Random) -> None:
    def cell(made: Cell) -> str:
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in made.text.split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    tables = []
    for sheet in sheets:
        rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in sheet.rows)
        tables.append(f"<table:table table:name={quoteattr(sheet.name)}>{rows}</table:table>")
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr("mimetype", kind, zipfile.ZIP_STORED)
        into.writestr("content.xml", f"<office:document-content {SPACES}>{body}</office:document-content>")
        into.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{MANIFEST}">{entry}</manifest:manifest>'
        )


Write = Callable[[Path, Sequence[Sheet], Random], None]
FORMS: Mapping[str, tuple[str, Write]] = {
    "csv": (".csv", delimited_writer("utf-8")),
    "csv_bom": (".csv", delimited_writer("utf-8-sig")),
    "csv_gb18030": (".csv", delimited_writer("gb18030")),
    "csv_utf16": (".csv", delimited_writer("utf-16")),
    "csv_unix": (".csv", delimited_writer("utf-8", end="\n")),
    "csv_semicolon": (".csv", delimited_writer("gb18030", ";")),
    "csv_mac": (".csv", delimited_writer("utf-8-sig", end="\r")),
    "csv_utf16be": (".csv", big_endian),
    "csv_quoted": (".csv", quoted),
    "csv_broken": (".csv", broken),
    "csv_gz": (".csv.gz", packed),
    "hive": (".txt", delimited_writer("utf-8", "\x01", "\n")),
    "ods": (".ods", open_document),
    "zip_of_xlsx": (".zip", archive_of_workbooks),
    "tsv": (".tsv", delimited_writer("utf-8", "\t", "\n")),
    "txt_tab": (".txt", delimited_writer("utf-16", "\t")),
    "txt_bar": (".txt", delimited_writer("gb18030", "|")),
    "xlsx": (".xlsx", workbook),
    "xls": (".xls", old_workbook),
    "et": (".et", old_workbook),
    "excel_in_csv": (".csv", excel_in_csv),
    "html_in_xls": (".xls", html_table),
    "json": (".json", json_records),
    "ndjson": (".ndjson", json_lines),
    "xml": (".xml", xml_records),
    "xml_attributes": (".xml", xml_attributes),
    "docx": (".docx", letter),
    "pdf": (".pdf", pages),
    "zip": (".zip", archive),
}
KEYED = {"json", "ndjson", "xml", "xml_attributes"}  # no rows but records; a row's number is its record's
SHEETS = {"xlsx", "xls", "et", "excel_in_csv", "ods", "zip_of_xlsx"}
