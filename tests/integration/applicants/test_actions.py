"""Persons and organizations that apply: filled in, verified, barred, and led by one of their members."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.types import Context
from sqlalchemy.exc import IntegrityError

from ckanext.anshan import rooms
from ckanext.anshan.applicants import identities, keeping, standing
from ckanext.anshan.applicants.model import event, member, organization, person
from ckanext.anshan.audit.model import event as recorded
from ckanext.anshan.people import notices
from ckanext.anshan.workflow import clock
from tests.integration.support import as_user, costs

from .town import (
    act,
    attorney,
    bureau,
    code,
    code_of,
    fill_in,
    found,
    join,
    resident_id,
    second_bureau,
    show,
    user,
    verified,
)

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def rows(table, **wanted):
    query = sa.select(table).where(*(table.c[name] == value for name, value in wanted.items()))
    return list(model.Session.execute(query))


def why_not(who, party):
    """The code by which somebody doesn't act for a party; empty where they do."""
    refusal = standing.acts_for(who["id"], party)
    return refusal.code if refusal else ""


def account(id) -> Any:
    return model.User.get(id)


def log_of(kind, id):
    query = sa.select(recorded.c.body).where(recorded.c.body.contains(f'"kind":"{kind}"'), recorded.c.body.contains(id))
    return [json.loads(body) for body in model.Session.execute(query).scalars()]


def told(who):
    return [one["sentence"] for one in as_user(who, "anshan_notice_list", only_unread=True)["notices"]]


# persons


def test_a_profile_is_kept_locked_and_shown_masked_to_its_owner_too():
    who, number = user(), resident_id()
    shown = fill_in(who, number=number.lower())["person"]
    assert (shown["name"], shown["number"], shown["phone"]) == ("李**", f"2103{'*' * 10}{number[-4:]}", "139****5678")
    row = rows(person, user_id=who["id"])[0]
    for secret in ("李明华", number, "13912345678"):
        assert secret.encode() not in bytes(row.identity) and secret not in str(row._mapping)
    assert identities.opened(standing.Party("person", who["id"]), row)["number"] == number
    assert log_of("applicant.profile", who["id"])[0]["facts"] == {"fields": ["name", "number", "phone"]}


def test_what_is_left_empty_stays_as_it_is():
    who = user()
    before = fill_in(who)["person"]
    after = as_user(who, "anshan_applicant_update", phone="0412-5551234")["person"]
    assert (after["name"], after["number"]) == (before["name"], before["number"])
    assert after["phone"] == "041*****1234"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"number": "21030219900101123"}, "id_shape"),
        ({"phone": "12"}, "phone"),
        ({"name": ""}, "empty"),
        ({"name": "李" * 101}, "no_name"),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(given, why):
    assert code_of(fill_in, user(), **given) == f"applicants.{why}"


def test_one_id_number_is_one_account():
    number = resident_id()
    fill_in(user(), number=number)
    other = user()
    assert code_of(fill_in, other, number=number) == "applicants.id_taken"
    assert rows(person, user_id=other["id"]) == []


def test_nobody_without_an_account_has_a_profile():
    for action in ("show", "update", "organization_create", "organization_list"):
        with pytest.raises(tk.NotAuthorized):
            as_user({"name": ""}, f"anshan_applicant_{action}")


# organizations


def test_an_organization_is_entered_submitted_and_verified():
    who = user()
    made = found(who)
    assert (made["state"], made["role"], made["contact"], made["phone"]) == (
        "unverified",
        "representative",
        "王**",
        "041*****1234",
    )
    assert "王小明" not in str(rows(organization, id=made["id"])[0]._mapping)
    assert act(who, made, "submit")["state"] == "pending"
    waiting = as_user(bureau(), "anshan_applicant_organization_list", limit=200)
    assert made["id"] in [one["id"] for one in waiting["organizations"]]
    assert act(bureau(), made, "verify", version=1)["state"] == "verified"
    assert told(who) == ["“鞍山某某科技有限公司” is verified: its members may apply for it now."]
    assert [one.command for one in rows(event, organization_id=made["id"])] == ["found", "submit", "verify"]
    assert log_of("applicant.verify", made["id"])[0]["facts"] == {"version": 1}


