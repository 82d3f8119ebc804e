"""Datasets and catalogue as DCAT: what DCAT-AP asks for, from what was released, and nothing else."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import DCAT, DCTERMS, RDF, RDFS, SKOS, URIRef

from ..support import costs
from .conftest import LONG, SECRET

SHAPES = Path(__file__).parents[2] / "shapes" / "dcat-ap-3.0.0.ttl"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
VERSION = URIRef(f"{DCAT}version")
AUTHORITY = "http://publications.europa.eu/resource/authority"
PARSERS = {"ttl": "turtle", "rdf": "xml", "xml": "xml", "jsonld": "json-ld", "n3": "n3"}
TYPES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "n3": "text/n3",
}


@cache
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(SHAPES)


def graph(app, path: str) -> rdflib.Graph:
    text = app.get(path).body
    return rdflib.Graph().parse(data=text, format=PARSERS[path.partition("?")[0].rpartition(".")[2]])


def the_dataset(found: rdflib.Graph) -> URIRef:
    return next(found.subjects(RDF.type, DCAT.Dataset))  # pyright: ignore[reportReturnType]


@pytest.mark.parametrize("kind", ["open", "conditional"])
@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld"])
def test_a_dataset_keeps_to_the_shapes_of_dcat_ap(app, city, kind, ending):
    found = graph(app, f"/dataset/{getattr(city, kind)['name']}.{ending}")
    conforms, _, words = pyshacl.validate(found, shacl_graph=shapes())
    assert conforms, words


def test_the_catalogue_keeps_to_the_shapes_of_dcat_ap(app, city):
    found = graph(app, "/catalog.ttl")
    conforms, _, words = pyshacl.validate(found, shacl_graph=shapes())
    assert conforms, words
    assert {city.open["code"], city.conditional["code"]} <= {
        str(each) for each in found.objects(None, DCTERMS.identifier)
    }


@pytest.mark.parametrize("ending", sorted(TYPES))
def test_each_ending_has_its_media_type(app, city, ending):
    for path in (f"/dataset/{city.open['name']}.{ending}", f"/catalog.{ending}"):
        assert app.get(path).headers["Content-Type"] == f"{TYPES[ending]}; charset=utf-8"


def test_the_fields_of_the_regulation_are_those_of_dcat(app, city):
    found = graph(app, f"/dataset/{city.open['name']}.ttl")
    ref = the_dataset(found)

    def one(predicate):
        return str(found.value(ref, predicate))

    assert one(DCTERMS.title) == LONG
    assert one(DCTERMS.identifier) == city.open["code"]
    assert one(VERSION) == "1"
    assert one(DCTERMS.issued) == city.open["release_date"]
    assert one(DCTERMS.accrualPeriodicity) == f"{AUTHORITY}/frequency/ANNUAL"
    assert one(DCTERMS.accessRights) == f"{AUTHORITY}/access-right/PUBLIC"
    assert one(DCTERMS.license) == "https://creativecommons.org/licenses/by/4.0/"
    assert URIRef(f"{AUTHORITY}/data-theme/TRAN") in set(found.objects(ref, DCAT.theme))
    assert {str(each) for each in found.objects(ref, DCAT.keyword)} == {"公交", "站点"}
    place = found.value(ref, DCTERMS.spatial)
    assert str(found.value(place, DCTERMS.identifier)) == "210381"
    assert {str(each) for each in found.objects(place, SKOS.prefLabel)} == {"海城市", "Haicheng City"}
    period = found.value(ref, DCTERMS.temporal)
    assert str(found.value(period, DCAT.startDate)) == "2025-01-01"
    contact = found.value(ref, DCAT.contactPoint)
    assert str(found.value(contact, VCARD.hasTelephone)) == "tel:0412-0000001"
    publisher = found.value(ref, DCTERMS.publisher)
    assert str(found.value(publisher, DCTERMS.identifier)) == city.open["code"][:18]


def test_a_file_has_its_address_size_hash_and_types(app, city):
    found = graph(app, f"/dataset/{city.open['name']}.rdf")
    (file,) = found.objects(the_dataset(found), DCAT.distribution)
    resource = city.open["resources"][0]
    assert str(found.value(file, DCAT.downloadURL)) == resource["url"]
    assert int(str(found.value(file, DCAT.byteSize))) == resource["size"]
    checksum = found.value(file, SPDX.checksum)
    assert f"sha256:{found.value(checksum, SPDX.checksumValue)}" == resource["hash"]
    assert found.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert str(found.value(file, DCAT.mediaType)) == "https://www.iana.org/assignments/media-types/text/csv"
    assert str(found.value(file, DCTERMS["format"])) == f"{AUTHORITY}/file-type/CSV"
    service = found.value(file, DCAT.accessService)
    assert str(found.value(service, DCAT.endpointURL)).endswith(f"datastore_search?resource_id={resource['id']}")


def test_a_conditional_dataset_says_its_conditions_and_has_no_distribution(app, city):
    text = app.get(f"/dataset/{city.conditional['name']}.ttl").body
    found = rdflib.Graph().parse(data=text, format="turtle")
    ref = the_dataset(found)
    assert list(found.objects(ref, DCAT.distribution)) == list(found.subjects(RDF.type, DCAT.Distribution)) == []
    assert str(found.value(ref, DCTERMS.accessRights)) == f"{AUTHORITY}/access-right/RESTRICTED"
    words = str(found.value(found.value(ref, DCTERMS.rights), RDFS.label))
    assert words.splitlines()[:3] == ["有条件开放", "某某条例（第1号） 第一条", "实名申请"]
    assert SECRET not in text and "/data/" not in text


def test_what_is_no_public_dataset_is_not_there_for_anyone(app, city):
    from ckan.tests import factories

    people = (None, factories.SysadminWithToken(), factories.UserWithToken())
    for user in people:
        headers = {"Authorization": user["token"]} if user else {}
        for name in (city.entry["name"], city.entry["id"], "nothing-of-this-name"):
            assert app.get(f"/dataset/{name}.ttl", headers=headers, status=404)
    app.get(f"/dataset/{city.open['name']}.pdf", status=404)
    app.get("/catalog.pdf", status=404)


def test_a_page_of_the_catalogue_says_where_the_others_are(app, city, monkeypatch):
    from ckanext.anshan.developers import dcat

    monkeypatch.setattr(dcat, "PER_PAGE", 1)
    found = graph(app, "/catalog.ttl?page=2")
    (here,) = found.subjects(RDF.type, HYDRA.PartialCollectionView)
    assert str(found.value(here, HYDRA.previous)).endswith("/catalog.ttl?page=1")
    assert len(list(found.subjects(RDF.type, DCAT.Dataset))) == 1
    assert app.get("/catalog.ttl?page=nonsense").status_code == 200
    assert len(list(graph(app, "/catalog.ttl?page=100000").subjects(RDF.type, DCAT.Dataset))) == 0


def test_the_catalogue_asks_the_same_for_one_dataset_and_many(app, city, monkeypatch):
    from ckanext.anshan.developers import dcat

    app.get("/catalog.ttl")
    with costs() as many:
        app.get("/catalog.ttl")
    monkeypatch.setattr(dcat, "PER_PAGE", 1)
    with costs() as one:
        app.get("/catalog.ttl")
    assert (many.sql, many.solr) == (one.sql, one.solr) == (1, 1), many.statements


def test_the_snippet_for_the_page_holds_json_ld_and_the_other_forms(app, city):
    from ckan.plugins import toolkit as tk

    with app.flask_app.test_request_context("/"):
        html = tk.render("developers/snippets/structured.html", {"pkg": city.open})
    told = json.loads(html.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert (told["@type"], told["name"], len(told["distribution"])) == ("Dataset", LONG, 1)
    assert html.count('rel="alternate"') == 3
