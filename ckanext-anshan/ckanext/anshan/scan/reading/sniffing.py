"""What a file is, by what it holds; its name only decides between kinds that look alike."""

from __future__ import annotations

import re
import tarfile
import zipfile
from pathlib import Path

import olefile

from . import encoding

HEAD = 64 << 10
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"\x1f\x8b", "gz"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"PAR1", "parquet"),
    (b"\x00\x01\x00\x00Standard", "access"),
    (b"{\\rtf", "rtf"),
)
ORDINARY = bytes({*range(32, 256), *b"\x01\t\n\r\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f"})
"""Bytes that stand in texts of any encoding."""

OPEN_DOCUMENT = {"spreadsheet": "ods", "text": "odt", "presentation": "odp", "graphics": "odt"}
DBASE_VERSIONS = b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8e\xcb\xf5\xfb"
_MARKUP = re.compile(rb"\s*<(?:\?xml|!--|!doctype|[a-z_\x80-\xff])", re.I)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|meta|p|script|style)[\s>]", re.I)
_GEO = re.compile(rb'"type"\s*:\s*"(?:Feature|FeatureCollection|Topology)"')
_MAIL = re.compile(rb"[a-z][a-z-]+:[ \t]", re.I)
_OF_MAIL = (b"from:", b"to:", b"subject:", b"date:", b"content-type:", b"mime-version:", b"received:", b"message-id:")
"""Names of lines at the head of a letter; three of them make one."""


def kind_of(path: Path, name: str) -> str:
    """Such as "csv", "xlsx", "image"; "unknown" for bytes that are nothing we know."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    extension = Path(name).suffix.lower().lstrip(".")
    if not head:
        return extension if extension in ("csv", "tsv") else "txt"
    if head.startswith(olefile.MAGIC) and len(head) >= olefile.MINIMAL_OLEFILE_SIZE:
        return _compound(path, extension)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")) or _is_zip_behind_something(path, head):
        return _package(path, extension)
    for mark, kind in MAGIC:
        if head.startswith(mark) and (mark != b"BM" or _is_bitmap(head)):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"avif", b"heim", b"hevc"):
        return "image"
    if head[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04") and head[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00"):
        return "xls"
    if head[257:262] == b"ustar" or (extension == "tar" and tarfile.is_tarfile(path)):
        return "tar"
    if extension == "dbf" and head[0] in DBASE_VERSIONS and _is_dbase(head):
        return "dbf"
    return _text(head, extension) if _is_text(head) else "unknown"


def is_sidecar(head: bytes, extension: str) -> bool:
    """A harmless companion of a shape file, which holds no words of people."""
    if extension in ("shp", "shx", "sbn", "sbx"):
        return head[:4] in (b"\x00\x00\x27\x0a", b"\x00\x00\x27\x0d")
    return extension in ("prj", "cpg", "qpj") and len(head) < 8192 and _is_text(head)


def _compound(path: Path, extension: str) -> str:
    """An OLE file: the old Office formats, and the shell around an encrypted new one."""
    try:
        with olefile.OleFileIO(str(path)) as ole:
            names = {entry[0].lower() for entry in ole.listdir()}
    except Exception:  # a damaged directory may fail anywhere in there
        return "unknown"
    if "encryptedpackage" in names or "encryptioninfo" in names:
        return "encrypted_office"
    if names & {"workbook", "book"}:
        return "et" if extension in ("et", "ett") else "xls"
    if any(name.startswith("__substg1.0_") for name in names):
        return "msg"
    return "legacy_office"


def _package(path: Path, extension: str) -> str:
    """A ZIP file, or what is made of one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    stated = file.read(200).decode("ascii", "replace")
                for word, kind in OPEN_DOCUMENT.items():
                    if f"opendocument.{word}" in stated:
                        return kind
    except Exception:  # damaged, encrypted, or of a method that is not there: the archive reader says which
        return "zip"
    if not any(name.lower() == "[content_types].xml" for name in names):
        return "zip"
    lower = {name.lower() for name in names}
    if "xl/workbook.bin" in lower:
        return "xlsb"
    if any(name.startswith("xl/") for name in lower):
        return "et" if extension in ("et", "ett") else "xlsx"
    if any(name.startswith("word/") for name in lower):
        return "docx"
    return "pptx" if any(name.startswith("ppt/") for name in lower) else "zip"


