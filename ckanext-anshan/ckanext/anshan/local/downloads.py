"""Fetches files side by side: resumed where they broke off, checked by SHA-256, kept for the next time."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO

from .problems import N_, Problem

SIDE_BY_SIDE = 8
TRIES = 4
CHUNK = 1 << 16
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Item:
    """One file to have: its name in the folder, where it comes from, its size in bytes and its SHA-256."""

    name: str
    url: str
    size: int
    sha256: str


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def is_whole(item: Item, path: Path) -> bool:
    return path.is_file() and path.stat().st_size == item.size and sha256_of(path) == item.sha256


def need_room(folder: Path, wanted: int) -> None:
    """Refuse before the first byte when ``wanted`` bytes do not fit below ``folder``."""
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise full(folder, wanted - free)


def full(folder: Path, missing: int | None = None) -> Problem:
    mend = N_("Make room there, then run the same command again.")
    if not missing:
        return Problem(N_("The disk is full: no space is left in {folder}."), mend, folder=folder)
    what = N_("The disk is full: {missing} MiB more are needed in {folder}.")
    return Problem(what, mend, folder=folder, missing=-(-missing // 2**20))


def fetch_all(items: Sequence[Item], folder: Path, told: Callable[[int, int], None] | None = None) -> list[Path]:
    """Bring all items into ``folder`` and give their paths; ``told(bytes so far, bytes in all)`` shows progress."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [item for item in items if not is_whole(item, folder / item.name)]
    total = sum(item.size for item in missing)
    need_room(folder, sum(item.size - _kept(item, folder) for item in missing))
    meter = _Meter(total, told)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        jobs = [pool.submit(fetch, item, folder, meter.add) for item in missing]
        try:
            for job in as_completed(jobs):
                job.result()
        except BaseException:
            pool.shutdown(cancel_futures=True, wait=False)
            raise
    return [folder / item.name for item in items]


def fetch(item: Item, folder: Path, add: Callable[[int], None] = lambda count: None) -> Path:
    """Bring one item, going on where an earlier try stopped."""
    target, part = folder / item.name, folder / f"{item.name}.part"
    for attempt in range(1, TRIES + 1):
        try:
            _continue(item, part, add)
        except OSError as error:
            _give_up_if(error, attempt, item, folder)
            continue
        if sha256_of(part) == item.sha256:
            os.replace(part, target)
            return target
        add(-part.stat().st_size)
        part.unlink()
    raise Problem(
        N_("{url} is not the file that the lock names: its SHA-256 differs after {tries} tries."),
        N_("Check the mirror, or write the lock anew with ./portal lock."),
        url=item.url,
        tries=TRIES,
    )


def _kept(item: Item, folder: Path) -> int:
    part = folder / f"{item.name}.part"
    return min(part.stat().st_size, item.size) if part.exists() else 0


def _continue(item: Item, part: Path, add: Callable[[int], None]) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have > item.size:
        part.unlink()
        have = 0
    add(have)
    if have == item.size:
        return
    try:
        have = _stream(item, part, have, add)
    except BaseException:
        add(-(part.stat().st_size if part.exists() else 0))
        raise
    if have != item.size:
        add(-have)
        raise OSError(f"{item.url} broke off after {have} of {item.size} bytes")


def _stream(item: Item, part: Path, have: int, add: Callable[[int], None]) -> int:
    request = urllib.request.Request(item.url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        if have and answer.status != 206:  # the server begins anew
            add(-have)
            have = 0
        with part.open("ab" if have else "wb") as file:
            return have + _copy(answer, file, add)


def _copy(source: IO[bytes], target: IO[bytes], add: Callable[[int], None]) -> int:
    count = 0
    while block := source.read(CHUNK):
        target.write(block)
        count += len(block)
        add(len(block))
    return count


def _give_up_if(error: OSError, attempt: int, item: Item, folder: Path) -> None:
    if error.errno == errno.ENOSPC:
        raise full(folder, item.size) from error
    if attempt == TRIES or (isinstance(error, urllib.error.HTTPError) and error.code in (401, 403, 404)):
        raise Problem(
            N_("{url} could not be fetched: {reason}."),
            N_(
                "Check the network, or name a mirror (PIP_INDEX_URL for wheels, MAVEN_MIRROR for jars). "
                "What was fetched so far is kept."
            ),
            url=item.url,
            reason=error,
        ) from error


class _Meter:
    """Adds up bytes from several threads."""

    def __init__(self, total: int, told: Callable[[int, int], None] | None) -> None:
        self.total, self.told, self.sum, self.lock = total, told, 0, Lock()

    def add(self, count: int) -> None:
        with self.lock:
            self.sum += count
            if self.told and self.total:
                self.told(self.sum, self.total)
