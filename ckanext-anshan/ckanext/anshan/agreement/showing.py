"""What the page of an agreement shows: the text in both languages, how it stands, who signed it and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckan.lib.helpers import lang

from . import wording
from .rules import Signature, Standing, State, code_of, hash_of, standing_of

STAMPED = frozenset({State.SUSPENDED, State.REVOKED, State.ENDED, State.VOID})
LATE = frozenset({State.SUSPENDED, State.REVOKED})


def page(document: Mapping[str, Any], signatures: Sequence[Signature], state: Standing | None = None) -> dict[str, Any]:
    """Facts of ``agreement/document.html``; by its signatures alone where ``state`` isn't given."""
    standing, own = state or standing_of(document, signatures), hash_of(document)
    text = {name: document[name] for name in ("number", "title", "note", "preamble", "clauses", "schedules")}
    return {
        **text,
        "hash": own,
        "code": code_of(own, document["number"]),
        "state": standing.state.value,
        "mark": wording.MARKS[standing.state],
        "standing": wording.standing(standing),
        "is_in_force": standing.state is State.IN_FORCE,
        "is_stamped": standing.state in STAMPED,
        "is_late": standing.state in LATE,
        "signatures": wording.signature_rows(document, signatures),
        "is_translated": not str(lang()).startswith("zh"),
    }
