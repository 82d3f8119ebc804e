"""An empty log for a test that wants one, and a sealer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.anshan.audit.sealing import Sealer

from .support import begin_anew, new_sealer


@pytest.fixture
def empty_log(with_plugins: None, portal_data: Path) -> None:
    """The log as it is at the first start: what stands in the database is taken down, nothing is sealed."""
    begin_anew(portal_data)


@pytest.fixture
def sealer(empty_log: None, portal_data: Path, tmp_path: Path) -> Iterator[Sealer]:
    """A sealer of the empty log, with a key of its own."""
    made = new_sealer(portal_data, tmp_path)
    made.begin()
    yield made
    made.close()
