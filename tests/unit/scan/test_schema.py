"""What ``--json`` prints is what docs/scan-report.schema.json says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ckanext.anshan.scan import policy
from ckanext.anshan.scan.findings import Severity

from .conftest import Scanned

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[3] / "docs" / "scan-report.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


def test_every_report_of_the_corpus_fits_the_schema(
    scanned: list[Scanned], schema: jsonschema.Draft202012Validator
) -> None:
    wrong = [
        f"{one.table.path.name} ({lang}): {error.json_path}: {error.message}"
        for one in scanned
        for lang, line in one.lines.items()
        for error in schema.iter_errors(json.loads(json.dumps(line)))
    ]
    assert wrong == []


def test_the_schema_names_every_kind_of_the_policy() -> None:
    assert set(SCHEMA["$defs"]["kind"]["enum"]) == set(policy.kinds())


def test_the_schema_names_every_remedy_of_the_policy() -> None:
    named = SCHEMA["$defs"]["finding"]["properties"]["remedies"]["items"]["enum"]
    assert set(named) == {remedy for kind in policy.kinds().values() for remedy in kind.remedies}


def test_the_schema_names_every_severity() -> None:
    assert SCHEMA["$defs"]["severity"]["enum"] == [one.value for one in Severity]


def test_a_report_with_a_value_too_many_does_not_fit(
    scanned: list[Scanned], schema: jsonschema.Draft202012Validator
) -> None:
    line = scanned[0].lines["en"]
    assert not schema.is_valid({**line, "examples": ["13912345678"]})


def test_the_gravest_finding_gives_the_severity_of_the_report(scanned: list[Scanned]) -> None:
    order = [one.value for one in Severity]
    for one in scanned:
        line = one.lines["en"]
        found = [finding["severity"] for finding in line["findings"]]
        assert line["severity"] == (min(found, key=order.index) if found else None), one.table.path.name


def test_every_property_is_described() -> None:
    finding = SCHEMA["$defs"]["finding"]["properties"]
    silent = [
        name
        for name, rule in (*SCHEMA["properties"].items(), *finding.items())
        if not rule.get("description") and "$ref" not in rule
    ]
    assert silent == []
