"""The three forms: recognised by their headings, read without losing anything, written so that they read the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.anshan.catalogue import vocabularies
from ckanext.anshan.catalogue.exchange.forms import FORMS, recognise, values
from ckanext.anshan.catalogue.exchange.forms.drafts import Draft
from ckanext.anshan.catalogue.exchange.forms.own import ENTRY, ITEM, PREFIX
from ckanext.anshan.catalogue.exchange.forms.values import word
from ckanext.anshan.catalogue.exchange.problems import FileRefused, Level
from ckanext.anshan.catalogue.exchange.readers import Row, Sheet, clean

CODE = "11320600014208013B000000000000001"
TOP = [
    "政务服务数据提供方（必填项）",
    "提供方代码（必填项）",
    "信息资源目录名称（必填项）",
    "摘要",
    "",
    "",
    "更新",
    "信息项",
    "",
    "",
    "目录编码",
]
BELOW = [
    "",
    "",
    "",
    "",
    "共享条件（必填项）",
    "开放条件（…）",
    "其他更新周期",
    "信息项名称（必填项）",
    "数据类型",
    "数据长度",
    "",
]


def sheet(rows: Iterable[list[str]]) -> Sheet:
    return Sheet("a", iter([Row(number, [clean(cell) for cell in cells]) for number, cells in enumerate(rows, 1)]))


def drafts(rows: Iterable[list[str]]) -> list[Draft]:
    return list(recognise(iter([sheet(rows)])).drafts)


def row_1272(**given: str) -> list[str]:
    row = {
        "provider": "某市审计局",
        "uscc": CODE[:18],
        "title": "工程",
        "notes": "摘要",
        "sharing": "无",
        "opening": "*",
    }
    row |= {"cycle": "每月", "item": "序号", "type": "numeric", "length": "255", "code": CODE} | given
    return list(row.values())


def test_rows_of_one_code_fold_into_one_entry() -> None:
    found = drafts([TOP, BELOW, row_1272(), row_1272(item="年度", type="nvarchar"), row_1272(code=CODE[:-1] + "2")])
    assert [len(draft.entry["information_items"]) for draft in found] == [2, 1]
    assert found[0].entry["information_items"][1] == {"name": "年度", "type": "text", "length": "255"}
    assert found[0].item_rows == [3, 4]


@pytest.mark.parametrize("nothing", ["*", "无", "-", "", "无。"])
def test_words_for_nothing_are_nothing(nothing: str) -> None:
    draft = drafts([TOP, BELOW, row_1272(opening=nothing, sharing=nothing, item=nothing)])[0]
    assert (draft.entry["opening_class"], draft.entry["sharing_conditions"]) == ("", "")
    assert draft.entry["information_items"] == []
    assert draft.defaults == {"sharing_class": "conditional", "opening_class": "closed"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("无条件开放", "unconditional"),
        ("无限制条件", "unconditional"),
        ("主动向社会公示", "unconditional"),
        ("依申请开放", "conditional"),
        ("经审批同意后可开放", "conditional"),
        ("涉及个人隐私，不予公开", "closed"),
    ],
)
def test_the_opening_class_is_read_from_the_words_of_its_conditions(words: str, kind: str) -> None:
    assert drafts([TOP, BELOW, row_1272(opening=words)])[0].entry["opening_class"] == kind


def test_a_missing_title_is_taken_from_elsewhere_and_told() -> None:
    draft = drafts([TOP, BELOW, row_1272(title="无", notes="水质数据")])[0]
    assert draft.entry["title"] == "水质数据"
    assert [(problem.code, problem.row, problem.level) for problem in draft.problems] == [
        ("title_taken", 3, Level.NOTICE)
    ]


def test_an_unknown_cycle_becomes_irregular_and_is_told() -> None:
    draft = drafts([TOP, BELOW, row_1272(cycle="5年选举周期")])[0]
    assert (draft.entry["update_cycle"], draft.problems[0].code) == ("irregular", "unknown_cycle")


PLAN = [
    "公共数据开放主体名称",
    "更新频率",
    "开放属性",
    "数据格式",
    "数据集领域",
    "数据集名称",
    "数据项",
    "数据摘要",
    "序号",
]


def test_a_plan_lists_items_in_one_cell() -> None:
    row = [
        "某区民政局",
        "每年",
        "普遍开放",
        "xls、xlsx",
        "民生服务",
        "养老机构",
        "名称、地址；床位数,名称",
        "摘要",
        "1",
    ]
    draft = drafts([PLAN, row])[0]
    assert [item["name"] for item in draft.entry["information_items"]] == ["名称", "地址", "床位数"]
    assert draft.entry["opening_class"] == "unconditional"
    assert draft.entry["data_formats"] == ["xls", "xlsx"]


def test_an_unknown_class_in_a_plan_is_an_error_with_its_place() -> None:
    draft = drafts([PLAN, ["某局", "每年", "也许开放", "", "", "养老机构", "名称", "", "1"]])[0]
    problem = draft.problems[0]
    assert (problem.code, problem.row, problem.column, problem.value) == ("unknown_term", 2, "开放属性", "也许开放")
    assert draft.refused


def test_headings_may_stand_below_a_title_row() -> None:
    assert len(drafts([["某区 2024 年开放计划"], PLAN, ["某局", "", "开放", "", "", "名录", "名称", "", ""]])) == 1


def test_a_file_that_lacks_columns_names_them() -> None:
    with pytest.raises(FileRefused) as caught:
        drafts([[name for name in PLAN if name != "开放属性"], ["x"] * 8])
    assert (caught.value.code, caught.value.facts) == ("missing_columns", {"form": "plan", "columns": ["开放属性"]})


def test_a_file_of_none_of_the_forms_is_refused() -> None:
    with pytest.raises(FileRefused) as caught:
        drafts([["姓名", "年龄"], ["甲", "1"]])
    assert caught.value.code == "unknown_form"


@pytest.mark.parametrize("vocabulary", vocabularies.names())
def test_what_is_written_for_a_term_reads_as_that_term(vocabulary: str) -> None:
    for term in vocabularies.load(vocabulary).terms:
        assert vocabularies.term(vocabulary, word(vocabulary, term.id)) == term.id


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(clean)
NAMES = TEXT.filter(bool)
PART = st.from_regex(r"[a-z0-9一-龥]{2,10}", fullmatch=True)
DATES = st.dates().filter(lambda day: day.year > 1900).map(lambda day: day.isoformat())


def _terms(vocabulary: str) -> Any:
    return st.sampled_from(sorted(vocabularies.load(vocabulary).by_id))


def _values(name: str, kind: str, vocabulary: str) -> Any:
    if kind == "terms":
        return st.lists(_terms(vocabulary), unique=True, max_size=3)
    if kind == "list":
        return st.lists(PART, unique=True, max_size=3)
    if kind == "term":
        return st.just("") | _terms(vocabulary)
    return st.just("") | DATES if kind == "date" else NAMES if name in ("title", "provider") else TEXT


ITEMS = st.fixed_dictionaries(
    {c.id[PREFIX:]: NAMES if c.id == "item_name" else _terms(v) if v else TEXT for c, v in ITEM}
).map(lambda item: {name: value for name, value in item.items() if value})
ENTRIES = st.fixed_dictionaries(
    {column.id: _values(column.id, kind, vocabulary) for column, kind, vocabulary in ENTRY}
    | {"information_items": st.lists(ITEMS, unique_by=lambda item: item["name"], max_size=3)}
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        ENTRIES, min_size=1, max_size=3, unique_by=lambda entry: (entry["code"], entry["title"], entry["provider"])
    )
)
def test_the_own_form_loses_nothing(entries: list[dict[str, Any]]) -> None:
    form = FORMS["own"]
    for number, entry in enumerate(entries):
        entry["code"] = f"{CODE[:-1]}{number}"
    rows = form.header() + [row for number, entry in enumerate(entries, 1) for row in form.write(entry, number)]
    found = drafts(rows)
    assert [draft.entry | {"provider": draft.agency, "uscc": draft.uscc} for draft in found] == entries
    assert not any(draft.problems for draft in found)


@settings(max_examples=40, deadline=None)
@given(st.lists(NAMES.filter(values.given), min_size=1, max_size=4, unique=True))
def test_the_1272_form_loses_nothing_of_its_columns(names: list[str]) -> None:
    form = FORMS["1272"]
    items = [{"name": name, "type": "text", "length": "255"} for name in names]
    entry = {"code": CODE, "title": "工程", "notes": "摘要", "provider": "某市审计局", "uscc": CODE[:18]}
    entry |= {"opening_class": "conditional", "opening_conditions": "申请即可", "sharing_class": "unconditional"}
    entry |= {"update_cycle": "monthly", "source_system": "平台", "approval_result": "批复", "information_items": items}
    again = drafts(form.header() + list(form.write(entry, 1)))[0]
    assert {name: again.entry[name] for name in entry if name in again.entry} == {
        name: value for name, value in entry.items() if name not in ("provider", "uscc")
    }


@given(st.lists(st.text(max_size=20).map(str.strip).filter(bool), max_size=4))
def test_a_list_in_a_cell_keeps_separators_and_quotes(given: list[str]) -> None:
    assert values.parts(values.joined(given)) == given
