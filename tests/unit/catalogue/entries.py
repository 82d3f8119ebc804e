"""Entries for tests: one that is right in each class, and any that Hypothesis can think of."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ckanext.anshan.catalogue import vocabularies
from ckanext.anshan.catalogue.fields import ENTRY, ITEM, Field

BASIS = {
    "opening_basis_title": "中华人民共和国政府信息公开条例",
    "opening_basis_number": "国务院令第711号",
    "opening_basis_article": "第十五条",
}
CONDITIONS = {
    "opening_method": "下载文件",
    "opening_requirements": "不得用于商业营销",
    "opening_safeguards": "存放在境内，到期销毁",
}
OF_CLASS = {"unconditional": {}, "conditional": BASIS | CONDITIONS, "closed": BASIS}


def entry(opening_class: str = "unconditional", **more: Any) -> dict[str, Any]:
    return {
        "title": "停车场基本信息",
        "notes": "全市公共停车场的名称、位置和泊位数。",
        "classification": "department",
        "data_form": "spreadsheet",
        "update_cycle": "yearly",
        "sharing_class": "unconditional",
        "opening_class": opening_class,
        "security_level": "general_1",
        "information_items": [item()],
        **OF_CLASS[opening_class],
        **more,
    }


def item(name: str = "停车场名称", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "text", "sensitive": "no", **more}


def _value(spec: Field) -> st.SearchStrategy[Any]:
    one = st.text(max_size=12)
    if spec.vocabulary:
        one = st.sampled_from(sorted(vocabularies.load(spec.vocabulary).by_id)) | one
    if spec.date:
        one = st.dates().map(str) | one
    if spec.whole:
        one = st.integers(-1, spec.whole[1] + 1).map(str) | one
    return st.lists(one, max_size=3) if spec.many else one


def _row(fields: dict[str, Field]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: _value(spec) for name, spec in fields.items()})


items = st.lists(_row(dict(ITEM)), max_size=3)
anything = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """Right entries with some fields changed into anything of the schema's, or into nonsense."""
    base = entry(draw(st.sampled_from(sorted(OF_CLASS))))
    changed = draw(_row(dict(ENTRY)))
    keep = draw(st.sets(st.sampled_from(sorted(ENTRY))))
    nonsense = draw(
        st.dictionaries(st.sampled_from([*ENTRY, "information_items", "code", "resources"]), anything, max_size=2)
    )
    more = {name: value for name, value in changed.items() if name in keep}
    more |= {"information_items": draw(items)} if draw(st.booleans()) else {}
    return base | more | nonsense
