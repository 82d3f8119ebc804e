"""Every byte of a delimited text is in a cell or parts two; well-formed files are read as Python's csv reads them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import pytest
from hypothesis import strategies as st

from ckanext.anshan.scan.pieces import Batch, Notice, Place, Reading
from ckanext.anshan.scan.reading import delimited, encoding, quotes

from .made import given

BETWEEN = b',\t;|\x01^"\r\n'
ANY = st.text("a1住\",;\t|\n\r ^'", max_size=60)
CELL = st.text("a1住址\"\n' .-", max_size=8)
GRIDS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=2, max_size=8)
)


def read(data: bytes) -> tuple[list[Batch], dict[str, int]]:
    """Batches, and what is wrong with the form."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        batches: list[Batch] = []
        wrong: dict[str, int] = {}
        for item in delimited.read(Path(file.name), Place(), Reading()):
            if isinstance(item, Notice):
                wrong[item.rule.removeprefix("malformed.")] = item.count
            else:
                batches += item.batches
        return batches, wrong


def rows(batches: list[Batch]) -> list[list[str]]:
    found: list[list[str]] = []
    for batch in batches:
        cells = np.arange(len(batch))
        for cell, row, column in zip(
            cells.tolist(), batch.rows(cells).tolist(), batch.columns(cells).tolist(), strict=True
        ):
            found += [[] for _ in range(row + 1 - len(found))]
            assert len(found[row]) == column
            found[row].append(batch.text(cell))
    return found


def bare(data: bytes) -> bytes:
    return data.translate(None, BETWEEN)


def small(chunk: int, longest: int = quotes.LONGEST_ROW) -> pytest.MonkeyPatch:
    patched = pytest.MonkeyPatch()
    patched.setattr(encoding, "CHUNK", chunk)
    patched.setattr(quotes, "LONGEST_ROW", longest)
    return patched


@given(ANY, st.sampled_from([3, 8, 1 << 20]), st.sampled_from([4, 20, 1 << 18]), tries=100)
def test_every_byte_belongs_to_a_cell_or_parts_two(text, chunk, longest):
    patched = small(chunk, longest)
    try:
        batches, _ = read(text.encode())
    finally:
        patched.undo()
    for batch in batches:
        assert (batch.starts <= batch.ends).all() and (batch.ends[:-1] < batch.starts[1:]).all()
        parting = [batch.data[end:start] for end, start in zip([0, *batch.ends[:-1]], batch.starts, strict=True)]
        assert not bare(b"".join(parting))
    assert bare("".join(cell for row in rows(batches) for cell in row).encode()) == bare(text.encode())


@given(
    GRIDS,
    st.sampled_from(",\t;|"),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from([5, 16, 1 << 20]),
    tries=80,
)
def test_a_well_formed_file_is_read_as_csv_reads_it(grid, delimiter, line_end, ends, chunk):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(grid)
    data = (text.getvalue() if ends else text.getvalue().removesuffix(line_end)).encode()
    patched = small(chunk)
    try:
        batches, wrong = read(data)
    finally:
        patched.undo()
    assert rows(batches) == [[cell.replace('"', '""') for cell in row] for row in grid]
    assert not wrong


def test_a_quote_within_a_quoted_cell_stays_doubled():
    assert rows(read(b'a,b\n"x ""y"" z",1\n')[0]) == [["a", "b"], ['x ""y"" z', "1"]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "^", "\x01"])
def test_the_delimiter_is_the_one_that_splits_lines_evenly(delimiter):
    lines = [
        ["姓名", "电话", "备注"],
        ["甲", "1", "一,二;三" if delimiter not in ",;" else "一|二"],
        ["乙", "2", ""],
        ["丙", "3", "x"],
    ]
    data = "\n".join(delimiter.join(line) for line in lines).encode()
    assert delimited.delimiter(data) == ord(delimiter)
    assert rows(read(data)[0]) == lines


