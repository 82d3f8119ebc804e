import collections
import time

from . import test_routes as R
from .belonging import strays
from .classes import of_endpoint
from .test_actions import beyond
from .world import world


def test_w(app):
    w = world()
    for who in ("visitor", "user", "granted", "head", "sysadmin", "token"):
        t0 = t = time.time()
        cpu = time.process_time()
        spent = collections.Counter()
        n = collections.Counter()
        for endpoint, address, places in R.found_by(w.actors[who]):
            spent[endpoint] += time.time() - t
            t = time.time()
            n[address.split()[0]] += 1
            s = strays(places, who, endpoint)
            if s:
                print(who, endpoint, address, sorted(s)[:10])
            b = beyond(of_endpoint(endpoint), places)
            if b:
                print("   beyond", who, endpoint, address, sorted(b)[:6])
        print(
            who,
            n,
            time.time() - t0,
            "cpu",
            time.process_time() - cpu,
            [(k, round(v, 2)) for k, v in spent.most_common(12)],
        )
