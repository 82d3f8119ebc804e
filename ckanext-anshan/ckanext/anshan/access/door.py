"""The one door for bytes: asks ``rules.decide``, checks the vault, hands out the file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from flask import Response, request, send_file

from ..audit import recording
from ..audit.events import Event, Object
from ..people import roles
from ..release import files
from ..release.files import Found
from . import downloads
from .rules import VISITOR, Actor, File, Granted, Refusal, Release, decide

log = logging.getLogger(__name__)

Opened = Callable[[bytes], bytes]
WHY_KNOWN = ("suspended", "retired")  # somebody gave a reason, which is told
UNSAFE = "default-src 'none'; sandbox"


def released(dataset: str, version: int, name: str) -> Response | Refusal:
    """A file of a version, or why not."""
    found = files.released(dataset, version, name)
    decision = _decide_released(found)
    if isinstance(decision, Refusal) or found is None:
        return decision if isinstance(decision, Refusal) else Refusal("no_such_file")
    about = Object("dataset", found.dataset_id)
    return _recorded(_hand_out(found, about), found, decision, about)


def latest(dataset: str, name: str) -> str | Refusal:
    """The address of a file in the published version, or why not."""
    found = files.released(dataset, None, name)
    decision = _decide_released(found)
    if isinstance(decision, Refusal) or found is None:
        return decision if isinstance(decision, Refusal) else Refusal("no_such_file")
    return found.address


def working(resource_id: str) -> Response | Refusal:
    """A file of an entry, for those who work on it or review it."""
    found = files.working(resource_id)
    decision = decide(actor(), None, _file(found))
    if isinstance(decision, Refusal) or found is None:
        return Refusal("no_such_file")
    about = Object("entry", found.entry_id)
    return _recorded(_hand_out(found, about), found, decision, about)


def private(found: Found, about: Object, reviews: bool = False, opened: Opened | None = None) -> Response | Refusal:
    """A file that was submitted or is attached to a review, for those who review it or work for its agency.

    :param found: ``agency`` empty: for those who review it alone · :param about: what the log says it is of
    :param reviews: whether the review has the reader among its reviewers
    :param opened: the file itself, of bytes that are kept locked
    """
    decision = decide(replace(actor(), reviews=reviews), None, _file(found))
    if isinstance(decision, Refusal):
        return decision
    return _recorded(_hand_out(found, about, opened), found, decision, about)


def is_working(resource_id: str) -> bool:
    return files.working(resource_id) is not None


def address_of(resource_id: str) -> str | None:
    """Where the file of a dataset's resource is handed out."""
    return files.address_of(resource_id)


def actor() -> Actor:
    """Who asks, with their roles and agencies."""
    user = tk.current_user
    if user.is_anonymous:
        return VISITOR
    found = frozenset(role.value for role in roles.roles_of(user))
    return Actor(found, frozenset(each.org_id for each in roles.agencies_of(user)))


def _decide_released(found: Found | None) -> Granted | Refusal:
    if found is None:
        return Refusal("no_such_file")
    decision = decide(actor(), Release.of(found), _file(found))
    if isinstance(decision, Refusal) and decision.code in WHY_KNOWN:
        return Refusal(decision.code, files.why_not(found))
    return decision


def _file(found: Found | None) -> File | None:
    return File(found.sha256, found.size, found.agency) if found and found.sha256 else None


def _hand_out(found: Found, about: Object, opened: Opened | None = None) -> Response | Refusal:
    try:
        files.check_found(found)
    except (files.Damaged, files.Missing) as error:
        return _damaged(found, about, type(error).__name__.lower())
    if opened:
        answer = _answer(found, opened(b"".join(_bytes(found.sha256))))
    else:
        answer = _from_disk(found) or _from_elsewhere(found)
        answer.headers["X-Content-SHA256"] = found.sha256
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = UNSAFE
    answer.headers["Content-Type"] = _type(found)
    request.environ["__no_cache__"] = True  # private: a class may change; an unchanged file costs a 304
    return answer


def _damaged(found: Found, about: Object, problem: str) -> Refusal:
    """Said in the log file and on record, and told by the alarm until the file is whole again."""
    log.error("the vault's %s (%s) is %s", found.sha256, found.name, problem)
    facts = {"file": found.name, "sha256": found.sha256, "version": found.version or None, "problem": problem}
    told = {name: value for name, value in facts.items() if value is not None}
    recording.refused("file.damaged", code="damaged", facts=told, about=about, action="door")
    files.is_damaged(found, problem)
    return Refusal("damaged")


def _type(found: Found) -> str:
    """Without a charset: the bytes are as the agency wrote them, GB18030 as often as UTF-8."""
    return found.mimetype or "application/octet-stream"


def _from_disk(found: Found) -> Response | None:
    """Ranges and conditions are answered by Flask, from the file itself."""
    here = files.path(found.sha256)
    if here is None:
        return None
    return send_file(here, _type(found), as_attachment=True, download_name=found.name, etag=found.sha256)


def _from_elsewhere(found: Found) -> Response:
    """The same from a vault that has no paths: a range is cut out of what is read."""
    answer = _answer(found, _bytes(found.sha256))
    answer.content_length = found.size
    answer.set_etag(found.sha256)
    answer.make_conditional(request, accept_ranges=True, complete_length=found.size)
    return answer


def _answer(found: Found, content: bytes | Iterator[bytes]) -> Response:
    answer = Response(content, mimetype=_type(found))
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return answer


def _bytes(sha256: str) -> Iterator[bytes]:
    """Asked for when they are sent: not for a reader who has them, nor for one who wants the headers alone."""
    yield from files.chunks(files.read(sha256))


def _recorded(answer: Response | Refusal, found: Found, decision: Granted, about: Object) -> Response | Refusal:
    """The answer; that its bytes go out is on record before they do. Downloads are counted from there."""
    if isinstance(answer, Response) and request.method == "GET" and answer.status_code in (200, 206):
        facts: dict[str, Any] = {
            "file": found.name,
            "sha256": found.sha256,
            "bytes": answer.content_length or found.size,
            "version": found.version or None,
            "range": answer.headers.get("Content-Range"),
            downloads.FACT: about.type == "dataset" and _is_download(answer),
        }
        told = {name: value for name, value in facts.items() if value is not None and value is not False}
        recording.happened(Event("file.handed_out", object=about, action="door", code=decision.reason, facts=told))
    return answer


def _is_download(answer: Response) -> bool:
    """Whether the file is fetched from its beginning, and not by a preview; its later parts are the same download."""
    if "preview" in request.args:
        return False
    return answer.status_code == 200 or str(answer.headers.get("Content-Range", "")).startswith("bytes 0-")
