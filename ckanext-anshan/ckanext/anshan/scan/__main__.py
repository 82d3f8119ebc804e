"""The scanner by itself: ``python -m ckanext.anshan.scan FILE…``, and as the program that the portal starts.

Nothing of CKAN is needed. Exit code 0: nothing that blocks; 1: something blocks, or could not be read; 2: no such file.
"""

from __future__ import annotations

import argparse
import base64
import json
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from . import joining, memory, messages, places, scanning
from .findings import Report, Severity
from .marking import N_

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
PROGRESS_SECONDS = 0.5

SAID = {
    Severity.BLOCK: N_("blocks"),
    Severity.REASON: N_("needs a reason"),
    Severity.INFORM: N_("to be known"),
}
NOTHING = N_("nothing found")
NOT_THERE = N_("{file}: there is no such file. Give the path of a file.")


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; see ``--help``."""
    asked = _arguments(argv)
    memory.keep_freed()
    if asked.job or asked.remedy:
        return _serve(json.load(sys.stdin), sys.stdout, _scan if asked.job else _remedy)
    translate = messages.translator(LANGUAGES[asked.lang])
    missing = [file for file in asked.files if not Path(file).is_file()]
    for file in missing:
        print(translate(NOT_THERE).format(file=file), file=sys.stderr)
    if missing or not asked.files:
        return 2
    blocked = False
    for file in asked.files:
        with _Bar(file, shown=not asked.json and sys.stderr.isatty()) as bar:
            made = scanning.report(Path(file), asked=scanning.Asked(progress=bar.told))
        made.file = file
        print(
            json.dumps(as_dict(made, translate), ensure_ascii=False) if asked.json else _told(made, translate),
            flush=True,
        )
        blocked |= made.severity is Severity.BLOCK
    return int(blocked)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="anshan scan", description="Looks for personal data, secrets and re-identification in files."
    )
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each file")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), default="zh", help="language of the sentences")
    parser.add_argument("--job", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--remedy", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def as_dict(report: Report, translate: messages.Translate) -> dict[str, Any]:
    """A report as ``docs/scan-report.schema.json`` has it."""
    return {
        "file": report.file,
        "sha256": report.sha256,
        "type": report.type,
        "readable": report.readable,
        "findings": [_finding(one, translate) for one in report.findings],
        "size": report.size,
        "scanner": report.scanner,
        "severity": report.severity.value if report.severity else None,
    }


def _finding(finding: Any, translate: messages.Translate) -> dict[str, Any]:
    return finding.as_dict(messages.why(finding.as_dict(""), translate))


def _told(report: Report, translate: messages.Translate) -> str:
    lines = [f"{report.file}  {report.type}  {report.sha256}"]
    for one in report.findings:
        share = f" {one.share:.1%}" if one.share is not None else ""
        lines.append(
            f"  [{translate(SAID[one.severity])}] {places.said(one.where, translate)} · {one.kind} ·"
            f" {one.count}{share}  {'  '.join(one.examples)}"
        )
        lines.append(f"      {messages.why(one.as_dict(''), translate)}")
    return "\n".join(lines if report.findings else [*lines, f"  {translate(NOTHING)}"])


class _Bar:
    """A line that says how far the scan of a file is, for somebody who looks on."""

    def __init__(self, file: str, shown: bool) -> None:
        self.file, self.shown, self.last = file, shown, 0.0

    def told(self, share: float) -> None:
        if self.shown and time.monotonic() - self.last > PROGRESS_SECONDS:
            self.last = time.monotonic()
            print(f"\r{self.file} {share:4.0%}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.last:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


# as the portal's program: one request on standard input, JSON lines on standard output


def _serve(request: Mapping[str, Any], out: IO[str], work: Any) -> int:
    _limit(request)
    try:
        _say(out, work(request, out))
    except MemoryError:
        _say(out, {"error": "too_big"})
    return 0


def _limit(request: Mapping[str, Any]) -> None:
    if most := request.get("memory"):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if seconds := request.get("seconds"):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def _say(out: IO[str], told: Mapping[str, Any]) -> None:
    out.write(json.dumps(told, ensure_ascii=False) + "\n")
    out.flush()


def _scan(request: Mapping[str, Any], out: IO[str]) -> dict[str, Any]:
    path, last = Path(request["path"]), [0.0]

    def progress(share: float) -> None:
        if time.monotonic() - last[0] > PROGRESS_SECONDS:
            last[0] = time.monotonic()
            _say(out, {"progress": round(share, 4)})

    key = base64.b64decode(request.get("key", ""))
    asked = scanning.Asked(
        words=tuple((one["word"], one["kind"]) for one in request.get("words", ())),
        published=[_published(one) for one in request.get("published", ())],
        key=key,
        progress=progress,
    )
    if request.get("sketches"):
        return {"sketches": _sketches(path, request["name"], asked)}
    return {"report": as_dict(scanning.report(path, request["name"], asked), messages.translator("en"))}


def _published(row: Mapping[str, str]) -> joining.Published:
    return joining.Published(row["title"], row["column"], joining.Sketch.from_bytes(base64.b64decode(row["sketch"])))


def _sketches(path: Path, name: str, asked: scanning.Asked) -> list[dict[str, str]]:
    """Of each key column of the file."""
    scan, found = scanning.Scan(path, name, asked), {}
    for _ in scan:
        found |= scan.sketches
    found |= scan.sketches
    return [{"column": name, "sketch": base64.b64encode(one.to_bytes()).decode()} for name, one in found.items()]


def _remedy(request: Mapping[str, Any], out: IO[str]) -> dict[str, Any]:
    from . import remedies  # writers of workbooks, which a scan doesn't need

    asked = [remedies.Asked(**one) for one in request["asked"]]
    try:
        if request.get("preview"):
            return {"changes": remedies.preview(Path(request["path"]), request["name"], asked).as_dict()}
        return {"changes": remedies.apply(Path(request["path"]), request["name"], asked, Path(request["to"])).as_dict()}
    except remedies.Refused as refusal:
        return {"refused": refusal.code, "facts": dict(refusal.facts)}


if __name__ == "__main__":
    sys.exit(main())