def test_a_refusal_tells_why_and_may_be_mended():
    who = user()
    made = act(who, found(who), "submit")
    assert code_of(act, bureau(), made, "refuse", version=1) == "applicants.missing"
    refused = act(bureau(), made, "refuse", version=1, reason="印章不清。")
    assert refused["state"] == "refused" and show(who, made)["reason"] == "印章不清。"
    assert "印章不清。" in told(who)[0]
    act(who, made, "update", upload=attorney("新.pdf", b"%PDF-1.4 new"))
    assert act(who, made, "submit")["version"] == 2


def test_what_the_bureau_looked_at_is_what_it_verifies():
    who = user()
    made = act(who, found(who), "submit")
    act(who, made, "update", name="鞍山另一名称有限公司")
    assert code_of(act, bureau(), made, "verify", version=1) == "applicants.another_version"


def test_submitting_wants_a_power_of_attorney():
    who = user()
    made = found(who, upload=None)
    assert code_of(act, who, made, "submit") == "applicants.missing"


def test_a_doubtful_code_is_a_warning_and_a_wrong_one_is_refused():
    doubtful = code()
    wrong = doubtful[:-1] + ("0" if doubtful[-1] != "0" else "1")
    assert found(user(), uscc=wrong)["is_doubtful"] is True
    assert code_of(found, user(), uscc="9121") == "applicants.code_shape"


def test_a_code_is_held_by_one_organization_but_a_claim_alone_holds_nothing():
    taken = code()
    squatter, owner = found(user(), uscc=taken), user()
    made = verified(owner, uscc=taken)
    assert made["state"] == "verified"
    assert code_of(found, user(), uscc=taken) == "applicants.code_taken"
    row = rows(member, organization_id=squatter["id"])[0]
    claimant = {"name": account(row.user_id).name}
    assert code_of(act, claimant, squatter, "submit") == "applicants.code_taken"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (("a.exe", b"MZ"), "attorney_type"),
        (("a.pdf", b"MZ"), "attorney_content"),
        (("a.pdf", b""), "attorney_empty"),
        (("a:b.pdf", b"%PDF-"), "attorney_name"),
    ],
)
def test_what_is_no_power_of_attorney_is_not_kept(file, why):
    assert code_of(found, user(), upload=attorney(*file)) == f"applicants.{why}"


def test_a_change_of_a_verified_organization_is_looked_at_again_and_nobody_acts_meanwhile():
    who = user()
    made = verified(who)
    party = standing.Party("organization", made["id"])
    assert act(who, made, "update", phone="13812345678")["state"] == "verified"
    assert standing.acts_for(who["id"], party) is None
    assert act(who, made, "update", uscc=code())["state"] == "pending"
    assert why_not(who, party) == "not_verified"


def test_a_bar_has_a_reason_an_article_and_an_end():
    who = user()
    made = verified(who)
    party, day = standing.Party("organization", made["id"]), clock.today() + timedelta(days=30)
    for missing in ({"reason": "x"}, {"article": "x"}):
        assert code_of(act, bureau(), made, "bar", **missing) == "applicants.missing"
    given = {"reason": "擅自转让数据", "article": "第五十条"}
    assert code_of(act, bureau(), made, "bar", until="2020-01-01", **given) == "applicants.bad_until"
    barred = act(bureau(), made, "bar", until=day.isoformat(), **given)
    assert (barred["state"], barred["until"]) == ("barred", day.isoformat())
    assert why_not(who, party) == "barred"
    assert code_of(act, who, made, "update", phone="13812345678") == "applicants.not_now"
    assert act(bureau(), made, "unbar", reason="已整改")["state"] == "verified"
    assert standing.acts_for(who["id"], party) is None


def test_a_bar_that_is_over_ends_though_nobody_lifts_it():
    who = user()
    made = verified(who)
    act(bureau(), made, "bar", reason="x", article="x", until=(clock.today() + timedelta(days=1)).isoformat())
    keeping.change(made["id"], until=clock.today() - timedelta(days=1))
    assert show(who, made)["state"] == "verified"
    assert standing.acts_for(who["id"], standing.Party("organization", made["id"])) is None
    assert act(who, made, "update", phone="13812345678")["state"] == "verified"


