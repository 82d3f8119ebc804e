"""Files that are uploaded to entries go into the vault; what a resource says of its hash is what was stored."""

from __future__ import annotations

import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from . import messages, vault
from .model import run
from .rules import Refusal, file_name, kind

SAVED = sa.text("SELECT hash, size, mimetype FROM resource WHERE id = :id AND url_type = 'upload' AND state = 'active'")
NO_FILE = {"hash": "", "size": None, "mimetype": None}


class VaultUploader:
    """CKAN's uploader for every resource. The dictionary it is given is the one that CKAN validates and saves."""

    mimetype: str | None = None

    def __init__(self, resource: dict[str, Any]) -> None:
        upload = resource.pop("upload", None)
        self.clear = bool(resource.pop("clear_upload", None))
        if isinstance(upload, FileStorage) and upload.filename:
            self._store(resource, upload)
        elif self.clear:
            resource.update({"url_type": "", **NO_FILE})
        elif resource.get("url_type") == "upload":
            self._keep(resource)

    def _store(self, resource: dict[str, Any], upload: FileStorage) -> None:
        name = _name(upload.filename or "")
        try:
            _check_size(upload)
            stored = vault.put(upload)
        except (OSError, vault.Damaged) as error:
            raise _invalid(Refusal("vault_failed", {"name": name, "reason": str(error)})) from error
        format, mimetype = kind(name, stored.mimetype, resource.get("format") or "")
        self.mimetype, self.filesize = mimetype, stored.size
        resource.update({"url": name, "url_type": "upload", "format": format, "mimetype": mimetype})
        resource.update({"hash": f"sha256:{stored.sha256}", "size": stored.size})
        resource["last_modified"] = datetime.datetime.utcnow()

    def _keep(self, resource: dict[str, Any]) -> None:
        """Without an upload the file is the one that was there, whatever the caller writes: a hash is a key."""
        saved = run(SAVED, {"id": resource.get("id") or ""}).first()
        resource.update(saved._asdict() if saved else NO_FILE)
        self.mimetype = resource["mimetype"]
        self.filesize = resource["size"]

    def get_path(self, id: str) -> str:
        """There is none: every file leaves through the one door (``access.door``)."""
        raise tk.ObjectNotFound(tk._("Files are handed out by the one door alone."))

    def upload(self, id: str, max_size: int = 10) -> None:
        """Nothing is left to do: the file is in the vault since its hash is known."""


def _name(given: str) -> str:
    """Browsers of old send a whole path: its last part is the name."""
    name = file_name(given.replace("\\", "/").rpartition("/")[2])
    if isinstance(name, Refusal):
        raise _invalid(name)
    return name


def _check_size(upload: FileStorage) -> None:
    largest = tk.config["ckan.max_resource_size"] << 20
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    if size > largest:
        reason = tk._("it is larger than {size} MB.").format(size=largest >> 20)
        raise _invalid(Refusal("vault_failed", {"name": upload.filename or "", "reason": reason}))


def _invalid(refusal: Refusal) -> tk.ValidationError:
    return tk.ValidationError({"upload": [messages.words(refusal)]})
