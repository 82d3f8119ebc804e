"""What was released and may be shared between agencies, whatever its opening class: for the catalogue that they read.

The terms are those that were approved with the version; the provider (art. 20) closes by an edit at once, and opens
with the next version, as in ``rules.sharing_now``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from .model import run

CLASS = """
CASE WHEN (release.sharing->>'sharing_class', entry.extras->>'sharing_class') = ('unconditional', 'unconditional')
    THEN 'unconditional'
WHEN release.sharing->>'sharing_class' IN ('unconditional', 'conditional')
    AND entry.extras->>'sharing_class' IN ('unconditional', 'conditional')
    THEN 'conditional'
ELSE 'closed' END
"""
ITEMS = """
jsonb_path_query_array(release.sharing, '$.information_items[*] ? (!(@.sharing_class == "closed")).name')
"""
SHARED = f"""
FROM (
    SELECT release.dataset_id, dataset_name AS name, release.metadata->>'title' AS title,
        release.metadata->>'notes' AS notes, release.metadata->>'owner_org' AS agency, release.version, release_date,
        {CLASS} AS sharing_class, release.sharing AS terms,
        CASE WHEN {CLASS} = 'closed' THEN release.metadata->>'title' ELSE
            concat_ws(' ', release.metadata->>'title', release.metadata->>'notes', {ITEMS})
        END AS words
    FROM anshan_release_release AS release
    JOIN package AS entry ON entry.id = release.entry_id AND entry.state = 'active'
    WHERE release.state = 'published' AND NOT EXISTS (
        SELECT FROM anshan_release_suspension AS off
        WHERE off.dataset_id = release.dataset_id AND off.lifted IS NULL
            AND (off.scope = 'dataset' OR (off.scope = 'version' AND off.version = release.version))
    )
) AS shared
"""
CHOSEN = """
WHERE words ILIKE ALL (:words) AND (:agency = '' OR agency = :agency)
    AND (:sharing_class = '' OR sharing_class = :sharing_class)
"""
FIND = sa.text(f"""
SELECT shared.*, count(*) OVER () AS total {SHARED} {CHOSEN}
ORDER BY sharing_class = 'closed', title, dataset_id LIMIT :limit OFFSET :offset
""")
COUNT = sa.text(f"SELECT count(*) {SHARED} {CHOSEN}")
COUNTS = sa.text(f"SELECT agency, sharing_class, count(*) AS number {SHARED} GROUP BY 1, 2")


def find(words: str, agency: str, sharing_class: str, limit: int, offset: int) -> tuple[list[Any], int]:
    """What fits, by title, what isn't shared last; and how much there is in all.

    What isn't shared is found by its title alone.

    :param agency: id of the provider · :param sharing_class: empty ones choose nothing
    """
    chosen = {"words": [f"%{_escaped(one)}%" for one in words.split()[:10]], "agency": agency}
    chosen |= {"sharing_class": sharing_class}
    rows = list(run(FIND, {**chosen, "limit": limit, "offset": offset}))
    return rows, rows[0].total if rows else run(COUNT, chosen).scalar_one()


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def counts() -> Sequence[Any]:
    """How many there are of each ``agency`` and ``sharing_class``."""
    return list(run(COUNTS))
