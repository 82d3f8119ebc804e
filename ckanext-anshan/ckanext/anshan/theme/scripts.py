"""The words of the scripts in the browser, written where CKAN serves them (``/api/i18n/<locale>``).

CKAN writes these files for 57 languages, and only when its development server starts; this writes the one offered.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from ckan.lib.i18n import get_js_translations_dir

from . import words

LOCALE = "zh_Hans_CN"  # English needs none


def sources() -> list[Path]:
    """Later ones win."""
    return [words.ckan_po_path(LOCALE), words.po_path(LOCALE)]


def target() -> Path:
    return Path(get_js_translations_dir()) / f"{LOCALE}.js"


def is_fresh() -> bool:
    return target().exists() and target().stat().st_mtime >= max(path.stat().st_mtime for path in sources())


def write() -> None:
    target().parent.mkdir(parents=True, exist_ok=True)
    draft = target().with_suffix(".draft")
    draft.write_text(json.dumps(table(), ensure_ascii=False, sort_keys=True), "utf-8")
    draft.replace(target())


def table() -> dict[str, Any]:
    """As jed reads it: ``{msgid: [plural id or null, text, ...]}``."""
    catalogues = [words.read(path, LOCALE) for path in sources()]
    head = {"plural-forms": catalogues[0].plural_forms, "lang": LOCALE, "domain": "ckan"}
    told: dict[str, Any] = {"": head}
    for catalogue in catalogues:
        told |= _entries(catalogue)
    return told


def _entries(catalogue: Catalog) -> dict[str, list[str | None]]:
    return {
        words.singular(message): [None if isinstance(message.id, str) else message.id[1], *words.forms(message)]
        for message in words.messages(catalogue)
        if words.is_translated(message) and any(name.endswith(".js") for name, _ in message.locations)
    }
