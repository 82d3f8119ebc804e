"""A download of what was granted: decided, on record before the first byte, decided again while it runs."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import quote

from ckan import model
from flask import Response, request, stream_with_context

from ..release import files
from . import counting, deliveries, delivering, querying, tokens, using
from .asking import never_kept
from .deliveries import BROKEN, WHOLE, Handed
from .delivering import FORMATS, Delivery
from .rules import Allowed, Method, Refusal, Use
from .using import Caller, Facts

log = logging.getLogger(__name__)

SUFFIXES = {made.suffix: format for format, made in FORMATS.items()}
AS_IT_IS = "file"  # what is handed out whole has its own format
UNSAFE = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class Asked:
    """``path``: name of a file, or of a table with the suffix of a format: 企业.csv, 企业.csv.parquet."""

    number: str
    dataset: str
    path: str
    sheet: str = ""

    def named(self) -> list[tuple[str, str]]:
        """What the path may mean: a file as it is or in its own format, or a table in another one."""
        table, dot, suffix = self.path.rpartition(".")
        format = SUFFIXES.get(f".{suffix.lower()}") if dot else None
        return [(self.path, "")] + ([(table, format)] if format else [])


def hand_out(caller: Caller, asked: Asked) -> Response | Refusal:
    never_kept()
    file, format, decision, facts = _decided(caller, asked)
    if isinstance(decision, Refusal) or facts is None or facts.file is None:
        return _refused(decision if isinstance(decision, Refusal) else Refusal("no_grant"), facts)
    running = _Running(caller, asked, Use(Method.DOWNLOAD, file), _handed(facts, decision, format))
    try:
        made = running.made(decision, asked.sheet)
    except (files.Damaged, files.Missing):
        return Refusal("damaged")
    return _refused(made, facts) if isinstance(made, Refusal) else running.answer(made)


def _decided(caller: Caller, asked: Asked) -> tuple[str, str, Allowed | Refusal, Facts | None]:
    """The first meaning of the path that is there; where none is, what stands against the first."""
    meant = [_meant(caller, asked, file, format) for file, format in asked.named()]
    return next((one for one in meant if one[3] is not None and one[3].file is not None), meant[0])


def _meant(caller: Caller, asked: Asked, file: str, format: str) -> tuple[str, str, Allowed | Refusal, Facts | None]:
    decision, facts = using.ask(caller, asked.number, asked.dataset, Use(Method.DOWNLOAD, file))
    if facts is not None and facts.file is not None and file in facts.now.tables:
        format = format or facts.file.format
    return file, format, decision, facts


def _refused(refusal: Refusal, facts: Facts | None) -> Refusal:
    if facts is not None and facts.now.holds:
        counting.refused(facts.row.id, Method.DOWNLOAD)
    return refusal


def _handed(facts: Facts, allowed: Allowed, format: str) -> Handed:
    return Handed(facts, Method.DOWNLOAD, format or AS_IT_IS, sorted(allowed.columns))


class _Running:
    """A download under way."""

    def __init__(self, caller: Caller, asked: Asked, use: Use, handed: Handed) -> None:
        self.caller, self.asked, self.use, self.handed = caller, asked, use, handed
        self.id, self.against = 0, ""

    def made(self, allowed: Allowed, sheet: str) -> Delivery | Refusal:
        facts = self.handed.facts
        file = facts.file
        assert file is not None
        if allowed.is_whole:
            return delivering.stream_whole(file.sha256, file.size, file.mimetype, self.still, self.done)
        scope = facts.scope(allowed, sheet)
        made = delivering.stream(scope, self.handed.format, facts.row.mark, self.still, self.done)
        rows = made if isinstance(made, Refusal) else querying.held(scope)
        if isinstance(rows, Refusal):
            return rows
        self.handed = replace(self.handed, rows=rows)
        return made

    def still(self) -> Refusal | None:
        """Why it may not go on: asked anew of the database, on which nothing is left open meanwhile."""
        try:
            decision = self._decide()
        finally:
            model.Session.rollback()
        self.against = decision.code if isinstance(decision, Refusal) else ""
        return decision if isinstance(decision, Refusal) else None

    def _decide(self) -> Allowed | Refusal:
        if not tokens.is_good(self.caller):
            return Refusal("bad_token")
        return using.ask(self.caller, self.asked.number, self.asked.dataset, self.use)[0]

    def done(self, sha256: str, size: int, complete: bool) -> None:
        ended = WHOLE if complete else self.against or BROKEN
        try:
            deliveries.end(self.id, self.handed, ended, sha256, size)
        except Exception:
            model.Session.rollback()
            log.exception("how the delivery %s ended (%s) could not be recorded", self.id, ended)

    def answer(self, made: Delivery) -> Response:
        """What is only looked at, without its bytes, is no delivery."""
        if request.method == "HEAD":
            return _answer(made, None, self._name(made))
        self.id = deliveries.begin(self.handed)
        return _answer(made, stream_with_context(made.bytes), self._name(made))

    def _name(self, made: Delivery) -> str:
        """Of the file that is saved, with the number that it was granted under and the suffix of its format."""
        path = PurePosixPath(self.use.file)
        suffix = made.suffix or path.suffix
        return f"{path.stem}-{self.handed.facts.row.number}{suffix}"


def _answer(made: Delivery, parts: object, name: str) -> Response:
    answer = Response(parts or b"", content_type=made.mimetype)  # pyright: ignore[reportArgumentType]
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = UNSAFE
    if parts is None:
        answer.headers.pop("Content-Length", None)  # nobody knows it before
    return answer
