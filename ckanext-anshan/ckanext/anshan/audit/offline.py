#!/usr/bin/env python3
"""Checks what the portal's audit log says, without the portal: read this file, then run it on an export.

    python offline.py EXPORT --key VKEY [--former VKEY ...] [--witness FILE ...] [--json]

Every event of the log is a line of JSON; its SHA-256 is a leaf of one growing Merkle tree (RFC 6962). Every minute or
so the portal signs the root of that tree: a checkpoint (https://c2sp.org/tlog-checkpoint). Whoever kept one can tell
whether anything under it was changed since, and by whose key. Nothing in the export is believed but what follows from
the key that you give and from the checkpoints that you kept. A log that lost events goes on under a new key, and tells
what was lost; its former keys are given with ``--former``. Needs Python 3.10 and the package ``cryptography``.
"""

from __future__ import annotations

import argparse
import base64
import gc
import gzip
import hmac
import json
import marshal
import re
import sys
import time
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from itertools import count, filterfalse, pairwise
from multiprocessing import Pool
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HASH = 32  # bytes of a hash
EMPTY_ROOT = sha256(b"").digest()

# ---- the tree: RFC 6962, section 2.1 ----------------------------------------------------------------------------


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def rows(leaves: bytes) -> list[bytes]:
    """All complete nodes over joined leaf hashes: row 0 the leaves, row 1 the hashes of pairs, and so on up."""
    found = [leaves]
    while len(found[-1]) >= 2 * HASH:
        row = found[-1]
        pairs = range(0, len(row) - HASH, 2 * HASH)
        found.append(b"".join([sha256(b"\1" + row[at : at + 2 * HASH]).digest() for at in pairs]))
    return found


def peaks(tree: Sequence[bytes], size: int) -> list[bytes]:
    """The roots of the complete subtrees that the first ``size`` leaves fall into, largest first.

    :param tree: what ``rows`` gave for at least so many leaves
    """
    found, before = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            at = (before >> level) * HASH
            found.append(tree[level][at : at + HASH])
            before += 1 << level
    return found


def fold(nodes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees that stand side by side, largest first."""
    if not nodes:
        return EMPTY_ROOT
    found = nodes[-1]
    for node in reversed(nodes[:-1]):
        found = node_hash(node, found)
    return found


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    return fold(peaks(rows(b"".join(leaves)), len(leaves)))


class Frontier:
    """A tree that only grows: of ``size`` leaves it keeps the roots of the complete subtrees, largest first."""

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)
        if len(self.nodes) != size.bit_count():
            raise ValueError(f"{size} leaves fall into {size.bit_count()} complete subtrees, not {len(self.nodes)}")

    def append(self, leaf: bytes) -> None:
        self.add(0, leaf)

    def add(self, level: int, node: bytes) -> None:
        """Append ``2**level`` leaves by the root over them; the size before must be a multiple of that many."""
        if self.size & (1 << level) - 1:
            raise ValueError(f"a subtree of level {level} can't stand at position {self.size}")
        carry = self.size >> level
        while carry & 1:
            node = node_hash(self.nodes.pop(), node)
            carry >>= 1
        self.nodes.append(node)
        self.size += 1 << level

    def root(self) -> bytes:
        return fold(self.nodes)


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether this leaf hash stands at ``index`` of the tree with this root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size or any(len(node) != HASH for node in path):
        return False
    at, last, found = index, size - 1, leaf
    for node in path:
        if not last:
            return False
        if at & 1 or at == last:
            found = node_hash(node, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, node)
        at, last = at >> 1, last >> 1
    return not last and found == root


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the new tree begins with all leaves of the old one (RFC 9162, section 2.1.4.2)."""
    if not 0 <= old_size <= new_size or any(len(node) != HASH for node in path):
        return False
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT and (new_size > 0 or new_root == EMPTY_ROOT)
    if old_size == new_size:
        return not path and old_root == new_root
    nodes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not nodes:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, node)
        at, last = at >> 1, last >> 1
    return not last and old == old_root and new == new_root


# ---- signed notes: https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint ---------------------------------

ED25519 = b"\1"  # the type of a signature over the text
COSIGNATURE = b"\4"  # of a witness's, over a time and the text: https://c2sp.org/tlog-cosignature; others are not read


class NoteError(ValueError):
    """What is wrong with a note or a key. ``code`` never changes, the sentence may."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Signature(NamedTuple):
    name: str
    id: bytes  # 4 bytes: the key's, not a secret and not unique
    value: bytes


class Note(NamedTuple):
    text: str  # with its last line feed, without the empty line
    signatures: tuple[Signature, ...]


class Checkpoint(NamedTuple):
    origin: str
    size: int  # leaves
    root: bytes
    extensions: tuple[str, ...]
    note: Note


@dataclass(frozen=True)
class Key:
    """A public key as ``name+hex(id)+base64(type, key)``: the log's own, or that of a witness."""

    name: str
    id: bytes
    public: bytes
    type: bytes = ED25519

    @classmethod
    def parse(cls, vkey: str) -> Key:
        """:raises NoteError: ``key_form``"""
        parts = vkey.strip().split("+", 2)
        if len(parts) != 3 or not is_name(parts[0]):
            raise NoteError("key_form", "A key reads name+id+base64; the name has no space and no plus sign.")
        material = from_base64(parts[2], "key_form")
        type, public = material[:1], material[1:]
        if type not in (ED25519, COSIGNATURE) or len(public) != 32:
            raise NoteError("key_form", "The key is not an Ed25519 key: base64 of the byte 1 or 4 and of 32 bytes.")
        if parts[1] != key_id(parts[0], public, type).hex():
            raise NoteError("key_form", "The key's id doesn't follow from its name and bytes: was it copied whole?")
        return cls(parts[0], bytes.fromhex(parts[1]), public, type)

    def signatures(self, note: Note) -> list[bytes]:
        return [one.value for one in note.signatures if (one.name, one.id) == (self.name, self.id)]

    def verify(self, note: Note) -> None:
        """:raises NoteError: ``key_swapped`` when another key signed, ``bad_signature`` when another text was signed"""
        mine = self.signatures(note)
        if not mine:
            found = ", ".join(f"{one.name}+{one.id.hex()}" for one in note.signatures)
            raise NoteError("key_swapped", f"Not signed by {self.name}+{self.id.hex()} but by {found}.")
        try:
            for value in mine:
                Ed25519PublicKey.from_public_bytes(self.public).verify(*self._signed(value, note.text))
        except InvalidSignature:
            raise NoteError("bad_signature", f"The signature of {self.name} doesn't fit the text.") from None

    def _signed(self, value: bytes, text: str) -> tuple[bytes, bytes]:
        """The bare signature, and the bytes that it is over."""
        if self.type == ED25519:
            return value, text.encode()
        return value[8:], cosigned(int.from_bytes(value[:8], "big"), text)


