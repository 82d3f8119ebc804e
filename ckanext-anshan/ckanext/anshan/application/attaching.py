"""Files beside an application: in the vault, looked at by the scanner, handed out to those who have a part in it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ..access import door
from ..access.rules import Refusal as Closed
from ..inspection import results
from ..inspection.results import Wanted
from ..release import vault
from ..release.files import Found
from ..release.rules import file_name, kind
from ..workflow import clock
from . import applications, forms, offering, options, running, standing
from .rules import Command, Refusal
from .running import Act

Given = Mapping[str, Any]

BASIS = "basis"


def attach(context: Context, asked: Given) -> Any:
    """Keep a file beside a draft, or beside what is supplemented; the application's row."""
    with running.alone():
        act = running.begin(context, asked["id"], Command.EDIT, asked)
        running.finish(act, _attached)
    return applications.find(act.row.id)


def _attached(act: Act) -> None:
    matter = offering.matter(act.row)
    if not _is_asked_for(str(act.given["field"]), matter):
        standing.refuse(Refusal("no_such_field", {"field": str(act.given["field"])[:100]}))
    if len(matter.attachments) >= options.attachments():
        standing.refuse(Refusal("too_many_files", {"most": options.attachments()}))
    stored = _stored(act.given.get("upload"))
    values = {**stored, "field": act.given["field"], "user_id": act.person.id}
    id = applications.add_attachment(act.row.id, values)
    wanted = Wanted(id, stored["sha256"], stored["name"], stored["size"], act.row.id)
    results.ask([wanted], act.row.agency, act.person.id)


def _is_asked_for(field: str, matter: offering.Matter) -> bool:
    """The file that shows the basis, or one that a question of the agency asks for."""
    questions = {f"{id}/{one.id}" for id, asked in matter.questions.items() for one in asked if one.kind == "file"}
    return field == BASIS or field in questions


def _stored(upload: Any) -> dict[str, Any]:
    """In the vault; a hash of a file that nothing names is nobody's."""
    if not isinstance(upload, FileStorage) or not upload.filename:
        standing.refuse(Refusal("no_file"))
    name = file_name(upload.filename.replace("\\", "/").rpartition("/")[2])
    if not isinstance(name, str):
        standing.refuse(Refusal("bad_file_name"))
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    if size > options.longest_attachment():
        standing.refuse(Refusal("file_too_long", {"most": options.longest_attachment() >> 20}))
    if not size:
        standing.refuse(Refusal("no_file"))
    names = _members(upload)
    stored = vault.put(upload)
    code = forms.against_file(name, stored.mimetype, names)
    if code:
        standing.refuse(Refusal(code, {"names": forms.ATTACHED}))
    return {"name": name, "sha256": stored.sha256, "size": stored.size, "mimetype": kind(name, stored.mimetype)[1]}


def _members(upload: FileStorage) -> list[str]:
    """Names of what a packed file holds; documents of an office are packed."""
    try:
        with zipfile.ZipFile(upload.stream) as packed:  # pyright: ignore[reportArgumentType]
            return packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []
    finally:
        upload.stream.seek(0)


def detach(context: Context, asked: Given) -> Any:
    """Take a file away from a draft, or from what is supplemented; what was sent with it keeps its hash."""
    with running.alone():
        act = running.begin(context, asked["id"], Command.EDIT, asked)
        running.finish(act, _detached)
    return applications.find(act.row.id)


def _detached(act: Act) -> None:
    found = applications.attachment_of(str(act.given["attachment"]))
    if found is None or found.application_id != act.row.id or found.is_removed or found.is_internal:
        standing.refuse(Refusal("no_such_attachment"))
    applications.change_attachment(found.id, is_removed=True)


def handed_out(made: Mapping[str, Any], id: str) -> Any:
    """One of an application as its action shows it to the reader, through the one door; or why not."""
    one = next((one for one in made["attachments"] if one["id"] == id), None)
    if one is None:
        return Closed("no_such_file")
    row = applications.attachment_of(id)
    found = Found(row.sha256, row.name, row.size, row.mimetype)
    return door.private(found, running.about(made["id"]), reviews=True)


def collect() -> int:
    """Write down what the scanner found in files that were waiting for it; how many of them."""
    done = 0
    for row in applications.unscanned():
        wanted = Wanted(row.id, row.sha256, row.name, row.size, row.application_id)
        found = results.of(results.ask([wanted], row.agency, row.user_id))
        if found and found[0].is_done:
            worst = found[0].severity
            applications.change_attachment(row.id, severity=worst.value if worst else "", scanned=clock.now())
            done += 1
    model.Session.commit()
    return done
