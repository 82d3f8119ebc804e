"""Who is counted by which limit, and how long they wait."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.anshan.guard import rules
from ckanext.anshan.guard.rules import Caller, Kind, Limit, Name, Use, Window

HERE = Caller(Kind.ADDRESS, "192.0.2.7")
ACCOUNT, TOKEN = Caller(Kind.ACCOUNT, "id"), Caller(Kind.TOKEN, "id")
TYPED = Caller(Kind.NAME, "li")
REVIEWED = """\
download · account → account
download · address → downloads
download · token → token
login · account → logins of the address
login · address → logins of the address
login · token → logins of the address
read · account → account
read · address → reading
read · token → token
register · account → registrations of the address
register · address → registrations of the address
register · token → registrations of the address
reset · account → resets of the address, resets of the name
reset · address → resets of the address, resets of the name
reset · token → resets of the address, resets of the name
write · account → account
write · address → writing
write · token → token
"""


def told(use: Use, caller: Caller) -> str:
    found = rules.counted(use, caller, HERE, TYPED)
    if use in rules.FORMS.values():
        return ", ".join(f"{name.value} of the {who.kind.value}" for name, who in found)
    assert [who for _, who in found] == [caller]
    return found[0][0].value


def test_every_use_of_everybody_is_counted_as_reviewed():
    found = [f"{u.value} · {c.kind.value} → {told(u, c)}\n" for u, c in product(Use, (HERE, ACCOUNT, TOKEN))]
    assert "".join(sorted(found)) == REVIEWED


def test_every_limit_is_used():
    asked_apart = {Name.FAILURES}  # when a password was wrong
    assert set(rules.TABLE.values()) | asked_apart == set(Name)


@pytest.mark.parametrize(
    ("endpoint", "method", "use"),
    [
        ("dataset.search", "GET", Use.READ),
        ("dataset.search", "OPTIONS", Use.READ),
        ("", "GET", Use.READ),  # nothing is there
        ("", "POST", Use.WRITE),
        ("api.action", "POST", Use.WRITE),
        ("user.login", "GET", Use.READ),
        ("user.login", "POST", Use.LOGIN),
        ("user.register", "POST", Use.REGISTER),
        ("user.request_reset", "POST", Use.RESET),
        ("anshan_data.file", "GET", Use.DOWNLOAD),
        ("anshan_data.latest", "GET", Use.READ),  # leads to the file, which is counted
        ("entry_resource.download", "HEAD", Use.DOWNLOAD),
        ("resource.download", "GET", Use.DOWNLOAD),
        ("static", "GET", Use.READ),  # whatever isn't there comes to this
        ("anshan_theme.look", "GET", Use.READ),
    ],
)
def test_what_a_request_wants(endpoint, method, use):
    assert rules.use_of(endpoint, method) is use


def test_an_action_that_changes_nothing_is_reading_however_it_is_sent():
    assert rules.use_of("api.action", "POST", is_reading_action=True) is Use.READ


def test_a_password_is_a_password_in_whatever_form():
    assert rules.use_of("user.edit", "POST", tries_password=True) is Use.LOGIN
    assert rules.use_of("user.edit", "POST") is Use.WRITE


LIMITS = st.builds(Limit, st.integers(1, 1000), st.sampled_from([1, 60, 600, 900, 3600]))


@st.composite
def windows(draw: st.DrawFn) -> tuple[Limit, Window]:
    """A limit, and counts that there can be at it."""
    limit, counts = draw(LIMITS), st.integers(0, 1000)
    ends = draw(st.floats(0, 1, allow_nan=False)) * limit.seconds  # the window before ends as this one becomes it
    before, now = min(draw(counts), limit.amount), min(draw(counts), limit.amount)
    return limit, Window(before, ends if before else 0.0, now, limit.seconds + ends if now else 0.0)


def is_let_through(limit: Limit, window: Window) -> bool:
    """As the library's script says it."""
    return int(window.before * window.before_ends / limit.seconds) + window.now + 1 <= limit.amount


