"""A town for each test."""

from __future__ import annotations

import pytest

from .town import Town, make


@pytest.fixture
def town(with_plugins: None) -> Town:
    return make()
