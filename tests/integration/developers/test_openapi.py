"""The description of the API is valid, whole, and true."""

from __future__ import annotations

import pytest
import schemathesis
import yaml
from ckan import logic
from ckan.plugins import toolkit as tk
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ckanext.anshan import rooms
from ckanext.anshan.developers import registry

pytestmark = pytest.mark.usefixtures("with_plugins")

PREFIX = "/api/3/action/"
TRIED = (
    "anshan_release_list", "anshan_release_show", "anshan_search_complete", "datastore_search", "organization_list",
    "package_search", "package_show", "resource_show", "status_show",
)  # fmt: skip


@pytest.fixture
def described(app):
    return app.get("/openapi.json").json


def test_it_is_valid_openapi_3_1(described):
    assert described["openapi"].startswith("3.1.")
    validate(described, cls=OpenAPIV31SpecValidator)


def test_yaml_says_the_same(app, described):
    assert yaml.safe_load(app.get("/openapi.yaml").body) == described


def test_every_action_of_the_registry_is_described(described):
    tk.get_action("package_search")
    assert {path.removeprefix(PREFIX) for path in described["paths"]} == set(logic._actions)


def test_what_reads_answers_get_and_all_answer_post(described):
    for path, operations in described["paths"].items():
        reads = getattr(tk.get_action(path.removeprefix(PREFIX)), "side_effect_free", False)
        assert set(operations) == ({"get", "post"} if reads else {"post"}), path


def test_what_a_visitor_may_call_comes_first(described):
    free = [
        operations["post"]["security"][0] == {} and "get" in operations for operations in described["paths"].values()
    ]
    assert free == sorted(free, reverse=True)
    assert sum(free) > 20


def test_who_needs_a_key_is_said(described):
    free = ("package_search", "package_show", "datastore_search", "anshan_release_list")
    kept = ("config_option_list", "api_token_create", "package_create", "anshan_catalogue_export")
    for name in (*free, *kept):
        security = described["paths"][PREFIX + name]["post"]["security"]
        assert ({} in security) is (name in free), name
        assert {"api_token": []} in security


def test_each_family_has_its_tag(described):
    tags = {path.removeprefix(PREFIX): ops["post"]["tags"] for path, ops in described["paths"].items()}
    assert (tags["anshan_release_show"], tags["datastore_info"], tags["user_show"]) == (
        ["anshan"],
        ["datastore"],
        ["ckan"],
    )
    assert [each["name"] for each in described["tags"]] == ["anshan", "datastore", "ckan"]


def test_our_actions_have_words_for_themselves_and_each_parameter():
    ours = [each for each in registry.actions() if each.name in rooms.actions() and each.family == "anshan"]
    assert len(ours) > 8
    assert [each.name for each in ours if not each.summary] == []
    assert {(each.name, param.name) for each in ours for param in each.params.values() if not param.text} == set()


def test_types_bounds_and_defaults_are_those_of_the_validators(described):
    body = described["paths"][PREFIX + "anshan_release_show"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert schema["required"] == ["id"]
    assert schema["properties"]["version"] == {
        "type": "integer",
        "minimum": 0,
        "description": "its number; the published one when not given",
    }
    export = described["paths"][PREFIX + "anshan_catalogue_export"]["post"]["requestBody"]["content"]
    assert export["application/json"]["schema"]["properties"]["format"]["enum"] == ["xlsx", "csv"]


def test_an_action_with_a_fence_keeps_ckans_words_and_adds_ours(described):
    told = described["paths"][PREFIX + "package_search"]["get"]
    assert told["summary"] == "Searches for packages satisfying a given search criteria"
    assert told["description"].endswith("is searched for by its words.")
    assert "fq" in {param["name"] for param in told["parameters"]}


def test_the_description_of_the_portal_is_in_the_language_of_the_address(app):
    assert "Reading what is public needs no key." in app.get("/en/openapi.json").json["info"]["description"]
    assert "读取公开数据不需要密钥。" in app.get("/zh_Hans_CN/openapi.json").json["info"]["description"]


@pytest.fixture
def api(app, city):
    return schemathesis.openapi.from_wsgi("/openapi.json", app.app)


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]
LIGHT = settings(max_examples=16, deadline=None, phases=[Phase.generate], suppress_health_check=SLOW)


@pytest.mark.parametrize("name", TRIED)
def test_the_api_answers_as_it_is_described(api, name):
    @LIGHT
    @given(case=api[PREFIX + name]["GET"].as_strategy() | api[PREFIX + name]["POST"].as_strategy())
    def answers(case):
        case.call_and_validate(checks=CHECKS)

    answers()


def test_a_value_that_no_text_may_hold_is_refused_and_no_error_of_the_server(app):
    assert app.get("/api/3/action/resource_show?id=a%00b", status=400).json.startswith("Bad request")
    answer = app.post("/api/3/action/resource_show", json={"id": "a\0b"}, status=400)
    assert answer.json.startswith("Bad request")
    app.get("/dataset/?q=%00", status=400)
