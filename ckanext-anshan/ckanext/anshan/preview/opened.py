"""Asks the one decision before anything of a file is shown."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..access.rules import File, Release, everybody_may
from ..release import files
from . import messages
from .rules import Problem


def published(resource_id: str) -> files.Published:
    """The file, where everyone may have it now. Raises ``ObjectNotFound``."""
    file = files.published(resource_id)
    if file is not None:
        found = file.found
        release = Release.of(found)
        if everybody_may(release, File(found.sha256, found.size)):
            return file
    raise tk.ObjectNotFound(messages.words(Problem("no_such_file")))
