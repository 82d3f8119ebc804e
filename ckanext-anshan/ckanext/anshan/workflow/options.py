"""Options of deadlines, each with its type."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def days_to_review() -> int:
    """Working days of each step of the review."""
    return tk.config["ckanext.anshan.workflow.days_to_review"]


def days_to_correct() -> int:
    """Working days in which an agency mends what was returned."""
    return tk.config["ckanext.anshan.workflow.days_to_correct"]


def days_to_correct_complex() -> int:
    """The same where mending is complex."""
    return tk.config["ckanext.anshan.workflow.days_to_correct_complex"]


def days_to_forward() -> int:
    """Working days in which what belongs to another agency is passed on."""
    return tk.config["ckanext.anshan.workflow.days_to_forward"]


def days_to_answer() -> int:
    """Working days in which an application is answered."""
    return tk.config["ckanext.anshan.workflow.days_to_answer"]


def days_of_extension() -> int:
    """Working days by which that answer may be put off once."""
    return tk.config["ckanext.anshan.workflow.days_of_extension"]