def test_who_has_no_part_in_an_organization_learns_nothing_of_it():
    made, strangers = verified(user()), (user(), factories.Sysadmin())
    for who in strangers:
        assert code_of(show, who, made) == "applicants.unknown"
        for command in ("update", "submit", "verify", "refuse", "bar", "unbar"):
            assert code_of(act, who, made, command, version=1, reason="x", article="x") == "applicants.unknown"
        for command in ("invite", "accept", "decline", "remove", "leave", "hand_over"):
            assert code_of(act, who, made, command, "member", user="x") == "applicants.unknown"
        assert code_of(as_user, who, "anshan_applicant_organization_list") == "applicants.not_yours"
        assert code_of(act, who, made, "contact", why="x") == "applicants.not_yours"


def test_a_sysadmin_in_the_bureau_judges_nothing():
    admin, who = factories.Sysadmin(), user()
    given = {"id": tk.config["ckanext.anshan.bureau_org"], "username": admin["name"], "role": "admin"}
    as_user(admin, "organization_member_create", **given)
    made = act(who, found(who), "submit")
    assert code_of(act, admin, made, "verify", version=1) == "applicants.unknown"
    assert code_of(as_user, admin, "anshan_applicant_organization_list") == "applicants.not_yours"


def test_an_action_decides_though_its_auth_function_is_skipped():
    who = user()
    made = act(who, found(who), "submit")
    context = Context(user=user()["name"], ignore_auth=True)
    for command in ("verify", "show"):
        with pytest.raises(tk.NotAuthorized):
            tk.get_action(f"anshan_applicant_organization_{command}")(context.copy(), {"id": made["id"], "version": 1})
    assert show(who, made)["state"] == "pending"


def test_the_bureau_reads_a_contact_in_full_on_record():
    who = user()
    made = act(who, found(who), "submit")
    full = act(bureau(), made, "contact", why="核对委托书")
    assert (full["contact"], full["phone"], full["email"]) == ("王小明", "0412-5551234", "wang@example.com")
    one = log_of("applicant.read", made["id"])[0]
    assert one["facts"]["fields"] == ["contact", "email", "phone"] and "王小明" not in json.dumps(one)


def test_identities_are_told_to_no_sysadmin_and_no_visitor():
    who = user()
    fill_in(who)
    party = standing.Party("person", who["id"])
    for reader in ("", factories.Sysadmin()["name"]):
        with pytest.raises(tk.NotAuthorized):
            identities.told(reader, party, "x")
    assert identities.told(bureau()["id"], party, "x")["name"] == "李明华"


# members


def test_members_are_invited_and_accept_themselves():
    who, other = user(), user()
    made = verified(who)
    party = standing.Party("organization", made["id"])
    act(who, made, "invite", "member", user=other["name"])
    assert why_not(other, party) == "not_a_member"
    invited = show(other, made)
    assert invited["commands"] == ["accept", "decline"] and "contact" not in invited and "members" not in invited
    act(other, made, "accept", "member")
    assert standing.acts_for(other["id"], party) is None
    assert standing.users_of(party) == [who["id"], other["id"]]
    for command in ("invite", "remove", "hand_over"):
        assert code_of(act, other, made, command, "member", user=who["name"]) == "applicants.not_yours"


def test_who_declines_doesnt_belong_to_it():
    who, other = user(), user()
    made = verified(who)
    act(who, made, "invite", "member", user=other["name"])
    act(other, made, "decline", "member")
    assert code_of(show, other, made) == "applicants.unknown"
    assert code_of(act, who, made, "invite", "member", user="nobody-here") == "applicants.no_such_user"


def test_the_representation_is_handed_over_and_its_history_kept():
    who, other = user(), user()
    made = verified(who)
    join(made, who, other)
    assert code_of(act, who, made, "remove", "member", user=who["name"]) == "applicants.needs_representative"
    assert act(who, made, "hand_over", "member", user=other["name"])["role"] == "member"
    assert show(other, made)["role"] == "representative"
    kept = {(one.user_id, one.role, one.until is None) for one in rows(member, organization_id=made["id"])}
    assert kept == {
        (who["id"], "representative", False),
        (other["id"], "member", False),
        (other["id"], "representative", True),
        (who["id"], "member", True),
    }
    act(who, made, "leave", "member")
    assert code_of(show, who, made) == "applicants.unknown"


def test_the_bureau_appoints_a_representative_where_nobody_else_can():
    who, other = user(), user()
    made = verified(who)
    join(made, who, other)
    act(bureau(), made, "hand_over", "member", user=other["name"])
    assert show(other, made)["role"] == "representative"


