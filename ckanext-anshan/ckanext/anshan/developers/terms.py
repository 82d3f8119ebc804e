"""The words of DCAT-AP's vocabularies for those of this portal. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

AUTHORITY = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"
CHINESE = f"{AUTHORITY}/language/ZHO"
ENGLISH = f"{AUTHORITY}/language/ENG"

ACCESS: Mapping[str, str] = {
    "unconditional": f"{AUTHORITY}/access-right/PUBLIC",
    "conditional": f"{AUTHORITY}/access-right/RESTRICTED",
}

FREQUENCIES: Mapping[str, str] = {
    "realtime": "UPDATE_CONT",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "half-yearly": "ANNUAL_2",
    "yearly": "ANNUAL",
    "irregular": "IRREG",
    "never": "NEVER",
}

PERIODS: Mapping[str, str] = {
    "realtime": "R/PT1S",
    "daily": "R/P1D",
    "weekly": "R/P1W",
    "monthly": "R/P1M",
    "quarterly": "R/P3M",
    "half-yearly": "R/P6M",
    "yearly": "R/P1Y",
    "irregular": "irregular",
}
"""Update cycles as a list of data writes them: repeating intervals of ISO 8601."""

DATA_THEMES: Mapping[str, str] = {
    "AGRI": "Agriculture, fisheries, forestry and food",
    "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport",
    "ENVI": "Environment",
    "GOVE": "Government and public sector",
    "HEAL": "Health",
    "JUST": "Justice, legal system and public safety",
    "REGI": "Regions and cities",
    "SOCI": "Population and society",
    "TECH": "Science and technology",
    "TRAN": "Transport",
}

THEMES: Mapping[str, str] = {
    "safety": "GOVE",
    "geography": "REGI",
    "transport": "TRAN",
    "education": "EDUC",
    "employment": "SOCI",
    "science": "TECH",
    "agriculture": "AGRI",
    "enterprises": "ECON",
    "weather": "ENVI",
    "social-security": "SOCI",
    "ecology": "ENVI",
    "statistics": "GOVE",
    "health": "HEAL",
    "culture": "EDUC",
    "credit": "ECON",
    "medical": "HEAL",
    "resources": "ENVI",
    "urban": "REGI",
    "finance": "ECON",
    "social-assistance": "SOCI",
    "legal-services": "JUST",
    "daily-life": "SOCI",
    "organizations": "GOVE",
    "public-security": "JUST",
    "trade": "ECON",
}

FILE_TYPES: Mapping[str, str] = {
    name.lower(): name
    for name in ("CSV", "XLSX", "XLS", "JSON", "XML", "ZIP", "PDF", "PNG", "TIFF", "TXT", "DOCX", "SHP", "RDF", "GIF")
} | {"geojson": "GEOJSON", "jpeg": "JPEG", "jpg": "JPEG", "webp": "WEBP"}

LICENCES: Mapping[str, str] = {
    "cc-by": "https://creativecommons.org/licenses/by/4.0/",
    "cc-zero": "https://creativecommons.org/publicdomain/zero/1.0/",
    "odc-by": "https://opendatacommons.org/licenses/by/1-0/",
}


def frequency(cycle: str) -> str:
    return f"{AUTHORITY}/frequency/{FREQUENCIES[cycle]}" if cycle in FREQUENCIES else ""


def themes(ids: Iterable[str]) -> dict[str, str]:
    """The data themes for themes of this portal, with their words."""
    codes = sorted({THEMES[each] for each in ids if each in THEMES})
    return {f"{AUTHORITY}/data-theme/{code}": DATA_THEMES[code] for code in codes}


def file_type(format: str) -> str:
    known = FILE_TYPES.get(format.lower())
    return f"{AUTHORITY}/file-type/{known}" if known else ""


def media_type(mimetype: str) -> str:
    return f"{IANA}/{mimetype}" if "/" in mimetype else ""


def uscc(code: str) -> str:
    """A catalogue code begins with the unified social credit code of the agency that provides the data."""
    return code[:18] if len(code) == 33 else ""
