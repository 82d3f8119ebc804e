"""The icons in use, by their names in bootstrap-icons. Each stands beside a word; some have one fixed meaning."""

from __future__ import annotations

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
OF_THE_FRAME = """
search list translate eyeglasses moon sun person x-lg telephone box-arrow-right folder2-open key gear speedometer2 sliders
chevron-down house grid tag copy
""".split()
OF_PAGES = """
download file-zip bell building layers check2-circle table map quote layout-three-columns arrow-repeat funnel lightbulb
arrow-right arrow-up arrow-down box-arrow-up-right calendar3 file-earmark-text plus-lg trash upload rss code-slash play
filetype-csv filetype-xlsx filetype-pdf chat-left-text link-45deg image circle arrow-counterclockwise
""".split()
NAMES = tuple(sorted({*CLASSES.values(), *THEMES.values(), *MEANINGS, *OF_THE_FRAME, *OF_PAGES}))
