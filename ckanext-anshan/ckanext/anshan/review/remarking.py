"""What reviewers and agency write to each other: the reasons of a return, and comments with their attachments."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ..release import vault
from ..release.rules import file_name, kind
from . import messages, submissions
from .rules import OFFICES, Refusal
from .running import Act

LARGEST = 20 << 20  # bytes of an attachment


def keep_all(act: Act) -> None:
    """The reasons of a return, each at its place."""
    for one in act.given["remarks"]:
        submissions.add_remark(act.row.id, {**_by(act), **one, "event_id": act.facts["event"]})
    act.facts["remarks"] = len(act.given["remarks"])


def keep_comment(act: Act) -> None:
    """A comment; one for the offices alone is written by an office alone."""
    internal = bool(act.given.get("internal"))
    if internal and act.role not in OFFICES:
        raise tk.NotAuthorized(messages.coded(Refusal("not_yours")))
    told = {"internal": internal, "text": act.given["text"], "attachment": act.given.get("attachment")}
    submissions.add_remark(act.row.id, {**_by(act), **told})


def _by(act: Act) -> dict[str, Any]:
    return {"role": act.role.value, "user_id": act.person.id, "organization_id": act.organization}


def with_attachment(given: dict[str, Any]) -> dict[str, Any]:
    """What was sent, with its file put into the vault; a hash of a file that nothing names is nobody's."""
    upload = given.get("upload")
    if not isinstance(upload, FileStorage) or not upload.filename:
        return {**given, "attachment": None}
    name = file_name(upload.filename.replace("\\", "/").rpartition("/")[2])
    if not isinstance(name, str):
        raise tk.ValidationError({"upload": [tk._("Give the file a plain name without special characters.")]})
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    if size > LARGEST:
        raise tk.ValidationError({"upload": [tk._("At most {size} MB.").format(size=LARGEST >> 20)]})
    stored = vault.put(upload)
    mimetype = kind(name, stored.mimetype)[1]
    told = {"name": name, "sha256": stored.sha256, "size": stored.size, "mimetype": mimetype}
    return {**given, "attachment": told}
