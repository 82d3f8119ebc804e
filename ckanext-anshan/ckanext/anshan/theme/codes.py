"""Every code that a room's ``messages.py`` has words for, read from its source: key and sentence of each table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from . import words

GETTEXT = {"_", "N_"}


class Code(NamedTuple):
    """A code with its room before it, and its words in both languages."""

    name: str
    english: str
    chinese: str


def message_files() -> list[Path]:
    return sorted(words.PACKAGE.rglob("messages.py"))


def room_of(path: Path) -> str:
    return path.relative_to(words.PACKAGE).parts[0]


def all_codes() -> list[Code]:
    found = {
        Code(f"{room_of(path)}.{code}", english, chinese().get(english, ""))
        for path in message_files()
        for code, english in sentences(path.read_text("utf-8"))
    }
    return sorted(found)


@cache
def chinese() -> dict[str, str]:
    catalogue = words.read(words.po_path("zh_Hans_CN"), "zh_Hans_CN")
    return {words.singular(message): words.forms(message)[0] for message in words.messages(catalogue)}


def sentences(source: str) -> Iterator[tuple[str, str]]:
    """``(code, English)`` of each entry of each table in a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                english = _sentence(value)
                if key is not None and english:
                    yield _code(key), english


def table_of(source: str, name: str) -> dict[str, str]:
    """Code and English of one table of a module, such as ``STATES``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == name and node.value is not None:
            return dict(sentences(ast.unparse(node.value)))
    raise KeyError(name)


def _code(key: ast.expr) -> str:
    """A text as it is; an attribute such as ``Code.NOT_YOURS`` in small letters."""
    return str(key.value) if isinstance(key, ast.Constant) else ast.unparse(key).rpartition(".")[2].lower()


def _sentence(value: ast.expr) -> str:
    """The first translated text in a value."""
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and _called(node.func) in GETTEXT and node.args:
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                return text.value
    return ""


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
