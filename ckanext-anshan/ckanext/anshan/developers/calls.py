"""How an action is called from a shell, from Python and from JavaScript. Plain Python."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """A way to call: its id for the page, what it is called, and the code to copy."""

    id: str
    label: str
    code: str


@dataclass(frozen=True)
class Call:
    """One call of an action with values as JSON has them."""

    base: str
    action: str
    values: Values
    reads: bool = True

    @property
    def address(self) -> str:
        return f"{self.base}/api/3/action/{self.action}"

    @property
    def url(self) -> str:
        """The whole address of a call that reads."""
        query = query_of(self.values)
        return f"{self.address}?{query}" if query else self.address


def query_of(values: Values) -> str:
    """As CKAN reads it: lists are given several times, objects as JSON."""
    pairs = [(name, _said(each)) for name, value in values.items() for each in _several(value)]
    return urlencode(pairs, quote_via=quote)


def examples(call: Call) -> list[Example]:
    """The same call in each language; all of them run as they stand."""
    return [
        Example("curl", "curl", curl(call)),
        Example("ckanapi", "Python · ckanapi", ckanapi(call)),
        Example("requests", "Python · requests", requests(call)),
        Example("javascript", "JavaScript", javascript(call)),
    ]


def downloads(url: str, name: str) -> list[Example]:
    """How a file is fetched."""
    python = (
        "import requests\n\n"
        f"answer = requests.get({_py(url)}, timeout=60)\n"
        "answer.raise_for_status()\n"
        f'open({_py(name)}, "wb").write(answer.content)'
    )
    script = f"const answer = await fetch({_js(url)});\nconst file = await answer.blob();"
    return [
        Example("curl", "curl", f"curl -L -o {shlex.quote(name)} \\\n  {shlex.quote(url)}"),
        Example("requests", "Python · requests", python),
        Example("javascript", "JavaScript", script),
    ]


def curl(call: Call) -> str:
    if not call.reads:
        body = shlex.quote(json.dumps(call.values, ensure_ascii=False))
        heads = '-H "Authorization: $TOKEN" -H "Content-Type: application/json"'
        return f"curl {shlex.quote(call.address)} \\\n  {heads} \\\n  -d {body}"
    pairs = [f"{name}={_said(each)}" for name, value in call.values.items() for each in _several(value)]
    lines = [f"curl -G {shlex.quote(call.address)}", *(f"  --data-urlencode {shlex.quote(pair)}" for pair in pairs)]
    return " \\\n".join(lines)


def ckanapi(call: Call) -> str:
    token = "" if call.reads else ', apikey="…"'
    given = ", ".join(f"{name}={_py(value)}" for name, value in call.values.items() if name.isidentifier())
    rest = {name: value for name, value in call.values.items() if not name.isidentifier()}
    more = f"{', ' if given else ''}**{_py(rest)}" if rest else ""
    return (
        "from ckanapi import RemoteCKAN\n\n"
        f"portal = RemoteCKAN({_py(call.base)}{token})\n"
        f"answer = portal.action.{call.action}({given}{more})\n"
        f"print({'answer' + RESULT.get(call.action, '')})"
    )


def requests(call: Call) -> str:
    return (
        "import requests\n\n"
        "answer = requests.get(\n"
        f"    {_py(call.address)},\n"
        f"    params={_py(dict(call.values))},\n"
        "    timeout=30,\n"
        ")\n"
        "answer.raise_for_status()\n"
        f'print(answer.json()["result"]{RESULT.get(call.action, "")})'
    )


def javascript(call: Call) -> str:
    params = json.dumps({name: _said(value) for name, value in call.values.items()}, ensure_ascii=False)
    part = RESULT.get(call.action, "").strip('["]')
    return (
        f"const url = new URL({_js(call.address)});\n"
        f"url.search = new URLSearchParams({params});\n"
        "const answer = await (await fetch(url)).json();\n"
        f"console.log(answer.result{'.' + part if part else ''});"
    )


RESULT = {"datastore_search": '["records"]', "package_search": '["results"]'}
"""The part of the answer that people are after."""


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _py(value: Any) -> str:
    """As Python reads it, with the quotes that people write."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_py(name)}: {_py(each)}" for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_py, value)) + "]"
    return repr(value)


def _js(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
