import collections
import time

from . import test_routes as R
from . import test_actions as A, canaries
from .belonging import strays, PEOPLE
from .classes import of_endpoint, of_action
from .test_actions import beyond
from .trying import once, rolled_back
from .world import world
from contextlib import nullcontext


def test_w(app):
    w = world()
    errors = collections.Counter()
    real = A.answer

    def noted(name, actor, data):
        got = real(name, actor, data)
        if isinstance(got, list) and len(got) == 3 and isinstance(got[0], str):
            t = got[0]
            errors["sql" if "psycopg2" in t or "sqlalche" in t or "transaction" in t else "ok" if " · " in t or "None - " in t else t[:60]] += 1
            if "psycopg2" in t or "sqlalche" in t:
                print("SQL", name, actor.name, data, t[:300])
        else:
            errors["answered"] += 1
        return got

    A.answer = noted
    for who in ("head", "token_expired", "bureau"):
        errors.clear()
        t = time.time()
        for name, places in A.found_by(w.actors[who]):
            if strays(places, who, name) or beyond(of_action(name), places):
                print(who, name, strays(places, who, name), beyond(of_action(name), places))
        print(who, time.time() - t, errors.most_common(30))
    for who in ("other_editor", "cyberspace", "bureau"):
        for endpoint, address, places in R.found_by(w.actors[who]):
            s = strays(places, who, endpoint)
            if s:
                print(who, endpoint, address, sorted(s))
            b = beyond(of_endpoint(endpoint), places)
            if b:
                print("   beyond", who, endpoint, address, sorted(b)[:6])
