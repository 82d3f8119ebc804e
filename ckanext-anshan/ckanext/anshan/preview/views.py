"""A view as a file, and what a map is drawn from. The page itself is the dataset's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, request

from . import exporting

__all__ = ["previews"]

previews = Blueprint("anshan_preview", __name__)


@previews.get("/preview/<id>/places.json")
def places(id: str) -> Response:
    """Where the rows of a view lie, for its map."""
    try:
        return jsonify(tk.get_action("anshan_preview_places")({}, {"id": id, "query": _query()}))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.ValidationError as error:
        return tk.abort(400, str(error.error_summary))


@previews.get("/preview/<id>/view.csv")
def view(id: str) -> Response:
    """All rows of a view as CSV, in its order and with its columns."""
    try:
        name, lines = exporting.lines(id, _query())
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    answer = Response(_written(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _query() -> str:
    return request.query_string.decode("utf-8", "replace")


def _written(lines: Iterator[list[Any]]) -> Iterator[str]:
    """As spreadsheets read it: with a byte order mark, some thousand lines at a time."""
    text = io.StringIO("\ufeff")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    for at, line in enumerate(lines, 1):
        writer.writerow(line)
        if at % 1000 == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