def test_delimiters_within_quotes_are_not_weighed():
    assert delimited.delimiter(b'a;"1,2,3"\nb;"4,5,6"\nc;"7,8,9"\n') == ord(";")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_of_three_ways(line_end):
    data = line_end.join(["姓名,电话", "甲,1", "乙,2", ""]).encode()
    batches, wrong = read(data)
    assert rows(batches) == [["姓名", "电话"], ["甲", "1"], ["乙", "2"]] and not wrong


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_an_encoding_makes_no_difference(name, line_end):
    data = line_end.join(["姓名,住址,电话", '甲,"铁东区,解放路",1', "乙,铁西区,2", ""]).encode(name)
    batches, wrong = read(data)
    assert (
        rows(batches) == [["姓名", "住址", "电话"], ["甲", "铁东区,解放路", "1"], ["乙", "铁西区", "2"]] and not wrong
    )


@pytest.mark.parametrize("quoted", ['"联系\n电话","备\n注"', '"姓\n\n名","联\n系\n电\n话"'])
def test_line_feeds_within_quotes_do_not_tell_how_lines_end(quoted):
    batches, wrong = read("\r".join([quoted, '1,"a\nb\nc"', '2,"d\ne\nf"', ""]).encode())
    assert rows(batches)[1:] == [["1", "a\nb\nc"], ["2", "d\ne\nf"]] and len(rows(batches)[0]) == 2 and not wrong


def test_big5_is_read_too():
    text = "機關名稱,負責人,聯絡電話\n區公所,陳淑芬,詳見網站\n戶政事務所,請於期限內辦理,登記\n"
    assert rows(read(text.encode("big5"))[0]) == [line.split(",") for line in text.splitlines()]


def test_lines_in_another_encoding_behind_the_head_are_counted(monkeypatch):
    data = "姓名,电话\n甲,1\n".encode() + "乙,2\n丙,3\n".encode("gb18030")
    monkeypatch.setattr(delimited, "HEAD", 16)
    batches, wrong = read(data)
    assert rows(batches)[2:] == [["乙", "2"], ["丙", "3"]] and wrong == {"encoding": 2}


def test_a_quote_that_is_never_closed_keeps_nothing_back():
    lines = ["a,b", '1,"never closed', *(f"{number},x" for number in range(2, 40))]
    patched = small(16, 64)
    try:
        batches, wrong = read("\n".join(lines).encode())
    finally:
        patched.undo()
    assert wrong["quotes"] == 1
    assert rows(batches) == [line.split(",") for line in lines]


def test_quotes_that_lie_further_apart_than_a_row_may_be_long_do_not_belong_together():
    lines = ["a,b", '1,"begin', *(f"{number},x" for number in range(2, 40)), '40,end"', "41,x"]
    patched = small(1 << 20, 64)
    try:
        batches, wrong = read("\n".join(lines).encode())
    finally:
        patched.undo()
    assert wrong["quotes"] == 1 and rows(batches) == [line.split(",") for line in lines]


def test_rows_behind_a_quote_that_is_never_closed_are_not_held_back():
    chunk, longest = 64, 256
    patched = small(chunk, longest)
    try:
        batches, _ = read(b'a,b\n1,"never closed\n' + b"2,x\n" * 2000)
    finally:
        patched.undo()
    assert max(len(batch.data) for batch in batches) <= longest + 2 * chunk


def test_a_stray_quote_does_not_swallow_the_rows_behind_it():
    batches, wrong = read(b'a,b\n1,5" screen\n2,"x"\n3,7" screen\n')
    assert rows(batches) == [["a", "b"], ["1", '5" screen'], ["2", "x"], ["3", '7" screen']]
    assert "uneven_rows" not in wrong


BROKEN = [
    ('1,"甲" 乙,5" 管,x,"未完', ["1", '"甲" 乙', '5" 管', "x", '"未完']),
    ('1,"未完,2', ["1", '"未完', "2"]),
    ('1,5" 管,"a,b",7"', ["1", '5" 管', "a,b", '7"']),
    ('屏幕 7",x,"a,b"', ['屏幕 7"', "x", "a,b"]),
    ('1,"他说"好"了",2', ["1", '他说"好"了', "2"]),
    ('"a ""b, c"" d",5" x,"e', ['"a ""b', ' c"" d"', '5" x', '"e']),
    ('"a ""b, c"" d",5" x,e', ['a ""b, c"" d', '5" x', "e"]),
    ('""",",",x",y', ['"",', ",x", "y"]),
]


