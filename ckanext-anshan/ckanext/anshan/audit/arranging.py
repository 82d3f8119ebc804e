"""The commands that say who keeps the log's checkpoints and how long its months stay.

    python -m ckanext.anshan.audit.arranging FOLDER witness list | add NAME URL [--key VKEY] [--every N] | remove NAME
    python -m ckanext.anshan.audit.arranging FOLDER retention show | set --months N --archives FOLDER [--trim] | off

FOLDER is the sealer's own. ``./portal witness`` and ``./portal retention`` run this; the sealer takes what they write
within seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from ..local import files
from ..local.problems import N_, Problem, beside, both
from ..local.witnessing import age
from . import notes, retention, stored, trying, witnesses
from .offline import Key, NoteError
from .retention import Policy
from .trying import Known
from .witnesses import EVERY, Witness, WitnessError

LONGEST_NAME, SHOWN = 100, 200  # characters
ANSWERS = """
SELECT name, size, extract(epoch FROM now() - answered)::bigint, answer, failing FROM anshan_audit_witness
"""
FARED = "SELECT at, failing FROM anshan_audit_retention"
HERE = N_(
    "Warning: {name} lies on the same disk or machine as the portal's data. Whoever holds that can change both; name"
    " another place, too."
)


def list_witnesses(folder: Path) -> None:
    known = _listed(folder)
    if not known:
        what = N_("Nobody keeps the log's checkpoints outside the portal.")
        print(both(what, N_("Name somebody: ./portal witness add NAME URL")))
        return
    answers = {row[0]: row[1:] for row in _asked(folder, ANSWERS)}
    for one in map(witnesses.parse, known):
        print(f"{one.name}  {one.url}")
        for line in _lines(one, answers.get(one.name)):
            print(f"  {line}")
        if trying.is_here(one, folder):
            print(both(HERE, name=one.name))


def _lines(one: Witness, row: Any) -> list[str]:
    pinned = N_("key pinned") if one.key else N_("any key")
    if row is None:
        return [beside(N_("not asked yet")), beside(pinned)]
    size, seconds, answer, failing = row
    health = N_("does not answer") if failing else N_("answers")
    head = [beside(health), beside(N_("{number} events"), number=size), age(seconds)]
    signs = [beside(pinned)] if one.kind in ("http", "https") else []
    return ["  ".join(head + signs), " ".join(answer.split())[:SHOWN]]


def add_witness(folder: Path, given: argparse.Namespace) -> None:
    entry = {"name": given.name, "url": given.url}
    entry |= {"key": given.key} if given.key else {}
    entry |= {"every": given.every} if given.every is not None else {}
    with files.alone(folder / "witnesses.lock", wait=True):
        known = _listed(folder)
        one = _parsed(entry, known)
        trying.try_out(one, _signed(folder))
        files.write_json(folder / witnesses.FILE, [*known, entry])
    what = N_("{name} is a witness now: a running sealer sends it the newest checkpoint within seconds.")
    print(both(what, N_("See with ./portal witness list that it has answered."), name=one.name))
    if trying.is_here(one, folder):
        print(both(HERE, name=one.name))


def _parsed(entry: dict[str, Any], known: list[dict[str, Any]]) -> Witness:
    """:raises Problem: nobody could use it"""
    name, url, mend = entry["name"], entry["url"], N_("Choose another name.")
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Problem(N_("{name} is no name: 1 to {most} printable characters."), mend, name=name, most=LONGEST_NAME)
    if any(one["name"] == name for one in known):
        what, mend = N_("There is a witness {name} already."), N_("Choose another name, or remove that one first.")
        raise Problem(what, mend, name=name)
    if not _is_address(url):
        what = N_("{url} is no place for checkpoints.")
        mend = N_("An address begins with file:///, https:// or rfc3161+https://.")
        raise Problem(what, mend, url=url)
    return _witness(entry)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url.removeprefix("rfc3161+"))
        return urlsplit(url).scheme in EVERY and bool(parts.scheme == "file" or parts.hostname)
    except ValueError:
        return False


def _witness(entry: dict[str, Any]) -> Witness:
    if "key" in entry:
        if urlsplit(entry["url"]).scheme not in ("http", "https"):
            raise Problem(N_("Only a witness that signs has a key."), N_("Leave --key out."))
        try:
            Key.parse(entry["key"])
        except NoteError as error:
            what, mend = N_("{key} is no public key: {reason}"), N_("Copy it whole from where the witness shows it.")
            raise Problem(what, mend, key=entry["key"], reason=error) from error
    if not 0 <= entry.get("every", 0) <= 86_400:
        what, mend = N_("{every} is no time between two checkpoints."), N_("Give seconds, from 0 to 86400.")
        raise Problem(what, mend, every=entry["every"])
    return witnesses.parse(entry)


def remove_witness(folder: Path, given: argparse.Namespace) -> None:
    with files.alone(folder / "witnesses.lock", wait=True):
        known = _listed(folder)
        left = [one for one in known if one["name"] != given.name]
        if len(left) == len(known):
            what, mend = N_("There is no witness {name}."), N_("There are: {known}.")
            raise Problem(what, mend, name=given.name, known=", ".join(one["name"] for one in known) or "-")
        files.write_json(folder / witnesses.FILE, left)
    print(both(N_("{name} is no witness any more; what it has stays with it."), name=given.name))


def _listed(folder: Path) -> list[dict[str, Any]]:
    """As ``witnesses.json`` has them.

    :raises Problem: it can't be read
    """
    path = folder / witnesses.FILE
    try:
        witnesses.load(path)
        return json.loads(path.read_text("utf-8")) if path.exists() else []
    except WitnessError as error:
        what, mend = N_("The list of witnesses can't be read: {reason}"), N_("Mend or delete {path}, then try again.")
        raise Problem(what, mend, reason=error, path=path) from error


def _signed(folder: Path) -> Known:
    memory = files.read_json(folder / "memory.json", {})
    key_file = Path(files.read_json(folder / "config.json", {}).get("verifier_key_file", "/dev/null"))
    return Known(memory.get("note", ""), memory.get("size", 0), notes.current(key_file))


def _asked(folder: Path, statement: str) -> list[Any]:
    """Rows of the sealer's tables; none while the database is away."""
    try:
        with closing(psycopg2.connect(files.read_json(folder / "config.json", {})["database"])) as connection:
            return stored.asking(connection)(statement, ())
    except (psycopg2.Error, KeyError):
        print(both(N_("The database doesn't answer: what was last heard is not shown.")), file=sys.stderr)
        return []


