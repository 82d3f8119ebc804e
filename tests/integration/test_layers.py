"""The walls between the rooms, read from the source: what a file imports says what it leans on."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ckanext.anshan
from ckanext.anshan import rooms

PACKAGE = Path(str(ckanext.anshan.__file__)).parent
BASE = "ckanext.anshan"
FRAMEWORKS = {"ckan", "ckanext", "flask", "jinja2", "sqlalchemy", "werkzeug", "click", "requests", "redis", "pysolr"}

# What a room lets others call, beside its actions (through CKAN), rules and options.
INTERFACES = {
    "people": {"roles", "everybody", "notices"},  # notices: what a room tells somebody
    # parties: for whom somebody acts, agencies among them; identities: who somebody is, told to who judges, on record
    # proving, connecting: whether somebody has shown again, at the identity service, who they are
    "applicants": {"identities", "parties", "proving", "connecting"},
    # a limit of calls under grants is counted beside its own; a password that is asked for again is guessed no oftener
    "guard": {"counting", "trying"},
    # cli: the request that a command runs in
    "workflow": {"outbox", "clock", "cli", "mails", "workdays", "transactions"},
    "cache": {"changes"},  # the index changes beside the main database
    "store": {"packages", "index"},
    # terms and codes; how the demo comes in; on what conditions an entry or a dataset is given
    "catalogue": {"vocabularies", "uscc", "exchange", "themes", "conditions"},
    # every room writes into the log, and says who works; an address that is on record is named as the log knows it
    "audit": {"recording", "events", "persons"},
    "pages": {"exports"},  # how a list becomes a file
    # an agreement is drawn up, shown and printed out of its template
    "agreement": {"fonts", "printing", "showing", "templates"},
    # how often a dataset was used; what was submitted leaves through the door too; grants follow an application
    "access": {"downloads", "door", "granting", "copying"},
    # kept pages are told apart by what a reader chose to look with; what went wrong is told on one kind of page
    "theme": {"looks", "errors", "libraries"},  # libraries: the font that agreements are printed with
    "search": {"usage", "asked"},  # the demo's downloads order its datasets at once; a feed asks as the search page
    # the door; how the demo is released; the open list; what was released from each entry of an agency's list
    # lists: what of a list is signed, and may be imported; telling: why a dataset isn't public any more
    # publishing: what follows the last key; vault: where an attachment is kept
    # offers: what applications and grants are about; sharing: what agencies may have of each other
    "release": {
        "files",
        "importing",
        "listing",
        "entries",
        "tables",
        "lists",
        "telling",
        "publishing",
        "vault",
        "offers",
        "sharing",
    },
    "inspection": {"results"},  # the scans that signatures are bound to
    "review": {"lists"},  # by which list an import releases
    "dataset": {"differences", "contents"},  # a submission is compared as two versions are, within the same limits
}


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join((BASE, *(part for part in parts if part != "__init__")))


def imports(path: Path) -> Iterator[str]:
    """Absolute names of everything that a file imports, inside functions too: ``from x import y`` gives ``x.y``."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            stem = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def ours(name: str) -> tuple[str, str]:
    """Room and module of an import of this package: ``ckanext.anshan.people.roles.roles_of`` → ``people, roles``."""
    parts = name.removeprefix(f"{BASE}.").split(".")
    return parts[0], parts[1] if len(parts) > 1 else ""


def rules_files() -> list[Path]:
    return [path for path in modules(PACKAGE) if path.name == "rules.py"]


@pytest.mark.parametrize("path", rules_files(), ids=name_of)
def test_rules_know_no_framework(path):
    outside = {name for name in imports(path) if not name.startswith(f"{BASE}.")}
    assert {name for name in outside if name.split(".")[0] in FRAMEWORKS} == set()


@pytest.mark.parametrize("path", rules_files(), ids=name_of)
def test_rules_lean_on_rules_alone(path):
    """What a rule imports of ours is as plain as itself, all the way down."""
    for name in imports(path):
        if name.startswith(f"{BASE}."):
            leaned_on = _file_of(name)
            assert not {n for n in imports(leaned_on) if n.split(".")[0] in FRAMEWORKS - {"ckanext"}}, leaned_on


def _file_of(name: str) -> Path:
    """The file an imported name lives in: the module itself, or the module that defines it."""
    parts = name.removeprefix(f"{BASE}.").split(".")
    for end in (len(parts), len(parts) - 1):
        path = PACKAGE.joinpath(*parts[:end])
        if path.with_suffix(".py").exists():
            return path.with_suffix(".py")
        if (path / "__init__.py").exists():
            return path / "__init__.py"
    raise AssertionError(f"{name} is nowhere")


def test_the_launcher_is_standard_library_only():
    """It runs before anything is installed; only ``local/inside`` runs in the environment that it makes."""
    allowed = sys.stdlib_module_names | {"__future__"}
    for path in modules(PACKAGE / "local"):
        if "inside" in path.relative_to(PACKAGE).parts:
            continue
        foreign = {n for n in imports(path) if n.split(".")[0] not in allowed and not n.startswith(f"{BASE}.local")}
        assert foreign == set(), name_of(path)


def _crossings() -> Iterator[tuple[str, str, str, str]]:
    """``(room, file, other room, its module)`` for each import of one room by another."""
    for room in rooms.ROOMS:
        for path in modules(PACKAGE / room):
            for name in imports(path):
                other, module = ours(name) if name.startswith(f"{BASE}.") else ("", "")
                if other in rooms.ROOMS and other != room:
                    yield room, path.name, other, module


def test_rooms_meet_only_through_actions_and_rules():
    shared = {"rules", "options", "messages"}
    strangers = [
        f"{room}/{file} imports {other}.{module}"
        for room, file, other, module in _crossings()
        if module not in shared | INTERFACES.get(other, set())
    ]
    assert strangers == [], "call the other room's action, or name the function in INTERFACES with a reason"


def test_every_named_interface_is_used():
    used = {(other, module) for _, _, other, module in _crossings()}
    assert {(room, module) for room, names in INTERFACES.items() for module in names} - used == set()


@pytest.mark.parametrize("room", rooms.ROOMS)
def test_no_room_reads_the_tables_of_another(room):
    assert [c for c in _crossings() if c[0] == room and c[3] == "model"] == []


def test_views_ask_no_database():
    for path in modules(PACKAGE):
        if path.name == "views.py":
            touched = {n for n in imports(path) if n.startswith(("ckan.model", "sqlalchemy")) or n.endswith(".model")}
            assert touched == set(), name_of(path)


def test_migrations_import_no_model():
    """A migration is frozen; the model moves on."""
    for path in modules(PACKAGE / "migration"):
        assert not {n for n in imports(path) if n.startswith(f"{BASE}.")}, path.name


def test_plugin_only_wires():
    """No function of the plugin class is longer than a few lines: the bodies live in the rooms."""
    tree = ast.parse((PACKAGE / "plugin.py").read_text("utf-8"))
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 6
    ]
    assert long == []
