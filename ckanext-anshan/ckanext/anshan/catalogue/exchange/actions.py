"""Actions of import and export: for the data bureau, and for who runs the machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ...workflow import outbox
from . import exporting, faults, importing, messages, options, report, runs, schema, templates
from .problems import FileRefused

__all__ = [
    "anshan_catalogue_export",
    "anshan_catalogue_import",
    "anshan_catalogue_import_list",
    "anshan_catalogue_import_show",
    "anshan_catalogue_import_start",
    "anshan_catalogue_template",
]

JOB = "anshan_catalogue_import"
AT_ONCE = 256 << 10
"""Bytes of a file that is imported while the person waits; a larger one goes to the worker."""
LONGEST_NAME = 200
PLANS_KEPT_DAYS = 7


@tk.validate_action_data(schema.import_)
def anshan_catalogue_import(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Import a catalogue file, as ``ckan anshan catalogue import`` does; larger files in the background.

    :param upload: the file · :param create_agencies: make the organizations that are missing (default: no)
    :param plan: only say what the import would do; ``anshan_catalogue_import_start`` then does it (default: no)
    :returns: the run, as ``anshan_catalogue_import_show``
    :raises NotAuthorized, ValidationError
    """
    tk.check_access("anshan_catalogue_import", context, data_dict)
    upload = data_dict["upload"]
    user = model.User.get(context.get("user"))
    name = PurePath(str(upload.filename or "").replace("\\", "/")).name[:LONGEST_NAME] or "-"
    id = runs.create(name, user.id if user else None, data_dict["create_agencies"], plan=data_dict["plan"])
    path = options.folder() / id
    try:
        with faults.told(path):
            _keep(upload, path)
    except FileRefused as error:
        model.Session.rollback()
        path.unlink(missing_ok=True)
        raise tk.ValidationError({"upload": [messages.refusal(error)]}) from error
    runs.update(id, path=str(path))
    for forgotten in runs.forget_plans(PLANS_KEPT_DAYS):
        Path(forgotten).unlink(missing_ok=True)
    return _begun(id, path)


@tk.validate_action_data(schema.import_start)
def anshan_catalogue_import_start(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Carry out an import that was only planned.

    :param id: the run · :returns: the run, as ``anshan_catalogue_import_show``
    :raises NotAuthorized, ObjectNotFound: there is no such plan, or it was carried out already
    """
    tk.check_access("anshan_catalogue_import_start", context, data_dict)
    found = runs.show(data_dict["id"])
    if found is None or not found["path"] or not runs.begin_planned(data_dict["id"]):
        model.Session.rollback()
        raise tk.ObjectNotFound(tk._("There is no such plan; it may have been imported already."))
    return _begun(data_dict["id"], Path(found["path"]))


def _begun(id: str, path: Path) -> dict[str, Any]:
    outbox.queue(JOB, {"id": id})
    model.Session.commit()
    if path.stat().st_size <= AT_ONCE:
        importing.run_waiting(id)
    return _shown(id, 0, schema.PAGE)


def _keep(upload: Any, path: Path) -> None:
    """Copy an upload, no further than the limit."""
    left = options.max_mb() * options.MEGABYTE + 1
    with path.open("wb") as file:
        while left > 0 and (chunk := upload.stream.read(min(1 << 20, left))):
            file.write(chunk)
            left -= len(chunk)


@tk.side_effect_free
@tk.validate_action_data(schema.import_show)
def anshan_catalogue_import_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """One import: how far it is, and what it found, row by row.

    :param id: the run · :param offset, limit: which of its findings (default: the first 100)
    :returns: state, counts, ``message`` if it was refused, ``errors``, ``notices``, ``problems``
    :raises NotAuthorized, ObjectNotFound
    """
    tk.check_access("anshan_catalogue_import_show", context, data_dict)
    return _shown(data_dict["id"], data_dict["offset"], data_dict["limit"])


def _shown(id: str, offset: int, limit: int) -> dict[str, Any]:
    run = runs.show(id)
    if run is None:
        raise tk.ObjectNotFound(tk._("There is no such import."))
    counts = runs.count_problems(id)
    found = [report.as_dict(one) for one in runs.problems(id, offset, limit)]
    counted = {"errors": counts.get("error", 0), "notices": counts.get("notice", 0)}
    return _told(run) | counted | {"problems": found, "offset": offset, "limit": limit}


def _told(run: Mapping[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in run.items() if key not in ("path", "facts")}
    told |= {key: run[key].isoformat() for key in ("started", "finished") if run[key]}
    told["message"] = messages.refused(run["code"], run["facts"] or {}) if run["code"] else ""
    told["form_name"] = messages.form_name(run["form"]) if run["form"] else ""
    told["goes_on"] = run["state"] in runs.OPEN
    return told


@tk.side_effect_free
@tk.validate_action_data(schema.import_list)
def anshan_catalogue_import_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """The latest imports, newest first.

    :param limit: how many (default: 20) · :returns: runs without their findings · :raises NotAuthorized
    """
    tk.check_access("anshan_catalogue_import_list", context, data_dict)
    return [_told(run) for run in runs.recent(data_dict["limit"])]


@tk.side_effect_free
@tk.validate_action_data(schema.export)
def anshan_catalogue_export(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write the entries to a file on the server.

    :param form: ``1272``, ``plan`` or ``own`` · :param format: ``csv`` or ``xlsx``
    :param organization: those of this agency only; its editors may export them
    :returns: ``path`` of the file, to be deleted by the caller, and the number of ``entries``
    :raises NotAuthorized, ObjectNotFound, ValidationError
    """
    tk.check_access("anshan_catalogue_export", context, data_dict)
    form, agency = data_dict["form"], data_dict.get("organization")
    owner = model.Group.get(agency) if agency else None
    if agency and owner is None:
        raise tk.ObjectNotFound(tk._("There is no such agency."))
    return _made(data_dict["format"], lambda path: {"entries": exporting.write(path, form, owner and owner.id)})


@tk.side_effect_free
@tk.validate_action_data(schema.template)
def anshan_catalogue_template(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write the portal's own template to a file on the server.

    :param format: ``csv`` or ``xlsx`` · :returns: ``path`` of the file, to be deleted by the caller
    :raises NotAuthorized
    """
    tk.check_access("anshan_catalogue_template", context, data_dict)
    return _made(data_dict["format"], lambda path: templates.write(path) or {})


def _made(format: str, write: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """A new file in a folder of its own; nothing is left of one that could not be written."""
    path = Path(tempfile.mkdtemp(prefix="anshan-")) / f"catalogue.{format}"
    try:
        with faults.told(path):
            return {"path": str(path)} | write(path)
    except FileRefused as error:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise tk.ValidationError({"format": [messages.refusal(error)]}) from error
