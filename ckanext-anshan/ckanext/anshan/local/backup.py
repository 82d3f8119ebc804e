"""Backup and restore: both databases at one moment, every file that they speak of, and the portal's own secrets.

A folder of backups holds ``vault/``, each file once however many backups there are, and a folder for each moment.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from . import config, files, keys, lifecycle
from .downloads import sha256_of
from .moment import one_moment
from .postgres import Postgres
from .problems import N_, Problem
from .service import Portal

STAMP = "%Y%m%dT%H%M%SZ"
VAULT, MANIFEST = "vault", "manifest.json"
BROUGHT_BACK = (
    "accounts.json", "local.ini", "sealer/key", "sealer/witnesses.json", "sealer/retention.json",
    "verifier_key", "former-keys", keys.APPLICANTS,
)  # fmt: skip
OWN = ("secrets.json", *BROUGHT_BACK)
NEWEST = "SELECT size, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM anshan_audit_checkpoint"
MADE_ANEW = ("webassets",)  # folders of the storage that CKAN fills itself
CHUNK = 1 << 20
OPTION = re.compile(r"^ckan\.files\.storage\.vault\.(type|path)\s*=\s*(.*)$", re.MULTILINE)


@dataclass
class Copied:
    """What became of the vault's files."""

    there: int = 0
    new: int = 0
    damaged: list[str] = field(default_factory=list)


def backup(data: Path, folder: Path, told: Callable[[str], None]) -> Copied:
    """Add a backup of this moment to the folder. The portal goes on meanwhile."""
    portal = lifecycle.portal_of(data)
    folder.mkdir(parents=True, exist_ok=True)
    with files.alone(folder / "backup.lock"):
        for broken in folder.glob("*.part"):
            shutil.rmtree(broken)
        stamp = datetime.now(timezone.utc).strftime(STAMP)
        part = folder / f"{stamp}.part"
        part.mkdir(mode=0o700)
        _dump(Postgres(portal), part)
        _take_own(portal, part)
        copied = _take_vault(portal, folder, told)
        _write_manifest(portal, part, copied)
        os.sync()
        part.rename(folder / stamp)
    told(f"{folder / stamp}: {copied.there} files of the vault, {copied.new} of them new")
    return copied


def _dump(postgres: Postgres, part: Path) -> None:
    with one_moment(postgres, lifecycle.DATABASES) as snapshots:
        for name, snapshot in snapshots.items():
            words = ("--format=custom", f"--snapshot={snapshot}", f"--file={part / name}.dump")
            _run(postgres, "pg_dump", name, *words)


def _run(postgres: Postgres, tool: str, database: str, *words: str) -> None:
    command, env = postgres.client(tool, database, *words)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(N_("PostgreSQL refused a command: {reason}"), reason=done.stderr.strip()[-2000:])


def _take_own(portal: Portal, part: Path) -> None:
    for name in OWN:
        if (portal.data / name).exists():
            (part / name).parent.mkdir(exist_ok=True)
            shutil.copy2(portal.data / name, part / name)
    shutil.copytree(
        portal.data / "storage", part / "storage", ignore=shutil.ignore_patterns(*MADE_ANEW), dirs_exist_ok=True
    )


def _take_vault(portal: Portal, folder: Path, told: Callable[[str], None]) -> Copied:
    """After the databases: what they speak of is there, as the vault loses nothing."""
    vault = vault_folder(portal)
    if vault is None:
        told("The vault is not on this disk: back it up where it is.")
        return Copied()
    return copy_vault(vault, folder / VAULT)


def _write_manifest(portal: Portal, part: Path, copied: Copied) -> None:
    dumps = {f"{name}.dump": sha256_of(part / f"{name}.dump") for name in lifecycle.DATABASES}
    told = {"dumps": dumps, "vault": copied.there, "damaged": copied.damaged, "demo": portal.state.marks.get("demo")}
    files.write_json(part / MANIFEST, told)


def vault_folder(portal: Portal) -> Path | None:
    """Where the vault's files lie; nothing when they are elsewhere, on S3 say."""
    found = dict(OPTION.findall(portal.layout.ini.read_text(encoding="utf-8")))
    return Path(found["path"]) if found.get("type") == "ckan:fs" and "path" in found else None


def copy_vault(source: Path, target: Path) -> Copied:
    """Copy what is missing; a file whose bytes are no longer those of its name is told and left out."""
    copied = Copied()
    for file in sorted(path for path in source.glob("??/??/*") if len(path.name) == 64):
        place = target / file.relative_to(source)
        if not (place.exists() and place.stat().st_size == file.stat().st_size):
            if not _copy(file, place):
                copied.damaged.append(file.name)
                continue
            copied.new += 1
        copied.there += 1
    return copied


