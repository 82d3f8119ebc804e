"""Every event gets one place in the tree, in the order of commits, whatever is written or killed meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

from ckanext.anshan.audit import notes, offline, proving, recording, sealing, stored
from ckanext.anshan.audit.events import Event, Object
from ckanext.anshan.audit.notes import Signer
from ckanext.anshan.audit.sealing import Refused, Sealer

from .support import connected, engine, new_sealer

pytestmark = pytest.mark.usefixtures("with_plugins")


def record(number: int, session: Any = None) -> None:
    """One event in the session's transaction, without ending it."""
    connection = (session or model.Session).connection()
    recording._insert(connection, [Event("log.begun", object=Object("test", str(number)))])


def order() -> list[int]:
    """The numbers of ``record`` in the order of the tree."""
    query = sa.text(
        "SELECT object_id::int FROM anshan_audit_leaf JOIN anshan_audit_event ON event_id = id"
        " WHERE object_type = 'test' ORDER BY position"
    )
    with engine().connect() as connection:
        return list(connection.execute(query).scalars())


def positions() -> list[int]:
    with engine().connect() as connection:
        return list(connection.execute(sa.text("SELECT position FROM anshan_audit_leaf ORDER BY 1")).scalars())


def bodies() -> list[str]:
    with engine().connect() as connection:
        query = "SELECT body FROM anshan_audit_leaf JOIN anshan_audit_event ON event_id = id ORDER BY position"
        return list(connection.execute(sa.text(query)).scalars())


@pytest.fixture
def other() -> Iterator[Session]:
    """A second client of the database."""
    with Session(engine()) as session:
        yield session


def test_all_that_was_recorded_is_sealed_and_signed(sealer: Sealer):
    for number in range(700):
        record(number)
    model.Session.commit()
    done = sealer.seal()
    assert done.size == done.sealed == len(positions()) and positions() == list(range(done.size))
    last = stored.last(proving.ask)
    assert last is not None
    checkpoint = offline.parse_checkpoint(last.note)
    sealer.signer.key.verify(checkpoint.note)
    leaves = [offline.leaf_hash(body.encode()) for body in bodies()]
    assert (checkpoint.size, checkpoint.root) == (done.size, offline.root(leaves)) == (last.size, last.root)


def test_nothing_new_makes_no_checkpoint(sealer: Sealer):
    first = sealer.seal()
    assert first.sealed > 0
    again = sealer.seal()
    assert (again.sealed, again.size) == (0, first.size)


def test_a_long_transaction_stops_nobody_and_is_sealed_when_it_commits(sealer: Sealer, other: Session):
    record(1, other)
    for number in (2, 3):
        record(number)
        model.Session.commit()
    sealer.seal()
    assert order() == [2, 3]
    other.commit()
    record(4)
    model.Session.commit()
    sealer.seal()
    assert order() == [2, 3, 1, 4] and positions() == list(range(len(positions())))


def test_within_one_look_the_order_is_that_of_the_commits(sealer: Sealer, other: Session):
    sealer.seal()
    record(1, other)
    record(2)
    model.Session.commit()
    record(3)
    model.Session.commit()
    other.commit()
    sealer.seal()
    assert order() == [2, 3, 1]


def test_what_was_rolled_back_leaves_no_gap(sealer: Sealer):
    record(1)
    model.Session.commit()
    record(2)
    model.Session.rollback()
    record(3)
    model.Session.commit()
    sealer.seal()
    assert order() == [1, 3] and positions() == list(range(len(positions())))


