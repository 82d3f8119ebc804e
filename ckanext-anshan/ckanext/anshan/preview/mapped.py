"""The places of a table: a drawing that needs no script, and what a map with one is made of."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import ckan.plugins.toolkit as tk

from ..release import files
from . import charts, messages, options, outlines, places, rules, tables
from .places import Box, Paper, Where
from .rules import Asked, Column, Problem

FAR = 2.0
"""Degrees beyond the city from which on a map leaves it out."""

Told = dict[str, Any]


def sketch(reader: tables.Reader, described: tables.Described, asked: Asked) -> Told | None:
    """A drawing of the rows' places over the outlines: at most some hundred circles, whatever the number of rows."""
    where = places.find(described.columns)
    if where is None:
        return None
    if where.geometry:
        return _shapes_on_paper(reader.shapes(where, asked, described.columns))
    box, rows = reader.box(where, asked, described.columns)
    if box is None:
        return _on_paper([], None, 0)
    return _on_paper(reader.cells(where, box, places.COARSE_GRID, asked, described.columns, rows), box, rows)


def _on_paper(points: list[places.Point], box: Box | None, rows: int) -> Told:
    paper = Paper(_frame(box))
    most = max((point.rows for point in points), default=1)
    circles = [
        {"x": x, "y": y, "r": places.radius(point.rows, most), "rows": point.rows}
        for point in points
        for x, y in [paper.at(point.east, point.north)]
    ]
    return _paper(paper) | {"rows": rows, "circles": circles, "paths": [], "is_grouped": most > 1}


def _shapes_on_paper(shapes: list[Told]) -> Told:
    box = places.box(one for each in shapes for one in places.positions(each["geometry"]["coordinates"]))
    paper = Paper(_frame(box))
    circles, paths = [], []
    for each in shapes:
        geometry = each["geometry"]
        if geometry["type"] == "Point":
            x, y = paper.at(*geometry["coordinates"][:2])
            circles.append({"x": x, "y": y, "r": 5.0, "rows": 1})
        elif geometry["type"] != "MultiPoint":
            paths.append({"path": paper.path(geometry["coordinates"]), "is_area": "Polygon" in geometry["type"]})
    return _paper(paper) | {"rows": len(shapes), "circles": circles, "paths": paths, "is_grouped": False}


def _paper(paper: Paper) -> Told:
    return {
        "width": paper.width,
        "height": paper.height,
        "outline": outlines.paths(paper, str(tk.h.lang())),
        "is_sketch": not options.has_own_outlines(),
    }


def _frame(box: Box | None) -> Box:
    """The city and what lies near it; where nothing does, the places themselves."""
    city = places.outline_box(outlines.read()) or Box(122, 40, 124, 42)
    if box is None:
        return _with_margin(city)
    near = (
        box.west > city.west - FAR
        and box.east < city.east + FAR
        and box.south > city.south - FAR
        and box.north < city.north + FAR
    )
    return _with_margin(city.around(box) if near else box)


def _with_margin(box: Box) -> Box:
    margin = max(box.east - box.west, box.north - box.south, 0.01) * 0.04
    return Box(box.west - margin, box.south - margin, box.east + margin, box.north + margin)


def places_of(file: files.Published, id: str, query: str) -> Told:
    """What ``anshan_preview_places`` gives."""
    try:
        with tables.reading(id) as reader:
            described = reader.describe(file.items)
            asked = rules.read(parse_qs(query, keep_blank_values=True), described.columns)
            where = places.find(described.columns)
            if where is None:
                raise tables.NoTable(id)
            found = _places(reader, where, asked, described.columns)
    except tables.NoTable as error:
        raise tk.ObjectNotFound(messages.words(Problem("no_such_file"))) from error
    except tables.TooSlow as error:
        slow = messages.words(Problem("too_slow", {"seconds": options.seconds()}))
        raise tk.ValidationError({"query": [slow]}) from error
    return found | {"outline": outlines.named(str(tk.h.lang())), "is_sketch": not options.has_own_outlines()}


def _places(reader: tables.Reader, where: Where, asked: Asked, columns: Any) -> Told:
    facts = places.facts_of(columns, where, _name(columns))
    if where.geometry:
        shapes = {"type": "FeatureCollection", "features": reader.shapes(where, asked, columns)}
        return {"points": [], "facts": [], "shapes": shapes, "rows": len(shapes["features"]), "is_estimate": False}
    box, rows = reader.box(where, asked, columns)
    if box is None:
        points = []
    elif rows <= places.MOST_POINTS:
        points = reader.points(where, facts, asked, columns)
    else:
        points = reader.cells(where, box, places.GRID, asked, columns, rows)
    told = [[round(one.east, 6), round(one.north, 6), one.rows, one.id, list(one.facts)] for one in points]
    is_estimate = places.share(rows) < 1
    return {"points": told, "facts": facts, "shapes": None, "rows": rows, "is_estimate": is_estimate}


def _name(columns: list[Column]) -> str:
    """The column that says what a place is called."""
    named = [column.name for column in columns if charts.NAME_WORDS.search(column.name)]
    return (named or [column.name for column in columns if not column.is_number] or [columns[0].name])[0]