def show_retention(folder: Path) -> None:
    policy = retention.load(folder / retention.FILE)
    if policy is None:
        what = N_("All months stay in the database: there is no policy.")
        print(both(what, N_("Set one: ./portal retention set --months N --archives FOLDER")))
    else:
        _say(policy)
    for at, failing in _asked(folder, FARED):
        time = at.strftime("%Y-%m-%d %H:%M:%S%z")
        print(f"{time}  {failing}" if failing else beside(N_("{time}: everything is as it should be"), time=time))


def _say(policy: Policy) -> None:
    facts = {"months": policy.months, "folder": policy.archives}
    print(both(N_("Months older than {months} full months are archived in {folder}."), **facts))
    if policy.trim:
        print(both(N_("Then they are taken out of the database: the archives are the only place that has them.")))


def set_retention(folder: Path, given: argparse.Namespace) -> None:
    policy = retention.parse({"months": given.months, "archives": str(given.archives), "trim": given.trim})
    retention.need_folder(policy.archives)
    files.write_json(folder / retention.FILE, policy.as_json())
    _say(policy)
    if policy.archives.stat().st_dev == folder.stat().st_dev:
        what = N_("Warning: {folder} lies on the same disk as the portal's data. Copy the archives to another.")
        print(both(what, folder=policy.archives))


def end_retention(folder: Path) -> None:
    (folder / retention.FILE).unlink(missing_ok=True)
    print(both(N_("From now on all months stay in the database.")))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the sealer's own")
    rooms = parser.add_subparsers(required=True)
    witness = rooms.add_parser("witness").add_subparsers(required=True)
    witness.add_parser("list").set_defaults(run=lambda given: list_witnesses(given.folder))
    add, remove = witness.add_parser("add"), witness.add_parser("remove")
    for one in (add, remove):
        one.add_argument("name")
    add.add_argument("url")
    add.add_argument("--key")
    add.add_argument("--every", type=float)
    add.set_defaults(run=lambda given: add_witness(given.folder, given))
    remove.set_defaults(run=lambda given: remove_witness(given.folder, given))
    keep = rooms.add_parser("retention").add_subparsers(required=True)
    keep.add_parser("show").set_defaults(run=lambda given: show_retention(given.folder))
    change = keep.add_parser("set")
    change.add_argument("--months", type=int, required=True)
    change.add_argument("--archives", type=Path, required=True)
    change.add_argument("--trim", action="store_true")
    change.set_defaults(run=lambda given: set_retention(given.folder, given))
    keep.add_parser("off").set_defaults(run=lambda given: end_retention(given.folder))
    return parser


def main(words: list[str] | None = None) -> int:
    given = _parser().parse_args(words)
    try:
        given.run(given)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
