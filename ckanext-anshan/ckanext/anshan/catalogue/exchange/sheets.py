"""Reads a workbook in a process of its own and writes its rows as JSON lines.

A workbook of a few kilobytes can ask for any amount of memory (a cell in the last row of the last column is
enough), and only the system can refuse it that: this process runs under a limit, so the portal doesn't.
Run as ``python sheets.py FILE BYTES SECONDS``. Imports nothing of the portal, to start at once.
"""

from __future__ import annotations

import datetime
import json
import resource
import sys
from typing import Any

EXACT = 10**15
"""Above this a spreadsheet's number has lost its last digits."""


def text(value: Any) -> str:
    """A cell as it would be typed; a number that has lost digits ends in an ellipsis, so that nothing takes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return f"{int(value)}…" if abs(value) >= EXACT else str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    return str(value)


def main(path: str, memory: int, seconds: int) -> int:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            _write(name, workbook.get_sheet_by_name(name))
    except PasswordError:
        return _fail("encrypted")
    except (CalamineError, ValueError, OSError) as error:
        return _fail("broken", reason=str(error)[:200])
    except MemoryError:
        return _fail("too_many_cells")
    return 0


def _write(name: str, sheet: Any) -> None:
    print(json.dumps({"sheet": name}))
    for number, row in enumerate(sheet.iter_rows(), 1):
        if any(value != "" for value in row):
            print(json.dumps([number, *map(text, row)]))


def _fail(code: str, **facts: Any) -> int:
    print(json.dumps({"problem": code, **facts}))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
