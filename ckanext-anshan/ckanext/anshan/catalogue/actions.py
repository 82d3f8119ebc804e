"""Drafts of the entry form, and the list of entries that an agency works with."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from . import drafts, intake, listing, schema

__all__ = [
    "anshan_catalogue_draft_discard",
    "anshan_catalogue_draft_save",
    "anshan_catalogue_draft_show",
    "anshan_catalogue_entry_list",
]


@tk.validate_action_data(schema.draft_save)
def anshan_catalogue_draft_save(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Keep what the caller typed into the form of an entry; nobody else sees it, and nothing of it is checked.

    :param entry: id or name of the entry; none for a new one
    :param typed: the form: name of a field to its text, or to a list of texts
    :param based_on: ``metadata_modified`` of the entry that was opened
    :param version: of the draft that this replaces; 0 where there is none
    :returns: as ``anshan_catalogue_draft_show``
    :raises NotAuthorized, ObjectNotFound, ValidationError: another window of the caller saved a later version
    """
    tk.check_access("anshan_catalogue_draft_save", context, data_dict)
    user_id, entry = _whose(context, data_dict)
    given = data_dict["typed"], data_dict["based_on"], data_dict["version"]
    saved = drafts.save(user_id, entry.id if entry else drafts.NEW, *given)
    if saved is None:
        model.Session.rollback()
        raise tk.ValidationError(
            {"version": [tk._("This draft was changed in another window. Reload to go on there.")]}
        )
    model.Session.commit()
    return _shown(saved, entry)


@tk.side_effect_free
@tk.validate_action_data(schema.draft)
def anshan_catalogue_draft_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What the caller typed into the form of an entry and hasn't saved.

    :param entry: id or name of the entry; none for a new one
    :returns: ``typed``, ``based_on``, ``version``, ``saved``, and ``changed``: whether the entry was changed since
    :raises NotAuthorized, ObjectNotFound
    """
    tk.check_access("anshan_catalogue_draft_show", context, data_dict)
    user_id, entry = _whose(context, data_dict)
    found = drafts.find(user_id, entry.id if entry else drafts.NEW)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no draft."))
    return _shown(found, entry)


@tk.validate_action_data(schema.draft)
def anshan_catalogue_draft_discard(context: Context, data_dict: DataDict) -> None:
    """Throw away what the caller typed into the form of an entry.

    :param entry: id or name of the entry; none for a new one · :returns: nothing
    :raises NotAuthorized, ObjectNotFound
    """
    tk.check_access("anshan_catalogue_draft_discard", context, data_dict)
    user_id, entry = _whose(context, data_dict)
    drafts.discard(user_id, entry.id if entry else drafts.NEW)
    model.Session.commit()


def _whose(context: Context, data_dict: DataDict) -> tuple[str, model.Package | None]:
    """The caller's id, and the entry; a caller of one's own without an account has no drafts."""
    user = model.User.get(context.get("user"))
    if user is None:
        raise tk.NotAuthorized(tk._("Log in first."))
    return user.id, model.Package.get(data_dict["entry"]) if data_dict.get("entry") else None


def _shown(draft: drafts.Draft, entry: model.Package | None) -> dict[str, Any]:
    changed = entry is not None and bool(draft.based_on) and draft.based_on != intake.changed(entry)
    return {**draft._asdict(), "saved": draft.saved.isoformat(), "changed": changed}


@tk.side_effect_free
@tk.validate_action_data(schema.entry_list)
def anshan_catalogue_entry_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The entries that the caller may see, last changed first, with what is missing in them and what was released.

    :param q: words of title, summary or information items, or a code
    :param opening_class, theme, organization: ids or names, to narrow
    :param state: ``complete``, ``incomplete``, or ``late`` where the promised update is overdue
    :param offset, limit: which of them (default: the first 50)
    :returns: ``count``, ``facets`` (name to ``[{name, display_name, count}]``), ``entries``,
        ``drafts`` of the caller
    :raises NotAuthorized
    """
    tk.check_access("anshan_catalogue_entry_list", context, data_dict)
    user = model.User.get(context.get("user"))
    return listing.find(context, data_dict) | {"drafts": drafts.of_user(user.id) if user else []}
