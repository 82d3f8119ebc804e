"""The full list of public datasets, as JSON and as CSV: each dataset as one object or one row. Plain Python."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..catalogue import vocabularies
from . import terms

Dict = dict[str, Any]

CONFORMS_TO = "https://project-open-data.cio.gov/v1.1/schema"
LEVELS = {"unconditional": "public", "conditional": "restricted public"}
COLUMNS = (
    "code", "title", "description", "agency", "agency_code", "office", "telephone", "themes", "keywords",
    "opening_class", "legal_basis", "conditions", "licence", "update_cycle", "district", "time_start", "time_end",
    "version", "issued", "modified", "next_update_due", "page", "formats", "files", "sha256",
)  # fmt: skip
BOM = "\ufeff"
"""Without it Excel reads the file in the encoding of its country."""


def as_json(found: Iterable[Mapping[str, Any]], base: str, url: Callable[[str], str], now: str) -> Iterator[str]:
    """A catalogue after Project Open Data, which harvesters know, with the fields of this portal beside its own.

    :param base: address of the portal · :param url: brings a stored address of a file up to date · :param now: today
    """
    head = {"conformsTo": CONFORMS_TO, "@type": "dcat:Catalog", "@id": f"{base}/data.json", "generated": now}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "dataset": [\n'
    for position, each in enumerate(found):
        comma = ",\n" if position else ""
        yield comma + json.dumps(_object(each, base, url), ensure_ascii=False)
    yield "\n]}\n"


def as_csv(found: Iterable[Mapping[str, Any]], base: str, url: Callable[[str], str]) -> Iterator[str]:
    """A table with one row for each dataset; several files, formats and hashes stand on lines of one cell."""
    yield BOM + _line(COLUMNS)
    for each in found:
        yield _line(_row(each, base, url))


def _object(found: Mapping[str, Any], base: str, url: Callable[[str], str]) -> Dict:
    extras: Mapping[str, str] = found["extras"] or {}
    opening = extras.get("opening_class", "")
    told = {
        "@type": "dcat:Dataset",
        "identifier": extras.get("code") or found["id"],
        "title": found["title"],
        "description": found["notes"],
        "keyword": found["keywords"] or [],
        "theme": found["themes"] or [],
        "issued": extras.get("release_date"),
        "modified": f"{found['metadata_modified'].isoformat()}Z",
        "version": extras.get("release_version"),
        "publisher": {"@type": "org:Organization", "name": found["agency_title"]},
        "contactPoint": _contact(found, extras),
        "accessLevel": LEVELS.get(opening, "non-public"),
        "rights": "\n".join(filter(None, (extras.get("opening_basis"), extras.get("opening_conditions")))),
        "openingClass": opening,
        "license": terms.LICENCES.get(found["license_id"] or "", found["license_id"]),
        "accrualPeriodicity": terms.PERIODS.get(extras.get("update_cycle", "")),
        "nextUpdateDue": extras.get("next_update_due"),
        "spatial": _place(extras),
        "temporal": "/".join(filter(None, (extras.get("time_start"), extras.get("time_end")))),
        "landingPage": f"{base}/dataset/{found['name']}",
        "distribution": [_file(each, base, found["name"], url) for each in found["files"] or ()],
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def _contact(found: Mapping[str, Any], extras: Mapping[str, str]) -> Dict:
    name = " ".join(filter(None, (found["agency_title"], extras.get("provider_office"))))
    told = {"@type": "vcard:Contact", "fn": name, "hasTelephone": extras.get("provider_phone")}
    return {key: value for key, value in told.items() if value}


def _place(extras: Mapping[str, str]) -> str:
    return vocabularies.label("districts", extras.get("district", ""))


def _file(found: Mapping[str, Any], base: str, name: str, url: Callable[[str], str]) -> Dict:
    told = {
        "@type": "dcat:Distribution",
        "title": found["name"],
        "format": found["format"],
        "mediaType": found["mimetype"],
        "byteSize": found["size"],
        "sha256": _sha256(found),
        "downloadURL": url(found["url"]),
        "accessURL": f"{base}/dataset/{name}/resource/{found['id']}",
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def _sha256(found: Mapping[str, Any]) -> str:
    return (found["hash"] or "").removeprefix("sha256:")


def _row(found: Mapping[str, Any], base: str, url: Callable[[str], str]) -> list[str]:
    extras: Mapping[str, str] = found["extras"] or {}
    files = found["files"] or []
    told = {
        **{name: extras.get(name) for name in COLUMNS},
        "title": found["title"],
        "description": found["notes"],
        "agency": found["agency_title"],
        "agency_code": terms.uscc(extras.get("code", "")),
        "office": extras.get("provider_office"),
        "telephone": extras.get("provider_phone"),
        "themes": "\n".join(vocabularies.label("themes", each) for each in found["themes"] or ()),
        "keywords": "\n".join(found["keywords"] or ()),
        "opening_class": vocabularies.label("opening_classes", extras.get("opening_class", "")),
        "legal_basis": extras.get("opening_basis"),
        "conditions": extras.get("opening_conditions"),
        "licence": vocabularies.label("licences", found["license_id"] or ""),
        "update_cycle": vocabularies.label("update_cycles", extras.get("update_cycle", "")),
        "district": _place(extras),
        "version": extras.get("release_version"),
        "issued": extras.get("release_date"),
        "modified": found["metadata_modified"].date().isoformat(),
        "page": f"{base}/dataset/{found['name']}",
        "formats": "\n".join(each["format"] or "" for each in files),
        "files": "\n".join(url(each["url"]) for each in files),
        "sha256": "\n".join(map(_sha256, files)),
    }
    return [harmless(str(told[name] or "")) for name in COLUMNS]


def harmless(cell: str) -> str:
    """A text that a spreadsheet would run as a formula, as a text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and not _is_number(cell)) else cell


def _is_number(cell: str) -> bool:
    return cell[1:].replace(".", "", 1).isdigit()


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
