"""``./portal``: the command line of the local stack."""

from __future__ import annotations

import argparse
import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import backup as backups
from . import benching, configset, environment, lanes, lifecycle, locks, serving, testing, witnessing
from .downloads import full
from .layout import ROOT, Layout
from .lifecycle import Wish
from .problems import N_, Problem
from .steps import Steps

OUTSIDE = {"postgres": "ANSHAN_POSTGRES_URL", "redis": "ANSHAN_REDIS_URL", "solr": "ANSHAN_SOLR_URL"}


def main(words: Sequence[str] | None = None) -> int:
    if sys.version_info < (3, 10):  # noqa: UP036 - said to people with an older Python
        print("./portal needs Python 3.10 or later.", file=sys.stderr)
        return 2
    os.umask(0o022)
    options, rest = parser().parse_known_args(words)
    if rest and options.command not in ("ckan", "test", "bench"):
        parser().error(f"unknown words: {' '.join(rest)}")
    options.rest = rest
    try:
        return options.run(options) or 0
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, say `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"\n{_of_system(error, options.data)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next ./portal up goes on from here.", file=sys.stderr)
        return 130


def _of_system(error: OSError, data: Path) -> Problem:
    place = Path(error.filename or data)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(place)
    return Problem(
        N_("{place} cannot be used: {reason}."),
        N_("Name a folder with --data that you may write to, or have its rights corrected."),
        place=place,
        reason=error.strerror or error,
    )


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="./portal", description="The public data portal on this machine.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about, run, more in COMMANDS:
        one = commands.add_parser(name, help=about, description=about, add_help=name != "ckan", allow_abbrev=False)
        one.set_defaults(run=run)
        one.add_argument("--data", type=_folder, default=None, metavar="DIR", help="the portal's folder (.portal/data)")
        more(one)
    return top


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text} is no port: 1 to 65535")
    return int(text)


def _data(options: argparse.Namespace, default: str = "data") -> Path:
    options.data = options.data or ROOT / ".portal" / default
    return options.data


def _nothing(parser: argparse.ArgumentParser) -> None:
    pass


def _up_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, metavar="N", help="port of the web pages (5000)")
    parser.add_argument("--no-demo", action="store_true", help="leave out the demo")
    parser.add_argument("--test", action="store_true", help=argparse.SUPPRESS)  # the tests' own stack
    parser.add_argument("--listen", metavar="ADDRESS", help="address to listen on (127.0.0.1)")
    parser.add_argument("--url", metavar="URL", help="the portal's address for the world, if another one")
    _outside_options(parser)


def _outside_options(parser: argparse.ArgumentParser) -> None:
    for name, variable in OUTSIDE.items():
        parser.add_argument(
            f"--{name}", metavar="URL", default=os.environ.get(variable), help=f"an outside {name} ({variable})"
        )


def _outside(options: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    return tuple((name, getattr(options, name)) for name in OUTSIDE if getattr(options, name) is not None)


def up(options: argparse.Namespace) -> None:
    demo, outside = not options.no_demo, _outside(options)
    wish = Wish(options.port, demo, options.listen, options.url, outside, test=options.test)
    steps = Steps(0)
    portal = lifecycle.up(_data(options), wish, steps)
    print(f"\nThe portal is at {portal.state.url()} (after {steps.seconds():.1f} s).")
    print(f"Accounts (also in {portal.layout.accounts}):")
    lifecycle.say_accounts(portal)
    if not options.test:
        print(witnessing.warning(portal), end="")


def down(options: argparse.Namespace) -> None:
    ended = lifecycle.down(_data(options))
    print(f"Ended: {', '.join(ended)}." if ended else "Nothing was running.")


def _status_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def status(options: argparse.Namespace) -> int:
    found = lifecycle.status(_data(options))
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print(f"{found['url'] or 'no portal yet'}  ({found['data']})")
        for name, one in found["services"].items():
            print(f"  {name:<10} {one['health']:<8} {one['pid'] or '-':<8} {one['address']}")
        for one in found["witnesses"]:
            print(f"  {'witness':<10} {witnessing.line(one)}")
        print(f"  accounts   {found['accounts']}")
    return 0 if all(one["health"] == "ok" for one in found["services"].values()) else 3


def make(options: argparse.Namespace) -> None:
    layout = Layout(_data(options))
    environment.make(layout, lambda text: print(f"      {text}", flush=True), lambda done, total: None)
    if configset.own(layout):
        shutil.rmtree(layout.configset, ignore_errors=True)
        configset.derive(layout, layout.configset)


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("service", choices=serving.NAMES, help="which one")
    parser.add_argument("--check", action="store_true", help="only ask whether it is well")
    parser.add_argument("--port", type=_port, metavar="N", help="port of the web pages (5000)")
    site, about = os.environ.get("ANSHAN_SITE_URL"), "the portal's address for the world (ANSHAN_SITE_URL)"
    parser.add_argument("--url", metavar="URL", default=site, help=about)
    _outside_options(parser)


def serve(options: argparse.Namespace) -> int:
    data = _data(options)
    if options.check:
        return 0 if serving.is_well(data, options.service) else 1
    wish = Wish(options.port, False, serving.EVERYWHERE, options.url, _outside(options))
    return serving.serve(data, options.service, wish)


def _secrets_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=_folder, help="where to write them")


def secrets(options: argparse.Namespace) -> None:
    serving.hand_out_secrets(_data(options), options.folder)


def _backup_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=_folder, help="the folder of backups")


def backup(options: argparse.Namespace) -> int:
    return _say_damaged(backups.backup(_running(_data(options)), options.folder, print))


def _restore_options(parser: argparse.ArgumentParser) -> None:
    _backup_options(parser)
    parser.add_argument("--at", default="", metavar="MOMENT", help="which one, such as 20261125T020000Z (the newest)")
    _outside_options(parser)


def restore(options: argparse.Namespace) -> int:
    wish = Wish(demo=False, outside=_outside(options), only_stores=True)
    portal = lifecycle.stores_of(_data(options), wish, Steps(0, quiet=True))
    code = _say_damaged(backups.restore(portal, options.folder, options.at, print))
    print("Now start the portal: it brings tables and index up to date.")
    return code


def _say_damaged(copied: backups.Copied) -> int:
    for name in copied.damaged:
        print(f"damaged, left out: {name}", file=sys.stderr)
    return 1 if copied.damaged else 0


def _logs_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("service", nargs="?", help="one service; all without it")
    parser.add_argument("-f", "--follow", action="store_true", help="go on showing what comes")


def logs(options: argparse.Namespace) -> int:
    found = sorted((_data(options) / "logs").glob(f"{options.service or '*'}.log"))
    if not found:
        known = ", ".join(sorted(path.stem for path in (options.data / "logs").glob("*.log"))) or "-"
        what = N_("There is no such log in {folder}.")
        raise Problem(what, N_("There are: {known}."), folder=options.data / "logs", known=known)
    follow = ["-F"] if options.follow else []
    return subprocess.run(["tail", "-n", "50", *follow, *map(str, found)], check=False).returncode


def _reset_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def reset(options: argparse.Namespace) -> None:
    data = _data(options)
    lifecycle.need_own(data)
    if not options.yes and _asked(f"Delete everything in {data}? Type yes: ") != "yes":
        raise Problem(N_("Nothing was deleted."), N_("Type yes when asked, or give --yes."))
    lifecycle.down(data)
    if data.exists():
        shutil.rmtree(data)
    print(f"{data} is empty again. ./portal up makes a new portal.")


def _asked(question: str) -> str:
    """What is typed; nothing where nobody sits at a keyboard."""
    try:
        return input(question).strip()
    except EOFError:
        return ""


def demo(options: argparse.Namespace) -> None:
    portal = lifecycle.portal_of(_running(_data(options)))
    lifecycle.need_stores(portal)
    lifecycle.load_demo(portal, print)
    lifecycle.say_accounts(portal)


def _running(data: Path) -> Path:
    if not (data / "ckan.ini").exists():
        raise Problem(N_("There is no portal in {folder} yet."), N_("./portal up makes one."), folder=data)
    return data


def ckan(options: argparse.Namespace) -> int:
    portal = lifecycle.portal_of(_running(_data(options)))
    lifecycle.need_stores(portal)
    command = [str(portal.layout.env / "bin" / "ckan"), "-c", str(portal.layout.ini), *options.rest]
    return subprocess.run(command, env=portal.env(), check=False).returncode


def _witness_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("list", "add", "remove"), nargs="?", default="list", help="list, add, remove")
    parser.add_argument("name", nargs="?", help="of the witness, to add or remove it")
    about = "to add: file:///FOLDER/FILE, https://… of a witness, rfc3161+https://… of a time stamp authority"
    parser.add_argument("url", nargs="?", help=about)
    parser.add_argument("--key", metavar="VKEY", help="its public key: what another key signs is refused")
    parser.add_argument("--every", metavar="SECONDS", help="time between two checkpoints (0, 5 or 600, by its kind)")


def witness(options: argparse.Namespace) -> int:
    places = [word for word in (options.name, options.url) if word is not None]
    wanted = {"list": 0, "add": 2, "remove": 1}[options.what]
    words = [f"--{name}={value}" for name in ("key", "every") if (value := getattr(options, name)) is not None]
    if len(places) != wanted or (words and options.what != "add"):
        mend = N_("Write: ./portal witness list | add NAME URL [--key VKEY] [--every SECONDS] | remove NAME")
        raise Problem(N_("The command is not whole, or says too much."), mend)
    return _arrange(options, "witness", options.what, *words, *places)


def _retention_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("show", "set", "off"), nargs="?", default="show", help="show, set, off")
    parser.add_argument("--months", metavar="N", help="full months that stay, beside the current one")
    parser.add_argument("--archives", type=_folder, metavar="FOLDER", help="where older ones are archived")
    parser.add_argument("--trim", action="store_true", help="take them out of the database then")


def retention(options: argparse.Namespace) -> int:
    given = [word for word in (options.months, options.archives) if word is not None]
    if len(given) != (2 if options.what == "set" else 0) or (options.trim and options.what != "set"):
        mend = N_("Write: ./portal retention show | set --months N --archives FOLDER [--trim] | off")
        raise Problem(N_("The command is not whole, or says too much."), mend)
    words = [f"--months={options.months}", f"--archives={options.archives}"] if given else []
    return _arrange(options, "retention", options.what, *words, *(["--trim"] if options.trim else []))


def _arrange(options: argparse.Namespace, *words: str) -> int:
    portal = lifecycle.portal_of(_running(_data(options)))
    module, folder = "ckanext.anshan.audit.arranging", portal.data / "sealer"
    folder.mkdir(mode=0o700, exist_ok=True)
    command = [str(portal.layout.python), "-m", module, str(folder), *words]
    return subprocess.run(command, env=portal.env(), check=False).returncode


def _test_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", action="store_true", help="leave the test stack running for the next time")
    parser.add_argument("--no-browser", action="store_true", help="leave out the browser tests")
    parser.add_argument("--no-checks", action="store_true", help="leave out ruff and pyright")


def test(options: argparse.Namespace) -> int:
    data, choice = _data(options, "test"), testing.Choice(options.keep, not options.no_browser, not options.no_checks)
    return testing.run(data, options.rest, choice) if options.rest else lanes.run(data, choice)


def _bench_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="which one: " + ", ".join(benching.names()))


def bench(options: argparse.Namespace) -> int:
    return benching.run(_data(options), options.name, options.rest)


def _lock_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="*", help=f"which: {', '.join(locks.KINDS)}; all without it")


def lock(options: argparse.Namespace) -> None:
    locks.write(Layout(_data(options)), options.kind)


COMMANDS = (
    ("up", "Make what is missing, start everything.", up, _up_options),
    ("down", "End everything of this portal.", down, _nothing),
    ("status", "How it is.", status, _status_options),
    ("logs", "What the services said.", logs, _logs_options),
    ("reset", "Delete this portal's data.", reset, _reset_options),
    ("demo", "Load the demo.", demo, _nothing),
    ("test", "Run the tests; more words go to pytest.", test, _test_options),
    ("bench", "Print figures.", bench, _bench_options),
    ("make", "Make the environment and the programs, start nothing: for an image.", make, _nothing),
    ("serve", "Be one service in the foreground, the others being outside: for a container.", serve, _serve_options),
    ("backup", "Add a backup of this moment to a folder; the portal goes on meanwhile.", backup, _backup_options),
    ("restore", "Fill an empty portal from a backup.", restore, _restore_options),
    ("witness", "Who keeps the log's checkpoints outside the portal.", witness, _witness_options),
    ("retention", "How long the log's months stay in the database.", retention, _retention_options),
    ("secrets", "Write the secrets of PostgreSQL and Redis as files: for their containers.", secrets, _secrets_options),
    ("lock", "Write the lock files anew.", lock, _lock_options),
    ("ckan", "CKAN's command line in the portal's environment.", ckan, _nothing),
)
