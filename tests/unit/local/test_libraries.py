"""The script libraries: pinned packages, and of each only what a page may load."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from ckanext.anshan.local import libraries
from ckanext.anshan.local.problems import Problem

FILES = {
    "package/dist/leaflet.js": b"L = 1",
    "package/dist/leaflet.css": b"a {}",
    "package/dist/images/layers.png": b"png",
    "package/dist/leaflet-src.js": b"long",
    "package/LICENSE": b"BSD",
    "package/package.json": b"{}",
    "package/dist/../../../evil.css": b"evil",
}


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry of one package, and its lock; returns the lock."""
    package = tmp_path / "registry" / "leaflet" / "-" / "leaflet-1.0.0.tgz"
    package.parent.mkdir(parents=True)
    with tarfile.open(package, "w:gz") as archive:
        for name, content in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    monkeypatch.setenv("NPM_MIRROR", (tmp_path / "registry").as_uri())
    data = package.read_bytes()
    lock = tmp_path / "assets.lock"
    lock.write_text(f"# a remark\n{hashlib.sha256(data).hexdigest()} {len(data)} leaflet/-/leaflet-1.0.0.tgz\n")
    return lock


def test_only_what_pages_load_is_unpacked(registry: Path, tmp_path: Path) -> None:
    target = tmp_path / "a" / "libraries"
    assert libraries.fetch(registry, tmp_path / "cache", target) == [target / "leaflet-1.0.0"]
    found = {path.relative_to(tmp_path / "a").as_posix() for path in (tmp_path / "a").rglob("*") if path.is_file()}
    names = ("leaflet.js", "leaflet.css", "images/layers.png", "LICENSE")
    assert found == {f"libraries/leaflet-1.0.0/{name}" for name in names}
    assert libraries.are_there(registry, target)


def test_what_is_there_is_not_fetched_again(registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    libraries.fetch(registry, tmp_path / "cache", tmp_path / "libraries")
    monkeypatch.setenv("NPM_MIRROR", "file:///nowhere")
    assert libraries.fetch(registry, tmp_path / "elsewhere", tmp_path / "libraries")


def test_another_file_than_the_lock_names_is_refused(registry: Path, tmp_path: Path) -> None:
    _, size, path = registry.read_text().splitlines()[1].split()
    registry.write_text(f"{'0' * 64} {size} {path}\n")
    with pytest.raises(Problem, match=r"not the file that the lock names"):
        libraries.fetch(registry, tmp_path / "cache", tmp_path / "libraries")
    assert not libraries.are_there(registry, tmp_path / "libraries")
