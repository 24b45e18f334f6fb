"""Waiting times that a rehearsal shortens: nothing but settings that every technician can set."""

from dataclasses import dataclass
from typing import Any

from kiosk.app.settings import TerminalSettings

SHORTENED = {
    "times.idle_s": 10.0,
    "times.countdown_s": 3.0,
    "times.health_s": 2.0,
    "times.step_factor": 0.5,
    "storage.delivery.first_delay_s": 1.0,
    "storage.delivery.backoff_s": 1.0,
    "storage.delivery.start_window_s": 2.0,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One setting by its name in the settings file."""

    setting: str
    usual: float
    here: float


def shorten(settings: TerminalSettings, wished: dict[str, float]) -> tuple[TerminalSettings, tuple[Change, ...]]:
    values = settings.model_dump()
    changes = []
    for name, value in wished.items():
        *tables, option = name.split(".")
        table: dict[str, Any] = values
        for each in tables:
            table = table[each]
        changes.append(Change(name, table[option], value))
        table[option] = value
    return TerminalSettings.model_validate(values), tuple(changes)