def test_many_clients_at_once_and_each_event_once(sealer: Sealer):
    sealer.seal()
    clients, each = 6, 40

    def write(client: int) -> None:
        with Session(engine()) as session:
            for number in range(each):
                record(client * each + number, session)
                session.rollback() if number % 5 == 4 else session.commit()

    threads = [threading.Thread(target=write, args=(client,)) for client in range(clients)]
    for one in threads:
        one.start()
    while any(one.is_alive() for one in threads):
        sealer.seal()
    sealer.seal()
    kept = [number for number in range(clients * each) if number % 5 != 4]
    assert sorted(order()) == kept
    mine = [[number for number in order() if number // each == client] for client in range(clients)]
    assert mine == [sorted(one) for one in mine]


def test_a_sealer_that_dies_in_the_middle_has_sealed_nothing_and_the_next_goes_on(
    sealer: Sealer, portal_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = sealer.seal().size
    record(1)
    model.Session.commit()

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sealing.notes, "checkpoint", die)
    with pytest.raises(KeyboardInterrupt):
        sealer.seal()
    assert len(positions()) == before
    monkeypatch.undo()
    sealer.close()
    following = new_sealer(portal_data, tmp_path, sealer.signer)
    following.begin()
    assert following.seal() == sealing.Pass(1, before + 1, ())
    following.close()


def test_two_sealers_do_not_work_at_once(sealer: Sealer, portal_data: Path, tmp_path: Path):
    second = new_sealer(portal_data, tmp_path, sealer.signer)
    with pytest.raises(Refused, match="another sealer"):
        second.begin(patience=0.3)
    second.close()


def test_another_key_is_refused(sealer: Sealer, portal_data: Path, tmp_path: Path):
    sealer.seal()
    sealer.close()
    stranger = new_sealer(portal_data, tmp_path)
    with pytest.raises(Refused, match="not signed by this key"):
        stranger.begin()
    stranger.close()


def test_a_log_that_was_cut_or_rewritten_is_refused(sealer: Sealer, portal_data: Path, tmp_path: Path):
    sealer.seal()
    sealer.close()
    tables = ("checkpoint", "leaf", "node")
    with connected(portal_data, "postgres") as superuser:
        for table in tables:
            superuser.execute(f"ALTER TABLE anshan_audit_{table} DISABLE TRIGGER USER")
        newest = "(SELECT max(position) FROM anshan_audit_leaf)"
        superuser.execute(f"UPDATE anshan_audit_leaf SET leaf = sha256('x') WHERE position = {newest}")
        rewritten = new_sealer(portal_data, tmp_path, sealer.signer)
        with pytest.raises(Refused, match="not those that were sealed"):
            rewritten.begin()
        rewritten.close()
        superuser.execute("DELETE FROM anshan_audit_checkpoint")
        cut = new_sealer(portal_data, tmp_path, sealer.signer)
        with pytest.raises(Refused, match="has been cut"):
            cut.begin()
        cut.close()
        for table in tables:
            superuser.execute(f"ALTER TABLE anshan_audit_{table} ENABLE TRIGGER USER")


def test_an_event_that_no_process_of_the_portal_wrote_is_told_and_not_sealed(sealer: Sealer, portal_data: Path):
    sealer.seal()
    with connected(portal_data, "ckan") as thief:
        thief.execute(
            "INSERT INTO anshan_audit_event (id, at, kind, outcome, body, leaf, mark) VALUES"
            " (gen_random_uuid(), now(), 'log.begun', 'done', '{}', sha256('\\x007b7d'), sha256('guess')) RETURNING id"
        )
        id = thief.fetchone()[0]
    assert sealer.seal().strange == (id,)
    assert id not in [str(row) for row in _sealed_ids()]


def _sealed_ids() -> list[UUID]:
    with engine().connect() as connection:
        return list(connection.execute(sa.text("SELECT event_id FROM anshan_audit_leaf")).scalars())


def test_the_sealer_may_neither_change_events_nor_its_own_leaves(portal_data: Path):
    for statement in (
        "UPDATE anshan_audit_event SET body = ''",
        "DELETE FROM anshan_audit_event",
        "UPDATE anshan_audit_leaf SET position = 1",
        "TRUNCATE anshan_audit_leaf",
        "DELETE FROM anshan_audit_checkpoint",
        "SELECT * FROM anshan_audit_person",
        'SELECT * FROM "user"',
        "SELECT * FROM package",
    ):
        with connected(portal_data, "anshan_sealer") as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)


def test_sealing_goes_on_in_a_database_that_was_moved_to_another_server(sealer: Sealer, portal_data: Path):
    record(1)
    model.Session.commit()
    sealer.seal()
    with connected(portal_data, "postgres") as superuser:
        superuser.execute("ALTER TABLE anshan_audit_checkpoint DISABLE TRIGGER USER")
        superuser.execute("UPDATE anshan_audit_checkpoint SET cluster = 'elsewhere', snapshot = '3:3:'")
        superuser.execute("ALTER TABLE anshan_audit_checkpoint ENABLE TRIGGER USER")
        superuser.execute("SET session_replication_role = replica")  # their transactions had higher numbers there
        superuser.execute("UPDATE anshan_audit_event SET xid = (xid::text::bigint + 1000000)::text::xid8")
    assert sealer.seal().sealed == 0
    for number in (2, 3):
        record(number)
        model.Session.commit()
        assert sealer.seal().sealed == 1
    assert order() == [1, 2, 3]


def test_an_event_is_proved_by_the_checkpoint_alone(sealer: Sealer):
    for number in range(300):
        record(number)
    model.Session.commit()
    sealer.seal()
    with engine().connect() as connection:
        query = "SELECT id::text FROM anshan_audit_event WHERE object_type = 'test' AND object_id = '77'"
        id = connection.execute(sa.text(query)).scalar_one()
    proof = proving.prove(id, private=True)
    assert proof is not None
    assert offline.verify_proof(proof, [sealer.signer.key]).exit_code() == 0
    assert offline.verify_proof({**proof, "position": proof["position"] + 1}, [sealer.signer.key]).exit_code() == 1
    other = Signer.parse(notes.generate("other")[0])
    assert offline.verify_proof(proof, [other.key]).exit_code() == 1
    assert proving.prove("no-uuid") is None
