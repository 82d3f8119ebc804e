"""The icons in use, by their names in bootstrap-icons. Each stands beside a word; some have one fixed meaning."""

from __future__ import annotations

CLASSES = {"unconditional": "circle-fill", "conditional": "circle-half", "closed": "slash-circle"}
NAMES = tuple(
    sorted(
        {
            *CLASSES.values(),
            "octagon-fill",  # blocked
            "question-diamond",  # a reason is wanted
            "info-circle",
            "check-lg",  # signed
            "pen",  # your turn
            "hourglass",  # another's turn
            "clock",  # time left
            "pause-circle",  # the clock has stopped
            "exclamation-circle-fill",  # late or wrong
            # The shell
            *(
                "search",
                "list",
                "translate",
                "eyeglasses",
                "moon",
                "sun",
                "person",
                "x-lg",
                "telephone",
                "box-arrow-right",
            ),
            *("folder2-open", "key", "gear", "speedometer2", "sliders", "chevron-down", "house"),
            # Themes
            *(
                "shield-check",
                "geo-alt",
                "bus-front",
                "mortarboard",
                "briefcase",
                "cpu",
                "flower1",
                "shop",
                "cloud-sun",
            ),
            *("people", "tree", "bar-chart", "heart-pulse", "book", "patch-check", "hospital", "gem", "grid"),
            # Pages
            *("download", "file-zip", "bell", "building", "layers", "check2-circle", "table", "map", "copy", "quote"),
            *("layout-three-columns", "arrow-repeat", "funnel", "lightbulb", "arrow-right", "box-arrow-up-right"),
            *(
                "calendar3",
                "file-earmark-text",
                "plus-lg",
                "trash",
                "upload",
                "rss",
                "code-slash",
                "play",
                "filetype-csv",
            ),
            *("filetype-xlsx", "arrow-up", "arrow-down", "chat-left-text", "link-45deg", "image", "filetype-pdf"),
        }
    )
)
