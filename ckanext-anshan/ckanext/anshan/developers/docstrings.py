"""What the docstring of an action says of its parameters. Plain Python.

Two ways of writing are read: CKAN's, a field for the text and one for the type (``:param id: …``, ``:type id:
string``), and the portal's own, several fields on a line with a dot between them, several names in one field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIELD = re.compile(r"(?:^|(?<=\s))(?:· )?:(?P<key>[a-z]+)(?: (?P<name>[^\s:]+(?:, [^\s:]+)*))?:(?=\s|$)", re.MULTILINE)
RESULTS = re.compile(r"^\**Results?:\**", re.MULTILINE)
ROLE = re.compile(r":[a-z]+(?::[a-z]+)?:`~?([^`<]+?)(?: <[^`>]*>)?`")
LINK = re.compile(r"`([^`<]+?)\s*(?:<[^`>]*>)?`_+")
TARGET = re.compile(r"^\.\. .*$(?:\n[ \t]+.*$)*", re.MULTILINE)
SENTENCE = re.compile(r"(?<!e\.g\.)(?<!i\.e\.)(?<=[.。])\s")
OPTIONAL = re.compile(r"\boptional\b|\bdefaults?\b|\bif not given\b|\bwhen not given\b", re.IGNORECASE)
SWITCH = re.compile(r"\bdefault:? *`*(?:True|False)\b")
"""Where CKAN leaves out the type of a switch, it says what it is without being given."""
IDENTITY = re.compile(r"^(?:id|resource_id|object_id|name|package_id)$")

Schema = dict[str, Any]

WORDS: tuple[tuple[str, Schema], ...] = (
    ("controlled list", {"type": "string"}),
    ("list of string", {"type": "array", "items": {"type": "string"}}),
    ("list or ", {}),
    ("list of dict", {"type": "array", "items": {"type": "object"}}),
    ("list of", {"type": "array", "items": {"type": "string"}}),
    ("list", {"type": "array", "items": {}}),
    (" or ", {}),
    ("bool", {"type": "boolean"}),
    ("int", {"type": "integer"}),
    ("number", {"type": "number"}),
    ("float", {"type": "number"}),
    ("dict", {"type": "object"}),
    ("mapping", {"type": "object"}),
    ("str", {"type": "string"}),
    ("iso", {"type": "string"}),
    ("date", {"type": "string"}),
    ("fieldstorage", {"type": "string", "format": "binary"}),
)


@dataclass(frozen=True)
class Param:
    name: str
    text: str = ""
    type: str = ""

    @property
    def is_required(self) -> bool:
        """Only where the docstring leaves no doubt: CKAN's are silent about many parameters that may be left out."""
        return bool(IDENTITY.match(self.name)) and not OPTIONAL.search(f"{self.text} {self.type}")

    @property
    def schema(self) -> Schema:
        if not self.type and SWITCH.search(self.text):
            return {"type": "boolean"}
        words = self.type.lower() if not IDENTITY.match(self.name) else "string"
        return next((dict(schema) for word, schema in WORDS if word in words), {})


@dataclass(frozen=True)
class Doc:
    summary: str = ""
    about: str = ""
    returns: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)


def read(text: str | None) -> Doc:
    """A docstring as summary, description, parameters and what is returned."""
    plain = TARGET.sub("", text or "")
    head = RESULTS.split(plain, maxsplit=1)[0]
    found = list(FIELD.finditer(head))
    about = _plain(head[: found[0].start()] if found else head)
    ends = [each.start() for each in found[1:]] + [len(head)]
    fields = [
        (match["key"], match["name"] or "", _told(match["key"], head[match.end() : end]))
        for match, end in zip(found, ends, strict=False)
    ]
    returns = next((told for key, _, told in fields if key in ("returns", "return")), "")
    return Doc(_summary(about), about, returns, _params(fields))


def _params(fields: list[tuple[str, str, str]]) -> dict[str, Param]:
    """Those before the result is described; a type may stand before or after the words."""
    found: dict[str, Param] = {}
    for key, name, told in fields:
        if key in ("returns", "return", "rtype"):
            break
        if key in ("param", "type") and name:
            for each in name.split(", "):
                before = found.get(each, Param(each))
                text, type = (told, before.type) if key == "param" else (before.text, told)
                found[each] = Param(each, text, type)
    return found


def _plain(text: str) -> str:
    """Without the marks of reStructuredText, paragraphs kept."""
    text = LINK.sub(r"\1", ROLE.sub(r"\1", text)).replace("``", "`").replace("**", "")
    paragraphs = (" ".join(each.split()) for each in re.split(r"\n\s*\n", text))
    return "\n\n".join(each for each in paragraphs if each)


def _told(key: str, text: str) -> str:
    """A type ends with its paragraph; what follows the last one is about something else."""
    return _line(re.split(r"\n\s*\n", text.lstrip(), maxsplit=1)[0] if key == "type" else text)


def _line(text: str) -> str:
    return " ".join(_plain(text).split())


def _summary(about: str) -> str:
    first = about.split("\n\n", 1)[0]
    return SENTENCE.split(first, maxsplit=1)[0].rstrip(".。:")
