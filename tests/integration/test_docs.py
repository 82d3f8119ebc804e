"""What the code offers is documented, and what the documents name exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ckanext.anshan import rooms
from ckanext.anshan.scan import policy, reading, remedies
from ckanext.anshan.theme import codes, printed, words

ROOT = printed.DOCS.parent
API_MD = (printed.DOCS / "api.md").read_text("utf-8")
CLI_MD = (printed.DOCS / "cli.md").read_text("utf-8")
OPTIONS_MD = (printed.DOCS / "options.md").read_text("utf-8")
CODES_MD = (printed.DOCS / "codes.md").read_text("utf-8")
SCAN_MD = (printed.DOCS / "scan.md").read_text("utf-8")
LAST_ARTICLE = 53
DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *printed.DOCS.rglob("*.md"), *(ROOT / "docker").glob("*.md")])


def sources() -> list[Path]:
    """Everything of ours that people read or run; the demo's data quotes other laws."""
    endings = {".py", ".html", ".js", ".yaml", ".md", ".po", ".ini", ".txt"}
    folders = [printed.PACKAGE, ROOT / "config", ROOT / "i18n", ROOT / "docs"]
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in endings]
    return sorted(
        {path.resolve() for path in found if not {"__pycache__", "data"} & {*path.parts}} | {*ROOT.glob("*.md")}
    )


@cache
def modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in printed.PACKAGE.rglob("*.py")}


def texts(tree: ast.AST) -> Iterator[str]:
    yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


# forwards: what there is, is documented


def test_pages_agree_with_the_code(app):
    assert printed.stale(app.flask_app) == [], "run: ./portal ckan anshan docs update"


@pytest.mark.parametrize("name", sorted(rooms.actions()))
def test_action_is_documented(name):
    told = f"### `{name}`\n" if name in printed.own_actions() else f"| `{name}` |"
    assert told in API_MD, f"docs/api.md: run ./portal ckan anshan docs update for {name}"


@pytest.mark.parametrize("name", printed.own_actions())
def test_action_says_what_it_takes_gives_and_refuses(name):
    about, fields = printed.parts_of(rooms.actions()[name].__doc__ or "")
    keys = {key.split()[0] for key, _ in fields}
    assert about
    assert "returns" in keys or "raises" in keys, "the docstring names neither what is returned nor what is refused"


@pytest.mark.parametrize("option", printed.declared(), ids=lambda option: option["key"])
def test_option_is_documented_and_read_in_one_place(option):
    assert f"`{option['key']}`" in OPTIONS_MD
    assert option.get("description"), "config_declaration.yaml: say what it does"
    readers = [path for path, tree in modules().items() if option["key"] in set(texts(tree))]
    assert {path.name for path in readers} <= {"options.py", "accounts.py"}
    assert readers, f"nothing reads {option['key']}"


@pytest.mark.parametrize("path", [path for path, _ in printed.ckan_commands()])
def test_command_is_documented(path):
    assert f"### `{path}`\n" in CLI_MD


@pytest.mark.parametrize("path", [path for path, _ in printed.ckan_commands()])
def test_command_explains_itself(path):
    assert dict(printed.ckan_commands())[path].help, "the command has no docstring"


@pytest.mark.parametrize("name", sorted(printed.portal_commands()))
def test_portal_command_is_documented(name):
    assert f"### `./portal {name}`\n" in CLI_MD


def test_every_route_says_what_it_gives(app):
    silent = [rule.rule for rule in printed.our_rules(app.flask_app) if not printed._route(rule, app.flask_app)[2]]
    assert silent == [], "write the view's docstring"


@pytest.mark.parametrize("code", codes.all_codes(), ids=lambda code: code.name)
def test_code_has_words_in_both_languages(code):
    assert f"`{code.name}`" in CODES_MD
    assert code.english and code.chinese
    assert words.slots(code.english) == words.slots(code.chinese)


