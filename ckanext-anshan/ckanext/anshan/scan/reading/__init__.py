"""Readers: from a file of any kind to pieces of cells and notices. What can't be read is a notice, never silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from ..pieces import Batch, Notice, Piece, Place, Read, Reading
from .sniffing import HEAD, is_sidecar, kind_of
from .unreadable import Unreadable

__all__ = ["READERS", "Unreadable", "kind_of", "read"]

READERS = {
    "csv": "delimited",
    "tsv": "delimited",
    "txt": "plain",
    "mail": "mail",
    "json": "json_tree",
    "geojson": "json_tree",
    "ndjson": "json_tree",
    "xml": "xml_tree",
    "html": "web_page",
    "xlsx": "workbook",
    "xlsb": "workbook",
    "xls": "workbook",
    "et": "workbook",
    "ods": "open_document",
    "odt": "open_document",
    "odp": "open_document",
    "docx": "office_text",
    "pptx": "office_text",
    "legacy_office": "compound",
    "pdf": "pdf",
    "image": "image",
    "zip": "archives",
    "gz": "archives",
    "tar": "archives",
    "bz2": "archives",
    "xz": "archives",
    "dbf": "dbase",
}
"""Which module of this folder reads a kind."""

WITHOUT_A_READER = {
    "encrypted_office": "encrypted",
    "rar": "unknown_archive",
    "7z": "unknown_archive",
    "zstd": "unknown_archive",
    "unknown": "no_type",
}
"""Kinds that nobody reads, and the sentence that says so; "unknown_type" for any other."""

EXTENSIONS = {
    "csv": ("csv", "txt", "dat", "asc", "tab"),
    "tsv": ("tsv", "txt", "csv", "tab", "dat", "asc"),
    "json": ("json", "geojson", "topojson", "txt", "map"),
    "geojson": ("json", "geojson", "topojson", "txt"),
    "ndjson": ("ndjson", "jsonl", "json", "txt", "geojsonl"),
    "xml": ("xml", "kml", "gml", "xsd", "xsl", "xslt", "svg", "rdf", "gpx", "rss", "atom", "owl", "wsdl", "txt", "qml"),
    "html": ("html", "htm", "xhtml", "shtml"),
    "mail": ("eml", "mht", "mhtml", "txt"),
    "xlsx": ("xlsx", "xlsm", "xltx", "xltm", "xlam"),
    "xlsb": ("xlsb",),
    "xls": ("xls", "xlt", "xla", "xlm", "et", "ett"),
    "et": ("et", "ett"),
    "ods": ("ods", "ots"),
    "odt": ("odt", "ott", "odg", "odm"),
    "odp": ("odp", "otp"),
    "docx": ("docx", "docm", "dotx", "dotm"),
    "pptx": ("pptx", "pptm", "ppsx", "potx", "ppsm"),
    "legacy_office": ("doc", "dot", "ppt", "pps", "pot", "wps", "wpt", "dps", "dpt", "vsd", "msi", "mpp", "pub", "db"),
    "encrypted_office": ("*",),
    "pdf": ("pdf",),
    "image": ("png", "jpg", "jpeg", "jpe", "tif", "tiff", "gif", "bmp", "webp", "heic", "heif", "avif"),
    "zip": ("zip", "jar", "kmz", "ofd", "exe", "vsdx", "xps"),
    "gz": ("gz", "tgz"),
    "tar": ("tar",),
    "bz2": ("bz2", "tbz2"),
    "xz": ("xz", "txz"),
    "rar": ("rar",),
    "7z": ("7z",),
    "dbf": ("dbf",),
}
"""The extensions that a kind goes by; "*" for any. A kind that isn't here goes by any."""

TEXTS = {
    "txt",
    "csv",
    "tsv",
    "dat",
    "asc",
    "log",
    "md",
    "ini",
    "cfg",
    "conf",
    "py",
    "js",
    "css",
    "sql",
    "sh",
    "bat",
    "yaml",
    "yml",
    "toml",
    "tex",
    "rst",
    "",
}


def read(path: Path, name: str, place: Place, reading: Reading) -> Read:
    """Everything that the file holds. Never raises for what is in it: a file that can't be read is a notice.

    :param path: where the bytes are; its own name doesn't matter
    :param name: what the file is called, for its extension
    """
    broken: list[Notice] = []
    try:
        for item in _read(path, name, place, reading):
            if isinstance(item, Piece):
                yield replace(item, batches=_guarded(item, broken))
            else:
                yield item
            yield from broken
            broken.clear()
    except GeneratorExit:
        raise
    except BaseException as error:
        yield _notice(error, place)
        yield from broken


def _read(path: Path, name: str, place: Place, reading: Reading) -> Read:
    kind = kind_of(path, name)
    if not goes_by(kind, name):
        facts = {"content": kind, "extension": _extension(name)}
        yield Notice("type_mismatch", "type_mismatch.extension", place, facts=facts)
    if path.stat().st_size == 0:
        yield Notice("malformed", "malformed.empty", place)
    elif kind in READERS:
        yield from reader(kind)(path, place, reading)
    elif not _is_sidecar(path, name):
        raise Unreadable(WITHOUT_A_READER.get(kind, "unknown_type"), type=kind)


def _extension(name: str) -> str:
    """An extension that is one; what somebody put behind a full stop may be anything, also a number of a person."""
    suffix = Path(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z][a-z0-9]{0,6}", suffix) else "…"


def reader(kind: str) -> Callable[[Path, Place, Reading], Read]:
    return import_module(f".{READERS[kind]}", __name__).read


def goes_by(kind: str, name: str) -> bool:
    """Whether a file of this kind may be called so. A text may be called anything that is no other format's name."""
    extension = Path(name).suffix.lower().lstrip(".")
    known = EXTENSIONS.get(kind, ("*",))
    if kind == "txt":
        return extension in TEXTS or not any(extension in others for others in EXTENSIONS.values())
    if kind in ("csv", "tsv", "xml", "json", "ndjson", "html", "mail") and (extension in TEXTS):
        return True
    return "*" in known or extension in known or not extension


def _guarded(piece: Piece, broken: list[Notice]) -> Iterator[Batch]:
    try:
        yield from piece.batches
    except GeneratorExit:
        raise
    except BaseException as error:
        broken.append(_notice(error, piece.place))


def _notice(error: BaseException, place: Place) -> Notice:
    if isinstance(error, KeyboardInterrupt | SystemExit):
        raise error
    why: str = "damaged"
    facts: dict[str, Any] = {}
    if isinstance(error, Unreadable):
        why, facts = error.why, error.facts
    elif isinstance(error, MemoryError):
        why = "too_large"
    elif isinstance(error, RecursionError):
        why = "too_deep"
    return Notice("unreadable", f"unreadable.{why}", place, facts=facts)


def _is_sidecar(path: Path, name: str) -> bool:
    with path.open("rb") as file:
        return is_sidecar(file.read(HEAD), Path(name).suffix.lower().lstrip("."))
