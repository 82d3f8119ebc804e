"""A public dataset in the words of ckanext-dcat. Plain Python: nothing is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..catalogue import vocabularies
from . import terms

Dict = dict[str, Any]

ZH, EN = "zh-Hans", "en"


def dataset(found: Mapping[str, Any], base: str) -> Dict:
    """What ``EuropeanDCATAP3Profile`` reads.

    :param found: as ``package_show`` or ``package_search`` give it · :param base: address of the portal
    """
    agency = found.get("organization") or {}
    page = f"{base}/dataset/{found['name']}"
    return {
        "id": found["id"],
        "name": found["name"],
        "type": "dataset",
        "title_translated": {ZH: found["title"]},
        "notes_translated": {ZH: found.get("notes") or found["title"]},
        "url": page,
        "identifier": found.get("code") or found["id"],
        "version": found.get("release_version"),
        "issued": found.get("release_date"),
        "modified": utc(found["metadata_modified"]),
        "frequency": terms.frequency(found.get("update_cycle", "")),
        "language": [terms.CHINESE],
        "theme": list(terms.themes(themes(found))),
        "tags": [{"name": each["name"]} for each in found.get("tags", ())],
        "access_rights": terms.ACCESS.get(found.get("opening_class", ""), ""),
        "publisher": [_publisher(agency, found, base)],
        "contact": [_contact(agency, found, base)],
        "temporal_coverage": [{"start": found.get("time_start"), "end": found.get("time_end")}],
        "resources": [_file(each, page) for each in found.get("resources", ())],
    }


def utc(moment: Any) -> str:
    """A moment as CKAN keeps it, in UTC without saying so."""
    return f"{moment}+00:00" if moment else ""


def themes(found: Mapping[str, Any]) -> list[str]:
    """The themes of a dataset: the groups that it is in."""
    return [each["name"] for each in found.get("groups", ()) if vocabularies.get("themes", each["name"])]


def places(found: Mapping[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """District and street with their codes and words; the whole city where nothing smaller is named."""
    named = (("districts", found.get("district")), ("streets", found.get("street")))
    terms_of = [vocabularies.get(name, id) for name, id in named if id]
    return [(each.id, {ZH: each.zh, EN: each.en}) for each in terms_of if each]


def _publisher(agency: Mapping[str, Any], found: Mapping[str, Any], base: str) -> Dict:
    return {
        "uri": f"{base}/organization/{agency.get('name', '')}",
        "name": agency.get("title") or agency.get("name"),
        "type": terms.LOCAL_AUTHORITY,
        "identifier": terms.uscc(found.get("code", "")),
    }


def _contact(agency: Mapping[str, Any], found: Mapping[str, Any], base: str) -> Dict:
    name = " ".join(part for part in (agency.get("title"), found.get("provider_office")) if part)
    return {"name": name, "url": f"{base}/organization/{agency.get('name', '')}"}


def _file(found: Mapping[str, Any], page: str) -> Dict:
    """A file of an unconditional dataset; a conditional one has none."""
    return {
        "id": found["id"],
        "package_id": found.get("package_id"),
        "uri": f"{page}/resource/{found['id']}",
        "name": found.get("name"),
        "description": found.get("description"),
        "access_url": page,
        "download_url": found["url"],
        "mimetype": terms.media_type(found.get("mimetype") or ""),
        "format": terms.file_type(found.get("format") or ""),
        "size": found.get("size"),
        "hash": (found.get("hash") or "").removeprefix("sha256:"),
        "hash_algorithm": terms.SHA256,
        "modified": utc(found.get("last_modified") or found.get("created")),
    }
