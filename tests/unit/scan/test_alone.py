"""The scanner stands alone: without CKAN, without the other rooms, and with few libraries."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "ckanext-anshan"
SCAN = PACKAGE / "ckanext" / "anshan" / "scan"
FORBIDDEN = {"ckan", "ckantoolkit", "flask", "sqlalchemy", "redis", "rq", "requests", "alembic", "jinja2", "werkzeug"}
LIBRARIES = {
    "numpy",
    "yaml",
    "lxml",
    "python_calamine",
    "openpyxl",
    "xlsxwriter",
    "pypdfium2",
    "olefile",
    "xlrd",
    "ijson",
    "PIL",
    "ahocorasick_rs",
}
FILES = sorted(SCAN.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Whole names of what a file imports; those of its own package by their path."""
    package = ("ckanext", "anshan", "scan", *path.relative_to(SCAN).parent.parts)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *([node.module] if node.module else [])))
            found |= {module, *(f"{module}.{one.name}" for one in node.names if not node.module)}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SCAN)))
def test_a_file_of_the_scanner_imports_neither_a_framework_nor_another_room(path):
    names = imported(path)
    assert not {name.partition(".")[0] for name in names} & FORBIDDEN
    assert [name for name in names if name.startswith("ckanext") and not name.startswith("ckanext.anshan.scan")] == []
    outside = {name.partition(".")[0] for name in names} - {"ckanext", "", *sys.stdlib_module_names}
    assert outside <= LIBRARIES | ({"pypinyin"} if path.name == "spelling.py" else set())  # makes a dictionary, once


def test_relative_imports_are_seen_for_what_they_name():
    inner = SCAN / "reading" / "delimited.py"
    assert {"ckanext.anshan.scan.pieces", "ckanext.anshan.scan.reading.encoding"} <= imported(inner)


CHECK = """
import sys, {module}
found = {{name.partition(".")[0] for name in sys.modules}} & {forbidden}
assert not found, found
ours = [name for name in sys.modules if name.startswith("ckanext.anshan.")]
rooms = [name for name in ours if not name.startswith("ckanext.anshan.scan")]
assert not rooms, rooms
"""


@pytest.mark.parametrize("module", ["scanning", "__main__", "remedies"])
def test_the_scanner_runs_where_no_framework_is_loaded(module):
    code = CHECK.format(module=f"ckanext.anshan.scan.{module}", forbidden=FORBIDDEN)
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(PACKAGE)},
    )
    assert done.returncode == 0, done.stderr


def test_a_scan_loads_no_writer_of_workbooks():
    code = "import sys, ckanext.anshan.scan.__main__; assert not {'openpyxl', 'xlsxwriter'} & set(sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(PACKAGE)},
    )
    assert done.returncode == 0, done.stderr
