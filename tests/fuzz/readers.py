"""Throws bytes at the readers of the content scanner until one raises, hangs, or takes too much memory.

    python tests/fuzz/readers.py --seconds 600 --reader pdf
    python tests/fuzz/readers.py --seconds 5              (each reader in turn)

A reader must give notices for whatever it is given; what escapes it ends the run with the bytes kept in a file. The
first bytes are sound samples of the format, made by code.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "ckanext-anshan"), str(ROOT)]

LARGEST = 1 << 17  # bytes of an input
MEMORY = 2048  # MiB
SLOWEST = 20  # seconds for one input
RELATIVES = {"image": ("jpg", "png"), "tsv": ("csv",), "et": ("xls", "xlsx"), "odt": ("ods",), "odp": ("ods",)}
RELATIVES |= {"xlsb": ("xlsx",), "legacy_office": ("xls",), "bz2": ("gz",), "xz": ("gz",), "mail": ("eml",)}


def seeds(kind: str) -> list[bytes]:
    from tests.unit.scan.reading.samples import SAMPLES

    return [SAMPLES[one]() for one in RELATIVES.get(kind, (kind,))]


def load(kinds: list[str]) -> None:
    """Imports the readers so that the fuzzer sees which ways through them are taken."""
    import atheris

    with atheris.instrument_imports(  # pyright: ignore[reportAttributeAccessIssue]
        include=["ckanext.anshan.scan", "json", "zipfile", "tarfile", "email", "olefile"]
    ):
        from ckanext.anshan.scan import reading

        for kind in kinds:
            reading.reader(kind)


def fuzz(kind: str, seconds: int, tries: int, folder: Path) -> None:
    """Runs in this process, and ends it."""
    import atheris

    from ckanext.anshan.scan import reading
    from ckanext.anshan.scan.pieces import Limits, Notice, Place, Reading
    from ckanext.anshan.scan.reading.sniffing import kind_of as sniffed

    reading.kind_of = lambda path, name: kind if name == "outermost" else sniffed(path, name)

    path = folder / "input"
    limits = Limits(depth=2, members=200, unpacked=64 << 20, whole=8 << 20, cells=2_000_000)

    def once(data: bytes) -> None:
        path.write_bytes(data)
        for item in reading.read(path, "outermost", Place(), Reading(limits)):
            if not isinstance(item, Notice):
                for batch in item.batches:
                    assert len(batch.starts) == len(batch.ends) and (batch.starts <= batch.ends).all()

    for number, seed in enumerate(seeds(kind)):
        (folder / "seeds").mkdir(exist_ok=True)
        (folder / "seeds" / str(number)).write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-runs={tries}",
        f"-max_len={LARGEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-timeout={SLOWEST}",
    ]
    prefix = f"-artifact_prefix={os.environ.get('FUZZ_KEEP', '.')}/{kind}-"
    atheris.Setup([sys.argv[0], *options, prefix, "-verbosity=0", str(folder / "seeds")], once)
    atheris.Fuzz()


def main() -> int:
    from ckanext.anshan.scan.reading import READERS

    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--seconds", type=int, default=60, help="for each reader")
    arguments.add_argument("--reader", choices=sorted(READERS))
    arguments.add_argument("--tries", type=int, default=-1, help="inputs for each reader at most; -1: as time allows")
    given = arguments.parse_args()
    kinds = [given.reader] if given.reader else sorted(READERS)
    load(kinds)
    failed = [kind for kind in kinds if _in_child(kind, given.seconds, given.tries)]
    print(f"failed: {', '.join(failed)}" if failed else f"{len(kinds)} readers, none failed")
    return len(failed)


def _in_child(kind: str, seconds: int, tries: int) -> int:
    """The exit code of a process that has all readers loaded, and ends with the fuzzing of one."""
    with TemporaryDirectory(prefix="fuzz-") as folder:
        child = os.fork()
        if not child:
            fuzz(kind, seconds, tries, Path(folder))
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
