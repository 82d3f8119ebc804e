"""Which months a policy keeps, and what is no policy; no database in it."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ckanext.anshan.audit import retention
from ckanext.anshan.audit.retention import Policy
from ckanext.anshan.local.problems import Problem

GOOD = {"months": 24, "archives": "/archives", "trim": True}


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 29), 24, date(2024, 11, 1)),
        (date(2026, 11, 1), 1, date(2026, 10, 1)),
        (date(2026, 1, 31), 1, date(2025, 12, 1)),
        (date(2026, 12, 31), 12, date(2025, 12, 1)),
        (date(2026, 3, 1), 14, date(2025, 1, 1)),
    ],
)
def test_so_many_full_months_stay_beside_the_current_one(today: date, months: int, first: date):
    assert Policy(months, Path("/archives")).first(today) == first


def test_without_a_file_there_is_no_policy(tmp_path: Path):
    assert retention.load(tmp_path / "retention.json") is None


def test_a_policy_is_read_as_it_was_written(tmp_path: Path):
    path = tmp_path / "retention.json"
    path.write_text(json.dumps(GOOD))
    assert retention.load(path) == Policy(24, Path("/archives"), True)
    path.write_text(json.dumps(Policy(7, Path("/a")).as_json()))
    assert retention.load(path) == Policy(7, Path("/a"), False), "what is not said is not taken out"


WRONG: list[tuple[Any, str]] = [
    ([], "has months and archives"),
    ({"months": 24}, "has months and archives"),
    (GOOD | {"keep": 3}, "has months and archives"),
    (GOOD | {"months": 5}, "5 is no number of months"),
    (GOOD | {"months": "24"}, "24 is no number of months"),
    (GOOD | {"months": True}, "True is no number of months"),
    (GOOD | {"months": 10**6}, "1000000 is no number of months"),
    (GOOD | {"archives": "archives"}, "archives is no folder"),
    (GOOD | {"archives": None}, "None is no folder"),
    (GOOD | {"trim": "yes"}, "yes doesn't say"),
]


@pytest.mark.parametrize(("given", "sentence"), WRONG)
def test_what_is_no_policy_is_said_in_both_languages(given: Any, sentence: str, tmp_path: Path):
    path = tmp_path / "retention.json"
    path.write_text(json.dumps(given))
    with pytest.raises(Problem, match=sentence) as problem:
        retention.load(path)
    assert any("一" <= letter <= "鿿" for letter in str(problem.value))


def test_a_file_that_is_broken_off_is_no_policy(tmp_path: Path):
    path = tmp_path / "retention.json"
    path.write_text('{"months": 2')
    with pytest.raises(Problem, match="can't be read"):
        retention.load(path)


def test_a_folder_that_is_missing_or_closed_is_named(tmp_path: Path):
    with pytest.raises(Problem, match="isn't there"):
        retention.need_folder(tmp_path / "none")
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="isn't there"):
        retention.need_folder(tmp_path / "file")
    retention.need_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"], "the trial leaves nothing"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_named(tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(Problem, match="can't be written to"):
        retention.need_folder(tmp_path)
