"""The last wall: the database itself publishes nothing without the signatures of its basis, whoever asks."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DatabaseError

from ckanext.anshan.release.model import release
from ckanext.anshan.review.model import signature, submission

pytestmark = pytest.mark.usefixtures("with_plugins")

HASH, SCAN = "a" * 64, "b" * 64
THREE = ("agency", "cyberspace", "bureau")
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_stays(with_plugins):
    yield
    model.Session.rollback()


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def submitted(keys: tuple[str, ...], **more: Any) -> str:
    """A submission with these signatures; ``signed``: what of each is another."""
    id, signed = str(uuid.uuid4()), more.pop("signed", {})
    facts = {"kind": "opening", "way": "full", "state": "released", "entry_id": "entry", "opening_class": "closed"}
    rows = {"title": "t", "frozen": {}, "hash": HASH, "scan_hash": SCAN, "submitter": "editor"}
    model.Session.execute(submission.insert().values(id=id, number=id, **{**facts, **rows, **more}))
    for key in keys:
        who = {"user_id": f"{key}-user", "organization_id": f"{key}-org"}
        what = {"hash": HASH, "scan_hash": SCAN, "opening_class": more.get("opening_class", "closed")}
        row = {"id": str(uuid.uuid4()), "submission_id": id, "key": key, "answers": {}, **who, **what}
        model.Session.execute(signature.insert().values(**{**row, **signed.get(key, {})}))
    return id


def publish(submission_id: str, basis: str, **more: Any) -> None:
    """As somebody would who has the database and no signatures."""
    model.Session.execute(release.update().where(release.c.id == released(submission_id, basis, **more)).values(OPEN))


LINES = {"lines": [{"entry": f"entry {number}", "metadata": "m"} for number in range(5)]}
LIST = {"kind": "list", "entry_id": "", "opening_class": "", "frozen": LINES}
OF_LIST = {"entry_id": "entry 0", "metadata_hash": "m"}


OPEN = {"state": "published", "published": sa.func.now()}


def released(submission_id: str, basis: str, **more: Any) -> str:
    row: Mapping[str, Any] = {
        "id": str(uuid.uuid4()),
        "dataset_id": str(uuid.uuid4()),
        "dataset_name": f"open-{uuid.uuid4().hex}",
        "entry_id": "entry",
        "code": "",
        "version": 1,
        "state": "released",
        "opening_class": "closed",
        "metadata": {},
        "metadata_hash": "",
        "content_hash": "",
        "approval": "1",
        "release_date": now().date(),
        "basis": basis,
        "submission": submission_id,
    }
    model.Session.execute(release.insert().values({**row, **more}))
    return row["id"]


REFUSED = {
    "nothing is signed": lambda: ((), {}, "review", {}),
    "no cyberspace office": lambda: (("agency", "bureau"), {}, "review", {}),
    "no bureau": lambda: (("agency", "cyberspace"), {}, "review", {}),
    "no agency": lambda: (("cyberspace", "bureau"), {}, "review", {}),
    "another hash": lambda: (THREE, {"signed": {"bureau": {"hash": "c" * 64}}}, "review", {}),
    "another scan": lambda: (THREE, {"signed": {"agency": {"scan_hash": "c" * 64}}}, "review", {}),
    "another class": lambda: (THREE, {"signed": {"agency": {"opening_class": "conditional"}}}, "review", {}),
    "its submitter signed": lambda: (THREE, {"signed": {"agency": {"user_id": "editor"}}}, "review", {}),
    "the class was changed": lambda: (THREE, {}, "review", {"opening_class": "unconditional"}),
    "of another entry": lambda: (THREE, {}, "review", {"entry_id": "another"}),
    "it was refused": lambda: (THREE, {"state": "rejected"}, "review", {}),
    "it was withdrawn": lambda: (THREE, {"state": "withdrawn"}, "review", {}),
    "still in review": lambda: (THREE, {"state": "in_review"}, "review", {}),
    "a retirement opens nothing": lambda: (THREE, {"kind": "retirement"}, "review", {}),
    "a list with one office": lambda: (("bureau",), {"kind": "list"}, "list", {}),
    "a review called a list": lambda: (("cyberspace", "bureau"), {}, "list", {}),
    "a full review called routine": lambda: (("agency",), {}, "routine", {}),
    "routine without a policy": lambda: (("agency",), {"way": "routine", "base": ""}, "routine", {}),
    "an emergency without the bureau": lambda: (
        ("agency",),
        {"way": "emergency", "state": "provisional"},
        "emergency",
        {"until": now() + HOUR},
    ),
    "an emergency that is over": lambda: (
        ("bureau",),
        {"way": "emergency", "state": "provisional"},
        "emergency",
        {"until": now() - HOUR},
    ),
    "an emergency without an end": lambda: (("bureau",), {"way": "emergency", "state": "provisional"}, "emergency", {}),
    "a review called an emergency": lambda: (("bureau",), {}, "emergency", {"until": now() + HOUR}),
    "said to be of before": lambda: ((), {}, "earlier", {}),
    "an unknown basis": lambda: (THREE, {}, "because", {}),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("by", ["insert", "update"])
def test_without_its_signatures_nothing_becomes_public(case, by):
    keys, submitted_as, basis, released_as = REFUSED[case]()
    id = submitted(keys, **submitted_as)
    with pytest.raises(DatabaseError, match="lacks the signatures"):
        if by == "insert":
            released(id, basis, **{**released_as, **OPEN})
        else:
            publish(id, basis, **released_as)


def test_without_any_submission_nothing_becomes_public():
    for basis in ("review", "list", "routine", "emergency"):
        with pytest.raises(DatabaseError, match="lacks the signatures"):
            publish("", basis)
        model.Session.rollback()


def test_with_its_signatures_each_basis_opens():
    publish(submitted(THREE, state="published"), "review")
    publish(submitted(("cyberspace", "bureau"), **LIST), "list", **OF_LIST)
    base = submitted(THREE, state="published")
    publish(submitted(("agency",), way="routine", base=base, state="published"), "routine")
    publish(submitted(("bureau",), way="emergency", state="provisional"), "emergency", until=now() + HOUR)
    publish(submitted(THREE, way="emergency", state="published"), "emergency")


@pytest.mark.parametrize("other", [{"entry_id": "entry 9"}, {"metadata_hash": "other"}])
def test_a_list_opens_its_own_lines_alone(other):
    with pytest.raises(DatabaseError, match="has no such line"):
        publish(submitted(("cyberspace", "bureau"), **LIST), "list", **OF_LIST | other)


def test_how_a_submission_is_decided_is_bound_with_its_scans():
    id = submitted(())
    with pytest.raises(DatabaseError, match="cannot be changed"):
        model.Session.execute(submission.update().where(submission.c.id == id).values(way="routine"))


def test_an_emergency_is_confirmed_by_three_keys_alone():
    id = submitted(("bureau",), way="emergency", state="provisional")
    emergency = released(id, "emergency", until=now() + HOUR)
    model.Session.execute(release.update().where(release.c.id == emergency).values(OPEN))
    with pytest.raises(DatabaseError, match="lacks the signatures"):
        model.Session.execute(release.update().where(release.c.id == emergency).values(until=None))


def test_a_routine_update_leans_on_a_review_of_its_own_entry():
    base = submitted(THREE, entry_id="another", state="published")
    with pytest.raises(DatabaseError, match="lacks the signatures"):
        publish(submitted(("agency",), way="routine", base=base), "routine")


def test_no_demo_is_published_beside_real_data():
    publish(submitted(THREE), "review")
    with pytest.raises(DatabaseError, match="lacks the signatures"):
        publish("", "demo")


@pytest.mark.parametrize("basis", ["earlier", "demo"])
def test_what_was_public_before_the_review_comes_back(basis):
    publish(submitted(THREE), "review")  # beside it there is no demo any more
    had = {"state": "superseded", "published": now(), "dataset_name": "open-earlier"}
    id = released("", basis, **had)
    model.Session.execute(release.update().where(release.c.id == id).values(state="published"))
    other = released("", basis, **had | {"state": "superseded", "published": None})
    with pytest.raises(DatabaseError, match="lacks the signatures"):
        model.Session.execute(release.update().where(release.c.id == other).values(OPEN))


@pytest.mark.parametrize("state", ["retired", "lapsed"])
def test_what_is_over_stays_so(state):
    id = released(submitted(THREE), "review", state=state, published=now())
    with pytest.raises(DatabaseError, match="stays so"):
        model.Session.execute(release.update().where(release.c.id == id).values(state="published"))


def test_one_bad_row_among_many_is_found():
    good = submitted(("cyberspace", "bureau"), **LIST)
    ids = [released(good, "list", **OF_LIST | {"entry_id": f"entry {number}"}) for number in range(5)]
    ids.append(released("", "review"))
    with pytest.raises(DatabaseError, match="lacks the signatures"):
        model.Session.execute(release.update().where(release.c.id.in_(ids)).values(OPEN))
