"""On a full disk an import, an export or an upload says so, and nothing is left half done.

The disk is the system's own: ``/dev/full`` refuses every byte, and a limit on the size of files refuses the last ones.
"""

from __future__ import annotations

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.anshan.catalogue.exchange import exporting, importing, options
from ckanext.anshan.catalogue.exchange.problems import FileRefused

from .city import City, catalogue, changed, files_below, snapshot, told

FULL = Path("/dev/full")


@contextmanager
def full(size: int = 2000) -> Iterator[None]:
    """Inside, no file grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def many(city: City, count: int = 60) -> Path:
    return city.file(city.entry(number) for number in range(count))


def test_a_report_that_cannot_be_written_is_told_and_the_import_is_kept(city: City):
    file = city.file([city.entry(1), city.entry(2, title="长" * 10_000)])
    done = catalogue("import", str(file), "--create-agencies", "--json", "--report", str(FULL))
    error = told(done)["error"]
    assert (done.returncode, error["code"], error["facts"]) == (1, "disk_full", {"file": str(FULL)})
    assert "磁盘已满" in error["message"]
    assert [row[0] for row in city.stored()] == ["公交站点1"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_that_breaks_off_leaves_the_older_file_and_no_rest(city: City, ending: str):
    importing.run(many(city), create_agencies=True)
    path = city.folder / f"out.{ending}"
    path.write_text("older")
    with full(), pytest.raises(FileRefused) as refused:
        exporting.write(path, "own")
    assert (refused.value.code, Path(refused.value.facts["file"]).name) == ("disk_full", path.name)
    assert path.read_text() == "older" and not list(city.folder.glob(".*"))


def test_an_upload_that_does_not_fit_is_refused_and_leaves_nothing(city: City):
    content = many(city).read_bytes()
    before, files = snapshot(), files_below([options.folder()])
    with full(), pytest.raises(tk.ValidationError) as refused:
        call_action("anshan_catalogue_import", upload=FileStorage(io.BytesIO(content), "a.csv"), create_agencies=True)
    assert "disk is full" in str(refused.value.error_dict["upload"])
    assert files_below([options.folder()]) == files
    assert changed(before, snapshot()) == set()


def test_a_place_that_cannot_be_written_is_named(city: City):
    done = catalogue("export", str(city.folder / "nowhere" / "a.csv"), "--json")
    error = told(done)["error"]
    assert (done.returncode, error["code"]) == (1, "not_usable")
    assert "nowhere" in error["message"]
