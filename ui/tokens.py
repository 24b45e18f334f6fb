"""The design tokens: the one place of every colour, size and time on the screen."""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "qml" / "theme" / "tokens.json"


def load_tokens() -> dict[str, Any]:
    tokens: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return tokens
