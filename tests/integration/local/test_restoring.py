"""A backup that is put back says so on the log, and how far the log goes that it brought."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ckanext.anshan.audit.sealer import Folder
from ckanext.anshan.audit.sealing import Sealer
from ckanext.anshan.local import backup as backups
from ckanext.anshan.local import lifecycle, web
from ckanext.anshan.local.lifecycle import Wish
from ckanext.anshan.local.postgres import Postgres
from ckanext.anshan.local.service import Portal
from ckanext.anshan.local.steps import Steps

WISH = Wish(demo=False, only_stores=True)
RESTORED = "SELECT body FROM anshan_audit_event WHERE kind = 'portal.restored'"


@pytest.fixture
def folders() -> Iterator[tuple[Path, Path]]:
    """Of a portal, and of the one that its backup is put back into; PostgreSQL's own account may look there."""
    with tempfile.TemporaryDirectory(prefix="anshan-restoring-") as root:
        Path(root).chmod(0o755)
        found = Path(root) / "first", Path(root) / "second"
        yield found
        for data in found:
            lifecycle.down(data)


def seal(portal: Portal) -> int:
    """What the sealer does at its start; how many events are sealed."""
    web.Sealer(portal).command()
    folder = Folder(portal.data / "sealer")
    config = folder.config()
    signer, key = folder.signer(), config["writer_key"].encode()
    with closing(Sealer(config["database"], signer, key, folder.memory)) as sealer:
        sealer.begin()
        return sealer.seal().size


def restored(portal: Portal) -> list[dict[str, str]]:
    return [json.loads(line)["facts"] for line in Postgres(portal).sql(RESTORED, "ckan").splitlines()]


@pytest.mark.slow
def test_a_restored_portal_says_so_once_and_how_far_its_log_goes(folders: tuple[Path, Path], tmp_path: Path):
    first, second = folders
    portal = lifecycle.stores_of(first, WISH, Steps(0, quiet=True))
    lifecycle.prepare(portal, everybody=False)
    size = seal(portal)
    kept = {"sealer/witnesses.json": '[{"name": "a", "url": "file:///a"}]', "former-keys": "one\ntwo\n"}
    for name, text in kept.items():
        (first / name).write_text(text)
    backups.backup(first, tmp_path / "backups", lambda _: None)
    lifecycle.down(first)

    told: list[str] = []
    again = lifecycle.stores_of(second, WISH, Steps(0, quiet=True))
    backups.restore(again, tmp_path / "backups", "", told.append)
    assert f"The newest sealed event is number {size}, sealed on 20" in told[-1]
    assert f"-m ckanext.anshan.audit.sealer {second / 'sealer'} begin --reason" in told[-1]
    for name in (*kept, "sealer/key", "verifier_key"):
        assert (second / name).read_bytes() == (first / name).read_bytes(), name

    (moment,) = backups.moments(tmp_path / "backups")
    again = lifecycle.portal_of(second)
    lifecycle.start_stores(again, lifecycle.CORES)
    lifecycle.prepare(again, everybody=False)
    assert restored(again) == [{"backup": moment}] and not again.state.marks["restored"]
    for marks in ({"schema": "", "restored": moment}, {"schema": ""}):  # killed before it was noted, and a later start
        lifecycle.mark_as(again, **marks)
        lifecycle.prepare(again, everybody=False)
        assert restored(again) == [{"backup": moment}]
