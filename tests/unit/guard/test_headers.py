"""What answers tell the browser not to do."""

from __future__ import annotations

import pytest

from ckanext.anshan.guard import headers

CSP, CORP = "Content-Security-Policy", "Cross-Origin-Resource-Policy"


def test_no_policy_lets_anything_stand_in_the_page_itself():
    for policy in (headers.PAGE_POLICY, headers.FILE_POLICY):
        assert not any(word in policy for word in ("unsafe", "nonce", "sha256", "*", "http", "strict-dynamic"))


def test_the_page_policy_is_the_reviewed_one():
    assert headers.PAGE_POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; media-src 'self'; manifest-src 'self'; frame-src blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )


@pytest.mark.parametrize(("is_page", "policy"), [(True, headers.PAGE_POLICY), (False, headers.FILE_POLICY)])
def test_only_a_page_of_the_portal_runs_scripts(is_page, policy):
    assert headers.of(is_page, "dataset", False)[CSP] == policy


@pytest.mark.parametrize(
    ("is_page", "blueprint", "resource_policy"),
    [
        (False, "api", "cross-origin"),
        (False, "anshan_data", "cross-origin"),
        (False, "anshan_developers", "cross-origin"),
        (True, "anshan_developers", "same-origin"),
        (False, "anshan_import", "same-origin"),
        (False, "anshan_theme", "same-origin"),
        (False, "", "same-origin"),
    ],
)
def test_other_sites_read_data_and_not_pages(is_page, blueprint, resource_policy):
    assert headers.of(is_page, blueprint, False)[CORP] == resource_policy


def test_transport_security_is_promised_where_there_is_some():
    name = "Strict-Transport-Security"
    assert headers.of(True, "home", True)[name] == "max-age=31536000"
    assert name not in headers.of(True, "home", False)


def sources(policy: str) -> dict[str, set[str]]:
    return {words[0]: set(words[1:]) for part in policy.split("; ") if (words := part.split())}


def test_other_hosts_may_give_pictures_and_nothing_else():
    plain, more = sources(headers.PAGE_POLICY), sources(headers.page_policy(("img.example.cn", "https://b.example")))
    assert more == {**plain, "img-src": {"'self'", "data:", "img.example.cn", "https://b.example"}}


def test_googles_question_may_run_and_frame_and_nothing_else():
    plain, more = sources(headers.PAGE_POLICY), sources(headers.page_policy(recaptcha=True))
    changed = {name for name in plain if more[name] != plain[name]}
    assert changed == {"script-src", "frame-src"} and set(more) == set(plain)
    assert {"'self'", "https://www.recaptcha.net/recaptcha/", "https://www.google.com/recaptcha/"} <= more["script-src"]
    assert {"blob:", "https://www.recaptcha.net/recaptcha/", "https://www.google.com/recaptcha/"} == more["frame-src"]


def test_a_policy_of_its_own_is_for_pages_alone():
    assert headers.of(True, "user", False, "x")[CSP] == "x"
    assert headers.of(False, "user", False, "x")[CSP] == headers.FILE_POLICY


def test_without_options_a_page_has_the_reviewed_policy():
    assert headers.page_policy() == headers.PAGE_POLICY
