"""The keys of identities: a wrong or a missing one says so and loses nothing; a new one takes over."""

from __future__ import annotations

import base64
import os

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.anshan.applicants import identities, keeping, locking, rekeying, sealing
from ckanext.anshan.applicants.locking import Locked, Place, Sealed
from ckanext.anshan.applicants.model import organization, person
from ckanext.anshan.applicants.rules import Party
from ckanext.anshan.release import files, vault
from tests.integration.support import as_user

from .town import PDF, act, attorney, bureau, code_of, fill_in, found, resident_id, user

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

OPTION = "ckanext.anshan.applicants.key_file"
HERE = Place("some_table", "row")


def line(id: str, key: bytes | None = None) -> str:
    return f"{id}: {base64.b64encode(key or os.urandom(32)).decode()}\n"


@pytest.fixture
def keys(tmp_path, monkeypatch):
    """A file of keys of one's own: writes it anew."""
    path = tmp_path / "keys"
    monkeypatch.setitem(tk.config, OPTION, str(path))

    def write(text: str) -> None:
        path.unlink(missing_ok=True)
        path.write_text(text)

    write(line("a"))
    return write


def why(call, *given):
    with pytest.raises(Locked) as refused:
        call(*given)
    return refused.value.code


def test_what_is_locked_is_bound_to_its_place(keys):
    sealed = locking.lock(HERE, {"name": "李明华"})
    assert sealed.key == "a" and "李明华".encode() not in sealed.locked
    assert locking.unlock(HERE, sealed) == {"name": "李明华"}
    for other in (Place("some_table", "other"), Place("other_table", "row"), Place("some_table", "row", "other")):
        assert why(locking.unlock, other, sealed) == "key_wrong"
    changed = Sealed("a", sealed.locked[:-1] + bytes([sealed.locked[-1] ^ 1]))
    assert why(locking.unlock, HERE, changed) == "key_wrong"
    assert locking.lock(HERE, {"name": "李明华"}).locked != sealed.locked


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "key_missing"),
        ("# none\n", "key_missing"),
        ("a: xyz\n", "key_malformed"),
        ("a: " + base64.b64encode(b"short").decode() + "\n", "key_malformed"),
        (line("a") + line("a"), "key_malformed"),
    ],
)
def test_a_file_that_is_wrong_says_how(keys, text, code):
    keys(text)
    assert why(locking.lock, HERE, {}) == code


def test_another_key_under_the_same_id_and_a_lost_key_are_told_apart(keys):
    sealed = locking.lock(HERE, {"name": "x"})
    keys(line("a"))
    assert why(locking.unlock, HERE, sealed) == "key_wrong"
    keys(line("b"))
    assert why(locking.unlock, HERE, sealed) == "key_unknown"


@pytest.mark.parametrize("path", ["", "/nowhere/keys"])
def test_without_keys_nothing_is_kept_and_the_pages_go_on(keys, monkeypatch, path):
    who, number = user(), resident_id()
    fill_in(who, number=number)
    before = keeping.person_of(who["id"])
    monkeypatch.setitem(tk.config, OPTION, path)
    code = "key_unreadable" if path else "key_unnamed"
    assert code_of(as_user, who, "anshan_applicant_update", phone="13812345678") == f"applicants.{code}"
    assert code_of(fill_in, user()) == f"applicants.{code}"
    assert code_of(found, user()) == f"applicants.{code}"
    shown = as_user(who, "anshan_applicant_show")["person"]
    assert (shown["name"], shown["number"], shown["is_readable"]) == ("***", "", False)
    assert keeping.person_of(who["id"]) == before
    monkeypatch.undo()


def test_a_new_key_locks_what_comes_and_what_the_old_one_locked_is_still_found(keys):
    who, number, old = user(), resident_id(), line("a", b"o" * 32)
    keys(old)
    fill_in(who, number=number)
    new = line("b", b"n" * 32)
    keys(new + old)
    assert code_of(fill_in, user(), number=number) == "applicants.id_taken"
    other = user()
    fill_in(other)
    assert keeping.person_of(other["id"]).key == "b" and keeping.person_of(who["id"]).key == "a"


def test_rekeying_locks_all_anew_or_nothing(keys, alone):
    old, new = line("a", b"o" * 32), line("b", b"n" * 32)
    keys(old)
    who, number = user(), resident_id()
    fill_in(who, number=number)
    made = act(who, found(who), "submit")
    keys(new)
    assert why(rekeying.rekey) == "key_unknown"
    assert keeping.person_of(who["id"]).key == "a"
    keys(new + old)
    assert rekeying.rekey() == 2
    keys(new)
    assert identities.told(bureau()["id"], Party("person", who["id"]), "x")["number"] == number
    assert identities.told(bureau()["id"], Party("organization", made["id"]), "x")["contact"] == "王小明"
    assert code_of(fill_in, user(), number=number) == "applicants.id_taken"
    assert letter(made) == PDF
    assert rekeying.rekey() == 0


def letter(made) -> bytes:
    """The power of attorney of an organization, opened."""
    kept = keeping.organization_of(made["id"]).attorney
    return sealing.opened(made["id"], kept, b"".join(files.chunks(vault.read(kept["sha256"]))))


def test_a_power_of_attorney_is_locked_in_the_vault_for_its_organization_alone(keys):
    who = user()
    made, other = found(who, upload=attorney(content=PDF + b"secret")), found(user())
    kept = keeping.organization_of(made["id"]).attorney
    locked = b"".join(files.chunks(vault.read(kept["sha256"])))
    assert b"secret" not in locked and len(locked) == sealing.size_kept(kept) and letter(made) == PDF + b"secret"
    assert why(sealing.opened, other["id"], kept, locked) == "key_wrong"
    bent = locked[:-1] + bytes([locked[-1] ^ 1])
    assert why(sealing.opened, made["id"], kept, bent) == "key_wrong"
    keys(line("z"))
    assert why(sealing.opened, made["id"], kept, locked) == "key_unknown"


@pytest.fixture
def alone(keys):
    """Only what this test keeps: what other tests locked with other keys is put aside as locked with the new one."""
    aside = []
    letters = list(keeping.run(sa.select(organization.c.id, organization.c.attorney)))
    model.Session.execute(organization.update().values(attorney=None))
    for table, id in ((person, person.c.user_id), (organization, organization.c.id)):
        aside += [(table, id, row[0], row[1]) for row in keeping.run(table.select().with_only_columns(id, table.c.key))]
        model.Session.execute(table.update().values(key="b"))
    model.Session.commit()
    yield
    for table, id, row, key in aside:
        model.Session.execute(table.update().where(id == row).values(key=key))
    for id, letter in letters:
        model.Session.execute(organization.update().where(organization.c.id == id).values(attorney=letter))
    model.Session.commit()
