"""The description of the action API in OpenAPI 3.1, made from the actions that are there. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .registry import Action, Param

Json = dict[str, Any]

VERSION = "3.1.0"
TOKEN = "api_token"
PATH = "/api/3/action/"
REFUSALS = ("400", "403", "404", "409")


@dataclass(frozen=True)
class Words:
    """What is said in the reader's language; the descriptions of the actions are those of their code."""

    title: str
    about: str
    token: str
    families: Mapping[str, str]
    success: str
    refusals: Mapping[str, str]


def document(actions: Iterable[Action], server: str, words: Words) -> Json:
    """The whole description.

    :param actions: in the order in which they are to be listed · :param server: address of the portal
    """
    return {
        "openapi": VERSION,
        "info": {"title": words.title, "version": "3", "description": words.about},
        "servers": [{"url": server}],
        "tags": [{"name": name, "description": told} for name, told in words.families.items()],
        "paths": {f"{PATH}{each.name}": _path(each) for each in actions},
        "components": {
            "securitySchemes": {
                TOKEN: {"type": "apiKey", "in": "header", "name": "Authorization", "description": words.token}
            },
            "schemas": {"Error": ERROR},
            "responses": _responses(words),
        },
    }


def _path(action: Action) -> Json:
    post = {**_operation(action, action.name), "requestBody": _body(action)}
    if not action.reads:
        return {"post": post}
    get = {**_operation(action, f"{action.name}_get"), "parameters": [_query(each) for each in action.params.values()]}
    return {"get": get, "post": post}


def _operation(action: Action, id: str) -> Json:
    return {
        "operationId": id,
        "tags": [action.family],
        "summary": action.summary or action.name,
        "description": action.about,
        "security": [{}, {TOKEN: []}] if action.is_public else [{TOKEN: []}],
        "responses": {
            "200": {"$ref": "#/components/responses/Success"},
            **{code: {"$ref": f"#/components/responses/{code}"} for code in REFUSALS},
        },
    }


def _query(param: Param) -> Json:
    """CKAN reads lists as a parameter given several times, and objects as JSON."""
    told = {"name": param.name, "in": "query", "required": param.is_required, "description": param.text}
    if param.schema.get("type") == "object":
        return {**told, "content": {"application/json": {"schema": param.schema}}}
    return {**told, "schema": param.schema}


def _body(action: Action) -> Json:
    schema: Json = {
        "type": "object",
        "properties": {name: {**each.schema, "description": each.text} for name, each in action.params.items()},
    }
    required = [name for name, each in action.params.items() if each.is_required]
    if required:
        schema["required"] = required
    takes_file = any(each.schema.get("format") == "binary" for each in action.params.values())
    kinds = ("multipart/form-data",) if takes_file else ("application/json",)
    return {"required": bool(required), "content": {kind: {"schema": schema} for kind in kinds}}


ENVELOPE: Json = {
    "help": {"type": "string", "format": "uri"},
    "success": {"type": "boolean"},
}
ERROR: Json = {
    "type": "object",
    "required": ["success", "error"],
    "properties": {
        **ENVELOPE,
        "success": {"const": False},
        "error": {
            "type": "object",
            "required": ["__type"],
            "properties": {"__type": {"type": "string"}, "message": {}},
            "additionalProperties": True,
        },
    },
}
SUCCESS: Json = {
    "type": "object",
    "required": ["help", "success", "result"],
    "properties": {**ENVELOPE, "success": {"const": True}, "result": {}},
}


def _responses(words: Words) -> Json:
    """A request that can't be read at all is answered with a sentence instead of an object."""
    refusal = {"anyOf": [{"$ref": "#/components/schemas/Error"}, {"type": "string"}]}
    found = {"Success": _response(words.success, SUCCESS)}
    return found | {code: _response(words.refusals[code], refusal) for code in REFUSALS}


def _response(told: str, schema: Json) -> Json:
    return {"description": told, "content": {"application/json": {"schema": schema}}}