def cosigned(at: int, text: str) -> bytes:
    """What a witness signs: the checkpoint's text and the time, in seconds since 1970."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def key_id(name: str, public: bytes, type: bytes = ED25519) -> bytes:
    return sha256(name.encode() + b"\n" + type + public).digest()[:4]


def from_base64(text: str, code: str) -> bytes:
    """Only the one standard form, so that no two texts mean the same bytes."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        raise NoteError(code, f"Not base64: {text[:80]!r}") from None
    if base64.b64encode(found).decode() != text:
        raise NoteError(code, f"Not the standard form of base64: {text[:80]!r}")
    return found


def parse_note(raw: str) -> Note:
    """:raises NoteError: ``note_form``, ``signature_form``; no signature has been verified yet"""
    if any((letter < " " and letter != "\n") or "\ud800" <= letter <= "\udfff" for letter in raw):
        raise NoteError("note_form", "A note has no control characters but line feeds, and is valid UTF-8.")
    text, gap, tail = raw.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise NoteError("note_form", "A note is a text, an empty line and at least one signature, each line ended.")
    return Note(text + "\n", tuple(parse_signature(line) for line in tail[:-1].split("\n")))


def parse_signature(line: str) -> Signature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not is_name(parts[1]):
        raise NoteError("signature_form", f"A signature reads '— name base64', not {line[:80]!r}")
    value = from_base64(parts[2], "signature_form")
    if len(value) < 5:
        raise NoteError("signature_form", "A signature is a key's id of four bytes and what that key signed.")
    return Signature(parts[1], value[:4], value[4:])


def parse_checkpoint(raw: str) -> Checkpoint:
    """:raises NoteError: as ``parse_note``, and ``checkpoint_form``"""
    note = parse_note(raw)
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise NoteError("checkpoint_form", "A checkpoint has at least three lines: origin, size, root; none is empty.")
    size, root = lines[1], from_base64(lines[2], "checkpoint_form")
    if not re.fullmatch("0|[1-9][0-9]{0,18}", size) or len(root) != HASH:
        raise NoteError("checkpoint_form", "A checkpoint's size is a plain number, its root base64 of 32 bytes.")
    return Checkpoint(lines[0], int(size), root, tuple(lines[3:]), note)


# ---- what is found ------------------------------------------------------------------------------------------------

KEPT = 1000  # findings of one code that a report holds; more are only counted
SHOWN = 20  # of one code in the readable text

MEANINGS = """
key_swapped
    检查点不是用您给出的密钥签名的。若运营单位未公告更换密钥，日志可能已被重写。{reason}
    Your key didn't sign this checkpoint. Unless a change of keys was announced, the log was rewritten. {reason}
bad_signature
    检查点在签名之后被改动。{reason}
    The checkpoint was changed after it was signed. {reason}
wrong_origin
    日志名为“{origin}”，密钥属于“{expected}”：不是同一个日志。
    The log calls itself “{origin}”, the key belongs to “{expected}”: this is another log.
forked
    同一密钥签署了两种互相矛盾的历史：另一种见 {other}（{other_at}）。
    One key signed two histories that contradict each other: see {other} ({other_at}) for the other one.
rolled_back
    日志变短：{at} 有 {size} 条事件，{later} 只有 {found} 条。若导出早于前者，请重新导出。
    The log shrank: {size} events at {at}, {found} at {later}. If the export is older, take a new one.
former_key
    旧密钥已于 {handed_over} 在 {size} 条事件处停用，却仍签署了 {found} 条事件的检查点。
    This former key was given up at {handed_over} over {size} events, but signed a checkpoint over {found}.
no_checkpoint
    有 {leaves} 条事件，却没有由您的密钥签名的检查点：什么都无法证明。
    There are {leaves} events but no checkpoint that your key signed: nothing can be proved.
truncated
    {at} 签名的检查点有 {size} 条事件，现有 {leaves} 条：末尾的被删除。
    The checkpoint of {at} was signed over {size} events, {leaves} are there: the last were removed.
unsigned_leaves
    {at} 签名的检查点有 {size} 条事件，现有 {leaves} 条：多出的没有签名。
    The checkpoint of {at} was signed over {size} events, {leaves} are there: nobody signed the others.
leaves_changed
    位置 {first} 至 {last} 之间至少有一个哈希在 {at} 签名之后被改动、添加或删除。
    From position {first} to {last} some hash was changed, added or removed after it was signed at {at}.
event_changed
    位置 {position} 的事件（{id}）与其哈希不符：记录之后被改动。
    The event at position {position} ({id}) doesn't fit its hash: it was changed after it was recorded.
event_deleted
    位置 {position} 的事件缺失：记录之后被删除。
    The event at position {position} is missing: it was deleted after it was recorded.
events_reordered
    位置 {position} 的事件（{id}）原在位置 {belongs}：顺序被调换。
    The event at position {position} ({id}) belongs at {belongs}: the order was changed.
event_doubled
    事件 {id} 出现 {times} 次：{places}
    The event {id} is there {times} times: {places}
event_inserted
    事件 {id}（{at}）未被封存，而 {sealed} 已封存更晚的事件：可能是事后插入的。
    The event {id} ({at}) was never sealed though later ones were ({sealed}): it may have been put in later.
archive_root
    归档中的事件不能从此前的根得到检查点（{size} 条事件）的根：有事件被改动、添加或删除。
    The archive's events don't lead from the root before to the checkpoint's over {size} events: some were changed.
archive_changed
    归档文件的 SHA-256 为 {found}，清单所载为 {expected}。
    The archive's SHA-256 is {found}, the manifest says {expected}.
trim_unrecorded
    清单称已归档移出（{what}），日志中没有相应的记录（{recorded}）：事件可能是被删除的。
    The manifest says it was archived ({what}), the log has no record of that ({recorded}): it may have been deleted.
object_gap
    {type} {id}：第 {before} 版之后是第 {after} 版，其间的变更没有事件。
    {type} {id}: version {after} comes after {before}, and no event tells of the changes between.
object_history
    {type} {id}：第 {version} 版的事件所载的此前状态（{was}）与上一事件（{state}）不符。
    {type} {id}: the event of version {version} names another state before ({was}) than the last left ({state}).
object_changed
    {type} {id}：现状（{found}）与最后的事件（第 {version} 版，{state}）不符：有人绕过日志改动。
    {type} {id} is now {found}, its last event (version {version}) left {state}: changed past the log.
object_gone
    {type} {id}：按最后的事件（第 {version} 版）应当存在，却不存在：有人绕过日志删除。
    {type} {id} should be there after its last event (version {version}), but isn't: deleted past the log.
object_unknown
    {type} {id}：存在，却没有任何事件：有人绕过日志添加。
    {type} {id} is there, but no event tells of it: added past the log.
proof_path
    证明不成立：检查点所含 {size} 条事件中，位置 {position} 不是这一条。
    The proof doesn't hold: of the checkpoint's {size} events, the one at position {position} isn't this.
proof_private
    所披露的内容不是此事件所指的内容：摘要为 {found}，应为 {expected}。
    What was disclosed isn't what the event stands for: its digest is {found}, not {expected}.
unreadable
    无法读取：{reason}
    Can't be read: {reason}
"""  # a code, which never changes, and what it means in Chinese and in English

