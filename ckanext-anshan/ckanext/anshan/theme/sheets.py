"""The portal's one style sheet, its scripts and its icons: put together once a process, served under their own hash."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from . import icons, libraries

ASSETS = Path(__file__).parent / "assets"
LOOK, PAGE, ICONS = "look.css", "page.js", "icons.svg"
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
SYMBOL = re.compile(r'<symbol class="[^"]*" viewBox="([^"]*)" id="([^"]*)">(.*?)</symbol>', re.DOTALL)


class Sheet(NamedTuple):
    name: str
    body: bytes
    version: str

    @property
    def type(self) -> str:
        return TYPES[self.name.rpartition(".")[2]]


@cache
def sheet(name: str) -> Sheet | None:
    """``look.css``, ``page.js``, ``icons.svg``, or a script of one page by its file name; None for anything else."""
    body = _body(name)
    return Sheet(name, body, hashlib.sha256(body).hexdigest()[:12]) if body is not None else None


def _body(name: str) -> bytes | None:
    if name == LOOK:
        return _joined("look", "*.css")
    if name == PAGE:
        return _joined("scripts/page", "*.js")
    if name == ICONS:
        return _sprite()
    found = {path.name: path for path in (ASSETS / "scripts").glob("*.js")}.get(name)
    return found.read_bytes() if found else None


def _joined(folder: str, pattern: str) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted((ASSETS / folder).glob(pattern)))


def _sprite() -> bytes:
    """The icons in use, out of the library's own sprite; empty where that hasn't been fetched."""
    path = libraries.file("bootstrap-icons")
    found = {name: (box, drawn) for box, name, drawn in SYMBOL.findall(path.read_text("utf-8"))} if path else {}
    symbols = "".join(
        f'<symbol id="{n}" viewBox="{found[n][0]}">{found[n][1]}</symbol>' for n in icons.names() if n in found
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'.encode()
