"""What a search document holds beside CKAN's own fields. Plain Python; the same for every user."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from . import agencies, pinyin, synonyms
from .synonyms import fold, key

Document = dict[str, Any]

LARGEST = 32_766
"""Bytes of one value of a field that Solr doesn't cut into words (Lucene's limit of a term)."""
NOTES = 600
"""Characters of the summary that are searched in pinyin, sound and words."""
KEPT = {"data_dict", "validated_data_dict", "notes", "title", "text"}
"""Long values that are only stored, or cut into words."""
BRACKETS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
WORDS = ("extras_", "res_extras_")
LABELLED = ("collecting_agency", "approving_agency", "industry", "street", "source_system", "collection_basis")


def extend(document: Document) -> Document:
    """The document with the fields of ``configset.FIELDS``; values that Solr would refuse are cut."""
    package = _package(document)
    title, notes = fold(document.get("title") or ""), fold(document.get("notes") or "")[:NOTES]
    items = _items(package)
    agency = _title(package.get("organization"))
    names = agencies.names(agency) if agency else ()
    similar = synonyms.others(title + "\n" + notes[:120] if _says_little(title) else title)
    document |= {
        "exact_title": [key(title)[:200]] if title else [],
        "exact_agency": list(dict.fromkeys(map(key, names))),
        "exact_item": _item_names(package),
        "exact_code": _codes(package, document),
        "zh_notes_words": notes,
        "zh_notes_sound": notes[:200],
        "zh_agency": list(names),
        "zh_items": items,
        "zh_synonyms": list(similar.same),
        "zh_related": list(similar.leading),
        "zh_more": _more(package),
        "typed_title": sorted(pinyin.typed(title)),
        "typed_more": _typed([*similar.same, *names]),
        "typed_notes": sorted(pinyin.typed(notes[:60])),
        "use_count": uses(document) or 0,
    }
    return {key: _fitting(key, value) for key, value in document.items()}


def _package(document: Document) -> Mapping[str, Any]:
    try:
        package = json.loads(document.get("validated_data_dict") or "{}")
    except ValueError:
        return {}
    return package if isinstance(package, dict) else {}


def _says_little(title: str) -> bool:
    """A title that names a paper, not its subject (批复, 行政许可决定书): the summary says what it is about."""
    return len(title) < 12 or title.endswith(("书", "复", "见", "证", "件", "函", "表", "知"))


def _title(organization: Any) -> str:
    return (organization.get("title") or organization.get("name") or "") if isinstance(organization, dict) else ""


def _items(package: Mapping[str, Any]) -> list[str]:
    """Name, column and meaning of each information item."""
    rows = _rows(package)
    return list(dict.fromkeys(str(row[key]) for key in ("name", "column", "meaning") for row in rows if row.get(key)))


def _item_names(package: Mapping[str, Any]) -> list[str]:
    """Each name as it is typed, also without what is said of it in brackets: 化学需氧量（mg/L）."""
    names = [str(row["name"])[:200] for row in _rows(package) if row.get("name")]
    keys = dict.fromkeys(key(form) for name in names for form in (name, BRACKETS.sub("", name)))
    return [each for each in keys if each]


def _rows(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = package.get("information_items")
    if isinstance(rows, str):
        rows = json.loads(rows) if rows.startswith("[") else []
    return [row for row in rows or [] if isinstance(row, dict)]


def _codes(package: Mapping[str, Any], document: Document) -> list[str]:
    """The whole code and the provider's part of it, by which one finds all that the provider gives."""
    code = key(str(package.get("code") or document.get("code") or ""))
    return [code, code[:18]] if len(code) > 18 else [code] if code else []


def _more(package: Mapping[str, Any]) -> list[str]:
    themes = [_title(group) for group in package.get("groups") or []]
    return [*themes, *(str(package[key]) for key in LABELLED if package.get(key))]


def _typed(words: Iterable[str]) -> list[str]:
    return sorted(frozenset().union(*map(pinyin.typed, words)))


def uses(document: Document) -> int | None:
    """How often the dataset was downloaded, where that was counted. An extra of that name is text, and not counted."""
    count = document.get("use_count")
    return count if isinstance(count, int) else None


def _fitting(key: str, value: Any) -> Any:
    if key in KEPT or key.startswith((*WORDS, "zh_")):
        return value
    if isinstance(value, str):
        return _cut(value)
    return [_cut(each) if isinstance(each, str) else each for each in value] if isinstance(value, list) else value


def _cut(value: str) -> str:
    if len(value) * 4 <= LARGEST:
        return value
    return value.encode()[:LARGEST].decode(errors="ignore")
