"""The scanner as a program: for a reader, for a script, and for the portal that starts it for one file."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ckanext.anshan.scan import __main__ as command
from ckanext.anshan.scan.joining import Sketch

from .made import Invented, uscc, written

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "scan-report.schema.json").read_text("utf-8"))
PEOPLE = Invented(31)
ROWS = [["姓名", "身份证号", "电话"], *([PEOPLE.name(), PEOPLE.resident_id(), PEOPLE.mobile()] for _ in range(20))]
KEY = b"a key of the tests, 32 bytes long"
PROGRAM = """
import sys
from ckanext.anshan.scan import __main__ as it
it.PROGRESS_SECONDS = 0
sys.exit(it.main(sys.argv[1:]))
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return written(tmp_path / "people.csv", ROWS)


@pytest.fixture
def streets(tmp_path: Path) -> Path:
    return written(
        tmp_path / "streets.csv", [["街道", "面积（公顷）"], *([f"街道{row}", f"{row}.25"] for row in range(20))]
    )


def asked(
    request: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: str = "--job"
) -> dict[str, Any]:
    """The last line of what the program answers."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(request)))
    assert command.main([how]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def started(words: list[str], request: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        input=request,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT / "ckanext-anshan"), **env},
    )


# for a script


def test_json_is_a_line_for_each_file_that_fits_the_schema(people, streets, capsys):
    assert command.main(["--json", str(people), str(streets)]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for line in lines:
        jsonschema.validate(line, SCHEMA, jsonschema.Draft202012Validator)
    assert [line["file"] for line in lines] == [str(people), str(streets)]
    assert lines[0]["sha256"] == hashlib.sha256(people.read_bytes()).hexdigest()
    assert {"resident_id", "mobile", "person_name"} <= {one["kind"] for one in lines[0]["findings"]} and not lines[1][
        "findings"
    ]


def test_the_sentences_are_in_the_language_asked_for(people, capsys):
    told = {}
    for lang in ("en", "zh"):
        command.main(["--json", "--lang", lang, str(people)])
        told[lang] = [one["why"] for one in json.loads(capsys.readouterr().out)["findings"]]
    assert all("“" in sentence and " the " in sentence.lower() for sentence in told["en"])
    assert all("的" in sentence or "。" in sentence for sentence in told["zh"]) and told["zh"] != told["en"]


@pytest.mark.parametrize(
    ("names", "code"),
    [(["streets"], 0), (["people"], 1), (["streets", "people"], 1), (["people", "nowhere"], 2), ([], 2)],
)
def test_the_exit_code_tells_whether_something_blocks(names, code, people, streets, tmp_path, capsys):
    files = {"people": people, "streets": streets, "nowhere": tmp_path / "nowhere.csv"}
    assert command.main([str(files[name]) for name in names]) == code
    captured = capsys.readouterr()
    assert ("nowhere" in names) == ("nowhere.csv" in captured.err)
    assert code != 2 or not captured.out


def test_a_file_that_cannot_be_read_blocks(tmp_path, capsys):
    path = tmp_path / "a.rar"
    path.write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(40))
    assert command.main(["--json", str(path)]) == 1
    assert not json.loads(capsys.readouterr().out)["readable"]


def test_a_reader_is_told_place_number_and_sentence(people, streets, capsys):
    command.main(["--lang", "en", str(people), str(streets)])
    out = capsys.readouterr().out
    assert "[blocks] 身份证号 · resident_id · 20 100.0%" in out and "nothing found" in out
    assert not [value for row in ROWS[1:] for value in row if value in out]


def test_the_report_depends_on_no_seed_of_the_interpreter(people):
    first, second = (started(["--json", str(people)], PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first.stdout == second.stdout and first.returncode == 1


# for the portal


def test_a_job_tells_how_far_it_is_and_then_its_report_within_its_memory(tmp_path):
    path = written(tmp_path / "bytes", [ROWS[0], *ROWS[1:] * 50])
    request = {"path": str(path), "name": "people.csv", "memory": 2 << 30, "seconds": 60}
    done = started(["--job"], json.dumps(request))
    assert done.returncode == 0, done.stderr
    *before, last = (json.loads(line) for line in done.stdout.splitlines())
    assert before and all(0 <= line["progress"] <= 1 for line in before)
    assert [line["progress"] for line in before] == sorted(line["progress"] for line in before)
    jsonschema.validate(last["report"], SCHEMA, jsonschema.Draft202012Validator)
    assert last["report"]["file"] == "people.csv" and last["report"]["type"] == "csv"


def test_a_job_without_enough_memory_says_so(people, monkeypatch, capsys):
    def too_much(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(command.scanning, "report", too_much)
    assert asked({"path": str(people), "name": "people.csv"}, monkeypatch, capsys) == {"error": "too_big"}


def test_a_job_takes_the_words_of_an_agency(streets, monkeypatch, capsys):
    request = {"path": str(streets), "name": "a.csv", "words": [{"word": "街道7", "kind": "secrecy_mark"}]}
    found = asked(request, monkeypatch, capsys)["report"]["findings"]
    assert [(one["kind"], one["rule"], one["count"]) for one in found] == [("secrecy_mark", "own_word", 1)]


def test_the_sketches_of_one_job_are_the_published_keys_of_the_next(tmp_path, monkeypatch, capsys):
    path = written(
        tmp_path / "a.csv", [["信用代码", "金额"], *([uscc(f"91210300{row:09}"), f"{row}.5"] for row in range(40))]
    )
    request = {"path": str(path), "name": "a.csv", "key": base64.b64encode(KEY).decode()}
    (sketch,) = asked(request | {"sketches": True}, monkeypatch, capsys)["sketches"]
    assert sketch["column"] == "信用代码" and Sketch.from_bytes(base64.b64decode(sketch["sketch"])).distinct() == 40
    published = [{"title": "企业名录", **sketch}]
    found = asked(request | {"published": published}, monkeypatch, capsys)["report"]["findings"]
    assert [(one["kind"], one["facts"]["title"]) for one in found] == [("join_risk", "企业名录")]


REMEDY = {"part": "", "column": "身份证号", "remedy": "mask", "kind": "resident_id"}


def test_a_preview_shows_a_change_and_writes_nothing(people, tmp_path, monkeypatch, capsys):
    before = sorted(tmp_path.iterdir())
    request = {"path": str(people), "name": "people.csv", "asked": [REMEDY], "preview": True}
    (change,) = asked(request, monkeypatch, capsys, "--remedy")["changes"]["changes"]
    assert (
        change["column"] == "身份证号"
        and all("*" in value for value in change["after"])
        and len(change["before"]) == len(change["after"]) > 0
    )
    assert sorted(tmp_path.iterdir()) == before


def test_a_remedy_writes_a_new_file_and_leaves_the_first(people, tmp_path, monkeypatch, capsys):
    original, to = people.read_bytes(), tmp_path / "new.csv"
    request = {"path": str(people), "name": "people.csv", "asked": [REMEDY], "to": str(to)}
    changes = asked(request, monkeypatch, capsys, "--remedy")["changes"]
    assert people.read_bytes() == original and changes["sha256"] == hashlib.sha256(to.read_bytes()).hexdigest()
    new = to.read_text("utf-8-sig")
    assert not [row[1] for row in ROWS[1:] if row[1] in new] and all(row[2] in new for row in ROWS[1:])


@pytest.mark.parametrize(
    ("change", "code"), [({"remedy": "burn"}, "no_such_remedy"), ({"column": "无此列"}, "no_such_column")]
)
def test_a_remedy_that_cannot_be_is_refused_with_its_code(change, code, people, tmp_path, monkeypatch, capsys):
    request = {"path": str(people), "name": "people.csv", "asked": [REMEDY | change], "to": str(tmp_path / "new.csv")}
    answer = asked(request, monkeypatch, capsys, "--remedy")
    assert answer["refused"] == code and not (tmp_path / "new.csv").exists()


def test_no_value_is_in_what_a_remedy_tells(people, tmp_path, monkeypatch, capsys):
    request = {"path": str(people), "name": "people.csv", "asked": [REMEDY], "to": str(tmp_path / "new.csv")}
    told = json.dumps(asked(request, monkeypatch, capsys, "--remedy"), ensure_ascii=False)
    assert not [value for row in ROWS[1:] for value in row if value in told]
