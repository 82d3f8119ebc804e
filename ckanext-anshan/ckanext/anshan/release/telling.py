"""What is told of releases and suspensions: to everybody what is public of them, to the offices also who did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model as ckan_model

from . import datasets, model, rules
from .model import run
from .rules import HAS_DATASET, HAS_FILES, OpeningClass, Scope, State
from .suspending import Person, lifts

Told = dict[str, Any]

TITLES = sa.text("SELECT id, coalesce(nullif(title, ''), name) AS title FROM \"group\" WHERE id = ANY(:ids)")
NAMES = sa.text("SELECT id, coalesce(nullif(fullname, ''), name) AS name FROM \"user\" WHERE id = ANY(:ids)")


def titles(organization_ids: Sequence[str]) -> Mapping[str, str]:
    rows = run(TITLES, {"ids": list(organization_ids)}) if organization_ids else ()
    return {row.id: row.title for row in rows}


def names(user_ids: Sequence[str]) -> Mapping[str, str]:
    rows = run(NAMES, {"ids": list(user_ids)}) if user_ids else ()
    return {row.id: row.name for row in rows}


# releases


def is_told(head: Any) -> bool:
    """Whether anybody is told that there is such a dataset: not of one that is closed, but for what it left open."""
    return OpeningClass(head.opening_class) in HAS_DATASET or head.keeps_versions


def releases(head: Any) -> list[Told]:
    """The versions of a dataset, newest first, as everybody may know them."""
    rows = [row for row in model.versions(head.dataset_id) if _may_be_told(row, head)]
    files = model.files_of([row.id for row in rows if _has_files(row, head)])
    off = model.suspensions([head.dataset_id])
    signers = {one["organization"] for row in rows for one in row.trail.get("signatures", ())}
    offices = titles([*signers, *(one.organization_id for one in off)])
    return [_release(row, files.get(row.id, []), off, offices) for row in rows]


def _may_be_told(row: Any, head: Any) -> bool:
    """Versions of the same class, and earlier open ones that the reviewers of this one left so."""
    if row.published is None:
        return False
    if row.id == head.id:
        return OpeningClass(row.opening_class) in HAS_DATASET
    if State(row.state) in (State.LAPSED, State.RETIRED):
        return False
    return row.opening_class == head.opening_class or (head.keeps_versions and _is_open(row))


def _is_open(row: Any) -> bool:
    return OpeningClass(row.opening_class) in HAS_FILES


def _has_files(row: Any, head: Any) -> bool:
    """As ``access.rules`` decides about each of them."""
    if not _is_open(row) or State(row.state) not in (State.PUBLISHED, State.SUPERSEDED):
        return False
    if State(head.state) in (State.RETIRED, State.LAPSED):
        return False
    return _is_open(head) or (head.keeps_versions and State(row.state) is State.SUPERSEDED)


def _release(row: Any, files: Sequence[Any], off: Sequence[Any], offices: Mapping[str, str]) -> Told:
    itself = covering(row, off)
    withheld = {one.sha256: one for one in off if Scope(one.scope) is Scope.FILE}
    shown = () if itself else files
    return {
        "dataset_id": row.dataset_id,
        "name": row.dataset_name,
        "version": row.version,
        "state": row.state,
        "opening_class": row.opening_class,
        "release_date": row.release_date.isoformat(),
        "published": row.published.isoformat(),
        "approval": row.approval,
        "basis": row.basis,
        "signatures": [_signature(one, offices) for one in row.trail.get("signatures", ())],
        "until": row.until.isoformat() if row.until else None,
        "suspended": _suspended(itself, offices) if itself else None,
        "metadata_hash": row.metadata_hash,
        "files": [_file(row, one) for one in shown if one.sha256 not in withheld],
        "withheld": [
            {"name": one.name, **_suspended(withheld[one.sha256], offices)} for one in shown if one.sha256 in withheld
        ],
    }


def _signature(one: Mapping[str, str], offices: Mapping[str, str]) -> Told:
    return {"key": one["key"], "organization": offices.get(one["organization"], ""), "time": one["time"]}


def _suspended(one: Any, offices: Mapping[str, str]) -> Told:
    return {"since": one.created.isoformat(), "office": offices.get(one.organization_id, ""), "reason": one.reason}


def covering(row: Any, off: Sequence[Any]) -> Any | None:
    """The suspension that takes this version off, that of the whole dataset first."""
    whole = (one for one in off if Scope(one.scope) is Scope.DATASET)
    own = (one for one in off if Scope(one.scope) is Scope.VERSION and one.version == row.version)
    return next(whole, None) or next(own, None)


def _file(row: Any, one: Any) -> Told:
    kept = ("name", "format", "mimetype", "size", "sha256")
    return {name: getattr(one, name) for name in kept} | {
        "url": datasets.address(row.dataset_name, row.version, one.name)
    }


# suspensions

LISTED = """
SELECT suspension.*, EXISTS (
        SELECT FROM anshan_release_release AS release JOIN anshan_release_file AS file ON release_id = release.id
        WHERE release.dataset_id = suspension.dataset_id AND file.name = file_name
            AND opening_class = 'unconditional' AND published IS NOT NULL
    ) AS is_file_public, head.title, head.opening_class, head.keeps_versions, count(*) OVER () AS number