@cache
def carriers(folder: Path) -> dict[str, int]:
    """Classes that carry a code, and at which place it is given: ``Problem(field, code, …)`` is ``{"Problem": 1}``.

    A folder inside a room sees those of the room, unless it has one of the same name.
    """
    found = {} if folder == printed.PACKAGE else dict(carriers(folder.parent))
    for name in ("rules.py", "problems.py"):
        for node in ast.walk(modules().get(folder / name, ast.Module([], []))):
            fields = _fields(node) if isinstance(node, ast.ClassDef) else []
            if "code" in fields:
                found[node.name] = fields.index("code")  # pyright: ignore[reportAttributeAccessIssue]
    return found


def _fields(node: ast.ClassDef) -> list[str]:
    named = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
    return [target.id for target in named if isinstance(target, ast.Name)]


def room_of(path: Path) -> str:
    return path.relative_to(printed.PACKAGE).parts[0]


def _refusals() -> Iterator[str]:
    """Each code that a room gives as a plain text: ``release.not_yours``."""
    for path, tree in modules().items():
        known = carriers(path.parent)
        for node in ast.walk(tree):
            at = known.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
            if at is not None and isinstance(node, ast.Call):
                given = [key.value for key in node.keywords if key.arg == "code"] + node.args[at : at + 1]
                yield from (f"{room_of(path)}.{code.value}" for code in given[:1] if isinstance(code, ast.Constant))


def test_every_refusal_has_words():
    found = set(_refusals())
    assert len(found) > 10
    assert found - {code.name for code in codes.all_codes()} == set()


def test_every_word_has_a_refusal():
    """A sentence that nothing says would be translated and tested for nothing."""
    told = [tree for path, tree in modules().items() if path.name != "messages.py"]
    said = {text.strip("_") for tree in told for text in texts(tree)}
    said |= {one.partition(":")[0] for kind in policy.kinds().values() for one in kind.articles}
    said |= {node.attr.lower() for tree in told for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert {code.name for code in codes.all_codes() if not said & _endings(code.name.partition(".")[2])} == set()


def _endings(code: str) -> set[str]:
    """``opening_basis_missing`` may be put together: itself, ``basis_missing``, ``missing``."""
    words_of = code.split("_")
    return {"_".join(words_of[start:]) for start in range(len(words_of))}


# the content scanner


@pytest.mark.parametrize("kind", policy.kinds())
def test_kind_of_finding_is_documented(kind):
    assert f"| `{kind}` |" in SCAN_MD, "run: ./portal ckan anshan docs update"


@pytest.mark.parametrize("kind", reading.READERS)
def test_format_that_is_read_is_documented(kind):
    told = SCAN_MD.split("## 读哪些格式", 1)[1].split("\n## ")[0]
    assert f"`{kind}`" in told, f"docs/scan.md: say how {kind} is read"


@pytest.mark.parametrize(("name", "value"), policy.thresholds().items())
def test_threshold_is_documented_as_it_is(name, value):
    assert f"| `{name}` | {value} |" in SCAN_MD, f"docs/scan.md: {name} is {value} in config/scan/thresholds.yaml"


@pytest.mark.parametrize("remedy", remedies.REMEDIES)
def test_remedy_is_documented(remedy):
    assert f"| `{remedy}` |" in SCAN_MD


@pytest.mark.parametrize("kind", remedies.WRITERS)
def test_format_that_is_rewritten_is_documented(kind):
    assert f"`{kind}`" in SCAN_MD.split("## 处理办法", 1)[1].split("\n## ")[0]


@pytest.mark.parametrize("name", sorted(path.name for path in policy.FOLDER.iterdir()))
def test_dictionary_is_documented_with_its_source(name):
    row = next((line for line in SCAN_MD.splitlines() if line.startswith(f"| `config/scan/{name}` |")), "")
    assert len(row.split("|")) == 5 and all(cell.strip() for cell in row.split("|")[1:4])


# backwards: what is named, exists


def named(pattern: str) -> dict[str, str]:
    """What a pattern finds in the pages, with one page that says it."""
    return {hit: page.name for page in pages() for hit in re.findall(pattern, page.read_text("utf-8"))}


def test_options_named_in_the_pages_are_declared():
    declared = {option["key"] for option in printed.declared()}
    assert {key: page for key, page in named(r"`(ckanext\.anshan\.[a-z_.]+)`").items() if key not in declared} == {}


def test_actions_named_in_the_pages_exist():
    assert {name: page for name, page in named(r"### `(anshan_\w+)`").items() if name not in rooms.actions()} == {}
    assert {n: page for n, page in named(r"portal\.action\.(anshan_\w+)").items() if n not in rooms.actions()} == {}


def test_commands_named_in_the_pages_exist():
    ours = [path for path, _ in printed.ckan_commands()]
    lost = {
        c: p
        for c, p in named(r"ckan anshan( [a-z]+)").items()
        if not any(o.startswith(f"ckan anshan{c}") for o in ours)
    }
    assert lost == {}
    assert {c: p for c, p in named(r"\./portal ([a-z]+)").items() if c not in printed.portal_commands()} == {}


def test_files_named_in_the_pages_exist():
    found = named(r"`((?:tests|config|docs|i18n|docker|ckanext-anshan)/[\w./-]+)`")
    assert {path: page for path, page in found.items() if not (ROOT / path).exists()} == {}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def value_of(numeral: str) -> int:
    """二十七 → 27; 27 → 27."""
    if numeral.isdigit():
        return int(numeral)
    tens, _, ones = numeral.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if "十" in numeral else 0) + DIGITS.get(ones, 0)