LINES = [line.strip() for line in MEANINGS.strip().splitlines()]
WORDS = {code: (zh, en) for code, zh, en in zip(LINES[::3], LINES[1::3], LINES[2::3], strict=True)}

TOTALS = {
    "log": "日志",
    "made": "导出于",
    "events": "事件",
    "checkpoints": "检查点",
    "objects": "对象",
    "unseen": "不在此处的事件",
    "seconds": "秒",
    "per_second": "每秒事件",
    "event": "事件",
    "position": "位置",
    "size": "检查点所含事件",
    "disclosed": "已核验所披露的内容",
    "lost": "已公告丢失的事件",
}


class Finding(NamedTuple):
    code: str
    where: str  # file and line
    facts: dict[str, Any]

    def words(self) -> tuple[str, str]:
        """In Chinese and in English."""
        chinese, english = WORDS[self.code]
        return chinese.format_map(self.facts), english.format_map(self.facts)


BEGUN = """
日志于 {at} 在 {size} 条事件之后更换密钥重新开始，至多丢失 {lost} 条事件（旧密钥 {former}）。原因：{reason}
The log began anew under another key at {at}, after {size} events (before: {former}); at most {lost} were lost: {reason}
"""  # what the log itself announced


@dataclass
class Report:
    totals: dict[str, Any] = field(default_factory=dict)  # by the names in TOTALS
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    begun_anew: list[dict[str, Any]] = field(default_factory=list)  # at, size, former, lost, reason; oldest first

    def add(self, code: str, where: str, **facts: Any) -> None:
        self.keep(Finding(code, where, facts))

    def keep(self, finding: Finding) -> None:
        self.counts[finding.code] += 1
        if self.counts[finding.code] <= KEPT:
            self.findings.append(finding)

    def exit_code(self) -> int:
        """0: all is as it was signed. 1: something is not. 2: something couldn't be read, the rest is as signed."""
        return 2 if set(self.counts) == {"unreadable"} else int(bool(self.counts))

    def as_json(self) -> str:
        found = [finding._asdict() | dict(zip(("zh", "en"), finding.words(), strict=True)) for finding in self.findings]
        whole = {"format": "anshan-audit-report/1", "totals": self.totals, "counts": self.counts, "findings": found}
        whole |= {"begun_anew": self.begun_anew} if self.begun_anew else {}
        return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace").decode()

    def as_text(self) -> str:
        lines = ["审计日志核验 · Check of the audit log"]
        lines += [f"  {TOTALS[name]} · {name}: {total}" for name, total in self.totals.items()]
        for code in filter(self.counts.__contains__, WORDS):
            lines.append(f"✗ {code} × {self.counts[code]}")
            for finding in [finding for finding in self.findings if finding.code == code][:SHOWN]:
                lines += [f"  {finding.where}", *(f"    {words}" for words in finding.words())]
            if (more := self.counts[code] - SHOWN) > 0:
                lines.append(f"  另有 {more} 条 · and {more} more")
        for one in self.begun_anew:
            lines += [f"• {words.format_map(one)}" for words in BEGUN.strip().splitlines()]
        lines.append("发现问题 · There are findings" if self.counts else "未发现问题 · Nothing was found")
        if first := self.totals.get("unseen"):
            lines.append(f"最早 {first} 条事件只核验了哈希 · Of the first {first} events only the hashes were checked")
        return "\n".join(map(printable, lines))


def printable(line: str) -> str:
    """Without what could steer a terminal: an enemy may have made the export."""
    return "".join(letter if letter.isprintable() else "�" for letter in line)


