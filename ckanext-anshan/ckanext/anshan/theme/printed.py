"""The parts of ``docs/`` that are printed from the code, so that they can't fall behind it.

A page holds ``<!-- printed: NAME -->`` and ``<!-- end -->``; what stands between them is written by
``ckan anshan docs update`` and compared by the tests.
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import yaml
from flask import Flask
from werkzeug.routing import Rule

from .. import rooms
from ..application import rules as application
from ..local.cli import parser as portal_parser
from ..release import rules as release
from ..review import rules as review
from ..scan import messages, notices, policy
from ..scan.__main__ import SAID
from . import codes

PACKAGE = Path(__file__).parents[1]
DOCS = PACKAGE.parents[2] / "docs"
PART = re.compile(r"(<!-- printed: (?P<name>[a-z_]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)
FIELD = re.compile(r"\s*(?:·\s*)?:(param [a-z_]+|returns|raises(?: \w+)?):\s*")


def cell(text: object) -> str:
    """As it may stand in a table of Markdown."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(map(cell, row)) for row in rows)]
    return "".join(f"| {line} |\n" for line in lines)


# actions


def own_actions() -> dict[str, Callable[..., Any]]:
    """Those that only this portal has; the others change one of CKAN's."""
    return {name: function for name, function in sorted(rooms.actions().items()) if name.startswith("anshan_")}


def actions() -> str:
    return "\n".join(_action(name, function) for name, function in own_actions().items())


def changed_actions() -> str:
    changed = sorted(rooms.actions().keys() - own_actions().keys())
    rows = ((f"`{name}`", parts_of(inspect.getdoc(rooms.actions()[name]) or "")[0]) for name in changed)
    return table(("action of CKAN", "here"), rows)


def _action(name: str, function: Callable[..., Any]) -> str:
    about, fields = parts_of(inspect.getdoc(function) or "")
    params = [(key.split()[1], text) for key, text in fields if key.startswith("param ")]
    rest = [(key, text) for key, text in fields if not key.startswith("param ")]
    method = "GET or POST" if getattr(function, "side_effect_free", False) else "POST"
    lines = [f"### `{name}`", "", about, "", f"`{method} /api/3/action/{name}`", ""]
    lines += [f"- `{key}`: {text}" for key, text in params] + [f"- *{key}*: {text}" for key, text in rest]
    return "\n".join([*lines, "", "```python", f"portal.action.{name}({_example(params)})", "```", ""])


def parts_of(doc: str) -> tuple[str, list[tuple[str, str]]]:
    """A docstring as its words and its fields: ``[("param id", "the entry"), ("returns", …)]``."""
    about, *rest = FIELD.split(doc.strip().replace("``", "`"))
    pairs = [(key, " ".join(text.split())) for key, text in zip(rest[::2], rest[1::2], strict=True)]
    return " ".join(about.split()), pairs


def _example(params: list[tuple[str, str]]) -> str:
    return ", ".join(f"{key}=…" for key, text in params if "optional" not in text.lower())


# options


def declared() -> list[dict[str, Any]]:
    """Every option of ours, with the heading of its group."""
    groups = yaml.safe_load((PACKAGE / "config_declaration.yaml").read_text("utf-8"))["groups"]
    return [{"group": group["annotation"], **option} for group in groups for option in group["options"]]


def options() -> str:
    rows = (
        (f"`{o['key']}`", o.get("type", "base"), f"`{o.get('default', '')}`", o.get("description", ""))
        for o in declared()
    )
    return table(("option", "type", "default", "what it does"), rows)


# commands


def ckan_commands() -> Iterator[tuple[str, click.Command]]:
    for group in rooms.commands():
        yield from _walk(group, "ckan anshan")


def _walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from _walk(inner, f"{path} {name}")
    else:
        yield path, command


def commands() -> str:
    return "\n".join(_command(path, command) for path, command in ckan_commands())


def _command(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path)
    arguments = " ".join(param.make_metavar(context) for param in command.params if isinstance(param, click.Argument))
    lines = [
        f"### `{path}`",
        "",
        " ".join((command.help or "").split()),
        "",
        f"`./portal {path} {arguments}".rstrip() + "`",
        "",
    ]
    records = (param.get_help_record(context) for param in command.params)
    return "\n".join([*lines, *(f"- `{record[0]}`: {record[1]}" for record in records if record), ""])


