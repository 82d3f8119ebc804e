"""What people type becomes what is stored."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.anshan.catalogue import tidy


@pytest.mark.parametrize(
    ("cycle", "since", "due"),
    [
        ("daily", date(2026, 12, 31), date(2027, 1, 1)),
        ("weekly", date(2026, 2, 26), date(2026, 3, 5)),
        ("monthly", date(2027, 1, 31), date(2027, 2, 28)),
        ("quarterly", date(2026, 11, 30), date(2027, 2, 28)),
        ("yearly", date(2028, 2, 29), date(2029, 2, 28)),
        ("irregular", date(2026, 1, 1), None),
        ("never", date(2026, 1, 1), None),
        ("", date(2026, 1, 1), None),
    ],
)
def test_the_next_update_is_one_cycle_away(cycle: str, since: date, due: date | None) -> None:
    assert tidy.next_due(cycle, since) == due


def test_a_given_date_of_the_next_update_stays() -> None:
    entry = tidy.complete({"update_cycle": "daily", "next_update_due": "2030-01-01"}, "公安局", date(2026, 1, 1))
    assert entry["next_update_due"] == "2030-01-01"


def test_the_provider_collects_and_approves_where_nobody_else_is_named() -> None:
    entry = tidy.complete({"collecting_agency": "统计局"}, "公安局", date(2026, 1, 1))
    assert (entry["collecting_agency"], entry["approving_agency"]) == ("统计局", "公安局")


@pytest.mark.parametrize("text", ["2026年1月5日", "2026/1/5", "2026-01-05T08:00:00", " 2026.1.5 "])
def test_dates_are_understood_as_people_write_them(text: str) -> None:
    assert tidy.tidy({"time_start": text})["time_start"] == "2026-01-05"


def test_lists_may_be_typed() -> None:
    assert tidy.tidy({"data_formats": "CSV、xlsx，csv"})["data_formats"] == ["csv", "xlsx"]
    assert tidy.tidy({"data_formats": ["Excel", ""]})["data_formats"] == ["xlsx"]


def test_what_is_not_understood_stays_for_the_rules_to_refuse() -> None:
    assert tidy.tidy({"update_cycle": "世纪"})["update_cycle"] == "世纪"


def test_a_row_of_the_form_that_nobody_filled_is_no_item() -> None:
    rows = [{"name": " 名称 ", "type": "nvarchar", "sensitive": "是"}, {"name": "", "type": "text", "sensitive": "no"}]
    assert tidy.tidy({"information_items": rows})["information_items"] == [
        {"name": "名称", "type": "text", "sensitive": "yes"}
    ]
