"""Both ways of writing a docstring are read: CKAN's and the portal's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.developers import docstrings

CKANS = """Search for rows, e.g. of a table. A second sentence.

You must be :ref:`authorized <auth>` and use ``limit``, see the `guide <https://example.org>`_.

:param resource_id: id or alias
:type resource_id: string
:param filters: conditions like
    {"name": "fred"} (optional)
:type filters: dictionary
:param facet.field: the fields to facet upon
:type facet.field: list of strings
:type later: int

**Results:**

:rtype: dictionary
:param total: how many there are
:type total: int

.. _guide: https://example.org
"""
OURS = """One version of a dataset.

:param id: id or name · :param version: its number; the published one when not given
:returns: as ``anshan_release_list``
:raises ObjectNotFound: nothing is published
"""


def test_ckans_docstring_gives_parameters_with_their_types():
    params = docstrings.read(CKANS).params
    assert list(params) == ["resource_id", "filters", "facet.field", "later"]
    assert params["filters"].text == 'conditions like {"name": "fred"} (optional)'
    assert [each.schema for each in params.values()] == [
        {"type": "string"},
        {"type": "object"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "integer"},
    ]


def test_what_is_returned_is_no_parameter():
    assert "total" not in docstrings.read(CKANS).params


def test_a_summary_is_one_sentence_and_ends_at_no_abbreviation():
    assert docstrings.read(CKANS).summary == "Search for rows, e.g. of a table"


def test_marks_of_the_docstring_are_taken_out():
    about = docstrings.read(CKANS).about
    assert about.endswith("You must be authorized and use `limit`, see the guide.")
    assert "Results" not in about


def test_our_docstring_holds_several_fields_on_a_line():
    told = docstrings.read(OURS)
    assert {name: each.text for name, each in told.params.items()} == {
        "id": "id or name",
        "version": "its number; the published one when not given",
    }
    both = docstrings.read(":param offset, limit: which of them").params
    assert {name: each.text for name, each in both.items()} == {"offset": "which of them", "limit": "which of them"}
    assert told.returns == "as `anshan_release_list`"


@pytest.mark.parametrize(
    ("name", "text", "is_required"),
    [
        ("id", "the dataset", True),
        ("id", "the user (optional, default: the one who asks)", False),
        ("name", "the new name, default: the id", False),
        ("fq", "any filter queries", False),  # CKAN doesn't say that it may be left out
    ],
)
def test_a_parameter_is_required_only_without_doubt(name, text, is_required):
    assert docstrings.Param(name, text).is_required is is_required


def test_a_type_ends_with_its_paragraph():
    told = docstrings.read(":param x: words\n:type x: bool\n\nA list or a string.\n")
    assert told.params["x"].schema == {"type": "boolean"}


def test_a_switch_without_a_type_is_known_by_its_default():
    assert docstrings.Param("x", "use the schema (default: `False`)").schema == {"type": "boolean"}


@pytest.mark.parametrize("text", [None, "", ":param", ":param x:", ":type x: int", "a:param b: c"])
def test_a_poor_docstring_is_no_error(text):
    docstrings.read(text)


@given(st.text(alphabet=st.sampled_from(list(":param x\n·`*.ab\t")), max_size=200))
def test_no_docstring_is_an_error(text):
    docstrings.read(text)
