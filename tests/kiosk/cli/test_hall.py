"""kiosk hall: its scratch settings can be used by every other command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.settings import load_settings
from kiosk.cli.demo.training import TrainingTerminal, set_up
from kiosk.cli.hall import TrainingHall, settings_text

MODELS = Path(__file__).parents[3] / "var" / "models"


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingTerminal]:
    folder = tmp_path_factory.mktemp("hall")
    with TrainingHall(folder) as hall:
        yield set_up(hall, folder, MODELS, folder, {"first_delay_s": 0.5})


def test_the_settings_file_says_what_the_terminal_is_set_to(training: TrainingTerminal, tmp_path: Path) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text(settings_text(training.settings), encoding="utf-8")
    assert load_settings(file) == training.settings


def test_a_reader_plugged_in_again_is_found_where_it_was(training: TrainingTerminal) -> None:
    reader, port = training.programs["card-reader"], Path(training.settings.id_card.port)
    assert port.exists()
    reader.do("unplug")
    assert not port.exists()
    reader.do("plug")
    assert port.exists()
