"""The script libraries of the previews: fetched by the launcher, never part of the project, served from one folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from . import options

LOCK = Path(__file__).parents[1] / "config" / "locks" / "assets.lock"
MAIN_FILES = {
    "chart.js": ("chart.umd.min.js",),
    "leaflet": ("leaflet.js", "leaflet.css"),
    "bootstrap-icons": ("bootstrap-icons.svg",),
    "@embedpdf/fonts-sc": ("fonts/NotoSansHans-Regular.otf", "fonts/NotoSansHans-Bold.otf"),
}


@cache
def folders() -> dict[str, str]:
    """Name of each library in the lock -> its folder, as ``leaflet-1.9.4``."""
    return {found[1]: found[2] for found in re.finditer(r"(\S+)/-/(\S+)\.tgz$", LOCK.read_text(), re.MULTILINE)}


def path(name: str) -> Path | None:
    """The file of ``leaflet-1.9.4/leaflet.js`` where it is; nothing else in the world is served by it."""
    root = options.libraries()
    if not root or name.split("/")[0] not in folders().values():
        return None
    found = (Path(root) / name).resolve()
    return found if found.is_relative_to(Path(root).resolve()) and found.is_file() else None


def files(library: str) -> list[str]:
    """What a page loads for this library, as names for the route; empty where it hasn't been fetched."""
    names = [f"{folders()[library]}/{file}" for file in MAIN_FILES[library]]
    return names if all(map(path, names)) else []


def file(library: str) -> Path | None:
    """Where the main file of this library is; None where it hasn't been fetched."""
    return next((path(name) for name in files(library)), None)
