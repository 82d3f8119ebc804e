"""Proposes or imports a list in a process of its own and is killed at a point: ``killed_lists.py POINT propose …``."""

from __future__ import annotations

import os
import sys

from ckan.cli.cli import ckan

from ..workflow.killed import deadly


def main() -> None:
    from .test_lists import POINTS

    point, *words = sys.argv[1:]
    deadly(*POINTS[point])
    ckan(["-c", os.environ["CKAN_INI"], "anshan", "release", *words])


if __name__ == "__main__":
    main()
