"""The sealer's witnesses: what each has, and which one hasn't answered."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy as sa

from ckanext.anshan.audit import offline
from ckanext.anshan.audit import sealer as process
from ckanext.anshan.audit.sealing import Sealer
from ckanext.anshan.audit.witness import Witness as Other
from ckanext.anshan.audit.witness import server
from ckanext.anshan.audit.witnesses import Sender, Witness
from ckanext.anshan.local.processes import wait_until

from ..support import agency
from .support import address, engine

pytestmark = pytest.mark.usefixtures("with_plugins")


def told() -> dict[str, tuple[int, bool]]:
    """Of each witness the size that it has, and whether it fails."""
    with engine().connect() as connection:
        rows = connection.execute(sa.text("SELECT name, size, failing FROM anshan_audit_witness"))
        return {row.name: (row.size, row.failing) for row in rows}


def test_each_new_checkpoint_goes_to_every_witness_and_one_that_is_away_is_named(
    sealer: Sealer, portal_data: Path, tmp_path: Path
):
    other = Other(tmp_path / "other", sealer.signer.key)
    served = server(other, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    share = tmp_path / "share.jsonl"
    sender = Sender(
        address(portal_data, "anshan_sealer"),
        [
            Witness("share", share.as_uri(), 0),
            Witness("other", f"http://127.0.0.1:{served.server_port}", 0),
            Witness("away", "http://127.0.0.1:9", 0),
        ],
        threading.Event(),
    )
    sizes = []
    with closing(sender.connect()) as connection:
        for _ in range(2):
            agency()
            sizes.append(sealer.seal().size)
            sender.look(connection)
            sender.look(connection)
    served.shutdown()
    assert told() == {"share": (sizes[-1], False), "other": (sizes[-1], False), "away": (0, True)}
    assert [offline.parse_checkpoint(one.note).size for one in offline.kept(share)] == sizes
    last = other.last()
    assert last is not None and last.size == sizes[-1]


def test_no_sender_outlives_the_sealer_that_started_it(
    empty_log: None, portal_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """When the database goes away the sealer begins again, with a sender of its own: the old one has to end."""
    config = {"database": address(portal_data, "anshan_sealer"), "writer_key": "key"}
    config["verifier_key_file"] = str(tmp_path / "verifier_key")
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "witnesses.json").write_text(json.dumps([{"name": "share", "url": (tmp_path / "share").as_uri()}]))

    def lose(*_: object) -> None:
        assert senders(), "it was started"
        raise psycopg2.OperationalError

    monkeypatch.setattr(process, "_look", lose)
    with pytest.raises(psycopg2.OperationalError):
        process._work(process.Folder(tmp_path), threading.Event(), process.Told())
    assert wait_until(lambda: not senders(), 5)


def senders() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "witnesses"]
