"""What a dataset stands for just now, with its conditions and its files: what applications and grants are about.

Whatever its class: what is closed to the public may be shared between agencies. Nothing of this is for the public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .model import files_of, run, suspensions
from .rules import Scope, sharing_now

OFFERS = sa.text("""
SELECT DISTINCT ON (dataset_id) release.*, CASE WHEN entry.id IS NOT NULL THEN jsonb_build_object(
    'sharing_class', entry.extras->>'sharing_class', 'information_items', entry.extras->>'information_items'
) END AS stated FROM anshan_release_release AS release
LEFT JOIN package AS entry ON entry.id = entry_id AND entry.state = 'active'
WHERE (dataset_id = ANY(:keys) OR dataset_name = ANY(:keys)) AND published IS NOT NULL
ORDER BY dataset_id, release.state = 'published' DESC, release.state <> 'lapsed' DESC, release.version DESC
""")


@dataclass(frozen=True)
class OfferedFile:
    name: str
    sha256: str
    size: int
    format: str
    mimetype: str
    is_suspended: bool  # these bytes, in whichever version


@dataclass(frozen=True)
class Offer:
    """The version that a dataset stands for: the published one, or what became of the newest."""

    dataset_id: str
    name: str
    title: str
    entry_id: str
    agency: str  # id of the organization that provides it
    version: int
    state: str  # rules.State
    opening_class: str
    is_suspended: bool  # the dataset or this version
    metadata: Mapping[str, Any]
    approved_sharing: Mapping[str, Any]  # rules.sharing_terms of this version
    stated: Mapping[str, str] | None  # what its entry says of that now; none: it is gone
    files: tuple[OfferedFile, ...]

    @property
    def sharing(self) -> Mapping[str, Any]:
        """What agencies may have of it now."""
        return sharing_now(self.approved_sharing, self.stated)

    def file(self, name: str) -> OfferedFile | None:
        return next((one for one in self.files if one.name == name), None)


def offers(keys: Sequence[str]) -> dict[str, Offer]:
    """Of each of these datasets (id or name), by what it was asked for; three statements for all of them."""
    rows = list(run(OFFERS, {"keys": list(keys)})) if keys else []
    files = files_of([row.id for row in rows]) if rows else {}
    off: dict[str, list[Any]] = {}
    for one in suspensions([row.dataset_id for row in rows]):
        off.setdefault(one.dataset_id, []).append(one)
    made = [_offer(row, files[row.id], off.get(row.dataset_id, ())) for row in rows]
    return {key: one for one in made for key in (one.dataset_id, one.name) if key in set(keys)}


def offer(key: str) -> Offer | None:
    return offers([key]).get(key)


def _offer(row: Any, files: Sequence[Any], off: Sequence[Any]) -> Offer:
    withheld = {one.sha256 for one in off if Scope(one.scope) is Scope.FILE}
    is_off = any(_covers(one, row.version) for one in off)
    return Offer(
        dataset_id=row.dataset_id,
        name=row.dataset_name,
        title=row.metadata["title"],
        entry_id=row.entry_id,
        agency=row.metadata["owner_org"],
        version=row.version,
        state=row.state,
        opening_class=row.opening_class,
        is_suspended=is_off or row.state == "suspended",
        metadata=row.metadata,
        approved_sharing=row.sharing,
        stated=row.stated,
        files=tuple(
            OfferedFile(one.name, one.sha256, one.size, one.format, one.mimetype, one.sha256 in withheld)
            for one in files
        ),
    )


def _covers(suspension: Any, version: int) -> bool:
    scope = Scope(suspension.scope)
    return scope is Scope.DATASET or (scope is Scope.VERSION and suspension.version == version)