def _copy(file: Path, place: Path) -> bool:
    place.parent.mkdir(parents=True, exist_ok=True)
    part, digest = place.with_name(f"{place.name}.part"), hashlib.sha256()
    with file.open("rb") as reader, part.open("wb") as writer:
        while block := reader.read(CHUNK):
            digest.update(block)
            writer.write(block)
    if digest.hexdigest() != file.name:
        part.unlink()
        return False
    part.replace(place)
    return True


def moments(folder: Path) -> list[str]:
    """The whole backups in a folder, oldest first."""
    return sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.endswith(".part"))


def restore(portal: Portal, folder: Path, at: str, told: Callable[[str], None]) -> Copied:
    """Fill an empty portal whose stores run. It may be broken off and begun again until its last step is done."""
    moment = folder / (at or _newest(folder))
    manifest = _checked(moment)
    _need_empty(portal)
    portal = _put_own(portal, moment, manifest)
    copied = _put_vault(portal, folder, told)
    postgres = Postgres(portal)
    postgres.sql("DROP DATABASE IF EXISTS datastore WITH (FORCE)")
    postgres.make_databases(*lifecycle.DATABASES)
    lifecycle.mark_as(portal, restored=moment.name)
    for name in reversed(lifecycle.DATABASES):  # CKAN's last: while it is empty, this can begin again
        words = ("--exit-on-error", "--single-transaction", str(moment / f"{name}.dump"))
        _run(postgres, "pg_restore", name, *words)
    told(f"{moment.name} is back: {copied.there} files of the vault")
    told(_sealed(portal))
    return copied


def _sealed(portal: Portal) -> str:
    """How far the log goes that was brought back, and what is to be done if others have seen more of it."""
    has_log = "SELECT to_regclass('anshan_audit_checkpoint') IS NOT NULL"
    found = ""
    if Postgres(portal).sql(has_log, "ckan").strip() == "t":
        found = Postgres(portal).sql(f"{NEWEST} ORDER BY size DESC LIMIT 1", "ckan").strip()
    size, _, at = found.partition("|")
    newest = f"The newest sealed event is number {size}, sealed on {at} UTC" if found else "No event was sealed yet"
    command = f'{portal.layout.python} -m ckanext.anshan.audit.sealer {portal.data / "sealer"} begin --reason "..."'
    return f"{newest}. If a witness has seen more, sealing goes on only after: {command}"


def _newest(folder: Path) -> str:
    found = moments(folder)
    if not found:
        mend = N_("Name the folder that was backed up to.")
        raise Problem(N_("There is no backup in {folder}."), mend, folder=folder)
    return found[-1]


def _checked(moment: Path) -> dict[str, str]:
    manifest = files.read_json(moment / MANIFEST, {})
    dumps = manifest.get("dumps", {})
    if not dumps or any(not _is(moment / name, sha) for name, sha in dumps.items()):
        raise Problem(N_("The backup {moment} is not whole."), N_("Take another one with --at."), moment=moment)
    return manifest


def _is(path: Path, sha256: str) -> bool:
    return path.exists() and sha256_of(path) == sha256


def _need_empty(portal: Portal) -> None:
    count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    if Postgres(portal).sql(count, "ckan").strip() != "0":
        raise Problem(
            N_("The portal in {folder} has tables already: nothing was changed."),
            N_("A backup goes into an empty portal: new volumes, or a new folder with --data."),
            folder=portal.data,
        )


def _put_own(portal: Portal, moment: Path, manifest: dict[str, str]) -> Portal:
    """Files and secrets of the backup, but the passwords of the stores that run here."""
    (portal.data / "sealer").mkdir(mode=0o700, exist_ok=True)
    _copy_known(moment, portal.data, BROUGHT_BACK)
    shutil.copytree(moment / "storage", portal.data / "storage", dirs_exist_ok=True)
    kept = {name: portal.keys[name] for name in keys.SHARED}
    files.write_json(portal.data / "secrets.json", files.read_json(moment / "secrets.json", {}) | kept)
    demo = {"demo": manifest["demo"]} if manifest.get("demo") else {}
    lifecycle.mark_as(portal, databases="", schema="", index="empty", accounts="made", **demo)
    again = lifecycle.portal_of(portal.data)
    config.render(again)
    return again


def _copy_known(source: Path, target: Path, names: Iterable[str]) -> None:
    for name in names:
        if (source / name).exists():
            shutil.copy2(source / name, target / name)


def _put_vault(portal: Portal, folder: Path, told: Callable[[str], None]) -> Copied:
    vault = vault_folder(portal)
    if vault is None:
        told("The vault is not on this disk: bring it back where it is.")
        return Copied()
    return copy_vault(folder / VAULT, vault)