@pytest.mark.parametrize(("line", "cells"), BROKEN)
def test_broken_quotes_cost_their_own_line_and_none_beside_it(line, cells):
    around = ['"多行\n备注","x"', "a,b", '"c,d",""']
    text = "\n".join([*around, line, *around]) + "\n"
    wanted = [["多行\n备注", "x"], ["a", "b"], ["c,d", ""]]
    assert rows(read(text.encode())[0]) == [*wanted, cells, *wanted]


def test_only_lines_whose_quotes_make_no_sense_are_counted():
    lines = ['5" 管,x', '"a"b",x', '1,"x', "1,2", '"x,2', '"a', 'b",x']
    assert read("\n".join(lines * 50).encode())[1]["quotes"] == 100


def test_lines_are_rows_at_once_where_none_of_thousands_of_quotes_was_closed(monkeypatch):
    monkeypatch.setattr(quotes, "IN_VAIN", 20)
    tried = quotes.Quotes(ord(","), quotes.LINE)
    data = b'1,"x\n' * 1000
    assert not len(tried.enclosing(data, np.frombuffer(data, np.uint8), last=True))
    assert tried.broken == 1000 and tried.tried < 30


@given(GRIDS, st.integers(0, 7), st.sampled_from([5, 16, 64, 1 << 20]), tries=60)
def test_a_row_of_broken_quotes_leaves_every_other_row_as_it_was(grid, at, chunk):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(["x" + cell.replace("\n", ",") for cell in row] for row in grid)
    lines = text.getvalue().removesuffix("\n").split("\n")
    at = min(at, len(lines))
    patched = small(chunk)
    try:
        whole = rows(read("\n".join(lines).encode())[0])
        broken = rows(read("\n".join([*lines[:at], '1,"未完', *lines[at:]]).encode())[0])
    finally:
        patched.undo()
    assert broken[:at] == whole[:at] and broken[len(broken) - len(lines) + at :] == whole[at:]


@pytest.mark.parametrize("line", [b'"', b'1,"x', b"x", b'a"b', b","])
def test_a_file_without_end_of_line_or_quote_is_read_in_little_memory(line):
    chunk, longest = 64, 256
    patched = small(chunk, longest)
    try:
        batches, _ = read(b"a,b\n" + line * 5000)
    finally:
        patched.undo()
    assert max(len(batch.data) for batch in batches) <= longest + 2 * chunk
    assert sum(len(batch.data) for batch in batches) == 4 + len(line) * 5000


def test_rows_of_other_lengths_are_counted_and_blank_ones_are_not():
    batches, wrong = read(b"a,b,c\n" + b"1,2,3\n" * 5 + b"4,5\n\n6,7,8,9\n1,2,3\n")
    assert wrong == {"uneven_rows": 2}
    assert rows(batches)[6:] == [["4", "5"], [""], ["6", "7", "8", "9"], ["1", "2", "3"]]


def test_titles_above_the_table_are_no_uneven_rows():
    assert read("名单\n填报单位：民政局\n".encode() + b"a,b,c\n" + b"1,2,3\n" * 5)[1] == {}


@pytest.mark.parametrize("data", [b"\n", b",", b"a", b'"', b'""', b"\r\n", b"\xef\xbb\xbf", b"\n\n\n", b'",', b'\n"'])
def test_next_to_nothing_is_read(data):
    read(data)


@given(st.integers(1, 400), st.sampled_from([16, 50]))
def test_rows_are_numbered_through_all_batches(count, chunk):
    patched = small(chunk)
    try:
        batches, _ = read(b"".join(b"%d,x\n" % number for number in range(count)))
    finally:
        patched.undo()
    assert [row[0] for row in rows(batches)] == [str(number) for number in range(count)]


def test_how_far_the_file_is_read_is_told(tmp_path):
    path, told = tmp_path / "a.csv", []
    path.write_bytes(b"a,b\n" * 100)
    patched = small(40)
    try:
        for item in delimited.read(path, Place(), Reading(progress=told.append)):
            if not isinstance(item, Notice):
                assert sum(1 for _ in item.batches) > 2
    finally:
        patched.undo()
    assert told == sorted(told) and len(told) > 3 and told[-1] == 1.0
