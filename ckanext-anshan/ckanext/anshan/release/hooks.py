"""Bodies of CKAN's interfaces."""

from __future__ import annotations

from typing import Any

from . import datasets, vault
from .rules import MEASURES, OpeningClass
from .uploads import VaultUploader


def get_resource_uploader(resource: dict[str, Any]) -> VaultUploader:
    return VaultUploader(resource)


def before_resource_show(resource: dict[str, Any]) -> dict[str, Any]:
    """Released files are where the portal is today, not where it was when they were published."""
    if resource.get("url_type") == datasets.URL_TYPE:
        resource["url"] = datasets.readdressed(resource["url"])
    return resource


def after_dataset_show(package: dict[str, Any]) -> None:
    """Every public dataset says by what it is open."""
    is_open = package.get("type") == "dataset" and package.get("opening_class") == OpeningClass.UNCONDITIONAL.value
    if is_open and not package.get("opening_basis"):
        package["opening_basis"] = MEASURES


def after_dataset_search(results: dict[str, Any]) -> dict[str, Any]:
    for package in results.get("results", []):
        for resource in package.get("resources", []) if isinstance(package, dict) else []:
            before_resource_show(resource)
    return results


def files_file_allows(file: Any) -> bool | None:
    """Nobody reaches the vault through CKAN's file actions."""
    return False if file.storage == vault.NAME else None
