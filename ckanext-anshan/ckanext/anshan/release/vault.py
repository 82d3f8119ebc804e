"""The vault: a private file storage in which each file lies under its SHA-256. Nothing is overwritten.

It is CKAN's file storage ``vault`` (``ckan.files.storage.vault.*``): a folder by default, S3 by configuration.
"""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import file_keeper as fk
from ckan.lib import files
from file_keeper.default.adapters.fs import FsStorage

from . import options

NAME = "vault"
INCOMING = "incoming"
CHUNK = 1 << 20
LONGEST_UPLOAD = 86_400  # seconds


class Missing(Exception):
    """The vault doesn't hold this file."""


class Damaged(Exception):
    """What lies in the vault isn't what was put there."""


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int
    mimetype: str  # by the first bytes


def storage() -> fk.Storage:
    return files.get_storage(NAME)


def location(sha256: str) -> fk.Location:
    """Where a file lies: ``ab/cd/<sha256>``."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise Missing(sha256)
    return fk.Location(f"{sha256[:2]}/{sha256[2:4]}/{sha256}")


def put(stream: Any, durable: bool = True, mimetype: str = "") -> Stored:
    """Store a stream (anything that ``files.make_upload`` takes) while hashing it. What is there already stays.

    :param durable: have it on the disk before returning; a caller that stores many calls ``flush`` instead
    :param mimetype: when it is known already; else it is found by the first bytes, which takes a millisecond or two
    """
    where = storage()
    upload = files.make_upload(stream, mimetype)
    if not isinstance(where, FsStorage):
        return _put_elsewhere(where, upload)
    coming = fk.Location(f"{INCOMING}/{os.getpid()}-{uuid.uuid4().hex}-{socket.gethostname()}")
    hashing = _Hashing(upload.stream)
    upload.stream = hashing  # pyright: ignore[reportAttributeAccessIssue]
    try:
        where.upload(coming, upload)
        _link(_in(where, coming), _in(where, location(hashing.sha256.hexdigest())), durable)
    finally:
        _in(where, coming).unlink(missing_ok=True)
    return Stored(hashing.sha256.hexdigest(), hashing.size, upload.content_type)


def _put_elsewhere(where: fk.Storage, upload: fk.Upload) -> Stored:
    """S3 and its like take a file whole or not at all, and want to read it twice: it is hashed on the way to a file."""
    hashing = _Hashing(upload.stream)
    with tempfile.TemporaryFile() as whole:
        for chunk in hashing:
            whole.write(chunk)
        whole.seek(0)
        upload.stream = whole  # pyright: ignore[reportAttributeAccessIssue]
        kept = location(hashing.sha256.hexdigest())
        with suppress(files.exc.ExistingFileError):  # somebody was faster with the same bytes
            if not where.exists(fk.FileData(kept)):
                where.upload(kept, upload)
    return Stored(hashing.sha256.hexdigest(), hashing.size, upload.content_type)


class _Hashing:
    """Reads a stream once, for the storage and for the hash."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.sha256, self.size = stream, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        return self._seen(self.stream.read(size))

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK):
            yield chunk

    def _seen(self, chunk: bytes) -> bytes:
        self.sha256.update(chunk)
        self.size += len(chunk)
        return chunk


def _in(where: FsStorage, location: fk.Location) -> Path:
    """Every location in here is one of ours, so that nothing needs to be looked up to keep it inside."""
    return Path(where.settings.path, location)


def _link(coming: Path, kept: Path, durable: bool) -> None:
    """A hard link appears whole or not at all, and never over a file that is there."""
    if durable:
        _sync(coming)
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(coming, kept)
    except FileExistsError:
        if kept.stat().st_size != coming.stat().st_size:
            raise Damaged(kept.name) from None
    if durable:
        _sync(kept.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush() -> None:
    """Have everything on the disk that was put with ``durable=False``."""
    if isinstance(storage(), FsStorage):
        os.sync()


def path(sha256: str) -> Path | None:
    """The file on this machine's disk; nothing when the vault is elsewhere."""
    where = storage()
    return _in(where, location(sha256)) if isinstance(where, FsStorage) else None


def read(sha256: str) -> IO[bytes] | Iterable[bytes]:
    """The bytes, unchecked; ``check`` first."""
    try:
        return storage().stream(fk.FileData(location(sha256)))
    except files.exc.MissingFileError as error:
        raise Missing(sha256) from error


def holds(sha256: str, size: int) -> bool:
    """Whether a file of this hash and size lies here; its hash isn't taken anew."""
    try:
        return storage().size(location(sha256)) == size
    except (Missing, files.exc.MissingFileError):
        return False


def check(sha256: str, size: int) -> None:
    """Raise ``Missing`` or ``Damaged`` unless the vault holds these bytes.

    The size is compared each time. The hash is taken each time of a small file; of a larger one in each process
    when it is first asked for and whenever the file was touched. A vault elsewhere is asked for its size.
    """
    here = path(sha256)
    if here is None:
        return _check_size(sha256, size)
    try:
        seen = here.stat()
    except OSError as error:
        raise Missing(sha256) from error
    if seen.st_size != size:
        raise Damaged(sha256)
    if size <= options.hashed_at_each_download():
        return verify(sha256)
    return _verify_once(sha256, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)


def _check_size(sha256: str, size: int) -> None:
    try:
        if storage().size(location(sha256)) != size:
            raise Damaged(sha256)
    except files.exc.MissingFileError as error:
        raise Missing(sha256) from error


@lru_cache(maxsize=4096)
def _verify_once(sha256: str, *touched: int) -> None:
    verify(sha256)


def verify(sha256: str) -> None:
    """Take the hash anew: raises ``Missing`` or ``Damaged``."""
    found = hashlib.sha256()
    try:
        for chunk in chunks(read(sha256)):
            found.update(chunk)
    except _wrong_checksum() as error:
        raise Damaged(sha256) from error
    if found.hexdigest() != sha256:
        raise Damaged(sha256)


def _wrong_checksum() -> tuple[type[Exception], ...]:
    """What S3's client raises when bytes don't fit the checksum that S3 keeps; boto3 comes with a vault there alone."""
    try:
        from botocore.exceptions import FlexibleChecksumError
    except ImportError:
        return ()
    return (FlexibleChecksumError,)


def chunks(stream: Any) -> Iterator[bytes]:
    if not hasattr(stream, "read"):
        yield from stream
        return
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk


@contextmanager
def on_disk(sha256: str) -> Iterator[Path]:
    """The file where programs can open it by its path: itself, or a copy for as long as it is needed."""
    here = path(sha256)
    if here is not None:
        yield here
        return
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in chunks(read(sha256)):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def remove_incoming() -> int:
    """Remove what processes that are gone left half stored; returns how many files."""
    where = storage()
    if not isinstance(where, FsStorage):
        return 0
    left = [one for one in Path(where.settings.path, INCOMING).glob("*") if not _is_alive(one)]
    for one in left:
        one.unlink(missing_ok=True)
    return len(left)


def _is_alive(coming: Path) -> bool:
    """Whether its process may still write it. A process of another machine or container can't be asked: its time is."""
    process, _, host = f"{coming.name}--".split("-", 2)
    try:
        if host.rstrip("-") != socket.gethostname():
            return time.time() - coming.stat().st_mtime < LONGEST_UPLOAD
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (ValueError, PermissionError, FileNotFoundError):
        return True
    return True
