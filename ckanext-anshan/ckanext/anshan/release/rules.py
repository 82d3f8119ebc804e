"""What a release is: its states, what of an entry becomes public, what is hashed, which file names are taken."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import PurePosixPath
from typing import Any


class State(Enum):
    RELEASED = "released"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"  # taken off by the cyberspace office (art. 8, 46)
    RETIRED = "retired"  # taken back for good, after a review
    LAPSED = "lapsed"  # opened in an emergency (art. 20) and not confirmed


class Command(Enum):
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    SUSPEND = "suspend"
    LIFT = "lift"
    RESTORE = "restore"
    RETIRE = "retire"
    LAPSE = "lapse"


class Role(Enum):
    PUBLISHING = "publishing"  # the publishing job; no person and no sysadmin has this role
    CYBERSPACE = "cyberspace"
    BUREAU = "bureau"


class Scope(Enum):
    """What a suspension takes off."""

    DATASET = "dataset"
    VERSION = "version"
    FILE = "file"  # its bytes, in whichever version of the dataset they are


class Basis(Enum):
    """What a release was approved by."""

    REVIEW = "review"  # three keys
    ROUTINE = "routine"  # the agency's key, under a policy that three keys signed
    EMERGENCY = "emergency"  # the bureau's key at once, the others afterwards (art. 20)
    LIST = "list"  # one list of many, signed by both offices
    DEMO = "demo"  # nobody's data, on a portal that holds nothing else
    EARLIER = "earlier"  # before the review existed


@dataclass(frozen=True)
class Approval:
    """By what something becomes public, as the reviewers left it.

    ``number``: of the submission, the list or the document · ``submission``: its id
    ``signatures``: of each ``key``, ``organization`` (id) and ``time``; no names of persons
    ``until``: an emergency closes then · ``keeps_versions``: earlier open versions stay, whatever class this one has
    """

    basis: Basis
    number: str
    submission: str = ""
    hash: str = ""
    scan_hash: str = ""
    signatures: tuple[Mapping[str, str], ...] = ()
    until: datetime | None = None
    keeps_versions: bool = False

    @property
    def trail(self) -> dict[str, Any]:
        """What is kept of it with a release."""
        if not self.submission:
            return {}
        signed = {"hash": self.hash, "scan_hash": self.scan_hash}
        return {"number": self.number, **signed, "signatures": [dict(one) for one in self.signatures]}


class OpeningClass(Enum):
    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    CLOSED = "closed"


@dataclass(frozen=True)
class Step:
    who: frozenset[Role]
    to: State
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A decision against: the code that words are found for, and the facts that go into them."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


S, C = State, Command
PUBLISHING = frozenset({Role.PUBLISHING})
CYBERSPACE = frozenset({Role.CYBERSPACE})
OFFICES = frozenset({Role.CYBERSPACE, Role.BUREAU})

TABLE: Mapping[tuple[State, Command], Step] = {
    (S.RELEASED, C.PUBLISH): Step(PUBLISHING, S.PUBLISHED, ("approval",)),
    (S.PUBLISHED, C.SUPERSEDE): Step(PUBLISHING, S.SUPERSEDED),
    (S.PUBLISHED, C.SUSPEND): Step(CYBERSPACE, S.SUSPENDED, ("reason",)),
    (S.SUPERSEDED, C.SUSPEND): Step(CYBERSPACE, S.SUSPENDED, ("reason",)),
    # lifted by both offices, each with its reason; the newest version is published again
    (S.SUSPENDED, C.LIFT): Step(OFFICES, S.SUPERSEDED, ("cyberspace", "bureau")),
    (S.SUPERSEDED, C.RESTORE): Step(PUBLISHING, S.PUBLISHED),
    (S.PUBLISHED, C.RETIRE): Step(PUBLISHING, S.RETIRED, ("reason", "article")),
    (S.SUSPENDED, C.RETIRE): Step(PUBLISHING, S.RETIRED, ("reason", "article")),
    (S.PUBLISHED, C.LAPSE): Step(PUBLISHING, S.LAPSED),
    (S.SUPERSEDED, C.LAPSE): Step(PUBLISHING, S.LAPSED),
    (S.SUSPENDED, C.LAPSE): Step(PUBLISHING, S.LAPSED),
}
FINAL = frozenset({S.RETIRED, S.LAPSED})


def decide(state: State, command: Command, roles: Iterable[Role], given: Mapping[str, Any]) -> Step | Refusal:
    """Who may, then when, then what is missing."""
    step = TABLE.get((state, command))
    if not any(set(roles) & row.who for (_, asked), row in TABLE.items() if asked is command):
        return Refusal("not_yours")
    if step is None or not set(roles) & step.who:
        return Refusal("not_now", {"state": state.value})
    missing = tuple(name for name in step.needs if not given.get(name))
    return Refusal("missing", {"names": missing}) if missing else step


@dataclass(frozen=True)
class Lift:
    """That an office agrees to end a suspension."""

    office: Role
    person: str
    organization: str
    reason: str


def may_suspend(roles: Collection[Role]) -> bool:
    """The cyberspace office alone takes something off at once (art. 8)."""
    return Role.CYBERSPACE in roles


def decide_lift(before: Sequence[Lift], person: str, offices: Mapping[Role, str], reason: str) -> Lift | Refusal:
    """What this person may add to the lifting of a suspension.

    :param before: the offices that agreed already
    :param offices: those that the person is a member of, with the organization; being sysadmin gives none
    """
    own = [office for office in offices if office in OFFICES]
    if not own:
        return Refusal("not_an_office")
    if any(one.person == person for one in before):
        return Refusal("lifts_twice")
    office = next((one for one in own if all(one is not each.office for each in before)), None)
    if office is None:
        return Refusal("office_lifted_already")
    if any(one.organization == offices[office] for one in before):
        return Refusal("lifts_twice")
    if not reason.strip():
        return Refusal("reason_missing")
    return Lift(office, person, offices[office], reason.strip())


def is_lifted(lifts: Sequence[Lift]) -> bool:
    """Two persons of the two offices."""
    people, organizations = {one.person for one in lifts}, {one.organization for one in lifts}
    return {one.office for one in lifts} == OFFICES and len(people) == len(organizations) == 2


HAS_DATASET = frozenset({OpeningClass.UNCONDITIONAL, OpeningClass.CONDITIONAL})
HAS_FILES = frozenset({OpeningClass.UNCONDITIONAL})

PUBLIC_COLUMNS = ("title", "notes", "owner_org", "license_id")
PUBLIC_FIELDS = (
    "code",
    "classification",
    "classification_sub",
    "collecting_agency",
    "approving_agency",
    "provider_office",
    "provider_phone",
    "source_system",
    "data_form",
    "data_formats",
    "themes",
    "industry",
    "district",
    "street",
    "time_start",
    "time_end",
    "update_cycle",
    "next_update_due",
    "opening_class",
    "opening_basis_title",
    "opening_basis_number",
    "opening_basis_article",
    "opening_method",
    "opening_requirements",
    "opening_safeguards",
    "opening_conditions",
)
"""The fields of an entry that are copied to a dataset; everything else stays in the entry, whatever is added to it."""

CONDITIONS_OF_SHARING = (
    "allowed_uses",
    "access_methods",
    "longest_term",
    "daily_quota",
    "second_opinion",
    "report_cycle",
    "destruction_days",
    "allows_aggregates",
)
CONDITIONS = ("eligible_applicants", "eligibility_note", *CONDITIONS_OF_SHARING, "sample_rows")
"""Public as well where the entry is open on conditions; elsewhere they are said of sharing, which is internal."""

PUBLIC_ITEM = ("name", "column", "type", "length", "unit", "meaning", "sensitive", "opening_class")
CONDITIONS_OF_ITEM = ("filterable", "necessity")
CLOSED_ITEMS = "closed_items"
"""The field of a dataset that names, with the agency's reason, which items aren't given to anybody."""


def public_metadata(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes public of an entry.

    :param entry: columns of the package, ``tags`` (names), ``groups`` (ids) and ``extras`` (text to text)
    """
    extras: Mapping[str, str] = entry["extras"]
    return {
        **{name: entry.get(name) or "" for name in PUBLIC_COLUMNS},
        "tags": sorted(set(entry.get("tags") or ())),
        "groups": sorted(set(entry.get("groups") or ())),
        "fields": _public_values(extras),
        "information_items": public_items(extras.get("information_items") or "[]", is_conditional(extras)),
    }


