"""A word of its own in every place of what isn't public, whom each of them belongs to, and how they are found again."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import polars
import pypdfium2

from tests.integration.applicants import town as applicants

LETTERS = "abcdefghkmnprstuwxy"  # no word of a language, no number, nothing that a masking or an analyser cuts
SHAPE = re.compile(r"zqv[abcdefghkmnprstuwxy]{12}vqz", re.IGNORECASE)

_places: dict[str, str] = {}
_numbers: dict[str, str] = {}


def word(place: str) -> str:
    """A new canary for a place, or the one that it has."""
    known = next((token for token, one in _places.items() if one == place), None)
    if known:
        return known
    token = f"zqv{''.join(secrets.choice(LETTERS) for _ in range(12))}vqz"
    _places[token] = place
    return token


def mobile(place: str) -> str:
    """A telephone number that nobody else has here."""
    return _number(place, f"139{random.randrange(10**8):08}")


def id_number(place: str) -> str:
    return _number(place, applicants.resident_id())


def _number(place: str, found: str) -> str:
    _numbers[found] = place
    return found


def shown_once(place: str, secret: str) -> str:
    """A secret that the portal itself made, such as a token: from now on a canary."""
    return _number(place, secret)


def places() -> list[str]:
    return sorted({*_places.values(), *_numbers.values()})


def tokens(*patterns: str) -> list[str]:
    """The canaries of these places."""
    known = {**_places, **_numbers}
    return [token for token, place in known.items() if any(fnmatchcase(place, one) for one in patterns)]


def found(text: str) -> set[str]:
    """The places whose canaries are in a text, whatever was made of upper and lower case."""
    words = {_places.get(one.lower(), "") for one in SHAPE.findall(text)}
    return (words | {place for number, place in _numbers.items() if number in text}) - {""}


def found_in_body(body: bytes, content_type: str = "") -> set[str]:
    """The same of whatever is sent: text, a packed or a columnar file, a PDF."""
    return {place for text in _texts(body, content_type) for place in found(text)}


def _texts(body: bytes, content_type: str = "") -> Iterator[str]:
    if body.startswith(b"PAR1"):
        yield str(polars.read_parquet(io.BytesIO(body)).rows()) + str(polars.read_parquet_schema(io.BytesIO(body)))
    if body.startswith(b"%PDF") or "pdf" in content_type:
        yield from _pages(body)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            for name in packed.namelist():
                yield name
                yield from _texts(packed.read(name))
    if body.startswith(b"\x1f\x8b"):
        yield from _texts(gzip.decompress(body))
    yield body.decode("utf-8", "replace")


def _pages(body: bytes) -> Iterator[str]:
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError:  # the tests' own PDF files are a few bytes: their text is in them as it is
        return
    for page in document:
        yield page.get_textpage().get_text_range().replace("\r\n", "").replace("\n", "")


def found_in(result: Any) -> set[str]:
    """The same of what an action returns or raises."""
    if isinstance(result, bytes):
        return found_in_body(result)
    return found(json.dumps(result, ensure_ascii=False, default=_told))


def _told(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return repr(value)
