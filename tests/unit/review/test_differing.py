"""What a submission changes in the released version: fields, items, files, columns, rows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.dataset import differences
from ckanext.anshan.release import tables
from ckanext.anshan.release.rules import public_metadata
from ckanext.anshan.review import differing
from ckanext.anshan.review.differing import Side, compared, difference
from ckanext.anshan.review.hiding import Cover, Mark

ITEMS = [
    {"name": "站名", "column": "name", "type": "text", "opening_class": "unconditional", "sharing_class": "open"},
    {"name": "人数", "column": "n", "type": "integer", "opening_class": "unconditional"},
    {"name": "负责人", "type": "text", "opening_class": "closed"},
]
EXTRAS = {
    "opening_class": "unconditional",
    "update_cycle": "quarterly",
    "security_level": "general_1",
    "sharing_class": "unconditional",
    "information_items": json.dumps(ITEMS, ensure_ascii=False),
}
FILE = {"name": "a.zip", "sha256": "1" * 64, "size": 3, "format": "ZIP", "mimetype": "application/zip"}


def frozen(*files: Any, title: str = "公交站点", tags: Any = ("公交",), **extras: str) -> dict[str, Any]:
    entry = {"id": "1", "name": "e1", "title": title, "notes": "全市", "license_id": "other-open", "owner_org": "org"}
    return {"entry": {**entry, "tags": list(tags), "groups": [], "extras": {**EXTRAS, **extras}}, "files": list(files)}


def released(of: dict[str, Any]) -> dict[str, Any]:
    about = {"version": 3, "opening_class": of["entry"]["extras"]["opening_class"], "release_date": "2026-01-01"}
    return about | {"metadata": public_metadata(of["entry"]), "files": of["files"]}


def by_name(found: dict[str, Any], part: str = "fields") -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in found[part]}


FIELDS = st.dictionaries(
    st.sampled_from(["update_cycle", "sharing_class", "time_end", "district"]), st.text(max_size=4)
)


@given(FIELDS, st.lists(st.sampled_from("abc"), max_size=3), st.text(max_size=5))
def test_a_submission_of_what_is_released_changes_nothing(fields, tags, title):
    one = frozen(FILE, tags=tags, title=title, **fields)
    found = difference(one, released(one), one)
    assert (found["fields"], found["items"], set(found["counts"].values())) == ([], [], {0})
    assert [file["code"] for file in found["files"]] == ["same"]


@given(FIELDS, FIELDS)
def test_every_field_that_reads_otherwise_is_told_once_with_both_values(before, after):
    old, new = frozen(**before), frozen(**after)
    found = difference(new, released(old), old)
    held = [one["entry"]["extras"] for one in (old, new)]
    names = {name for name in {**before, **after} if held[0].get(name, "") != held[1].get(name, "")}
    assert sorted(one["name"] for one in found["fields"]) == sorted(names)
    assert all((one["before"], one["after"]) == tuple(h.get(one["name"], "") for h in held) for one in found["fields"])


def test_a_first_version_has_nothing_to_compare_with_and_names_its_files():
    found = difference(frozen(FILE), None)
    assert (found["is_first"], found["before"], found["fields"], found["items"]) == (True, None, [], [])
    assert [(one["name"], one["code"], one["table"]) for one in found["files"]] == [("a.zip", "added", None)]


def test_tags_are_compared_too_and_a_change_of_class_level_or_basis_is_flagged():
    old, new = (
        frozen(tags=["公交"]),
        frozen(tags=["公交", "站点"], opening_class="conditional", security_level="general_2"),
    )
    found = by_name(difference(new, released(old), old))
    assert {name for name, one in found.items() if one["flagged"]} == {"opening_class", "security_level"}
    assert json.loads(found["tags"]["after"]) == ["公交", "站点"]
    assert (found["security_level"]["internal"], found["opening_class"]["internal"]) == (True, False)


def test_internal_fields_and_items_are_compared_only_with_what_was_submitted_before():
    old = frozen()
    items = [ITEMS[0] | {"sharing_class": "conditional"}, ITEMS[1] | {"type": "number"}]
    new = frozen(sharing_class="conditional", information_items=json.dumps(items, ensure_ascii=False))
    alone, both = difference(new, released(old)), difference(new, released(old), old)
    assert (alone["with_internal"], alone["fields"]) == (False, [])
    assert {name: one["code"] for name, one in by_name(alone, "items").items()} == {"人数": "changed"}
    assert [one["name"] for one in both["fields"]] == ["sharing_class"]
    assert {name: one["code"] for name, one in by_name(both, "items").items()} == {
        "站名": "changed",
        "人数": "changed",
        "负责人": "removed",
    }
    assert by_name(both, "items")["人数"]["what"] == [{"name": "type", "before": "integer", "after": "number"}]


def test_a_file_that_only_got_another_name_is_renamed_and_not_gone_and_come():
    new, other = {**FILE, "name": "b.zip"}, {**FILE, "name": "c.pdf", "format": "PDF", "sha256": "2" * 64}
    found = difference(frozen(new, other), released(frozen(FILE)))
    assert {one["name"]: (one["code"], one["name_before"]) for one in found["files"]} == {
        "b.zip": ("renamed", "a.zip"),
        "c.pdf": ("added", ""),
    }
    twice = difference(frozen(new, {**new, "name": "d.zip"}), released(frozen(FILE)))
    assert sorted(one["code"] for one in twice["files"]) == ["added", "added", "removed"]


# tables


def table(head: list[str], rows: list[list[Any]], **types: str) -> tables.Table:
    columns = [tables.Column(name, name, types.get(name, "text")) for name in head]
    return tables.Table(columns, [list(row) for row in rows], len(rows))


def sides(old: tables.Table, new: tables.Table, **marks: Mark) -> dict[str, Any]:
    def cover(of: tables.Table) -> Cover:
        return Cover({at: marks[column.title] for at, column in enumerate(of.columns) if column.title in marks})

    return compared(Side(old, cover(old)), Side(new, cover(new)))


OLD = table(["编号", "名称", "有效期"], [["1", "甲", "2026年1月1日"], ["2", "乙", "长期"], ["3", "丙", None]])


def test_a_retyped_column_says_how_many_earlier_values_do_not_fit_and_changes_no_row_by_its_spelling():
    new = table(
        ["编号", "名称", "有效期"],
        [["1", "甲", "2026-01-01"], ["2", "乙", "2027-01-01"], ["3", "丙", None]],
        有效期="date",
    )
    found = sides(OLD, new)
    assert found["retyped"] == [{"name": "有效期", "before": "text", "after": "date", "unfit": 1}]
    assert (found["added"], found["removed"], found["changed"]) == (0, 0, 1)
    assert found["examples_changed"] == [
        {"before": ["2", "乙", "长期"], "after": ["2", "乙", "2027-01-01"], "changed": [2]}
    ]
    back = sides(new, OLD)
    assert (back["retyped"][0]["unfit"], back["changed"]) == (0, 1)


def test_columns_that_came_and_went_say_their_type_and_how_many_rows_have_a_value():
    new = table(["编号", "名称", "电话"], [["1", "甲", "13841212345"], ["2", "乙", None], ["3", "丙", None]])
    found = sides(OLD, new, 电话=Mark("block", ("mobile",)))
    assert found["columns_added"] == [{"name": "电话", "type": "text", "filled": 1, "finding": "block"}]
    assert [one["name"] for one in found["columns_removed"]] == ["有效期"]
    assert (found["rows_before"], found["rows"]) == (3, 3)


def test_examples_are_masked_on_both_sides_in_columns_with_findings():
    old = table(["编号", "电话"], [["1", "13841212345"], ["2", "13841254321"]])
    new = table(["编号", "电话"], [["1", "13998877665"], ["3", "13700001111"]])
    found = sides(old, new, 电话=Mark("block", ("mobile",)))
    assert (found["added"], found["removed"], found["changed"]) == (1, 1, 1)
    told = json.dumps(found, ensure_ascii=False)
    assert [row[1] for row in [*old.rows, *new.rows] if str(row[1]) in told] == []
    assert found["examples_changed"] == [
        {"before": ["1", "138********"], "after": ["1", "139********"], "changed": [1]}
    ]


def test_at_most_five_rows_of_each_kind_are_told():
    many = table(["k"], [[str(at)] for at in range(30)])
    found = sides(table(["k"], [["x"]]), many)
    assert (found["added"], len(found["examples_added"])) == (30, 5)


ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["x", "y", None])), max_size=8)


@given(ROWS, ROWS)
def test_rows_counted_as_added_and_removed_are_the_growth(old, new):
    found = sides(table(["k", "v"], old), table(["k", "v"], new))
    assert found["added"] - found["removed"] == len(new) - len(old)
    assert (found["rows_before"], found["rows"]) == (len(old), len(new))


@given(ROWS)
def test_a_table_beside_itself_shows_no_difference(rows):
    found = sides(table(["k", "v"], rows), table(["k", "v"], rows))
    assert [found[name] for name in ("added", "removed", "changed", "columns_added", "columns_removed", "retyped")] == [
        0, 0, 0, [], [], []
    ]  # fmt: skip


def test_counts_add_up_what_the_head_of_the_panel_says():
    told = {"fields": [1], "items": [], "files": [{"code": "changed", "table": sides(OLD, table(["编号"], [["9"]]))}]}
    assert differing.counts(told) == {"fields": 1, "items": 0, "files": 0, "columns": 2, "rows": 4}
    nothing = {"fields": [], "items": [], "files": [{"code": "added", "table": {"problem": "too_large"}}]}
    assert differing.counts(nothing)["files"] == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [("too_long", "too_large"), ("no_table", "no_table"), ("not_records", "unreadable"), ("empty", "unreadable")],
)
def test_a_table_that_cannot_be_compared_says_why(error, code):
    assert differing.problem(tables.NotATable(error)) == code
    assert differences.EXAMPLES >= differing.EXAMPLES
