"""The versions of a dataset, and the guards on CKAN's own actions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from . import datasets, guards, model, schema
from .rules import HAS_FILES, OpeningClass

_guards = guards.chained()
globals().update(_guards)

__all__ = ["anshan_release_list", "anshan_release_show", *_guards]  # pyright: ignore[reportUnsupportedDunderAll]


@tk.side_effect_free
@tk.validate_action_data(schema.release_list)
def anshan_release_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The versions of a dataset, newest first.

    :param id: id or name of the dataset
    :returns: of each: ``dataset_id``, ``name``, ``version``, ``state``, ``opening_class``, ``release_date``,
        ``published``, ``approval``, ``metadata_hash`` and ``files`` (``name``, ``format``, ``mimetype``, ``size`` in
        bytes, ``sha256``, ``url``); no files while the dataset is not unconditionally open
    :raises ObjectNotFound: nothing is published of it
    """
    tk.check_access("anshan_release_list", context, data_dict)
    return _shown(_published(data_dict["id"]))


@tk.side_effect_free
@tk.validate_action_data(schema.release_show)
def anshan_release_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One version of a dataset, with its metadata.

    :param id: id or name of the dataset
    :param version: its number; the published one when not given
    :returns: as ``anshan_release_list``, and ``metadata`` as published, whose SHA-256 is ``metadata_hash``
    :raises ObjectNotFound: nothing is published of it, or it has no such version
    """
    tk.check_access("anshan_release_show", context, data_dict)
    now = _published(data_dict["id"])
    wanted = data_dict.get("version") or now.version
    shown = next((one for one in _shown(now) if one["version"] == wanted), None)
    if shown is None:
        raise tk.ObjectNotFound(tk._("This dataset has no version {version}.").format(version=wanted))
    row = next(row for row in model.versions(now.dataset_id) if row.version == wanted)
    return shown | {"metadata": row.metadata}


def _published(dataset: str) -> Any:
    now = model.head_of(dataset)
    if now is None or OpeningClass(now.opening_class) is OpeningClass.CLOSED:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    return now


def _shown(now: Any) -> list[dict[str, Any]]:
    """What may be told of each version: of the files nothing, unless they are open now."""
    rows = [row for row in model.versions(now.dataset_id) if _may_be_told(row, now)]
    is_open = OpeningClass(now.opening_class) in HAS_FILES
    files = model.files_of([row.id for row in rows]) if is_open else {}
    return [_version(row, files.get(row.id, [])) for row in rows]


def _may_be_told(row: Any, now: Any) -> bool:
    return row.published is not None and (row.opening_class == now.opening_class or row.id == now.id)


def _version(row: Any, files: list[Any]) -> dict[str, Any]:
    return {
        "dataset_id": row.dataset_id,
        "name": row.dataset_name,
        "version": row.version,
        "state": row.state,
        "opening_class": row.opening_class,
        "release_date": row.release_date.isoformat(),
        "published": row.published.isoformat(),
        "approval": row.approval,
        "metadata_hash": row.metadata_hash,
        "files": [_file(row, one) for one in files],
    }


def _file(row: Any, one: Any) -> dict[str, Any]:
    kept = ("name", "format", "mimetype", "size", "sha256")
    return {name: getattr(one, name) for name in kept} | {
        "url": datasets.address(row.dataset_name, row.version, one.name)
    }
