"""A public dataset in the words of schema.org, for search engines. Plain Python: made on every dataset page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import mapping, terms

Found = Mapping[str, Any]

UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
"""What would end the script element in which the words stand."""


def script(found: Found, base: str, site: str) -> str:
    """As JSON-LD that is safe inside a page."""
    return json.dumps(dataset(found, base, site), ensure_ascii=False).translate(UNSAFE)


def dataset(found: Found, base: str, site: str) -> dict[str, Any]:
    agency = found.get("organization") or {}
    page = f"{base}/dataset/{found['name']}"
    told = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{page}#dataset",
        "url": page,
        "name": found["title"],
        "description": found.get("notes"),
        "identifier": found.get("code") or found["id"],
        "version": found.get("release_version"),
        "datePublished": found.get("release_date"),
        "dateModified": mapping.utc(found["metadata_modified"]),
        "inLanguage": mapping.ZH,
        "keywords": [each["display_name"] for each in found.get("tags", ())],
        "license": terms.LICENCES.get(found.get("license_id") or ""),
        "isAccessibleForFree": True,
        "conditionsOfAccess": found.get("opening_conditions"),
        "temporalCoverage": _period(found),
        "spatialCoverage": [{"@type": "Place", "name": words[mapping.ZH]} for _, words in mapping.places(found)],
        "publisher": _agency(agency, found, base),
        "variableMeasured": [_item(each) for each in found.get("information_items") or () if isinstance(each, Mapping)],
        "includedInDataCatalog": {"@type": "DataCatalog", "name": site, "url": f"{base}/"},
        "distribution": [_file(each) for each in found.get("resources", ())],
    }
    return {name: value for name, value in told.items() if value}


def _period(found: Found) -> str:
    start, end = found.get("time_start"), found.get("time_end")
    return f"{start or '..'}/{end or '..'}" if start or end else ""


def _agency(agency: Found, found: Found, base: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "GovernmentOrganization",
        "name": agency.get("title"),
        "url": f"{base}/organization/{agency.get('name', '')}",
        "identifier": terms.uscc(found.get("code", "")),
    }
    if found.get("provider_phone"):
        told["contactPoint"] = {"@type": "ContactPoint", "telephone": found["provider_phone"]}
        told["contactPoint"]["name"] = found.get("provider_office") or agency.get("title")
    return {name: value for name, value in told.items() if value}


def _item(found: Found) -> dict[str, str]:
    told = {
        "@type": "PropertyValue",
        "name": found.get("name", ""),
        "alternateName": found.get("column", ""),
        "description": found.get("meaning", ""),
        "unitText": found.get("unit", ""),
    }
    return {name: value for name, value in told.items() if value}


def _file(found: Found) -> dict[str, Any]:
    told = {
        "@type": "DataDownload",
        "name": found.get("name"),
        "contentUrl": found["url"],
        "encodingFormat": found.get("mimetype"),
        "contentSize": f"{found['size']} B" if found.get("size") else None,
        "sha256": (found.get("hash") or "").removeprefix("sha256:"),
    }
    return {name: value for name, value in told.items() if value}