FROM anshan_release_suspension AS suspension
JOIN LATERAL (
    SELECT release.metadata->>'title' AS title, opening_class, keeps_versions
    FROM anshan_release_release AS release
    WHERE release.dataset_id = suspension.dataset_id AND published IS NOT NULL
    ORDER BY state = 'published' DESC, state <> 'lapsed' DESC, version DESC LIMIT 1
) AS head ON true
WHERE (:id = '' OR suspension.dataset_id = :id OR suspension.dataset_name = :id OR suspension.id = :id)
    AND (:all OR lifted IS NULL) AND (:is_office OR head.opening_class <> 'closed' OR head.keeps_versions)
ORDER BY suspension.created DESC, suspension.id LIMIT :limit OFFSET :offset
"""


def suspensions(by: Person, given: Mapping[str, Any]) -> Told:
    """As ``anshan_suspension_list`` gives them; the offices also learn who."""
    asked = {name: given[name] for name in ("id", "all", "limit", "offset")}
    rows = list(run(sa.text(LISTED), {**asked, "is_office": bool(by.offices)}))
    agreed = model.lifts_of([row.id for row in rows])
    offices = titles([one.organization_id for one in (*rows, *(lift for each in agreed.values() for lift in each))])
    told = [_suspension(row, agreed[row.id], offices, bool(by.offices)) for row in rows]
    if by.offices:
        people = names([one.user_id for one in (*rows, *(lift for each in agreed.values() for lift in each))])
        told = [one | _inner(row, agreed[row.id], people, by) for one, row in zip(told, rows, strict=True)]
    may_suspend = rules.may_suspend(by.offices)
    return {"count": rows[0].number if rows else 0, "suspensions": told, "may_suspend": may_suspend}


def _suspension(row: Any, agreed: Sequence[Any], offices: Mapping[str, str], is_office: bool) -> Told:
    return {
        "id": row.id,
        "dataset_id": row.dataset_id,
        "name": row.dataset_name,
        "title": row.title,
        "scope": row.scope,
        "version": row.version,
        "file": row.file_name if is_office or row.is_file_public else "",
        "since": row.created.isoformat(),
        "lifted": row.lifted.isoformat() if row.lifted else None,
        "office": offices.get(row.organization_id, ""),
        "reason": row.reason,
        "lifts": [
            {
                "office": one.office,
                "organization": offices.get(one.organization_id, ""),
                "time": one.created.isoformat(),
            }
            for one in agreed
        ],
    }


def _inner(row: Any, agreed: Sequence[Any], people: Mapping[str, str], by: Person) -> Told:
    may_lift = row.lifted is None and isinstance(
        rules.decide_lift(lifts(agreed), by.id, by.offices, "asked"), rules.Lift
    )
    return {
        "by": people.get(row.user_id, ""),
        "sha256": row.sha256,
        "agreed": [{"office": one.office, "by": people.get(one.user_id, ""), "reason": one.reason} for one in agreed],
        "may_lift": may_lift,
    }


# what is no longer there


def status(dataset: str) -> Told | None:
    """Whether a dataset is public, and why it isn't any more; nothing where everybody could never see it.

    :param dataset: its id or name
    """
    head = model.head_of(dataset)
    if head is None or not is_told(head):
        return None
    agency = ckan_model.Group.get(head.metadata["owner_org"])
    return {
        "dataset_id": head.dataset_id,
        "name": head.dataset_name,
        "title": head.metadata["title"],
        "state": "closed" if _is_closed(head) else head.state,
        "version": head.version,
        "release_date": head.release_date.isoformat(),
        "agency": (agency.title or agency.name) if agency else "",
        "agency_name": agency.name if agency and agency.state == "active" else "",
        "left": [one for one in releases(head) if one["files"]],
        **_why(head),
    }


def _is_closed(head: Any) -> bool:
    return State(head.state) is State.PUBLISHED and OpeningClass(head.opening_class) not in HAS_DATASET


def _why(head: Any) -> Told:
    if State(head.state) is State.SUSPENDED:
        found = covering(head, model.suspensions([head.dataset_id]))
        return (
            _reason(found, titles([found.organization_id]).get(found.organization_id, "")) if found else _reason(None)
        )
    if State(head.state) is State.RETIRED:
        return _reason(model.retirement_of(head.dataset_id))
    return _reason(None)


def _reason(row: Any, office: str = "") -> Told:
    return {
        "since": row.created.isoformat() if row is not None else None,
        "office": office,
        "reason": row.reason if row is not None else "",
        "article": getattr(row, "article", ""),
    }


def of_retirement(dataset_id: str) -> Told:
    return _reason(model.retirement_of(dataset_id))


def of_file(dataset_id: str, version: int, sha256: str) -> Told | None:
    """Why a file is suspended: since when, by which office, for which reason."""
    off = model.suspensions([dataset_id])
    whole = [one for one in off if Scope(one.scope) is Scope.DATASET]
    own = [one for one in off if Scope(one.scope) is Scope.VERSION and one.version == version]
    itself = [one for one in off if Scope(one.scope) is Scope.FILE and one.sha256 == sha256]
    found = next(iter([*whole, *own, *itself]), None)
    return _reason(found, titles([found.organization_id]).get(found.organization_id, "")) if found else None
