"""A page of findings stays as long as a person reads: what differs in its place alone is told once."""

from __future__ import annotations

from typing import Any

from ckanext.anshan.inspection.showing import ALIKE, MOST_ALSO, folded


def finding(number: int, rule: str = "unreadable.encrypted", **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "kind": "unreadable",
        "rule": rule,
        "severity": "block",
        "where": f"{number}.zip",
        "count": 2,
        "offers": [],
    } | more


def test_few_alike_stand_each_for_itself():
    shown = folded([finding(number) for number in range(ALIKE)])
    assert [one["where"] for one in shown] == [f"{number}.zip" for number in range(ALIKE)]
    assert not any(one["also"] for one in shown)


def test_many_alike_are_one_with_the_places_of_all():
    [shown] = folded([finding(number) for number in range(ALIKE + 1)])
    assert [shown["where"], *shown["also"]] == [f"{number}.zip" for number in range(ALIKE + 1)]
    assert shown["count"] == 2 * (ALIKE + 1) and shown["also_of"] == ALIKE


def test_of_thousands_so_many_places_are_told_and_their_number():
    [shown] = folded([finding(number) for number in range(3000)])
    assert len(shown["also"]) == MOST_ALSO and shown["also_of"] == 2999


def test_what_can_be_mended_is_never_folded_nor_are_rules_mixed():
    mendable = [finding(number, offers=[{"value": "drop:0"}]) for number in range(20)]
    other = [finding(20 + number, "unreadable.damaged") for number in range(20)]
    milder = [finding(40 + number, "unreadable.damaged", severity="inform") for number in range(20)]
    shown = folded([*mendable, *other, *milder])
    assert [one["number"] for one in shown] == [*range(20), 20, 40]
