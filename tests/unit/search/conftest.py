"""The dictionaries are read once, before any test: its first call would else be too slow for Hypothesis."""

from __future__ import annotations

import pytest

from ckanext.anshan.search import agencies, pinyin, synonyms


@pytest.fixture(scope="session", autouse=True)
def dictionaries() -> None:
    pinyin.known()
    pinyin.syllables("公交")
    agencies.names("鞍山市教育局")
    synonyms.others("公交")
