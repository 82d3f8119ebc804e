"""Nothing is asked for without somebody having said what it may tell: each action, endpoint and place is classified."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase

import pytest
from ckan.logic import _actions, get_action

from . import canaries
from .belonging import BELONGS, PEOPLE, belongs
from .classes import CLASSES
from .world import world

pytestmark = pytest.mark.usefixtures("with_plugins")

WHERE = "tests/integration/leaks/classes.py: add {} to the class that says whom it concerns and what may be in it"


def test_every_action_is_in_one_class():
    get_action("package_show")
    classed = Counter(name for one in CLASSES.values() for name in one.actions)
    assert set(_actions) - set(classed) == set(), WHERE.format("the action")
    assert set(classed) - set(_actions) == set(), "classes.py names actions that aren't there"
    assert [name for name, count in classed.items() if count > 1] == []


def test_every_endpoint_is_in_one_class(app):
    there = {rule.endpoint for rule in app.flask_app.url_map.iter_rules()}
    classed = Counter(name for one in CLASSES.values() for name in one.endpoints)
    assert there - set(classed) == set(), WHERE.format("the endpoint")
    assert set(classed) - there == set(), "classes.py names endpoints that aren't there"
    assert [name for name, count in classed.items() if count > 1] == []


def test_every_place_belongs_to_somebody_and_every_kind_of_actor_is_there():
    found = world()
    assert set(found.actors) == set(PEOPLE)
    for place in canaries.places():
        assert belongs(place).to <= set(PEOPLE), place
    unused = [one.place for one in BELONGS if not any(belongs(place) == one for place in canaries.places())]
    assert unused == [], "belonging.py speaks of places that have no canary"


def test_every_class_speaks_of_things_that_are_there():
    kinds, places = world().objects, canaries.places()
    for name, one in CLASSES.items():
        assert set(one.kinds) <= set(kinds) and one.concerns <= set(PEOPLE), name
        assert all(any(fnmatchcase(place, pattern) for place in places) for pattern in one.may), name