def test_what_was_is_not_changed_even_by_hand():
    made = verified(user())
    for statement in (
        event.delete().where(event.c.organization_id == made["id"]),
        member.delete().where(member.c.organization_id == made["id"]),
        member.update().where(member.c.organization_id == made["id"]).values(user_id="x"),
    ):
        with pytest.raises(IntegrityError, match="keeps what was"):
            model.Session.execute(statement)
        model.Session.rollback()


# who acts for whom


@pytest.fixture
def left(monkeypatch):
    """What other rooms are told when somebody can't act any longer."""
    calls = []
    monkeypatch.setattr(rooms, "leaving", lambda: {"test": lambda *given: calls.append(given)})
    return calls


def test_other_rooms_are_told_in_the_same_transaction_who_left(left):
    who, other, third = user(), user(), user()
    made = verified(who)
    party = {"kind": "organization", "id": made["id"]}
    join(made, who, other)
    join(made, who, third)
    act(who, made, "invite", "member", user=user()["name"])
    act(who, made, "remove", "member", user=other["name"])
    act(third, made, "leave", "member")
    act(bureau(), made, "bar", reason="x", article="x")
    act(bureau(), made, "unbar", reason="x")
    act(who, made, "update", name="鞍山别的有限公司")
    assert left == [
        (party, other["id"], "removed"),
        (party, third["id"], "left"),
        (party, None, "barred"),
        (party, None, "unverified"),
    ]


def test_if_another_room_fails_nobody_has_left(monkeypatch):
    who, other = user(), user()
    made = verified(who)
    join(made, who, other)

    def fail(*_):
        raise RuntimeError("no")

    monkeypatch.setattr(rooms, "leaving", lambda: {"test": fail})
    with pytest.raises(RuntimeError):
        act(who, made, "remove", "member", user=other["name"])
    assert show(other, made)["role"] == "member"


def test_for_whom_somebody_may_act():
    who = user()
    assert standing.parties_of(who["id"]) == []
    fill_in(who)
    made, _ = verified(who), found(who)
    mine = standing.parties_of(who["id"])
    assert [(one.party.kind, one.name, one.kind, one.is_representative) for one in mine] == [
        ("person", "李**", "individual", True),
        ("organization", "鞍山某某科技有限公司", "company", True),
    ]
    assert mine[1].code == made["uscc"] and mine[0].code.startswith("2103***")
    assert [one["id"] for one in as_user(who, "anshan_applicant_show")["parties"]] == [who["id"], made["id"]]


def test_an_inactive_account_acts_for_nobody():
    who = user()
    fill_in(who)
    made = verified(who)
    account(who["id"]).state = "deleted"
    model.Session.commit()
    for party in (standing.Party("person", who["id"]), standing.Party("organization", made["id"])):
        assert why_not(who, party) == "no_account"
        assert standing.users_of(party) == []


def test_nobody_acts_for_another_person_or_for_what_isnt_there():
    who, other = user(), user()
    fill_in(other)
    assert why_not(who, standing.Party("person", other["id"])) == "no_profile"
    assert why_not(who, standing.Party("organization", "nothing")) == "not_a_member"


def test_many_standings_and_names_cost_as_much_as_one():
    people = [user() for _ in range(4)]
    for one in people:
        fill_in(one)
    parties = [standing.Party("person", one["id"]) for one in people]
    parties += [standing.Party("organization", verified(people[0])["id"]) for _ in range(4)]
    spent = []
    for some in (parties[3:5], parties):
        with costs() as cost:
            standing.standings([(one["id"], party) for one in people for party in some])
            standing.shown(some)
        spent.append(cost.sql)
    assert spent == [6, 6]


def test_the_bureaus_list_costs_the_same_for_one_and_for_many():
    who = user()
    made = act(who, found(who, name="鞍山独有名称有限公司"), "submit")
    spent, reader = [], second_bureau()
    for asked in ({"q": "独有名称"}, {"limit": 100}):
        with costs() as cost:
            as_user(reader, "anshan_applicant_organization_list", **asked)
        spent.append(cost.sql)
    assert spent[0] == spent[1]
    assert as_user(bureau(), "anshan_applicant_organization_list", q=made["uscc"])["count"] == 1


def test_notices_of_applicants_have_words():
    facts = {"name": "某公司", "who": "甲", "reason": "x", "article": "y", "until": "2026-12-01"}
    for kind, words in rooms.notices().items():
        if kind.startswith("applicant_"):
            assert "某公司" in words(facts)
    assert notices.members(tk.config["ckanext.anshan.bureau_org"])
