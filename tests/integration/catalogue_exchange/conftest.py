from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..support import work
from .city import City


@pytest.fixture
def city(tmp_path: Path, with_plugins: None) -> Iterator[City]:
    work()  # what other tests queued is not this city's
    made = City(tmp_path)
    yield made
    made.forget()
