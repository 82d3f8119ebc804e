"""Begins the log anew under another key, after a disaster that lost events or the key itself.

Checkpoints that others kept reach beyond what is left, and no key may sign two histories. So the key is given up, and
another one signs from here on: the same tree, under a new name. Which key was given up over how many events, how many
were known and why stands in an event under the new key's first checkpoint. What is to be done is written down first,
and each step may be done again: killed anywhere, the next run of the command finishes it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from ..local import files
from . import elsewhere, events, notes, stored, witnesses
from .events import Event, Object
from .notes import Signer
from .offline import EMPTY_ROOT, Key, NoteError, parse_note
from .sealing import Refused, Sealer
from .witnesses import Asked, Witness

PATIENCE = 10.0  # seconds in which a sealer that refuses to work lets go of the log
FILE = "beginning.json"  # what is to be done, until it is
IS_RECORDED = "SELECT FROM anshan_audit_event WHERE id = %s AND at = %s"
SEEN = "SELECT coalesce(max(size), 0) FROM anshan_audit_witness"
NOTHING_SEEN = "UPDATE anshan_audit_witness SET size = 0"  # of the new log


@dataclass(frozen=True)
class Plan:
    """What is to be done, decided once."""

    private: str = field(repr=False)  # the new key
    formers: list[str]  # every key that the log has had, oldest first
    size: int  # of the last checkpoint that is left
    root: str
    handovers: list[dict[str, Any]]  # id, at and facts of each event

    @property
    def lost(self) -> int:
        """How many events, as far as anybody remembers."""
        return max((one["facts"]["known"] - self.size for one in self.handovers), default=0)


def begin(folder: Path, config: Mapping[str, str], reason: str, formers: Sequence[str] = ()) -> Plan:
    """Give the key up and go on under another one, or finish what an earlier run began.

    :param config: the sealer's · :param reason: stands in the log for everybody
    :param formers: public keys that signed this log and aren't here any more
    :raises Refused: a sealer is at work on this database; nobody here knows the key that signed last
    :raises NoteError: a key has another form · :raises WitnessError: ``witnesses.json`` can't be read
    """
    path = folder / FILE
    private = _load(path).private if path.exists() else notes.generate(f"anshan-audit-{secrets.token_hex(4)}")[0]
    memory, signer = folder / "memory.json", Signer.parse(private)
    with closing(Sealer(config["database"], signer, config["writer_key"].encode(), memory)) as sealer:
        sealer.alone(PATIENCE)
        beginning = Beginning(folder, Path(config["verifier_key_file"]), sealer, private)
        plan = beginning.plan(reason, formers)
        for step in STEPS:
            step(beginning, plan)
    return plan


def _load(path: Path) -> Plan:
    return Plan(**json.loads(path.read_text("utf-8")))


@dataclass(frozen=True)
class Beginning:
    """The steps; each leaves the same when it is done twice."""

    folder: Path
    key_file: Path  # of the public key
    sealer: Sealer  # the only one at work, with the new key
    private: str = field(repr=False)

    def plan(self, reason: str, formers: Sequence[str] = ()) -> Plan:
        """What an earlier run decided, if the log is still as it was then; else decide, and write it down."""
        path, last = self.folder / FILE, stored.last(self._ask)
        earlier = _load(path) if path.exists() else None
        if earlier and self._still_fits(earlier, last):
            return earlier
        told = self.sealer.handovers()
        known = self._known_keys([*formers, *(notes.vkey(key) for one in told for key in (one.former, one.new))])
        _need_signed(last, known)
        given_up = {one.former for one in told}
        seen = self._remembered(last, [key for key in known if key not in given_up], earlier)
        size, root = (last.size, last.root) if last else (0, EMPTY_ROOT)
        common = {"new": self.sealer.signer.vkey, "size": size, "root": root.hex(), "reason": reason}
        handovers = [_handover(common | {"former": one, "known": max(size, count)}) for one, count in seen.items()]
        plan = Plan(self.private, [notes.vkey(key) for key in known], size, root.hex(), handovers)
        files.write_json(path, vars(plan))
        return plan

    def keep_old(self, plan: Plan) -> None:
        """The old private key stays beside the new one."""
        key = self.folder / "key"
        if key.exists() and (text := key.read_text("utf-8")).strip() != plan.private:
            files.write(self.folder / f"key.{Signer.parse(text).key.id.hex()}", text)

    def list_former(self, plan: Plan) -> None:
        files.write(self.key_file.with_name(notes.FORMER), "".join(f"{one}\n" for one in plan.formers), 0o644)

    def record(self, plan: Plan) -> None:
        """One event for each key that is given up; under the new key the witnesses have seen nothing."""
        with self.sealer.connection.cursor() as cursor:
            for one in plan.handovers:
                _record(cursor, one, self.sealer.writer_key)
            cursor.execute(NOTHING_SEEN)
        self.sealer.connection.commit()

    def switch(self, plan: Plan) -> None:
        """The new key takes the place of the old one, and remembers what is left."""
        if plan.size:
            files.write_json(self.sealer.memory, {"size": plan.size, "root": plan.root})
        else:
            self.sealer.memory.unlink(missing_ok=True)
        files.write(self.folder / "key", plan.private + "\n")
        files.write(self.key_file, self.sealer.signer.vkey + "\n", 0o644)

    def seal(self, plan: Plan) -> None:
        """What was recorded stands under the new key's first checkpoint."""
        self.sealer.formers = [Key.parse(one) for one in plan.formers]
        self.sealer.compare()
        self.sealer.connection.rollback()
        self.sealer.seal()

    def done(self, plan: Plan) -> None:
        (self.folder / FILE).unlink(missing_ok=True)

    @property
    def _ask(self) -> stored.Ask:
        return stored.asking(self.sealer.connection)

    def _still_fits(self, plan: Plan, last: stored.Sealed | None) -> bool:
        if any(self._ask(IS_RECORDED, (one["id"], one["at"])) for one in plan.handovers):
            return True
        return (plan.size, plan.root) == ((last.size, last.root.hex()) if last else (0, EMPTY_ROOT.hex()))

    def _known_keys(self, more: Iterable[str]) -> list[Key]:
        """Public keys of this log but the new one, oldest first, each once."""
        found = [*notes.formers(self.key_file), *more]
        if self.key_file.exists():
            found.append(self.key_file.read_text("utf-8"))
        if (key := self.folder / "key").exists():
            found.append(Signer.parse(key.read_text("utf-8")).vkey)
        keys = dict.fromkeys(map(Key.parse, found))
        keys.pop(self.sealer.signer.key, None)
        return list(keys)

    def _remembered(self, last: stored.Sealed | None, keys: Sequence[Key], earlier: Plan | None) -> dict[str, int]:
        """Of each key how many events anybody remembers to have seen under it, or did when an earlier run asked."""
        listed, kept = witnesses.load(self.folder / witnesses.FILE), []
        for one in listed:
            if one.kind == "file":
                with suppress(OSError):
                    kept += elsewhere.tail(one.path)
        if self.sealer.memory.exists():
            kept.append(json.loads(self.sealer.memory.read_text("utf-8")).get("note", ""))
        found = {key: newest.size if (newest := elsewhere.newest_of(kept, key)) else 0 for key in keys}
        if last and (signed := _signer_of(last, keys)):
            asked = Asked(last, last.size, stored.reader(self._ask))
            sizes = [self._seen(one, asked, signed) for one in listed]
            found[signed] = max(found[signed], self._ask(SEEN, ())[0][0], *sizes)
        for one in earlier.handovers if earlier else ():
            key = Key.parse(one["facts"]["former"])
            found[key] = max(found.get(key, 0), one["facts"]["known"])
        return {notes.vkey(key): size for key, size in found.items()}

    def _seen(self, witness: Witness, asked: Asked, key: Key) -> int:
        try:
            return elsewhere.seen(witness, asked, key)
        except (elsewhere.Unknown, Refused):
            return 0


