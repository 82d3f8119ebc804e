"""The Solr configuration is derived from the installed CKAN's, and keeps what CKAN relies on."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from ckanext.anshan.search import configset

CKANS = ElementTree.parse(configset.installed_schema()).getroot()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("configset")
    configset.write(out)
    return out


@pytest.fixture(scope="module")
def schema(written: Path) -> ElementTree.Element:
    return ElementTree.parse(written / "schema.xml").getroot()


def test_the_name_stays_or_ckan_would_refuse_to_start(schema: ElementTree.Element):
    assert schema.get("name") == CKANS.get("name")


def test_every_field_and_type_of_ckan_is_still_there(schema: ElementTree.Element):
    for tag in ("field", "dynamicField", "fieldType"):
        assert {each.get("name") for each in CKANS.iter(tag)} <= {each.get("name") for each in schema.iter(tag)}


def test_no_field_is_declared_twice_and_every_copy_has_a_target(schema: ElementTree.Element):
    names = [field.get("name") for field in schema.iter("field")]
    assert len(names) == len(set(names))
    assert {copy.get("dest") for copy in schema.iter("copyField")} <= set(names)


def test_permission_labels_are_as_ckan_made_them(schema: ElementTree.Element):
    attributes = {f.get("name"): f.attrib for f in schema.iter("field")}
    assert (
        attributes["permission_labels"] == {f.get("name"): f.attrib for f in CKANS.iter("field")}["permission_labels"]
    )


def test_every_word_list_that_the_schema_names_is_written(written: Path, schema: ElementTree.Element):
    named = {each.get(key) for each in schema.iter() for key in ("mapping", "synonyms", "protected") if each.get(key)}
    assert {str(name) for name in named} <= {path.name for path in written.iterdir()}


def test_homophones_share_one_character():
    stands = dict(configset.sounds())
    assert stands.get("汽", "汽") == stands.get("气", "气")
    assert stands.get("场", "场") == stands.get("厂", "厂")
