"""The controlled terms of the catalogue, read from ``config/vocabularies/*.yaml``.

Plain Python. A term has an id that is stored, a word in each language, and the other words by which people call it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "config" / "vocabularies"
PADDING = re.compile(r"[\s\"'“”‘’《》【】()（）\[\]。.,，;；:：、*·_-]+")

# The vocabulary of each field whose value is a term's id.
OF_FIELD: Mapping[str, str] = {
    "classification": "classifications",
    "classification_sub": "classification_subs",
    "data_form": "data_forms",
    "data_formats": "file_formats",
    "industry": "industries",
    "district": "districts",
    "street": "streets",
    "update_cycle": "update_cycles",
    "sharing_class": "sharing_classes",
    "opening_class": "opening_classes",
    "security_level": "security_levels",
    "license_id": "licences",
    "themes": "themes",
    "type": "item_types",
    "sensitive": "yes_no",
    "eligible_applicants": "applicant_kinds",
    "access_methods": "access_methods",
    "second_opinion": "yes_no",
    "allows_aggregates": "yes_no",
    "filterable": "yes_no",
    "necessity": "yes_no",
}


@dataclass(frozen=True)
class Term:
    id: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()
    parent: str = ""
    rank: int = 0
    days: int = 0
    months: int = 0

    def label(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en

    @property
    def labels(self) -> dict[str, str]:
        """As ckanext-scheming wants a text in several languages."""
        return {"zh_Hans_CN": self.zh, "en": self.en}


@dataclass(frozen=True)
class Vocabulary:
    name: str
    source: str
    terms: tuple[Term, ...]
    by_id: Mapping[str, Term] = field(repr=False)
    by_word: Mapping[str, str] = field(repr=False)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """One form for words that differ in width, case, spaces or brackets only."""
    return PADDING.sub("", unicodedata.normalize("NFKC", text).casefold())


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load(name: str) -> Vocabulary:
    if name not in names():
        raise KeyError(name)
    raw = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    terms = tuple(_term(row) for row in raw["terms"])
    return Vocabulary(name, raw["source"], terms, {t.id: t for t in terms}, _words(terms))


def _term(row: Mapping[str, Any]) -> Term:
    return Term(**{**row, "synonyms": tuple(row.get("synonyms", ()))})


def _words(terms: tuple[Term, ...]) -> dict[str, str]:
    """Ids and names win over synonyms; of two terms with one synonym the first wins."""
    found: dict[str, str] = {}
    for words in (lambda t: (t.id, t.zh, t.en), lambda t: t.synonyms):
        for each in terms:
            for word in words(each):
                found.setdefault(fold(word), each.id)
    return found


def get(name: str, id: str) -> Term | None:
    return load(name).by_id.get(id)


def term(name: str, text: str | None) -> str | None:
    """The id of the term that people call ``text``, or None."""
    return load(name).by_word.get(fold(text)) if text else None


def label(name: str, id: str, lang: str = "zh_Hans_CN") -> str:
    """The word for ``id``; an unknown id is its own word."""
    found = get(name, id)
    return found.label(lang) if found else id


def children(name: str, parent: str) -> tuple[Term, ...]:
    return tuple(each for each in load(name).terms if each.parent == parent)