@pytest.mark.parametrize(
    ("numeral", "value"), [("九", 9), ("十", 10), ("十五", 15), ("二十", 20), ("五十三", 53), ("27", 27)]
)
def test_chinese_numerals_are_read(numeral, value):
    assert value_of(numeral) == value


def test_articles_cited_exist():
    told = re.compile(r"(?:第([一二三四五六七八九十]+|\d+)条)|(?:\b(?:[Aa]rticles?|[Aa]rt\.) (\d+)(?:[-–](\d+))?)")
    wrong = {
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in sources()
        for hit in told.finditer(path.read_text("utf-8"))
        if any(not 1 <= value_of(part) <= LAST_ARTICLE for part in hit.groups() if part)
    }
    assert wrong == set()


# the records


def decisions() -> list[Path]:
    return sorted((printed.DOCS / "decisions").glob("*.md"))


def test_decisions_are_numbered_without_gap_or_double():
    assert [int(path.name[:3]) for path in decisions()] == list(range(1, len(decisions()) + 1))


@pytest.mark.parametrize("path", decisions(), ids=lambda path: path.name[:3])
def test_a_decision_tells_question_ways_and_price(path):
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.name[:3]} · ")
    assert [
        part for part in ("**Question.**", "**Decision.**", "**Ways tried.**", "**Price.**") if part not in text
    ] == []


def dependencies() -> list[str]:
    """What is asked for by name: the inputs of the lock files, and the scripts."""
    lines = [line for path in (ROOT / "config/locks").glob("*.in") for line in path.read_text("utf-8").splitlines()]
    fetched = re.findall(r"(\S+)/-/\S+\.tgz", (ROOT / "config/locks/assets.lock").read_text("utf-8"))
    return sorted({re.split(r"[\[=<>; ]", line)[0] for line in lines if line and line[0] not in "#-"} | {*fetched})


@pytest.mark.parametrize("name", dependencies())
@pytest.mark.parametrize("page", ["README.md", "README.en.md"])
def test_dependency_has_its_reason(page, name):
    rows = [line for line in (ROOT / page).read_text("utf-8").splitlines() if line.startswith("|")]
    row = next((row for row in rows if f"`{name}`" in row.split("|")[1]), "")
    assert row, f"{page}: say why {name} is needed"
    assert len(row.split("|")[2].strip()) > 1
