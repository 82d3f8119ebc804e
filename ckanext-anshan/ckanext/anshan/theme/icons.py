"""The icons in use, by their names in bootstrap-icons. Each stands beside a word; some have one fixed meaning.

Whatever a template quotes that is the name of an icon goes into the sprite: nobody keeps a list.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

CLASSES = {"unconditional": "circle-fill", "conditional": "circle-half", "closed": "slash-circle"}
THEMES = {
    "safety": "shield-check",
    "geography": "geo-alt",
    "transport": "bus-front",
    "education": "mortarboard",
    "employment": "briefcase",
    "science": "cpu",
    "agriculture": "flower1",
    "enterprises": "shop",
    "weather": "cloud-sun",
    "social-security": "people",
    "ecology": "tree",
    "statistics": "bar-chart",
    "health": "heart-pulse",
    "culture": "book",
    "credit": "patch-check",
    "medical": "hospital",
    "resources": "gem",
    "urban": "buildings",
    "finance": "bank",
    "social-assistance": "person-heart",
    "legal-services": "journal-text",
    "daily-life": "basket",
    "organizations": "diagram-3",
    "public-security": "shield-shaded",
    "trade": "truck",
}
MEANINGS = {
    "octagon-fill": "blocked",
    "question-diamond": "a reason is wanted",
    "info-circle": "information",
    "check-lg": "signed",
    "pen": "your turn",
    "hourglass": "another's turn",
    "clock": "time left",
    "pause-circle": "the clock has stopped",
    "exclamation-circle-fill": "late or wrong",
}
NAMED_BY_CODE = ("circle", "folder2-open", "table", "layout-three-columns", "building", "tag")
"""Those whose name no template holds: it comes out of Python or a script."""
TEMPLATES = Path(__file__).parent / "templates"
QUOTED = re.compile(r"""["']([a-z0-9-]+)["']""")


@cache
def names() -> tuple[str, ...]:
    """The icons in use: what the templates call by name, and what code names."""
    quoted = {name for path in TEMPLATES.rglob("*.html") for name in QUOTED.findall(path.read_text("utf-8"))}
    return tuple(sorted({*CLASSES.values(), *THEMES.values(), *MEANINGS, *NAMED_BY_CODE, *quoted}))
