"""Which figures of the liveness decision a technician may set, and which would end a citizen's way later."""

from dataclasses import fields
from pathlib import Path

import pytest

from kiosk.app.settings import MAY_BE_ZERO, SettingsUnusable, TerminalSettings, load_settings
from kiosk.face.settings import FaceSettings
from kiosk.flow.session_state import SessionTimes

EXAMPLE = Path(__file__).parents[3] / "docs" / "terminal.example.toml"


def loaded(folder: Path, *lines: str) -> TerminalSettings | SettingsUnusable:
    text = EXAMPLE.read_text(encoding="utf-8").replace("[id_card]", "\n".join(["[liveness]", *lines, "[id_card]"]))
    (folder / "terminal.toml").write_text(text, encoding="utf-8")
    return load_settings(folder / "terminal.toml")


def test_what_may_be_none_at_all_is_a_figure_that_there_is() -> None:
    assert {figure.name for figure in (*fields(FaceSettings), *fields(SessionTimes))} >= MAY_BE_ZERO


@pytest.mark.parametrize("name", sorted(MAY_BE_ZERO))
def test_no_waiting_and_no_age_are_figures_too(tmp_path: Path, name: str) -> None:
    settings = loaded(tmp_path, f"{name} = 0.0")
    assert isinstance(settings, TerminalSettings)
    assert getattr(settings.liveness, name) == 0
    negative = loaded(tmp_path, f"{name} = -1.0")
    assert isinstance(negative, SettingsUnusable)
    assert negative.problems == (f"liveness.{name}: Value error, must be above 0",)


def test_what_is_switched_on_or_off_is_no_figure(tmp_path: Path) -> None:
    switches = [one.name for one in fields(FaceSettings) if isinstance(one.default, bool)]
    settings = loaded(tmp_path, *(f"{name} = false" for name in switches))
    assert isinstance(settings, TerminalSettings)


def test_old_portraits_are_not_held_to_less_than_others(tmp_path: Path) -> None:
    narrow = loaded(tmp_path, "match_threshold = 0.58", "grey_threshold = 0.57")
    assert isinstance(narrow, SettingsUnusable)
    assert narrow.problems == ("liveness.grey_threshold: Value error, must not be below match_threshold",)
    equal = loaded(tmp_path, "match_threshold = 0.58", "grey_threshold = 0.58")
    assert isinstance(equal, TerminalSettings)
