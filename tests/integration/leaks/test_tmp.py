import collections
import time

from . import canaries
from .test_actions import answer, calls, names
from .belonging import strays
from .test_actions import beyond
from .classes import of_action
from .trying import once, rolled_back
from .world import world


def test_w(with_plugins):
    t = time.time()
    w = world()
    print("world", time.time() - t)
    for who in ("user", "granted", "head", "token"):
        a = w.actors[who]
        spent = collections.Counter()
        n = collections.Counter()
        cpu = time.process_time()
        t0 = time.time()
        with rolled_back() as c, a.asking():
            for name in names():
                p = set()
                t = time.time()
                for d in calls(name, a):
                    n[name] += 1
                    with once(c):
                        p |= canaries.found_in(answer(name, a, d))
                spent[name] += time.time() - t
                s = strays(p, who, name)
                if s:
                    print(who, name, sorted(s)[:10])
                b = beyond(of_action(name), p)
                if b:
                    print("   beyond", who, name, sorted(b)[:10])
        print(who, sum(n.values()), time.time() - t0, "cpu", time.process_time() - cpu, [(k, round(v, 2), n[k]) for k, v in spent.most_common(15)])