class Problem(Exception):
    """A finding after which no more of a file can be read."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def unreadable(where: str, reason: object) -> Problem:
    return Problem(Finding("unreadable", where, {"reason": str(reason)}))


# ---- where it is read from ----------------------------------------------------------------------------------------

BLOCK = 1 << 16  # positions that are read at a time: one file of events
MALFORMED = (AttributeError, KeyError, RecursionError, TypeError, ValueError)  # what JSON of another form raises


class Kept(NamedTuple):
    """A checkpoint as somebody kept it; nothing of it is verified."""

    where: str
    at: str  # ISO 8601, "" when unknown
    note: str


class Archive(NamedTuple):
    """Events that were moved out of the log; their leaf hashes stayed."""

    first: int  # position
    last: int
    file: str
    sha256: str
    here: bool = True  # can be read


class Source(Protocol):
    """What is checked. Every method may raise ``Problem``."""

    def manifest(self) -> dict[str, Any]: ...  # as manifest.json
    def checkpoints(self) -> Iterable[Kept]: ...  # oldest first
    def blocks(self) -> int: ...  # of BLOCK positions each; the last one may be shorter
    def leaves(self, block: int) -> bytes: ...  # its leaf hashes, joined; zero bytes for one that is missing
    def bodies(self, block: int) -> Sequence[bytes]: ...  # its events; b"" for one that is missing
    def pending(self) -> Iterable[bytes]: ...  # events that have no position yet
    def objects(self) -> Iterable[tuple[str, str, str]]: ...  # type, id, text of the state as it is now
    def archives(self) -> Sequence[Archive]: ...  # all that the manifest lists
    def archived(self, archive: Archive) -> Iterable[tuple[int, bytes]]: ...  # position and event


@dataclass(frozen=True)
class Folder:
    """An export, as the portal writes it."""

    path: Path

    def manifest(self) -> dict[str, Any]:
        try:
            found = json.loads(self._read("manifest.json"))
            found["trimmed"] = {"before": 0, "archives": []} | found.get("trimmed", {})
            if found["format"] != "anshan-audit-export/1" or type(found["trimmed"]["before"]) is not int:
                raise ValueError("not an anshan-audit-export/1")
        except MALFORMED as error:
            raise unreadable("manifest.json", repr(error)) from None
        return found

    def checkpoints(self) -> Iterable[Kept]:
        return kept(self.path / "checkpoints.jsonl")

    def blocks(self) -> int:
        files = len(list(self.path.glob("events/*")))
        return next(block for block in count(files) if not self.leaves(block))

    def leaves(self, block: int) -> bytes:
        return self._read("leaves.bin", block * BLOCK * HASH, BLOCK * HASH)

    def bodies(self, block: int) -> Sequence[bytes]:
        return self._lines(f"events/{block:06}.jsonl")

    def pending(self) -> Iterable[bytes]:
        return self._lines("pending.jsonl")

    def objects(self) -> Iterable[tuple[str, str, str]]:
        for number, line in enumerate(self._lines("objects.jsonl"), 1):
            try:
                type, id, state = from_json(line)
                yield "" + type, "" + id, "" + state
            except MALFORMED as error:
                raise unreadable(f"objects.jsonl:{number}", repr(error)) from None

    def archives(self) -> Sequence[Archive]:
        try:
            return [self._archive(**one) for one in self.manifest()["trimmed"]["archives"]]
        except MALFORMED as error:
            raise unreadable("manifest.json", repr(error)) from None

    def _archive(self, first: int, last: int, file: str, sha256: str, **_: Any) -> Archive:
        name = Path(file).name
        return Archive(int(first), int(last), name, sha256, (self.path / name).is_file())

    def archived(self, archive: Archive) -> Iterable[tuple[int, bytes]]:
        packed = self._read(archive.file)
        try:
            with gzip.open(BytesIO(packed)) as lines:
                for line in lines:
                    position, _, body = line.rstrip(b"\n").partition(b"\t")
                    yield int(position), body
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise unreadable(archive.file, error) from None
        if (found := sha256(packed).hexdigest()) != archive.sha256:
            raise Problem(Finding("archive_changed", archive.file, {"found": found, "expected": archive.sha256}))

    def _read(self, name: str, start: int = 0, length: int = -1) -> bytes:
        return read_file(self.path / name, name, start, length)

    def _lines(self, name: str) -> list[bytes]:
        lines = self._read(name).split(b"\n")
        if lines.pop():
            raise unreadable(f"{name}:{len(lines) + 1}", "the last line has no end")
        return lines


def read_file(path: Path, name: str = "", start: int = 0, length: int = -1) -> bytes:
    try:
        with open(path, "rb") as file:
            file.seek(start)
            return file.read(length)
    except OSError as error:
        raise unreadable(name or path.name, error.strerror) from None


def kept(path: Path) -> Iterable[Kept]:
    """The checkpoints in a file: notes as they are, one after the other, or one in each line of JSON."""
    content = read_file(path)
    if content and not content.startswith(b"{"):
        found = notes_of(content.decode(errors="replace"))
        for number, note in enumerate(found, 1):
            yield Kept(path.name if len(found) == 1 else f"{path.name}#{number}", "", note)
        return
    for number, line in enumerate(content.splitlines(), 1):
        try:
            found = json.loads(line)
            at, note = "" + found.get("at", ""), "" + found["note"]
        except MALFORMED:
            at, note = "", line.decode(errors="replace")  # which is no note, and will be reported as such
        yield Kept(f"{path.name}:{number}", at, note)


NOTE = re.compile(r".+?\n\n(?:— [^\n]*\n?)+", re.DOTALL)


def notes_of(text: str) -> list[str]:
    """A file that notes were appended to, cut after the signatures of each; what is left over stands last."""
    found = [note[0] for note in NOTE.finditer(text)]
    rest = text[sum(map(len, found)) :]
    return [*found, rest] if rest else found


DECODER = json.JSONDecoder()


def from_json(line: bytes) -> Any:
    """One value without space around it, in two thirds of the time of ``json.loads``. :raises ValueError:"""
    text = line.decode()
    found, end = DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("something follows the value")
    return found


# ---- reading: what the workers do ---------------------------------------------------------------------------------

Row = tuple[int, bytes, bytes]  # position, event, the leaf hash it should have
Thing = tuple[str, str]  # type and id of an object

# Events about one object that follow each other without a gap: the version after the first of them and the digest of
# the state before, the version after the last and the digest of its state. A digest is "" where there is no object.
Run = tuple[int, str, int, str]


class Part(NamedTuple):
    """What one worker reads: a block of the log, or an archive, or what has no position yet."""

    source: Source
    file: str
    block: int | None = None
    archive: Archive | None = None
    sizes: Sequence[int] = ()  # of the checkpoints that end in the block, counted from its start
    trimmed: int = 0  # below, positions may be empty
    follows: bool = True  # nothing is missing between it and the next part

    def events(self) -> Iterable[Row]:
        if self.block is not None:
            return block_events(self.source, self.block, self.file)
        if self.archive:
            return archive_events(self.source, self.archive)
        return ((number, body, leaf_hash(body)) for number, body in enumerate(self.source.pending()))


def block_events(source: Source, block: int, file: str) -> Iterable[Row]:
    leaves, bodies = source.leaves(block), source.bodies(block)
    if len(leaves) != HASH * len(bodies):
        raise unreadable(file, f"{len(bodies)} events for {len(leaves) / HASH:g} leaf hashes")
    return zip(count(block * BLOCK), bodies, cut(leaves), strict=False)


def archive_events(source: Source, archive: Archive) -> Iterable[Row]:
    """A month's events: between them may be positions of another month, which is somewhere else."""
    before, block, leaves = archive.first - 1, -1, []
    for position, body in source.archived(archive):
        if not before < position <= archive.last:
            raise unreadable(archive.file, f"position {position} stands where one after {before} should")
        if position // BLOCK != block:
            block = position // BLOCK
            leaves = cut(source.leaves(block))
        yield position, body, leaves[position % BLOCK] if position % BLOCK < len(leaves) else b""
        before = position
    if before != archive.last:
        raise unreadable(archive.file, f"it ends with position {before}, not with {archive.last}")


@dataclass
class Found:
    """What a worker found in one part."""

    events: int = 0
    leaves: int = 0
    nodes: list[list[bytes]] = field(default_factory=list)  # the block's complete subtrees at each of its sizes
    whole: bytes = b""  # the root over a block that is full
    ids: array[int] = field(default_factory=lambda: array("q"))  # the events' ids as numbers, sorted
    runs: dict[Thing, list[Run]] = field(default_factory=dict)
    packed: bytes = b""  # the runs on their way back: ``marshal`` takes half the time of ``pickle``
    findings: list[Finding] = field(default_factory=list)
    moved: array[int] = field(default_factory=lambda: array("q"))  # positions that an archive holds, or should
    trims: list[dict[str, Any]] = field(default_factory=list)  # what was recorded of months that were taken out
    handovers: list[Handover] = field(default_factory=list)
    complete: bool = True  # all of it could be read


class Handover(NamedTuple):
    """What the log recorded of another key, under which it went on."""

    position: int
    at: str  # ISO 8601
    former: Key
    new: Key
    size: int  # of the last checkpoint that was left then
    root: bytes
    known: int  # events of which somebody knew then
    reason: str


