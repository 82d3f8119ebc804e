"""What of a list is signed, and how a manifest is held against it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.release.lists import Allowed, Held, demo, differences, line
from ckanext.anshan.release.rules import Approval, Basis, File, Refusal

DAY = datetime.date(2021, 6, 1)


def entry(id: str = "e", **more: Any) -> dict[str, Any]:
    extras = {"code": f"code-{id}", "opening_class": "unconditional", "security_level": "general_1", **more}
    return {"id": id, "name": id, "title": "停车场", "notes": "", "owner_org": "o", "license_id": "", "extras": extras}


def file(
    name: str = "a.csv", sha256: str = "1", size: int = 3, format: str = "CSV", mimetype: str = "text/csv"
) -> File:
    return File(name, sha256, size, format, mimetype)


def test_a_line_says_everything_that_becomes_public():
    found = line(entry(), [file()], DAY)
    facts = {"name": "a.csv", "sha256": "1", "size": 3, "format": "CSV", "mimetype": "text/csv"}
    assert {**found, "metadata": "", "sharing": ""} == {
        "entry": "e",
        "code": "code-e",
        "title": "停车场",
        "opening_class": "unconditional",
        "metadata": "",
        "sharing": "",
        "files": [facts],
        "release_date": "2021-06-01",
    }


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (line(entry(), [file()], DAY), ()),
        (line(entry(security_level="core"), [file()], DAY), ()),
        (line(entry(), [file(mimetype="text/plain")], DAY), ()),
        (line(entry(), [file(sha256="2")], DAY), ("a.csv",)),
        (line(entry(), [file(format="TXT")], DAY), ("a.csv",)),
        (line(entry(), [file("b.csv")], DAY), ("a.csv", "b.csv")),
        (line(entry(), [], DAY), ("a.csv",)),
        (line(entry(), [file()], None), ("release_date",)),
        (line(entry(update_cycle="yearly"), [file()], DAY), ("metadata",)),
        (line(entry(opening_class="closed"), [file()], DAY), ("opening_class", "metadata")),
        (line(entry(sharing_class="unconditional"), [file()], DAY), ("sharing",)),
    ],
)
def test_what_differs_is_named(now, what):
    assert differences(line(entry(), [file()], DAY), now) == what


def test_a_list_signed_without_what_is_shared_is_signed_anew():
    now = line(entry(), [file()], DAY)
    assert differences({name: value for name, value in now.items() if name != "sharing"}, now) == ("sharing",)


def test_the_order_of_files_is_signed_too():
    one, two = file("a.csv"), file("b.csv")
    assert differences(line(entry(), [one, two], None), line(entry(), [two, one], None)) == ("files",)


def versions(count: int, id: str = "e") -> list[dict[str, Any]]:
    return [line(entry(id), [file(sha256=str(number))], None) for number in range(count)]


@given(st.lists(st.integers(0, 6), max_size=8))
def test_lines_are_found_once_each_and_in_their_order_alone(asked: list[int]):
    signed = versions(5)
    held = Held(signed)
    found = [held.find(one) for one in (versions(7)[at] for at in asked)]
    taken = [at for at in found if isinstance(at, int)]
    assert taken == sorted(set(taken)) and set(taken) <= set(asked) & set(range(5))
    codes = {one.code for one in found if isinstance(one, Refusal)}
    assert codes <= {"not_in_list", "changed_since_signed"}


def test_an_entry_that_nobody_signed_is_not_in_the_list():
    held = Held(versions(1))
    refusal = held.find(line(entry("other"), [file()], None))
    assert refusal == Refusal("not_in_list", {"entry": "code-other"})
    assert held.find(versions(1)[0]) == 0
    assert held.find(versions(1)[0]) == Refusal("not_in_list", {"entry": "code-e"}), "each line is there once"


def test_a_list_is_complete_with_its_last_line_and_only_then():
    held = Held([*versions(2), *versions(1, "other")])
    assert not held.completes({0, 1}) and held.completes({0, 1, 2})
    held.done |= {0, 2}
    assert (held.left, held.completes(()), held.completes({1})) == (1, False, True)
    held.done |= {1}
    assert (held.left, held.completes({1})) == (0, False), "it is closed once"


def test_nothing_but_the_demo_is_allowed_without_lines():
    assert demo("1号").lines is None
    for basis in set(Basis) - {Basis.DEMO}:
        with pytest.raises(ValueError, match="signed"):
            Allowed(Approval(basis, "1号"))
    with pytest.raises(ValueError, match="signed"):
        Allowed(Approval(Basis.DEMO, "1号"), [])
