"""The code that people copy runs, whatever stands in a value."""

from __future__ import annotations

import ast
import json
import shlex
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.developers import calls

BASE = "https://data.example.gov.cn"
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
VALUES = st.dictionaries(st.sampled_from(["q", "filters", "facet.field", "limit"]), TEXTS | st.integers(), max_size=3)


def call(**values):
    return calls.Call(BASE, "datastore_search", values)


def test_every_language_has_its_example():
    assert [each.id for each in calls.examples(call(limit=5))] == ["curl", "ckanapi", "requests", "javascript"]


def test_curl_sends_objects_as_json():
    line = calls.curl(call(resource_id="a", filters={"区县": "海城市"}))
    assert line == (
        "curl -G https://data.example.gov.cn/api/3/action/datastore_search \\\n"
        "  --data-urlencode resource_id=a \\\n"
        '  --data-urlencode \'filters={"区县":"海城市"}\''
    )


def test_lists_are_given_several_times():
    url = calls.Call(BASE, "package_search", {"fq_list": ["a:1", "b:2"]}).url
    assert parse_qsl(urlsplit(url).query) == [("fq_list", "a:1"), ("fq_list", "b:2")]


def test_what_changes_something_is_posted_with_a_key():
    line = calls.curl(calls.Call(BASE, "package_patch", {"id": "x"}, reads=False))
    assert '-H "Authorization: $TOKEN"' in line
    assert shlex.split(line.replace("\\\n", " "))[-1] == '{"id": "x"}'


@given(VALUES)
def test_python_examples_are_python(values):
    for example in calls.examples(call(**values)):
        if example.label.startswith("Python"):
            ast.parse(example.code)


@given(VALUES)
def test_a_shell_reads_back_what_was_given(values):
    words = shlex.split(calls.curl(call(**values)).replace("\\\n", " "))
    pairs = [word for word in words[3:] if word != "--data-urlencode"]
    assert pairs == [
        f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in values.items()
    ]


@pytest.mark.parametrize("name", ["站点 一'二.csv", 'a"b.csv', "$(rm).csv"])
def test_a_download_keeps_the_name_of_the_file(name):
    curl, python, _ = calls.downloads(f"{BASE}/data/x/v1/a.csv", name)
    assert shlex.split(curl.code.replace("\\\n", " "))[3] == name
    assert json.dumps(name, ensure_ascii=False) in python.code
    ast.parse(python.code)
