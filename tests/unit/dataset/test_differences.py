"""What changed between two versions is told by rows, columns, files, items and fields."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.dataset import differences
from ckanext.anshan.dataset.differences import FileChange, ItemChange, Table

HEAD = ["机构编号", "机构名称", "床位数"]
OLD = Table(HEAD, [["A1", "海城养老院", "20"], ["A2", "台安敬老院", "30"], ["A3", "岫岩颐养中心", "40"]])


def counts(found):
    return found.added, found.removed, found.changed


def test_rows_are_told_apart_by_the_first_column_that_can():
    new = Table(HEAD, [["A1", "海城养老院", "25"], ["A3", "岫岩颐养中心", "40"], ["A4", "千山康宁院", "10"]])
    found = differences.between(OLD, new)
    assert (found.key, counts(found), found.rows) == ("机构编号", (1, 1, 1), 3)
    assert found.examples_changed == [(("A1", "海城养老院", "20"), ("A1", "海城养老院", "25"))]
    assert found.examples_added == [("A4", "千山康宁院", "10")]
    assert found.examples_removed == [("A2", "台安敬老院", "30")]


def test_a_new_order_of_rows_or_columns_is_no_change():
    turned = Table(["床位数", *HEAD[:2]], [[row[2], *row[:2]] for row in reversed(OLD.rows)])
    assert differences.between(OLD, turned).is_same


def test_columns_that_came_and_went_are_told_and_leave_the_rows_alone():
    new = Table([*HEAD[:2], "护理型床位数"], [[*row[:2], "5"] for row in OLD.rows])
    found = differences.between(OLD, new)
    assert (found.columns_added, found.columns_removed, counts(found)) == (["护理型床位数"], ["床位数"], (0, 0, 0))


def test_without_a_column_that_tells_rows_apart_a_change_is_one_gone_and_one_come():
    old = Table(["品名", "均价"], [["白菜", "1.2"], ["白菜", "1.2"], ["土豆", "2"]])
    new = Table(["品名", "均价"], [["白菜", "1.2"], ["土豆", "2"], ["土豆", "3"]])
    found = differences.between(old, new)
    assert (found.key, counts(found)) == ("", (1, 1, 0))


def test_a_table_that_was_renumbered_whole_has_no_key():
    new = Table(HEAD, [[f"B{at}", *row[1:]] for at, row in enumerate(OLD.rows)])
    found = differences.between(OLD, new)
    assert (found.key, counts(found)) == ("机构名称", (0, 0, 3))


ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz")), max_size=8)


@given(ROWS, ROWS)
def test_what_is_added_less_what_is_removed_is_the_growth(old, new):
    found = differences.between(Table(["k", "v"], old), Table(["k", "v"], new))
    assert found.added - found.removed == len(new) - len(old)
    assert differences.between(Table(["k", "v"], old), Table(["k", "v"], old)).is_same


def test_files_are_compared_by_their_bytes():
    old = [{"name": "a.csv", "sha256": "1"}, {"name": "b.csv", "sha256": "2"}, {"name": "c.csv", "sha256": "3"}]
    new = [{"name": "a.csv", "sha256": "1"}, {"name": "b.csv", "sha256": "9"}, {"name": "d.csv", "sha256": "3"}]
    assert {one.name: one.code for one in differences.files(old, new)} == {
        "a.csv": "same",
        "b.csv": "changed",
        "d.csv": "added",
        "c.csv": "removed",
    }
    assert differences.files([], new[:1]) == [FileChange("a.csv", "added", None, new[0])]


def test_items_and_fields_say_what_reads_otherwise():
    old = [{"name": "床位数", "type": "integer", "unit": "张"}, {"name": "电话", "type": "text"}]
    new = [{"name": "床位数", "type": "integer", "unit": "个"}, {"name": "地址", "type": "text"}]
    assert differences.items(old, new) == [
        ItemChange("床位数", "changed", ("unit",)),
        ItemChange("地址", "added"),
        ItemChange("电话", "removed"),
    ]
    before = {"title": "养老机构", "fields": {"update_cycle": "yearly", "next_update_due": "2026-01-01"}}
    after = {"title": "养老机构", "fields": {"update_cycle": "quarterly", "next_update_due": "2027-01-01"}}
    assert [one.name for one in differences.fields(before, after)] == ["update_cycle"]
