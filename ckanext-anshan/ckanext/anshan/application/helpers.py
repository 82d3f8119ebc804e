"""Template helpers of applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from . import benching

__all__ = ["anshan_answers", "anshan_application_figures", "anshan_application_judge"]


def anshan_answers() -> bool:
    """Whether the reader has a desk of applications: who answers for an agency, or looks after them in an office."""
    return bool(benching.sides())


def anshan_application_figures(dataset_id: str) -> dict[str, Any]:
    """How many applied for a dataset and how they were answered."""
    return tk.get_action("anshan_application_figures")({}, {"dataset": dataset_id})


def anshan_application_judge(made: Mapping[str, Any]) -> dict[str, Any] | None:
    """What those who judge an application see beside it; None for everybody else."""
    return benching.page(made)
