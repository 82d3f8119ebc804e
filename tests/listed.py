"""A list that both offices signed, put straight into the tables: what is proposed and signed in the portal other tests
show.

``python -m tests.listed MANIFEST TITLE``, with the configuration in ``CKAN_INI``, prints the number of the list.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan

from ckanext.anshan.release import proposing
from ckanext.anshan.release.lists import Allowed
from ckanext.anshan.release.rules import digest
from ckanext.anshan.review import lists
from ckanext.anshan.review.model import signature, submission


def signed(manifest: Path, title: str) -> Allowed:
    """What an import of this manifest may release; the same list is signed once."""
    return lists.signed(sign(manifest, title))


def sign(manifest: Path, title: str) -> str:
    """The number of the list. Its files are hashed, not stored: the import stores them."""
    found = proposing.read(manifest, store=False)
    frozen = {"form": 1, "kind": "list", "title": title, "manifest": found.manifest, "lines": found.lines}
    hash = digest(frozen)
    known = model.Session.execute(sa.select(submission.c.number).where(submission.c.hash == hash)).scalar()
    return known or _sign(title, frozen, hash)


def _sign(title: str, frozen: dict[str, Any], hash: str) -> str:
    id, number = str(uuid.uuid4()), f"{title}-{hash[:8]}"
    facts = {"kind": "list", "way": "full", "state": "released", "title": title, "frozen": frozen}
    model.Session.execute(submission.insert().values(id=id, number=number, hash=hash, scan_hash=hash, **facts))
    for key in ("cyberspace", "bureau"):
        who = {"user_id": str(uuid.uuid4()), "organization_id": str(uuid.uuid4())}
        what = {"hash": hash, "scan_hash": hash, "opening_class": "", "answers": {}}
        made = signature.insert().values(id=str(uuid.uuid4()), submission_id=id, key=key, **who, **what)
        model.Session.execute(made)
    model.Session.commit()
    return number


def main() -> None:
    manifest, title = sys.argv[1:]
    words = ["-c", os.environ["CKAN_INI"], "config"]
    with ckan.make_context("ckan", words) as context, context.meta["flask_app"].test_request_context():
        print(sign(Path(manifest), title))


if __name__ == "__main__":
    main()
