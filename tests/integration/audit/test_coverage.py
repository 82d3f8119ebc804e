"""What changes something or hands out bytes is recorded, or says why not: actions, pages, jobs, routines."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.logic import _actions
from ckan.plugins import toolkit as tk

from ckanext.anshan import rooms
from ckanext.anshan.audit import rules

pytestmark = pytest.mark.usefixtures("with_plugins")


def test_every_writing_action_is_classified():
    tk.get_action("package_show")
    writing = {name for name, action in _actions.items() if not getattr(action, "side_effect_free", False)}
    assert writing - set(rules.ACTIONS) == set(), "say in audit/rules.py how this is recorded, or why not"
    assert set(rules.ACTIONS) - set(_actions) == set(), "audit/rules.py names actions that aren't there"


def endpoints(app: Any) -> dict[str, bool]:
    """Every page, and whether it takes more than GET."""
    found: dict[str, bool] = {}
    for rule in app.flask_app.url_map.iter_rules():
        found[rule.endpoint] = found.get(rule.endpoint, False) or bool(rule.methods - {"GET", "HEAD", "OPTIONS"})
    return found


def test_every_page_is_classified(app: Any):
    unknown = {name for name, changes in endpoints(app).items() if rules.page(name, changes) is None}
    assert unknown == set(), (
        "say in audit/rules.py how this page is recorded, or why not; by its whole name if it posts"
    )


def test_every_page_that_is_named_is_there(app: Any):
    named = {name for _, names in rules._PAGES for name in names.split() if "*" not in name}
    assert named - set(endpoints(app)) == set()


def test_every_job_and_every_routine_is_classified():
    assert set(rooms.jobs()) == set(rules.JOBS)
    assert {*rooms.secondly(), *rooms.minutely(), *rooms.hourly(), *rooms.repairs()} == set(rules.ROUTINES)


def test_what_is_recorded_through_something_names_what_is_there():
    known = {*rules.ACTIONS, *rules.JOBS}
    for how in rules.ACTIONS.values():
        assert not isinstance(how, rules.Through) or how.what in known


def test_every_reason_for_not_recording_is_a_reason():
    hows = [*rules.ACTIONS.values(), *rules.JOBS.values(), *rules.ROUTINES.values(), *(how for how, _ in rules._PAGES)]
    assert all(len(how.why.split()) > 3 for how in hows if isinstance(how, rules.Not))