def is_conditional(extras: Mapping[str, str]) -> bool:
    return extras.get("opening_class") == OpeningClass.CONDITIONAL.value


def public_fields(extras: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the fields that are public of an entry of this class."""
    return (*PUBLIC_FIELDS, *CONDITIONS) if is_conditional(extras) else PUBLIC_FIELDS


def _public_values(extras: Mapping[str, str]) -> dict[str, str]:
    found = {name: extras[name] for name in public_fields(extras) if extras.get(name)}
    closed = _closed_items(extras) if is_conditional(extras) else []
    return found | ({CLOSED_ITEMS: json.dumps(closed, ensure_ascii=False)} if closed else {})


def _closed_items(extras: Mapping[str, str]) -> list[dict[str, str]]:
    """Items that stay closed while the others are open on conditions, where the agency wants that told."""
    listed = [item for item in _items(extras.get("information_items") or "[]") if _is_closed(item)]
    return [{"name": str(item["name"]), "reason": str(item["closed_reason"])} for item in listed if _says_why(item)]


def _items(text: str) -> list[Mapping[str, Any]]:
    listed = json.loads(text)
    return listed if isinstance(listed, list) else []


def _is_closed(item: Mapping[str, Any], kind: str = "opening_class") -> bool:
    return item.get(kind) == OpeningClass.CLOSED.value


def _says_why(item: Mapping[str, Any]) -> bool:
    return bool(item.get("name") and item.get("closed_reason"))


def public_items(items: str, conditional: bool = False) -> list[dict[str, str]]:
    """The information items as published: without those that are not open, and without what is internal."""
    names = (*PUBLIC_ITEM, *CONDITIONS_OF_ITEM) if conditional else PUBLIC_ITEM
    shown = [item for item in _items(items) if not _is_closed(item)]
    return [{key: str(item[key]) for key in names if item.get(key)} for item in shown]


SHARING_FIELDS = ("sharing_class", "sharing_basis", "sharing_conditions", "sharing_scope", "sharing_method")
SHARED_ITEM = ("name", "column", "type", "unit", "sensitive", "sharing_class", *CONDITIONS_OF_ITEM)
SHARING_CLASSES = ("closed", "conditional", "unconditional")  # each gives more than those before it


def sharing_terms(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What agencies may have of an entry, and on what conditions (art. 20): never public, kept with each version.

    :param entry: as ``public_metadata`` takes it
    """
    extras: Mapping[str, str] = entry["extras"]
    items = _items(extras.get("information_items") or "[]")
    return {
        **{name: extras[name] for name in (*SHARING_FIELDS, *CONDITIONS_OF_SHARING) if extras.get(name)},
        "information_items": [{key: str(item[key]) for key in SHARED_ITEM if item.get(key)} for item in items],
    }


def sharing_now(approved: Mapping[str, Any], stated: Mapping[str, str] | None) -> dict[str, Any]:
    """What was approved, narrowed by what the entry says since: an edit closes at once and opens nothing.

    :param approved: as ``sharing_terms`` gave it · :param stated: extras of the entry; None: it is gone
    """
    extras = stated or {}
    items = _items(extras.get("information_items") or "[]")
    closed = {item.get("name") for item in items if _is_closed(item, "sharing_class")}
    return {
        **approved,
        "sharing_class": narrower(approved.get("sharing_class"), extras.get("sharing_class")),
        "information_items": [
            {**item, "sharing_class": "closed"} if item.get("name") in closed else item
            for item in approved.get("information_items", ())
        ],
    }


def narrower(one: str | None, other: str | None) -> str:
    """The sharing class that gives less; what is no class gives nothing."""
    given = (name if name in SHARING_CLASSES else "closed" for name in (one or "", other or ""))
    return min(given, key=SHARING_CLASSES.index)


def opening_basis(fields: Mapping[str, str]) -> str:
    """The legal basis in one line: title (number) article."""
    title, number = fields.get("opening_basis_title", ""), fields.get("opening_basis_number", "")
    article = fields.get("opening_basis_article", "")
    return " ".join(part for part in (f"{title}（{number}）" if number else title, article) if part)


MEASURES = "鞍山市公共数据管理办法（试行）（鞍政办发〔2022〕22号）第二十七条"
"""By what data is open unconditionally, where nothing else is said: that needs no law of its own (article 27)."""


def canonical(value: Any) -> bytes:
    """JSON with one spelling for each value: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


@dataclass(frozen=True)
class File:
    """A file of a release, in the vault under its SHA-256."""

    name: str
    sha256: str
    size: int
    format: str
    mimetype: str


def content_hash(metadata_hash: str, files: Sequence[File], approval: str, release_date: str) -> str:
    """One hash over all that makes two releases the same."""
    listed = [[file.name, file.sha256, file.format] for file in files]
    return digest({"metadata": metadata_hash, "files": listed, "approval": approval, "date": release_date})


def is_repeated(content: str, history: Sequence[str], is_last: bool) -> bool:
    """Whether a line of a manifest was imported before.

    :param history: content hashes of the entry's releases, oldest first
    :param is_last: whether no later line of the manifest is about the same entry

    The last line has to be what is published now: bringing an older content back is a new version.
    """
    return content in history[-1:] if is_last else content in history


LONGEST_NAME = 200  # bytes in UTF-8: leaves room for what file systems add


def file_name(given: str) -> str | Refusal:
    """The name under which a file is handed out: one part of a path, nothing that a shell or browser reads."""
    name = unicodedata.normalize("NFC", given).strip()
    if not name or name in {".", ".."} or set(name) & set('/\\\0:*?"<>|') or not name.isprintable():
        return Refusal("bad_file_name", {"name": _safe(given)})
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        return Refusal("long_file_name", {"name": name[:60], "bytes": LONGEST_NAME})
    return name


def relative_path(given: str) -> PurePosixPath | Refusal:
    """A path below the folder of the manifest: no way up, no absolute path, no other system's separators."""
    refusal = Refusal("bad_path", {"path": _safe(given)})
    if not given or "\0" in given or "\\" in given or given[1:2] == ":":
        return refusal
    path = PurePosixPath(given)
    return refusal if path.is_absolute() or ".." in path.parts or not path.parts else path


def _safe(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:200])


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", XLSX),
    "xls": ("XLS", "application/vnd.ms-excel"),
    "json": ("JSON", "application/json"),
    "geojson": ("GeoJSON", "application/geo+json"),
    "xml": ("XML", "application/xml"),
    "zip": ("ZIP", "application/zip"),
    "pdf": ("PDF", "application/pdf"),
    "txt": ("TXT", "text/plain"),
    "png": ("PNG", "image/png"),
    "jpg": ("JPEG", "image/jpeg"),
    "jpeg": ("JPEG", "image/jpeg"),
    "gif": ("GIF", "image/gif"),
    "webp": ("WEBP", "image/webp"),
    "tif": ("TIFF", "image/tiff"),
    "tiff": ("TIFF", "image/tiff"),
}
"""What an ending says of a file."""

