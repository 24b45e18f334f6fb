"""The site as a settings file tells it at first glance: enough for the first frame, before anything is checked."""

import tomllib
from pathlib import Path

from kiosk.domain.site import Site

OTHER_THAN_WORDS = frozenset({"training", "answer_days", "other_areas", "reference_from_platform"})
CONFIG = Path("terminal.toml")
"""The settings file of a terminal, in the folder it is started in."""


def glance_at_site(path: Path) -> Site | None:
    """None when the file is missing, no TOML or names no whole site; ``load_settings`` then tells what is wrong."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))["site"]
        words = (value for name, value in values.items() if name not in OTHER_THAN_WORDS)
        return Site(**values) if all(isinstance(word, str) for word in words) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
