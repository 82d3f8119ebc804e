"""What was granted is used when every condition holds, and never when one doesn't."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.anshan.access.rules import (
    Allowed,
    Circumstances,
    Filter,
    Grant,
    GrantState,
    Kind,
    Method,
    Refusal,
    Scope,
    Use,
    decide_use,
    narrowed,
)

TODAY = date(2026, 11, 30)
SCOPE = Scope(
    files=frozenset({"a.csv"}),
    columns=frozenset({"名称", "区县"}),
    rows=(Filter("区县", ("铁东区",)),),
    whole=frozenset({"a.pdf"}),
    methods=frozenset(Method),
    aggregates=True,
)
GRANT = Grant(
    number="SQ-2026-000001",
    kind=Kind.OPENING,
    state=GrantState.ACTIVE,
    scope=SCOPE,
    starts=TODAY,
    ends=TODAY,
    agreement="a" * 64,
    is_accepted=True,
    is_countersigned=True,
    daily_quota=10,
)
NOW = Circumstances(
    today=TODAY,
    holds=True,
    offered=frozenset({"名称", "区县", "电话"}),
    tables=frozenset({"a.csv", "b.csv"}),
    others=frozenset({"a.pdf", "b.pdf"}),
    used_today=9,
)
USE = Use(Method.API, "a.csv", frozenset({"名称"}), aggregates=True)

BEFORE, AFTER = TODAY - timedelta(1), TODAY + timedelta(1)
AGAINST = {
    # name: what is different in grant, use and circumstances, and the code; in the order in which they are told
    "stranger": ({}, {}, {"holds": False}, "no_grant"),
    "left": ({}, {}, {"holds": False, "why_not": "not_a_member"}, "not_a_member"),
    "barred": ({}, {}, {"holds": False, "why_not": "barred"}, "barred"),
    "suspended": ({"state": GrantState.SUSPENDED}, {}, {}, "grant_suspended"),
    "revoked": ({"state": GrantState.REVOKED}, {}, {}, "grant_revoked"),
    "ended": ({"state": GrantState.ENDED}, {}, {}, "grant_ended"),
    "no agreement": ({"agreement": ""}, {}, {}, "no_agreement"),
    "not accepted": ({"is_accepted": False}, {}, {}, "no_agreement"),
    "not countersigned": ({"is_countersigned": False}, {}, {}, "no_agreement"),
    "early": ({"starts": AFTER, "ends": AFTER}, {}, {}, "not_begun"),
    "late": ({"starts": BEFORE, "ends": BEFORE}, {}, {}, "over"),
    "dataset off": ({}, {}, {"is_suspended": True}, "suspended"),
    "retired": ({}, {}, {"dataset_state": "retired"}, "retired"),
    "lapsed": ({}, {}, {"dataset_state": "lapsed"}, "lapsed"),
    "released only": ({}, {}, {"dataset_state": "released"}, "class_changed"),
    "closed": ({}, {}, {"opening_class": "closed"}, "class_changed"),
    "no class": ({}, {}, {"opening_class": ""}, "class_changed"),
    "way": ({"scope": replace(SCOPE, methods=frozenset({Method.DOWNLOAD}))}, {}, {}, "method_out_of_scope"),
    "table": ({}, {"file": "b.csv"}, {}, "file_out_of_scope"),
    "unknown file": ({}, {"file": "c.csv"}, {}, "file_out_of_scope"),
    "whole by API": ({}, {"file": "a.pdf", "columns": frozenset()}, {}, "file_out_of_scope"),
    "nothing offered": ({}, {}, {"offered": frozenset({"电话"})}, "file_out_of_scope"),
    "rows gone": ({}, {}, {"offered": frozenset({"名称"})}, "rows_not_offered"),
    "column": ({}, {"columns": frozenset({"名称", "电话"})}, {}, "columns_out_of_scope"),
    "counting": ({"scope": replace(SCOPE, aggregates=False)}, {}, {}, "no_aggregates"),
    "quota": ({}, {}, {"used_today": 10}, "quota_used"),
    "no quota": ({"daily_quota": 0}, {}, {"used_today": 0}, "quota_used"),
}
TOLD_FIRST = [
    *("no_grant", "not_a_member", "barred", "grant_suspended", "grant_revoked", "grant_ended", "no_agreement"),
    *("not_begun", "over", "suspended", "retired", "lapsed", "class_changed", "method_out_of_scope"),
    *("file_out_of_scope", "rows_not_offered", "columns_out_of_scope", "no_aggregates", "quota_used"),
]


def decided(*names: str) -> Allowed | Refusal:
    grant, use, now = GRANT, USE, NOW
    for name in names:
        in_grant, in_use, in_now, _ = AGAINST[name]
        grant, use, now = replace(grant, **in_grant), replace(use, **in_use), replace(now, **in_now)
    return decide_use(grant, use, now)


def test_what_is_granted_is_allowed_and_no_more():
    assert decided() == Allowed(frozenset({"名称"}), SCOPE.rows, is_whole=False)
    every = decide_use(GRANT, replace(USE, columns=frozenset()), NOW)
    assert every == Allowed(SCOPE.columns, SCOPE.rows, is_whole=False)


def test_a_column_that_is_not_offered_any_more_is_left_out():
    less = replace(NOW, offered=frozenset({"区县"}))
    assert decide_use(GRANT, replace(USE, columns=frozenset()), less) == Allowed(frozenset({"区县"}), SCOPE.rows, False)
    assert narrowed(SCOPE, less.offered).columns == {"区县"}


def test_a_file_that_is_no_table_is_handed_out_whole_by_download_alone():
    use = Use(Method.DOWNLOAD, "a.pdf")
    assert decide_use(GRANT, use, NOW) == Allowed(frozenset(), (), is_whole=True)
    for other in (replace(use, file="b.pdf"), replace(use, method=Method.API), replace(use, columns=SCOPE.columns)):
        assert decide_use(GRANT, other, NOW) == Refusal("file_out_of_scope", {"file": other.file})


@pytest.mark.parametrize("name", AGAINST)
def test_each_condition_by_itself_refuses(name):
    refusal = decided(name)
    assert isinstance(refusal, Refusal) and refusal.code == AGAINST[name][3]


def changed(name: str) -> set[str]:
    return {field for one in AGAINST[name][:3] for field in one}


PAIRS = [(one, other) for one, other in combinations(AGAINST, 2) if not changed(one) & changed(other)]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_of_two_the_first_is_told(one, other):
    """Who it is comes before how it stands, and that before what is in it."""
    refusal = decided(one, other)
    codes = {AGAINST[one][3], AGAINST[other][3]}
    assert isinstance(refusal, Refusal) and refusal.code == min(codes, key=TOLD_FIRST.index)


def test_a_stranger_is_told_the_same_whatever_stands_behind_it():
    for name in AGAINST:
        if name not in ("left", "barred"):
            assert decided(name, "stranger") == decide_use(None, USE, NOW) == Refusal("no_grant")


def test_downloads_need_no_quota():
    assert isinstance(decide_use(GRANT, replace(USE, method=Method.DOWNLOAD), replace(NOW, used_today=99)), Allowed)


def test_agencies_go_by_the_sharing_class():
    shared = replace(GRANT, kind=Kind.SHARING)
    for own, may in (("conditional", True), ("unconditional", True), ("closed", False), ("", False)):
        now = replace(NOW, opening_class="closed", sharing_class=own)
        assert isinstance(decide_use(shared, USE, now), Allowed) is may, own


def test_unconditional_sharing_needs_no_agreement():
    at_once = replace(GRANT, kind=Kind.SHARING, agreement="", is_accepted=False, is_countersigned=False)
    now = replace(NOW, sharing_class="unconditional")
    assert decide_use(at_once, USE, now) == Refusal("no_agreement", {"number": GRANT.number})
    assert isinstance(decide_use(replace(at_once, needs_agreement=False), USE, now), Allowed)


NAMES = st.frozensets(st.sampled_from(["名称", "区县", "电话"]))
FILES = st.frozensets(st.sampled_from(["a.csv", "b.csv", "a.pdf"]))
FILTERS = st.builds(Filter, column=st.sampled_from(["名称", "区县"]), values=st.just(("x",)))
DAYS = st.integers(-2, 2).map(lambda days: TODAY + timedelta(days))
GRANTS = st.builds(
    Grant,
    number=st.just("SQ"),
    kind=st.sampled_from(Kind),
    state=st.sampled_from(GrantState),
    scope=st.builds(
        Scope,
        files=FILES,
        columns=NAMES,
        rows=st.lists(FILTERS, max_size=2).map(tuple),
        whole=FILES,
        methods=st.frozensets(st.sampled_from(Method)),
        aggregates=st.booleans(),
    ),
    starts=DAYS,
    ends=DAYS,
    agreement=st.sampled_from(["", "a"]),
    is_accepted=st.booleans(),
    is_countersigned=st.booleans(),
    needs_agreement=st.booleans(),
    daily_quota=st.integers(0, 3),
)
USES = st.builds(
    Use,
    method=st.sampled_from(Method),
    file=st.sampled_from(["a.csv", "b.csv", "a.pdf", "z"]),
    columns=NAMES,
    aggregates=st.booleans(),
)
SITUATIONS = st.builds(
    Circumstances,
    today=DAYS,
    holds=st.booleans(),
    why_not=st.sampled_from(["", "barred"]),
    dataset_state=st.sampled_from(["published", "superseded", "suspended", "retired", "lapsed", "released", ""]),
    opening_class=st.sampled_from(["unconditional", "conditional", "closed", ""]),
    sharing_class=st.sampled_from(["unconditional", "conditional", "closed", ""]),
    is_suspended=st.booleans(),
    offered=NAMES,
    tables=FILES,
    others=FILES,
    used_today=st.integers(0, 3),
)


def holds(grant: Grant, use: Use, now: Circumstances) -> bool:
    """All conditions of the issue, written down a second time."""
    scope, classed = grant.scope, now.sharing_class if grant.kind is Kind.SHARING else now.opening_class
    signed = grant.agreement and grant.is_accepted and grant.is_countersigned
    of_file = (
        use.file in scope.whole and use.method is Method.DOWNLOAD and not use.columns
        if use.file in now.others
        else use.file in scope.files & now.tables
        and scope.columns & now.offered
        and use.columns <= scope.columns & now.offered
        and all(one.column in now.offered for one in scope.rows)
        and (scope.aggregates or not use.aggregates)
    )
    return bool(
        now.holds
        and grant.state is GrantState.ACTIVE
        and (signed or not grant.needs_agreement)
        and grant.starts <= now.today <= grant.ends
        and not now.is_suspended
        and now.dataset_state == "published"
        and classed in ("unconditional", "conditional")
        and use.method in scope.methods
        and of_file
        and (use.method is Method.DOWNLOAD or now.used_today < grant.daily_quota)
    )


@settings(max_examples=3000, deadline=None)
@given(GRANTS, USES, SITUATIONS)
def test_no_combination_without_every_condition_is_allowed(grant, use, now):
    decision = decide_use(grant, use, now)
    assert isinstance(decision, Allowed) == holds(grant, use, now)
    if isinstance(decision, Allowed) and not decision.is_whole:
        assert decision.columns and decision.columns <= grant.scope.columns & now.offered
        assert decision.rows == grant.scope.rows


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_whatever_one_condition_less_there_is_refuses(data):
    """From what is allowed, by any of the ways in which a condition may be missing."""
    name = data.draw(st.sampled_from(sorted(AGAINST)))
    others = data.draw(st.lists(st.sampled_from(sorted(AGAINST)), max_size=3))
    assert isinstance(decided(*others, name), Refusal)


def test_every_refusal_is_in_the_order():
    assert {code for *_, code in AGAINST.values()} == set(TOLD_FIRST)
