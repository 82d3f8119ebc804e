"""An agreement as PDF/A: tagged, the font inside, its code on every page, the same bytes for the same agreement."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from . import fonts, wording
from .rules import Signature, Standing, State, code_of, hash_of, standing_of

LAYOUT = Path(__file__).parent / "document.typ"
SIGNED: list[typst.PDFStandard] = ["a-2a", "ua-1"]
UNSIGNED: list[typst.PDFStandard] = ["ua-1"]  # PDF/A wants a date, and only a signature gives one
AS_THEY_ARE = frozenset({"qr", "hash", "url", "code"})  # to be copied out of the document
LONG = re.compile(r"[!-~]{24,}")


def pdf(
    document: Mapping[str, Any], signatures: Sequence[Signature], verify_url: str, standing: Standing | None = None
) -> bytes:
    """The agreement as it stands; by its signatures alone where ``standing`` isn't given. Raises ``fonts.NoFont``."""
    own = hash_of(document)
    given = [one for one in signatures if one.hash == own]
    shown = _shown(document, given, verify_url, standing or standing_of(document, given))
    found = typst.compile(
        LAYOUT.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=SIGNED if given else UNSIGNED,
    )
    return bytes(found)


@cache
def _fonts() -> typst.Fonts:
    folders = sorted({str(path.parent) for path in fonts.paths()})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _shown(
    document: Mapping[str, Any], signatures: Sequence[Signature], verify_url: str, standing: Standing
) -> dict[str, Any]:
    """What the layout prints: the document, and beside it only what its signatures and its state give."""
    own = hash_of(document)
    last = max((one.at for one in signatures), default=None)
    beside = {
        "author": document["facts"]["agency"]["name"],
        "hash": own,
        "code": code_of(own, document["number"]),
        "url": verify_url,
        "qr": _qr(verify_url),
        "date": wording.date_parts(last) if last else None,
        "mark": wording.MARKS[standing.state]["zh"] if standing.state is not State.IN_FORCE else None,
        "standing": wording.standing(standing),
        "signatures": [row.both for row in wording.signature_rows(document, signatures)],
    }
    text = {name: document[name] for name in ("number", "title", "note", "preamble", "clauses", "schedules")}
    return _printable({**text, **beside})


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def _printable(value: Any) -> Any:
    """Each text in signs that the font has, with places where long names may break."""
    if isinstance(value, Mapping):
        return {name: one if name in AS_THEY_ARE else _printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return LONG.sub(_breaking, fonts.covered(value)) if isinstance(value, str) else value


def _breaking(found: re.Match[str]) -> str:
    """Zero-width spaces after signs that join words, and within what is longer still."""
    return re.sub(r"[_./?&=-]+|[^_./?&=-]{16}", lambda part: part[0] + "\u200b", found[0])