def handover(position: int, event: Mapping[str, Any]) -> Handover:
    """:raises AttributeError, KeyError, TypeError, ValueError: the event has another form"""
    facts = event["facts"]
    keys, root = (Key.parse(facts["former"]), Key.parse(facts["new"])), bytes.fromhex(facts["root"])
    size, known, reason = int(facts["size"]), int(facts["known"]), str(facts["reason"])
    return Handover(position, "" + facts.get("at", event["at"]), *keys, size, root, known, reason)


def believed(found: Iterable[Handover], current: Key, formers: Iterable[Key]) -> dict[Key, Handover]:
    """Of each former key the first handover that leads from it to the current one, over others or at once.

    :param found: in the order of positions
    """
    handovers: dict[Key, Handover] = {}
    found, formers = list(found), {*formers} - {current}
    while True:
        reached, more = {current, *handovers}, {}
        for one in found:
            if one.former in formers - reached and one.new in reached:
                more.setdefault(one.former, one)
        if not more:
            return handovers
        handovers |= more


RECORDED = b'"kind":"log.'


def inspect(part: Part) -> Found:
    found = Found()
    try:
        if part.block is not None:
            inspect_leaves(part.source.leaves(part.block), part.sizes, found)
        inspect_events(part, found)
    except Problem as problem:
        found.findings.append(problem.finding)
        found.complete = False
    found.ids = array("q", sorted(found.ids))
    found.packed, found.runs = marshal.dumps(found.runs), {}
    return found


def inspect_leaves(leaves: bytes, sizes: Sequence[int], found: Found) -> None:
    tree, found.leaves = rows(leaves), len(leaves) // HASH
    found.nodes = [peaks(tree, size) for size in sizes if size <= found.leaves]
    found.whole = tree[-1] if found.leaves == BLOCK else b""


def inspect_events(part: Part, found: Found) -> None:
    for line, (position, body, leaf) in enumerate(part.events(), 1):
        if not body:
            if position >= part.trimmed:
                found.findings.append(Finding("event_deleted", f"{part.file}:{line}", {"position": position}))
            elif part.block is not None:
                found.moved.append(position)
            continue
        found.events += 1
        if part.archive:
            found.moved.append(position)
        if (digest := sha256(b"\0" + body).digest()) != leaf:
            facts = {"position": position, "id": id_of(body), "hash": digest.hex()}
            found.findings.append(Finding("event_changed", f"{part.file}:{line}", facts))
        try:
            number, thing, run = told(body)
            found.ids.append(number)
            if run:
                extend(found.runs.setdefault(thing, []), run)
            if RECORDED in body and digest == leaf:
                take_record(part, position, from_json(body), found)
        except MALFORMED as error:
            found.findings.append(unreadable(f"{part.file}:{line}", repr(error)).finding)


def take_record(part: Part, position: int, event: Mapping[str, Any], found: Found) -> None:
    """What the log says about itself."""
    if event["kind"] == "log.trimmed":
        found.trims.append(event["facts"])
    elif event["kind"] == "log.begun_anew" and (part.block is not None or part.archive):  # else it has no position
        found.handovers.append(handover(position, event))


# An event whose strings need no escapes and whose facts hold no lists of things: read so it takes a third of the time.
# Braces can't stand inside these parts, so each ends where it seems to; whatever is different is read as JSON.
PLAIN = re.compile(
    rb'\{(?:"action":"[^"\\]*",)?"at":"[^"\\]*","by":\{[^{}\\]*\},(?:"code":"[^"\\]*",)?(?:"facts":\{[^{}\\]*\},)?'
    rb'"id":"([0-9a-f-]{36})","kind":"[^"\\]*",'
    rb'"object":\{"id":"([^"\\]*)","state":"([0-9a-f]*)","type":"([^"\\]*)","version":([1-9][0-9]*),"was":"([0-9a-f]*)"\},'
    rb'"outcome":"[^"\\]*","v":1\}'
).fullmatch


def told(body: bytes) -> tuple[int, Thing, Run | None]:
    """What an event tells: its id as a number of 61 bits, and what it did to which object."""
    plain = PLAIN(body)
    if plain is None:
        return told_as_json(body)
    id, thing, state, type, version, was = plain.groups()
    number, after = int(version), state.decode()
    return hash(int(id.replace(b"-", b""), 16)), (type.decode(), thing.decode()), (number, was.decode(), number, after)


def told_as_json(body: bytes) -> tuple[int, Thing, Run | None]:
    event = from_json(body)
    number = hash(int(event["id"].replace("-", ""), 16))
    thing = event.get("object")
    if not thing or "version" not in thing:
        return number, ("", ""), None
    version, was, state = thing["version"], thing["was"], thing["state"]
    if type(version) is not int or not type(was) is type(state) is str:
        raise TypeError("a version is a number, a state a digest")
    return number, (thing["type"], thing["id"]), (version, was, version, state)


def id_of(body: bytes) -> str:
    try:
        return str(from_json(body)["id"])
    except MALFORMED:
        return "?"


def extend(known: list[Run], run: Run) -> None:
    """Join a run to the last one, if it begins where that ends."""
    if known:
        first, was, last, state = known[-1]
        if last + 1 == run[0] and state == run[1]:
            known[-1] = (first, was, run[2], run[3])
            return
    known.append(run)


def cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]


# ---- the check ----------------------------------------------------------------------------------------------------


class Sealed(NamedTuple):
    """A checkpoint that the log's key signed, or a former one."""

    where: str
    at: str  # ISO 8601: the first line of the extension, so signed too; else as it was kept
    size: int
    root: bytes
    former: int = 0  # which of the former keys, counted from 1; 0: the log's own


def judge(keys: Sequence[Key], kept: Kept, formers: Sequence[Key] = ()) -> Sealed | Finding:
    """The log's key must have signed, or the former key that the log then had; where witnesses' keys were given and
    have signed, their signatures must be right too."""
    try:
        checkpoint = parse_checkpoint(kept.note)
        own = [key for key in (keys[0], *formers) if key.signatures(checkpoint.note)]
        log = next((key for key in own if key.name == checkpoint.origin), (*own, keys[0])[0])
        for key in (log, *(key for key in keys[1:] if own and key.signatures(checkpoint.note))):
            key.verify(checkpoint.note)
    except NoteError as error:
        code = error.code if error.code in ("key_swapped", "bad_signature") else "unreadable"
        return Finding(code, kept.where, {"reason": str(error)})
    if checkpoint.origin != log.name:
        return Finding("wrong_origin", kept.where, {"origin": checkpoint.origin, "expected": log.name})
    at = checkpoint.extensions[0] if checkpoint.extensions else kept.at or "?"
    former = 0 if log == keys[0] else formers.index(log) + 1
    return Sealed(kept.where, at, checkpoint.size, checkpoint.root, former)


