"""Fetches script libraries and the font of documents, and takes out of each package the few files that are used."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

from .downloads import Item, fetch_all

REGISTRY = "https://registry.npmjs.org"
ENDINGS = (
    ".min.js",
    "/bootstrap-icons.svg",
    "/leaflet.js",
    ".css",
    ".png",
    "-Regular.otf",
    "-Bold.otf",
    "LICENSE",
    "LICENSE.md",
)
FOLDERS = ("package/dist/", "package/fonts/", "package/LICENSE", "package/bootstrap-icons.svg")


def mirror() -> str:
    return os.environ.get("NPM_MIRROR", REGISTRY).rstrip("/")


def items(lock: Path) -> list[Item]:
    """The packages of assets.lock."""
    rows = [line.split() for line in lock.read_text().splitlines() if line and not line.startswith("#")]
    return [Item(path.rsplit("/", 1)[1], f"{mirror()}/{path}", int(size), sha) for sha, size, path in rows]


def are_there(lock: Path, target: Path) -> bool:
    return all((target / folder_of(item.name)).is_dir() for item in items(lock))


def fetch(lock: Path, cache: Path, target: Path, told: Callable[[int, int], None] | None = None) -> list[Path]:
    """Have each library unpacked in ``target``, as ``leaflet-1.9.4/leaflet.js``; raises ``Problem``."""
    wanted = [item for item in items(lock) if not (target / folder_of(item.name)).is_dir()]
    for package in fetch_all(wanted, cache, told):
        unpack(package, target / folder_of(package.name))
    return [target / folder_of(item.name) for item in items(lock)]


def folder_of(name: str) -> str:
    return name.removesuffix(".tgz")


def unpack(package: Path, folder: Path) -> None:
    """Only what a page may load, in one move: a folder that is there is whole."""
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    with tarfile.open(package) as archive:
        for member in archive.getmembers():
            source = archive.extractfile(member) if _is_wanted(member) else None
            if source:
                path = part / member.name.removeprefix("package/").removeprefix("dist/")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(source.read())
    part.rename(folder)


def _is_wanted(member: tarfile.TarInfo) -> bool:
    return (
        member.isfile()
        and member.name.startswith(FOLDERS)
        and member.name.endswith(ENDINGS)
        and ".." not in Path(member.name).parts
    )
