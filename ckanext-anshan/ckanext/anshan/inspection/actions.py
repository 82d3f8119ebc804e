"""Scans of an entry's files: asked for, shown, called off; what they offer to mend; and an agency's own words."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ..audit import recording
from ..audit.events import Event, Object
from ..release import files
from . import messages, remedying, reports, rules, scanner, schema, showing, words
from .rules import Command, Refusal, State
from .standing import need, refuse, user_id

__all__ = [
    "anshan_scan_cancel",
    "anshan_scan_difference",
    "anshan_scan_list",
    "anshan_scan_remedy",
    "anshan_scan_show",
    "anshan_scan_start",
    "anshan_scan_words_show",
    "anshan_scan_words_update",
]


@tk.validate_action_data(schema.scan_start)
def anshan_scan_start(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Have a file of an entry scanned for personal data, secrets and persons who can be told apart (article 30).

    The worker does it; ``anshan_scan_show`` tells how far it is. The same file is scanned once by each version of the
    scanner: asked again, the report that is there is given.

    :param resource_id: id of the resource of the entry · :returns: as ``anshan_scan_show``
    :raises NotAuthorized: the caller is no publisher or head of the entry's agency, or there is no such entry
    :raises ValidationError: the resource has no uploaded file
    """
    tk.check_access("anshan_scan_start", context, data_dict)
    id = data_dict["resource_id"]
    subject = reports.subject_of(id)
    need(context, subject.agency if subject else "", Command.SCAN)
    file = files.working(id)
    if subject is None or file is None:
        raise tk.ValidationError({"resource_id": [messages.words(Refusal("no_file"))]})
    asked, is_new = reports.ask(file, id, scanner.version_for(subject.agency), user_id(context))
    row = reports.find(asked)
    if is_new:
        _note("scan.asked", "anshan_scan_start", row)
    model.Session.commit()
    return showing.full(row, context.get("user"), subject)


@tk.side_effect_free
@tk.validate_action_data(schema.scan_show)
def anshan_scan_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """A scan: how far it is, or what it found. Examples are masked; no raw personal datum is kept anywhere.

    :param id: of the scan
    :returns: ``state`` (queued, running, done or failed), ``progress`` (0 to 1), ``part``, ``error`` (code and
        sentence); of the file ``file_name``, ``sha256``, ``size``, ``is_current``; ``scanner``; ``severity`` (block,
        reason, inform; empty where nothing was found), ``counts``, ``findings`` as ``docs/scan-report.schema.json``
        has them with their words, the worst first; ``mended``: what was changed until the file became this one;
        ``commands``: what the caller may do now
    :raises NotAuthorized: there is no such scan, or it is another agency's
    """
    tk.check_access("anshan_scan_show", context, data_dict)
    row, subject = _found(context, data_dict, Command.SEE)
    return showing.full(row, context.get("user"), subject)


@tk.side_effect_free
@tk.validate_action_data(schema.scan_list)
def anshan_scan_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The scans of an entry's files, newest first.

    :param package_id: id or name of the entry · :param limit: how many (default: 100)
    :returns: ``files``: each with ``resource_id``, ``name``, ``sha256`` and its newest ``scan``; ``scans``: all of
        them, as ``anshan_scan_show`` without findings; ``agency``: id of the organization that the entry is of;
        ``may_scan``: whether the caller may ask for one
    :raises NotAuthorized: there is no such entry, or it is another agency's
    """
    tk.check_access("anshan_scan_list", context, data_dict)
    subject = reports.subject(data_dict["package_id"])
    need(context, subject.agency if subject else "", Command.SEE)
    assert subject is not None
    shown = showing.files(subject)
    now = {one["resource_id"]: one["sha256"] for one in shown}
    rows = reports.of_package(subject.id, data_dict["limit"])
    scans = [showing.short(row, now.get(row.resource_id, "")) for row in rows]
    may_scan = isinstance(showing.verdict(context.get("user"), subject.agency, Command.SCAN), rules.Step)
    entry = {"id": subject.id, "name": subject.name, "title": subject.title}
    return {"entry": entry, "agency": subject.agency, "files": shown, "scans": scans, "may_scan": may_scan}


@tk.validate_action_data(schema.scan_show)
def anshan_scan_cancel(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Call a scan off that waits or runs.

    :param id: of the scan · :returns: as ``anshan_scan_show``
    :raises NotAuthorized, ValidationError: it has ended already
    """
    tk.check_access("anshan_scan_cancel", context, data_dict)
    row, subject = _found(context, data_dict, Command.CANCEL, lock=True)
    reports.finish(row.id, State.FAILED, "cancelled")
    _note("scan.cancelled", "anshan_scan_cancel", row)
    model.Session.commit()
    return showing.full(reports.find(row.id), context.get("user"), subject)


