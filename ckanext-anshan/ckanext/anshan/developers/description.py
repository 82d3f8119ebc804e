"""The description of the API in the reader's language, made once a process and language."""

from __future__ import annotations

import json
from functools import cache

import ckan.plugins.toolkit as tk
import yaml

from . import addresses, openapi, registry


def as_json() -> str:
    return _written("json", str(tk.h.lang()), addresses.base())


def as_yaml() -> str:
    return _written("yaml", str(tk.h.lang()), addresses.base())


@cache
def _written(kind: str, _lang: str, base: str) -> str:
    made = openapi.document(registry.actions(), base, _words())
    if kind == "json":
        return json.dumps(made, ensure_ascii=False)
    return yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=120)


def _words() -> openapi.Words:
    return openapi.Words(
        title=tk._("Action API of {portal}").format(portal=tk.config["ckan.site_title"]),
        about=tk._(
            "Every page of this portal is made with these actions. What reads answers GET and POST, what changes"
            " something answers POST. Reading what is public needs no key."
        ),
        token=tk._(
            "The API key of an account. Make one on the page of your account; a call without it is a visitor's."
        ),
        families={
            "anshan": tk._("What only this portal has: versions, completion, import and export."),
            "datastore": tk._("Rows of the tables."),
            "ckan": tk._("What every CKAN portal has: search, datasets, agencies, themes."),
        },
        success=tk._("The answer, under result."),
        refusals={
            "400": tk._("The request can't be read."),
            "403": tk._("The key is missing, or its account may not do this."),
            "404": tk._("There is no such thing, or it isn't public."),
            "409": tk._("A value is missing or wrong: each is named with its reason."),
        },
    )
