"""The sealer's witnesses: what each has, and which one hasn't answered."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from ckanext.anshan.audit import offline
from ckanext.anshan.audit.sealing import Sealer
from ckanext.anshan.audit.witness import Witness as Other
from ckanext.anshan.audit.witness import server
from ckanext.anshan.audit.witnesses import Sender, Witness

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
    for _ in range(2):
        agency()
        sizes.append(sealer.seal().size)
        sender.look()
        sender.look()
    served.shutdown()
    assert told() == {"share": (sizes[-1], False), "other": (sizes[-1], False), "away": (0, True)}
    assert [offline.parse_checkpoint(one.note).size for one in offline.kept(share)] == sizes
    last = other.last()
    assert last is not None and last.size == sizes[-1]
