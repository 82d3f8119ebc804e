"""A list that both offices signed, put straight into the tables, and the import of a manifest under it as a command.

``python -m tests.listed MANIFEST NUMBER`` with the portal's configuration in ``CKAN_INI``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import uuid
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan

from ckanext.anshan.release import importing
from ckanext.anshan.release.rules import Approval, Basis
from ckanext.anshan.review.model import signature, submission


def signed(number: str) -> Approval:
    """What a list of this number opens; it is signed once."""
    found = model.Session.execute(sa.select(submission).where(submission.c.number == number)).first()
    id = found.id if found else _sign(number)
    query = sa.select(signature).where(signature.c.submission_id == id).order_by(signature.c.key)
    rows = model.Session.execute(query).all()
    told = [{"key": row.key, "organization": row.organization_id, "time": row.created.isoformat()} for row in rows]
    return Approval(Basis.LIST, number, id, rows[0].hash, rows[0].scan_hash, tuple(told))


def _sign(number: str) -> str:
    id, hash = str(uuid.uuid4()), hashlib.sha256(number.encode()).hexdigest()
    facts = {"kind": "list", "way": "full", "state": "released", "title": number, "frozen": {"number": number}}
    model.Session.execute(submission.insert().values(id=id, number=number, hash=hash, scan_hash=hash, **facts))
    for key in ("cyberspace", "bureau"):
        who = {"user_id": str(uuid.uuid4()), "organization_id": str(uuid.uuid4())}
        what = {"hash": hash, "scan_hash": hash, "opening_class": "", "answers": {}}
        made = signature.insert().values(id=str(uuid.uuid4()), submission_id=id, key=key, **who, **what)
        model.Session.execute(made)
    model.Session.commit()
    return id


def main() -> None:
    manifest, number = sys.argv[1:]
    words = ["-c", os.environ["CKAN_INI"], "config"]
    with ckan.make_context("ckan", words) as context, context.meta["flask_app"].test_request_context():
        report = importing.run(Path(manifest), signed(number))
    print(json.dumps(asdict(report), ensure_ascii=False))  # noqa: T201
    sys.exit(1 if report.refused else 0)


if __name__ == "__main__":
    main()
