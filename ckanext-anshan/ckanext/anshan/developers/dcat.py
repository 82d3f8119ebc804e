"""DCAT of datasets and of the catalogue: ckanext-dcat's DCAT-AP 3, fed with this portal's fields.

Its profile is used, its plugin isn't: that would take the information items out of the search index, send one query
per agency, and answer an unknown ending with an error of the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.profiles import EuropeanDCATAP3Profile
from ckanext.dcat.profiles.base import DCAT, DCT, FOAF, RDF, RDFS, SKOS, VCARD
from rdflib import BNode, Graph, Literal, Namespace, URIRef

from ..catalogue import vocabularies
from . import addresses, mapping, terms

FORMATS: Mapping[str, tuple[str, str]] = {
    "ttl": ("turtle", "text/turtle"),
    "rdf": ("pretty-xml", "application/rdf+xml"),
    "xml": ("pretty-xml", "application/rdf+xml"),
    "jsonld": ("json-ld", "application/ld+json"),
    "n3": ("n3", "text/n3"),
}
"""By ending: what rdflib calls it, and its media type."""
PER_PAGE = 100
"""Datasets on a page of the catalogue: a second of work and 400 kB."""
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")

Found = Mapping[str, Any]


class AnshanProfile(EuropeanDCATAP3Profile):
    """DCAT-AP 3 of the datasets of this portal."""

    def graph_from_dataset(self, dataset_dict: Any, dataset_ref: Any) -> None:
        """Add a dataset as ``package_show`` gives it."""
        super().graph_from_dataset(mapping.dataset(dataset_dict, addresses.base()), dataset_ref)
        self._add_publisher(dataset_dict)
        self._add_places(dataset_ref, dataset_dict)
        self._add_themes(dataset_ref, dataset_dict)
        self._add_conditions(dataset_ref, dataset_dict)
        self._add_telephone(dataset_ref, dataset_dict)
        self._add_licence(dataset_ref, dataset_dict)
        self._add_tables(dataset_ref, dataset_dict)

    def graph_from_catalog(self, catalog_dict: Any, catalog_ref: Any) -> None:
        """Add the catalogue, with ``modified`` of the newest dataset."""
        self.g.bind("dcat", DCAT)
        self.g.add((catalog_ref, RDF.type, DCAT.Catalog))
        title = tk.config["ckan.site_title"]
        self.g.add((catalog_ref, DCT.title, Literal(title, lang=mapping.ZH)))
        self.g.add((catalog_ref, DCT.description, Literal(tk.config["ckan.site_description"] or title)))
        self._typed(catalog_ref, FOAF.homepage, URIRef(f"{addresses.base()}/"), FOAF.Document)
        for language in (terms.CHINESE, terms.ENGLISH):
            self._typed(catalog_ref, DCT.language, URIRef(language), DCT.LinguisticSystem)
        publisher = self._typed(catalog_ref, DCT.publisher, URIRef(addresses.of("/about")), FOAF.Agent)
        self.g.add((publisher, FOAF.name, Literal(title, lang=mapping.ZH)))
        if catalog_dict and catalog_dict.get("modified"):
            self._add_date_triple(catalog_ref, DCT.modified, catalog_dict["modified"])

    def _typed(self, subject: Any, predicate: Any, object: Any, kind: Any) -> Any:
        self.g.add((subject, predicate, object))
        self.g.add((object, RDF.type, kind))
        return object

    def _add_publisher(self, found: Found) -> None:
        kind = URIRef(terms.LOCAL_AUTHORITY)
        self.g.add((kind, RDF.type, SKOS.Concept))
        self.g.add((kind, SKOS.prefLabel, Literal("Local authority", lang=mapping.EN)))

    def _add_places(self, ref: Any, found: Found) -> None:
        for code, words in mapping.places(found):
            place = self._typed(ref, DCT.spatial, BNode(), DCT.Location)
            self.g.add((place, DCT.identifier, Literal(code)))
            for lang, word in words.items():
                self.g.add((place, SKOS.prefLabel, Literal(word, lang=lang)))

    def _add_themes(self, ref: Any, found: Found) -> None:
        """The portal's own themes beside those of DCAT-AP's vocabulary."""
        scheme = URIRef(addresses.of("/group/"))
        for id in mapping.themes(found):
            term = vocabularies.load("themes").by_id[id]
            theme = self._typed(ref, DCAT.theme, URIRef(addresses.of(f"/group/{id}")), SKOS.Concept)
            self.g.add((theme, SKOS.inScheme, scheme))
            self.g.add((theme, SKOS.prefLabel, Literal(term.zh, lang=mapping.ZH)))
            self.g.add((theme, SKOS.prefLabel, Literal(term.en, lang=mapping.EN)))
        for uri, words in terms.themes(mapping.themes(found)).items():
            self.g.add((URIRef(uri), RDF.type, SKOS.Concept))
            self.g.add((URIRef(uri), SKOS.prefLabel, Literal(words, lang=mapping.EN)))

    def _add_conditions(self, ref: Any, found: Found) -> None:
        """Class, basis and conditions in words."""
        words = (found.get("opening_basis"), found.get("opening_conditions"), found.get("opening_requirements"))
        opening = vocabularies.label("opening_classes", found.get("opening_class", ""))
        rights = self._typed(ref, DCT.rights, BNode(), DCT.RightsStatement)
        self.g.add((rights, RDFS.label, Literal("\n".join(filter(None, (opening, *words))), lang=mapping.ZH)))

    def _add_telephone(self, ref: Any, found: Found) -> None:
        number = "".join(sign for sign in found.get("provider_phone") or "" if sign.isdigit() or sign in "+-")
        for contact in self.g.objects(ref, DCAT.contactPoint) if number else ():
            self.g.add((contact, VCARD.hasTelephone, URIRef(f"tel:{number}")))

    def _add_licence(self, ref: Any, found: Found) -> None:
        id = found.get("license_id") or "notspecified"
        known = terms.LICENCES.get(id)
        licence = URIRef(known) if known else BNode()
        self.g.add((licence, RDF.type, DCT.LicenseDocument))
        if not known:
            for lang in (mapping.ZH, mapping.EN):
                self.g.add((licence, DCT.title, Literal(vocabularies.label("licences", id, lang), lang=lang)))
        for each in (ref, *self.g.objects(ref, DCAT.distribution)):
            self.g.add((each, DCT.license, licence))

    def _add_tables(self, ref: Any, found: Found) -> None:
        """The data API of each file that is a table."""
        for each in found.get("resources", ()):
            if each.get("datastore_active"):
                place = URIRef(f"{addresses.dataset(found['name'])}/resource/{each['id']}")
                self._add_service(place, str(each["id"]), str(each.get("name") or ""), ref)

    def _add_service(self, distribution: Any, id: str, name: str, ref: Any) -> None:
        endpoint = URIRef(addresses.of(f"/api/3/action/datastore_search?resource_id={id}"))
        service = self._typed(distribution, DCAT.accessService, URIRef(f"{distribution}#api"), DCAT.DataService)
        self.g.add((service, DCT.title, Literal(name, lang=mapping.ZH)))
        self._typed(service, DCAT.endpointURL, endpoint, RDFS.Resource)
        self._typed(service, DCAT.endpointDescription, URIRef(addresses.of("/openapi.json")), RDFS.Resource)
        self.g.add((service, DCAT.servesDataset, ref))


def of_dataset(found: Found, ending: str) -> str:
    """A dataset as ``package_show`` gives it, in the format of this ending."""
    profile = AnshanProfile(Graph())
    profile.graph_from_dataset(found, _reference(found))
    return _written(profile.g, ending)


def of_catalogue(found: Iterable[Found], ending: str, pages: Mapping[str, Any]) -> str:
    """The catalogue with some of its datasets.

    :param pages: addresses of ``current``, ``first``, ``last``, ``previous``, ``next``; and ``count``
    """
    listed = list(found)
    profile = AnshanProfile(Graph())
    catalogue = URIRef(addresses.of("/catalog"))
    modified = max((mapping.utc(each["metadata_modified"]) for each in listed), default=None)
    profile.graph_from_catalog({"modified": modified}, catalogue)
    for each in listed:
        profile.graph_from_dataset(each, _reference(each))
        profile.g.add((catalogue, DCAT.dataset, _reference(each)))
    _add_pages(profile.g, pages)
    return _written(profile.g, ending)


def _reference(found: Found) -> URIRef:
    return URIRef(f"{addresses.dataset(found['name'])}#dataset")


def _add_pages(graph: Graph, pages: Mapping[str, Any]) -> None:
    """How a harvester goes on."""
    here = URIRef(pages["current"])
    graph.bind("hydra", HYDRA)
    graph.add((here, RDF.type, HYDRA.PartialCollectionView))
    graph.add((here, HYDRA.totalItems, Literal(pages["count"])))
    for name in ("first", "previous", "next", "last"):
        if pages.get(name):
            graph.add((here, HYDRA[name], URIRef(pages[name])))


def _written(graph: Graph, ending: str) -> str:
    name = FORMATS[ending][0]
    return graph.serialize(format=name, auto_compact=True) if name == "json-ld" else graph.serialize(format=name)
