"""What templates ask for developers."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from . import addresses, calls, dcat, portal, structured

__all__ = ["anshan_api_call", "anshan_api_examples", "anshan_console_url", "anshan_rdf_links", "anshan_structured"]


def anshan_api_examples(pkg: dict[str, Any], resource: dict[str, Any] | None = None) -> list[calls.Example]:
    """How a dataset, or one file of it, is read by a program: in each language the code to copy."""
    return portal.examples(pkg, resource)


def anshan_api_call(pkg: dict[str, Any], resource: dict[str, Any] | None = None) -> calls.Call:
    """The call that reads a dataset, or the table of one file of it."""
    return portal.call_of(pkg, resource)


def anshan_console_url(call: calls.Call) -> str:
    """The console, filled with a call."""
    query = calls.query_of({"call": call.action, **call.values})
    return f"{tk.h.url_for('anshan_developers.console')}?{query}"


def anshan_rdf_links(pkg: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A dataset as RDF: ending, media type and address of each format."""
    named = ("ttl", "rdf", "jsonld")
    return [
        (ending, dcat.FORMATS[ending][1], tk.h.url_for("anshan_developers.dataset", id=pkg["name"], ending=ending))
        for ending in named
    ]


def anshan_structured(pkg: dict[str, Any]) -> Markup:
    """A dataset in the words of schema.org, as JSON-LD that can't leave its script element."""
    return Markup(structured.script(pkg, addresses.base(), str(tk.config["ckan.site_title"])))
