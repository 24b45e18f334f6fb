"""kiosk hall: the virtual hall to walk through by hand: the terminal's window, and beside it the dock that moves the
world."""

import json
from pathlib import Path
from typing import Any

from kiosk.app.settings import TerminalSettings
from kiosk.cli.demo.hall import Hall, Program


class TrainingHall(Hall):
    """As ``Hall``, but its card reader comes back under the same name when it is plugged in again."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._reader = folder / "card-reader"

    def start(self, name: str, *arguments: str) -> Program:
        fixed = ("--link", str(self._reader)) if name == "card-reader" else ()
        return super().start(name, *arguments, *fixed)


def settings_text(settings: TerminalSettings) -> str:
    """What was set of ``settings``, as the file that other commands take with ``--config``."""
    values = settings.model_dump(mode="json", exclude_unset=True)
    return "\n".join(_table("", values)) + "\n"


def _table(name: str, values: dict[str, Any]) -> list[str]:
    """Lines of one TOML table and of those within it; a JSON text is a TOML text. Without a value there is no line."""
    plain = {key: value for key, value in values.items() if value is not None and not isinstance(value, dict)}
    lines = [f"\n[{name}]"] if name else []
    lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in plain.items()]
    for key, value in values.items():
        if isinstance(value, dict):
            lines += _table(f"{name}.{key}" if name else key, value)
    return lines
