"""A log in memory, which a test doctors before it is written as the export that ``offline.py`` reads."""

from __future__ import annotations

import gzip
import hmac
import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from ckanext.anshan.audit import notes, offline, tree

NAME = "data.example/audit"
START = datetime(2026, 11, 29, 9, 0, tzinfo=timezone.utc)
PRIVATE_KEY = bytes(range(32))  # of what one event commits to


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(state: str) -> str:
    return sha256(state.encode()).hexdigest() if state else ""


class Log:
    """Events happen a second apart. ``leaves`` is what the table of leaves holds, ``bodies`` the table of events."""

    def __init__(self, name: str = NAME) -> None:
        self.name = name
        private, self.vkey = notes.generate(name)
        self.signer = notes.Signer.parse(private)
        self.key = self.signer.key
        self.bodies: list[bytes] = []
        self.leaves: list[bytes] = []
        self.pending: list[bytes] = []
        self.checkpoints: list[dict[str, str]] = []
        self.objects: dict[str, str] = {}  # state by id; all are entries
        self.versions: dict[str, int] = {}
        self.trimmed: dict[str, Any] | None = None
        self.archives: dict[str, bytes] = {}  # by the name of the file
        self.changes: dict[str, Any] = {}  # to the manifest
        self.happened = 0

    def now(self) -> str:
        return (START + timedelta(seconds=self.happened)).isoformat()

    def body(self, object: dict[str, Any] | None = None, **more: Any) -> bytes:
        self.happened += 1
        private = hmac.digest(PRIVATE_KEY, b'{"reason":"private"}', "sha256").hex()
        event = {
            "at": self.now(),
            "by": {"organization": "", "person": str(uuid.uuid4()), "private": private, "role": "publisher"},
            "id": str(uuid.uuid4()),
            "kind": "entry.changed",
            "outcome": "done",
            "v": 1,
        }
        return canonical(event | ({"object": object} if object else {}) | more).encode()

    def change(self, id: str, state: str) -> bytes:
        """An object becomes this, "" for nothing; gives the event, which has no position yet."""
        was = digest(self.objects.get(id, ""))
        version = self.versions[id] = self.versions.get(id, 0) + 1
        self.objects[id] = state
        if not state:
            del self.objects[id]
        return self.body({"type": "entry", "id": id, "version": version, "was": was, "state": digest(state)})

    def look(self, id: str) -> bytes:
        return self.body({"type": "entry", "id": id}, kind="file.downloaded")

    def add(self, *bodies: bytes) -> None:
        """Give them positions."""
        for body in bodies:
            self.bodies.append(body)
            self.leaves.append(tree.leaf_hash(body))

    def seal(self, signer: notes.Signer | None = None, **other: Any) -> dict[str, str]:
        """Sign the tree as it is, or another size, root, origin or time."""
        given = {
            "size": len(self.leaves),
            "root": tree.root(self.leaves),
            "origin": self.name,
            "at": self.now(),
        } | other
        text = notes.checkpoint(given["origin"], given["size"], given["root"])
        sealed = {"at": given["at"], "note": (signer or self.signer).sign(text)}
        self.checkpoints.append(sealed)
        return sealed

    def lose(self, number: int) -> list[dict[str, str]]:
        """As a backup has it: the last events are gone, with the checkpoints over them, which are given."""
        del self.bodies[-number:], self.leaves[-number:]
        gone = [one for one in self.checkpoints if size_of(one) > len(self.leaves)]
        self.checkpoints = [one for one in self.checkpoints if one not in gone]
        return gone

    def change_keys(self) -> notes.Signer:
        """Another name and key; gives the former one."""
        former = self.signer
        self.name = f"{NAME}/{former.key.id.hex()}"
        private, self.vkey = notes.generate(self.name)
        self.signer = notes.Signer.parse(private)
        self.key = self.signer.key
        return former

    def begin_anew(self, **other: Any) -> notes.Signer:
        """Go on under another key, record that, and seal it; gives the former key."""
        former = self.change_keys()
        self.add(self.handover(former, **other))
        self.seal()
        return former

    def handover(self, former: notes.Signer, /, **other: Any) -> bytes:
        """The event by which the key is given up over what is sealed now."""
        last = offline.parse_checkpoint(self.checkpoints[-1]["note"])
        facts = {"former": former.vkey, "new": self.vkey, "size": last.size, "root": last.root.hex()}
        facts |= {"known": last.size, "reason": "the disk burnt"} | other
        return self.body({"type": "log", "id": former.key.name}, kind="log.begun_anew", facts=facts)

    def trim(self, before: int, archives: Iterable[tuple[int, int]]) -> None:
        """Move the events before that position into archives of these positions, first and last, and record it."""
        listed = []
        for first, last in archives:
            kept = [position for position in range(first, last + 1) if self.bodies[position]]
            lines = [b"%d\t%s\n" % (position, self.bodies[position]) for position in kept]
            name, packed = f"archive-{first}.jsonl.gz", gzip.compress(b"".join(lines))
            self.archives[name] = packed
            found = {"first": first, "last": last, "sha256": sha256(packed).hexdigest(), "file": name}
            listed.append(found)
        self.bodies[:before] = [b""] * before
        self.trimmed = {"before": before, "archives": listed}
        for one in listed:
            self.add(self.body({"type": "log", "id": "2026-01"}, kind="log.trimmed", facts=one | {"before": before}))
        self.seal()

    def write(self, folder: Path) -> Path:
        (folder / "events").mkdir(parents=True)
        for block in range(-(-len(self.bodies) // offline.BLOCK)):
            some = self.bodies[block * offline.BLOCK : (block + 1) * offline.BLOCK]
            (folder / f"events/{block:06}.jsonl").write_bytes(lines(some))
        (folder / "leaves.bin").write_bytes(b"".join(self.leaves))
        (folder / "pending.jsonl").write_bytes(lines(self.pending))
        (folder / "checkpoints.jsonl").write_text(as_lines(self.checkpoints), "utf-8")
        (folder / "objects.jsonl").write_text(as_lines([["entry", *one] for one in self.objects.items()]), "utf-8")
        for name, packed in self.archives.items():
            (folder / name).write_bytes(packed)
        manifest = {
            "format": "anshan-audit-export/1",
            "origin": self.name,
            "size": len(self.leaves),
            "made": self.now(),
            "keys": [self.vkey],
        }
        trimmed = {"trimmed": self.trimmed} if self.trimmed else {}
        (folder / "manifest.json").write_text(json.dumps(manifest | trimmed | self.changes), "utf-8")
        return folder

    def proof(self, of: int, **other: Any) -> dict[str, Any]:
        """As the portal proves the event at this position, by the newest checkpoint."""
        path = tree.inclusion_path(of, len(self.leaves), self._nodes)
        found = {
            "format": "anshan-audit-proof/1",
            "event": self.bodies[of].decode(),
            "position": of,
            "size": len(self.leaves),
            "path": [node.hex() for node in path],
            "checkpoint": self.checkpoints[-1]["note"],
        }
        return found | other

    def _nodes(self, level: int, first: int, count: int) -> list[bytes]:
        assert level == 0
        return self.leaves[first : first + count]


def size_of(checkpoint: dict[str, str]) -> int:
    return offline.parse_checkpoint(checkpoint["note"]).size


def lines(bodies: Iterable[bytes]) -> bytes:
    return b"".join(body + b"\n" for body in bodies)


def as_lines(values: Iterable[Any]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def busy_log() -> Log:
    """Fourteen events in four blocks of four, sealed at 3, 8, 9 and 14, and one that waits; nothing wrong with it."""
    log = Log()
    log.add(log.change("tea", "green"), log.change("rice", "white"), log.look("tea"))
    log.seal()
    log.add(log.change("tea", "black"), log.change("salt", "fine"), log.change("rice", ""), log.look("salt"))
    log.add(log.change("tea", "oolong"))
    log.seal()
    log.add(log.change("rice", "brown"))
    log.seal()
    log.add(log.change("salt", "coarse"), log.body(), log.change("oil", "rapeseed"), log.look("oil"))
    log.add(log.change("oil", ""))
    log.seal()
    log.pending.append(log.change("tea", "white"))
    return log
