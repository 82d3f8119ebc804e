"""Pictures: what stands beside the pixels. The pixels themselves are never decoded."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from ..pieces import Notice, Place, Read, Reading
from . import tables
from .unreadable import Unreadable

GPS, INNER = 0x8825, 0x8769
PERSONS = {0x013B, 0x8298, 0x9C9D, 0xA430}  # Artist, Copyright, XPAuthor, CameraOwnerName
WIDE = range(0x9C9B, 0x9CA0)  # XPTitle to XPSubject: UTF-16
WITHOUT_WORDS = {"exif", "icc_profile", "dpi", "jfif", "transparency", "gamma", "Raw profile type exif", "photoshop"}
WORDS = 1 << 20  # characters of one entry
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.S)
_XMP_PLACE = re.compile(r"exif:GPSL(?:atitude|ongitude)")
_XMP_PERSON = re.compile(
    r"<dc:creator>.*?<rdf:li[^>]*>[^<]+<|photoshop:AuthorsPosition|tiff:Artist|aux:OwnerName", re.S
)


def read(path: Path, place: Place, reading: Reading) -> Read:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of size: nothing is decoded
            entries, info = _opened(path)
    except UnidentifiedImageError as error:
        known = _is_photo_of_a_phone(path)
        raise Unreadable("unknown_type" if known else "damaged", type="image") from error
    xmp = _xmp(path, reading)
    lines = [*_words(entries), *_info(info), *xmp]
    persons = sum(1 for number, value in entries.items() if number in PERSONS and _text(number, value).strip())
    persons += sum(1 for name in info if name in ("Author", "Artist", "Copyright"))
    persons += sum(bool(_XMP_PERSON.search(one)) for one in xmp)
    if any(number == GPS for number in entries) or any(_XMP_PLACE.search(one) for one in xmp):
        yield Notice("picture_place", "picture_place.gps", place)
    if persons:
        yield Notice("author", "author.exif", place, persons)
    stripped = (re.sub(r"<[^>]*>", " ", line) for one in lines for line in one.splitlines())
    yield from tables.text(place.at("properties"), stripped, reading)


def _opened(path: Path) -> tuple[dict[int, Any], Mapping[Any, Any]]:
    most, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(path) as picture:
            exif = picture.getexif()
            entries: dict[int, Any] = dict(exif)
            entries |= dict(exif.get_ifd(INNER))
            if gps := exif.get_ifd(GPS):
                names = {ExifTags.GPSTAGS.get(number, "") for number in gps}
                entries.pop(GPS, None)
                if names & {"GPSLatitude", "GPSLongitude"}:
                    entries[GPS] = ""
            else:
                entries.pop(GPS, None)
            return entries, dict(picture.info)
    finally:
        Image.MAX_IMAGE_PIXELS = most


def _text(number: int, value: Any) -> str:
    if isinstance(value, tuple) and number in WIDE and all(isinstance(one, int) and 0 <= one < 256 for one in value):
        value = bytes(value)
    if isinstance(value, bytes):
        if number in WIDE:
            return value.decode("utf-16-le", "replace").rstrip("\0")
        value = value.removeprefix(b"ASCII\0\0\0").removeprefix(b"UNICODE\0")
        try:
            return value.decode("utf-8").strip("\0")
        except UnicodeDecodeError:
            return value.decode("gb18030", "ignore").strip("\0") if len(value) < 4096 else ""
    if not isinstance(value, str):
        return ""
    try:  # Pillow takes EXIF texts for Latin-1
        return value.encode("latin-1").decode("utf-8").strip("\0")
    except UnicodeError:
        pass
    try:
        return value.encode("latin-1").decode("gb18030").strip("\0")
    except UnicodeError:
        return value.strip("\0")


def _words(entries: Mapping[int, Any]) -> Iterator[str]:
    for number, value in entries.items():
        if (text := _text(number, value)[:WORDS]) and number != 0x927C and _readable(text):  # MakerNote
            yield text


def _info(info: Mapping[Any, Any]) -> Iterator[str]:
    """Text chunks of PNG, comments of GIF and JPEG."""
    for name, value in info.items():
        if name in WITHOUT_WORDS or not isinstance(value, str | bytes):
            continue
        text = value if isinstance(value, str) else value[:WORDS].decode("utf-8", "replace")
        if _readable(text):
            yield text[:WORDS]


def _readable(text: str) -> bool:
    head = text[:1000]
    return sum(not sign.isprintable() and not sign.isspace() for sign in head) * 10 <= len(head)


def _xmp(path: Path, reading: Reading) -> list[str]:
    with path.open("rb") as file:
        data = file.read(reading.limits.whole)
    return [found.decode("utf-8", "replace")[:WORDS] for found in _XMP.findall(data)[:20]]


def _is_photo_of_a_phone(path: Path) -> bool:
    """HEIC, which Pillow doesn't know."""
    with path.open("rb") as file:
        return file.read(12)[4:8] == b"ftyp"
