"""Killed, raced, or without one of its stores, an import loses nothing and doubles nothing."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk

from ckanext.anshan.catalogue.exchange import importing, runs
from ckanext.anshan.catalogue.exchange.problems import FileRefused
from ckanext.anshan.workflow import outbox, repair

from ..starting import start
from .city import City, catalogue, changed, command, files_below, index_version, snapshot, told
from .killed import POINTS

COUNT = 12
NOWHERE = "http://127.0.0.1:1/solr/nowhere"


def file_of(city: City, count: int = COUNT) -> Path:
    return city.file(city.entry(number) for number in range(1, count + 1))


def expected_codes(city: City, count: int = COUNT) -> list[str]:
    """The codes of an import that nobody disturbs."""
    return [f"{city.uscc}{number:015d}" for number in range(1, count + 1)]


def titles(count: int = COUNT) -> set[str]:
    return {f"公交站点{number}" for number in range(1, count + 1)}


def run(file: Path, **more: Any) -> importing.Outcome:
    return importing.run(file, create_agencies=True, **more)


def test_a_run_that_the_other_process_finished_first_is_left_as_it_is(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """The web process and the worker both see that it waits; one of them gets the lock after the other is through."""
    path = tmp_path / "uploaded.csv"
    path.write_bytes(file_of(city).read_bytes())
    id = runs.create("uploaded.csv", None, True, path=str(path))
    model.Session.commit()
    alone = runs.alone

    @contextmanager
    def late() -> Iterator[None]:
        monkeypatch.setattr(runs, "alone", alone)
        importing.run_waiting(id)
        with alone():
            yield

    monkeypatch.setattr(runs, "alone", late)
    importing.run_waiting(id, again=True)
    found = runs.show(id)
    assert found is not None and (found["state"], found["code"], found["created"]) == ("done", None, COUNT)
    assert not path.exists()


def kill(file: Path, point: str) -> None:
    done = start("tests.integration.catalogue_exchange.killed", str(file), point)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_import_goes_on_and_ends_as_if_never_killed(city: City, point: str):
    file = file_of(city)
    kill(file, point)
    stored = len(city.stored())
    assert stored == (COUNT if point.startswith("after") else 4), "whole batches, or nothing of a batch"
    assert city.codes() == expected_codes(city, stored)
    outcome = run(file)
    assert (outcome.created, outcome.unchanged, outcome.refused) == (COUNT - stored, stored, 0)
    assert city.codes() == expected_codes(city)
    assert city.indexed() == titles()
    assert [row["state"] for row in runs.recent(2)] == ["done", "interrupted"]
    assert repair.run()["waiting"] == 0


def test_two_imports_of_one_file_make_no_doubles_and_both_end_clearly(city: City):
    file = file_of(city, 300)
    words = command("import", str(file), "--create-agencies", "--json")
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [json.loads(one.communicate(timeout=120)[0].splitlines()[-1]) for one in both]
    for one, answer in zip(both, answers, strict=True):
        if one.returncode:
            assert (one.returncode, answer["error"]["code"]) == (1, "import_running")
        else:
            assert answer["created"] + answer["unchanged"] == 300 and answer["refused"] == 0
    assert 0 in [one.returncode for one in both]
    assert city.codes() == expected_codes(city, 300)


def test_while_one_import_runs_a_second_is_told_so_and_changes_nothing(city: City):
    file = file_of(city)
    with runs.alone():
        before = snapshot()
        with pytest.raises(FileRefused) as refused:
            run(file)
        assert refused.value.code == "import_running"
        assert changed(before, snapshot()) == set()


def test_a_dry_run_writes_nothing_anywhere(city: City):
    file = file_of(city)
    folders = [Path(tk.config["ckan.storage_path"]), Path(tk.config["ckan.files.storage.vault.path"]), city.folder]
    before, index, files = snapshot(), index_version(), files_below(folders)
    outcome = run(file, dry_run=True)
    assert (outcome.created, outcome.agencies, outcome.dry_run) == (COUNT, 1, True)
    assert changed(before, snapshot()) == set()
    assert (index_version(), files_below(folders)) == (index, files)


def test_a_second_run_changes_nothing_but_its_own_record(city: City):
    file = file_of(city)
    run(file)
    before, index = snapshot(), index_version()
    again = run(file)
    assert (again.created, again.updated, again.unchanged, again.agencies) == (0, 0, COUNT, 0)
    assert changed(before, snapshot()) == {"anshan_catalogue_import"}
    assert index_version() == index


def test_without_solr_all_is_stored_and_the_next_start_repairs_the_index(city: City):
    file = file_of(city)
    done = catalogue("import", str(file), "--create-agencies", "--json", CKAN_SOLR_URL=NOWHERE)
    answer = told(done)
    assert (done.returncode, answer["created"], answer["indexed"]) == (0, COUNT, False), done.stderr[-2000:]
    assert city.codes() == expected_codes(city)
    assert city.indexed() == set()
    assert outbox.waiting({importing.INDEX}) > 0
    assert repair.run()["waiting"] == 0
    make_connection().commit()
    assert city.indexed() == titles()


def test_without_redis_an_import_works(city: City):
    file = file_of(city)
    done = catalogue("import", str(file), "--create-agencies", "--json", CKAN_REDIS_URL="redis://127.0.0.1:1/0")
    answer = told(done)
    assert (done.returncode, answer["created"], answer["indexed"]) == (0, COUNT, True), done.stderr[-2000:]
    assert city.indexed() == titles()
