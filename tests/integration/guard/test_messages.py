"""Every refusal in both languages: the limit, the wait, and how it goes on."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.anshan.guard import messages
from ckanext.anshan.guard.counting import Refusal
from ckanext.anshan.guard.rules import Caller, Kind, Limit, Name

pytestmark = pytest.mark.usefixtures("with_plugins")


def spoken(app: Any, path: str) -> Any:
    return app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": path.split("/")[1]})


def refusal(name: Name, kind: Kind = Kind.ADDRESS) -> Refusal:
    return Refusal(name, Limit(20, 600), Caller(kind, "x"), 125)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (1, "1 second", "1秒钟"),
        (60, "1 minute", "1分钟"),
        (90, "90 seconds", "90秒钟"),
        (600, "10 minutes", "10分钟"),
        (3600, "1 hour", "1小时"),
        (5400, "90 minutes", "90分钟"),
        (86400, "1 day", "1天"),
    ],
)
def test_a_span_is_told_exactly(app, seconds, english, chinese):
    with spoken(app, "/en"):
        assert messages.span(seconds) == english
    with spoken(app, "/zh_Hans_CN"):
        assert messages.span(seconds) == chinese


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (121, "3 minutes"), (900, "15 minutes")],
)
def test_a_wait_is_never_told_shorter_than_it_is(app, seconds, told):
    with spoken(app, "/en"):
        assert messages.waiting(seconds) == told


@pytest.mark.parametrize("name", Name)
@pytest.mark.parametrize("kind", [Kind.ADDRESS, Kind.ACCOUNT, Kind.TOKEN])
def test_every_refusal_says_the_limit_and_the_wait(app, name, kind):
    with spoken(app, "/en"):
        told, code = messages.words(refusal(name, kind)), messages.code(refusal(name, kind))
    assert "20 " in told and "10 minutes" in told and "3 minutes" in told and "{" not in told
    assert code in messages.WORDS


def test_every_code_is_given(app):
    given = {messages.code(refusal(name, kind)) for name in Name for kind in (Kind.ADDRESS, Kind.ACCOUNT)}
    assert given == set(messages.WORDS)


def test_somebody_without_a_key_is_told_of_keys(app):
    with spoken(app, "/en"):
        assert "API token" in messages.words(refusal(Name.READING))