def verify(
    source: Source,
    keys: Sequence[Key],
    witnesses: Iterable[Kept] = (),
    patience: float = 60,
    processes: int | None = None,
    formers: Sequence[Key] = (),
) -> Report:
    """Check a whole log.

    :param keys: the log's key first, then witnesses'; nothing but these says whose checkpoints to believe
    :param witnesses: checkpoints that were kept elsewhere
    :param patience: seconds that an event may wait for its position
    :param processes: as many as there are processors if not given; 1 for a source that can't be sent to another
    :param formers: keys that signed this log before; what they signed must fit it up to where they were given up
    """
    started = time.perf_counter()
    with Pool(processes, gc.disable) if processes != 1 else nullcontext() as pool:
        check = Check(source, keys, witnesses, timedelta(seconds=patience), pool, formers)
        check.run()
    seconds = time.perf_counter() - started
    check.totals.update(seconds=round(seconds, 2), per_second=int(check.totals["events"] / seconds))
    return check.report


class Check:
    """One verification: its steps in their order. Each goes as far as what it reads can be read."""

    def __init__(
        self,
        source: Source,
        keys: Sequence[Key],
        witnesses: Iterable[Kept],
        patience: timedelta,
        pool: Any,
        formers: Sequence[Key] = (),
    ) -> None:
        self.source, self.keys, self.witnesses, self.patience, self.pool = source, keys, witnesses, patience, pool
        self.formers = [key for key in formers if key != keys[0]]
        self.totals: dict[str, Any] = {"log": keys[0].name, **dict.fromkeys(list(TOTALS)[1:6], 0)}
        self.report = Report(self.totals)
        self.manifest: dict[str, Any] = {}
        self.own: list[Sealed] = []  # the log's checkpoints, oldest first
        self.others: list[Sealed] = []  # those that witnesses kept
        self.parts: list[Part] = []
        self.leaves = 0
        self.complete = True  # all events could be read
        self.roots = {0: EMPTY_ROOT}  # by size, at each checkpoint
        self.changed: list[Finding] = []  # events that don't fit their leaf
        self.ids: list[array[int]] = []
        self.empty = array("q")  # positions whose events should be in an archive
        self.archived = array("q")  # positions whose events are
        self.trims: list[dict[str, Any]] = []
        self.handovers: list[Handover] = []
        self.runs: dict[Thing, list[Run]] = {}

    def run(self) -> None:
        if not self.attempt(self.introduce):
            return
        self.attempt(self.believe)
        if not self.attempt(self.divide):
            return
        self.read()
        self.attempt(self.hear_of_losses)
        for step in (self.compare_sizes, self.compare_roots, self.compare_trims, self.find_reordered):
            self.attempt(step)
        self.attempt(self.find_doubled)
        self.attempt(self.find_inserted)
        self.attempt(self.find_missing)
        if self.complete:  # else what is missing would be blamed on the objects
            self.attempt(self.compare_objects)

    def attempt(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except Problem as problem:
            self.report.keep(problem.finding)
            return False
        return True

    def spread(self, work: Callable[..., Any], items: Iterable[Any], at_a_time: int = 1) -> Iterator[Any]:
        """``map``, by all processes that there are."""
        return self.pool.imap(work, items, at_a_time) if self.pool else map(work, items)

    def introduce(self) -> None:
        self.manifest = self.source.manifest()
        self.totals["made"] = str(self.manifest.get("made"))
        if (origin := self.manifest.get("origin")) not in {key.name for key in (self.keys[0], *self.formers)}:
            self.report.add("wrong_origin", "manifest.json", origin=origin, expected=self.keys[0].name)

    def believe(self) -> None:
        """Sort out the checkpoints that the key signed, or those before it."""
        for found, believed in ((self.witnesses, self.others), (self.source.checkpoints(), self.own)):
            for judged in self.spread(partial(judge, self.keys, formers=self.formers), found, 64):
                believed.append(judged) if isinstance(judged, Sealed) else self.report.keep(judged)
        self.totals["checkpoints"] = len(self.own) + len(self.others)

    def divide(self) -> None:
        """Into parts for the workers. Archives tell of objects only as far as none after them is away."""
        archives = self.source.archives()
        unseen = self.totals["unseen"] = max((one.last + 1 for one in archives if not one.here), default=0)
        for one in archives:
            if one.here:
                self.parts.append(Part(self.source, one.file, archive=one, follows=one.last >= unseen))
        trimmed = self.manifest.get("trimmed", {}).get("before", 0)
        sizes = sorted({sealed.size for sealed in self.own + self.others})
        for block in range(self.source.blocks()):
            start = block * BLOCK
            inside = [size - start for size in sizes[bisect_right(sizes, start) : bisect_right(sizes, start + BLOCK)]]
            self.parts.append(Part(self.source, f"events/{block:06}.jsonl", block, sizes=inside, trimmed=trimmed))
        self.parts.append(Part(self.source, "pending.jsonl", trimmed=sys.maxsize))

    def read(self) -> None:
        """Everything, once."""
        frontier = Frontier()
        for part, found in zip(self.parts, self.spread(inspect, self.parts), strict=True):
            if part.block is not None:
                for size, nodes in zip(part.sizes, found.nodes, strict=False):  # sizes past the end have no nodes
                    self.roots[part.block * BLOCK + size] = fold(frontier.nodes + nodes)
                if found.whole:
                    frontier.add(BLOCK.bit_length() - 1, found.whole)
            self.take(part, found)

    def take(self, part: Part, found: Found) -> None:
        self.totals["events"] += found.events
        self.leaves += found.leaves
        self.complete &= found.complete
        self.ids.append(found.ids)
        self.trims += found.trims
        self.handovers += found.handovers
        moved = self.archived if part.archive else self.empty
        moved.extend(found.moved)
        for thing, runs in marshal.loads(found.packed).items() if part.follows else ():
            known = self.runs.setdefault(thing, runs)
            for run in runs if known is not runs else ():
                extend(known, run)
        for finding in found.findings:
            if finding.code == "event_changed" and len(self.changed) < KEPT:
                self.changed.append(finding)
            else:
                self.report.keep(finding)

    def hear_of_losses(self) -> None:
        """What the log announced under the current key: where another one was given up, and what was lost there. The
        former key has nothing more to sign; what others kept of it from there on is what was lost."""
        signed = max((one.size for one in self.own if not one.former and self._fits(one)), default=0)
        told = [one for one in self.handovers if one.size <= one.position < signed and self._fits(one)]
        handovers = believed(sorted(told, key=by_position), self.keys[0], self.formers)
        for one in sorted(handovers.values(), key=by_position):
            self._hear_of(one, self.formers.index(one.former) + 1)
        if handovers:
            self.totals["lost"] = sum(one["lost"] for one in self.report.begun_anew)

    def _hear_of(self, told: Handover, former: int) -> None:
        def is_beyond(one: Sealed) -> bool:
            return one.former == former and one.size > told.size

        beyond = list(filter(is_beyond, self.others))
        self.others = list(filterfalse(is_beyond, self.others))
        for one in filter(is_beyond, self.own):
            self.report.add("former_key", one.where, handed_over=told.at, size=told.size, found=one.size)
        known = max([told.known, *(one.size for one in beyond)])
        back = max([told.size, *(one.size for one in beyond if self._fits(one))])  # was recorded, and sealed again
        lost = {"at": told.at, "size": told.size, "former": told.former.name, "lost": max(0, known - back)}
        self.report.begun_anew.append(lost | {"reason": told.reason})

    def _fits(self, found: Sealed | Handover) -> bool:
        return self.roots.get(found.size) == found.root

    def compare_sizes(self) -> None:
        """Nothing may get shorter, and nothing lie beyond what was signed last, by the current key."""
        newest = max(self.own, key=by_size, default=Sealed("checkpoints.jsonl", self.totals["made"], 0, EMPTY_ROOT))
        signed = max((one for one in self.own if not one.former), key=by_size, default=None)
        kept = max(self.others, key=by_size, default=newest)
        for before, after in pairwise(self.own):
            if after.size < before.size:
                self._rolled_back(before, after.where, after.at, after.size)
        if kept.size > max(self.leaves, newest.size):
            self._rolled_back(kept, kept.where, newest.at, self.leaves)
        if signed is None and self.leaves:
            self.report.add("no_checkpoint", newest.where, leaves=self.leaves)
        elif newest.size > self.leaves:
            self.report.add("truncated", newest.where, at=newest.at, size=newest.size, leaves=self.leaves)
        elif signed and signed.size < self.leaves:
            self.report.add("unsigned_leaves", signed.where, at=signed.at, size=signed.size, leaves=self.leaves)
        if (claimed := self.manifest.get("size")) != self.leaves:
            raise unreadable("leaves.bin", f"{self.leaves} leaf hashes, the manifest says {claimed}")

    def _rolled_back(self, before: Sealed, where: str, later: str, found: int) -> None:
        self.report.add("rolled_back", where, at=before.at, size=before.size, later=later, found=found)

    def compare_roots(self) -> None:
        """Two roots of one size, or one that doesn't fit below one that does: two histories. Else hashes changed."""
        first: dict[int, Sealed] = {}  # by size
        top, misfits = Sealed("", "", 0, EMPTY_ROOT), []
        for sealed in sorted(self.own + self.others, key=by_size):
            other = first.setdefault(sealed.size, sealed)
            if other.root != sealed.root:
                self._forked(sealed, other)
            if self.roots.get(sealed.size) == sealed.root:
                top = sealed
            elif sealed.size in self.roots and other.root == sealed.root:
                misfits.append(sealed)
        for sealed in misfits:
            if sealed.size < top.size:
                self._forked(sealed, top)
        if above := [sealed for sealed in misfits if sealed.size > top.size]:
            self.report.add("leaves_changed", above[0].where, first=top.size, last=above[0].size - 1, at=above[0].at)

    def _forked(self, sealed: Sealed, other: Sealed) -> None:
        self.report.add("forked", sealed.where, size=sealed.size, other=other.where, other_at=other.at)

    def compare_trims(self) -> None:
        """What the manifest says was taken out must be what the log itself recorded."""
        recorded = {(trim.get("file"), trim.get("sha256"), trim.get("first"), trim.get("last")) for trim in self.trims}
        before = max((trim["before"] for trim in self.trims), default=0)
        if (claimed := self.manifest.get("trimmed", {}).get("before", 0)) > before:
            self.report.add("trim_unrecorded", "manifest.json", what=f"< {claimed}", recorded=f"< {before}")
        for archive in self.source.archives():
            if (archive.file, archive.sha256, archive.first, archive.last) not in recorded:
                self.report.add("trim_unrecorded", "manifest.json", what=archive.file, recorded=len(recorded))

    def find_reordered(self) -> None:
        """Which of the events that don't fit their position fit another."""
        wanted = {bytes.fromhex(finding.facts["hash"]) for finding in self.changed}
        belongs = {}
        for block in range(self.source.blocks() if wanted else 0):
            for position, leaf in enumerate(cut(self.source.leaves(block)), block * BLOCK):
                if leaf in wanted:
                    belongs[leaf.hex()] = position
        for finding in self.changed:
            place = belongs.get(finding.facts["hash"])
            code = "event_changed" if place is None else "events_reordered"
            self.report.add(code, finding.where, **finding.facts, belongs=place)

    def find_doubled(self) -> None:
        twice, places = repeated(self.ids), defaultdict(list)
        for part in self.parts if twice else ():
            with suppress(Problem):  # which was reported when it was read first
                for line, (_, body, _) in enumerate(part.events(), 1):
                    with suppress(*MALFORMED):
                        if told(body)[0] in twice:
                            places[id_of(body)].append(f"{part.file}:{line}")
        for id, found in places.items():
            if len(found) > 1:
                self.report.add("event_doubled", found[-1], id=id, times=len(found), places=", ".join(found[:SHOWN]))

    def find_inserted(self) -> None:
        """What still waits for a position though the log was sealed since."""
        if not self.own:
            return
        sealed, at = max((moment(one.at, one.where), one.at) for one in self.own)
        for line, body in enumerate(self.source.pending(), 1):
            with suppress(*MALFORMED):  # which was reported when it was read first
                event, where = from_json(body), f"pending.jsonl:{line}"
                if moment(event["at"], where) < sealed - self.patience:
                    self.report.add("event_inserted", where, id=event["id"], at=event["at"], sealed=at)

    def find_missing(self) -> None:
        """What is neither in the log nor in an archive, though the archive that could hold it lies here."""
        there = bytearray(self.leaves)
        for position in self.archived:
            if position < self.leaves:
                there[position] = True
        for position in self.empty if self.complete else ():
            if position >= self.totals["unseen"] and not there[position]:
                where = f"events/{position // BLOCK:06}.jsonl:{position % BLOCK + 1}"
                self.report.add("event_deleted", where, position=position)

    def compare_objects(self) -> None:
        """What each object is now, against what its last event left."""
        left = {thing: self._last(thing, runs) for thing, runs in self.runs.items()}
        there: set[Thing] = set()
        for line, (type, id, text) in enumerate(self.source.objects(), 1):
            there.add((type, id))
            version, state = left.get((type, id), UNKNOWN)
            digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            if version == 0 and not self.totals["unseen"]:
                self.report.add("object_unknown", f"objects.jsonl:{line}", type=type, id=id)
            elif version and state != digest:
                facts = {"type": type, "id": id, "version": version, "state": state or "-", "found": digest}
                self.report.add("object_changed", f"objects.jsonl:{line}", **facts)
        self.totals["objects"] = len(there)
        for (type, id), (version, state) in left.items():
            if state and (type, id) not in there:
                self.report.add("object_gone", "objects.jsonl", type=type, id=id, version=version)

    def _last(self, thing: Thing, runs: list[Run]) -> tuple[int, str]:
        """The version and the state that an object's events have led to; each must begin where the one before ended."""
        if len(runs) == 1 and runs[0][:2] == (1, ""):
            return runs[0][2:]
        runs.sort(key=itemgetter(0))
        version, state = UNKNOWN
        if self.totals["unseen"]:  # the object's first events may be among those
            version, state = runs[0][0] - 1, runs[0][1]
        facts = {"type": thing[0], "id": thing[1]}
        for first, was, last, end in runs:
            if first > version + 1:
                self.report.add("object_gap", "events", **facts, before=version, after=first)
            elif first <= version or was != state:
                self.report.add("object_history", "events", **facts, version=first, was=was or "-", state=state or "-")
            version, state = last, end
        return version, state


UNKNOWN = (0, "")  # version and state of an object before its first event
by_size, by_position = attrgetter("size"), attrgetter("position")


def repeated(ids: Sequence[array[int]]) -> set[int]:
    """The numbers that occur more than once; looked at in 64 slices of their 61 bits, for the sake of memory."""
    found: set[int] = set()
    for low in range(0, 1 << 61, 1 << 55):
        slices = [part[bisect_left(part, low) : bisect_left(part, low + (1 << 55))] for part in ids]
        numbers = [number for part in slices for number in part]
        if len(set(numbers)) < len(numbers):
            found |= {number for number, times in Counter(numbers).items() if times > 1}
    return found


def moment(at: str, where: str) -> datetime:
    try:
        found = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError as error:
        raise unreadable(where, error) from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


# ---- one event's proof --------------------------------------------------------------------------------------------


def verify_proof(
    proof: Mapping[str, Any], keys: Sequence[Key], where: str = "proof", formers: Sequence[Key] = ()
) -> Report:
    """Check that one event stands in the log, and that what was disclosed beside it is what it stands for.

    :param proof: as the portal hands it out: ``anshan-audit-proof/1``
    """
    report = Report({"log": keys[0].name})
    try:
        if proof["format"] != "anshan-audit-proof/1":
            raise ValueError("not an anshan-audit-proof/1")
        body, position, path = proof["event"].encode(), int(proof["position"]), list(map(bytes.fromhex, proof["path"]))
        event, private = json.loads(body), proof.get("private")
        if private:
            found = hmac.digest(bytes.fromhex(private["key"]), private["value"].encode(), "sha256").hex()
            if found != event["by"]["private"]:
                report.add("proof_private", where, found=found, expected=event["by"]["private"])
        sealed = judge(keys, Kept(where, "", proof["checkpoint"]), formers)
        report.totals.update(event=event["id"], position=position, size=proof["size"], disclosed=bool(private))
    except MALFORMED as error:
        report.keep(unreadable(where, repr(error)).finding)
        return report
    if isinstance(sealed, Finding):
        report.keep(sealed)
    elif sealed.size != proof["size"] or not verify_inclusion(
        leaf_hash(body), position, sealed.size, path, sealed.root
    ):
        report.add("proof_path", where, size=sealed.size, position=position)
    return report


# ---- an archived month by itself ----------------------------------------------------------------------------------


def proof_of(path: Path) -> Path:
    """The proof that lies beside an archive."""
    return path.with_name(path.name.partition(".")[0] + ".proof.json")


def verify_archive(path: Path, keys: Sequence[Key], formers: Sequence[Key] = ()) -> Report:
    """Check a month that was moved out of the log: appended to the tree before, it must give a signed root.

    :param path: the archive ``archive-2026-01.jsonl.gz``; its proof ``archive-2026-01.proof.json`` lies beside it
    """
    report = Report({"log": keys[0].name, "events": 0})
    proof_file = proof_of(path)
    try:
        proof = json.loads(read_file(proof_file))
        archive = Archive(proof["first"], proof["last"], path.name, proof["sha256"])
        others = {int(position): bytes.fromhex(leaf) for position, leaf in proof["others"].items()}
        front = Frontier(archive.first, map(bytes.fromhex, proof["before"]))
        bodies = dict(Folder(path.parent).archived(archive))
        for position in range(archive.first, proof["size"]):
            front.append(others[position] if position in others else leaf_hash(bodies[position]))
        sealed = judge(keys, Kept(proof_file.name, "", proof["checkpoint"]), formers)
    except Problem as problem:
        report.keep(problem.finding)
        return report
    except MALFORMED as error:
        report.keep(unreadable(proof_file.name, repr(error)).finding)
        return report
    report.totals.update(events=len(bodies))
    if isinstance(sealed, Finding):
        report.keep(sealed)
    elif (sealed.size, sealed.root) != (front.size, front.root()):
        report.add("archive_root", path.name, size=sealed.size)
    return report


# ---- the command --------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", nargs="?", type=Path, help="the folder to check")
    parser.add_argument("--key", action="append", required=True, help="the log's public key")
    parser.add_argument("--former", action="append", default=[], help="a key that signed the log before that one")
    parser.add_argument(
        "--witness", action="append", default=[], type=Path, help="a file of checkpoints that were kept"
    )
    parser.add_argument("--proof", type=Path, help="the file of one event's proof, to be checked instead of an export")
    parser.add_argument("--patience", type=float, default=60, help="seconds that an event may wait for its position")
    parser.add_argument("--processes", type=int, help="as many as there are processors if not given")
    parser.add_argument("--json", action="store_true", help="a report for machines")
    parser.add_argument("--archive", type=Path, help="an archived month, to be checked by itself with its proof")
    given = parser.parse_args(arguments)
    if sum(one is not None for one in (given.export, given.proof, given.archive)) != 1:
        parser.error("give either an export or --proof or --archive")
    gc.disable()  # it would look again and again at millions of strings, and there are no cycles
    report = check_given(given)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # whatever the console's
    print(report.as_json() if given.json else report.as_text())
    return report.exit_code()


def check_given(given: argparse.Namespace) -> Report:
    try:
        keys, formers = [Key.parse(key) for key in given.key], [Key.parse(key) for key in given.former]
        if given.proof:
            return verify_proof(json.loads(read_file(given.proof)), keys, given.proof.name, formers)
        if given.archive:
            return verify_archive(given.archive, keys, formers)
        witnesses = [one for path in given.witness for one in kept(path)]
        return verify(Folder(given.export), keys, witnesses, given.patience, given.processes, formers)
    except Problem as problem:
        finding = problem.finding
    except NoteError as error:
        finding = unreadable("--key", error).finding
    except ValueError as error:
        finding = unreadable(given.proof.name, error).finding
    report = Report()
    report.keep(finding)
    return report


if __name__ == "__main__":
    sys.exit(main())