@tk.side_effect_free
@tk.validate_action_data(schema.scan_remedy)
def anshan_scan_difference(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What remedies would change in a file, with masked examples; nothing is written.

    :param id: of the scan
    :param asked: list of ``part``, ``column`` and ``remedy``, as findings of the report offer them
    :returns: ``changes``: of each column ``remedy``, ``rule_words``, ``cells``, ``rows`` and ``examples``
        (before and after); ``name`` of the new file; ``scan`` as ``anshan_scan_show``
    :raises NotAuthorized, ValidationError: the report offers no such remedy, the file was changed since, or it can't
        be changed here
    """
    tk.check_access("anshan_scan_difference", context, data_dict)
    row, subject, asked = _asked(context, data_dict)
    made = remedying.difference(row, asked)
    if isinstance(made, Refusal):
        raise tk.ValidationError({"asked": [remedying.told(made)]})
    scan = showing.full(row, context.get("user"), subject)
    told = {"name": made.get("name") or row.file_name, "changes": showing.changes(made.get("changes", ()), asked)}
    return {**told, "asked": asked, "scan": scan}


@tk.validate_action_data(schema.scan_remedy)
def anshan_scan_remedy(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Mend a file as its report offers: the new file becomes the entry's and is scanned. The original stays in the
    vault, for the agency alone.

    :param id: of the scan
    :param asked: list of ``part``, ``column`` and ``remedy``, as findings of the report offer them
    :returns: the scan of the new file, as ``anshan_scan_show``
    :raises NotAuthorized, ValidationError: the report offers no such remedy, the file was changed since, or it can't
        be changed here
    """
    tk.check_access("anshan_scan_remedy", context, data_dict)
    row, subject, asked = _asked(context, data_dict)
    made = remedying.mend(context, row, subject.agency, asked, user_id(context))
    if isinstance(made, Refusal):
        raise tk.ValidationError({"asked": [remedying.told(made)]})
    return showing.full(reports.find(made), context.get("user"), subject)


@tk.side_effect_free
@tk.validate_action_data(schema.words_show)
def anshan_scan_words_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The words that an agency adds to what the scanner looks for.

    :param organization: id or name of the agency · :returns: ``organization``, ``words`` (word, kind, note),
        ``kinds`` that a word may have, ``may_set``
    :raises NotAuthorized: the caller is no publisher or head of that agency
    """
    tk.check_access("anshan_scan_words_show", context, data_dict)
    return _words(context, _agency(context, data_dict, Command.SEE_WORDS))


@tk.validate_action_data(schema.words_update)
def anshan_scan_words_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Put these words in the place of those that an agency added. Files are scanned anew with them when asked for.

    :param organization: id or name of the agency
    :param words: list of ``word``, ``kind`` and, if wanted, ``note``
    :returns: as ``anshan_scan_words_show`` · :raises NotAuthorized: the caller isn't its head
    :raises ValidationError
    """
    tk.check_access("anshan_scan_words_update", context, data_dict)
    agency = _agency(context, data_dict, Command.SET_WORDS)
    come, gone = words.replace(agency.id, data_dict["words"], user_id(context))
    facts = {"added": come, "removed": gone}
    about = Object("organization", agency.id)
    recording.note(Event("scan.words", object=about, action="anshan_scan_words_update", facts=facts))
    model.Session.commit()
    return _words(context, agency)


def _found(context: Context, data_dict: DataDict, command: Command, lock: bool = False) -> tuple[Any, reports.Subject]:
    """A report that the caller may do this with now, and its entry."""
    row = reports.find(data_dict["id"], lock=lock)
    subject = reports.subject(row.package_id) if row else None
    need(context, subject.agency if subject else "", command, State(row.state) if row else None, data_dict)
    assert subject is not None
    return row, subject


def _asked(context: Context, data_dict: DataDict) -> tuple[Any, reports.Subject, list[dict[str, Any]]]:
    """A report, its entry, and the remedies that were asked for, which it offers and which still fit its file."""
    row, subject = _found(context, data_dict, Command.REMEDY)
    asked = rules.chosen(row.report["findings"], data_dict["asked"])
    if isinstance(asked, Refusal):
        refuse(asked)
    file = files.working(row.resource_id)
    if file is None or file.sha256 != row.sha256:
        refuse(Refusal("file_changed"))
    return row, subject, asked


def _agency(context: Context, data_dict: DataDict, command: Command) -> model.Group:
    agency = model.Group.get(data_dict["organization"])
    need(context, agency.id if agency else "", command)
    assert agency is not None
    return agency


def _words(context: Context, agency: model.Group) -> dict[str, Any]:
    may_set = isinstance(showing.verdict(context.get("user"), agency.id, Command.SET_WORDS), rules.Step)
    named = {"id": agency.id, "name": agency.name, "title": agency.title or agency.name}
    kinds = [{"name": name, "label": messages.kind(name)} for name in words.KINDS]
    return {"organization": named, "words": words.of(agency.id), "kinds": kinds, "may_set": may_set}


def _note(kind: str, action: str, row: Any) -> None:
    facts = {"report": row.id, "file": row.file_name, "sha256": row.sha256, "scanner": row.scanner}
    recording.note(Event(kind, object=Object("entry", row.package_id), action=action, facts=facts))
