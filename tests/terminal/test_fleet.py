"""A whole terminal tells its fleet: that it serves, what it lacks, and that it goes."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.app.bootstrap import Terminal, build_session, build_terminal
from kiosk.cli.demo.training import TrainingTerminal
from kiosk.fleet.settings import FleetSettings
from tests.eventually import eventually
from tests.kiosk.fleet.listening import Listening, listening
from tests.mosquitto import Broker, plain_broker

PATIENCE_S = 60


@pytest.fixture
def broker() -> Iterator[Broker]:
    with plain_broker() as broker:
        yield broker


def closed_by(watcher: Listening, number: str) -> str | None:
    told = watcher.statuses(number)
    return told[-1].closed_by if told else "untold"


def reasons(watcher: Listening, number: str) -> dict[str, str | None]:
    told = watcher.statuses(number)
    return {each.name: each.reason for each in told[-1].devices if not each.ok} if told else {}


def test_what_a_terminal_is_and_lacks_is_told_at_once_and_its_going_too(
    training: TrainingTerminal, broker: Broker, qapp: QGuiApplication
) -> None:
    settings = training.settings.model_copy(update={"fleet": FleetSettings(address=broker.url)})
    number = settings.site.terminal
    terminal = build_terminal(settings)
    assert isinstance(terminal, Terminal), terminal
    terminal.runner(build_session(settings, terminal.codes), lambda _state: None)
    with listening(broker) as watcher:
        terminal.start()
        try:
            assert eventually(lambda: closed_by(watcher, number) is None, PATIENCE_S)
            training.programs["printer"].do("paper-out")
            assert eventually(lambda: reasons(watcher, number) == {"printer": "media-empty"}, PATIENCE_S)
        finally:
            training.programs["printer"].do("paper-in")
            terminal.close()
        assert watcher.becomes(number, "goodbye")
    assert watcher.presences(number) == ["here", "goodbye"]
