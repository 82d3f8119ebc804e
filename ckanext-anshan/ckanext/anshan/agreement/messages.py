"""Why an agreement can't be written, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from .rules import Refusal

N = Callable[[], str]

WORDS: Mapping[str, N] = {
    "agreement_incomplete": lambda: tk._("The agreement can't be written yet. Still missing: {names}."),
    "agreement_of_another_kind": lambda: tk._("This text is for another kind of agreement. Choose the one for {kind}."),
}
KINDS: Mapping[str, N] = {"opening": lambda: tk._("opening"), "sharing": lambda: tk._("sharing")}
NAMES: Mapping[str, N] = {
    "number": lambda: tk._("number of the application"),
    "agency": lambda: tk._("name and code of the provider"),
    "holders": lambda: tk._("name and code of each applicant"),
    "datasets": lambda: tk._("datasets"),
    "title": lambda: tk._("title of a dataset"),
    "name": lambda: tk._("identifier of a dataset"),
    "version": lambda: tk._("version of a dataset"),
    "files": lambda: tk._("files"),
    "columns": lambda: tk._("columns"),
    "rows": lambda: tk._("rows"),
    "methods": lambda: tk._("method"),
    "daily_quota": lambda: tk._("daily quota of the API"),
    "basis": lambda: tk._("legal or contractual basis"),
    "purpose": lambda: tk._("purpose"),
    "product": lambda: tk._("planned product"),
    "retention": lambda: tk._("retention"),
    "safeguards": lambda: tk._("safeguards"),
    "requirements": lambda: tk._("requirements of the entry"),
    "conditions": lambda: tk._("conditions"),
    "ends": lambda: tk._("a last day that isn't before the first"),
    "destruction_days": lambda: tk._("days within which the data are destroyed"),
    "report_months": lambda: tk._("months between two reports"),
    "portal": lambda: tk._("name of the portal"),
    "bureau": lambda: tk._("name of the data bureau"),
}


def words(refusal: Refusal) -> str:
    facts = {name: _named(value) for name, value in refusal.facts.items()}
    return WORDS[refusal.code]().format(**facts)


def _named(value: object) -> str:
    if isinstance(value, tuple):
        return tk._(", ").join(NAMES[name]() for name in value)
    return KINDS[str(value)]() if str(value) in KINDS else str(value)