def portal_commands() -> dict[str, argparse.ArgumentParser]:
    groups = [a for a in portal_parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(groups[0].choices)


def portal() -> str:
    return "\n".join(_portal_command(name, parser) for name, parser in portal_commands().items())


def _portal_command(name: str, parser: argparse.ArgumentParser) -> str:
    given = (action for action in parser._actions if action.dest != "help")
    told = (f"- `{', '.join(action.option_strings) or action.dest}`: {action.help or ''}" for action in given)
    return "\n".join([f"### `./portal {name}`", "", parser.description or "", "", *told, ""])


# routes


def our_rules(app: Flask) -> list[Rule]:
    names = {blueprint.name for blueprint in rooms.blueprints()}
    return sorted((r for r in app.url_map.iter_rules() if r.endpoint.split(".")[0] in names), key=lambda r: r.rule)


def routes(app: Flask) -> str:
    return table(("route", "methods", "what it gives"), (_route(rule, app) for rule in our_rules(app)))


def _route(rule: Rule, app: Flask) -> tuple[str, str, str]:
    methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    about, _ = parts_of(inspect.getdoc(app.view_functions[rule.endpoint]) or "")
    return f"`{rule.rule}`", methods, about


# codes


def error_codes() -> str:
    return table(("code", "English", "中文"), ((f"`{c.name}`", c.english, c.chinese) for c in codes.all_codes()))


# the content scanner


def scan_kinds() -> str:
    names = {code.name: code.chinese for code in codes.all_codes()}
    rows = (
        (f"`{name}`", names.get(f"inspection.{name}", ""), _weight(kind), _laws(kind.articles), _named(kind.remedies))
        for name, kind in policy.kinds().items()
    )
    return table(("kind", "种类", "严重程度", "依据", "处理办法"), rows)


def _weight(kind: policy.Kind) -> str:
    milder = "；".join(f"`{rule}`：{codes.chinese()[SAID[severity]]}" for rule, severity in kind.milder.items())
    return codes.chinese()[SAID[kind.severity]] + (f"（{milder}）" if milder else "")


def _laws(articles: Iterable[str]) -> str:
    """Each law once with the numbers of its articles."""
    numbers: dict[str, list[str]] = {}
    for law, _, number in (article.partition(":") for article in articles):
        numbers.setdefault(law, []).append(number)
    names = {law: codes.chinese()[messages.ARTICLES[law]].partition("第")[0].strip() for law in numbers}
    return "；".join(f"{names[law]} {'、'.join(found)}" for law, found in numbers.items())


def _named(remedies: Iterable[str]) -> str:
    return "、".join(f"`{remedy}`" for remedy in remedies) or "无"


def scan_notices() -> str:
    rows = ((f"`{rule}`", codes.chinese()[english]) for rule, english in notices.WORDS.items())
    return table(("rule", "报告里的话"), rows)


# the review


def review_table() -> str:
    return _workflow("review", review.TABLE, review.Role)


def application_table() -> str:
    return _workflow("application", application.TABLE, application.Role)


def _workflow(room: str, steps: Mapping[Any, Any], roles: Iterable[Any]) -> str:
    """The table of a workflow in the words of its room's ``messages.py``."""

    def word(name: str, code: str) -> str:
        english = codes.table_of((PACKAGE / room / "messages.py").read_text("utf-8"), name)[code]
        return codes.chinese().get(english) or english

    listed = list(roles)
    rows = (
        (
            word("STATES", state.value),
            f"`{command.value}` {word('COMMANDS', command.value)}",
            "、".join(word("ROLES", role.value) for role in listed if role in step.who),
            word("STATES", step.to.value) + (f"；齐了：{word('STATES', step.complete.value)}" if step.complete else ""),
            "、".join(word("FIELDS", name) for name in step.needs) or "无",
            CLOCKS[step.clock.value],
        )
        for (state, command), step in steps.items()
    )
    return table(("状态", "命令", "谁", "之后", "须有", "期限"), rows)


CLOCKS = {"runs": "起算", "stops": "停", "resumes": "继续", "longer": "延长", "ends": "结束", "stays": "不变"}


def release_table() -> str:
    rows = (
        (
            f"`{state.value}`",
            f"`{command.value}`",
            "、".join(sorted(role.value for role in step.who)),
            f"`{step.to.value}`",
        )
        for (state, command), step in release.TABLE.items()
    )
    return table(("版本状态", "命令", "谁", "之后"), rows)


# pages


def render(app: Flask) -> dict[str, str]:
    return {
        "actions": actions(),
        "changed_actions": changed_actions(),
        "options": options(),
        "commands": commands(),
        "portal": portal(),
        "routes": routes(app),
        "codes": error_codes(),
        "scan_kinds": scan_kinds(),
        "scan_notices": scan_notices(),
        "review_table": review_table(),
        "application_table": application_table(),
        "release_table": release_table(),
    }


def pages() -> list[Path]:
    return [path for path in sorted(DOCS.glob("*.md")) if PART.search(path.read_text("utf-8"))]


def rewritten(text: str, told: dict[str, str]) -> str:
    return PART.sub(lambda part: f"{part[1]}{told[part['name']]}{part[4]}", text)


def stale(app: Flask) -> list[Path]:
    told = render(app)
    return [path for path in pages() if rewritten(path.read_text("utf-8"), told) != path.read_text("utf-8")]


def update(app: Flask) -> list[Path]:
    told, found = render(app), stale(app)
    for path in found:
        path.write_text(rewritten(path.read_text("utf-8"), told), "utf-8")
    return found
