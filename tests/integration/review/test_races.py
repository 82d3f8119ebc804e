"""Two at once: never two winners, never half a release; and never other bytes than those that were signed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.anshan.release import vault
from ckanext.anshan.workflow import outbox
from tests.integration import support

from ..support import as_user, dataset, published, work
from .town import answers, entry, show, sign, submit

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def at_once(app: Any, *calls: Callable[[], Any]) -> list[Any]:
    """Results or refusals of calls that begin together, each in a thread with a session of its own."""
    gate = threading.Barrier(len(calls))
    found: list[Any] = [None] * len(calls)

    def run(at: int) -> None:
        with app.flask_app.test_request_context():
            gate.wait()
            try:
                found[at] = calls[at]()
            except (tk.ValidationError, tk.NotAuthorized) as refused:
                found[at] = refused
            finally:
                model.Session.remove()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    model.Session.rollback()
    return found


def signing(user, made):
    given = {"id": made["id"], "hash": made["hash"], "answers": answers(user, made)}
    return lambda: as_user(user, "anshan_submission_sign", **given)


def test_two_of_one_office_make_one_signature(town, app):
    made = sign(town.head, submit(town, entry(town)))
    found = at_once(app, signing(town.cyberspace, made), signing(town.second_cyberspace, made))
    assert sum(isinstance(one, dict) for one in found) == 1
    assert [key["state"] for key in show(town.head, made["id"])["keys"]].count("signed") == 2


def test_both_offices_at_once_publish_once(town, app):
    found = entry(town)
    made = sign(town.head, submit(town, found))
    results = at_once(app, signing(town.cyberspace, made), signing(town.bureau, made))
    work()
    assert all(isinstance(one, dict) for one in results), results
    assert show(town.head, made["id"])["state"] == "published"
    assert len(as_user({"name": ""}, "anshan_release_list", id=published(found)["id"])) == 1


def test_a_signature_and_a_return_at_once_have_one_winner(town, app):
    made = sign(town.cyberspace, sign(town.head, submit(town, found := entry(town))))
    returning = {"id": made["id"], "remarks": [{"text": "x"}]}
    results = at_once(
        app,
        signing(town.bureau, made),
        lambda: as_user(town.second_bureau, "anshan_submission_return", **returning),
    )
    work()
    state = show(town.head, made["id"])["state"]
    assert sum(isinstance(one, dict) for one in results) == 1
    assert (dataset(found) is not None) == (state == "published") and state in ("published", "returned")


def test_two_editors_at_once_make_one_submission(town, app):
    found = entry(town)
    call = lambda: as_user(town.editor, "anshan_submission_create", id=found["id"])  # noqa: E731
    at_once(app, call, call)
    rows = as_user(town.head, "anshan_submission_list", mine="open", entry=found["id"])["submissions"]
    assert len(rows) == 1


def test_a_signature_during_an_upload_opens_what_was_signed(town, app):
    found = entry(town)
    made = sign(town.cyberspace, sign(town.head, submit(town, found)))
    signed = made["files"][0]["sha256"]
    file = as_user(town.editor, "package_show", id=found["id"])["resources"][0]

    def upload():
        given = support.FileStorage(support.io.BytesIO("停车场名称\n别的\n".encode()), "停车场.csv")
        return as_user(town.editor, "resource_patch", id=file["id"], upload=given)

    at_once(app, signing(town.bureau, made), upload)
    work()
    assert published(found)["resources"][0]["hash"] == f"sha256:{signed}"


def test_damaged_bytes_are_not_published_and_go_out_once_they_are_mended(town):
    found = entry(town, "停车场名称\n要损坏的\n".encode())
    made = sign(town.cyberspace, sign(town.head, submit(town, found)))
    path = Path(str(vault.path(made["files"][0]["sha256"])))
    good = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    sign(town.bureau, made)
    work()
    assert (show(town.head, made["id"])["state"], dataset(found)) == ("released", None)
    path.write_bytes(good)
    outbox.drain(100, overdue=False)
    work()
    assert show(town.head, made["id"])["state"] == "published"
