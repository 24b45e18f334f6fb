"""kiosk hall: the dock's buttons reach the programs of the hall, and its scratch settings serve every other command."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gateway.sandbox import sandbox_people
from kiosk.app.settings import TerminalSettings, load_settings
from kiosk.cli.demo.hall import Hall
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.cli.hall import RunningHall, settings_text, visitors
from kiosk.codes.issuers import CodeIssuer, CodeKind, Use
from ui.dock.buttons import BUTTONS, PROGRAMS, RESET
from ui.dock.model import DockModel
from ui.dock.window import DockWindow

MODELS = Path(__file__).parents[3] / "var" / "models"
PATIENCE_MS = 30_000
PROGRAM_S = 120.0
"""For one that starts or ends with all that it imports and everything it has begun."""

NEEDS_A_PERSON = "face-own"


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingTerminal]:
    folder = tmp_path_factory.mktemp("hall")
    with Hall(folder) as hall:
        yield set_up(hall, folder, MODELS, folder, {"first_delay_s": 0.5})


@dataclass
class Dock:
    """The dock before running programs."""

    qtbot: QtBot
    window: DockWindow
    model: DockModel
    training: TrainingTerminal

    def click(self, key: str) -> None:
        """A real click; waits until the program has answered."""
        QTest.mouseClick(self.window.buttons[key], Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: not self.model.waiting, timeout=PATIENCE_MS)

    def state(self, program: str) -> dict[str, Any]:
        """What the program says of itself; of the gateway, how far its clock is ahead, in whole seconds."""
        if program != "gateway":
            return self.training.programs[program].do("state")
        health = requests.get(f"{self.training.gateway.address}/v1/health", timeout=10).json()
        return {"ahead": round((datetime.fromisoformat(health["now"]) - datetime.now(UTC)).total_seconds())}


@contextmanager
def opened(training: TrainingTerminal, qtbot: QtBot) -> Iterator[Dock]:
    model = DockModel(RunningHall(training), visitors(date.today()), datetime.now)
    window = DockWindow(model, lambda: None)
    qtbot.addWidget(window)
    window.show()
    yield Dock(qtbot, window, model, training)
    model.close()


@pytest.fixture
def dock(training: TrainingTerminal, qtbot: QtBot) -> Iterator[Dock]:
    """Leaves an empty hall without faults behind."""
    with opened(training, qtbot) as made:
        yield made
        made.click("reset")
        assert made.model.trouble == ""


def test_every_button_s_program_and_verb_are_there(training: TrainingTerminal) -> None:
    verbs = {name: set(program.do("verbs")["verbs"]) for name, program in training.programs.items()}
    orders = [order for button in BUTTONS.values() for order in button.orders]
    assert [order for order in orders if order.verb not in verbs[order.program]] == []


def test_every_button_is_obeyed(dock: Dock) -> None:
    for key in BUTTONS:
        dock.click(NEEDS_A_PERSON)
        dock.click(key)
        assert dock.model.trouble == "", key
    for key in RESET:
        dock.click(key)
        assert dock.model.trouble == "", key


def is_about(expected: float) -> Callable[[Any], bool]:
    return lambda value: bool(abs(value - expected) <= 2)


@pytest.mark.parametrize(
    ("key", "program", "member", "expected"),
    [
        ("card-insert", "card-reader", "state", "card-present"),
        ("reader-out", "card-reader", "plugged", False),
        ("face-own", "camera", "portrait", "hopper"),
        ("face-other", "camera", "portrait", "astronaut"),
        ("photo", "camera", "subject", "photo"),
        ("beside", "camera", "beside", "astronaut"),
        ("turn-left", "camera", "yaw", lambda yaw: yaw > 10),
        ("turn-right", "camera", "yaw", lambda yaw: yaw < -10),
        ("nod", "camera", "pitch", lambda pitch: abs(pitch) > 8),
        ("blink", "camera", "lids", lambda lids: lids > 0.5),
        ("nearer", "camera", "metres", lambda metres: metres < 0.5),
        ("further", "camera", "metres", lambda metres: metres > 0.8),
        ("light-dim", "camera", "light", 0.08),
        ("code-show", "camera", "phone", lambda text: text is not None and len(text) == 64),
        ("paper-out", "printer", "paper", "out"),
        ("paper-low", "printer", "paper", "low"),
        ("jam", "printer", "jammed", True),
        ("cover-open", "printer", "cover_open", True),
        ("printer-out", "printer", "plugged", False),
        ("net-cut", "link", "whole", False),
        ("net-slow", "link", "delay_s", 5.0),
        ("net-lost", "link", "losing", True),
        ("clock-ahead", "gateway", "ahead", is_about(90)),
        ("clock-behind", "gateway", "ahead", is_about(-90)),
    ],
)
def test_a_click_changes_the_world(key: str, program: str, member: str, expected: object, dock: Dock) -> None:
    dock.click(NEEDS_A_PERSON if key != NEEDS_A_PERSON else "face-other")
    met: Callable[[Any], bool] = expected if callable(expected) else lambda value: bool(value == expected)
    assert not met(dock.state(program)[member])
    dock.click(key)
    dock.qtbot.waitUntil(lambda: met(dock.state(program)[member]), timeout=PATIENCE_MS)


def test_what_a_program_will_not_do_is_told_in_words(dock: Dock) -> None:
    dock.click("turn-left")
    assert dock.window.trouble.text() == "摄像头不肯“左转”：nobody is there to turn"


def test_a_program_that_is_gone_is_told_in_words(training: TrainingTerminal, tmp_path: Path, qtbot: QtBot) -> None:
    with Hall(tmp_path) as other:
        gone = other.start("link", "simulate", "link", "--to", "127.0.0.1:9")
    with opened(replace(training, programs={**training.programs, "link": gone}), qtbot) as dock:
        dock.click("net-cut")
        assert dock.window.trouble.text() == "网线没有应答，“断网”没有做成"


@contextmanager
def hall_command(**environment: str) -> Iterator[subprocess.Popen[str]]:
    """The program; gone afterwards, and all of its hall with it, even where the test fails."""
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk", "hall", "--models", str(MODELS), "--height", "480"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as command:
        try:
            yield command
        finally:
            command.kill()


def test_the_command_tells_where_everything_is_and_clears_up_after_itself() -> None:
    with hall_command() as command:
        assert command.stdout is not None
        settings = Path(command.stdout.readline().removeprefix("Settings: ").rstrip())
        programs = dict(command.stdout.readline().split(": ", 1) for _ in PROGRAMS)
        assert programs.keys() == PROGRAMS.keys()
        loaded = load_settings(settings)
        assert isinstance(loaded, TerminalSettings)
        assert programs["camera"].startswith(loaded.camera.url)
        command.terminate()
        command.communicate(timeout=PROGRAM_S)
        assert command.returncode == 0
        assert not settings.parent.exists()


def test_without_a_display_the_command_says_so() -> None:
    with hall_command(QT_QPA_PLATFORM="none-such") as command:
        _, told = command.communicate(timeout=PROGRAM_S)
        assert command.returncode == 1
        assert told.splitlines() == ["No display can be opened. Start this where you see a desktop."]


def test_everybody_of_the_sandbox_can_come() -> None:
    people = visitors(date.today())
    assert [visitor.number for visitor in people] == [person.number.value for person in sandbox_people(date.today())]
    assert len({visitor.words for visitor in people}) == len(people)
    assert {visitor.card["valid_to"] == "长期" for visitor in people} == {True, False}
    assert all({visitor.face, visitor.other_face} == {"hopper", "astronaut"} for visitor in people)


def test_the_settings_file_says_what_the_terminal_is_set_to(training: TrainingTerminal, tmp_path: Path) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text(settings_text(training.settings), encoding="utf-8")
    assert load_settings(file) == training.settings


def test_lists_of_tables_are_written_as_such(training: TrainingTerminal, tmp_path: Path) -> None:
    app = CodeIssuer("ctid", "网证", "CTID", CodeKind.TOKEN, (Use.IDENTITY,), prefixes=("SANDBOX:",))
    settings = training.settings.model_copy(update={"codes": (app, replace(app, id="other", prefixes=("O", "P")))})
    file = tmp_path / "terminal.toml"
    file.write_text(settings_text(settings), encoding="utf-8")
    assert load_settings(file) == settings


def test_a_reader_plugged_in_again_is_found_where_it_was(training: TrainingTerminal) -> None:
    reader, port = training.programs["card-reader"], Path(training.settings.id_card.port)
    assert port.exists()
    reader.do("unplug")
    assert not port.exists()
    reader.do("plug")
    assert port.exists()
