"""Template helpers of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from flask import current_app
from markupsafe import Markup

from ..people import roles, rules
from ..release import entries as released
from ..workflow import clock
from . import filling, intake, listing, messages, themes, tidy, vocabularies
from . import rules as catalogue_rules

__all__ = [
    "anshan_article",
    "anshan_choice_groups",
    "anshan_entry_form",
    "anshan_entry_gaps",
    "anshan_entry_release",
    "anshan_entry_sections",
    "anshan_field_label",
    "anshan_field_value",
    "anshan_filled_sections",
    "anshan_form_items",
    "anshan_form_themes",
    "anshan_is_late",
    "anshan_item_columns",
    "anshan_sees_entries",
    "anshan_term",
    "anshan_vocabulary_choices",
    "anshan_writable_agencies",
]

SHOWN_APART = frozenset({"title", "notes", "owner_org", intake.ITEMS})


def anshan_vocabulary_choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The terms of ``field``'s vocabulary, as ckanext-scheming wants choices."""
    return [{"value": term.id, "label": term.labels} for term in vocabularies.load(field["vocabulary"]).terms]


def anshan_choice_groups(field: Mapping[str, Any]) -> list[tuple[str, list[vocabularies.Term]]]:
    """The terms below the words of their parents."""
    lang = str(tk.h.lang())
    parents = vocabularies.load(field["parents"]).terms
    groups = [(parent.label(lang), list(vocabularies.children(field["vocabulary"], parent.id))) for parent in parents]
    return [group for group in groups if group[1]]


def anshan_term(vocabulary: str, id: str) -> str:
    """The word for a term in the reader's language."""
    return vocabularies.label(vocabulary, id or "", str(tk.h.lang()))


def anshan_form_items(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The information items to show in the form: what was typed, else what is stored, else one empty."""
    entry = tidy.tidy(intake.unfold_items(data))
    items = entry.get(intake.ITEMS)
    rows = [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
    return rows or [{}]


def anshan_article(number: int) -> str:
    """An article of the regulation, with a link to its words where the portal has the page."""
    text = messages.article(number)
    if "anshan_pages.regulation" not in current_app.view_functions:
        return text
    url = f"{tk.h.url_for('anshan_pages.regulation')}#article-{number}"
    return Markup('<a href="{}">{}</a>').format(url, text)


def anshan_entry_form(form_vars: Mapping[str, Any]) -> filling.Filling:
    """The form of an entry as it is to be shown: as it was sent, else as it was left, else as the entry is."""
    is_new = form_vars["form_style"] == "new"
    return filling.shown(form_vars["data"], form_vars["errors"], is_new, tk.request.method != "POST")


def anshan_entry_gaps(entry: Mapping[str, Any]) -> list[str]:
    """The fields in which something is missing."""
    return listing.gaps(entry)


def anshan_entry_release(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The newest version that was released from an entry."""
    return released.latest([entry["id"]]).get(entry["id"])


def anshan_is_late(entry: Mapping[str, Any]) -> bool:
    """Whether the update that was promised is overdue."""
    return catalogue_rules.is_late(entry.get("next_update_due"), clock.today())


def anshan_form_themes(data: Mapping[str, Any]) -> list[str]:
    """The themes to tick in the form: what was chosen, else the groups of the entry."""
    chosen = data.get("themes")
    if chosen is None:
        return themes.of_groups(data.get("groups"))
    return [chosen] if isinstance(chosen, str) else list(chosen)


def anshan_entry_sections(schema: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """The sections of a schema, each with its fields."""
    fields = schema["dataset_fields"]
    return [(each, [f for f in fields if f.get("section") == each["id"]]) for each in schema.get("sections", ())]


def anshan_filled_sections(
    schema: Mapping[str, Any], data: Mapping[str, Any], order: Sequence[str] = ()
) -> list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """The sections to show, each with the fields that hold something; ``order`` names and sorts them, else all."""
    sections = anshan_entry_sections(schema)
    if order:
        sections = sorted((s for s in sections if s[0]["id"] in order), key=lambda s: order.index(s[0]["id"]))
    filled = [(section, [field for field in fields if _is_shown(field, data)]) for section, fields in sections]
    return [(section, fields) for section, fields in filled if fields]


def _is_shown(field: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Title, summary, agency and information items have places of their own on the page."""
    name = field["field_name"]
    if name in SHOWN_APART or ("display_snippet" in field and field["display_snippet"] is None):
        return False
    return bool(anshan_form_themes(data) if name == "themes" else data.get(name))


def anshan_item_columns(field: Mapping[str, Any], items: Any) -> list[Mapping[str, Any]]:
    """The columns of the field dictionary: the facts that some item has. Sensitive is said where something is."""
    rows = [item for item in items or () if isinstance(item, Mapping)]
    said = {"sensitive": lambda value: value == "yes"}
    return [
        sub
        for sub in field["repeating_subfields"]
        if any(said.get(sub["field_name"], bool)(row.get(sub["field_name"])) for row in rows)
    ]


def anshan_field_label(schema: Mapping[str, Any], name: str, row: int | None = None, subfield: str = "") -> str:
    """How the form calls a field, for the summary of errors."""
    fields = [f for f in schema["dataset_fields"] if f["field_name"] == name]
    if not fields:
        return name
    label = tk.h.scheming_language_text(fields[0]["label"])
    below = [f for f in fields[0].get("repeating_subfields", ()) if f["field_name"] == subfield]
    if row is None:
        return label
    return f"{label} {row}" + (f" · {tk.h.scheming_language_text(below[0]['label'])}" if below else "")


def anshan_field_value(name: str, stored: str) -> str:
    """What a stored value reads like: terms as words, a list with commas."""
    found = _listed(stored) if stored.startswith("[") else [stored]
    vocabulary = vocabularies.OF_FIELD.get(name)
    return tk._(", ").join(anshan_term(vocabulary, one) if vocabulary else one for one in found)


def _listed(text: str) -> list[str]:
    try:
        found = json.loads(text)
    except ValueError:
        return [text]
    return [f"{one['name']}（{one['reason']}）" if isinstance(one, dict) else str(one) for one in found]


def anshan_sees_entries() -> bool:
    """Whether entries are anything to the reader: a member of an agency or of an office, or a sysadmin."""
    found = roles.of_reader()
    return bool(found) or rules.Role.SYSADMIN in roles.roles_of(tk.current_user, found)


def anshan_writable_agencies(selected: str | None = None) -> list[dict[str, Any]]:
    """The agencies for which the reader writes entries, and the one that the entry already has."""
    agencies = tk.h.organizations_available("create_dataset")
    return [a for a in agencies if a["id"] == selected] or agencies