TEXTS = {"csv", "json", "geojson", "xml", "txt"}
UNMISTAKABLE = {mimetype for ending, (_, mimetype) in KINDS.items() if ending not in TEXTS}


SIGNATURES = {
    b"PK\3\4": "application/zip",
    b"\xd0\xcf\x11\xe0": "application/vnd.ms-excel",
    b"%PDF": "application/pdf",
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


def sniff(name: str, start: bytes) -> str:
    """The mimetype by ending and first bytes; empty where only a closer look can tell."""
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS:
        return ""
    found = next((mimetype for signature, mimetype in SIGNATURES.items() if start.startswith(signature)), "")
    return found if ending in TEXTS and found else KINDS[ending][1]


def kind(name: str, sniffed: str, format: str = "") -> tuple[str, str]:
    """Format and mimetype of a file, by the ending of its name unless its first bytes say clearly otherwise."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    known, mimetype = KINDS.get(ending, (ending.upper()[:10], sniffed or "application/octet-stream"))
    if ending in TEXTS and sniffed in UNMISTAKABLE:
        mimetype = sniffed
    return _named(format) or known, mimetype


def _named(format: str) -> str:
    plain = format.strip().lower().lstrip(".")
    return KINDS[plain][0] if plain in KINDS else plain.upper()[:20]