STEPS = (
    Beginning.keep_old,
    Beginning.list_former,
    Beginning.record,
    Beginning.switch,
    Beginning.seal,
    Beginning.done,
)


def _need_signed(last: stored.Sealed | None, known: Sequence[Key]) -> None:
    if not last and not known:
        raise Refused("no key has signed this log yet: there is nothing to give up")
    if last and _signer_of(last, known) is None:
        raise Refused(
            "nobody here knows the public key that signed the newest checkpoint, "
            f"{last.note.splitlines()[0]}: name it with --former, as it stood on the page /audit/about"
        )


def _signer_of(last: stored.Sealed, keys: Sequence[Key]) -> Key | None:
    note = parse_note(last.note)
    for key in keys:
        with suppress(NoteError):
            key.verify(note)
            return key
    return None


def _handover(facts: Mapping[str, Any]) -> dict[str, Any]:
    at = events.now()
    return {"id": str(events.new_id(at)), "at": at.isoformat(), "facts": facts}


def _record(cursor: Any, handover: Mapping[str, Any], writer_key: bytes) -> None:
    about = Object("log", handover["facts"]["former"].partition("+")[0])
    event = Event("log.begun_anew", object=about, action="begin", facts=handover["facts"])
    at = datetime.fromisoformat(handover["at"])
    stored.record(cursor, event, "console", writer_key, at, UUID(handover["id"]))
