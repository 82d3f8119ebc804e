"""Whatever the bytes are: a reader gives pieces and notices, and never raises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.anshan.scan import reading
from ckanext.anshan.scan.pieces import Place, Reading
from ckanext.anshan.scan.reading import READERS

from .samples import SAMPLES
from .seen import Seen, see

QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _see(content: bytes, name: str, folder: Path) -> Seen:
    path = folder / "file"
    path.write_bytes(content)
    return see(path, name)


@pytest.mark.parametrize("extension", sorted(SAMPLES))
def test_a_file_that_is_cut_off_is_told_or_what_is_left_of_it_is_read(extension: str, tmp_path: Path) -> None:
    whole = SAMPLES[extension]()
    for share in (0.02, 0.3, 0.5, 0.7, 0.9, 0.99):
        content = whole[: max(int(len(whole) * share), 1)]
        seen = _see(content, f"a.{extension}", tmp_path)
        assert seen.notices or seen.tables or extension in ("png", "jpg"), share
        if extension in ("zip", "xlsx", "docx", "pptx", "ods", "gz"):
            assert any(one.kind in ("unreadable", "type_mismatch") for one in seen.notices), share


@pytest.mark.parametrize("extension", sorted(SAMPLES))
def test_a_file_with_damaged_bytes_never_raises(extension: str, tmp_path: Path) -> None:
    whole = SAMPLES[extension]()

    @QUIET
    @given(at=st.lists(st.tuples(st.integers(0, len(whole) - 1), st.binary(min_size=1, max_size=8)), max_size=6))
    def damaged(at: list[tuple[int, bytes]]) -> None:
        content = bytearray(whole)
        for place, other in at:
            content[place : place + len(other)] = other
        _see(bytes(content), f"a.{extension}", tmp_path)

    damaged()


@pytest.mark.parametrize("kind", sorted(READERS))
def test_any_bytes_in_any_reader_never_raise(kind: str, tmp_path: Path) -> None:
    starts = [make()[:64] for make in SAMPLES.values()]

    @QUIET
    @given(start=st.sampled_from([b"", *starts]), rest=st.binary(max_size=300))
    def tried(start: bytes, rest: bytes) -> None:
        with patch.object(reading, "kind_of", return_value=kind):
            _see((start + rest) or b"-", "a.dat", tmp_path)

    tried()


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), OSError(5, "I/O"), ValueError("bad")])
def test_an_error_in_the_midst_of_a_table_leaves_what_was_read(error: Exception, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")

    def broken(*_: object) -> reading.Read:
        def batches() -> Iterator[reading.Batch]:
            yield reading.Batch.of_rows([["kept"]])
            raise error

        yield reading.Piece(Place(), batches())

    with patch.object(reading, "reader", return_value=broken):
        seen = see(path)
    assert seen.words == "kept" and [one.kind for one in seen.notices] == ["unreadable"]


def test_an_interrupt_is_not_swallowed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")

    def interrupted(*_: object) -> reading.Read:
        raise KeyboardInterrupt
        yield

    with patch.object(reading, "reader", return_value=interrupted), pytest.raises(KeyboardInterrupt):
        see(path, reading=Reading())