def later(limit: Limit, window: Window, seconds: float) -> Window:
    """The same counts after a while in which nobody asked."""
    if window.now and window.now_ends - seconds < limit.seconds:
        left = window.now_ends - seconds
        return Window(window.now if left > 0 else 0, max(left, 0.0), 0, 0.0)
    left = max(window.before_ends - seconds, 0.0)
    return Window(window.before if left else 0, left, window.now, max(window.now_ends - seconds, 0.0))


@given(windows())
def test_after_the_wait_one_more_is_let_through(given_):
    limit, window = given_
    assert is_let_through(limit, later(limit, window, rules.wait(limit, window) + 0.001))


@given(windows())
def test_the_wait_is_no_longer_than_it_must_be(given_):
    limit, window = given_
    wait = rules.wait(limit, window)
    assume(wait > 1)
    assert not is_let_through(limit, later(limit, window, wait - 1.001))


@given(windows())
def test_nobody_waits_longer_than_two_windows(given_):
    limit, window = given_
    assert 0 <= rules.wait(limit, window) <= 2 * limit.seconds


def test_whoever_may_go_on_does_not_wait():
    assert rules.wait(Limit(10, 60), Window(0, 0.0, 9, 80.0)) == 0


def test_ten_wrong_passwords_at_once_cost_the_rest_of_the_window():
    assert rules.wait(Limit(10, 900), Window(0, 0.0, 10, 1800.0)) == 900


@pytest.mark.parametrize(
    ("text", "caller"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
        ("x" * 500, "x" * 64),
    ],
)
def test_who_counts_as_one_caller(text, caller):
    assert rules.neighbourhood(text) == caller


@pytest.mark.parametrize(
    ("text", "networks", "found"),
    [
        ("127.0.0.1", [], False),
        ("127.0.0.1", ["127.0.0.0/8"], True),
        ("127.0.0.1", ["127.0.0.1"], True),
        ("::ffff:127.0.0.1", ["127.0.0.1"], True),
        ("127.0.0.2", ["127.0.0.1"], False),
        ("2001:db8::1", ["10.0.0.0/8", "2001:db8::/32"], True),
        ("nonsense", ["0.0.0.0/0"], False),
        ("", ["0.0.0.0/0"], False),
    ],
)
def test_who_is_unlimited(text, networks, found):
    assert rules.is_in(text, rules.networks(networks)) is found


@pytest.mark.parametrize("text", ["10.0.0.0/33", "example.org", ""])
def test_what_is_no_network_is_refused(text):
    with pytest.raises(ValueError):
        rules.networks([text])


def test_a_name_is_the_same_however_it_is_typed():
    assert rules.typed(" LI@Example.org ") == rules.typed("li@example.org") == Caller(Kind.NAME, "li@example.org")
    assert rules.typed("ｌｉ") == rules.typed("li")
    assert rules.typed(" ") is None


@given(st.text(max_size=40))
def test_no_typed_name_stands_in_a_key(name):
    typed = rules.typed(f"{name}@li")
    assert typed is not None
    keys = {typed.key(), rules.known(typed, HERE).key()}
    assert len(keys) == 2 and not any("@" in key or HERE.name in key for key in keys)


@pytest.mark.parametrize("text", ["*", "data:", "https:", "a.cn;script-src", "'self'", "https://a.cn/logos", "a,b", ""])
def test_what_is_no_host_is_no_source_of_pictures(text):
    with pytest.raises(ValueError):
        rules.hosts([text])


def test_hosts_are_kept_as_they_are_written():
    given = ["img.example.cn", "*.example.cn", "http://a.example:8080", "https://B.example"]
    assert rules.hosts(given) == tuple(given)


def test_every_limit_can_be_reached_by_some_kind_of_caller():
    assert {name for kind in rules.Kind for name in rules.limits_of(kind)} == set(rules.Name)
    assert set(rules.limits_of(rules.Kind.KNOWN)) == {rules.Name.FAILURES}
