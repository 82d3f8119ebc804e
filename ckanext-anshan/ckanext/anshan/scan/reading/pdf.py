"""PDF: the words of each page, and what lies behind them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ..pieces import Notice, Piece, Place, Read, Reading
from . import inside, package, tables
from .unreadable import Unreadable

PERSONS = {"Author": "creator"}
SPOKEN = (b"Contents", b"T", b"V", b"DV", b"TU", b"RC")
"""Entries of an annotation that hold words: its text, who wrote it, the value of a form field."""

LARGEST = 512 << 20  # bytes of a file
PAGES = 50_000
PAGE = 10_000_000  # characters of a page
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.S)


def read(path: Path, place: Place, reading: Reading) -> Read:
    if path.stat().st_size > LARGEST:
        raise Unreadable("limit_whole", limit=LARGEST >> 20)
    try:
        document = pdfium.PdfDocument(str(path))
    except pdfium.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Unreadable("encrypted" if encrypted else "damaged") from error
    try:
        yield from _document(document, place, reading)
    finally:
        document.close()
    yield from tables.text(place.at("properties"), _xmp(path), reading)


def _document(document: pdfium.PdfDocument, place: Place, reading: Reading) -> Read:
    properties = document.get_metadata_dict()
    found = [(PERSONS.get(name, name), value) for name, value in properties.items()]
    yield from package.authors(found, place, reading)
    pages = len(document)
    without: list[int] = []
    behind: list[str] = []
    failed = 0
    left = reading.limits.text
    for number in range(min(pages, PAGES)):
        try:
            words, pictures, notes = _page(document, number)
        except pdfium.PdfiumError:
            failed += 1
            continue
        behind += notes
        left -= len(words)
        if left < 0:
            yield Notice("unreadable", "unreadable.limit_text", place, pages - number)
            break
        if words.strip():
            lines = [(line,) for line in words.splitlines() if line.strip()]
            lines += [(one,) for one in _broken_numbers([line for (line,) in lines])]
            yield Piece(place.at(f"page {number + 1}"), tables.batches(lines), is_text=True)
        elif pictures:
            without.append(number + 1)
        reading.progress((number + 1) / pages)
    if failed:
        yield Notice("unreadable", "unreadable.damaged", place, failed)
    if pages > PAGES:
        yield Notice("unreadable", "unreadable.limit_text", place, pages - PAGES)
    if without:
        facts = {"pages": ", ".join(map(str, without[:20])) + (" …" if len(without) > 20 else "")}
        yield Notice("unreadable", "unreadable.scanned_pages", place, len(without), facts)
    yield from tables.text(place.at("annotations"), behind, reading)
    yield from tables.text(place.at("bookmarks"), _bookmarks(document), reading)
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        yield Notice("hidden", "hidden.script", place)
    yield from _attachments(document, place, reading)


def _page(document: pdfium.PdfDocument, number: int) -> tuple[str, bool, list[str]]:
    """Words, whether there is a picture, and what its annotations say."""
    page = document.get_page(number)
    try:
        text = page.get_textpage()
        try:
            count = min(text.count_chars(), PAGE)
            words = text.get_text_range(0, count) if count > 0 else ""
        finally:
            text.close()
        pictures = not words.strip() and any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,)))
        return words, pictures, list(_annotations(page))
    finally:
        page.close()


def _annotations(page: pdfium.PdfPage) -> Iterator[str]:
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), 10_000)):
        note = raw.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        for key in SPOKEN:
            if words := _string(note, key):
                yield words
        raw.FPDFPage_CloseAnnot(note)


def _string(note: object, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    if not 2 < size < 1 << 20:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _bookmarks(document: pdfium.PdfDocument) -> Iterator[str]:
    for number, one in enumerate(document.get_toc(max_depth=8)):
        if number >= 20_000:
            return
        yield one.get_title()


def _attachments(document: pdfium.PdfDocument, place: Place, reading: Reading) -> Read:
    for number in range(document.count_attachments()):
        if notice := inside.enter(place, reading):
            yield notice
            return
        try:
            attached = document.get_attachment(number)
            name, data = attached.get_name(), bytes(attached.get_data())
        except pdfium.PdfiumError:
            yield Notice("unreadable", "unreadable.damaged", place.within("attachment"))
            continue
        yield from inside.member(BytesIO(data), name or "attachment", 0, place, reading)


def _xmp(path: Path) -> Iterator[str]:
    """The packet of properties that stands in a PDF in plain letters."""
    data = path.read_bytes()
    for found in _XMP.findall(data)[:20]:
        yield from re.sub(r"<[^>]*>", "\n", found.decode("utf-8", "replace")).splitlines()


def _broken_numbers(lines: list[str]) -> Iterator[str]:
    """Numbers that the end of a line cut in two, once more as one."""
    for line, after in pairwise(lines):
        head, tail = re.search(r"\d[\d ]*$", line.rstrip()), re.match(r"\d+[Xx]?", after)
        if head and tail:
            yield head.group().strip() + tail.group()