def _is_zip_behind_something(path: Path, head: bytes) -> bool:
    """A self-extracting archive, or one with bytes put in front of it."""
    return head[:2] == b"MZ" and zipfile.is_zipfile(path)


def _is_bitmap(head: bytes) -> bool:
    return len(head) > 18 and head[6:10] == b"\0\0\0\0" and head[14:18] in (b"\x28\0\0\0", b"\x0c\0\0\0", b"\x7c\0\0\0")


def _is_dbase(head: bytes) -> bool:
    size = int.from_bytes(head[8:10], "little")
    return len(head) > 32 and 1 <= head[2] <= 12 and 1 <= head[3] <= 31 and size >= 33


def _is_text(head: bytes) -> bool:
    if head.startswith(UTF16_MARKS):
        return True
    if b"\0" in head:
        return _is_wide_text(head)
    odd = len(head.translate(None, ORDINARY))
    return odd * 100 <= len(head)


def _is_wide_text(head: bytes) -> bool:
    """UTF-16 without a mark: one byte of each digit and line end is zero, always the first or always the second."""
    for at, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = head[at::2].count(0)
        if zeros * 50 > len(head) and head[1 - at :: 2].count(0) * 4 < zeros:
            words = head[:8192].decode(name, "replace")
            return sum(sign.isprintable() or sign.isspace() for sign in words) * 100 > 97 * len(words)
    return False


def _text(head: bytes, extension: str) -> str:
    start = _narrow(head).lstrip(b"\xef\xbb\xbf \t\r\n")
    if _MARKUP.match(start):
        is_page = _PAGE.search(start[:4096]) is not None and not start.lower().startswith(b"<?xml")
        return "html" if is_page or b"<html" in start[:4096].lower() else "xml"
    if start[:1] in b"{[" and start and (kind := _json(start, extension)):
        return kind
    if _MAIL.match(start) and _heads_letter(start):
        return "mail"
    if extension in ("csv", "tsv"):
        return extension
    if extension in ("json", "geojson", "ndjson", "jsonl") and start[:1] in b'{["-0123456789tfn':
        return "json"
    return _delimited(start) or "txt"


def _heads_letter(start: bytes) -> bool:
    lines = b"\n" + start[:8192].lower()
    told = [name for name in _OF_MAIL if b"\n" + name in lines]
    return len(told) > 2 and (b"content-type:" in told or (b"from:" in told and b"subject:" in told))


def _narrow(head: bytes) -> bytes:
    """UTF-16 text as UTF-8, enough to tell what it is."""
    if b"\0" not in head and not head.startswith(UTF16_MARKS):
        return head
    return head.decode(encoding.detect(head), "ignore").encode("utf-8", "ignore")


def _json(start: bytes, extension: str) -> str | None:
    if extension in ("csv", "tsv", "txt") and not re.match(rb'[\[{]\s*(?:[\[{"\]}]|$)', start):
        return None
    if not re.match(rb'[\[{]\s*(?:[\[{"\]}0-9tfn-]|$)', start):
        return None
    lines = start.split(b"\n", 2)
    if extension in ("ndjson", "jsonl") or (
        len(lines) > 1 and re.match(rb"\{.*\}\s*$", lines[0]) and lines[1][:1] == b"{"
    ):
        return "ndjson"
    return "geojson" if _GEO.search(start[:8192]) else "json"


def _is_prose(lines: list[bytes], mark: bytes, usual: int) -> bool:
    """Sentences that happen to have a comma each."""
    return mark != b"\t" and usual < 2 and sum(map(len, lines)) > 120 * len(lines)


def _delimited(start: bytes) -> str | None:
    """Lines that are all divided alike: a table that is called .txt or .dat."""
    lines = [
        line
        for line in re.sub(rb'"[^"]*"', b"q", start[:16384]).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        if line.strip()
    ]
    lines = lines[:-1] if len(start) > 16384 else lines
    if len(lines) < 2:
        return None
    for mark, kind in ((b"\x01", "csv"), (b"\t", "tsv"), (b",", "csv"), (b";", "csv"), (b"|", "csv")):
        counts = [line.count(mark) for line in lines[:50]]
        usual = max(set(counts), key=counts.count)
        if usual >= 1 and counts.count(usual) * 10 >= len(counts) * 8 and not _is_prose(lines[:50], mark, usual):
            return kind
    return None
